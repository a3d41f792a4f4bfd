"""The first and the last of Gong's times, in any of the forms it documents."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last of some times, UTC; rows without a time that can be read are counted."""

    first: datetime | None = None
    last: datetime | None = None
    undated: int = 0


class SpanSoFar:
    """Finds the first and the last of times that are read one by one."""

    def __init__(self) -> None:
        """Nothing has been read."""
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.undated = 0

    def add(self, value: object) -> None:
        """Take one more value, whatever it is."""
        moment = _moment(value)
        if moment is None:
            self.undated += 1
        elif self.first is None or self.last is None:
            self.first = self.last = moment
        elif moment < self.first:
            self.first = moment
        elif moment > self.last:
            self.last = moment

    def found(self) -> Span:
        """What has been found so far."""
        return Span(_in_utc(self.first), _in_utc(self.last), self.undated)


def _in_utc(moment: datetime | None) -> datetime | None:
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        return moment  # the first or last day of the calendar


def _moment(value: object) -> datetime | None:
    """An aware time, from any of the forms Gong documents; None for anything else."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
