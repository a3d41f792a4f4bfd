"""The words after the command: what is looked up, exactly as typed, and what is refused."""

import re

import httpx
import pytest

from bot import buttons, errors
from bot.models import Case, Email, Question
from bot.query import CaseRules, address, is_help, is_without_address, plain_form, question

DEFAULT = re.compile(r"#?(?=.*\d)[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}")
RULES = CaseRules(DEFAULT, "DSR-123")
REQUIRED = CaseRules(DEFAULT, "DSR-123", is_required=True)
ANYTHING = CaseRules(re.compile(r".+"), "anything")
JANE = Email("jane@example.com")
LONG_DOMAIN = ".".join(["d" * 60] * 3)


def padded(length: int) -> str:
    """An address of so many characters, each of its parts within its own limit."""
    local = "l" * 60
    rest = length - len(local) - len(LONG_DOMAIN) - len("@..com")
    return f"{local}@{LONG_DOMAIN}.{'x' * rest}.com"


# what is an address


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
    assert question(typed, RULES) == Question(Email(typed), None)


@pytest.mark.parametrize(
    "email", ["jane+news@example.com", "a%0d%0ab@example.com", "a&b=c#d@example.com"]
)
def test_an_odd_but_valid_address_stays_one_parameter_of_the_request(email: str) -> None:
    taken = question(email, RULES).email
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
    with pytest.raises(errors.NotAnAddress):
        question(typed, RULES)


@pytest.mark.parametrize(
    "typed",
    [
        "jane@example.com john@example.com",
        "jane@example.com,john@example.com",
        "jane@example.com, john@example.com",
        "jane@example.com;john@example.com",
        "jane@example.com DSR-123 john@example.com",
        "jane@john@example.com",
        "a@b.c?x=1&emailAddress=ceo@x",
        "<mailto:jane@example.com|john@example.com>",
    ],
)
def test_several_addresses_are_refused(typed: str) -> None:
    with pytest.raises(errors.SeveralAddresses):
        question(typed, RULES)


@pytest.mark.parametrize("typed", ["DSR-123 jane@example.com", '"Jane" <jane@example.com>'])
def test_a_single_address_in_the_wrong_place_is_not_called_several(typed: str) -> None:
    with pytest.raises(errors.NotAnAddress):
        question(typed, RULES)


@pytest.mark.parametrize(
    "typed", [padded(255), "l" * 65 + "@example.com", "x" * 9000 + "@example.com"]
)
def test_an_address_longer_than_mail_allows_is_refused(typed: str) -> None:
    with pytest.raises(errors.AddressTooLong):
        question(typed, RULES)


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
    with pytest.raises(errors.NotAscii) as refused:
        question(typed, RULES)
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
    with pytest.raises(errors.InvisibleCharacter) as refused:
        question(typed, RULES)
    assert refused.value.character == named


def test_an_address_from_elsewhere_is_judged_like_a_typed_one() -> None:
    with pytest.raises(errors.InvisibleCharacter):
        address("jane\u200b@example.com")


# what Slack and people put around it


@pytest.mark.parametrize(
    "typed",
    [
        "  jane@example.com \r\n",
        "\tjane@example.com",
        "<mailto:jane@example.com|jane@example.com>",
        '"jane@example.com"',
        "'jane@example.com'",
        "`jane@example.com`",
        "“jane@example.com”",
        "‘jane@example.com’",
        '" jane@example.com "',
        '"<mailto:jane@example.com|jane@example.com>"',
    ],
)
def test_what_stands_around_an_address_is_taken_off(typed: str) -> None:
    assert question(typed, RULES) == Question(JANE)


@pytest.mark.parametrize(
    "typed",
    [
        "jane@example.com DSR-123",
        "jane@example.com    DSR-123  ",
        "<mailto:jane@example.com|jane@example.com> DSR-123",
        '"jane@example.com" DSR-123',
        "“jane@example.com” DSR-123",
        "“jane@example.com DSR-123”",
    ],
)
def test_a_case_may_follow_the_address(typed: str) -> None:
    assert question(typed, RULES) == Question(JANE, Case("DSR-123"))


@pytest.mark.parametrize("typed", ['"jane@example.com', '“jane@example.com"', "'"])
def test_quotes_that_do_not_match_are_not_taken_off(typed: str) -> None:
    with pytest.raises(errors.QueryRefused):
        question(typed, RULES)


# the case


@pytest.mark.parametrize(
    "case", ["DSR-123", "#4711", "2024/11", "7", "a_b#1", "A" * 39 + "1", "#" + "1" * 40]
)
def test_a_case_reference_is_kept_as_it_is(case: str) -> None:
    assert question(f"jane@example.com {case}", RULES).case == case


@pytest.mark.parametrize(
    "case", ["urgent", "please look", "-1", "DSR 123", "DSR-123!", "1" * 41, "<!channel>1", "#"]
)
def test_a_case_reference_that_does_not_look_like_one_is_refused(case: str) -> None:
    with pytest.raises(errors.CaseMalformed) as refused:
        question(f"jane@example.com {case}", RULES)
    assert refused.value.example == "DSR-123"


def test_a_missing_case_is_refused_where_one_is_required() -> None:
    with pytest.raises(errors.CaseMissing) as refused:
        question("jane@example.com", REQUIRED)
    assert refused.value.example == "DSR-123"


def test_a_given_case_is_enough_where_one_is_required() -> None:
    assert question("jane@example.com DSR-123", REQUIRED) == Question(JANE, Case("DSR-123"))


def test_the_address_is_judged_before_the_case() -> None:
    with pytest.raises(errors.NotAnAddress):
        question("jane@acme", REQUIRED)


@pytest.mark.parametrize("length", [200, 201, 5000])
def test_a_case_that_no_button_could_carry_is_refused_at_once(length: int) -> None:
    try:
        case = question(f"jane@example.com {'1' * length}", ANYTHING).case
    except errors.CaseMalformed:
        return
    digest = "0" * buttons.DIGEST_CHARACTERS
    state = buttons.Button(2, JANE, case, 0, digest, "R-3F9A-2C71-B04D", "U0ANA", 0, is_kept=False)
    assert buttons.decode(buttons.encode(state)) == state


# help


@pytest.mark.parametrize("typed", ["", "   ", "help", " HELP ", "Help"])
def test_help_is_asked_for_by_name_or_by_saying_nothing(typed: str) -> None:
    assert is_help(typed)


@pytest.mark.parametrize("typed", ["?", "--version", "jane", "jane doe", "x" * 9000])
def test_words_without_an_address_are_neither_help_nor_an_address(typed: str) -> None:
    assert (is_help(typed), is_without_address(typed)) == (False, True)


@pytest.mark.parametrize(
    "typed", ["jane@example.com", "@", "help@example.com", "help me@example.com", "jané", "\u200b"]
)
def test_help_is_not_for_what_may_be_meant_as_an_address(typed: str) -> None:
    assert not is_help(typed)


# the address without what may make a difference


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
