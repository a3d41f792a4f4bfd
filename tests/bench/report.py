"""What a run found: as a table for the terminal, as Markdown for docs/benchmarks.md, as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from itertools import zip_longest
from statistics import median

from tests.bench.rows import GROWTHS, ROWS, WHY, Goal, Row
from tests.bench.samples import Samples

BEGIN = "<!-- make bench ARGS=--markdown writes from here -->"
END = "<!-- to here -->"
NONE = "–"

Lines = Sequence[Sequence[str]]


def number(value: float) -> str:
    """Three figures are more than a shared machine can tell."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def goal_text(goal: Goal | None, unit: str) -> str:
    """`≤ 100 ms`."""
    if goal is None:
        return NONE
    sign = "≥" if goal.is_least else "≤"
    return f"{sign} {goal.bound:g} {unit}".strip()


def verdict(row: Row, samples: Samples) -> str:
    """Whether the goal is met, if there is one and it was measured."""
    values = samples.values(row.key)
    if row.goal is None or not values:
        return NONE
    return "met" if row.goal.is_met(values) else "not met"


def table(samples: Samples) -> Lines:
    """Head and rows: what, minimum, median, maximum, goal, whether it is met."""
    head = ["", "Minimum", "Median", "Maximum", "Goal", ""]
    return [head, *(_line(row, samples) for row in ROWS)]


def _line(row: Row, samples: Samples) -> list[str]:
    values = samples.values(row.key)
    found = [min(values), median(values), max(values)] if values else []
    shown = [f"{number(value)} {row.unit}".strip() for value in found] or [NONE] * 3
    return [row.what, *shown, goal_text(row.goal, row.unit), verdict(row, samples)]


def growths(samples: Samples) -> Iterator[Lines]:
    """A table for each kind of size: medians in ms, and how much more the largest costs."""
    for kind, sizes, costs in GROWTHS:
        factor = float(sizes[-1].replace(",", "")) / float(sizes[0].replace(",", ""))
        lines = [[kind, *sizes, f"{factor:,.0f} times as many"]]
        for cost in costs:
            found = [samples.values(f"{cost.key} {name}") for name in sizes]
            shown = [f"{number(median(each))} ms" if each else NONE for each in found]
            times = NONE
            if found[0] and found[-1]:
                times = f"{number(median(found[-1]) / median(found[0]))} times"
            lines.append([cost.what, *shown, times])
        yield lines


def text(samples: Samples) -> str:
    """For the terminal, with the figures that the ratios are made of."""
    measured = [row for row in ROWS if samples.values(row.key)]
    lines = [["", "Min", "Median", "Max", "Goal", "", "Made of"]]
    lines += [[*_line(row, samples), _made_of(row, samples)] for row in measured]
    tables: list[Lines] = [lines]
    for head, *costs in growths(samples):
        tables.append([head, *(cost for cost in costs if set(cost[1:]) != {NONE})])
    return "\n\n".join(_aligned(each) for each in tables if len(each) > 1)


def _made_of(row: Row, samples: Samples) -> str:
    if not row.of:
        return ""
    rounds = samples.by_key[row.key]
    top, bottom = (median(each) for each in zip(*((s.top, s.bottom) for s in rounds), strict=True))
    return f"{number(top)} ÷ {number(bottom)} {row.of}"


def _aligned(lines: Lines) -> str:
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def as_json(samples: Samples) -> str:
    """Every round of everything, and the verdicts."""
    rows = [
        {
            **asdict(row),
            "samples": [asdict(sample) for sample in samples.by_key.get(row.key, ())],
            "verdict": verdict(row, samples),
        }
        for row in ROWS
    ]
    keys = [f"{cost.key} {size}" for _, sizes, costs in GROWTHS for cost in costs for size in sizes]
    growth = {key: samples.values(key) for key in keys}
    return json.dumps({"rows": rows, "growth_ms": growth}, indent=2, ensure_ascii=False)


def markdown(samples: Samples, today: date, machine: str) -> str:
    """What stands between the two comments in docs/benchmarks.md."""
    dated = f"Measured on {today.day} {today:%B %Y}, {machine}."
    missed = "\n".join(reasons(samples))
    grown = map(_markdown, growths(samples))
    return "\n\n".join(filter(None, [BEGIN, dated, _markdown(table(samples)), missed, *grown, END]))


def reasons(samples: Samples) -> Iterator[str]:
    """Why goals are missed, as far as a profile told."""
    missed: dict[str, list[str]] = {}
    for row in ROWS:
        if row.key in WHY and verdict(row, samples) == "not met":
            name = row.what.partition(" ÷ ")[0].removeprefix("… ")
            missed.setdefault(WHY[row.key], []).append(name)
    for why, names in missed.items():
        yield f"- Not met, {'; '.join(names)}: {why}."


def _markdown(lines: Lines) -> str:
    head, *rows = ["| " + " | ".join(line) + " |" for line in lines]
    rule = "|---" + "|---:" * (len(lines[0]) - 1) + "|"
    return "\n".join([head, rule, *rows])


def put_into(page: str, section: str) -> str:
    """The page with another section between the two comments.

    Raises:
        ValueError: the page has not got both of them, once.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in after or END in after:
        msg = "the page has no place for the table"
        raise ValueError(msg)
    return before + section + after
