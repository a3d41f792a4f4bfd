"""The front door over plain HTTP: what Slack signed comes in, once, and nothing else does."""

import hashlib
import hmac
import time
from typing import Any

import httpx
import pytest

import app
from bot import settings
from bot.listeners.http import FRESH_S
from bot.state.replay import REMEMBERED_S, SeenRequests
from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack
from tests.support.house import House, bot_between, environment
from tests.support.knocking import JANE, command, nothing_happened, sends
from tests.support.log_book import LogBook
from tests.support.reading import is_receipt, labels, rows

pytest_plugins = ["tests.support.fixtures"]
pytestmark = pytest.mark.usefixtures("nothing_is_written_down")

SIGNATURE, STAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


@pytest.fixture
def transport() -> str:
    return "http"


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
    house.bot.door.started_at -= 600
    body = command(house, "help")
    headers = house.slack.signed_headers(body, at=int(time.time()) + off_s)
    answer = await http.post("/slack/events", content=body, headers=headers)
    assert answer.status_code == 200
    (line,) = log.events("clock_differs_from_slack")
    assert abs(line["seconds"] - 120) <= 2


@pytest.mark.parametrize(("before_s", "status"), [(0, 200), (4, 200), (7, 401), (200, 401)])
async def test_a_request_from_before_the_process_may_have_been_answered_by_the_one_before(
    house: House, http: httpx.AsyncClient, before_s: int, status: int
) -> None:
    body = command(house, "help")
    at = int(house.bot.door.started_at) - before_s
    headers = house.slack.signed_headers(body, at=at)
    answer = await http.post("/slack/events", content=body, headers=headers)
    assert answer.status_code == status


async def test_a_look_up_is_not_repeated_by_the_same_request_after_a_restart(
    slack: Slack, gong: Gong
) -> None:
    headers, body = {}, b""
    async with bot_between(slack, gong) as bot:
        house = House(slack, gong, bot)
        bot.door.started_at -= 600
        body = command(house)
        headers = slack.signed_headers(body, at=int(time.time()) - 60)
        async with httpx.AsyncClient() as http:
            assert (await http.post(slack.request_url, content=body, headers=headers)).is_success
        await slack.until(lambda: len(slack.messages) == 3)
    async with bot_between(slack, gong), httpx.AsyncClient() as http:
        answer = await http.post(slack.request_url, content=body, headers=headers)
    assert answer.status_code == 401
    assert (len(slack.messages), len(gong.requests)) == (3, 1)


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
    await house.slack.until(lambda: any(map(is_receipt, house.slack.messages)))
    await sends(http, body, headers, 200)
    await house.bot.boundary.close()  # whatever was begun is over
    assert [request.address for request in house.gong.requests] == [JANE]
    assert len(house.slack.in_channel("C0LEGAL")) == 1


async def test_a_request_is_known_again_after_many_others(
    house: House, http: httpx.AsyncClient
) -> None:
    body = command(house)
    headers = house.slack.signed_headers(body)
    await http.post("/slack/events", content=body, headers=headers)
    for number in range(100):
        other = b"command=%%2Fother&number=%d" % number
        await sends(http, other, house.slack.signed_headers(other), 400)
    await sends(http, body, headers, 200)
    await house.bot.boundary.close()
    assert len(house.slack.in_channel("C0LEGAL")) == 1


def test_a_request_is_remembered_for_as_long_as_it_would_be_taken() -> None:
    now_s = 0.0
    seen = SeenRequests(lambda: now_s)
    assert seen.is_first("v0=1")
    now_s = 2 * FRESH_S - 1
    assert not seen.is_first("v0=1")
    now_s = REMEMBERED_S
    assert seen.is_first("v0=1")


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
        "connection",
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
    found = settings.read_settings(environment(slack, gong, way_in))
    async with (
        app.running(found, len) as bot,
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
    found = settings.read_settings(environment(slack, gong, "socket"))
    async with (
        app.running(found, len) as bot,
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
    await house.slack.until(lambda: house.replies(summary))
    (page,) = house.replies(summary)
    assert sum(len(cell) for row in rows(page) for cell in row) > 9_800
    await house.person().clicks(page, "Next")
    await house.slack.until(lambda: page.edits)
    assert labels(page) == ["Previous", "Next", "Rows as CSV", "Withdraw"]
