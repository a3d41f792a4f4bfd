"""Is this one email address? And which is its plain form?"""

import unicodedata

import email_validator
from email_validator import EmailNotValidError, validate_email

from bot.models import Email
from bot.refusals import AddressTooLong, InvisibleCharacter, NotAnAddress, NotAscii, QueryRefused

ADDRESS_CHARACTERS = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""

LOCAL_PART_CHARACTERS = 64
"""RFC 5321, 4.5.3.1.1."""

_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs"}

# The library refuses the names of RFC 6761, but an old CRM is full of `jane@corp.local`, and
# whether mail would arrive is not what is asked. Emptying the list is its documented switch.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def parse_address(typed: str) -> Email:
    """Return the address unchanged, if it is the syntax of one.

    Raises:
        QueryRefused: it is not.
    """
    refuse_characters(typed)
    if len(typed) > ADDRESS_CHARACTERS or len(typed.partition("@")[0]) > LOCAL_PART_CHARACTERS:
        raise AddressTooLong
    try:
        validate_email(typed, check_deliverability=False, strict=True)
    except EmailNotValidError as exc:
        raise NotAnAddress from exc
    return Email(typed)


def plain_form(email: Email) -> Email | None:
    """Return the address in lower case and without a plus-tag; None when it is that already."""
    local, _, domain = email.lower().partition("@")
    plain = Email(f"{local.partition('+')[0] or local}@{domain}")
    try:
        return None if plain == email else parse_address(plain)
    except QueryRefused:
        return None


def refuse_characters(words: str) -> None:
    """Refuse letters that may only look like the ones that were meant, and invisible ones.

    Raises:
        NotAscii: a letter outside ASCII.
        InvisibleCharacter: a character nobody can see, other than a space.
    """
    for character in words:
        if character == " ":
            continue
        if unicodedata.category(character) in _INVISIBLE_CATEGORIES:
            raise InvisibleCharacter(_name(character))
        if not character.isascii():
            raise NotAscii(_name(character))


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}")
