"""A small Slack that remembers everything and is as strict as the real one, or stricter.

Every rule is from Slack's documentation unless its docstring says that it is ours.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.stand_ins import slack_api, slack_files
from tests.stand_ins.faults import Fault, Faults, with_fault
from tests.stand_ins.slack_chat import blocks_of, text_of
from tests.stand_ins.slack_delivery import Ack, Delivery, form, over_http, over_socket, signed
from tests.stand_ins.slack_socket import Socket
from tests.stand_ins.slack_world import (
    ApiCall,
    Blocks,
    Params,
    PostedMessage,
    RefusedError,
    World,
)

RESPONSE_URL_USES = 5


class Slack(World):
    def __init__(self, *middlewares: Middleware) -> None:
        super().__init__()
        self._middlewares = middlewares  # of aiohttp: they see every call and its answer
        self.on_delivery: Callable[[Delivery, Ack | None], None] = lambda _delivery, _ack: None
        self.transport = "http"  # or "socket"
        self.request_url = ""
        self.wall_s = 3.0  # then a person sees `operation_timeout`; nothing is delivered twice
        self.failed_acks: list[Ack] = []
        self.typed: list[str] = []  # after the command, by anybody
        self.date: str | None = None  # instead of the true one, in the header of that name
        self.faults = Faults()
        self._socket = Socket(self)

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=256 * 1024**2, middlewares=self._middlewares)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/v1/{opaque}", self._upload)
        app.router.add_post("/commands/{opaque}", self._response_url)
        app.router.add_get("/socket/{ticket}", self._socket.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = aiohttp.ClientSession(auto_decompress=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.drop()
        await self._client.close()
        await self._runner.cleanup()

    # what tests order and look at

    def fail(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int = 200,
        retry_after: float | None = None,
        delay_s: float = 0,
        drop: bool = False,
        body: str | bytes | None = None,
        content_type: str = "text/html",
        after: bool = False,
        times: int = 1,
    ) -> None:
        """Disturb the next ``times`` calls of a Web API method, "upload" or "response_url".

        ``after``: the call takes effect first (a posted message whose answer is lost).
        """
        fault = Fault(error, status, retry_after, delay_s, drop, body, after, content_type)
        self.faults.add(method, fault, times)

    async def until(self, predicate: Callable[[], object], timeout_s: float = 20) -> None:
        """Wait for a condition; whatever this Slack records makes it look again."""
        await self.bell.until(predicate, timeout_s, self._dump)

    async def until_socket_connected(self, timeout_s: float = 20) -> None:
        await self.until(lambda: self._socket.connected, timeout_s)

    async def socket_sends_again(self) -> dict[str, Any]:
        """The last envelope once more; what the bot replies to it."""
        return await self._socket.again(self.wall_s)

    async def drop_socket(self) -> None:
        await self._socket.drop()

    async def refresh_socket(self) -> None:
        await self._socket.warn()

    def in_channel(self, channel: str) -> list[PostedMessage]:
        """Top-level messages that still stand."""
        return [
            message
            for message in self.messages
            if message.channel == channel and message.thread_ts is None and not message.deleted
        ]

    def in_thread(self, parent: PostedMessage) -> list[PostedMessage]:
        """Replies that still stand."""
        return [
            message
            for message in self.messages
            if (message.channel, message.thread_ts) == (parent.channel, parent.ts)
            and not message.deleted
        ]

    def _dump(self) -> str:
        lines = [
            *(f"message {m.channel} {m.thread_ts or '-'}: {m.text[:100]!r}" for m in self.messages),
            *(f"private {p.user} by {p.via}: {p.text[:100]!r}" for p in self.private),
            *(f"call {c.method} ok={c.ok} {c.error or ''}" for c in self.calls[-20:]),
            *(f"failed ack {ack.status} {ack.raw!r:.100}" for ack in self.failed_acks),
            *(f"complaint: {text}" for text in self.complaints),
        ]
        return "\n".join(lines) or "nothing"

    # what the bot calls

    async def _api(self, request: web.Request) -> web.Response:
        method, params = request.match_info["method"], await slack_api.parameters(request)
        call = ApiCall(method, params, time.monotonic())
        self.calls.append(call)
        fault = self.faults.take(method)
        if fault and fault.name:
            call.ok, call.error = False, fault.name
        self.bell.ring()

        def process() -> web.Response:
            content = slack_api.answer(self, method, params, request.headers)
            if not (fault and fault.name):
                call.ok, call.error = content["ok"], content.get("error")
                self.bell.ring()
            scopes = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
            dated = {} if self.date is None else {"Date": self.date}
            return web.json_response(content, headers=scopes | dated)

        return await with_fault(fault, request, process)

    async def _upload(self, request: web.Request) -> web.Response:
        opaque, content = request.match_info["opaque"], await request.read()

        def process() -> web.Response:
            wrong = slack_files.receive(self, opaque, content)
            return web.Response(text=wrong or f"OK - {len(content)}", status=400 if wrong else 200)

        return await with_fault(self.faults.take("upload"), request, process)

    async def _response_url(self, request: web.Request) -> web.Response:
        opaque, params = request.match_info["opaque"], await slack_api.parameters(request)

        def process() -> web.Response:
            return self._respond(opaque, params)

        return await with_fault(self.faults.take("response_url"), request, process)

    def _respond(self, opaque: str, params: Params) -> web.Response:
        """A private line; 5 uses. https://docs.slack.dev/interactivity/handling-user-interaction."""
        url = self.response_urls.get(opaque)
        if url is None or url.uses >= RESPONSE_URL_USES:
            return web.Response(status=404, text="used_url")
        url.uses += 1
        try:
            text, blocks = self._private_content(params)
        except RefusedError as refused:
            content = {"ok": False, "error": refused.error, **refused.facts}
            return web.json_response(content, status=400)
        self.whisper(url.user, url.channel, text, blocks, "response_url")
        return web.Response(text="ok")

    def _private_content(self, params: Params) -> tuple[str, Blocks]:
        """Text and blocks that only one person sees.

        Complaining about ``in_channel``, ``replace_original`` and ``delete_original`` is our rule:
        such an answer is not private, it publishes the command or changes what others see.
        """
        if params.get("response_type", "ephemeral") != "ephemeral":
            self.complain("a private line with response_type in_channel")
        for option in ("replace_original", "delete_original"):
            if params.get(option):
                self.complain(f"a private line with {option}")
        return text_of(params), blocks_of(self, params)

    # what Slack sends to the bot

    def signed_headers(
        self, body: bytes, at: int | None = None, secret: str | None = None
    ) -> dict[str, str]:
        """The headers of a form body, signed now and with our secret unless told otherwise."""
        return signed(body, at, self.signing_secret if secret is None else secret)

    async def deliver(self, kind: str, payload: dict[str, Any]) -> Ack:
        """Bring a "command" or an "interactive" payload to the bot, once; note its ack."""
        delivery = self._prepared(kind, payload)
        self.on_delivery(delivery, None)
        began = time.monotonic()
        self.typed += [payload["text"]] if kind == "command" else []
        try:
            if self.transport == "socket":
                ack = over_socket(await self._socket.deliver(kind, payload, self.wall_s))
            else:
                ack = await over_http(
                    self._client, self.request_url, delivery.body, delivery.headers, self.wall_s
                )
        except (TimeoutError, OSError, aiohttp.ClientError):
            ack = Ack(0)
        ack = replace(ack, ms=(time.monotonic() - began) * 1000)
        self.on_delivery(delivery, ack)
        self._show(kind, payload, ack)
        return ack

    def _prepared(self, kind: str, payload: dict[str, Any]) -> Delivery:
        if self.transport == "socket":
            return Delivery(kind, {}, json.dumps(payload).encode())
        body = form(kind, payload)
        return Delivery(kind, self.signed_headers(body), body)

    def _show(self, kind: str, payload: dict[str, Any], ack: Ack) -> None:
        """What the ack makes the person see: text of a command's ack, an error, or nothing."""
        if ack.status != 200:
            self.failed_acks.append(ack)
            self.bell.ring()
        elif kind == "interactive" and ack.content:
            # Slack ignores what stands in the ack of block_actions: nobody would see it
            self.complain(f"a click's ack carries content: {ack.raw!r:.200}")
        elif ack.content:
            try:
                text, blocks = self._private_content(ack.content)
            except RefusedError as refused:
                self.complain(f"an ack that Slack cannot show: {refused.error} {refused.facts}")
            else:
                self.whisper(payload["user_id"], payload["channel_id"], text, blocks, "ack")
