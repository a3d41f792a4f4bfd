"""The words after the command: what stands around an address, the case after it, and help."""

import re

import pytest

from bot import refusals
from bot.lookup.command import CaseRules, is_help, is_without_address, judge_case, parse_question
from bot.messages import buttons
from bot.models import Case, Email, Question
from tests.support.case_rules import DEFAULT, RULES

REQUIRED = CaseRules(DEFAULT, "DSR-123", is_required=True)
ANYTHING = CaseRules(re.compile(r".+"), "anything")
JANE = Email("jane@example.com")


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
    with pytest.raises(refusals.SeveralAddresses):
        parse_question(typed, RULES)


@pytest.mark.parametrize("typed", ["DSR-123 jane@example.com", '"Jane" <jane@example.com>'])
def test_a_single_address_in_the_wrong_place_is_not_called_several(typed: str) -> None:
    with pytest.raises(refusals.NotAnAddress):
        parse_question(typed, RULES)


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
    assert parse_question(typed, RULES) == Question(JANE)


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
    assert parse_question(typed, RULES) == Question(JANE, Case("DSR-123"))


@pytest.mark.parametrize("typed", ['"jane@example.com', '“jane@example.com"', "'"])
def test_quotes_that_do_not_match_are_not_taken_off(typed: str) -> None:
    with pytest.raises(refusals.QueryRefused):
        parse_question(typed, RULES)


# the case


@pytest.mark.parametrize(
    "case", ["DSR-123", "#4711", "2024/11", "7", "a_b#1", "A" * 39 + "1", "#" + "1" * 40]
)
def test_a_case_reference_is_kept_as_it_is(case: str) -> None:
    question = parse_question(f"jane@example.com {case}", RULES)
    judge_case(question, RULES)
    assert question.case == case


@pytest.mark.parametrize(
    "case", ["urgent", "please look", "-1", "DSR 123", "DSR-123!", "1" * 41, "<!channel>1", "#"]
)
def test_a_case_reference_that_does_not_look_like_one_is_refused(case: str) -> None:
    question = parse_question(f"jane@example.com {case}", RULES)
    with pytest.raises(refusals.CaseMalformed) as refused:
        judge_case(question, RULES)
    assert refused.value.example == "DSR-123"


def test_a_missing_case_is_refused_where_one_is_required() -> None:
    with pytest.raises(refusals.CaseMissing) as refused:
        parse_question("jane@example.com", REQUIRED)
    assert refused.value.example == "DSR-123"


def test_a_given_case_is_enough_where_one_is_required() -> None:
    assert parse_question("jane@example.com DSR-123", REQUIRED) == Question(JANE, Case("DSR-123"))


def test_the_address_is_judged_before_the_case() -> None:
    with pytest.raises(refusals.NotAnAddress):
        parse_question("jane@acme", REQUIRED)


@pytest.mark.parametrize("length", [200, 201, 5000])
def test_a_case_that_no_button_could_carry_is_refused_at_once(length: int) -> None:
    try:
        case = parse_question(f"jane@example.com {'1' * length}", ANYTHING).case
    except refusals.CaseMalformed:
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
