"""The words after the command → a question. Pure; nothing is asked of anybody."""

import re
import unicodedata
from dataclasses import dataclass

import email_validator
from email_validator import EmailNotValidError, validate_email

from bot.errors import (
    AddressTooLong,
    CaseMalformed,
    CaseMissing,
    InvisibleCharacter,
    NotAnAddress,
    NotAscii,
    QueryRefused,
    SeveralAddresses,
)
from bot.models import Case, Email, Question

ADDRESS_CHARACTERS = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""

LOCAL_PART_CHARACTERS = 64
"""RFC 5321, 4.5.3.1.1."""

CASE_CHARACTERS = 200
"""Whatever the installation's pattern allows, a button has to carry it."""

_QUOTES = {'"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019"}
"""Straight, code and the curly ones that phones write."""

_MAILTO = re.compile(r"<mailto:([^<>|]+)\|([^<>|]+)>(?=\s|$)")
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs"}

# The library refuses the names of RFC 6761, but an old CRM is full of `jane@corp.local`, and
# whether mail would arrive is not what is asked. Emptying the list is its documented switch.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


@dataclass(frozen=True, slots=True)
class CaseRules:
    """What a case reference looks like here."""

    pattern: re.Pattern[str]
    example: str
    is_required: bool = False


def is_help(typed: str) -> bool:
    """Whether the words, or their absence, ask for help."""
    return typed.strip().lower() in {"", "help"}


def is_without_address(typed: str) -> bool:
    """Whether the words hold nothing that could be meant as an address."""
    return typed.isascii() and "@" not in typed


def question(typed: str, rules: CaseRules) -> Question:
    """The one address, exactly as typed, and the case after it.

    Raises:
        QueryRefused: one of its kinds, for whatever cannot be looked up as it is.
    """
    words = _unquote(_MAILTO.sub(_unwrap_mailto, _unquote(typed.strip(" \t\r\n"))))
    first, _, rest = words.partition(" ")
    first, rest = _unquote(first), rest.strip(" ")
    _refuse_characters(first + rest)
    if words.count("@") > 1:
        raise SeveralAddresses
    return Question(address(first), _case(rest, rules))


def address(typed: str) -> Email:
    """The address, unchanged, if it is the syntax of one.

    Raises:
        QueryRefused: it is not.
    """
    _refuse_characters(typed)
    if len(typed) > ADDRESS_CHARACTERS or len(typed.partition("@")[0]) > LOCAL_PART_CHARACTERS:
        raise AddressTooLong
    try:
        validate_email(typed, check_deliverability=False, strict=True)
    except EmailNotValidError as exc:
        raise NotAnAddress from exc
    return Email(typed)


def plain_form(email: Email) -> Email | None:
    """The address in lower case and without a plus-tag; None when it is that already."""
    local, _, domain = email.lower().partition("@")
    plain = Email(f"{local.partition('+')[0] or local}@{domain}")
    try:
        return None if plain == email else address(plain)
    except QueryRefused:
        return None


def _case(rest: str, rules: CaseRules) -> Case | None:
    if not rest:
        if rules.is_required:
            raise CaseMissing(rules.example)
        return None
    if len(rest) > CASE_CHARACTERS or not rules.pattern.fullmatch(rest):
        raise CaseMalformed(rules.example)
    return Case(rest)


def _unwrap_mailto(match: re.Match[str]) -> str:
    """Slack's `<mailto:X|X>`; what is shown must be what is looked up."""
    return match[1] if match[1] == match[2] else match[0]


def _unquote(words: str) -> str:
    if len(words) > 1 and _QUOTES.get(words[0]) == words[-1]:
        return words[1:-1].strip(" ")
    return words


def _refuse_characters(words: str) -> None:
    for character in words:
        if character == " ":
            continue
        if unicodedata.category(character) in _INVISIBLE_CATEGORIES:
            raise InvisibleCharacter(_name(character))
        if not character.isascii():
            raise NotAscii(_name(character))


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}")
