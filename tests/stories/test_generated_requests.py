"""Whatever comes to the front door, signed or not, never breaks the bot, nor asks Gong anything."""

import asyncio
import http.client
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import strategies as st

from bot.listeners.http import LARGEST_BODY
from tests.support import odd_answers
from tests.support.house import House
from tests.support.trying import AT_LENGTH, WORDS, try_all

pytest_plugins = ["tests.support.fixtures"]
pytestmark = AT_LENGTH

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
        fields = {
            "payload": odd_answers.written(draw(odd_answers.junk())).decode("utf-8", "replace")
        }
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
                {"payload": odd_answers.written(changed).decode("utf-8", "replace")},
            ):
                body = urlencode(fields, errors="replace").encode()[:LARGEST_BODY]
                assert status_of(house.bot.port, body, house.slack.signed_headers(body)) < 500

        odd = st.dictionaries(st.sampled_from(sorted(click)), odd_answers.junk(), max_size=2)
        await asyncio.to_thread(try_all, holds, st.tuples(WORDS, odd, WORDS), 0, 100)
        assert {request.address for request in house.gong.requests} == {"jane@example.com"}
        assert len(house.gong.requests) == 1
