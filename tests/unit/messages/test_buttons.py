"""What a button carries: all that is needed after any restart, and nothing that is trusted."""

import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.evidence.result import Result
from bot.gong.response import read_response
from bot.lookup.command import CaseRules, question_again
from bot.messages import buttons
from bot.messages.buttons import DIGEST_CHARACTERS, OPENS, Action, Button, Counts
from bot.models import Asker, Case, Email, Evidence, Finding, Question, Search, Section
from bot.refusals import ButtonUnreadable
from tests.stand_ins.answering import EMPTY

RULES = CaseRules(re.compile(r"DSR-\d+"), "DSR-123")
REQUIRED = CaseRules(RULES.pattern, RULES.example, is_required=True)
JANE = Email("jane+news@example.com")
AT = datetime(2026, 11, 23, 14, 2, 33, 987654, tzinfo=UTC)
DIGEST = "0123456789abcdef"
SENT = "/v2/data-privacy/data-for-email-address?emailAddress=jane%40example.com"
RECEIPT = "R-3F9A-2C71-B04D"
COUNTS = Counts((243, 12, 3, None, 7), 118, is_whole=False)
ASKED_AT = datetime(2026, 11, 23, 14, 2, 31, tzinfo=UTC)
EVIDENCE = Evidence(
    JANE, "api.gong.io", SENT, AT, read_response(200, {}, json.dumps(EMPTY).encode())
)
FINDING = Finding(EVIDENCE, is_kept=False)
ASKER = Asker("T0US", None, "C0LEGAL", "U0ANA", "")
PLAIN = Button(2, JANE, None, 1795442553987, DIGEST, RECEIPT, "U0ANA", 1795442551, is_kept=False)
STATES = [
    PLAIN,
    replace(PLAIN, case="DSR-123", section=Section.CUSTOMER_DATA, start=99, is_kept=True),
    replace(PLAIN, counts=COUNTS, files=("F0000001", "F0000002")),
    replace(
        PLAIN,
        email="l" * 64 + "@" + "d" * 189,
        case="\\" * 200,
        section=Section.CUSTOMER_ENGAGEMENT,
        start=10**15,
        asked_by="U" * 64,
        counts=Counts((10**9,) * 5, 10**9, is_whole=False),
        files=("F" * 64, "F" * 64),
    ),
]


@pytest.mark.parametrize("state", STATES)
def test_a_button_carries_its_state_within_slacks_limit(state: Button) -> None:
    value = buttons.encode(state)
    assert buttons.decode(value) == state
    assert len(value) <= 2000


def test_a_button_of_this_version_works_after_any_restart() -> None:
    value = (
        '[2,"jane@example.com","DSR-123",1795442553987,"0123456789abcdef","R-3F9A-2C71-B04D","U0ANA",'
        '1795442551,false,"emails",99,[[243,12,3,null,7],118,false],["F0000001"]]'
    )
    button = buttons.decode(value)
    question = Question(Email("jane@example.com"), Case("DSR-123"))
    assert question_again(button, RULES) == question
    assert button.search(question) == Search(RECEIPT, question, "U0ANA", ASKED_AT)
    assert (button.section, button.start, button.files) == (Section.EMAILS, 99, ("F0000001",))
    assert button.counts == COUNTS


def test_a_button_of_the_version_before_asks_to_type_again() -> None:
    with pytest.raises(ButtonUnreadable):
        buttons.decode(
            '[1,"jane@example.com","DSR-123",1795442553987,"0123456789abcdef","emails",99]'
        )


GOOD: list[Any] = [
    *(2, "jane@example.com", "DSR-123", 1795442553987, DIGEST, RECEIPT, "U0ANA", 1795442551, False),
    *("emails", 99, [[243, 12, 3, None, 7], 118, False], ["F0000001", "F0000002"]),
]


def altered(place: int, value: object) -> str:
    return json.dumps([*GOOD[:place], value, *GOOD[place + 1 :]])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "null",
        "{}",
        "[]",
        "not JSON",
        "[" * 100_000,
        json.dumps(GOOD)[:-1],
        json.dumps(GOOD[:8]),
        json.dumps([*GOOD, "more"]),
        json.dumps({"version": 2, "email": "jane@example.com"}),
        "half an emoji \ud83d",
        altered(0, 0),
        altered(0, 1),
        altered(0, "2"),
        altered(1, None),
        altered(1, "x" * 255),
        altered(2, 7),
        altered(2, "x" * 201),
        altered(3, "1795442553987"),
        altered(3, 1.5),
        altered(3, -1),
        altered(3, 253_402_300_799_001),
        altered(4, "0123456789ABCDEF"),
        altered(4, DIGEST[:-1]),
        altered(4, f"{DIGEST}0"),
        altered(4, f"{DIGEST}\n"),
        altered(5, "R-3f9a-2c71-b04d"),
        altered(5, f"{RECEIPT}\n"),
        altered(5, f"see <!channel> {RECEIPT}"),
        altered(6, "ana"),
        altered(6, "U0ANA>"),
        altered(6, ""),
        altered(7, None),
        altered(7, -1),
        altered(7, 10**12),
        altered(8, 0),
        altered(9, "passwords"),
        altered(9, ["emails"]),
        altered(10, -1),
        altered(10, "0"),
        altered(10, None),
        altered(11, [[1, 2, 3, 4], 1, True]),
        altered(11, [[1, 2, 3, 4, "5"], 1, True]),
        altered(11, [[1, 2, 3, 4, -5], 1, True]),
        altered(11, [[1, 2, 3, 4, 5], 1]),
        altered(12, ["F1", "F2", "F3"]),
        altered(12, ["f1"]),
        altered(12, ["F1&x=1"]),
        altered(12, "F1"),
    ],
    ids=lambda value: value[:40],
)
def test_an_altered_or_unknown_value_is_refused(value: str) -> None:
    with pytest.raises(ButtonUnreadable):
        buttons.decode(value)


# the question


@pytest.mark.parametrize(
    "email", ["jane@acme", "", "jane@example.com john@example.com", "jane\u200b@example.com"]
)
def test_the_address_is_judged_as_if_it_had_been_typed(email: str) -> None:
    with pytest.raises(ButtonUnreadable):
        question_again(replace(PLAIN, email=email), RULES)


def test_the_case_is_judged_as_if_it_had_been_typed() -> None:
    with pytest.raises(ButtonUnreadable):
        question_again(replace(PLAIN, case="<!channel>"), RULES)


def test_a_button_needs_a_case_only_where_a_command_does() -> None:
    assert question_again(PLAIN, RULES) == Question(JANE)
    with pytest.raises(ButtonUnreadable):
        question_again(PLAIN, REQUIRED)


# the answer it belongs to


def test_a_button_belongs_to_the_answer_it_was_made_for() -> None:
    search = Search(RECEIPT, Question(JANE, Case("DSR-123")), "U0ANA", ASKED_AT)
    button = buttons.for_result(Result.of(ASKER, search, FINDING))
    digest = EVIDENCE.answer.digest[:DIGEST_CHARACTERS]
    assert button == replace(PLAIN, case="DSR-123", digest=digest)
    assert button.search(search.question) == search
    assert button.is_of(EVIDENCE)
    assert button.is_from(EVIDENCE)


def test_the_same_answer_at_another_time_is_another_one() -> None:
    search = Search(RECEIPT, Question(JANE), "U0ANA", ASKED_AT)
    button = buttons.for_result(Result.of(ASKER, search, FINDING))
    later = dataclasses.replace(EVIDENCE, answered_at=AT + timedelta(seconds=1))
    assert button.is_of(later)
    assert not button.is_from(later)


def test_a_button_does_not_belong_to_another_answer() -> None:
    assert not PLAIN.is_of(EVIDENCE)
    assert not PLAIN.is_from(EVIDENCE)


def test_a_button_for_another_page_differs_in_nothing_else() -> None:
    moved = buttons.at(STATES[1], Section.CALLS, 25)
    assert moved == replace(STATES[1], section=Section.CALLS, start=25)


# the action ids


def test_every_section_has_an_action_of_its_own() -> None:
    assert set(OPENS) == set(Section)
    assert len(set(OPENS.values())) == len(Section)


def test_action_ids_are_names_that_may_be_logged() -> None:
    assert all(re.fullmatch("[a-z_]+", action) for action in Action)
