"""The first and the last of Gong's times, in any of the forms it documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last of some times, UTC; rows without a time that can be read are counted."""

    first: datetime | None = None
    last: datetime | None = None
    undated: int = 0


class SpanSoFar:
    """Finds the first and the last of times that are read some at a time."""

    def __init__(self) -> None:
        """Nothing has been read."""
        self._ends: list[datetime] = []
        self._undated = 0

    def add(self, moments: Sequence[datetime | None]) -> None:
        """Take more times, all aware; None is one that could not be read."""
        dated = [moment for moment in moments if moment is not None]
        self._undated += len(moments) - len(dated)
        ends = [*self._ends, *_in_utc(dated)]
        self._ends = [min(ends), max(ends)] if ends else []

    def found(self) -> Span:
        """What has been found so far."""
        first, last = _in_utc(self._ends) or (None, None)
        return Span(first, last, self._undated)


def _in_utc(moments: list[datetime]) -> list[datetime]:
    """In one zone they are compared ten times as fast as in several."""
    try:
        return [moment.astimezone(UTC) for moment in moments]
    except OverflowError:
        return moments  # the first or last day of the calendar is among them


def moment(value: str | float) -> datetime | None:
    """An aware time, from any of the forms Gong documents; None for anything else."""
    try:
        if isinstance(value, str):
            written = datetime.fromisoformat(value)
            return written if written.tzinfo else None
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
