"""Every message as it is posted, kept as golden JSON; `make golden` writes the files anew."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.gong.changes import Changes, SectionChange
from bot.messages import buttons, files
from bot.messages.elements import withdrawn_message
from bot.models import Email, Evidence, Section
from bot.slack import block_kit
from bot.slack.block_kit import Message
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.block_kit import faults
from tests.support.messages import (
    ANA,
    AT,
    CASE,
    CHANGED,
    JANE,
    LATER,
    RECEIPT,
    UNCHANGED,
    evidence,
    long_records,
    of_person,
    page,
    receipt_of,
    search,
    state,
    summary,
)
from tests.support.paths import DATA

GOLDEN = DATA / "blocks"
ODD = Email("odd@example.com")


def mailboxes(number: int) -> Evidence:
    """Emails in so many mailboxes, the last with the most; one with markup for a name."""
    rows = [
        {"mailbox": f"{each}<!channel>@acme.example", "messageHash": f"{each}-{copy}"}
        | {"from": JANE if copy == 0 else "ben@acme.example", "sentTime": "2024-01-17T16:20:05Z"}
        for each in range(number)
        for copy in range(each + 1)
    ]
    unplaced = {"messageHash": "0-0", "sentTime": "yesterday"}
    return evidence({**EMPTY, "emails": [*rows, unplaced, {"mailbox": "0<!channel>@acme.example"}]})


WITH_FILE = buttons.with_files(UNCHANGED, ["F0000001"])
WITH_FILES = buttons.with_files(UNCHANGED, ["F0000001", "F0000002"])
MOVED = Changes(
    is_same=False,
    by_section={
        Section.EMAILS: SectionChange(3, 1),
        Section.CALLS: SectionChange(0, 0),
        Section.MEETINGS: None,
        Section.CUSTOMER_DATA: SectionChange(0, 1200),
        Section.CUSTOMER_ENGAGEMENT: SectionChange(0, 0),
    },
)

NOT_COMPARED = Changes(
    is_same=False,
    by_section={**dict.fromkeys(Section, SectionChange(0, 0)), Section.EMAILS: None},
    differs_elsewhere=True,
)
IN_DETAIL = Changes(is_same=False, by_section=dict.fromkeys(Section, SectionChange(0, 0)))

MESSAGES: dict[str, Callable[[], Message]] = {
    "summary": lambda: summary(of_person(JANE), CASE),
    "summary_one_of_each": lambda: summary(of_person("test@test.com")),
    "summary_no_statement": lambda: summary(evidence({**EMPTY, "errors": "Internal error"}), CASE),
    "summary_new_field": lambda: summary(
        evidence({**EMPTY, "calls": [{"id": "1", "status": "COMPLETED"}], "tookMs": 7})
    ),
    "summary_empty": lambda: summary(evidence(EMPTY), CASE),
    "summary_empty_own_domain": lambda: summary(evidence(EMPTY), is_own_domain=True),
    "summary_own_domain": lambda: summary(of_person("test@test.com"), is_own_domain=True),
    "summary_not_returned": lambda: summary(of_person("partial@example.com")),
    "summary_nothing_returned": lambda: summary(evidence({})),
    "summary_possibly_incomplete": lambda: summary(evidence({**EMPTY, "cursor": "next"})),
    "summary_kept": lambda: summary(evidence(EMPTY), is_kept=True),
    "summary_too_large": lambda: summary(of_person("test@test.com"), will_be_kept=False),
    "summary_variant": lambda: summary(evidence(EMPTY, "Jane+News@Example.com")),
    "summary_without_request_id": lambda: summary(evidence(json.dumps(EMPTY).encode())),
    "summary_odd": lambda: summary(of_person(ODD)),
    "page_emails": lambda: page(Section.EMAILS, of_person("partial@example.com")),
    "page_calls": lambda: page(Section.CALLS, of_person("test@test.com")),
    "page_meetings": lambda: page(Section.MEETINGS, of_person("test@test.com")),
    "page_crm_records": lambda: page(Section.CUSTOMER_DATA, of_person("test@test.com")),
    "page_engagement": lambda: page(Section.CUSTOMER_ENGAGEMENT, of_person("test@test.com")),
    "page_in_the_middle": lambda: page(
        Section.CUSTOMER_DATA, long_records(3), state(long_records(3), None, 1)
    ),
    "page_newer": lambda: page(Section.CALLS, LATER, CHANGED),
    "page_asked_again": lambda: page(Section.CALLS, LATER, UNCHANGED),
    "page_without_rows": lambda: page(Section.EMAILS, LATER, CHANGED),
    "page_too_large": lambda: page(Section.CALLS, of_person("test@test.com"), will_be_kept=False),
    "page_odd_emails": lambda: page(Section.EMAILS, of_person(ODD)),
    "page_odd_calls": lambda: page(Section.CALLS, of_person(ODD)),
    "page_odd_crm_records": lambda: page(Section.CUSTOMER_DATA, of_person(ODD)),
    "page_odd_engagement": lambda: page(Section.CUSTOMER_ENGAGEMENT, of_person(ODD)),
    "page_mailboxes": lambda: page(Section.EMAILS, mailboxes(12), may_be_withdrawn=False),
    "summary_refreshed": lambda: summary(of_person(JANE), CASE, changed=MOVED),
    "summary_refreshed_not_compared": lambda: summary(evidence(EMPTY), changed=NOT_COMPARED),
    "summary_refreshed_in_detail": lambda: summary(evidence(EMPTY), changed=IN_DETAIL),
    "summary_refreshed_same": lambda: summary(evidence(EMPTY), changed=Changes(is_same=True)),
    "summary_refreshed_gone": lambda: summary(evidence(EMPTY), changed=Changes(is_same=False)),
    "summary_not_to_be_withdrawn": lambda: summary(evidence(EMPTY), may_be_withdrawn=False),
    "receipt": lambda: files.draw_receipt_note(
        receipt_of(of_person(JANE), CASE), WITH_FILES, may_be_withdrawn=True
    ),
    "receipt_of_nothing": lambda: files.draw_receipt_note(
        receipt_of(evidence(EMPTY)), WITH_FILES, may_be_withdrawn=True
    ),
    "receipt_one_link": lambda: files.draw_receipt_note(
        receipt_of(of_person("test@test.com")), WITH_FILES, may_be_withdrawn=False
    ),
    "receipt_links_unknown": lambda: files.draw_receipt_note(
        receipt_of(evidence({})), WITH_FILES, may_be_withdrawn=True
    ),
    "rows_attached": lambda: files.draw_rows_note(
        search(LATER, CASE), evidence(EMPTY), "0" * 64, WITH_FILE, may_be_withdrawn=True
    ),
    "withdrawn": lambda: withdrawn_message("Withdrawn", ANA, AT, RECEIPT),
    "private": lambda: block_kit.text_message(f"Searching Gong for {JANE}… & <more>"),
    "not_attached": lambda: files.draw_missing_files(
        state(evidence(EMPTY), CASE), may_stand=False, may_be_withdrawn=True
    ),
    "not_confirmed": lambda: files.draw_missing_files(
        WITH_FILES, may_stand=True, may_be_withdrawn=True
    ),
    "not_confirmed_on_hold": lambda: files.draw_missing_files(
        WITH_FILES, may_stand=True, may_be_withdrawn=False
    ),
    "attached": lambda: files.draw_attached_after_all(
        UNCHANGED, replace(LATER, answered_at=AT), RECEIPT
    ),
    "attached_asked_again": lambda: files.draw_attached_after_all(UNCHANGED, LATER, RECEIPT),
    "attached_newer": lambda: files.draw_attached_after_all(CHANGED, LATER, RECEIPT),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_posted_exactly_like_this(name: str, request: pytest.FixtureRequest) -> None:
    made = MESSAGES[name]()
    posted = {"text": made.text, "blocks": list(made.blocks)}
    written = json.dumps(posted, indent=2, ensure_ascii=False) + "\n"
    golden = GOLDEN / f"{name}.json"
    if request.config.getoption("--write-golden"):
        golden.write_text(written)
    assert written == golden.read_text()


def test_the_file_is_posted_with_exactly_these_words(request: pytest.FixtureRequest) -> None:
    golden = GOLDEN.parent / "file_comment.txt"
    written = files.answer_comment(receipt_of(evidence(EMPTY))) + "\n"
    if request.config.getoption("--write-golden"):
        golden.write_text(written)
    assert written == golden.read_text()


def test_every_golden_message_is_one_that_is_posted() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_keeps_slacks_limits_and_says_something(name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}.json").read_text())
    assert faults(golden["blocks"]) == []
    assert golden["text"].strip() != ""
