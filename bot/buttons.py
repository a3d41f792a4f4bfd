"""What a button carries: all that is needed to answer a click after any restart.

No signature: whoever clicks is authorized anew and could type the same command. No address in
an action id: those are ours to log.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from bot.errors import ButtonUnreadable, QueryRefused
from bot.models import Case, Evidence, Question, Section
from bot.query import ADDRESS_CHARACTERS, CASE_CHARACTERS, CaseRules, address

DIGEST_CHARACTERS = 16


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


OPEN = {
    Section.EMAILS: Action.OPEN_EMAILS,
    Section.CALLS: Action.OPEN_CALLS,
    Section.MEETINGS: Action.OPEN_MEETINGS,
    Section.CUSTOMER_DATA: Action.OPEN_CUSTOMER_DATA,
    Section.CUSTOMER_ENGAGEMENT: Action.OPEN_CUSTOMER_ENGAGEMENT,
}


class Button(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The state of a button. Version 1; times are whole seconds since 1970, UTC."""

    version: Literal[1]
    email: Annotated[str, msgspec.Meta(max_length=ADDRESS_CHARACTERS)]
    case: Annotated[str, msgspec.Meta(max_length=CASE_CHARACTERS)] | None
    answered_at: int
    """When Gong gave the answer that the summary shows."""
    digest: Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{DIGEST_CHARACTERS}}}\Z")]
    """The beginning of that answer's digest."""
    section: Section | None = None
    start: Annotated[int, msgspec.Meta(ge=0)] = 0
    """The first row of the page to show."""

    def question(self, rules: CaseRules) -> Question:
        """The question, judged again as if it had been typed.

        Raises:
            ButtonUnreadable: it would not be accepted today.
        """
        try:
            email = address(self.email)
        except QueryRefused as exc:
            raise ButtonUnreadable from exc
        if self.case is None and not rules.is_required:
            return Question(email)
        if self.case is None or not rules.pattern.fullmatch(self.case):
            raise ButtonUnreadable
        return Question(email, Case(self.case))

    def is_of(self, evidence: Evidence) -> bool:
        """Whether the evidence says the same as the summary that the button belongs to."""
        return evidence.answer.digest.startswith(self.digest)


def for_answer(question: Question, evidence: Evidence) -> Button:
    """The state of the buttons under the summary of an answer."""
    return Button(
        1,
        question.email,
        question.case,
        int(evidence.answered_at.timestamp()),
        evidence.answer.digest[:DIGEST_CHARACTERS],
    )


def encode(button: Button) -> str:
    """The value of a button, far below Slack's 2,000 characters."""
    return msgspec.json.encode(button).decode()


def decode(value: str) -> Button:
    """The state a value carries.

    Raises:
        ButtonUnreadable: it was altered, or made by a version that is no longer read.
    """
    try:
        return msgspec.json.decode(value, type=Button)
    except (msgspec.MsgspecError, UnicodeEncodeError) as exc:
        raise ButtonUnreadable from exc


def at(button: Button, section: Section, start: int) -> Button:
    """The same state, for another page."""
    return msgspec.structs.replace(button, section=section, start=start)
