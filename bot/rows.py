"""The rows of one section, read only when somebody looks at them. Knows nothing of Slack.

Gong is free to add, leave out and rename, so nothing here validates: what cannot be read is
shown as Gong wrote it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from bot import json_reader
from bot.json_reader import NotReadable
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
        """How many rows there are."""
        return len(self.pieces)

    def row(self, number: int) -> tuple[Cell, ...]:
        """The cells of a row; a row that cannot be read shows what Gong wrote there."""
        piece = self.pieces[number]
        try:
            return self.read(piece)
        except NotReadable:
            raw = piece.piece if isinstance(piece, CrmObject) else piece
            shown = f"could not be read: {_hosts_only(json_reader.as_written(raw))}"
            return (shown, *[""] * (len(self.columns) - 1))


def table(answer: Answer, section: Section) -> Table:
    """The rows of a section.

    Raises:
        NotReadable: Gong did not return the section, or it is of the wrong shape.
    """
    piece = answer.sections.get(section)
    if piece is None:
        raise NotReadable
    pieces = crm_objects(piece) if section is Section.CUSTOMER_DATA else json_reader.items(piece)
    return Table(section, _COLUMNS[section], pieces, _READERS[section])


def full_table(answer: Answer, section: Section) -> Table:
    """The rows of a section with what a page has no room for.

    Raises:
        NotReadable: Gong did not return the section, or it is of the wrong shape.
    """
    found = table(answer, section)
    if section is not Section.EMAILS:
        return found
    return replace(found, columns=(*found.columns, "Message hash"), read=_full_email_row)


def crm_objects(piece: msgspec.Raw) -> list[CrmObject]:
    """Every object of every system; a system whose objects cannot be read stays one row.

    Raises:
        NotReadable: it is no array.
    """
    found: list[CrmObject] = []
    for entry in json_reader.items(piece):
        system = ""
        try:
            members = json_reader.members(entry)
            system = json_reader.text(members.get("system"))
            found += [CrmObject(system, item) for item in json_reader.items(members["objects"])]
        except (NotReadable, KeyError):
            found.append(CrmObject(system, entry, is_read=False))
    return found


def _email_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    return _cells(json_reader.members(item), "sentTime", "from", "mailbox", "id")


def _full_email_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    return (*_email_row(item), *_cells(json_reader.members(item), "messageHash"))


def _call_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    members = json_reader.members(item)
    call_id = json_reader.text(members.get("id"))
    return (CallId(call_id), *_cells(members, "status"), _external(members.get("externalSystems")))


def _meeting_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    return _cells(json_reader.members(item), "id")


def _crm_row(found: CrmObject) -> tuple[Cell, ...]:
    if not found.is_read:
        raise NotReadable
    members = json_reader.members(found.piece)
    return (
        found.system,
        *_cells(members, "objectType", "id", "externalId"),
        _mirror_id(members.get("mirrorId")),
        _fields(members.get("fields")),
    )


def _event_row(item: msgspec.Raw) -> tuple[Cell, ...]:
    """Without `contentUrl`: a share link opens the content to whoever holds it."""
    members = json_reader.members(item)
    names = ("timestamp", "eventType", "eventName", "reportingSystem", "contentId", "sourceEventId")
    return tuple(_hosts_only(cell) for cell in _cells(members, *names))


def _cells(members: Mapping[str, msgspec.Raw], *names: str) -> tuple[str, ...]:
    return tuple(json_reader.text(members.get(name)) for name in names)


def _external(piece: msgspec.Raw | None) -> str:
    """`Salesforce: Task 00T…; Salesforce: Conversation 0Q…` for what a call is linked to."""
    if piece is None or json_reader.is_null(piece):
        return ""
    try:
        return "; ".join(_external_object(found) for found in crm_objects(piece))
    except NotReadable:
        return json_reader.text(piece)


def _external_object(found: CrmObject) -> str:
    if not found.is_read:
        return json_reader.as_written(found.piece)
    names = _cells(json_reader.members(found.piece), "objectType", "externalId")
    return f"{found.system}: {' '.join(names)}"


def _fields(piece: msgspec.Raw | None) -> str:
    """`Name: value` for every field, whatever the JSON type of the value."""
    if piece is None or json_reader.is_null(piece):
        return ""
    try:
        return "; ".join(
            ": ".join(_cells(json_reader.members(item), "name", "value"))
            for item in json_reader.items(piece)
        )
    except NotReadable:
        return json_reader.text(piece)


def _mirror_id(piece: msgspec.Raw | None) -> str:
    """Gong's mirror id is JSON in a string, sometimes twice: unfolded, or else as it came."""
    shown = inner = json_reader.text(piece)
    try:
        if shown.startswith('"'):
            inner = json_reader.read(shown.encode(), str)
        members = json_reader.members(inner.encode())
        return ", ".join(f"{name} {json_reader.text(value)}" for name, value in members.items())
    except NotReadable:
        return shown


SEARCHED_CHARACTERS = 2000
"""No page shows more of a cell; the rest is in the file."""

_NESTED = 8
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_URL = re.compile(
    r"//+(?P<authority>[^/?#\"'<>\\]*)"
    r"|(?<![a-z0-9.-])(?P<host>(?:[a-z0-9-]+\.)+[a-z0-9-]+|localhost)(?::[0-9]+)?[/?#\\]",
    re.IGNORECASE,
)
_HOST = re.compile(r"[^a-z0-9.-]", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\Z", re.IGNORECASE)


def _hosts_only(shown: str) -> str:
    """The text with every URL cut down to its host: what follows may be a key to content."""
    more = "…" if len(shown) > SEARCHED_CHARACTERS else ""
    words = re.split(r"(\s+)", shown[:SEARCHED_CHARACTERS])
    return "".join(map(_host_only, words)) + more


def _host_only(word: str) -> str:
    """A word up to the end of the host of the first URL in it, however it is escaped."""
    plain = _unescaped(word)
    if plain is None:
        return "(in the file only)"
    url = _URL.search(plain)
    if url is None:
        return word
    host = url["host"] or _HOST.split(url["authority"].rpartition("@")[2])[0]
    before = _SCHEME.sub("", plain[: url.start()])
    return host if before.endswith("@") else before + host


def _unescaped(word: str) -> str | None:
    """JSON's and URLs' escapes undone; None where they are nested deeper than anybody's are."""
    for _ in range(_NESTED):
        plain = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), unquote(word))
        # Halves of a character, escaped one by one, belong together; one alone is no text.
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        plain = plain.replace("\\/", "/").replace("\\\\", "\\")
        if plain == word:
            return word
        word = plain
    return None


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
