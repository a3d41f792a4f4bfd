"""The whole bot for a story, and what must hold at the end of each of them.

A test changes what it needs by `parametrize`: `more` for settings, `patience` for deadlines.
"""

import logging
from collections.abc import AsyncIterator, Iterator

import aiohttp
import httpx
import pytest

import app
from bot import logs
from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack
from tests.support.house import House, bot_between
from tests.support.log_book import LogBook, held_in_confidence, leaks, secrets_of

STRANGE = (("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/"), ("POST", "/slack/events"))


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def more() -> dict[str, str]:
    return {}


@pytest.fixture
def patience() -> app.Patience:
    return app.Patience()


@pytest.fixture
async def slack(transport: str) -> AsyncIterator[Slack]:
    async with Slack() as slack:
        slack.transport = transport
        yield slack
    assert slack.complaints == []
    assert [ack.status for ack in slack.failed_acks] == []


@pytest.fixture
async def gong() -> AsyncIterator[Gong]:
    async with Gong() as gong:
        yield gong
    assert gong.complaints == []


@pytest.fixture
def bugs() -> int:
    """How many bugs a story is about."""
    return 0


@pytest.fixture
def book() -> LogBook:
    """Where the log goes."""
    return LogBook()


@pytest.fixture
def log(slack: Slack, gong: Gong, bugs: int, book: LogBook) -> Iterator[LogBook]:
    """Everything that the bot and its libraries log: no secret in it, and no bug told."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, ours.level
    logs.configure("DEBUG", book.write)
    root.setLevel(logging.DEBUG)
    yield book
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(capture=False)
    assert leaks(book.getvalue(), secrets_of(slack, gong)) == []
    assert len(book.events("unforeseen")) == bugs
    assert [
        line
        for line in book.events("library")
        if line["logger"] == "asyncio" and "exception" in line
    ] == []


@pytest.fixture
def nothing_is_written_down(log: LogBook) -> Iterator[None]:
    """Nothing of a body, whoever sent it."""
    yield
    assert leaks(log.getvalue(), {"jane@example.com", "ceo@example.com", "canary"}) == []


@pytest.fixture
async def house(
    slack: Slack, gong: Gong, log: LogBook, patience: app.Patience, more: dict[str, str]
) -> AsyncIterator[House]:
    async with bot_between(slack, gong, patience, log.take, **more) as bot:
        yield House(slack, gong, bot)
        pages = await told_to_strangers(bot.port)
    assert leaks(pages, secrets_of(slack, gong)) == []
    everything = [*slack.private, *slack.messages, *slack.failed_acks]
    assert leaks(repr(everything), held_in_confidence(slack, gong)) == []


async def told_to_strangers(port: int) -> str:
    """All that the front door says to somebody whom Slack does not know."""
    said: list[str] = []
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        for method, path in STRANGE:
            async with http.request(method, path, data={"text": "jane@example.com"}) as answer:
                said += [str(answer.status), str(answer.headers), await answer.text()]
    return "\n".join(said)


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the front door."""
    url = f"http://127.0.0.1:{house.bot.port}"
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield client
