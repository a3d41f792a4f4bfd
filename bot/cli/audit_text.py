"""The sentences of `audit`: one for everything that can be found in a log. Pure.

A line that bears no good seal may hold anything, so what is quoted of one is made printable.
"""

from types import MappingProxyType

from bot.evidence.trail_chain import Observation, ObservationKind, Range
from bot.evidence.trail_reader import LineStatus, TrailLine
from bot.evidence.trail_verdict import TrailVerdict
from bot.wording import utc_time

NO_TRAIL = "No line of the audit trail stands in this log: it proves nothing."
NO_SEAL = "No line of this log bears a good seal under this key: NOT whole."
NO_LINE_THEN = "No line of this log is from that period."
LINES_MISSING = (
    "Lines are missing from this log, and may speak of that address: “audit verify” says where."
)

_SENTENCES = MappingProxyType(
    {
        ObservationKind.CHANGED: (
            "{Lines} was changed after it was written: its seal does not fit ({one_of}{sequences} "
            "of run {chain})."
        ),
        ObservationKind.DAMAGED: "{Lines} is cut or damaged, and cannot be read{whose}.",
        ObservationKind.ADDED: (
            "{Lines} was added: it bears no good seal, and nothing is missing in its place, but it "
            "passes for the bot's{claim}."
        ),
        ObservationKind.FOREIGN: (
            "{Lines} is not the bot's: it bears no good seal, and nothing is missing in its "
            "place{claim}."
        ),
        ObservationKind.MISSING: (
            "Between {around} of the log {lines} {are} missing: {of}{sequences} of run {chain}. "
            "The lines around are untouched, so this is no edit: lost on the way, or taken out."
        ),
        ObservationKind.NO_BEGINNING: (
            "Before line {found.lines[1]} run {chain} lacks its beginning: {of}{sequences}. "
            "If the log was split, give the part before as well."
        ),
        ObservationKind.NO_END: (
            "After line {found.lines[1]} ({sequences}, {until}) the end of run {chain} is missing: "
            "the log was cut off there, or the bot was killed, or the log was taken while it ran."
        ),
        ObservationKind.DOUBLED: (
            "{Lines} {repeat} {sequences} of run {chain}, which the log has already."
        ),
        ObservationKind.OUT_OF_ORDER: (
            "{Lines} {stand} in the wrong order: {sequences} of run {chain}, untouched, but after "
            "a later one."
        ),
        ObservationKind.UNLINKED: (
            "{Lines} ({sequences} of run {chain}) does not follow from the one before, though "
            "both seals fit: only somebody with the key can have made it."
        ),
        ObservationKind.OTHER_KEY: (
            "{Lines}: {lines} {were} written under another key ({key}), and cannot be checked "
            "under this one."
        ),
        ObservationKind.HALF: (
            "{Lines} is half a line, and none is missing here: it is another's, or the bot could "
            "not write it to its end, and so did not do what it speaks of."
        ),
        ObservationKind.RUNNING: (
            "Run {chain} is still running; its last line is line {found.lines[1]} ({sequences}, "
            "{until})."
        ),
        ObservationKind.PAUSE: (
            "Between {since} and {until} no run was under way (the next begins at line "
            "{found.lines[1]}): the bot was off, or a whole run is missing."
        ),
    }
)

_FACTS = MappingProxyType(
    {
        "channel": "in",
        "case": "case",
        "section": "section",
        "receipt": "receipt",
        "gong_request": "Gong request",
        "incident": "incident",
    }
)

_TROUBLES = MappingProxyType(
    {
        LineStatus.OTHER_KEY: (
            "{lines} {were} written under another key: under this one nobody can check them, or "
            "tell whom they speak of."
        ),
        LineStatus.CHANGED: "{lines} {were} changed, or added: “audit verify” says which.",
        LineStatus.STRANGE: "{lines} {are} of a form unknown here: “audit verify” says which.",
        LineStatus.CUT: "{lines} {are} cut or damaged: “audit verify” says which.",
    }
)


def describe_observation(found: Observation) -> str:
    """Say where it stands in the log, and what it means."""
    first, last = found.lines
    low, high = found.sequences
    is_one, has_chain = first == last, bool(found.chain)
    size = high - low + 1
    chain, sequences = _plain(found.chain), _span("sequence", found.sequences)
    since, until = map(utc_time, found.times) if found.times else ("", "")
    return _SENTENCES[found.kind].format(
        found=found,
        Lines=_span("Line", found.lines),
        around=f"lines {first} and {last}",
        repeat="repeats" if is_one else "repeat",
        stand="stands" if is_one else "stand",
        chain=chain,
        key=_plain(found.key),
        sequences=sequences,
        one_of="one of " if size > 1 else "",
        of=f"{found.count:,} of " if found.count < size else "",
        **_lines(found.count),
        whose=f" ({'one of ' if size > 1 else ''}{sequences} of run {chain})" if has_chain else "",
        claim=f" (it calls itself {sequences} of run {chain})" if has_chain else "",
        since=since,
        until=until,
    )


def describe_verdict(verdict: TrailVerdict) -> str:
    """Sum up the verdict in one sentence."""
    if verdict.times is None:
        return NO_SEAL if verdict.faults else NO_TRAIL
    since, until = map(utc_time, verdict.times)
    runs = "1 run" if verdict.chains == 1 else f"{verdict.chains:,} runs"
    lines = _lines(verdict.lines)["lines"]
    return f"{lines} of {runs} of the bot, from {since} to {until}: {_judgement(verdict)}."


def describe_no_match(verdict: TrailVerdict) -> str:
    """Say that no look-up of an address was found, and where it was looked for."""
    since, until = map(utc_time, verdict.times) if verdict.times else ("", "")
    when = f", from {since} to {until}," if verdict.times else ""
    return f"No line of this log{when} speaks of exactly that address under this key."


def _judgement(verdict: TrailVerdict) -> str:
    if verdict.faults:
        return f"NOT whole, {verdict.faults:,} fault{'s' if verdict.faults > 1 else ''}"
    running = sum(found.kind is ObservationKind.RUNNING for found in verdict.found)
    return f"whole so far; {running} still running" if running else "whole"


def describe_trouble(standing: LineStatus, count: int) -> str:
    """Say how many lines are changed, cut, or under another key."""
    return _TROUBLES[standing].format(**_lines(count))


def describe_line(line: TrailLine) -> str:
    """Say one line of the trail in words: when, what, how it ended, who, where."""
    said = {name: _plain(fact) for name, fact in line.fields.items()}
    told = [
        utc_time(line.entry.time) if line.entry else "",
        *(said.get(name, "").replace("_", " ") for name in ("event", "outcome", "source")),
        said.get("user", ""),
        *(f"{words} {said[name]}" for name, words in _FACTS.items() if name in said),
        "" if line.standing is LineStatus.SEALED else "NOT under a good seal",
    ]
    return f"line {line.number}: {' · '.join(filter(None, told))}"


def _lines(count: int) -> dict[str, str]:
    """Return `1 line` or `7 lines`, and the verbs that go with it."""
    if count == 1:
        return {"lines": "1 line", "are": "is", "were": "was"}
    return {"lines": f"{count:,} lines", "are": "are", "were": "were"}


def _span(name: str, span: Range) -> str:
    first, last = span
    return f"{name} {first}" if first == last else f"{name}s {first} to {last}"


def _plain(fact: object) -> str:
    """Replace control characters, which a terminal would obey."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(fact)
    )
