"""Counts an answer: what people want to know of each section.

Knows nothing of Slack. Gong is free to add, leave out and rename, so nothing here validates:
what cannot be read is counted and said to be unreadable, never taken for nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import msgspec

from bot.gong import raw_json
from bot.gong.raw_json import NotReadable
from bot.gong.records import (
    CallFacts,
    EmailFacts,
    EventFacts,
    SpanBuilder,
    SystemFacts,
    parse_time,
    read_facts,
)
from bot.gong.tables import CrmObject, read_crm_objects
from bot.models import Answer, Section, Span


class Missing(Enum):
    """The reasons why nothing can be said of a section. Neither is the same as no rows."""

    NOT_RETURNED = "not returned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Emails:
    """Gong lists an email once per mailbox it was found in."""

    rows: int
    messages: int
    """Distinct message hashes."""
    mailboxes: int
    span: Span
    unhashed: int = 0
    """Rows without a message hash: each may be another message."""
    unplaced: int = 0
    """Rows without a mailbox."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls, by status as Gong wrote it."""

    rows: int
    statuses: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings; Gong gives their ids only."""

    rows: int


@dataclass(frozen=True, slots=True)
class CustomerData:
    """CRM records, by system and type as Gong wrote them."""

    rows: int
    systems: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    hidden: int = 0
    """Systems whose records cannot be read; each counts as one row."""

    @property
    def readable(self) -> int:
        """The number of records that can be read."""
        return self.rows - self.hidden


@dataclass(frozen=True, slots=True)
class CustomerEngagement:
    """The engagement events: the person did something with content that was shared with them."""

    rows: int
    span: Span
    links: int = 0
    """Different links, of those that may open without sign-in."""


SectionSummary = Emails | Calls | Meetings | CustomerData | CustomerEngagement | Missing


@dataclass(frozen=True, slots=True)
class Summary:
    """One answer, counted."""

    sections: Mapping[Section, SectionSummary]
    is_possibly_incomplete: bool = False
    unknown: tuple[str, ...] = ()
    """Names of fields that this bot does not know."""
    is_empty: bool = False
    """The answer is exactly a request id and five empty arrays: Gong states that it lists nothing.

    Whatever stands beside empty arrays may be an error, so they state nothing then.
    """

    @property
    def total(self) -> int:
        """The references in all sections that can be read."""
        return sum(map(self.rows, Section))

    @property
    def is_whole(self) -> bool:
        """Whether every section was returned, whole, and read."""
        has_gaps = any(isinstance(found, Missing) for found in self.sections.values())
        return not (has_gaps or self.hidden_systems or self.is_possibly_incomplete)

    @property
    def links(self) -> int | None:
        """Links that may open without sign-in; None where that cannot be said."""
        found = self.sections[Section.CUSTOMER_ENGAGEMENT]
        return found.links if isinstance(found, CustomerEngagement) else None

    @property
    def hidden_systems(self) -> int:
        """CRM systems whose records cannot be read."""
        found = self.sections[Section.CUSTOMER_DATA]
        return found.hidden if isinstance(found, CustomerData) else 0

    def rows(self, section: Section) -> int:
        """Return the rows of one section; 0 where nothing can be said of it."""
        found = self.sections[section]
        return 0 if isinstance(found, Missing) else found.rows


def summarise(answer: Answer) -> Summary:
    """Count an answer. Takes about 0.3 s for 200,000 references."""
    return Summary(
        {section: _summarise_section(answer, section) for section in Section},
        answer.is_possibly_incomplete,
        answer.unknown,
        _is_empty(answer),
    )


def _is_empty(answer: Answer) -> bool:
    pieces = answer.sections.values()
    is_complete = answer.is_as_documented and len(pieces) == len(Section)
    is_empty = is_complete and all(map(_is_empty_array, pieces))
    return is_empty and raw_json.is_json(answer.body)


def _is_empty_array(piece: msgspec.Raw) -> bool:
    is_short = len(memoryview(piece)) <= _SHORT
    return is_short and b"".join(bytes(piece).split()) == b"[]"


_SHORT = 64
"""No larger array is looked at to see whether it is empty."""


def _summarise_section(answer: Answer, section: Section) -> SectionSummary:
    piece = answer.sections.get(section)
    if piece is None:
        return Missing.NOT_RETURNED
    try:
        return _SUMMARISERS[section](piece)
    except NotReadable:
        return Missing.UNREADABLE


def _emails(piece: msgspec.Raw) -> Emails:
    rows = hashed = placed = 0
    hashes, mailboxes, span = set[str](), set[str](), SpanBuilder()
    for chunk in read_facts(piece, EmailFacts):
        rows += len(chunk)
        named = [row.message_hash for row in chunk if row.message_hash]
        hashed += len(named)
        hashes.update(named)
        named = [row.mailbox for row in chunk if row.mailbox and row.mailbox.strip()]
        placed += len(named)
        mailboxes.update(named)
        span.add([row.sent_time for row in chunk])
    owners = {mailbox.strip().lower() for mailbox in mailboxes}
    return Emails(rows, len(hashes), len(owners), span.found(), rows - hashed, rows - placed)


def _calls(piece: msgspec.Raw) -> Calls:
    statuses = Counter(_name(row.status) for chunk in read_facts(piece, CallFacts) for row in chunk)
    return Calls(statuses.total(), tuple(statuses.most_common()))


def _meetings(piece: msgspec.Raw) -> Meetings:
    return Meetings(len(raw_json.read_items(piece)))


def _customer_data(piece: msgspec.Raw) -> CustomerData:
    systems: dict[str, Counter[str]] = {}
    rows, hidden = _records(piece)
    for system, kind in rows:
        systems.setdefault(system or "unnamed system", Counter())[kind or "without a type"] += 1
    return CustomerData(
        len(rows),
        tuple((system, tuple(types.most_common())) for system, types in systems.items()),
        hidden,
    )


def _records(piece: msgspec.Raw) -> tuple[list[tuple[str | None, str | None]], int]:
    """Read system and type of every record, and count the systems whose records cannot be read."""
    try:
        for entry in raw_json.read_items(piece):
            raw_json.read_unique_members(entry)  # msgspec would take the last of two "objects"
        systems = raw_json.read_as(piece, list[SystemFacts])
    except NotReadable:
        found = read_crm_objects(piece)
        hidden = sum(not crm_object.is_read for crm_object in found)
        return [(crm_object.system, _object_type(crm_object)) for crm_object in found], hidden
    return [(each.system, record.object_type) for each in systems for record in each.objects], 0


def _customer_engagement(piece: msgspec.Raw) -> CustomerEngagement:
    rows, span = 0, SpanBuilder()
    links: set[str] = set()
    for chunk in read_facts(piece, EventFacts):
        rows += len(chunk)
        span.add([_placed(row.timestamp) for row in chunk])
        for row in chunk:
            shown = (row.content_url, row.event_name, row.reporting_system, row.source_event_id)
            links.update(text for text in shown if text and "://" in text)
    return CustomerEngagement(rows, span.found(), len(links))


def _placed(time: datetime | float | None) -> datetime | None:
    return parse_time(time) if isinstance(time, float) else time


def _object_type(found: CrmObject) -> str:
    if not found.is_read:
        return "unreadable"
    try:
        members = raw_json.read_members(found.piece)
        return raw_json.read_text(members.get("objectType"))
    except NotReadable:
        return "unreadable"


def _name(value: object) -> str:
    return "without a status" if value is None else str(value)


_SUMMARISERS: Mapping[Section, Callable[[msgspec.Raw], SectionSummary]] = {
    Section.EMAILS: _emails,
    Section.CALLS: _calls,
    Section.MEETINGS: _meetings,
    Section.CUSTOMER_DATA: _customer_data,
    Section.CUSTOMER_ENGAGEMENT: _customer_engagement,
}
