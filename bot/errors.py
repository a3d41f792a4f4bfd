"""What can go wrong, as facts without words; `bot.words` finds the sentence for each.

BotError
├── Refused                  Gong was not asked; the person can mend it or turn to somebody
│   ├── QueryRefused         what was typed is not one address and, perhaps, a case
│   │   ├── NotAnAddress · SeveralAddresses · AddressTooLong
│   │   ├── NotAscii · InvisibleCharacter
│   │   └── CaseMissing · CaseMalformed
│   ├── AccessRefused        this person may not ask this, here
│   │   ├── OtherTeam · WrongChannel · NotListed
│   │   ├── PublicChannel · SharedChannel · BotNotInvited
│   │   ├── Outsider · GuestNotNamed
│   │   ├── PermissionUnknown · PersonLimitReached
│   │   └── NotTheAsker · WithdrawalOff
│   └── ButtonUnreadable · Starting · Stopping   not by this version, not yet, no longer
├── SearchFailed             Gong was, or should have been, asked: nothing is known
│   ├── AddressRejected · CredentialsRefused · NetworkNotTrusted · WrongBaseUrl
│   ├── GongUnavailable · AnswerTooLarge · UnexpectedStatus
│   ├── GongLimitReached · DayLimitReached · QueueFull
│   └── Interrupted
├── LogFailed                the log cannot be written, so nothing may be disclosed
├── ReceiptNotPosted · FileNotAttached   the summary stands; something under it does not
├── AlreadyWithdrawn · SectionGone · NotTakenBack   what a button stands for has gone; or not
└── SlackFailed · FileRefused            Gong answered; Slack did not take what we sent
"""

from dataclasses import dataclass
from datetime import datetime


class BotError(Exception):
    """Everything that a person is told about in words of our own."""


class Refused(BotError):
    """Nothing was asked of Gong."""


class QueryRefused(Refused):
    """The words after the command cannot be looked up as they are."""


class NotAnAddress(QueryRefused):
    """It is not the syntax of an email address."""


class SeveralAddresses(QueryRefused):
    """More than one address was given."""


class AddressTooLong(QueryRefused):
    """Longer than mail allows: 254 characters, 64 of them before the @ (RFC 5321)."""


@dataclass(eq=False)
class CharacterRefused(QueryRefused):
    """A character that may not be part of an address."""

    character: str
    """Its Unicode name."""


class NotAscii(CharacterRefused):
    """A letter outside ASCII, which may only look like the letter that was meant."""


class InvisibleCharacter(CharacterRefused):
    """A character nobody can see, which would make it another address."""


@dataclass(eq=False)
class CaseRefused(QueryRefused):
    """What follows the address, or does not."""

    example: str


class CaseMissing(CaseRefused):
    """A case reference is required and none was given."""


class CaseMalformed(CaseRefused):
    """The case reference does not look like one."""


class AccessRefused(Refused):
    """This person may not ask this, here."""


class OtherTeam(AccessRefused):
    """The request comes from a workspace that is not ours."""


class WrongChannel(AccessRefused):
    """The channel is not one of the authorized ones."""


class NotListed(AccessRefused):
    """Only listed people may ask, and this person is not listed."""


class PublicChannel(AccessRefused):
    """The channel is open to the whole workspace."""


class SharedChannel(AccessRefused):
    """People of another organisation can read the channel, or soon will."""


class BotNotInvited(AccessRefused):
    """The bot is no member of the channel, so it cannot post there."""


class Outsider(AccessRefused):
    """The person is a bot, deactivated, a stranger or of another organisation."""


class GuestNotNamed(AccessRefused):
    """Guests may ask only when they are listed by id."""


class PermissionUnknown(AccessRefused):
    """Slack did not say who this is or what the channel is: fail closed."""


@dataclass(eq=False)
class PersonLimitReached(AccessRefused):
    """The person has used up a share of the company's quota."""

    amount: int
    period: str
    """`a minute` or `24 hours`."""
    again_at: datetime


class NotTheAsker(AccessRefused):
    """What was posted may be taken back only by the person who asked."""


class WithdrawalOff(AccessRefused):
    """Nothing may be taken back here, for example under a legal hold."""


class AlreadyWithdrawn(BotError):
    """The message that was to be edited has been withdrawn in the meantime."""


class ButtonUnreadable(Refused):
    """The button's value was altered, or made by a version we no longer read."""


class Starting(Refused):
    """Slack has not confirmed our token yet."""


class Stopping(Refused):
    """The process is going down and takes no new work."""


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


class FileRefused(SlackFailed):
    """The same of a file that a button was pressed for: everything else stands."""
