"""What nobody foresaw: a person gets a sentence, and the log the frames, whatever breaks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_bolt.response import BoltResponse

from bot.listeners.connections import listen
from bot.listeners.http import HttpListener
from bot.models import Email, Evidence, OnWait
from tests.stand_ins.slack import Slack
from tests.support.house import House
from tests.support.log_book import LogBook

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"


class Broken(frozenset[str]):
    """Channels that nobody can be found in."""

    def __contains__(self, _: object) -> bool:
        raise KeyError(JANE)


def break_at_once(house: House) -> None:
    access = house.bot.flow.access
    access.rules = replace(access.rules, channels=Broken())


def break_later(house: House) -> None:
    async def ask(email: Email, _: OnWait) -> Evidence:
        raise KeyError(email)

    house.bot.flow.answers.ask = ask


@pytest.mark.parametrize(
    ("break_it", "lines", "bugs"), [(break_at_once, 1, 1), (break_later, 2, 1)]
)
async def test_a_bug_is_told_with_an_incident_and_logged_without_the_address(
    house: House, log: LogBook, break_it: Callable[[House], None], lines: int
) -> None:
    break_it(house)
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

    door = HttpListener(receive, is_ready, slack.signing_secret, on_skew=lambda: None)
    body = f"command=/gong-lookup&text={JANE}".encode()
    async with listen(door.answer, "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}/slack/events"
        headers = slack.signed_headers(body)
        async with session.post(url, data=body, headers=headers) as answer:
            assert (answer.status, await answer.read()) == (500, b"")
    assert log.events("unforeseen")[0]["exception"] == "KeyError"
