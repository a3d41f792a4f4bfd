"""What a later answer of Gong has, and has no longer, in comparison with an earlier one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bot import json_reader
from bot.json_reader import NotReadable
from bot.models import Answer, Section
from bot.rows import CrmObject, crm_objects


@dataclass(frozen=True, slots=True)
class Change:
    """References of one section, told apart by Gong's ids."""

    added: int
    gone: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed since the summary that was refreshed."""

    is_same: bool
    """The two answers differ in nothing but Gong's request id."""
    changes: Mapping[Section, Change | None] | None = None
    """By section; None for one that cannot be compared. No mapping: the earlier answer is gone."""
    differs_elsewhere: bool = False
    """At least one of them holds something that this bot does not know."""

    @property
    def is_complete(self) -> bool:
        """Whether all that the answers hold could be compared."""
        return not (self.not_compared or self.differs_elsewhere)

    @property
    def moved(self) -> Sequence[tuple[Section, Change]]:
        """The sections in which something came or went."""
        changes = (self.changes or {}).items()
        return [(name, each) for name, each in changes if each and each != Change(0, 0)]

    @property
    def not_compared(self) -> Sequence[Section]:
        """The sections of which nothing can be said."""
        return [name for name, each in (self.changes or {}).items() if each is None]


def difference(earlier: Answer, later: Answer) -> Difference:
    """Compare two answers to the same question."""
    if earlier.digest == later.digest:
        return Difference(is_same=True)
    return Difference(
        is_same=False,
        changes={section: _change(section, earlier, later) for section in Section},
        differs_elsewhere=bool(earlier.unknown or later.unknown),
    )


def _change(section: Section, earlier: Answer, later: Answer) -> Change | None:
    if section not in earlier.sections and section not in later.sections:
        return Change(0, 0)
    try:
        before, after = _ids(section, earlier), _ids(section, later)
    except NotReadable:
        return None
    return Change((after - before).total(), (before - after).total())


def _ids(section: Section, answer: Answer) -> Counter[str | bytes]:
    """How often each reference stands in a section; without an id, its bytes stand for it."""
    piece = answer.sections.get(section)
    if piece is None:
        raise NotReadable
    if section is Section.CUSTOMER_DATA:
        return Counter(map(_crm_id, crm_objects(piece)))
    if section is Section.CUSTOMER_ENGAGEMENT:  # no id of an event is documented
        return Counter(map(bytes, json_reader.items(piece)))
    return Counter(map(_id, json_reader.items(piece)))


def _crm_id(found: CrmObject) -> str | bytes:
    own = _id(found.piece)
    return own if isinstance(own, bytes) else f"{found.system}\n{own}"


def _id(piece: msgspec.Raw) -> str | bytes:
    try:
        return json_reader.text(json_reader.members(piece)["id"]) or bytes(piece)
    except (NotReadable, KeyError):
        return bytes(piece)
