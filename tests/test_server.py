"""The front door over plain HTTP: what Slack signed comes in, once, and nothing else does."""

import asyncio
import gzip
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

import app
from bot import settings
from bot.server import FRESH_S, LARGEST_BODY, REMEMBERED_S
from tests.house import House, environment
from tests.log_book import LogBook, leaks
from tests.reading import labels, rows
from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack

pytest_plugins = ["tests.fixtures"]

JANE = "jane@example.com"
FORM = "application/x-www-form-urlencoded"
SIGNATURE, STAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


@pytest.fixture
def transport() -> str:
    return "http"


@pytest.fixture(autouse=True)
def nothing_is_written_down(log: LogBook) -> Iterator[None]:
    """Nothing of a body, whoever sent it."""
    yield
    assert leaks(log.getvalue(), {JANE, "ceo@example.com", "canary"}) == []


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.bot.port}") as client:
        yield client


def command(house: House, words: str = JANE) -> bytes:
    """The form of a command, as Slack sends it."""
    return urlencode(house.person().command(words, "C0LEGAL")).encode()


async def sends(
    http: httpx.AsyncClient, body: bytes, headers: dict[str, Any], status: int
) -> httpx.Response:
    """An answer with this status and nothing in it that helps anybody."""
    answer = await http.post(
        "/slack/events", content=body, headers={"Content-Type": FORM, **headers}
    )
    assert (answer.status_code, answer.content) == (status, b"")
    assert answer.headers["Server"] == "gong-lookup"
    return answer


async def nothing_happened(house: House) -> None:
    """Whatever came in before has led to nothing by the time another look-up is over."""
    await house.answered("nobody@example.com", "U0BEN")
    assert [request.address for request in house.gong.requests] == ["nobody@example.com"]
    assert {line.user for line in house.slack.private} == {"U0BEN"}


# who Slack is


async def test_what_slack_signed_is_answered(house: House, http: httpx.AsyncClient) -> None:
    body = command(house, "help")
    answer = await http.post(
        "/slack/events", content=body, headers=house.slack.signed_headers(body)
    )
    assert answer.json()["response_type"] == "ephemeral"
    assert answer.headers["Server"] == "gong-lookup"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_command_signed_with_another_secret_is_forged(
    house: House, http: httpx.AsyncClient
) -> None:
    body = command(house)
    await sends(http, body, house.slack.signed_headers(body, secret="another"), 401)
    await nothing_happened(house)


async def test_one_bit_changed_on_the_way_makes_it_a_forgery(
    house: House, http: httpx.AsyncClient
) -> None:
    body = command(house)
    headers = house.slack.signed_headers(body)
    await sends(http, body[:-1] + bytes([body[-1] ^ 1]), headers, 401)
    await nothing_happened(house)


@pytest.mark.parametrize("missing", [SIGNATURE, STAMP])
async def test_a_header_that_is_missing_is_a_forgery(
    house: House, http: httpx.AsyncClient, missing: str
) -> None:
    body = command(house)
    headers = house.slack.signed_headers(body)
    del headers[missing]
    await sends(http, body, headers, 401)
    await nothing_happened(house)


@pytest.mark.parametrize(
    "signature",
    ["", "v0=", "v0=é" + "0" * 63, "v0=" + "０" * 64, "v1=" + "0" * 64, "0" * 5000],
    ids=["empty", "none", "accent", "full width", "version 1", "long"],
)
async def test_a_signature_of_another_shape_is_a_forgery(
    house: House, http: httpx.AsyncClient, signature: str
) -> None:
    body = command(house)
    headers: dict[str, Any] = house.slack.signed_headers(body)
    await sends(http, body, headers | {SIGNATURE: signature.encode()}, 401)
    await nothing_happened(house)


@pytest.mark.parametrize(
    "stamp",
    ["", "abc", "-1", "1e9", "1763900000.5", "9" * 5000, "１７６３９０００００", "0x1"],
    ids=["empty", "letters", "negative", "exponent", "fraction", "5000", "full width", "hex"],
)
async def test_a_time_that_is_none_is_a_forgery(
    house: House, http: httpx.AsyncClient, stamp: str
) -> None:
    body = command(house)
    headers: dict[str, Any] = house.slack.signed_headers(body)
    await sends(http, body, headers | {STAMP: stamp.encode()}, 401)
    await nothing_happened(house)


@pytest.mark.parametrize("stamp", ["abc", "9" * 5000, "-1", ""])
async def test_a_time_that_is_none_is_refused_even_when_it_is_signed(
    house: House, http: httpx.AsyncClient, stamp: str
) -> None:
    body = command(house)
    secret = house.slack.signing_secret.encode()
    signed = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    await sends(http, body, {STAMP: stamp, SIGNATURE: f"v0={signed}"}, 401)
    await nothing_happened(house)


@pytest.mark.parametrize("off_s", [-301, -86_400, 302, 86_400])  # a second may pass on the way
async def test_a_request_of_another_time_is_stale_and_the_log_says_how_far_off_it_was(
    house: House, http: httpx.AsyncClient, log: LogBook, off_s: int
) -> None:
    body = command(house)
    headers = house.slack.signed_headers(body, at=int(time.time()) + off_s)
    await sends(http, body, headers, 401)
    await nothing_happened(house)
    (line,) = log.events("clock_differs_from_slack")
    assert abs(line["seconds"] - abs(off_s)) <= 2


@pytest.mark.parametrize("off_s", [-120, 120])
async def test_a_clock_that_is_somewhat_off_is_told_in_the_log_and_forgiven(
    house: House, http: httpx.AsyncClient, log: LogBook, off_s: int
) -> None:
    body = command(house, "help")
    headers = house.slack.signed_headers(body, at=int(time.time()) + off_s)
    answer = await http.post("/slack/events", content=body, headers=headers)
    assert answer.status_code == 200
    (line,) = log.events("clock_differs_from_slack")
    assert abs(line["seconds"] - 120) <= 2


async def test_a_forged_request_says_nothing_of_our_clock(
    house: House, http: httpx.AsyncClient, log: LogBook
) -> None:
    body = command(house)
    await sends(http, body, house.slack.signed_headers(body, at=1, secret="another"), 401)
    assert log.events("clock_differs_from_slack") == []


async def test_a_request_that_comes_twice_is_answered_once(
    house: House, http: httpx.AsyncClient
) -> None:
    body = command(house)
    headers = house.slack.signed_headers(body)
    await http.post("/slack/events", content=body, headers=headers)
    await house.slack.until(lambda: any(file.completed for file in house.slack.files.values()))
    await sends(http, body, headers, 200)
    await house.bot.handlers.close()  # whatever was begun is over
    assert [request.address for request in house.gong.requests] == [JANE]
    assert len(house.slack.in_channel("C0LEGAL")) == 1


def test_a_request_is_remembered_for_as_long_as_it_would_be_taken() -> None:
    assert REMEMBERED_S >= 2 * FRESH_S


# junk


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
        b"payload=%7B%22a%22:" * 2000,
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


async def raw(house: House, sent: bytes, until: bytes | None = None) -> bytes:
    """What comes back, up to these bytes or until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.bot.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        answer = await (reader.readuntil(until) if until else reader.read())
    writer.close()
    await writer.wait_closed()
    return answer


def head(*headers: str) -> bytes:
    """The beginning of a form that is posted to the bot."""
    lines = ["POST /slack/events HTTP/1.1", "Host: x", f"Content-Type: {FORM}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_half_a_body_and_then_silence_ends_soon(house: House) -> None:
    began = time.monotonic()
    answer = await raw(house, head("Content-Length: 1000") + b"half", until=b"\r\n")
    assert answer == b"HTTP/1.1 408 Request Timeout\r\n"
    assert time.monotonic() - began < 3


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


async def test_a_broken_chunk_is_turned_away(house: House, log: LogBook) -> None:
    answer = await raw(house, head("Transfer-Encoding: chunked") + b"zz\r\n")
    assert answer.split()[1][:1] == b"4"
    assert [line for line in log.lines() if line["level"] == "ERROR"] == []


# other pages


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/slack/events"),
        ("PUT", "/slack/events"),
        ("POST", "/slack/events/"),
        ("POST", "/slack/install"),
        ("POST", "/healthz"),
        ("GET", "/healthz/"),
        ("GET", "/.env"),
        ("GET", "/../app.py"),
        ("GET", "/%00"),
        ("TRACE", "/"),
    ],
)
async def test_there_is_nothing_else_here(http: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await http.request(method, path)
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["Server"] == "gong-lookup"
    assert answer.headers.keys() == {
        "server",
        "cache-control",
        "content-type",
        "content-length",
        "date",
    }


async def test_a_running_bot_is_healthy_and_ready(http: httpx.AsyncClient) -> None:
    healthy, ready = await http.get("/healthz"), await http.get("/readyz")
    assert (healthy.status_code, healthy.text) == (200, "ok")
    assert (ready.status_code, ready.text) == (200, "ready")
    assert {page.headers["Server"] for page in (healthy, ready)} == {"gong-lookup"}


@pytest.mark.parametrize("way_in", ["http", "socket"])
async def test_a_bot_is_ready_only_once_slack_has_confirmed_it(
    slack: Slack, gong: Gong, log: LogBook, way_in: str
) -> None:
    slack.fail("auth.test", delay_s=0.5)
    found = settings.read(environment(slack, gong, way_in))
    async with (
        app.running(found) as bot,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot.port}") as http,
    ):
        before = await http.get("/readyz")
        assert (before.status_code, before.text) == (503, "starting")
        assert (await http.get("/healthz")).status_code == 200
        await bot.introduction
        assert (await http.get("/readyz")).status_code == 200
    assert len(log.events("ready")) == 1


async def test_in_socket_mode_nothing_comes_in_by_http(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    found = settings.read(environment(slack, gong, "socket"))
    async with (
        app.running(found) as bot,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot.port}") as http,
    ):
        await bot.introduction
        body = b"a=1"
        await sends(http, body, slack.signed_headers(body), 404)
    assert len(log.events("listening")) == 1


# the largest that Slack sends


async def test_a_click_on_the_densest_page_comes_through(house: House) -> None:
    """Slack sends the whole message with a click, here all of it beyond the basic plane."""
    emails = [{"id": "😀" * 98} for _ in range(200)]
    house.gong.people[JANE] = Answering(EMPTY | {"emails": emails})
    summary = await house.answered(JANE)
    await house.person().clicks(summary, "Emails 200")
    await house.slack.until(lambda: len(house.slack.messages) == 3)
    page = house.slack.messages[2]
    assert sum(len(cell) for row in rows(page) for cell in row) > 9_800
    await house.person().clicks(page, "Next")
    await house.slack.until(lambda: page.edits)
    assert labels(page) == ["Previous", "Next"]
