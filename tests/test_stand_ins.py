"""The stand-ins are as strict as Slack and Gong: shown with the real clients."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.stand_ins import block_kit
from tests.stand_ins.answering import Answering, Transport
from tests.stand_ins.faults import Fault
from tests.stand_ins.gong import PATH, Gong
from tests.stand_ins.people import PEOPLE, many, rich
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack

SILENT: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str = "Go", **more: object) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": "go", "value": "1", **more}


def actions(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}


def table(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "table", "rows": list(rows)}


def cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


def rich_text(*leaves: dict[str, Any]) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [section]}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
async def gong() -> AsyncIterator[Gong]:
    async with Gong() as gong:
        yield gong


@pytest.fixture
def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
async def asking(gong: Gong) -> AsyncIterator[httpx.AsyncClient]:
    auth = (gong.access_key, gong.access_key_secret)
    async with httpx.AsyncClient(base_url=gong.base_url, auth=auth, timeout=30) as client:
        yield client


# Slack's Web API


async def test_a_message_is_posted_edited_and_deleted(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0LEGAL", text="one", **SILENT)
    await client.chat_update(channel="C0LEGAL", ts=posted["ts"], text="two", blocks=[])
    (message,) = slack.in_channel("C0LEGAL")
    assert (message.text, message.edits) == ("two", [("one", [])])
    too_long = {"channel": "C0LEGAL", "ts": posted["ts"], "text": "é" * 2001}
    assert await refusal(client, "chat.update", **too_long) == "msg_too_long"
    await client.chat_update(channel="C0LEGAL", ts=posted["ts"], text="é" * 2000)
    await client.chat_delete(channel="C0LEGAL", ts=posted["ts"])
    assert slack.in_channel("C0LEGAL") == []
    assert slack.complaints == []


async def refusal(client: AsyncWebClient, method: str, **params: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=params)
    return str(refused.value.response["error"])


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("chat.postMessage", {"channel": "C0LEGAL", "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": "C0LEGAL", "blocks": [{"type": "divider"}]}, "no_text"),
        ("chat.postMessage", {"channel": "C0NOBOT", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
        (
            "chat.postMessage",
            {"channel": "C0LEGAL", "text": "x", "thread_ts": "1.000001"},
            "thread_not_found",
        ),
        (
            "chat.postMessage",
            {"channel": "C0LEGAL", "text": "x", "blocks": [{"type": "header", "text": plain("")}]},
            "invalid_blocks",
        ),
        ("chat.update", {"channel": "C0LEGAL", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("conversations.info", {"channel": "C0NOBOT"}, "channel_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("files.delete", {"file": "F0NONE"}, "file_not_found"),
        ("files.info", {"file": "F0NONE"}, "missing_scope"),
        ("chat.scheduleMessage", {}, "unknown_method"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
async def test_slack_refuses(
    client: AsyncWebClient, method: str, params: dict[str, object], error: str
) -> None:
    assert await refusal(client, method, **params) == error


async def test_a_reply_to_a_reply_is_refused(slack: Slack, client: AsyncWebClient) -> None:
    top = await client.chat_postMessage(channel="C0LEGAL", text="top", **SILENT)
    thread: dict[str, Any] = {"channel": "C0LEGAL", "thread_ts": top["ts"]}
    reply = await client.chat_postMessage(**thread, text="reply", **SILENT)
    assert [m.text for m in slack.in_thread(slack.messages[0])] == ["reply"]
    deeper = thread | {"thread_ts": reply["ts"], "text": "x"}
    assert await refusal(client, "chat.postMessage", **deeper) == "thread_not_found"


async def test_a_missing_scope_is_named_and_the_granted_ones_are_sent(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.scopes.remove("groups:read")
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_info(channel="C0LEGAL")
    assert refused.value.response["needed"] == "groups:read"
    answer = await client.auth_test()
    assert answer.headers["x-oauth-scopes"] == ",".join(sorted(slack.scopes))


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-no", "invalid_auth")])
async def test_a_wrong_token_is_refused(slack: Slack, token: str, error: str) -> None:
    assert await refusal(AsyncWebClient(token, base_url=slack.api_url), "auth.test") == error


async def test_bad_manners_are_complained_about(slack: Slack, client: AsyncWebClient) -> None:
    blocks = [actions(button(action_id="jane@example.com"))]
    metadata = {"event_type": "x", "event_payload": {"who": "jane@example.com"}}
    await client.chat_postMessage(channel="C0LEGAL", text="x", blocks=blocks, metadata=metadata)
    await client.chat_postEphemeral(channel="C0LEGAL", user="U0ANA", text="x")
    await client.files_getUploadURLExternal(filename="jane@example.com.json", length=3)
    assert len(slack.complaints) == 6


async def test_members_come_by_pages(client: AsyncWebClient) -> None:
    first = await client.conversations_members(channel="C0LEGAL", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_members(channel="C0LEGAL", limit=3, cursor=cursor)
    assert [*first["members"], *second["members"]] == ["U0ANA", "U0BEN", "U0BOT", "U0GUEST"]
    assert second["response_metadata"]["next_cursor"] == ""


async def test_flags_tell_guests_and_shared_channels(slack: Slack, client: AsyncWebClient) -> None:
    slack.users["U0ANA"].missing.add("is_restricted")
    guest, ana = await client.users_info(user="U0GUEST"), await client.users_info(user="U0ANA")
    shared = await client.conversations_info(channel="C0SHARED")
    assert guest["user"]["is_restricted"]
    assert "is_restricted" not in ana["user"]
    assert shared["channel"]["is_ext_shared"]


async def test_a_file_takes_three_steps_into_a_thread(slack: Slack, client: AsyncWebClient) -> None:
    top = await client.chat_postMessage(channel="C0LEGAL", text="top", **SILENT)
    uploads = [
        {"filename": "a.json", "content": b"{}", "title": "Answer"},
        {"filename": "b.json", "content": b"[1]"},
    ]
    done = await client.files_upload_v2(
        file_uploads=uploads, channel="C0LEGAL", thread_ts=top["ts"], initial_comment="two files"
    )
    (reply,) = slack.in_thread(slack.messages[0])
    assert [(f.name, slack.files[f.id].content) for f in reply.files] == [
        ("a.json", b"{}"),
        ("b.json", b"[1]"),
    ]
    assert reply.text == "two files"
    first, second = (file["id"] for file in done["files"])
    await client.files_delete(file=first)
    assert await refusal(client, "files.delete", file=first) == "file_deleted"
    assert (slack.files[second].deleted, slack.in_thread(slack.messages[0])) == (False, [reply])
    slack.files[second].user = "U0BEN"
    assert await refusal(client, "files.delete", file=second) == "cant_delete_file"
    assert slack.complaints == []


async def test_files_are_shared_together_or_not_at_all(
    slack: Slack, client: AsyncWebClient
) -> None:
    begun = [await client.files_getUploadURLExternal(filename=n, length=1) for n in ("a", "b")]
    first, second = ({"id": one["file_id"]} for one in begun)
    async with httpx.AsyncClient() as http:
        await http.post(begun[0]["upload_url"], content=b"1")
    assert await refusal(client, "files.delete", file=first["id"]) == "file_not_found"
    for files in ([first, second], [first, first], [first, {}]):
        sharing = {"files": files, "channel_id": "C0LEGAL"}
        assert await refusal(client, "files.completeUploadExternal", **sharing) == "file_not_found"
    assert (slack.files[first["id"]].completed, slack.messages) == (False, [])


async def test_a_file_needs_bytes_a_membership_and_the_right_length(
    slack: Slack, client: AsyncWebClient
) -> None:
    empty = {"filename": "a.json", "length": 0}
    assert await refusal(client, "files.getUploadURLExternal", **empty) == "invalid_arguments"
    begun = await client.files_getUploadURLExternal(filename="a.json", length=3)
    files = [{"id": begun["file_id"], "title": "a"}]
    complete = {"files": files, "channel_id": "C0LEGAL"}
    assert await refusal(client, "files.completeUploadExternal", **complete) == "file_not_found"
    async with httpx.AsyncClient() as http:
        assert (await http.post(begun["upload_url"], content=b"12")).status_code == 400
        assert (await http.post(begun["upload_url"], content=b"123")).status_code == 200
    complete["channel_id"] = "C0RANDOM"
    assert await refusal(client, "files.completeUploadExternal", **complete) == "not_in_channel"
    assert not slack.files[begun["file_id"]].completed


async def test_a_sixth_use_of_a_response_url_is_refused(slack: Slack) -> None:
    webhook = AsyncWebhookClient(slack.new_response_url("U0ANA", "C0RANDOM"))
    answers = [await webhook.send(text=f"line {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[5].body == "used_url"
    assert [line.text for line in slack.private] == [f"line {number}" for number in range(5)]


async def test_ordered_trouble_comes_once_and_in_order(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.fail("auth.test", retry_after=2)
    slack.fail("auth.test", error="fatal_error", status=500)
    with pytest.raises(SlackApiError) as limited:
        await client.auth_test()
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "2"
    assert await refusal(client, "auth.test") == "fatal_error"
    assert (await client.auth_test())["ok"]
    assert [call.error for call in slack.calls] == ["ratelimited", "fatal_error", None]


async def test_trouble_can_stand_until_it_is_taken_away(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.faults.standing["auth.test"] = Fault(error="fatal_error")
    slack.fail("auth.test", error="internal_error")
    errors = [await refusal(client, "auth.test") for _ in range(3)]
    assert errors == ["internal_error", "fatal_error", "fatal_error"]
    del slack.faults.standing["auth.test"]
    assert (await client.auth_test())["ok"]


async def test_an_answer_can_be_lost_after_the_message_was_posted(
    slack: Slack, client: AsyncWebClient
) -> None:
    client.retry_handlers.clear()
    slack.fail("chat.postMessage", drop=True, after=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0LEGAL", text="posted", **SILENT)
    assert [message.text for message in slack.in_channel("C0LEGAL")] == ["posted"]


async def test_waiting_in_vain_tells_what_there_was(slack: Slack, client: AsyncWebClient) -> None:
    await client.auth_test()
    with pytest.raises(AssertionError, match=r"call auth\.test ok=True"):
        await slack.until(lambda: slack.messages, timeout_s=0.05)


# Slack's deliveries


class App:
    """The smallest app: remembers what was delivered, acknowledges as told."""

    def __init__(self) -> None:
        self.bodies: list[tuple[bytes, dict[str, str]]] = []
        self.answer: Any = {"text": "Searching…"}
        self.status = 200
        self.pause_s: float = 0

    async def serve(self, request: web.Request) -> web.Response:
        self.bodies.append((await request.read(), dict(request.headers)))
        await asyncio.sleep(self.pause_s)
        return web.json_response(self.answer, status=self.status)


@pytest.fixture
async def app(slack: Slack) -> AsyncIterator[App]:
    app, served = App(), web.Application()
    served.router.add_post("/slack/events", app.serve)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


async def test_a_command_is_signed_and_its_ack_is_seen_by_one(slack: Slack, app: App) -> None:
    ack = await Person(slack, "U0ANA").types("jane+1@example.com DSR-123", channel="C0LEGAL")
    ((body, headers),) = app.bodies
    at = int(headers["X-Slack-Request-Timestamp"])
    assert headers["X-Slack-Signature"] == slack.signed_headers(body, at)["X-Slack-Signature"]
    assert b"text=jane%2B1%40example.com+DSR-123" in body
    assert b"is_enterprise_install=false" in body
    assert (ack.status, ack.text) == (200, "Searching…")
    assert [(p.user, p.text, p.via) for p in slack.private] == [("U0ANA", "Searching…", "ack")]


async def test_a_delivery_can_be_watched_before_and_after_its_ack(slack: Slack, app: App) -> None:
    seen: list[tuple[Any, Any]] = []
    slack.on_delivery = lambda delivery, ack: seen.append((delivery, ack))
    ack = await Person(slack, "U0ANA").types("help", channel="C0LEGAL")
    ((body, headers),) = app.bodies
    delivery = seen[0][0]
    assert seen == [(delivery, None), (delivery, ack)]
    assert (delivery.kind, delivery.body) == ("command", body)
    assert delivery.headers.items() <= headers.items()


async def test_a_signature_depends_on_body_time_and_secret(slack: Slack) -> None:
    variants = [
        slack.signed_headers(b"a=1", 1763900000),
        slack.signed_headers(b"a=2", 1763900000),
        slack.signed_headers(b"a=1", 1763900001),
        slack.signed_headers(b"a=1", 1763900000, "another"),
    ]
    assert len({headers["X-Slack-Signature"] for headers in variants}) == 4


async def test_a_click_carries_the_whole_button_and_message(
    slack: Slack, client: AsyncWebClient, app: App
) -> None:
    app.answer = {}
    ben = Person(slack, "U0BEN")
    top = await client.chat_postMessage(channel="C0LEGAL", text="top", **SILENT)
    confirm = {name: plain(name) for name in ("title", "text", "confirm", "deny")}
    blocks = [actions(button("Next", value="{}", style="primary", confirm=confirm))]
    posting: dict[str, Any] = {
        "channel": "C0LEGAL",
        "thread_ts": top["ts"],
        "text": "page",
        "blocks": blocks,
    }
    await client.chat_postMessage(**posting, **SILENT)
    await ben.clicks(slack.messages[1], "Next", container_channel="C0RANDOM")
    payload = json.loads(httpx.QueryParams(app.bodies[0][0].decode())["payload"])
    (action,) = payload["actions"]
    assert action == {
        "type": "button",
        "action_id": "go",
        "block_id": "b0",
        "text": plain("Next"),
        "value": "{}",
        "style": "primary",
        "confirm": confirm,
        "action_ts": action["action_ts"],
    }
    assert payload["container"]["channel_id"] == "C0RANDOM"
    assert payload["container"]["thread_ts"] == payload["message"]["thread_ts"] == top["ts"]
    assert payload["channel"] == {"id": "C0LEGAL", "name": "privategroup"}
    assert slack.complaints == []
    with pytest.raises(AssertionError, match="0 buttons 'Previous'"):
        await ben.clicks(slack.messages[1], "Previous")


async def test_what_nobody_would_see_is_noted(slack: Slack, app: App) -> None:
    ana = Person(slack, "U0ANA")
    await ana.types("help", channel="C0LEGAL")
    await ana.clicks_raw(action_id="x", value="y", message=slack.private[0])
    app.answer = {"text": "", "response_type": "in_channel"}
    await ana.types("help", channel="C0LEGAL")
    assert len(slack.private) == 1
    assert len(slack.complaints) == 3
    app.status = 404
    assert (await ana.types("help", channel="C0LEGAL")).status == 404
    assert [ack.status for ack in slack.failed_acks] == [404]


async def test_a_late_ack_is_none(slack: Slack, app: App) -> None:
    app.pause_s, slack.wall_s = 0.2, 0.05
    assert (await Person(slack, "U0ANA").types("help", channel="C0LEGAL")).status == 0
    assert slack.private == []


async def test_no_app_no_ack(slack: Slack) -> None:
    slack.request_url = "http://127.0.0.1:1/slack/events"
    assert (await Person(slack, "U0ANA").types("help", channel="C0LEGAL")).status == 0
    assert [ack.status for ack in slack.failed_acks] == [0]


async def test_socket_mode_delivers_and_survives_a_dropped_connection(slack: Slack) -> None:
    slack.transport = "socket"
    web_client = AsyncWebClient(base_url=slack.api_url)
    client = SocketModeClient(slack.app_token, web_client=web_client, ping_interval=0.1)
    types: list[str] = []

    async def listen(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        types.append(request.type)
        payload = {"text": request.payload["text"]} if request.type == "slash_commands" else None
        await socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(listen)
    await client.connect()  # type: ignore[no-untyped-call] # slack_sdk annotates half
    try:
        await slack.until_socket_connected()
        ana = Person(slack, "U0ANA")
        assert (await ana.types("one", channel="C0LEGAL")).text == "one"
        click = await ana.clicks_raw(action_id="x", value="y", message=slack.private[0])
        assert (click.status, click.text) == (200, "")
        await slack.drop_socket()
        assert (await ana.types("lost", channel="C0LEGAL")).status == 0
        await slack.until_socket_connected()
        assert (await ana.types("two", channel="C0LEGAL")).text == "two"
        await slack.refresh_socket()
        await slack.until_socket_connected()
        assert (await ana.types("three", channel="C0LEGAL")).text == "three"
    finally:
        await client.close()  # type: ignore[no-untyped-call] # the same
    assert types == ["slash_commands", "interactive", "slash_commands", "slash_commands"]
    assert slack.complaints == []


# Gong


async def test_gong_answers_the_one_get_with_a_fresh_request_id(
    gong: Gong, asking: httpx.AsyncClient
) -> None:
    address = "jane.doe@example.com"
    first = await asking.get(PATH, params={"emailAddress": address})
    second = await asking.get(PATH, params={"emailAddress": address})
    assert first.json()["requestId"] != second.json()["requestId"]
    assert first.json()["requestId"] == first.headers["x-traceid"] == gong.requests[0].request_id
    assert first.content == gong.requests[0].answer
    assert first.headers["content-encoding"] == "gzip"
    assert {**first.json(), "requestId": ""} == {"requestId": "", **rich(address)}
    assert gong.complaints == []


async def test_a_bare_plus_is_a_space(gong: Gong, asking: httpx.AsyncClient) -> None:
    await asking.get(f"{PATH}?emailAddress=jane+1@example.com")
    await asking.get(PATH, params={"emailAddress": "jane+1@example.com"})
    addresses = [request.address for request in gong.requests]
    assert addresses == ["jane 1@example.com", "jane+1@example.com"]


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/v2/calls", 404),
        ("GET", PATH + "/", 404),
        ("POST", PATH + "?emailAddress=a@b.c", 405),
        ("DELETE", PATH + "?emailAddress=a@b.c", 405),
        ("GET", PATH, 400),
        ("GET", PATH + "?emailAddress=", 400),
        ("GET", PATH + "?emailAddress=a@b.c&emailAddress=d@b.c", 400),
        ("GET", PATH + "?emailAddress=a@b.c&cursor=1", 400),
    ],
)
async def test_anything_but_the_one_get_is_an_error_and_a_complaint(
    gong: Gong, asking: httpx.AsyncClient, method: str, url: str, status: int
) -> None:
    answer = await asking.request(method, url)
    assert answer.status_code == status
    assert [type(error) for error in answer.json()["errors"]] == [str]
    assert len(gong.complaints) == 1


async def test_wrong_credentials_are_refused(gong: Gong) -> None:
    async with httpx.AsyncClient(base_url=gong.base_url, auth=("a", "b")) as client:
        answer = await client.get(PATH, params={"emailAddress": "a@b.c"})
    assert answer.status_code == 401
    assert gong.complaints == []


@pytest.mark.parametrize(
    ("address", "statuses"),
    [
        ("test@test.com", [200]),
        ("nobody@example.com", [200]),
        ("partial@example.com", [200]),
        ("odd@example.com", [200]),
        ("nan@example.com", [200]),
        ("limited@example.com", [429, 200, 200]),
        ("blocked@example.com", [429, 429]),
        ("denied@example.com", [401]),
        ("untrusted@example.com", [403]),
        ("moved@example.com", [302]),
        ("employee@example.com", [400]),
        ("broken@example.com", [500]),
        ("html@example.com", [200]),
    ],
)
async def test_everybody_is_answered_as_their_label_says(
    asking: httpx.AsyncClient, address: str, statuses: list[int]
) -> None:
    params = {"emailAddress": address}
    answers = [await asking.get(PATH, params=params) for _ in statuses]
    assert [answer.status_code for answer in answers] == statuses
    assert PEOPLE[address].label


def test_jane_has_what_the_label_says() -> None:
    answer = rich("jane@example.com")
    emails = answer["emails"]
    counts = [len(emails)] + [len({row[key] for row in emails}) for key in ("id", "messageHash")]
    assert counts == [243, 243, 118]
    assert len({row["mailbox"] for row in emails}) == 3
    assert [call["status"] for call in answer["calls"]].count("COMPLETED") == 11
    assert sum(len(rows) for rows in answer.values()) + 1 == 267  # two records in one system


async def test_many_means_fifty_thousand(asking: httpx.AsyncClient) -> None:
    many("many@example.com")  # made beforehand: it takes a second
    answer = await asking.get(PATH, params={"emailAddress": "many@example.com"})
    assert len(answer.json()["emails"]) == 50_000


@pytest.mark.parametrize(
    ("transport", "error"),
    [
        (Transport.DROP, httpx.TransportError),
        (Transport.CUT, httpx.RemoteProtocolError),
        (Transport.DRIP, TimeoutError),
        (Transport.ENDLESS, TimeoutError),
    ],
)
async def test_answers_that_never_arrive_whole(
    gong: Gong, asking: httpx.AsyncClient, transport: Transport, error: type[Exception]
) -> None:
    gong.people["lost@example.com"] = Answering(transport=transport)

    async def read_on() -> None:
        params = {"emailAddress": "lost@example.com"}
        async with asking.stream("GET", PATH, params=params) as answer:
            async for _ in answer.aiter_raw():
                pass

    with pytest.raises(error):
        await asyncio.wait_for(read_on(), 0.3)


async def test_a_bomb_is_small_on_the_wire(gong: Gong, asking: httpx.AsyncClient) -> None:
    gong.people["bomb@example.com"] = Answering(bomb_megabytes=20)
    answer = await asking.get(PATH, params={"emailAddress": "bomb@example.com"})
    assert len(answer.content) == 20 * 1024**2
    assert answer.num_bytes_downloaded < 100_000


# Block Kit


FULL = [
    {"type": "header", "text": plain("h" * 150), "block_id": "top"},
    {"type": "section", "text": {"type": "mrkdwn", "text": "t" * 3000, "verbatim": True}},
    {"type": "section", "fields": [plain("f" * 2000)] * 10, "accessory": button()},
    {"type": "context", "elements": [plain("c")] * 10},
    {"type": "divider"},
    actions(*(button("b" * 75, action_id=f"{n:0255}", value="v" * 2000) for n in range(25))),
    table(*([cell("x" * 5)] * 20 for _ in range(100))) | {"column_settings": [None, {}]},
    rich_text(
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "link", "url": "https://app.gong.io/call?id=1", "text": "call"},
        {"type": "user", "user_id": "U0ANA"},
        {"type": "date", "timestamp": 1763900000, "format": "{date}", "fallback": "2025"},
    ),
]


def test_a_message_at_every_limit_holds() -> None:
    assert block_kit.faults(FULL) == []
    assert block_kit.faults([{"type": "divider"}] * 50) == []


def confirm(**change: object) -> dict[str, Any]:
    whole = {key: plain("x") for key in ("title", "text", "confirm", "deny")}
    return actions(button(confirm=whole | change))


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [{"type": "image"}],
        [{"type": "divider", "colour": "red"}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        [{"type": "divider", "block_id": "x" * 256}],
        [{"type": "header", "text": plain("h" * 151)}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
        [{"type": "section"}],
        [{"type": "section", "text": plain("")}],
        [{"type": "section", "text": plain("t" * 3001)}],
        [{"type": "section", "text": plain("t") | {"verbatim": True}}],
        [{"type": "section", "fields": [plain("f")] * 11}],
        [{"type": "section", "fields": [plain("f" * 2001)]}],
        [{"type": "context", "elements": [plain("c")] * 11}],
        [{"type": "context", "elements": []}],
        [actions(*(button(action_id=f"{n}") for n in range(26)))],
        [actions(button(), button())],
        [actions(button("b" * 76))],
        [actions(button(value="v" * 2001))],
        [actions(button(value=""))],
        [actions(button(action_id="a" * 256))],
        [actions(button(style="warning"))],
        [confirm(title=plain("x" * 101))],
        [confirm(text=plain("x" * 301))],
        [confirm(confirm=plain("x" * 31))],
        [confirm(deny={"type": "mrkdwn", "text": "x"})],
        [table([cell("a")]), table([cell("b")])],
        [table(*([cell("x")] for _ in range(101)))],
        [table([cell("x")] * 21)],
        [table([cell("")])],
        [table([cell("x" * 5001), cell("y" * 5000)])],
        [table([rich_text({"type": "text", "text": "x" * 5001}), cell("y" * 5000)])],
        [rich_text({"type": "emoji", "name": "wave"})],
        [rich_text({"type": "user", "user_id": "ana"})],
        [rich_text({"type": "date", "timestamp": 1.5, "format": "{date}"})],
        [rich_text({"type": "text", "text": "x", "style": {"blink": True}})],
    ],
)
def test_one_step_over_a_limit_is_a_fault(blocks: list[dict[str, Any]]) -> None:
    assert len(block_kit.faults(blocks)) == 1
