"""What is one plain address, taken exactly as it was typed, and which is its plain form."""

import httpx
import pytest

from bot import refusals
from bot.address import parse_address, plain_form
from bot.lookup.command import parse_question
from bot.models import Email, Question
from tests.support.case_rules import RULES

LONG_DOMAIN = ".".join(["d" * 60] * 3)


def padded(length: int) -> str:
    """An address of so many characters, each of its parts within its own limit."""
    local = "l" * 60
    rest = length - len(local) - len(LONG_DOMAIN) - len("@..com")
    return f"{local}@{LONG_DOMAIN}.{'x' * rest}.com"


@pytest.mark.parametrize(
    "typed",
    [
        "jane@example.com",
        "Jane.DOE@Example.COM",
        "jane+news@example.com",
        "o'brien@example.com",
        "jane_doe-x%y&z=1#2!3$4*5/6?7^8`9{a|b}c~@example.com",
        "a%0d%0ab@example.com",
        "jane@corp.local",
        "jane@intranet.test",
        "jane@gong.invalid",
        "jane@xn--80ak6aa92e.com",
        "payload@acme.com",
        "1@2.example",
        "l" * 64 + "@example.com",
        padded(254),
    ],
)
def test_an_address_is_taken_exactly_as_it_was_typed(typed: str) -> None:
    assert parse_question(typed, RULES) == Question(Email(typed), None)


@pytest.mark.parametrize(
    "email", ["jane+news@example.com", "a%0d%0ab@example.com", "a&b=c#d@example.com"]
)
def test_an_odd_but_valid_address_stays_one_parameter_of_the_request(email: str) -> None:
    taken = parse_question(email, RULES).email
    url = httpx.URL("https://api.gong.io/", params={"emailAddress": taken})
    assert url.params.multi_items() == [("emailAddress", email)]


@pytest.mark.parametrize(
    "typed",
    [
        "jane@acme",
        "jane@",
        "@example.com",
        "jane@example.com.",
        "jane@.example.com",
        "jane@example..com",
        "jane..doe@example.com",
        ".jane@example.com",
        "jane@-example.com",
        "jane@[127.0.0.1]",
        "jane@127.0.0.1",
        "jane@exa_mple.com",
        "jane@xn--a.com",
        "mailto:jane@example.com",
        "<jane@example.com>",
        "<mailto:jane@example.com>",
        "<!channel>@a.b",
        "<@U1>",
        "<https://evil|jane@acme.com>",
        "a@b.c?x=1",
        "a@b.c#x",
        "a@b.c&x=1",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(refusals.NotAnAddress):
        parse_question(typed, RULES)


@pytest.mark.parametrize(
    "typed", [padded(255), "l" * 65 + "@example.com", "x" * 9000 + "@example.com"]
)
def test_an_address_longer_than_mail_allows_is_refused(typed: str) -> None:
    with pytest.raises(refusals.AddressTooLong):
        parse_question(typed, RULES)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("jane@\N{CYRILLIC SMALL LETTER A}cme.com", "CYRILLIC SMALL LETTER A"),
        ("\N{FULLWIDTH LATIN SMALL LETTER J}ane@acme.com", "FULLWIDTH LATIN SMALL LETTER J"),
        ("jané@acme.com", "LATIN SMALL LETTER E WITH ACUTE"),
        ("jane@acme\N{FULLWIDTH FULL STOP}com", "FULLWIDTH FULL STOP"),
        ("jane\N{SMALL COMMERCIAL AT}acme.com", "SMALL COMMERCIAL AT"),
        ("jane@example.com DSR–123", "EN DASH"),
    ],
)
def test_a_look_alike_letter_is_refused_by_name(typed: str, named: str) -> None:
    with pytest.raises(refusals.NotAscii) as refused:
        parse_question(typed, RULES)
    assert refused.value.character == named


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("jane\u200b@example.com", "ZERO WIDTH SPACE"),
        ("jane@example.com\u200b", "ZERO WIDTH SPACE"),
        ("ja\u00adne@example.com", "SOFT HYPHEN"),
        ("jane@\u202eexample.com", "RIGHT-TO-LEFT OVERRIDE"),
        ("jane\x00@example.com", "U+0000"),
        ("jane@example.com\r\nDSR-123", "U+000D"),
        ("jane@example.com\tDSR-123", "U+0009"),
        ("jane@example.com\u00a0DSR-123", "NO-BREAK SPACE"),
        ("jane\ue000@example.com", "U+E000"),
        ("jane@example.com DSR\u2060-123", "WORD JOINER"),
        ("\ufeffjane@example.com", "ZERO WIDTH NO-BREAK SPACE"),
    ],
)
def test_an_invisible_character_is_refused_by_name_and_never_stripped(
    typed: str, named: str
) -> None:
    with pytest.raises(refusals.InvisibleCharacter) as refused:
        parse_question(typed, RULES)
    assert refused.value.character == named


def test_an_address_from_elsewhere_is_judged_like_a_typed_one() -> None:
    with pytest.raises(refusals.InvisibleCharacter):
        parse_address("jane\u200b@example.com")


@pytest.mark.parametrize(
    ("email", "plain"),
    [
        ("jane@example.com", None),
        ("Jane@example.com", "jane@example.com"),
        ("jane@EXAMPLE.com", "jane@example.com"),
        ("jane+news@example.com", "jane@example.com"),
        ("Jane+a+b@Example.com", "jane@example.com"),
        ("+jane@example.com", None),
        ("jane.+news@example.com", None),
    ],
)
def test_the_plain_form_has_neither_capitals_nor_plus_tag(email: str, plain: str | None) -> None:
    assert plain_form(Email(email)) == plain
