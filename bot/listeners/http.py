"""The front door: `/slack/events`, `/healthz`, `/readyz`, and nothing else.

Strict before Bolt, whose own checks answer junk with 500 and log unsigned bodies. Signatures:
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hmac
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from slack_bolt.response import BoltResponse

from bot import logs
from bot.slack.payloads import MalformedPayload
from bot.state.replay import SeenRequests

LARGEST_BODY = 512 * 1024
"""A click on a page carries the page: up to 300 KB when all its text is percent-encoded."""
BODY_S = 2.0
HEAD_S = 3.0
"""Slack itself does not wait longer than this."""
IDLE_S = 120.0
"""Longer than a host's proxy keeps a connection to us: it may use it until then."""
FRESH_S = 300
BEFORE_START_S = 5
"""Slack's router may have held a request for so long while nobody listened."""
SKEW_TOLD_S = 60
_FIELDS = 50

_PLAIN = "text/plain"
_STAMP = "X-Slack-Request-Timestamp"


class Rejected(Exception):
    """The request is not one of Slack's; answered with this status and nothing else."""

    def __init__(self, status: int) -> None:
        """Keep the status."""
        super().__init__(status)
        self.status = status


class PortTaken(Exception):
    """Nothing can listen there: another process does, or it is not ours to use."""

    def __init__(self, host: str, port: int) -> None:
        """Keep the place."""
        super().__init__(f"HOST and PORT: nothing can listen on {host}:{port}")


class HttpListener:
    """Lets in what Slack signed, once."""

    def __init__(
        self,
        receive: Callable[[dict[str, Any]], Awaitable[BoltResponse]],
        is_ready: Callable[[], Awaitable[bool]],
        signing_secret: str | None,
        on_skew: Callable[[], None],
    ) -> None:
        """Hand what Slack signed to `receive` (`Dispatcher.receive`).

        Without a signing secret (Socket Mode) only the health pages answer.
        """
        self._receive, self._is_ready, self._on_skew = receive, is_ready, on_skew
        self._secret = signing_secret.encode() if signing_secret else None
        self._seen = SeenRequests()
        self.started_at = time.time()
        """What was signed before may have been answered by the process before this one."""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer any HTTP request."""
        match request.method, request.path:
            case "GET", "/healthz":
                return _fixed(200, "ok")
            case "GET", "/readyz":
                is_ready = await self._is_ready()
                return _fixed(200, "ready") if is_ready else _fixed(503, "starting")
            case "POST", "/slack/events" if self._secret:
                try:
                    return await self._events(request, self._secret)
                except Rejected as exc:
                    return _fixed(exc.status)
            case _:
                return _fixed(404)

    async def _events(self, request: web.BaseRequest, secret: bytes) -> web.Response:
        body = await _body(request)
        signature = _verified(request, body, secret)
        self._check_age(request)
        if not self._seen.is_first(signature):
            return _fixed(200)
        try:
            answer = await self._receive(_payload(body))
        except MalformedPayload as exc:
            raise Rejected(400) from exc
        content_type = answer.first_headers().get("content-type", _PLAIN).partition(";")[0]
        return _fixed(answer.status, answer.body, content_type)

    def _check_age(self, request: web.BaseRequest) -> None:
        """Refuse what is old; what Slack signed a while ago, or ahead, tells of a wrong clock."""
        skew_s = abs(int(time.time()) - int(request.headers[_STAMP]))
        if skew_s > SKEW_TOLD_S:
            logs.event("clock_differs_from_slack", seconds=skew_s)
            self._on_skew()
        is_from_before = int(request.headers[_STAMP]) < self.started_at - BEFORE_START_S
        if skew_s > FRESH_S or is_from_before:
            raise Rejected(401)


@asynccontextmanager
async def listen(
    door: HttpListener, host: str, port: int, head_s: float = HEAD_S
) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port, which the system chooses for 0.

    A request whose head takes longer than `head_s` is cut off.

    Raises:
        PortTaken: the place cannot be listened on.
    """
    server = _Server(
        door.answer,
        head_s=head_s,
        keepalive_timeout=IDLE_S,
        lingering_time=BODY_S,
        auto_decompress=False,
        access_log=None,
    )
    runner = web.ServerRunner(server, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as exc:
            raise PortTaken(host, port) from exc
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _body(request: web.BaseRequest) -> bytes:
    if request.content_type != "application/x-www-form-urlencoded":
        raise Rejected(415)
    if "Content-Encoding" in request.headers:
        raise Rejected(415)
    if (request.content_length or 0) > LARGEST_BODY:
        raise Rejected(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise Rejected(413)
    except TimeoutError as exc:
        raise Rejected(408) from exc
    except (ConnectionError, web.RequestPayloadError) as exc:  # it broke off: nothing to log
        raise Rejected(400) from exc
    return bytes(body)


def _verified(request: web.BaseRequest, body: bytes, secret: bytes) -> str:
    """The signature, if it is Slack's."""
    stamp = request.headers.get(_STAMP, "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not re.fullmatch(r"[0-9]{1,12}", stamp) or not re.fullmatch(r"v0=[0-9a-f]{64}", signature):
        raise Rejected(401)
    signed = b"v0:" + stamp.encode() + b":" + body
    expected = "v0=" + hmac.digest(secret, signed, "sha256").hex()
    if not hmac.compare_digest(expected, signature):
        raise Rejected(401)
    return signature


def _payload(body: bytes) -> dict[str, Any]:
    """The form of a command, or the JSON in the form of a click; no field may come twice."""
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
        form = dict(fields)
        if len(form) != len(fields):
            raise Rejected(400)
        if form.keys() == {"payload"}:
            return msgspec.json.decode(form["payload"], type=dict[str, Any])
    except (ValueError, msgspec.MsgspecError, RecursionError) as exc:
        raise Rejected(400) from exc
    return dict(form)


def _fixed(status: int, body: str = "", content_type: str = _PLAIN) -> web.Response:
    headers = {"Server": "gong-lookup", "Cache-Control": "no-store"}
    return web.Response(status=status, text=body, content_type=content_type, headers=headers)


class _Server(web.Server):
    """aiohttp's server, with our patience, and our words for what is not HTTP at all."""

    def __call__(self) -> RequestHandler:
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(RequestHandler):
    """aiohttp waits for a request's head as long as for a request.

    And it answers malformed HTTP itself: with its version and the bytes it did not like.
    """

    __slots__ = ("_cut_off", "_head_s")

    def __init__(
        self,
        server: _Server,
        *,
        loop: asyncio.AbstractEventLoop,
        head_s: float,
        **options: Any,  # noqa: ANN401  # aiohttp's own
    ) -> None:
        super().__init__(server, loop=loop, **options)
        self._head_s = head_s
        self._cut_off: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._cut_off = self._loop.call_later(self._head_s, self.force_close)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_in_a_head = self._waiter is not None and not self._waiter.done()
        if not is_in_a_head:
            self._keep()
        elif self._cut_off is None:
            self._cut_off = self._loop.call_later(self._head_s, self.force_close)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._keep()
        super().connection_lost(exc)

    def _keep(self) -> None:
        if self._cut_off is not None:
            self._cut_off.cancel()
            self._cut_off = None

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002  # aiohttp's signature
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # aiohttp's signature
    ) -> web.StreamResponse:
        if status >= 500 and exc is not None:  # noqa: PLR2004  # a bug of ours, not of the client
            logs.failure("unforeseen", exc)
        response = _fixed(status)
        response.force_close()
        return response
