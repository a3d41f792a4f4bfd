"""The rows of one section, read only when somebody looks at them. Knows nothing of Slack.

Gong is free to add, leave out and rename, so nothing here validates: what cannot be read is
shown as Gong wrote it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec

from bot.gong import raw_json
from bot.gong.raw_json import NotReadable
from bot.gong.redaction import redact_urls
from bot.models import Answer, Section


@dataclass(frozen=True, slots=True)
class CallId:
    """A cell that may lead to Gong's page of the call."""

    text: str


Cell = str | CallId


class CrmObject(NamedTuple):
    """One object of `customerData`; `is_read` is false where the objects of a system are not."""

    system: str
    piece: msgspec.Raw
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one section."""

    section: Section
    columns: tuple[str, ...]
    pieces: Sequence[Any]
    read: Callable[[Any], tuple[Cell, ...]]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.pieces)

    def row(self, number: int) -> tuple[Cell, ...]:
        """Return the cells of a row; one that cannot be read shows what Gong wrote there."""
        piece = self.pieces[number]
        try:
            return self.read(piece)
        except NotReadable:
            raw = piece.piece if isinstance(piece, CrmObject) else piece
            shown = f"could not be read: {redact_urls(raw_json.quote(raw))}"
            return (shown, *[""] * (len(self.columns) - 1))


def read_table(answer: Answer, section: Section) -> Table:
    """Read the rows of a section.

    Raises:
        NotReadable: Gong did not return the section, or it is of the wrong shape.
    """
    piece = answer.sections.get(section)
    if piece is None:
        raise NotReadable
    pieces = (
        read_crm_objects(piece) if section is Section.CUSTOMER_DATA else raw_json.read_items(piece)
    )
    return Table(section, _COLUMNS[section], pieces, _READERS[section])


def read_full_table(answer: Answer, section: Section) -> Table:
    """Read the rows of a section with the columns that a page has no room for.

    Raises:
        NotReadable: Gong did not return the section, or it is of the wrong shape.
    """
    found = read_table(answer, section)
    if section is not Section.EMAILS:
        return found
    return replace(found, columns=(*found.columns, "Message hash"), read=_full_email_row)


def read_crm_objects(piece: msgspec.Raw) -> list[CrmObject]:
    """Read every object of every system; a system whose objects cannot be read stays one row.

    Raises:
        NotReadable: it is no array.
    """
    found: list[CrmObject] = []
    for entry in raw_json.read_items(piece):
        system = ""
        try:
            members = raw_json.read_unique_members(entry)
            system = raw_json.read_text(members.get("system"))
            found += [CrmObject(system, item) for item in raw_json.read_items(members["objects"])]
        except (NotReadable, KeyError):
            found.append(CrmObject(system, entry, is_read=False))
    return found


def _email_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    return _cells(raw_json.read_members(item), "sentTime", "from", "mailbox", "id")


def _full_email_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    return (*_email_row(item), *_cells(raw_json.read_members(item), "messageHash"))


def _call_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    members = raw_json.read_members(item)
    call_id = raw_json.read_text(members.get("id"))
    return (CallId(call_id), *_cells(members, "status"), _external(members.get("externalSystems")))


def _meeting_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    return _cells(raw_json.read_members(item), "id")


def _crm_row(found: CrmObject) -> tuple[Cell, ...]:
    if not found.is_read:
        raise NotReadable
    members = raw_json.read_members(found.piece)
    return (
        found.system,
        *_cells(members, "objectType", "id", "externalId"),
        _mirror_id(members.get("mirrorId")),
        _fields(members.get("fields")),
    )


def _event_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    """Leave out `contentUrl`: a share link opens the content to whoever holds it."""
    members = raw_json.read_members(item)
    names = ("timestamp", "eventType", "eventName", "reportingSystem", "contentId", "sourceEventId")
    return tuple(redact_urls(cell) for cell in _cells(members, *names))


def _cells(members: Mapping[str, msgspec.Raw], *names: str) -> tuple[str, ...]:
    return tuple(raw_json.read_text(members.get(name)) for name in names)


def _external(piece: msgspec.Raw | None) -> str:
    """Return `Salesforce: Task 00T…; Salesforce: Conversation 0Q…`: the links of a call."""
    if piece is None or raw_json.is_null(piece):
        return ""
    try:
        return "; ".join(_external_object(found) for found in read_crm_objects(piece))
    except NotReadable:
        return raw_json.read_text(piece)


def _external_object(found: CrmObject) -> str:
    if not found.is_read:
        return raw_json.quote(found.piece)
    names = _cells(raw_json.read_members(found.piece), "objectType", "externalId")
    return f"{found.system}: {' '.join(names)}"


def _fields(piece: msgspec.Raw | None) -> str:
    """Return `Name: value` for every field, whatever the JSON type of the value."""
    if piece is None or raw_json.is_null(piece):
        return ""
    try:
        return "; ".join(
            ": ".join(_cells(raw_json.read_members(item), "name", "value"))
            for item in raw_json.read_items(piece)
        )
    except NotReadable:
        return raw_json.read_text(piece)


def _mirror_id(piece: msgspec.Raw | None) -> str:
    """Unfold a mirror id, which is JSON in a string, sometimes twice; else leave it as it came."""
    shown = inner = raw_json.read_text(piece)
    try:
        if shown.startswith('"'):
            inner = raw_json.read_as(shown.encode(), str)
        members = raw_json.read_members(inner.encode())
        return ", ".join(f"{name} {raw_json.read_text(value)}" for name, value in members.items())
    except NotReadable:
        return shown


_READERS: Mapping[Section, Callable[[Any], tuple[Cell, ...]]] = {
    Section.EMAILS: _email_row,
    Section.CALLS: _call_row,
    Section.MEETINGS: _meeting_row,
    Section.CUSTOMER_DATA: _crm_row,
    Section.CUSTOMER_ENGAGEMENT: _event_row,
}

_COLUMNS: Mapping[Section, tuple[str, ...]] = {
    Section.EMAILS: ("Sent", "From", "Mailbox", "Email id"),
    Section.CALLS: ("Call", "Status", "Other systems"),
    Section.MEETINGS: ("Meeting id",),
    Section.CUSTOMER_DATA: ("System", "Type", "Gong id", "External id", "Mirror id", "Fields"),
    Section.CUSTOMER_ENGAGEMENT: (
        "Time",
        "Event",
        "Name",
        "Reported by",
        "Content id",
        "Source id",
    ),
}
