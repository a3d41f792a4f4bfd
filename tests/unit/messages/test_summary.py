"""What a summary says, what it shows, and what must not be read as more than it is."""

import pytest

from bot.models import Case, Section
from bot.slack.block_kit import Message
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.block_kit import faults
from tests.stand_ins.people import from_file
from tests.support.messages import (
    CASE,
    JANE,
    evidence,
    of_person,
    page,
    pressable,
    sayings,
    summary,
)

LONG = "l" * 60 + "@" + ".".join(["d" * 60] * 3) + ".com"


def test_the_words_say_all_that_the_blocks_show() -> None:
    made = summary(of_person(JANE), CASE)
    drawn = [block for block in made.blocks if block["type"] != "actions"]
    shown = [text.strip() for text in sayings(Message(made.text, tuple(drawn)))]
    assert [text for text in shown if text not in made.text] == []


def test_only_sections_with_rows_have_a_button() -> None:
    assert [*pressable(summary(of_person("partial@example.com")))] == [
        "Emails 5",
        "CRM records 2",
        "Engagement 7",
        "Refresh",
        "What this covers",
        "Text for the reply",
        "Withdraw",
    ]


def test_every_button_carries_the_whole_question() -> None:
    found = of_person(JANE)
    for button in pressable(summary(found, CASE)).values():
        assert (button.email, button.case, button.is_of(found)) == (JANE, CASE, True)


@pytest.mark.parametrize("value", [EMPTY, from_file("documented.json")])
def test_a_very_long_address_is_shown_in_full(value: object) -> None:
    assert len(LONG) == 247
    made = summary(evidence(value, LONG), Case("#" + "1" * 40))
    assert f"Address searched: {LONG}" in sayings(made)
    assert faults(list(made.blocks)) == []


def test_many_kinds_of_calls_are_named_up_to_a_limit() -> None:
    calls = [{"status": f"STATUS {number} {'x' * 100}"} for number in range(9)]
    made = summary(evidence({**EMPTY, "calls": calls}))
    (line,) = [text for text in sayings(made) if "STATUS" in text]
    assert line.count("STATUS") == 6
    assert line.strip().endswith("…, 3 more kinds in the file)")
    assert "x" * 40 not in line


def test_as_many_kinds_as_are_named_leave_no_rest() -> None:
    made = summary(evidence({**EMPTY, "calls": [{"status": f"S{number}"} for number in range(6)]}))
    assert "Calls: 6 (1 S0, 1 S1, 1 S2, 1 S3, 1 S4, 1 S5)" in made.text


def test_a_status_with_line_breaks_stays_on_its_line() -> None:
    made = summary(evidence({**EMPTY, "calls": [{"status": "COMPLETED\n\nEmails: 0"}]}))
    assert "Calls: 1 (1 COMPLETED Emails: 0)" in made.text


@pytest.mark.parametrize(
    ("emails", "told"),
    [
        ([{"messageHash": "m"}, {}], "2 mailbox copies of at least 1 message"),
        ([{"mailbox": "a@x.com"}, {}], "2 mailbox copies, at least 1 mailbox"),
        ([{"sentTime": "2024-01-17T16:20:05Z"}], "1 mailbox copy, 17 Jan 2024"),
        ([{"sentTime": "2024-01-17T22:20:05-03:00"}], "1 mailbox copy, 18 Jan 2024"),
        ([{"sentTime": "then"}], "1 mailbox copy, 1 without a readable time"),
        (
            [{"sentTime": "2024-01-18T01:00:00+05:30"}, {"sentTime": "2024-01-17T20:31:00Z"}],
            "2 mailbox copies, 17 Jan 2024",
        ),
    ],
)
def test_the_line_of_emails_says_no_more_than_is_known(
    emails: list[dict[str, str]], told: str
) -> None:
    made = summary(evidence({**EMPTY, "emails": emails}))
    assert f"\nEmails: {told}" in made.text


# what must not be read as more than it is


def test_only_a_whole_answer_is_called_empty() -> None:
    whole = summary(evidence(EMPTY))
    assert "No references returned" in whole.text
    assert "This does not mean the company holds no data." in whole.text


@pytest.mark.parametrize(
    "value",
    [
        {},
        {**EMPTY, "calls": None},
        {**EMPTY, "calls": "none"},
        {**EMPTY, "records": {}},
        {**EMPTY, "cursor": None},
    ],
)
def test_an_answer_with_a_gap_is_never_called_empty(value: dict[str, object]) -> None:
    made = summary(evidence(value))
    assert "no references" not in made.text.lower()
    assert "ncomplete" in made.text


def test_nothing_is_stated_about_a_colleague() -> None:
    made = summary(evidence(EMPTY), is_own_domain=True)
    assert "no references" not in made.text.lower()
    assert "ask a Gong tech admin" in made.text


@pytest.mark.parametrize(
    ("email", "is_told"),
    [("jane@example.com", False), ("Jane@example.com", True), ("jane+a@example.com", True)],
)
def test_a_variant_that_was_not_searched_is_named(email: str, *, is_told: bool) -> None:
    made = summary(evidence(EMPTY, email))
    assert ("Not searched: jane@example.com" in made.text) is is_told


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_kept_answer_says_so(*, is_kept: bool) -> None:
    made = summary(evidence(EMPTY), is_kept=is_kept)
    assert ("from the answer kept since 14:02:33 UTC" in made.text) is is_kept


@pytest.mark.parametrize("will_be_kept", [True, False])
def test_an_answer_too_large_to_keep_says_so(*, will_be_kept: bool) -> None:
    found = of_person("test@test.com")
    for made in (
        summary(found, will_be_kept=will_be_kept),
        page(Section.CALLS, found, will_be_kept=will_be_kept),
    ):
        assert ("too large to be kept" in made.text) is not will_be_kept
