"""What a button carries: all that is needed after any restart, and nothing that is trusted."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import buttons
from bot.buttons import DIGEST_CHARACTERS, OPEN, Action, Button
from bot.decipher import decipher
from bot.errors import ButtonUnreadable
from bot.models import Case, Email, Evidence, Question, Section
from bot.query import CaseRules
from tests.stand_ins.answering import EMPTY

RULES = CaseRules(re.compile(r"DSR-\d+"), "DSR-123")
REQUIRED = CaseRules(RULES.pattern, RULES.example, is_required=True)
JANE = Email("jane+news@example.com")
AT = datetime(2026, 11, 23, 14, 2, 33, 987654, tzinfo=UTC)
DIGEST = "0123456789abcdef"
EVIDENCE = Evidence(JANE, "api.gong.io", AT, decipher(200, {}, json.dumps(EMPTY).encode()))
STATES = [
    Button(1, JANE, None, 1795442553, DIGEST),
    Button(1, JANE, "DSR-123", 1795442553, DIGEST, Section.CUSTOMER_DATA, 99),
    Button(1, "l" * 64 + "@" + "d" * 189, "\\" * 200, -1, DIGEST, Section.EMAILS, 10**15),
]


@pytest.mark.parametrize("state", STATES)
def test_a_button_carries_its_state_within_slacks_limit(state: Button) -> None:
    value = buttons.encode(state)
    assert buttons.decode(value) == state
    assert len(value) <= 2000


def test_a_button_of_the_first_version_still_works() -> None:
    value = '[1,"jane@example.com","DSR-123",1795442553,"0123456789abcdef","emails",99]'
    button = buttons.decode(value)
    assert button.question(RULES) == Question(Email("jane@example.com"), Case("DSR-123"))
    assert (button.section, button.start) == (Section.EMAILS, 99)


GOOD: list[Any] = [1, "jane@example.com", "DSR-123", 1795442553, DIGEST, "emails", 99]


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
        json.dumps(GOOD[:4]),
        json.dumps([*GOOD, "more"]),
        json.dumps({"version": 1, "email": "jane@example.com"}),
        "half an emoji \ud83d",
        altered(0, 0),
        altered(0, 2),
        altered(0, "1"),
        altered(1, None),
        altered(1, "x" * 255),
        altered(2, 7),
        altered(2, "x" * 201),
        altered(3, "1795442553"),
        altered(3, 1.5),
        altered(4, "0123456789ABCDEF"),
        altered(4, DIGEST[:-1]),
        altered(4, f"{DIGEST}0"),
        altered(4, f"{DIGEST}\n"),
        altered(5, "passwords"),
        altered(5, ["emails"]),
        altered(6, -1),
        altered(6, "0"),
        altered(6, None),
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
        Button(1, email, None, 0, DIGEST).question(RULES)


def test_the_case_is_judged_as_if_it_had_been_typed() -> None:
    with pytest.raises(ButtonUnreadable):
        Button(1, JANE, "<!channel>", 0, DIGEST).question(RULES)


def test_a_button_needs_a_case_only_where_a_command_does() -> None:
    button = Button(1, JANE, None, 0, DIGEST)
    assert button.question(RULES) == Question(JANE)
    with pytest.raises(ButtonUnreadable):
        button.question(REQUIRED)


# the answer it belongs to


def test_a_button_belongs_to_the_answer_it_was_made_for() -> None:
    button = buttons.for_answer(Question(JANE, Case("DSR-123")), EVIDENCE)
    assert button == Button(
        1, JANE, "DSR-123", 1795442553, EVIDENCE.answer.digest[:DIGEST_CHARACTERS]
    )
    assert button.is_of(EVIDENCE)


def test_a_button_does_not_belong_to_another_answer() -> None:
    assert not Button(1, JANE, None, 0, DIGEST).is_of(EVIDENCE)


def test_a_button_for_another_page_differs_in_nothing_else() -> None:
    moved = buttons.at(STATES[0], Section.CALLS, 25)
    assert moved == Button(1, JANE, None, 1795442553, DIGEST, Section.CALLS, 25)


# the action ids


def test_every_section_has_an_action_of_its_own() -> None:
    assert set(OPEN) == set(Section)
    assert len(set(OPEN.values())) == len(Section)


def test_action_ids_are_names_that_may_be_logged() -> None:
    assert all(re.fullmatch("[a-z_]+", action) for action in Action)
