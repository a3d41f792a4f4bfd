"""Failures, as facts without words: `messages.error_texts` has the words for each.

BotError
├── Refused                  Gong was not asked: `bot.refusals`
├── SearchFailed             Gong was, or should have been, asked: nothing is known
│   ├── AddressRejected · CredentialsRefused · NetworkNotTrusted · WrongBaseUrl
│   ├── GongUnavailable · AnswerTooLarge · UnexpectedStatus
│   ├── GongLimitReached · DayLimitReached · QueueFull
│   └── Interrupted
├── AccessChanged            it may not be shown any more, or Slack does not say
├── LogFailed                the audit trail cannot be written, so nothing may be disclosed
├── ReceiptNotPosted · FileNotAttached   the summary stands; something under it does not
├── AlreadyWithdrawn · SectionGone · NotTakenBack   a button's message or section is gone, or stays
└── SlackFailed · FileRefused            Gong answered; Slack did not take what we sent
"""

from dataclasses import dataclass
from datetime import datetime

_NO_ANSWER = frozenset({"timeout", "unreachable", "internal_error", "fatal_error"})


class BotError(Exception):
    """Everything that a person is told about in words of our own."""


class AlreadyWithdrawn(BotError):
    """The message that was to be edited has been withdrawn in the meantime."""


@dataclass(eq=False)
class SearchFailed(BotError):
    """Nothing is known of what Gong holds."""

    request_id: str | None = None
    """Gong's id for the request, for its support."""
    status: int | None = None
    """The HTTP status, where there was an answer."""


@dataclass(eq=False)
class AddressRejected(SearchFailed):
    """400: malformed, or the address of a Gong user (an employee)."""

    texts: tuple[str, ...] = ()
    """Gong's own words."""


class CredentialsRefused(SearchFailed):
    """401: wrong key, wrong host, missing scope or an inactive company."""


class NetworkNotTrusted(SearchFailed):
    """403: the key may only be used from trusted IP addresses."""


@dataclass(eq=False)
class WrongBaseUrl(SearchFailed):
    """3xx, 404, 405: the base URL leads somewhere else."""

    redirect_host: str | None = None


@dataclass(eq=False)
class GongUnavailable(SearchFailed):
    """5xx, time-out, reset, a cut or unreadable body: Gong or the way to it is down."""

    reason: str = "unreachable"
    """`timeout`, `unreachable`, `status` or `unreadable`."""
    seconds: float = 0.0
    """How long was waited, where the reason is a time-out."""


class UnexpectedStatus(SearchFailed):
    """A status that nobody has documented; asking again would be guessing."""


@dataclass(eq=False)
class AnswerTooLarge(SearchFailed):
    """The answer is larger than what we take."""

    limit_bytes: int = 0
    limit_elements: int = 0
    """Where it is not the bytes that are too many."""


@dataclass(eq=False)
class GongLimitReached(SearchFailed):
    """429: Gong asks everybody of the company to wait."""

    again_at: datetime | None = None
    """None where Gong did not say when."""
    wait_s: float | None = None
    """What Gong asked for, in seconds; None where it did not say."""


@dataclass(eq=False)
class DayLimitReached(SearchFailed):
    """Our share of the company's daily quota is used up."""

    again_at: datetime | None = None


@dataclass(eq=False)
class QueueFull(SearchFailed):
    """More searches wait than can be asked in time."""

    again_in_s: float = 0.0


class Interrupted(SearchFailed):
    """The process went down before the search was over."""


class AccessChanged(BotError):
    """Right before it was shown, it may not be shown any more, or Slack did not say.

    Its cause is the refusal.
    """


class LogFailed(BotError):
    """The log cannot be written; what nobody can account for later is not disclosed."""


@dataclass(eq=False)
class ReceiptNotPosted(BotError):
    """Slack took the files, but not the message under them by which they can be deleted."""

    file_ids: tuple[str, ...] = ()


@dataclass(eq=False)
class NotTakenBack(BotError):
    """Slack did not confirm that a file was deleted, or a message withdrawn."""

    code: str
    """Slack's error code, or `timeout`, `unreachable`, `interrupted`."""


class FileNotAttached(BotError):
    """Slack took the summary, but neither its file nor a note that the file is missing."""


class SectionGone(BotError):
    """A newer answer of Gong does not have the section in a form that can be read."""


@dataclass(eq=False)
class SlackFailed(BotError):
    """Slack did not take a message or a file."""

    code: str
    """Slack's error code, or `timeout`, `unreachable`, `ratelimited`."""
    file_ids: tuple[str, ...] = ()
    """Files that were uploaded before it failed, and may have been shared."""

    @property
    def may_be_done(self) -> bool:
        """Whether Slack may have done it all the same: it did not say no."""
        return self.code in _NO_ANSWER or self.code.startswith(("http_2", "http_5"))


class FileRefused(SlackFailed):
    """Slack did not take a file that a button was pressed for: everything else stands."""
