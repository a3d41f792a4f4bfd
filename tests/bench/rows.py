"""What is measured, and the goals: the tables that the report, the page and their tests share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that the median of the rounds has to keep, or the worst of them."""

    bound: float
    is_least: bool = False
    """At least, instead of at most."""
    is_always: bool = False
    """In every round, instead of in the middle of them."""

    def is_met(self, found: Sequence[float]) -> bool:
        """Whether the rounds keep it."""
        figure = median(found)
        if self.is_always:
            figure = min(found) if self.is_least else max(found)
        return figure >= self.bound if self.is_least else figure <= self.bound


def at_most(bound: float) -> Goal:
    return Goal(bound)


def at_least(bound: float) -> Goal:
    return Goal(bound, is_least=True)


def never_over(bound: float) -> Goal:
    return Goal(bound, is_always=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    key: str
    what: str
    unit: str
    """`×` for a ratio; else that of the figures themselves."""
    goal: Goal | None = None
    of: str = ""
    """The unit of the two figures that a ratio is made of."""


REFERENCES = ("10", "1,000", "50,000", "200,000")
PEOPLE = ("1", "20", "200")
"""As the tables name them; a test may use fewer."""


def _each(names: Sequence[str], row: Callable[[str], Row]) -> tuple[Row, ...]:
    return tuple(map(row, names))


def _fresh(people: str) -> Row:
    what = f"Fresh answer, {people} at once: time over Gong's 300 ms ÷ the same without Bolt"
    return Row(f"fresh {people}", what, "×", at_most(2.5), "ms")


def _calls(people: str) -> Row:
    return Row(f"calls {people}", f"… calls to Gong for {people} at once", "", never_over(1))


def _read(references: str) -> Row:
    what = f"Read and count {references} references ÷ msgspec reading the needed fields"
    return Row(f"read {references}", what, "×", at_most(3), "ms")


def _json(references: str) -> Row:
    what = f"… `json.loads` and counting ÷ ours, {references} references"
    return Row(f"json {references}", what, "×", at_least(1.5), "ms")


ROWS = (
    Row(
        "ack",
        "Ack of a signed command, p50 ÷ aiohttp checking the signature",
        "×",
        at_most(2),
        "ms",
    ),
    Row("tutorial", "… the tutorial bot's ack ÷ ours, p50", "×", at_least(10), "ms"),
    Row("crowd", "Ack of 200 people at once, p99", "ms", at_most(100)),
    Row(
        "kept",
        "Kept answer, command until summary at Slack ÷ a ready-made message",
        "×",
        at_most(1.5),
        "ms",
    ),
    Row("cold", "… with permissions to ask for ÷ with permissions known", "×", None, "ms"),
    *_each(PEOPLE, _fresh),
    *_each(PEOPLE, _calls),
    *_each(REFERENCES, _read),
    *_each(REFERENCES, _json),
    Row("stall", "Worst ack of others while 50,000 references are read", "ms", never_over(25)),
    Row("peak", "Memory at peak above idle ÷ an answer of 44 MB", "×", at_most(2), "MB"),
    Row("file", "Upload of 44 MB ÷ the same bytes by aiohttp", "×", at_most(1.2), "ms"),
    Row("held", "Memory taken by kept answers ÷ their bytes", "×", at_most(1.1), "MB"),
    Row("cap", "Answers kept when more come in ÷ `CACHE_MAX_MEGABYTES`", "×", never_over(1), "MB"),
    Row(
        "start",
        "Start until ready ÷ importing slack-bolt, httpx and aiohttp",
        "×",
        at_most(1.5),
        "ms",
    ),
    Row("idle", "Memory when ready ÷ after those imports", "×", at_most(1.25), "MB"),
)


_EVIDENCE = (
    "the two SHA-256 that evidence needs, and times in any form and zone, take as long as all that "
    "msgspec has to do"
)
WHY = {
    "ack": "a quarter of it is Bolt's dispatch, a fifth reading form and address strictly",
    "kept": "besides the ack, the answer is counted and drawn anew, and noted in the log first",
    "fresh 20": "from run to run it lies on either side of the goal",
    "read 10": "what is checked of every answer, however small, is most of its 0.05 ms",
    "json 10": "what is checked of every answer, however small, is most of its 0.05 ms",
    "read 1,000": _EVIDENCE,
    "read 50,000": _EVIDENCE,
    "read 200,000": _EVIDENCE,
    "peak": (
        "while an answer is counted, the places of its rows (10 MB) and the message hashes that "
        "differ (13 MB) stand beside it"
    ),
    "held": (
        "glibc leaves holes where an answer grew; with `MALLOC_MMAP_THRESHOLD_=262144` in the "
        "environment there are none"
    ),
    "start": "pydantic takes 80 ms, email-validator 20, the certificate authorities 30",
    "idle": "pydantic takes 9 MB; it is what tells all that is wrong with the settings, in words",
}
"""What profiles say where goals are missed, and clearer code or a guard was worth more."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How one cost grows: the keys are those of the sizes, after this one."""

    key: str
    what: str


GROWTHS: tuple[tuple[str, tuple[str, ...], tuple[Growth, ...]], ...] = (
    (
        "References",
        REFERENCES,
        (Growth("size", "Fresh answer, command until summary at Slack"),),
    ),
    (
        "People at once",
        PEOPLE,
        (
            Growth("bot", "Fresh answer, over Gong's 300 ms until the last summary"),
            Growth("floor", "… the same without Bolt"),
            Growth("tutor", "… the tutorial bot, which asks Gong for each"),
            Growth("p99", "Kept answer, ack, p99"),
        ),
    ),
)
"""Milliseconds, by size."""
