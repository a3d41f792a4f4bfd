"""The few facts that a summary needs of each row, and the times among them.

Rows are read at once where they are as documented. Gong is free to write them otherwise: then each
is read by itself, and what cannot be read is left out.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec

from bot.gong import raw_json
from bot.gong.raw_json import NotReadable
from bot.models import Span

_T = TypeVar("_T", bound=msgspec.Struct)

_Time = Annotated[datetime, msgspec.Meta(tz=True)] | None
_TimeOrSeconds = _Time | float
_WRITTEN: Any = str | float
"""A time, in the other forms that have been seen."""


class EmailFacts(msgspec.Struct, gc=False, rename="camel"):
    """The facts of an email in a mailbox."""

    message_hash: str | None = None
    mailbox: str | None = None
    sent_time: _Time = None


class CopyFacts(EmailFacts, gc=False, rename="camel"):
    """The facts of an email in a mailbox, and who sent it."""

    sender: str | None = msgspec.field(default=None, name="from")


class CallFacts(msgspec.Struct, gc=False):
    """The facts of a call."""

    status: str | None = None


class EventFacts(msgspec.Struct, gc=False, rename="camel"):
    """The facts of an engagement event: somebody did something with shared content."""

    timestamp: _TimeOrSeconds = None
    content_url: str | None = None
    event_name: str | None = None
    reporting_system: str | None = None
    source_event_id: str | None = None


class RecordFacts(msgspec.Struct, gc=False, rename="camel"):
    """The facts of a CRM record."""

    object_type: str | None = None


class SystemFacts(msgspec.Struct, gc=False):
    """The facts of a CRM system."""

    objects: list[RecordFacts]
    system: str | None = None


_AT_ONCE_BYTES = 256 * 1024
_AT_ONCE = 1000


def read_facts(piece: msgspec.Raw, shape: type[_T]) -> Iterator[list[_T]]:
    """Yield the facts of all rows, some at a time; a row that cannot be read has none.

    Raises:
        NotReadable: it is no array.
    """
    for some in _some_at_a_time(piece):
        try:
            yield raw_json.read_as(some, list[shape])  # type: ignore[valid-type]  # a type given as a value
        except NotReadable:
            yield [_row(item, shape) for item in raw_json.read_items(some)]


def _some_at_a_time(piece: msgspec.Raw) -> Iterator[bytes | msgspec.Raw]:
    """Yield the array, or several of a thousand rows: all at once would double the memory."""
    if len(memoryview(piece)) <= _AT_ONCE_BYTES:
        yield piece
        return
    items = raw_json.read_items(piece)
    for start in range(0, len(items), _AT_ONCE):
        yield b"[%b]" % b",".join(items[start : start + _AT_ONCE])


def _row(item: msgspec.Raw, shape: type[_T]) -> _T:
    """Read a row field by field: it is not as documented, or stands beside one that is not."""
    try:
        members = raw_json.read_members(item)
    except NotReadable:
        return shape()
    return shape(
        **{
            field.name: _fact(members[field.encode_name], field.type)
            for field in _fields(shape)
            if field.encode_name in members
        }
    )


_fields = cache(msgspec.structs.fields)


def _fact(piece: msgspec.Raw, shape: Any) -> Any:  # noqa: ANN401  # a type given as a value
    try:
        return raw_json.read_as(piece, shape)
    except NotReadable:
        return _time(piece) if shape in {_Time, _TimeOrSeconds} else raw_json.quote(piece)


def _time(piece: msgspec.Raw) -> datetime | None:
    try:
        return parse_time(raw_json.read_as(piece, _WRITTEN))
    except NotReadable:
        return None


class SpanBuilder:
    """Finds the first and the last of times that are read some at a time."""

    def __init__(self) -> None:
        """Begin without any time."""
        self._ends: list[datetime] = []
        self._undated = 0

    def add(self, moments: Sequence[datetime | None]) -> None:
        """Take more times, all aware; None is one that could not be read."""
        dated = [moment for moment in moments if moment is not None]
        self._undated += len(moments) - len(dated)
        ends = [*self._ends, *_in_utc(dated)]
        self._ends = [min(ends), max(ends)] if ends else []

    def found(self) -> Span:
        """Return the first and last time so far."""
        first, last = _in_utc(self._ends) or (None, None)
        return Span(first, last, self._undated)


def _in_utc(moments: list[datetime]) -> list[datetime]:
    """Convert to UTC: times of one zone are compared ten times as fast as of several."""
    try:
        return [moment.astimezone(UTC) for moment in moments]
    except OverflowError:
        return moments  # the first or last day of the calendar is among them


def parse_time(value: str | float) -> datetime | None:
    """Read an aware time, in any of the forms Gong documents; None for anything else."""
    try:
        if isinstance(value, str):
            written = datetime.fromisoformat(value)
            return written if written.tzinfo else None
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
