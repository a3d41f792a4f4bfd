"""Messages to look at: what they are made of, as the bot makes them, and what stands in them."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.evidence.result import Result
from bot.gong import tables
from bot.gong.changes import Changes
from bot.gong.mailboxes import count_mailboxes
from bot.gong.response import read_response
from bot.messages import buttons
from bot.messages.buttons import Button
from bot.messages.page import PageView, draw_page
from bot.messages.summary import SummaryView, draw_summary
from bot.models import Asker, Case, Email, Evidence, Finding, Question, Search, Section
from bot.slack.block_kit import Message
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.people import PEOPLE

AT = datetime(2026, 11, 23, 14, 2, 33, tzinfo=UTC)
REQUEST_ID = "4al018gzaztcr8nbukw"
JANE = Email("jane@example.com")
CASE = Case("DSR-123")
ANA = "U0ANA"
ASKER = Asker("T0US", None, "C0LEGAL", ANA, "")
SENT = "/v2/data-privacy/data-for-email-address?emailAddress=jane%40example.com"
ASKED_AT = AT - timedelta(seconds=2)
RECEIPT = "R-3F9A-2C71-B04D"
APP_URL = "https://app.gong.io"
OUR_MARKS = re.compile(r"<@U0ANA>|<!date\^\d+\^\{time\} for you\|\d\d:\d\d UTC>")
"""The mentions and dates that we make ourselves."""

Rendered = dict[str, Any]


def evidence(value: object, email: str = JANE, at: datetime = AT) -> Evidence:
    named = {"requestId": REQUEST_ID, **value} if isinstance(value, dict) else value
    body = named if isinstance(named, bytes) else json.dumps(named).encode()
    return Evidence(Email(email), "us-12345.api.gong.io", SENT, at, read_response(200, {}, body))


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
    changed: Changes | None = None,
    may_be_withdrawn: bool = True,
) -> Message:
    finding = Finding(found, is_kept, will_be_kept)
    searched = search(found, case)
    result = Result.of(ASKER, searched, finding, is_own_domain=is_own_domain)
    return draw_summary(SummaryView(result, changed, may_be_withdrawn))


def state(found: Evidence, case: Case | None = None, start: int = 0) -> Button:
    """What a button says that was pressed for a page."""
    button = buttons.for_result(receipt_of(found, case))
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
    table = tables.read_table(found.answer, section)
    shown = PageView(table, pressed, ANA, finding, APP_URL, may_be_withdrawn)
    is_first = section is Section.EMAILS and shown.start == 0
    return draw_page(shown, count_mailboxes(found.answer, found.email) if is_first else None)


def long_records(number: int) -> Evidence:
    """So long that one takes a page: every cell is cut."""
    objects = [
        {"id": f"{each} {'i' * 2000}", "objectType": "t" * 2000, "externalId": "e" * 2000}
        | {"mirrorId": "m" * 2000, "fields": "f" * 2000}
        for each in range(number)
    ]
    return evidence({**EMPTY, "customerData": [{"system": "s" * 2000, "objects": objects}]})


def receipt_of(found: Evidence, case: Case | None = None) -> Result:
    finding = Finding(found, is_kept=False)
    return Result.of(ASKER, search(found, case), finding)


LATER = evidence({**EMPTY, "calls": [{"id": "1"}]}, at=AT + timedelta(hours=1))
CHANGED = state(evidence({**EMPTY, "calls": [{"id": "1"}, {"id": "2"}]}))
UNCHANGED = state(evidence({**EMPTY, "calls": [{"id": "1"}]}))


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
