"""Of each row, the few facts that a summary needs: read at once where they are as documented.

Gong is free to write them otherwise; then each is read by itself, and what cannot be is left out.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec

from bot import json_reader
from bot.json_reader import NotReadable
from bot.span import moment

T = TypeVar("T", bound=msgspec.Struct)

_Time = Annotated[datetime, msgspec.Meta(tz=True)] | None
_TimeOrSeconds = _Time | float
_WRITTEN: Any = str | float
"""A time, in the other forms that have been seen."""


class EmailFacts(msgspec.Struct, gc=False, rename="camel"):
    """Of an email in a mailbox."""

    message_hash: str | None = None
    mailbox: str | None = None
    sent_time: _Time = None


class CopyFacts(EmailFacts, gc=False, rename="camel"):
    """The same, and who sent it."""

    sender: str | None = msgspec.field(default=None, name="from")


class CallFacts(msgspec.Struct, gc=False):
    """Of a call."""

    status: str | None = None


class EventFacts(msgspec.Struct, gc=False, rename="camel"):
    """Of what somebody did with content."""

    timestamp: _TimeOrSeconds = None
    content_url: str | None = None
    event_name: str | None = None
    reporting_system: str | None = None
    source_event_id: str | None = None


class RecordFacts(msgspec.Struct, gc=False, rename="camel"):
    """Of a CRM record."""

    object_type: str | None = None


class SystemFacts(msgspec.Struct, gc=False):
    """Of a CRM system."""

    objects: list[RecordFacts]
    system: str | None = None


_AT_ONCE_BYTES = 256 * 1024
_AT_ONCE = 1000


def facts(piece: msgspec.Raw, shape: type[T]) -> Iterator[list[T]]:
    """The facts of all rows, some at a time; a row that cannot be read has none.

    Raises:
        NotReadable: it is no array.
    """
    for some in _some_at_a_time(piece):
        try:
            yield json_reader.read(some, list[shape])  # type: ignore[valid-type]  # a type given as a value
        except NotReadable:
            yield [_row(item, shape) for item in json_reader.items(some)]


def _some_at_a_time(piece: msgspec.Raw) -> Iterator[bytes | msgspec.Raw]:
    """The array, or several of a thousand rows: all at once would take as much memory again."""
    if len(memoryview(piece)) <= _AT_ONCE_BYTES:
        yield piece
        return
    items = json_reader.items(piece)
    for start in range(0, len(items), _AT_ONCE):
        yield b"[%b]" % b",".join(items[start : start + _AT_ONCE])


def _row(item: msgspec.Raw, shape: type[T]) -> T:
    """A row that is not as documented, or stands beside such a one."""
    try:
        members = json_reader.members(item)
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
        return json_reader.read(piece, shape)
    except NotReadable:
        return _time(piece) if shape in {_Time, _TimeOrSeconds} else json_reader.as_written(piece)


def _time(piece: msgspec.Raw) -> datetime | None:
    try:
        return moment(json_reader.read(piece, _WRITTEN))
    except NotReadable:
        return None
