"""What must hold whatever comes: of Gong's answers, of typed words, of buttons, of bytes.

Every number of a test is a start of its own, so that the workers share the cases.
"""

import asyncio
import csv
import hashlib
import http.client
import io
import os
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bot import blocks, buttons, errors, files_message, query, seals
from bot.blocks import Message
from bot.buttons import Button
from bot.custodians import custodians
from bot.decipher import decipher
from bot.difference import difference
from bot.export import rows_file
from bot.json_reader import NotReadable
from bot.models import Answer, Case, Email, Evidence, Finding, Question, Search, Section
from bot.page_message import Page, page_message
from bot.receipt import Receipt, claims, receipt_file
from bot.reply_text import reply_text
from bot.rows import table
from bot.server import LARGEST_BODY
from bot.summary import summarise
from bot.summary_message import Result, summary_message
from tests import answers
from tests.house import House
from tests.reading import texts
from tests.stand_ins import block_kit
from tests.stand_ins.slack_chat import UPDATE_BYTES_MAX

csv.field_size_limit(10**9)  # Python's own is less than a cell may hold

pytest_plugins = ["tests.fixtures"]
pytestmark = [
    pytest.mark.no_cover,  # it takes half as long again; every branch has a test of its own
    pytest.mark.timeout(240),  # nothing here waits: the machine may be busy
]

SETTINGS = settings(
    deadline=None,
    database=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)
WORKERS = 20
CASES = 10_000 // WORKERS // answers.ALIKE
RULES = query.CaseRules(re.compile(r"#?(?=.*\d)[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}"), "DSR-123")
QUESTION = Question(Email("jane+x@example.com"), Case("<!channel> & <@U0BEN>"))
"""Whatever a pattern for cases lets through."""

SEARCH = Search(
    "R-0123-4567-89AB", QUESTION, "U0ANA", datetime(2026, 11, 23, 14, 2, 31, tzinfo=UTC)
)

KEY = b"a-key-made-up-for-properties"
APP_URL = "https://app.gong.io"
STARTS = st.sampled_from([0, 0, 1, 98, 10**9])
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@]")
OUR_MARKS = re.compile(r"<@U0ANA>|<!date\^\d+\^\{time\} for you\|\d\d:\d\d UTC>")

NOT_OURS = re.compile("[<>]").search
CALL_URL = re.compile(rf"{APP_URL}/call\?id=[0-9]+")


def try_all(
    holds: Callable[[Any], None], strategy: st.SearchStrategy[Any], number: int, cases: int
) -> None:
    """Try so many cases; the same ones each time where `CI` is set."""
    tried = settings(SETTINGS, max_examples=cases)(given(strategy)(holds))
    (seed(number)(tried) if "CI" in os.environ else tried)()


# what Gong sends


def is_safe(message: Message) -> None:
    """It holds Slack's limits, and no mention or link in it is anybody's but ours."""
    assert block_kit.faults([*message.blocks]) == []
    assert message.text
    assert len(message.text.encode()) <= UPDATE_BYTES_MAX
    assert not NOT_OURS(OUR_MARKS.sub("", message.text))
    for found in answers.objects([*message.blocks]):
        if found.get("type") == "mrkdwn":
            assert found["verbatim"] is True
            assert not NOT_OURS(OUR_MARKS.sub("", found["text"]))
        if "url" in found:
            assert CALL_URL.fullmatch(found["url"])
    for row in (block for block in message.blocks if block["type"] == "actions"):
        assert all(buttons.decode(button["value"]).email for button in row["elements"])


def has_no_key(shown: str) -> None:
    """Nobody who reads it can open what a share link leads to."""
    assert answers.KEY not in shown
    assert answers.KEY_IN_BASE64 not in shown


def is_on_file(receipt: Receipt, state: Button) -> None:
    """The receipt is ours, and says one thing a line and each but once; so does what is posted."""
    evidence = receipt.finding.evidence
    file = receipt_file(receipt, partial(seals.seal, KEY), seals.key_id(KEY))
    said, is_ours = claims(file.content, partial(seals.is_sealed, KEY))
    assert is_ours
    assert said.sha256 == hashlib.sha256(evidence.answer.body).hexdigest()
    *lines, rest = file.content.decode().split("\n")
    facts = dict(line.split(": ", 1) for line in lines)
    assert (len(facts), rest) == (len(lines), "")
    assert "".join(lines).isprintable()
    assert (facts["Receipt"], facts["Case"]) == (said.receipt_id, QUESTION.case)
    assert not re.search("[<>&@]", files_message.answer_comment(evidence, said.receipt_id))
    is_safe(files_message.receipt_message(receipt, state, may_be_withdrawn=True))


def is_a_spreadsheet(finding: Finding, section: Section, rows: int) -> None:
    """It reads back to as many rows, and no cell of it does anything."""
    content = rows_file(finding.evidence, QUESTION.case, section).content.decode("utf-8-sig")
    header, *read = csv.reader(io.StringIO(content, newline=""))
    assert (len(read), {len(row) for row in read} - {len(header)}) == (rows, set())
    assert [cell for cell in chain(header, *read) if FORMULA.match(cell)] == []
    if section is Section.CUSTOMER_ENGAGEMENT:
        has_no_key(content)


def is_shown(answer: Answer, start: int, before: Sequence[Answer]) -> set[str]:
    """The summary, and what can be made of each section unless it was before; says which."""
    is_filed, earlier = not before, before[0] if before else answer
    finding = Finding(Evidence(QUESTION.email, "h", "/", datetime.now(UTC), answer), is_kept=True)
    summary, changed = summarise(answer), difference(earlier, answer)
    is_safe(summary_message(Result(SEARCH, finding, summary, difference=changed)))
    state = buttons.for_search(SEARCH, finding)
    is_safe(blocks.private(reply_text(state, buttons.Counts.of(summary))))
    if is_filed:
        is_on_file(Receipt(SEARCH, "T0LEGAL", "C0LEGAL", finding, summary), state)
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
        rows = table(answer, section)
    except NotReadable:
        return "no section"
    page = Page(rows, button, "U0ANA", finding, APP_URL)
    is_first = section is Section.EMAILS and page.start == 0
    message = page_message(page, custodians(answer, QUESTION.email) if is_first else None)
    is_safe(message)
    assert not re.search("[<>&@]", files_message.rows_comment(button, section, finding.evidence))
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
                answer = decipher(200, {}, body)
            except errors.SearchFailed:
                seen.add("no answer")
            else:
                seen.add("answer")
                seen.update(is_shown(answer, start, answered))
                answered.append(answer)

    try_all(holds, st.tuples(answers.bodies(), STARTS), number, CASES)
    assert seen == {"answer", "no answer", "no section", *Section}


# what people type

PIECES = [
    *("jane", "@", "example", ".com", ".", " ", "a", "+", "%0d%0a", "&emailAddress=", "?", "#"),
    *(";", ",", "<", ">", "|", "mailto:", "<mailto:", "jane@example.com", "DSR-123", '"', "`"),
    *("“", "”", "\u200b", "\u00ad", "\u202e", "\0", "а", "＠", "xn--", "<!channel>", "\r\n"),
    *(
        "[127.0.0.1]",
        "\ud800",
        "payload=",
        "=",
        "'",
        "😀",
        "a" * 300,
        "\\",
        "@here",
        "/",
        "..",
        "_",
    ),
]
WORDS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text()
ADDRESSED = st.builds("{}{}@{}{}".format, *[st.sampled_from(PIECES) for _ in range(3)], WORDS)


@pytest.mark.parametrize("number", range(2))
def test_whatever_is_typed_is_refused_or_is_one_plain_address(number: int) -> None:
    taken = []

    def holds(typed: str) -> None:
        query.is_help(typed)
        try:
            email = query.question(typed, RULES).email
        except errors.QueryRefused:
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
    whole = answers.written(state[: draw(st.integers(8, 14))]).decode("utf-8", "surrogatepass")
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.booleans()) else whole


@pytest.mark.parametrize("number", range(2))
def test_whatever_a_button_carries_is_refused_or_is_a_question(number: int) -> None:
    asked = []

    def holds(value: str) -> None:
        try:
            button = buttons.decode(value)
            question = button.question(RULES)
        except errors.ButtonUnreadable:
            return
        asked.append(question)
        assert isinstance(button, Button)
        assert button.search(question).question == question
        assert button.counts is None or button.receipt_id in reply_text(button, button.counts)
        assert query.question(f"{question.email} {question.case or ''}", RULES) == question

    try_all(holds, values() | WORDS, number, 1000)
    assert asked


# what comes to the front door

HEADERS = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Encoding"]
    ),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30),
    max_size=4,
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = ("command", "text", "team_id", "user_id", "channel_id", "response_url", "payload", "type")


@st.composite
def forms(draw: st.DrawFn) -> bytes:
    """Fields of a command, JSON of a click, or neither."""
    fields = draw(st.dictionaries(st.sampled_from(FIELDS), WORDS | st.just("/gong-lookup")))
    if draw(st.booleans()):
        fields = {"payload": answers.written(draw(answers.junk())).decode("utf-8", "replace")}
    return urlencode(fields, errors="replace").encode()[:LARGEST_BODY]


def status_of(port: int, body: bytes, headers: dict[str, str]) -> int:
    """What is answered to one POST, of a body that is not refused before it has been sent."""
    assert len(body) <= LARGEST_BODY
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        connection.request("POST", "/slack/events", body, sent)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("transport", ["http"])
class TestFrontDoor:
    async def test_whatever_is_not_signed_is_turned_away(self, house: House) -> None:
        def holds(case: tuple[bytes, dict[str, str]]) -> None:
            assert 400 <= status_of(house.bot.port, *case) < 500

        junk = st.tuples(st.binary() | forms(), HEADERS.map(lambda more: FORM | more))
        await asyncio.to_thread(try_all, holds, junk, 0, 300)
        assert (house.gong.requests, house.slack.messages) == ([], [])

    async def test_whatever_is_signed_never_breaks_us(self, house: House) -> None:
        seen = set()

        def holds(body: bytes) -> None:
            headers = house.slack.signed_headers(body)
            seen.add(status_of(house.bot.port, body, headers))

        await asyncio.to_thread(try_all, holds, st.binary() | forms(), 0, 300)
        assert seen == {200, 400}
        assert (house.gong.requests, house.slack.messages) == ([], [])

    async def test_whatever_a_command_or_a_click_holds_never_breaks_us(self, house: House) -> None:
        summary = await house.answered("jane@example.com")
        ana = house.person()
        button = {"action_id": "refresh", "block_id": "b", "value": ""}
        command, click = ana.command("", "C0LEGAL"), ana.interaction(summary, button)

        def holds(case: tuple[str, dict[str, Any], str]) -> None:
            value, odd, words = case
            changed = {**click, "actions": [button | {"value": value}]} | odd
            for fields in (
                command | {"text": f"{words}, {words}"},
                {"payload": answers.written(changed).decode("utf-8", "replace")},
            ):
                body = urlencode(fields, errors="replace").encode()[:LARGEST_BODY]
                assert status_of(house.bot.port, body, house.slack.signed_headers(body)) < 500

        odd = st.dictionaries(st.sampled_from(sorted(click)), answers.junk(), max_size=2)
        await asyncio.to_thread(try_all, holds, st.tuples(WORDS, odd, WORDS), 0, 100)
        assert {request.address for request in house.gong.requests} == {"jane@example.com"}
        assert len(house.gong.requests) == 1
