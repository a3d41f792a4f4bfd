"""Junk at the front door: turned away soon, with nothing in the answer that helps anybody."""

import asyncio
import contextlib
import gzip
import json
import resource
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt.response import BoltResponse

from bot.listeners.connections import listen, most_connections
from bot.listeners.http import LARGEST_BODY, HttpListener
from tests.stand_ins.person import find_button
from tests.stand_ins.slack_delivery import signed
from tests.support.house import House
from tests.support.knocking import FORM, JANE, head, nothing_happened, raw, sends
from tests.support.log_book import LogBook

pytest_plugins = ["tests.support.fixtures"]
pytestmark = pytest.mark.usefixtures("nothing_is_written_down")


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def transport() -> str:
    return "http"


def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    """A body in pieces, so that no length is announced."""

    async def each() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return each()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"[]", {}, 401),
        (b"null", {}, 401),
        (b"", {}, 401),
        (b"ssl_check=1&token=x", {}, 401),
        (b"payload=" + b"[" * 100_000, {}, 401),
        (b"\xff\xfe\x00", {}, 401),
        (b"text=a&text=b", {}, 401),
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"a=1", {"Content-Type": "text/plain"}, 415),
        (b"a=1", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"a=1", {"Content-Type": ""}, 415),
        (gzip.compress(b"a=1"), {"Content-Encoding": "gzip"}, 415),
        (b"broken gzip", {"Content-Encoding": "gzip"}, 415),
        (b"a=1", {"Content-Encoding": "zstd"}, 415),
        (b"x" * (LARGEST_BODY + 1), {}, 413),
    ],
    ids=[
        "list",
        "null",
        "nothing",
        "ssl_check",
        "deep JSON",
        "invalid UTF-8",
        "a field twice",
        "JSON",
        "plain text",
        "multipart",
        "no type",
        "gzip",
        "broken gzip",
        "zstd",
        "too large",
    ],
)
async def test_anonymous_junk_is_turned_away(
    house: House, http: httpx.AsyncClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    await sends(http, body, headers, status)
    await nothing_happened(house)


async def test_a_body_of_unannounced_length_is_cut_off_at_the_limit(
    house: House, http: httpx.AsyncClient
) -> None:
    pieces = chunks(*[b"x" * 65_536] * (LARGEST_BODY // 65_536 + 1))
    answer = await http.post("/slack/events", content=pieces, headers={"Content-Type": FORM})
    assert (answer.status_code, answer.content) == (413, b"")
    await nothing_happened(house)


@pytest.mark.parametrize(
    "body",
    [
        b"payload=[]",
        b"payload=null",
        b"payload=" + b"[" * 5_000,
        b'payload={"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b"payload={",
        b"payload=%ff",
        b"payload=%5B%22%5Cud800%22%5D",
        b"text=%ff",
        b"\xff=1",
        b"text=a&text=b",
        b"command=%2Fgong-lookup&text=jane%40example.com&text=ceo%40example.com",
        b"&".join(b"f%d=1" % number for number in range(51)),
        b"command=%2Fgong-lookup",
        b"command=%2Fgong-lookup&team_id=T1&channel_id=C1&user_id=%3CU1%3E&response_url=x",
        b"payload=" + json.dumps({"type": "block_actions"}).encode(),
        b"payload=" + json.dumps({"type": "block_actions", "actions": []}).encode(),
        b"payload=" + json.dumps({"command": "/gong-lookup"}).encode(),
    ],
    ids=[
        "list",
        "null",
        "deep list",
        "deep object",
        "half JSON",
        "JSON in Latin 1",
        "half an emoji",
        "text in Latin 1",
        "invalid UTF-8",
        "a field twice",
        "two addresses",
        "many fields",
        "no fields",
        "markup in an id",
        "a click without a button",
        "a click on nothing",
        "a command in a payload",
    ],
)
async def test_junk_is_turned_away_even_when_it_is_signed(
    house: House, http: httpx.AsyncClient, body: bytes
) -> None:
    await sends(http, body, house.slack.signed_headers(body), 400)
    await nothing_happened(house)


@pytest.mark.parametrize(
    "body",
    [
        b"ssl_check=1&token=x",
        b"a=1",
        b"",
        b"payload=%7B%7D",
        b"payload=" + json.dumps({"type": "view_submission"}).encode(),
    ],
    ids=["ssl_check", "unknown field", "nothing", "empty payload", "a form of another app"],
)
async def test_what_else_slack_may_send_is_acknowledged_and_ignored(
    house: House, http: httpx.AsyncClient, body: bytes
) -> None:
    await sends(http, body, house.slack.signed_headers(body), 200)
    await nothing_happened(house)


async def test_another_command_is_none_of_ours(house: House, http: httpx.AsyncClient) -> None:
    body = urlencode(house.person().command(JANE, "C0LEGAL") | {"command": "/other"}).encode()
    headers = house.slack.signed_headers(body)
    answer = await http.post("/slack/events", content=body, headers=headers)
    assert answer.status_code in {200, 404}
    assert JANE not in answer.text
    await nothing_happened(house)


# what is not HTTP, or not whole


async def test_half_a_body_and_then_silence_ends_soon(house: House) -> None:
    began = time.monotonic()
    answer = await raw(house, head("Content-Length: 1000") + b"half", until=b"\r\n")
    assert answer == b"HTTP/1.1 408 Request Timeout\r\n"
    assert time.monotonic() - began < 3


# heads that do not come


async def receive(_: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body="ok")


@dataclass
class Hasty:
    """A front door with little patience; `/readyz` is answered when `ready` is set."""

    port: int
    ready: asyncio.Event

    @asynccontextmanager
    async def connected(self, sent: bytes = b"") -> AsyncIterator[Connection]:
        """A connection on which this has been sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            async with asyncio.timeout(5):
                yield reader, writer
        finally:
            writer.close()

    async def is_out_of_patience(self) -> None:
        """Return when a connection that was made after this call, and says nothing, is over."""
        async with self.connected() as (reader, _):
            assert await reader.read() == b""


@pytest.fixture
async def hasty() -> AsyncIterator[Hasty]:
    ready = asyncio.Event()
    door = HttpListener(receive, ready.wait, SECRET, lambda: None)
    async with listen(door.answer, "127.0.0.1", 0, head_s=0.2, most=4) as port:
        yield Hasty(port, ready)


HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
HEALTHY = HALF_A_HEAD + b"\r\n"
SECRET = "a-signing-secret-made-up-for-the-tests"
OK = b"\r\n\r\nok"


def from_slack(number: int = 0) -> bytes:
    """A request that Slack signed."""
    body = f"number={number}".encode()
    headers = signed(body, None, SECRET) | {"Content-Length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(["POST /slack/events HTTP/1.1", "Host: x", *lines, "", ""]).encode() + body


@pytest.mark.parametrize("sent", [b"", b"G", HALF_A_HEAD], ids=["nothing", "a letter", "half"])
async def test_a_head_that_does_not_come_is_not_waited_for(hasty: Hasty, sent: bytes) -> None:
    async with hasty.connected(sent) as (reader, _):
        assert await reader.read() == b""


async def test_a_head_that_drips_is_cut_off(hasty: Hasty) -> None:
    async with hasty.connected(HALF_A_HEAD) as (reader, writer):
        ended = asyncio.create_task(reader.read())
        while not ended.done():
            writer.write(b"x: y\r\n")
            await asyncio.sleep(0.05)
        with contextlib.suppress(ConnectionError):
            assert await ended == b""


async def test_a_later_head_that_does_not_come_is_not_waited_for_either(hasty: Hasty) -> None:
    async with hasty.connected(from_slack()) as (reader, writer):
        assert (await reader.readuntil(OK)).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.write(HALF_A_HEAD)
        assert await reader.read() == b""


async def test_a_connection_that_slack_uses_may_be_used_again_after_a_while(hasty: Hasty) -> None:
    async with hasty.connected(from_slack()) as (reader, writer):
        await reader.readuntil(OK)
        await hasty.is_out_of_patience()
        again = from_slack(1)
        writer.write(again[:100])
        writer.write(again[100:])
        assert (await reader.readuntil(OK)).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("sent", [HEALTHY, from_slack().replace(b"v0=", b"v0=0")])
async def test_whoever_is_not_slack_gets_one_answer(hasty: Hasty, sent: bytes) -> None:
    async with hasty.connected(sent * 2) as (reader, _):
        answer = await reader.read()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close\r\n" in answer


async def test_when_there_are_too_many_the_oldest_that_is_not_slacks_makes_room(
    hasty: Hasty,
) -> None:
    waiting = HEALTHY.replace(b"healthz", b"readyz")
    async with (
        hasty.connected(from_slack()) as (slacks, writer),
        hasty.connected(waiting) as (oldest, _),
        hasty.connected(waiting) as (younger, _),
        hasty.connected(waiting) as (youngest, _),
    ):
        await slacks.readuntil(OK)
        async with hasty.connected(HEALTHY) as (new, _):
            assert (await new.read()).endswith(OK)
        assert await oldest.read() == b""
        hasty.ready.set()
        assert (await younger.read()).endswith(b"\r\n\r\nready")
        assert (await youngest.read()).endswith(b"\r\n\r\nready")
        writer.write(from_slack(1))
        await slacks.readuntil(OK)


async def test_when_all_are_slacks_the_one_unused_for_longest_makes_room(hasty: Hasty) -> None:
    async with AsyncExitStack() as stack:
        ways = [await stack.enter_async_context(hasty.connected()) for _ in range(4)]
        for number in (0, 1, 2, 3, 10):
            reader, writer = ways[number % 10]
            writer.write(from_slack(number))
            await reader.readuntil(OK)
        async with hasty.connected(from_slack(20)) as (new, _):
            await new.readuntil(OK)
        assert await ways[1][0].read() == b""
        for number in (0, 2, 3):
            reader, writer = ways[number]
            writer.write(from_slack(30 + number))
            await reader.readuntil(OK)


@pytest.mark.parametrize(
    ("descriptors", "most"),
    [(64, 8), (128, 32), (256, 160), (1024, 512), (1 << 20, 512), (resource.RLIM_INFINITY, 512)],
)
def test_connections_leave_descriptors_for_slack_and_gong(descriptors: int, most: int) -> None:
    assert most_connections(descriptors) == most


async def test_whoever_has_asked_may_wait_longer_for_the_answer(hasty: Hasty) -> None:
    async with hasty.connected(HEALTHY.replace(b"healthz", b"readyz")) as (reader, _):
        await hasty.is_out_of_patience()
        hasty.ready.set()
        assert (await reader.readuntil(b"\r\n\r\nready")).startswith(b"HTTP/1.1 200 OK\r\n")


async def test_a_body_announced_as_too_large_is_not_waited_for(house: House) -> None:
    answer = await raw(house, head(f"Content-Length: {LARGEST_BODY + 1}"), until=b"\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"HELLO\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /canary HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header canary\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"canary" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"canary" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: canary\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["words", "TLS", "version", "header", "long header", "long path", "length", "smuggling"],
)
async def test_what_is_no_http_is_turned_away_without_an_echo(house: House, sent: bytes) -> None:
    answer = await raw(house, sent)
    assert answer.startswith(b"HTTP/1.")
    assert answer.split()[1][:1] == b"4"
    assert b"canary" not in answer
    assert b"Server: gong-lookup\r\n" in answer
    assert b"aiohttp" not in answer.lower()
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("before", [b"", b"4\r\nhalf\r\n"], ids=["first", "later"])
async def test_a_broken_chunk_is_turned_away(house: House, log: LogBook, before: bytes) -> None:
    answer = await raw(house, head("Transfer-Encoding: chunked") + before + b"zz\r\n")
    assert answer.split()[1][:1] == b"4"
    assert [line for line in log.lines() if line.get("level") == "ERROR"] == []


# clients that break off


@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize(
    "half",
    [
        head("Content-Length: 1000") + b"half",
        head("Transfer-Encoding: chunked") + b"5\r\nhal",
        head("Content-Length: 1000"),
        head("Content-Length: 1000")[:-10],
    ],
    ids=["body", "chunk", "no body", "head"],
)
async def test_a_client_that_breaks_off_is_nothing_to_log(
    house: House,
    log: LogBook,
    half: bytes,
    is_reset: bool,  # noqa: FBT001  # parametrized
) -> None:
    before = len(log.lines())
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.bot.port)
        writer.write(half)
        await raw(house, HEALTHY, until=b"\r\n\r\nok")  # the half has come, too
        if is_reset:
            writer.transport.abort()
        writer.close()
        await raw(house, HEALTHY, until=b"\r\n\r\nok")
        assert reader.at_eof() or not is_reset
    assert [line for line in log.lines()[before:] if line["level"] != "DEBUG"] == []


ODD = [
    {"event": "x"},
    {"authorizations": "x"},
    {"authorizations": [1]},
    {"view": 7, "enterprise": {"id": "E1"}, "team": {"id": "T1"}, "token": []},
]


@pytest.mark.parametrize("odd", ODD, ids=str)
async def test_odd_fields_beside_a_click_break_nothing(
    house: House, odd: dict[str, object]
) -> None:
    summary = await house.answered(JANE)
    click = house.person().interaction(summary, find_button(summary, "Calls 12"))
    blocks = [{"elements": [{"action_id": [], "value": {}}, 7]}, 7, {"elements": 7}]
    click["message"]["blocks"] += blocks
    ack = await house.slack.deliver("interactive", click | odd)
    assert ack.status == 200
