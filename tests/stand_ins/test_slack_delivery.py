"""Commands and clicks are delivered as Slack delivers them, over HTTP and the socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.support.posting import SILENT, actions, button, plain


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
