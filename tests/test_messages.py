"""Every message as it is posted, kept as golden JSON; `make golden` writes the files anew."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot import blocks, buttons, files_message, rows
from bot.blocks import Message
from bot.buttons import Button
from bot.custodians import custodians
from bot.decipher import decipher
from bot.difference import Change, Difference
from bot.json_reader import NotReadable
from bot.models import Case, Email, Evidence, Finding, Question, Search, Section
from bot.page_message import TABLE_CHARACTERS, Page, page_message
from bot.receipt import Receipt
from bot.summary import summarise
from bot.summary_message import Result, summary_message
from bot.withdrawal_message import withdrawn_message
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.block_kit import faults
from tests.stand_ins.people import PEOPLE, from_file, rich

GOLDEN = Path(__file__).resolve().parent / "data" / "blocks"
AT = datetime(2026, 11, 23, 14, 2, 33, tzinfo=UTC)
REQUEST_ID = "4al018gzaztcr8nbukw"
JANE, ODD = Email("jane@example.com"), Email("odd@example.com")
CASE = Case("DSR-123")
ANA = "U0ANA"
SENT = "/v2/data-privacy/data-for-email-address?emailAddress=jane%40example.com"
ASKED_AT = AT - timedelta(seconds=2)
RECEIPT = "R-3F9A-2C71-B04D"
APP_URL = "https://app.gong.io"
LONG = "l" * 60 + "@" + ".".join(["d" * 60] * 3) + ".com"
HOSTILE = "<!channel> @here *b* _i_ ~s~ `c` <@U0BEN> &lt; <https://evil.example.com|link> :tada:"

Rendered = dict[str, Any]


def evidence(value: object, email: str = JANE, at: datetime = AT) -> Evidence:
    named = {"requestId": REQUEST_ID, **value} if isinstance(value, dict) else value
    body = named if isinstance(named, bytes) else json.dumps(named).encode()
    return Evidence(Email(email), "us-12345.api.gong.io", SENT, at, decipher(200, {}, body))


def of_person(address: str) -> Evidence:
    return evidence(PEOPLE[address].answers[-1].content(REQUEST_ID), address)


def search(found: Evidence, case: Case | None = None) -> Search:
    return Search(RECEIPT, Question(found.email, case), ANA, ASKED_AT)


def summary(
    found: Evidence,
    case: Case | None = None,
    *,
    is_kept: bool = False,
    will_be_kept: bool = True,
    is_own_domain: bool = False,
    changed: Difference | None = None,
    may_be_withdrawn: bool = True,
) -> Message:
    finding = Finding(found, is_kept, will_be_kept)
    searched = search(found, case)
    return summary_message(
        Result(searched, finding, summarise(found.answer), is_own_domain, changed, may_be_withdrawn)
    )


def state(found: Evidence, case: Case | None = None, start: int = 0) -> Button:
    """What a button says that was pressed for a page."""
    button = buttons.for_search(search(found, case), Finding(found, is_kept=False))
    return buttons.at(button, Section.EMAILS, start)


def page(
    section: Section,
    found: Evidence,
    button: Button | None = None,
    *,
    will_be_kept: bool = True,
    may_be_withdrawn: bool = True,
) -> Message:
    finding = Finding(found, is_kept=True, will_be_kept=will_be_kept)
    pressed = button or state(found, CASE)
    table = rows.table(found.answer, section)
    shown = Page(table, pressed, ANA, finding, APP_URL, may_be_withdrawn)
    is_first = section is Section.EMAILS and shown.start == 0
    return page_message(shown, custodians(found.answer, found.email) if is_first else None)


def long_records(number: int) -> Evidence:
    """So long that one takes a page: every cell is cut."""
    objects = [
        {"id": f"{each} {'i' * 2000}", "objectType": "t" * 2000, "externalId": "e" * 2000}
        | {"mirrorId": "m" * 2000, "fields": "f" * 2000}
        for each in range(number)
    ]
    return evidence({**EMPTY, "customerData": [{"system": "s" * 2000, "objects": objects}]})


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


def receipt_of(found: Evidence, case: Case | None = None) -> Receipt:
    finding = Finding(found, is_kept=False)
    return Receipt(search(found, case), "T0US", "C0LEGAL", finding, summarise(found.answer))


LATER = evidence({**EMPTY, "calls": [{"id": "1"}]}, at=AT + timedelta(hours=1))
CHANGED = state(evidence({**EMPTY, "calls": [{"id": "1"}, {"id": "2"}]}))
UNCHANGED = state(evidence({**EMPTY, "calls": [{"id": "1"}]}))

WITH_FILE = buttons.with_files(UNCHANGED, ["F0000001"])
WITH_FILES = buttons.with_files(UNCHANGED, ["F0000001", "F0000002"])
MOVED = Difference(
    is_same=False,
    changes={
        Section.EMAILS: Change(3, 1),
        Section.CALLS: Change(0, 0),
        Section.MEETINGS: None,
        Section.CUSTOMER_DATA: Change(0, 1200),
        Section.CUSTOMER_ENGAGEMENT: Change(0, 0),
    },
)

NOT_COMPARED = Difference(
    is_same=False,
    changes={**dict.fromkeys(Section, Change(0, 0)), Section.EMAILS: None},
    differs_elsewhere=True,
)
IN_DETAIL = Difference(is_same=False, changes=dict.fromkeys(Section, Change(0, 0)))

MESSAGES: dict[str, Callable[[], Message]] = {
    "summary": lambda: summary(of_person(JANE), CASE),
    "summary_one_of_each": lambda: summary(of_person("test@test.com")),
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
    "summary_refreshed_same": lambda: summary(evidence(EMPTY), changed=Difference(is_same=True)),
    "summary_refreshed_gone": lambda: summary(evidence(EMPTY), changed=Difference(is_same=False)),
    "summary_not_to_be_withdrawn": lambda: summary(evidence(EMPTY), may_be_withdrawn=False),
    "receipt": lambda: files_message.receipt_message(
        receipt_of(of_person(JANE), CASE), WITH_FILES, may_be_withdrawn=True
    ),
    "receipt_of_nothing": lambda: files_message.receipt_message(
        receipt_of(evidence(EMPTY)), WITH_FILES, may_be_withdrawn=True
    ),
    "receipt_one_link": lambda: files_message.receipt_message(
        receipt_of(of_person("test@test.com")), WITH_FILES, may_be_withdrawn=False
    ),
    "receipt_links_unknown": lambda: files_message.receipt_message(
        receipt_of(evidence({})), WITH_FILES, may_be_withdrawn=True
    ),
    "rows_attached": lambda: files_message.rows_message(
        search(LATER, CASE), evidence(EMPTY), "0" * 64, WITH_FILE, may_be_withdrawn=True
    ),
    "withdrawn": lambda: withdrawn_message("Withdrawn", ANA, AT, RECEIPT),
    "private": lambda: blocks.private(f"Searching Gong for {JANE}… & <more>"),
    "not_attached": lambda: files_message.not_attached(
        state(evidence(EMPTY), CASE), may_stand=False, may_be_withdrawn=True
    ),
    "not_confirmed": lambda: files_message.not_attached(
        WITH_FILES, may_stand=True, may_be_withdrawn=True
    ),
    "not_confirmed_on_hold": lambda: files_message.not_attached(
        WITH_FILES, may_stand=True, may_be_withdrawn=False
    ),
    "attached": lambda: files_message.attached(UNCHANGED, replace(LATER, answered_at=AT), RECEIPT),
    "attached_asked_again": lambda: files_message.attached(UNCHANGED, LATER, RECEIPT),
    "attached_newer": lambda: files_message.attached(CHANGED, LATER, RECEIPT),
}


# golden messages


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
    written = files_message.answer_comment(evidence(EMPTY), RECEIPT) + "\n"
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


# what stands in a message


def nodes(node: object) -> Iterator[Rendered]:
    """Every object within blocks."""
    if isinstance(node, dict):
        yield node
        yield from (found for value in node.values() for found in nodes(value))
    if isinstance(node, list | tuple):
        yield from (found for value in node for found in nodes(value))


def sayings(made: Message) -> list[str]:
    """Every text of a message's blocks."""
    return [node["text"] for node in nodes(made.blocks) if isinstance(node.get("text"), str)]


def pressable(made: Message) -> dict[str, Button]:
    """The buttons of a message, by label."""
    found = [node for node in nodes(made.blocks) if node.get("type") == "button"]
    return {node["text"]["text"]: buttons.decode(node["value"]) for node in found}


def cells(made: Message) -> list[list[str]]:
    """The rows of a message's table, without its header."""
    tables = [block["rows"][1:] for block in made.blocks if block["type"] == "table"]
    return [[_cell(cell) for cell in row] for table in tables for row in table]


def _cell(cell: Rendered) -> str:
    return " ".join(node["text"] for node in nodes(cell) if "text" in node)


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


@pytest.mark.parametrize("button", [CHANGED, UNCHANGED], ids=["changed", "unchanged"])
def test_a_page_newer_than_its_summary_says_so(button: Button) -> None:
    note = next(text for text in sayings(page(Section.CALLS, LATER, button)) if "Newer" in text)
    assert note.startswith("Newer than the summary above")
    assert "23 Nov 2026, 15:02:33 UTC" in note


def test_a_page_of_the_summarys_own_answer_says_nothing_of_the_kind() -> None:
    assert "Newer" not in page(Section.CALLS, LATER, state(LATER)).text


# outside text

WEIRD: list[object] = [
    HOSTILE,
    [HOSTILE],
    {HOSTILE: HOSTILE},
    json.dumps({HOSTILE: HOSTILE}),
    None,
    True,
    0,
    10**40,
    1e300,
    float("nan"),
    "",
    " ",
    "\n\n\t",
    "\x00\u202e\u200b",
    "half an emoji \ud83d",
    "&" * 5000,
    "x" * 5000,
    "é" * 5000,
    [],
    {},
]


def filled(value: object) -> dict[str, object]:
    """An answer with this value in every place."""
    example = from_file("documented.json")
    return {name: _filled(items, value) for name, items in example.items() if name != "requestId"}


def _filled(node: object, value: object) -> object:
    if isinstance(node, list):
        return [_filled(item, value) for item in node]
    if isinstance(node, dict):
        return {name: _filled(item, value) for name, item in node.items()}
    return value


def every_message(found: Evidence) -> Iterator[Message]:
    """The summary of an answer and the first page of every section."""
    yield summary(found, CASE)
    for section in Section:
        try:
            yield page(section, found)
        except NotReadable:
            continue


@pytest.mark.parametrize("value", WEIRD, ids=lambda value: ascii(value)[:30])
@pytest.mark.parametrize("place", ["field", "row", "section"])
def test_whatever_gong_sends_makes_messages_within_the_limits(value: object, place: str) -> None:
    sent = {
        "field": filled(value),
        "row": {section: [value] for section in Section},
        "section": dict.fromkeys(Section, value),
    }[place]
    for made in every_message(evidence(sent)):
        assert faults(list(made.blocks)) == []
        assert made.text.strip() != ""
        assert len(made.text) <= 40_000
        json.dumps([made.text, made.blocks], ensure_ascii=False).encode()  # no lone surrogate


OURS = re.compile(r"<@U0ANA>|<!date\^\d+\^\{time\} for you\|\d\d:\d\d UTC>")


@pytest.mark.parametrize("sent", [filled(HOSTILE), {each: [HOSTILE] for each in Section}])
def test_outside_text_is_never_parsed(sent: dict[str, object]) -> None:
    for made in every_message(evidence(sent)):
        parsed = [node["text"] for node in nodes(made.blocks) if node.get("type") == "mrkdwn"]
        assert all(not re.search("[<>*~`]|here|evil", OURS.sub("", text)) for text in parsed)
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", OURS.sub("", made.text))


@pytest.mark.parametrize("sent", [filled(HOSTILE), {each: [HOSTILE] for each in Section}])
def test_our_own_lines_of_mrkdwn_link_no_names(sent: dict[str, object]) -> None:
    for made in every_message(evidence(sent)):
        parsed = [node for node in nodes(made.blocks) if node.get("type") == "mrkdwn"]
        assert all(node["verbatim"] is True for node in parsed)
        shown = [node for node in nodes(made.blocks) if node.get("type") == "plain_text"]
        assert all(node["emoji"] is False for node in shown)


@pytest.mark.parametrize(
    ("call_id", "leads"),
    [
        ("7782342274025937895", True),
        ("78234227402593789512", True),
        ("", False),
        ("1&2", False),
        ("１２３", False),
        ("https://evil.example.com", False),
        ("1" * 1001, False),
    ],
)
def test_only_a_number_leads_to_gongs_page_of_a_call(call_id: str, *, leads: bool) -> None:
    made = page(Section.CALLS, evidence({"calls": [{"id": call_id}]}))
    urls = [node["url"] for node in nodes(made.blocks) if "url" in node]
    assert urls == ([f"{APP_URL}/call?id={call_id}"] if leads else [])


@pytest.mark.parametrize(
    ("outside", "escaped"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("&amp;", "&amp;amp;"),
        ("*_~`@here", "*_~`@here"),
    ],
)
def test_escaping_changes_exactly_what_slack_parses(outside: str, escaped: str) -> None:
    assert blocks.escape(outside) == escaped


@pytest.mark.parametrize(
    ("outside", "shown"), [("", ""), ("123456", "123456"), ("1234567", "1234 …")]
)
def test_a_text_that_is_too_long_is_cut_with_a_mark(outside: str, shown: str) -> None:
    assert blocks.cut(outside, 6, " …") == shown


def test_a_title_and_a_paragraph_are_cut_to_slacks_limits() -> None:
    drawn = [blocks.header("x" * 5000), blocks.plain("x" * 5000)]
    assert faults(drawn) == []
    assert [len(block["text"]["text"]) for block in drawn] == [150, 3000]


def test_a_text_is_cut_before_it_is_escaped() -> None:
    made = blocks.private("&" * 50_000)
    assert not re.search(r"&(?!amp;)", made.text)
    assert made.text.endswith(blocks.IN_FILE)


# pages


def uneven(number: int) -> str:
    """A text of a length that is wildly different from its neighbours'."""
    lengths = (0, 1, 12, 5000, 40, 999, 1000, 1001, 100_000, 3, 700, 250, 2)
    return "x" * lengths[number * 7919 % len(lengths)]


def emails(number: int) -> Evidence:
    listed = [
        {"id": f"e{each}", "from": uneven(each), "mailbox": uneven(each // 13 + each)}
        for each in range(number)
    ]
    return evidence({**EMPTY, "emails": listed})


def calls(number: int) -> Evidence:
    listed = [
        {"id": str(10**19 + each), "status": uneven(each), "externalSystems": uneven(each + 5)}
        for each in range(number)
    ]
    return evidence({**EMPTY, "calls": listed})


def records(number: int) -> Evidence:
    objects = [
        {"objectType": uneven(each), "id": f"r{each}", "externalId": uneven(each + 1)}
        | {"mirrorId": uneven(each + 2), "fields": uneven(each + 3)}
        for each in range(number)
    ]
    systems = [{"system": uneven(7), "objects": objects}]
    return evidence({**EMPTY, "customerData": systems})


ALBUMS: dict[str, tuple[Section, Evidence, int]] = {
    "no emails": (Section.EMAILS, emails(0), 3),
    "one email": (Section.EMAILS, emails(1), 3),
    "uneven emails": (Section.EMAILS, emails(300), 3),
    "243 emails": (Section.EMAILS, of_person(JANE), 3),
    "uneven calls": (Section.CALLS, calls(300), 0),
    "uneven CRM records": (Section.CUSTOMER_DATA, records(100), 2),
    "long CRM records": (Section.CUSTOMER_DATA, long_records(5), 2),
    "99 meetings": (
        Section.MEETINGS,
        evidence({"meetings": [{"id": f"{n}"} for n in range(99)]}),
        0,
    ),
    "100 meetings": (
        Section.MEETINGS,
        evidence({"meetings": [{"id": f"{n}"} for n in range(100)]}),
        0,
    ),
}


def follow(section: Section, found: Evidence, label: str, start: int) -> Iterator[Message]:
    """Press one button again and again, until it is not there any more."""
    button: Button | None = state(found, CASE, start)
    while button is not None:
        made = page(section, found, button)
        yield made
        button = pressable(made).get(label)


def in_full(section: Section, found: Evidence, column: int) -> list[str]:
    """What identifies each row of a section."""
    table = rows.table(found.answer, section)
    shown = [table.row(number)[column] for number in range(len(table))]
    return [_cut(cell if isinstance(cell, str) else cell.text) for cell in shown]


def _cut(text: str) -> str:
    return blocks.cut(text, 1000, blocks.IN_FILE)


@pytest.mark.parametrize(("section", "found", "column"), ALBUMS.values(), ids=ALBUMS.keys())
def test_next_leads_through_every_row_once(section: Section, found: Evidence, column: int) -> None:
    seen = [row[column] for made in follow(section, found, "Next", 0) for row in cells(made)]
    assert seen == in_full(section, found, column)


@pytest.mark.parametrize(("section", "found", "column"), ALBUMS.values(), ids=ALBUMS.keys())
def test_previous_leads_back_to_the_first_row_past_every_other(
    section: Section, found: Evidence, column: int
) -> None:
    expected = in_full(section, found, column)
    pages = [*follow(section, found, "Previous", max(0, len(expected) - 1))]
    shown = [[row[column] for row in cells(made)] for made in pages]
    assert {cell for page_shown in shown for cell in page_shown} == set(expected)
    assert shown[-1][:1] == expected[:1]
    for later, earlier in pairwise(shown):
        before_later = expected[expected.index(later[0]) - 1]
        assert before_later in earlier


@pytest.mark.parametrize("label", ["Next", "Previous"])
@pytest.mark.parametrize(("section", "found", "column"), ALBUMS.values(), ids=ALBUMS.keys())
@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
def test_every_page_keeps_the_limits_of_a_table(
    section: Section, found: Evidence, column: int, label: str
) -> None:
    last = len(in_full(section, found, column)) - 1
    for made in follow(section, found, label, 0 if label == "Next" else max(0, last)):
        assert faults(list(made.blocks)) == []
        table = [node for node in made.blocks if node["type"] == "table"]
        assert all(len(each["rows"]) <= 100 for each in table)
        shown = "".join(node["text"] for node in nodes(table) if "text" in node)
        assert len(shown) <= TABLE_CHARACTERS <= 10_000


@pytest.mark.parametrize("label", ["Next", "Previous"])
def test_a_page_carries_the_question_and_the_summary_it_belongs_to(label: str) -> None:
    found = of_person(JANE)
    moved = pressable(page(Section.EMAILS, found, state(found, CASE, 99)))[label]
    assert (moved.email, moved.case, moved.section) == (JANE, CASE, Section.EMAILS)
    assert moved.is_of(found)


@pytest.mark.parametrize("start", [243, 10**30])
def test_a_page_that_is_gone_begins_at_the_first_row(start: int) -> None:
    found = of_person(JANE)
    made = page(Section.EMAILS, found, state(found, None, start))
    assert "Emails 1–99 of 243" in sayings(made)


def test_a_cell_that_was_cut_says_where_it_is_in_full() -> None:
    made = page(Section.CUSTOMER_DATA, long_records(1))
    assert all(cell.endswith(" … in full in the file") for cell in cells(made)[0])


@pytest.mark.parametrize("section", Section)
def test_only_meetings_say_that_an_id_is_all_there_is(section: Section) -> None:
    made = page(section, evidence(rich(JANE)))
    assert ("Gong gives nothing but an id" in made.text) is (section is Section.MEETINGS)


# what must not travel


def test_neither_the_files_comment_nor_an_action_id_carries_an_address() -> None:
    found = of_person(JANE)
    assert "@" not in files_message.answer_comment(found, RECEIPT)
    made = [summary(found, CASE), page(Section.EMAILS, found, state(found, CASE, 99))]
    ids = [node["action_id"] for node in nodes([each.blocks for each in made]) if "value" in node]
    assert ids != []
    assert all("@" not in each for each in ids)


def test_the_files_comment_has_the_hash_in_full() -> None:
    found = evidence(EMPTY)
    assert f"SHA-256 {found.answer.sha256}" in files_message.answer_comment(found, RECEIPT)
