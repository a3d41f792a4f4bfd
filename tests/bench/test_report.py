"""The arithmetic of the report, and where it is put."""

import json
from datetime import date

import pytest

from tests.bench import report
from tests.bench.report import BEGIN, END, put_into
from tests.bench.rows import GROWTHS, ROWS, WHY, Goal, at_least, at_most, never_over
from tests.bench.samples import Samples, percentile

KEYS = {row.key: row for row in ROWS}


def found(key: str, *rounds: tuple[float, float]) -> Samples:
    samples = Samples()
    for top, bottom in rounds:
        samples.add(key, top, bottom)
    return samples


@pytest.mark.parametrize(
    ("goal", "rounds", "is_met"),
    [
        (at_most(2), [1, 2, 9], True),
        (at_most(2), [1, 2.1, 2], True),
        (at_most(2), [1, 2.1, 9], False),
        (at_least(10), [1, 10, 11], True),
        (at_least(10), [9, 9.9, 99], False),
        (never_over(25), [1, 2, 25], True),
        (never_over(25), [1, 2, 26], False),
    ],
)
def test_a_goal_is_about_the_middle_of_the_rounds_or_about_all_of_them(
    goal: Goal,
    rounds: list[float],
    is_met: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert goal.is_met(rounds) is is_met


@pytest.mark.parametrize(("hundredths", "value"), [(50, 50), (99, 99), (100, 100), (1, 1), (0, 1)])
def test_a_percentile_is_one_of_the_values(hundredths: int, value: int) -> None:
    assert percentile([*range(100, 0, -1)], hundredths) == value


@pytest.mark.parametrize(
    ("value", "shown"), [(0.004, "0.00"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1,234")]
)
def test_three_figures_are_shown(value: float, shown: str) -> None:
    assert report.number(value) == shown


def test_a_line_has_the_ratio_of_each_round_and_not_the_ratio_of_the_middles() -> None:
    samples = found("ack", (1, 1), (6, 2), (2, 4))
    (line,) = [line for line in report.table(samples) if line[0] == KEYS["ack"].what]
    assert line[1:] == ["0.50 ×", "1.00 ×", "3.00 ×", "≤ 2 ×", "met"]
    assert "2.00 ÷ 2.00 ms" in report.text(samples)


def test_what_misses_its_goal_says_so() -> None:
    samples = found("stall", (1, 1), (2, 1), (26, 1))
    (line,) = [line for line in report.table(samples) if line[0] == KEYS["stall"].what]
    assert line[1:] == ["1.00 ms", "2.00 ms", "26.0 ms", "≤ 25 ms", "not met"]


def test_what_was_not_measured_has_no_verdict_and_does_not_stand_in_the_terminal() -> None:
    samples = found("ack", (1, 1))
    (line,) = [line for line in report.table(samples) if line[0] == KEYS["kept"].what]
    assert line[1:] == ["–", "–", "–", "≤ 1.5 ×", "–"]
    assert KEYS["kept"].what not in report.text(samples)


def test_growth_is_told_from_the_smallest_to_the_largest() -> None:
    samples = found("size 10", (3, 1), (5, 1), (4, 1))
    samples.add("size 200,000", 800)
    references, people = report.growths(samples)
    assert references[0][-1] == "20,000 times as many"
    assert references[1][1:] == ["4.00 ms", "–", "–", "800 ms", "200 times"]
    assert people[1][1:] == ["–", "–", "–", "–"]


def test_json_has_every_round_and_the_verdict() -> None:
    told = json.loads(report.as_json(found("ack", (1, 2), (3, 4))))
    (row,) = [row for row in told["rows"] if row["key"] == "ack"]
    assert row["samples"] == [{"top": 1, "bottom": 2}, {"top": 3, "bottom": 4}]
    assert row["verdict"] == "met"
    assert len(told["rows"]) == len(ROWS)
    assert len(told["growth_ms"]) == sum(len(costs) * len(sizes) for _, sizes, costs in GROWTHS)


def test_every_row_has_a_key_of_its_own() -> None:
    assert len(KEYS) == len(ROWS)
    assert WHY.keys() <= {row.key for row in ROWS if row.goal}


def test_a_goal_that_is_missed_has_its_reason_below_the_table() -> None:
    samples = found("ack", (9, 1))
    samples.add("kept", 1)
    (line,) = report.reasons(samples)
    assert line == f"- Not met, Ack of a signed command, p50: {WHY['ack']}."
    assert line in report.markdown(samples, date(2026, 11, 3), "2 cores")


def test_the_table_takes_the_place_of_the_one_before() -> None:
    section = report.markdown(found("ack", (1, 2)), date(2026, 11, 3), "2 cores")
    page = put_into(f"before\n{BEGIN}\nold\n{END}\nafter\n", section)
    assert page.startswith(f"before\n{BEGIN}\n")
    assert page.endswith(f"\n{END}\nafter\n")
    assert "old" not in page
    assert "3 November 2026, 2 cores" in page
    assert f"| {KEYS['ack'].what} | 0.50 × | 0.50 × | 0.50 × | ≤ 2 × | met |\n" in page
    assert put_into(page, section) == page


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}" * 2])
def test_a_page_without_one_place_for_the_table_is_left_alone(page: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        put_into(page, "")
