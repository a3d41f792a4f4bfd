"""The changes from an earlier answer of Gong to a later one: what came, and what is gone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bot.gong import raw_json
from bot.gong.raw_json import NotReadable
from bot.gong.tables import CrmObject, read_crm_objects
from bot.models import Answer, Section


@dataclass(frozen=True, slots=True)
class SectionChange:
    """The references of one section that came and went, told apart by Gong's ids."""

    added: int
    gone: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes since the summary that was refreshed."""

    is_same: bool
    """The two answers differ in nothing but Gong's request id."""
    by_section: Mapping[Section, SectionChange | None] | None = None
    """By section; None for one that cannot be compared. No mapping: the earlier answer is gone."""
    differs_elsewhere: bool = False
    """At least one of them holds something that this bot does not know."""

    @property
    def is_complete(self) -> bool:
        """Whether all that the answers hold could be compared."""
        return not (self.not_compared or self.differs_elsewhere)

    @property
    def moved(self) -> Sequence[tuple[Section, SectionChange]]:
        """The sections in which something came or went."""
        changes = (self.by_section or {}).items()
        return [(name, each) for name, each in changes if each and each != SectionChange(0, 0)]

    @property
    def not_compared(self) -> Sequence[Section]:
        """The sections of which nothing can be said."""
        return [name for name, each in (self.by_section or {}).items() if each is None]


def compare(earlier: Answer, later: Answer) -> Changes:
    """Compare two answers to the same question."""
    if earlier.digest == later.digest:
        return Changes(is_same=True)
    return Changes(
        is_same=False,
        by_section={section: _change(section, earlier, later) for section in Section},
        differs_elsewhere=bool(earlier.unknown or later.unknown),
    )


def _change(section: Section, earlier: Answer, later: Answer) -> SectionChange | None:
    if section not in earlier.sections and section not in later.sections:
        return SectionChange(0, 0)
    try:
        before, after = _ids(section, earlier), _ids(section, later)
    except NotReadable:
        return None
    return SectionChange((after - before).total(), (before - after).total())


def _ids(section: Section, answer: Answer) -> Counter[str | bytes]:
    """Count how often each reference stands in a section, by id or, without one, by its bytes."""
    piece = answer.sections.get(section)
    if piece is None:
        raise NotReadable
    if section is Section.CUSTOMER_DATA:
        return Counter(map(_crm_id, read_crm_objects(piece)))
    if section is Section.CUSTOMER_ENGAGEMENT:  # no id of an event is documented
        return Counter(map(bytes, raw_json.read_items(piece)))
    return Counter(map(_id, raw_json.read_items(piece)))


def _crm_id(found: CrmObject) -> str | bytes:
    own = _id(found.piece)
    return own if isinstance(own, bytes) else f"{found.system}\n{own}"


def _id(piece: msgspec.Raw) -> str | bytes:
    try:
        return raw_json.read_text(raw_json.read_members(piece)["id"]) or bytes(piece)
    except (NotReadable, KeyError):
        return bytes(piece)
