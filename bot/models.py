"""The values that travel through the bot: frozen, and free of I/O."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self

import msgspec

Email = NewType("Email", str)
"""One address, exactly as the person typed it."""

Case = NewType("Case", str)
"""The team's reference for the request that this search belongs to."""


class Event(StrEnum):
    """The events that a line of the audit trail can be about."""

    STARTED = "started"
    ALIVE = "alive"
    STOPPED = "stopped"
    ASKED = "asked"
    REFUSED = "refused"
    LIMIT_REACHED = "limit_reached"
    ANSWERED = "answered"
    FAILED = "failed"
    PAGE_SHOWN = "page_shown"
    TEXT_SHOWN = "text_shown"
    FILE_ATTACHED = "file_attached"
    FILES_DELETED = "files_deleted"
    WITHDRAWN = "withdrawn"


class Withdrawal(StrEnum):
    """The people who may take back what the bot has posted."""

    ASKER = "asker"
    ANYONE = "anyone"
    NOBODY = "nobody"


class Section(StrEnum):
    """The five arrays of Gong's answer, under Gong's own names."""

    EMAILS = "emails"
    CALLS = "calls"
    MEETINGS = "meetings"
    CUSTOMER_DATA = "customerData"
    CUSTOMER_ENGAGEMENT = "customerEngagement"


@dataclass(frozen=True, slots=True)
class Question:
    """The question that somebody asks."""

    email: Email
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks, from where, and how to answer privately."""

    team_id: str
    enterprise_id: str | None
    channel_id: str
    user_id: str
    response_url: str

    @property
    def ids(self) -> dict[str, object]:
        """The ids by which log and audit trail know people."""
        return {"team": self.team_id, "channel": self.channel_id, "user": self.user_id}


@dataclass(frozen=True, slots=True)
class Search:
    """One look-up, as its receipt and the audit trail know it."""

    receipt_id: str
    question: Question
    asked_by: str
    """A user id."""
    asked_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Our own identity in Slack, as `auth.test` tells it."""

    team_id: str
    enterprise_id: str | None
    bot_user_id: str
    bot_name: str
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """A person, as `users.info` tells it; `slack.directory` reads it."""

    team_id: str
    enterprise_id: str | None = None
    is_guest: bool = False
    is_bot: bool = False
    is_deleted: bool = False
    is_stranger: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, as `conversations.info` tells it; `slack.directory` reads it.

    One that does not say it is private is taken for public.
    """

    is_private: bool = False
    is_shared_outside: bool = False
    is_member: bool = True
    is_archived: bool = False
    team_ids: frozenset[str] = frozenset()
    """Of all who read it, or are about to, as far as Slack names them."""
    sister_ids: frozenset[str] = frozenset()
    """Those of them that Slack calls workspaces of the same organisation."""

    def is_open_to_others(self, us: Identity) -> bool:
        """Whether anybody outside our organisation reads it, or is about to."""
        ours = {us.team_id, us.enterprise_id, *(self.sister_ids if us.enterprise_id else ())}
        return self.is_shared_outside or not self.team_ids <= ours


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer Gong sent, untouched, and what can be said of it without reading the rows."""

    status: int
    request_id: str | None
    body: bytes
    """Exactly the bytes of the answer."""
    sha256: str
    """Of `body`, in hex."""
    digest: str
    """Equal for two answers that differ in nothing but Gong's request id; hex."""
    sections: Mapping[Section, msgspec.Raw]
    """Views into `body`; a section that Gong did not return (missing or null) is absent.

    One that Gong gave twice is there, as something that cannot be read.
    """
    unknown: tuple[str, ...]
    """Names of further fields: Gong may add some without warning."""
    is_as_documented: bool
    """Exactly a request id and the five sections, each once: only then can it state that there
    is nothing."""
    is_possibly_incomplete: bool
    """Gong began to page (`records`, `cursor`): nobody may call this answer whole."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Evidence:
    """One answer of Gong to one question, as a legal team would file it."""

    email: Email
    host: str
    sent: str
    """Path and query, as they left for Gong."""
    answered_at: datetime
    """UTC."""
    answer: Answer


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence, and how the look-up came by it: kept, or asked for now."""

    evidence: Evidence
    is_kept: bool
    """From the answers kept: Gong was not asked again."""
    will_be_kept: bool = True
    """False when the answer is larger than all that may be kept."""


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last of some times, UTC; rows without a time that can be read are counted."""

    first: datetime | None = None
    last: datetime | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach."""

    name: str
    content: bytes
    sha256: str
    """Of the content, in hex: taken where it is made, for taking it of 64 MiB is slow."""

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """Return a file whose hash is not known yet."""
        return cls(name, content, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """The place in the queue for Gong that a search has been given."""

    ahead: int
    wait_s: float


OnWait = Callable[[QueuePlace], None]
"""Hears of the place in the queue as soon as it has been given."""


@dataclass(frozen=True, slots=True)
class ClocksDiffer:
    """Our clock and Slack's are more than a minute apart; from five on, requests are refused."""


@dataclass(frozen=True, slots=True)
class UnknownFields:
    """An answer of Gong has fields that this bot does not know."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuotaNearlySpent:
    """Most of our share of Gong's quota for 24 hours is used."""

    per_day: int
