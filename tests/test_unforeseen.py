"""What nobody foresaw: a person gets a sentence, and the log the frames, whatever breaks."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_bolt.response import BoltResponse

from bot.models import Email, Evidence, Finding
from bot.server import FrontDoor, listening
from tests.house import House
from tests.log_book import LogBook
from tests.stand_ins.slack import Slack

pytest_plugins = ["tests.fixtures"]

JANE = "jane@example.com"


class Broken:
    """Kept answers that break at the step they are told to."""

    def __init__(self, step: str) -> None:
        self.step = step

    def _break_at(self, step: str) -> None:
        if step == self.step:
            raise KeyError(JANE)

    def kept(self, channel_id: str, email: Email) -> Evidence | None:
        del channel_id, email
        self._break_at("kept")
        return None

    def would_ask(self, channel_id: str, email: Email) -> bool:
        del channel_id, email
        return True

    async def find(self, channel_id: str, email: Email, *, is_fresh: bool = False) -> Finding:
        del channel_id, email, is_fresh
        self._break_at("find")
        raise AssertionError


@pytest.mark.parametrize(("step", "lines", "bugs"), [("kept", 1, 1), ("find", 2, 1)])
async def test_a_bug_is_told_with_an_incident_and_logged_without_the_address(
    house: House, log: LogBook, step: str, lines: int
) -> None:
    handlers = house.bot.handlers
    handlers.conversation = replace(handlers.conversation, lookups=Broken(step))
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.private) == lines)
    (written,) = log.events("unforeseen")
    told = house.slack.private[-1].text
    assert told.startswith("Something in this bot went wrong")
    assert f"incident {written['incident']}" in told
    assert written["exception"] == "KeyError"
    assert "test_unforeseen.py" in str(written["frames"])


@pytest.mark.parametrize(("transport", "bugs"), [("http", 1)])
async def test_a_bug_in_the_front_door_says_nothing_of_itself(slack: Slack, log: LogBook) -> None:
    async def receive(payload: dict[str, Any]) -> BoltResponse:
        raise KeyError(payload["text"])

    async def is_ready() -> bool:
        return True

    door = FrontDoor(receive, is_ready, slack.signing_secret, on_skew=lambda: None)
    body = f"command=/gong-lookup&text={JANE}".encode()
    async with listening(door, "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}/slack/events"
        headers = slack.signed_headers(body)
        async with session.post(url, data=body, headers=headers) as answer:
            assert (answer.status, await answer.read()) == (500, b"")
    assert log.events("unforeseen")[0]["exception"] == "KeyError"
