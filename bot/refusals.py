"""Refusals, as facts without words: Gong was not asked. `messages.error_texts` has the words.

BotError
└── Refused                  the person can mend it, or turn to somebody
    ├── QueryRefused         what was typed is not one address and, perhaps, a case
    │   ├── NotAnAddress · SeveralAddresses · AddressTooLong
    │   ├── NotAscii · InvisibleCharacter
    │   └── CaseMissing · CaseMalformed
    ├── AccessRefused        this person may not ask this, here
    │   ├── OtherTeam · WrongChannel · NotListed
    │   ├── PublicChannel · SharedChannel · BotNotInvited
    │   ├── Outsider · GuestNotNamed
    │   ├── PermissionUnknown · PersonLimitReached
    │   └── NotTheAsker · WithdrawalOff
    └── ButtonUnreadable · Starting · Stopping   not by this version, not yet, no longer
"""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import BotError


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


class ButtonUnreadable(Refused):
    """The button's value was altered, or made by a version we no longer read."""


class Starting(Refused):
    """Slack has not confirmed our token yet."""


class Stopping(Refused):
    """The process is going down and takes no new work."""
