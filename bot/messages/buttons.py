"""The state that a button carries: all that is needed to answer a press after any restart.

It is signed by `signing` when it leaves and opened when it comes back; whoever presses is
authorized anew all the same. No address in an action id: those are ours to log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

import msgspec

from bot.address import ADDRESS_CHARACTERS
from bot.evidence.result import Result
from bot.gong.summary import CustomerData, Emails, Missing, SectionSummary, Summary
from bot.models import Asker, Case, Email, Evidence, Question, Search, Section
from bot.refusals import ButtonUnreadable

CASE_CHARACTERS = 200
"""Whatever the installation's pattern allows, a button has to carry it."""

DIGEST_CHARACTERS = 16
LAST_SECOND = 253_402_300_799
"""The end of the calendar that Python's times know."""

RECEIPT_ID = r"^R-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}\Z"
_ID = r"^[A-Z0-9]{1,64}\Z"
_Count = Annotated[int, msgspec.Meta(ge=0)] | None
_FileId = Annotated[str, msgspec.Meta(pattern=_ID)]


class Action(StrEnum):
    """The action ids, one a kind of button."""

    OPEN_EMAILS = "open_emails"
    OPEN_CALLS = "open_calls"
    OPEN_MEETINGS = "open_meetings"
    OPEN_CUSTOMER_DATA = "open_customer_data"
    OPEN_CUSTOMER_ENGAGEMENT = "open_customer_engagement"
    PREVIOUS = "previous_page"
    NEXT = "next_page"
    REFRESH = "refresh"
    ATTACH = "attach_file"
    ATTACH_ROWS = "attach_rows"
    COVERAGE = "show_coverage"
    REPLY = "show_reply"
    ALSO_SEARCH = "also_search"
    WITHDRAW = "withdraw"
    DELETE_FILES = "delete_files"


OPENS = {
    Section.EMAILS: Action.OPEN_EMAILS,
    Section.CALLS: Action.OPEN_CALLS,
    Section.MEETINGS: Action.OPEN_MEETINGS,
    Section.CUSTOMER_DATA: Action.OPEN_CUSTOMER_DATA,
    Section.CUSTOMER_ENGAGEMENT: Action.OPEN_CUSTOMER_ENGAGEMENT,
}
OPENED_BY = {action: section for section, action in OPENS.items()}


class Counts(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The counts of a summary, for a text that must say the same later."""

    rows: tuple[_Count, _Count, _Count, _Count, _Count]
    """Of each section, in the order of `Section`; None where nothing can be said of it."""
    messages: Annotated[int, msgspec.Meta(ge=0)]
    """Distinct messages among the emails; 0 where that is not known."""
    is_whole: bool
    has_unknown: bool = False
    """Gong also sent something that this bot does not know."""

    @classmethod
    def of(cls, summary: Summary) -> Self:
        """Return the counts of a summary."""
        found = [summary.sections[section] for section in Section]
        first, second, third, fourth, fifth = map(_rows, found)
        emails = summary.sections[Section.EMAILS]
        is_known = isinstance(emails, Emails) and not emails.unhashed
        messages = emails.messages if isinstance(emails, Emails) and is_known else 0
        return cls(
            (first, second, third, fourth, fifth), messages, summary.is_whole, bool(summary.unknown)
        )


def _rows(found: SectionSummary) -> int | None:
    """Return how many could be read; None where nothing is known."""
    if isinstance(found, CustomerData) and found.hidden:
        return found.readable or None
    return None if isinstance(found, Missing) else found.rows


class Button(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The state of a button. Version 2; times are counted from 1970, UTC."""

    version: Literal[2]
    email: Annotated[str, msgspec.Meta(max_length=ADDRESS_CHARACTERS)]
    case: Annotated[str, msgspec.Meta(max_length=CASE_CHARACTERS)] | None
    answered_at: Annotated[int, msgspec.Meta(ge=0, le=LAST_SECOND * 1000)]
    """When Gong gave the answer that the summary shows; milliseconds tell two answers apart."""
    digest: Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{DIGEST_CHARACTERS}}}\Z")]
    """The beginning of that answer's digest."""
    receipt_id: Annotated[str, msgspec.Meta(pattern=RECEIPT_ID)]
    asked_by: Annotated[str, msgspec.Meta(pattern=_ID)]
    asked_at: Annotated[int, msgspec.Meta(ge=0, le=LAST_SECOND)]
    """In seconds, as its receipt says it."""
    is_kept: bool
    """The summary shows an answer that had been kept."""
    section: Section | None = None
    start: Annotated[int, msgspec.Meta(ge=0)] = 0
    """The first row of the page to show."""
    counts: Counts | None = None
    files: Annotated[tuple[_FileId, ...], msgspec.Meta(max_length=2)] = ()
    """The files to delete."""

    def search(self, question: Question) -> Search:
        """Return the look-up that the summary belongs to, for a question that has been judged."""
        asked_at = datetime.fromtimestamp(self.asked_at, UTC)
        return Search(self.receipt_id, question, self.asked_by, asked_at)

    def search_as_carried(self) -> Search:
        """Return that look-up with its question not judged: good for the audit trail only."""
        return self.search(Question(Email(self.email), Case(self.case) if self.case else None))

    def is_from(self, evidence: Evidence) -> bool:
        """Whether the evidence is the very answer that the summary shows."""
        return self.is_of(evidence) and _ms(evidence.answered_at) == self.answered_at

    def is_of(self, evidence: Evidence) -> bool:
        """Whether the evidence says the same as the summary that the button belongs to."""
        return evidence.answer.digest.startswith(self.digest)


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button, decoded: who pressed it, where it stands, and what it carries."""

    asker: Asker
    action: Action
    carried: Button | None
    """None where the value cannot be read."""
    message_ts: str
    """The message that the button stands in."""
    root_ts: str
    """The first message of the thread that the button stands in, or under."""
    is_in_its_channel: bool
    """Whether the message stands in the channel where it was pressed, not forwarded."""

    @property
    def state(self) -> Button:
        """The state that the button carries.

        Raises:
            ButtonUnreadable: it was altered, or made by a version that is no longer read.
        """
        if self.carried is None:
            raise ButtonUnreadable
        return self.carried


def for_result(result: Result) -> Button:
    """Return the state of the buttons of a look-up."""
    search, evidence = result.search, result.evidence
    return Button(
        2,
        search.question.email,
        search.question.case,
        _ms(evidence.answered_at),
        evidence.answer.digest[:DIGEST_CHARACTERS],
        search.receipt_id,
        search.asked_by,
        int(search.asked_at.timestamp()),
        result.finding.is_kept,
    )


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def encode(button: Button) -> str:
    """Return the value of a button, far below Slack's 2,000 characters."""
    return msgspec.json.encode(button).decode()


def decode(value: str) -> Button:
    """Return the state that a value carries.

    Raises:
        ButtonUnreadable: it was altered, or made by a version that is no longer read.
    """
    try:
        return msgspec.json.decode(value, type=Button)
    except (msgspec.MsgspecError, UnicodeEncodeError) as exc:
        raise ButtonUnreadable from exc


def at(button: Button, section: Section, start: int) -> Button:
    """Return the same state, for another page."""
    return msgspec.structs.replace(button, section=section, start=start)


def with_counts(button: Button, summary: Summary) -> Button:
    """Return the same state, with the counts of the summary."""
    return msgspec.structs.replace(button, counts=Counts.of(summary))


def with_files(button: Button, file_ids: Sequence[str]) -> Button:
    """Return the same state, with the files that were attached."""
    return msgspec.structs.replace(button, files=tuple(file_ids))
