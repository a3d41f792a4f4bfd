"""What must hold whatever comes: of Gong's answers, of typed words, of buttons.

Every number of a test is a start of its own, so that the workers share the cases.
"""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import strategies as st

from bot import errors, refusals
from bot.evidence import seals
from bot.evidence.files import build_json_file, build_rows_file
from bot.evidence.receipt import build_receipt, read_receipt
from bot.evidence.result import Result
from bot.gong.changes import compare
from bot.gong.mailboxes import count_mailboxes
from bot.gong.raw_json import NotReadable
from bot.gong.response import read_response
from bot.gong.summary import summarise
from bot.gong.tables import read_table
from bot.lookup import command
from bot.messages import buttons, files
from bot.messages.buttons import Button
from bot.messages.page import PageView, draw_page
from bot.messages.reply import reply_text
from bot.messages.summary import SummaryView, draw_summary
from bot.models import Answer, Asker, Case, Email, Evidence, Finding, Question, Search, Section
from bot.slack.block_kit import Message, text_message
from tests.stand_ins.block_kit import faults
from tests.stand_ins.slack_chat import UPDATE_BYTES_MAX
from tests.support import odd_answers
from tests.support.case_rules import RULES
from tests.support.messages import APP_URL, OUR_MARKS
from tests.support.reading import texts
from tests.support.trying import AT_LENGTH, PIECES, WORDS, try_all

csv.field_size_limit(10**9)  # Python's own is less than a cell may hold

pytestmark = AT_LENGTH

WORKERS = 20
CASES = 10_000 // WORKERS // odd_answers.ALIKE
QUESTION = Question(Email("jane+x@example.com"), Case("<!channel> & <@U0BEN>"))
"""Whatever a pattern for cases lets through."""

ASKER = Asker("T0LEGAL", None, "C0LEGAL", "U0ANA", "")
SEARCH = Search(
    "R-0123-4567-89AB", QUESTION, "U0ANA", datetime(2026, 11, 23, 14, 2, 31, tzinfo=UTC)
)

KEY = b"a-key-made-up-for-properties"
STARTS = st.sampled_from([0, 0, 1, 98, 10**9])
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@]")
NOT_OURS = re.compile("[<>]").search
CALL_URL = re.compile(rf"{APP_URL}/call\?id=[0-9]+")


# what Gong sends


def is_safe(message: Message) -> None:
    """It holds Slack's limits, and no mention or link in it is anybody's but ours."""
    assert faults([*message.blocks]) == []
    assert message.text
    assert len(message.text.encode()) <= UPDATE_BYTES_MAX
    assert not NOT_OURS(OUR_MARKS.sub("", message.text))
    for found in odd_answers.objects([*message.blocks]):
        if found.get("type") == "mrkdwn":
            assert found["verbatim"] is True
            assert not NOT_OURS(OUR_MARKS.sub("", found["text"]))
        if "url" in found:
            assert CALL_URL.fullmatch(found["url"])
    for row in (block for block in message.blocks if block["type"] == "actions"):
        assert all(buttons.decode(button["value"]).email for button in row["elements"])


def has_no_key(shown: str) -> None:
    """Nobody who reads it can open what a share link leads to."""
    assert odd_answers.KEY not in shown
    assert odd_answers.KEY_IN_BASE64 not in shown


def is_on_file(result: Result, state: Button) -> None:
    """The receipt is ours, and says one thing a line and each but once; so does what is posted."""
    evidence = result.evidence
    beside = build_json_file(evidence, QUESTION.case)
    file = build_receipt(result, beside, partial(seals.seal, KEY), seals.derive_key_id(KEY))
    said, is_ours = read_receipt(file.content, partial(seals.is_sealed, KEY))
    assert is_ours
    assert said.sha256 == hashlib.sha256(evidence.answer.body).hexdigest()
    *lines, rest = file.content.decode().split("\n")
    facts = dict(line.split(": ", 1) for line in lines)
    assert (len(facts), rest) == (len(lines), "")
    assert "".join(lines).isprintable()
    assert (facts["Receipt"], facts["Case"]) == (said.receipt_id, QUESTION.case)
    assert not re.search("[<>&@]", files.answer_comment(result))
    is_safe(files.draw_receipt_note(result, state, may_be_withdrawn=True))


def is_a_spreadsheet(finding: Finding, section: Section, rows: int) -> None:
    """It reads back to as many rows, and no cell of it does anything."""
    content = build_rows_file(finding.evidence, QUESTION.case, section).content.decode("utf-8-sig")
    header, *read = csv.reader(io.StringIO(content, newline=""))
    assert (len(read), {len(row) for row in read} - {len(header)}) == (rows, set())
    assert [cell for cell in chain(header, *read) if FORMULA.match(cell)] == []
    if section is Section.CUSTOMER_ENGAGEMENT:
        has_no_key(content)


def is_shown(answer: Answer, start: int, before: Sequence[Answer]) -> set[str]:
    """The summary, and what can be made of each section unless it was before; says which."""
    is_filed, earlier = not before, before[0] if before else answer
    finding = Finding(Evidence(QUESTION.email, "h", "/", datetime.now(UTC), answer), is_kept=True)
    summary, changed = summarise(answer), compare(earlier, answer)
    result = Result(ASKER, SEARCH, finding, summary)
    is_safe(draw_summary(SummaryView(result, changes=changed)))
    state = buttons.for_result(result)
    is_safe(text_message(reply_text(state, buttons.Counts.of(summary))))
    if is_filed:
        is_on_file(result, state)
    return {
        is_section_shown(finding, buttons.at(state, section, start), section, is_filed=is_filed)
        for section in Section
        if all(_piece(answer, section) != _piece(each, section) for each in before)
    }


def _piece(answer: Answer, section: Section) -> bytes | None:
    found = answer.sections.get(section)
    return None if found is None else bytes(found)


def is_section_shown(finding: Finding, button: Button, section: Section, *, is_filed: bool) -> str:
    """A page of it, and all of it as a spreadsheet."""
    answer = finding.evidence.answer
    try:
        rows = read_table(answer, section)
    except NotReadable:
        return "no section"
    page = PageView(rows, button, "U0ANA", finding, APP_URL)
    is_first = section is Section.EMAILS and page.start == 0
    message = draw_page(page, count_mailboxes(answer, QUESTION.email) if is_first else None)
    is_safe(message)
    assert not re.search("[<>&@]", files.rows_comment(button, section, finding.evidence))
    if section is Section.CUSTOMER_ENGAGEMENT:
        has_no_key("".join([message.text, *texts([*message.blocks])]))
    if is_filed:
        is_a_spreadsheet(finding, section, len(rows))
    return section


@pytest.mark.parametrize("number", range(WORKERS))
def test_whatever_gong_answers_slack_takes_what_we_make_of_it(number: int) -> None:
    seen: set[str] = set()

    def holds(case: tuple[list[bytes], int]) -> None:
        bodies, start = case
        answered: list[Answer] = []
        for body in bodies:  # much alike
            try:
                answer = read_response(200, {}, body)
            except errors.SearchFailed:
                seen.add("no answer")
            else:
                seen.add("answer")
                seen.update(is_shown(answer, start, answered))
                answered.append(answer)

    try_all(holds, st.tuples(odd_answers.bodies(), STARTS), number, CASES)
    assert seen == {"answer", "no answer", "no section", *Section}


# what people type

ADDRESSED = st.builds("{}{}@{}{}".format, *[st.sampled_from(PIECES) for _ in range(3)], WORDS)


@pytest.mark.parametrize("number", range(2))
def test_whatever_is_typed_is_refused_or_is_one_plain_address(number: int) -> None:
    taken = []

    def holds(typed: str) -> None:
        command.is_help(typed)
        try:
            email = command.parse_question(typed, RULES).email
        except refusals.QueryRefused:
            return
        taken.append(email)
        assert email.isascii()
        assert email.isprintable()
        assert email.count("@") == 1
        assert " " not in email
        assert email in typed
        url = httpx.URL("https://api.gong.io/", params={"emailAddress": email})
        assert parse_qsl(url.query.decode(), strict_parsing=True) == [("emailAddress", email)]

    holds("jane@example.com")
    try_all(holds, WORDS | ADDRESSED, number, 1500)
    assert taken


# what buttons carry

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
GOOD: list[Any] = [
    *(2, QUESTION.email, "DSR-123", 1795442553, "0123456789abcdef", "R-0123-4567-89AB", "U0ANA"),
    *(1795442551, False, "emails", 99, [[243, 12, 3, None, 7], 118, False], ["F0000001"]),
]


@st.composite
def values(draw: st.DrawFn) -> str:
    """A button's value with something wrong with it, as a rule."""
    state: list[Any] = list(GOOD)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(state) - 1))
        state[place] = draw(SCALARS | st.lists(SCALARS, max_size=2))
    whole = odd_answers.written(state[: draw(st.integers(8, 14))]).decode("utf-8", "surrogatepass")
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.booleans()) else whole


@pytest.mark.parametrize("number", range(2))
def test_whatever_a_button_carries_is_refused_or_is_a_question(number: int) -> None:
    asked = []

    def holds(value: str) -> None:
        try:
            button = buttons.decode(value)
            question = command.question_again(button, RULES)
        except refusals.ButtonUnreadable:
            return
        asked.append(question)
        assert isinstance(button, Button)
        assert button.search(question).question == question
        assert button.counts is None or button.receipt_id in reply_text(button, button.counts)
        assert command.parse_question(f"{question.email} {question.case or ''}", RULES) == question

    try_all(holds, values() | WORDS, number, 1000)
    assert asked
