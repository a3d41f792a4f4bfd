"""The front door: `/slack/events`, `/healthz`, `/readyz`, and nothing else.

Strict before Bolt, whose own checks answer junk with 500 and log unsigned bodies. Signatures:
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from slack_bolt.response import BoltResponse

from bot import logs
from bot.listeners.connections import BODY_S, PLAIN, keep_alive, plain_response
from bot.slack.payloads import MalformedPayload
from bot.state.replay import SeenRequests

LARGEST_BODY = 512 * 1024
"""A click on a page carries the page: up to 300 KB when all its text is percent-encoded."""
FRESH_S = 300
BEFORE_START_S = 5
"""Slack's router may have held a request for so long while nobody listened."""
SKEW_TOLD_S = 60
_FIELDS = 50

_STAMP = "X-Slack-Request-Timestamp"


class Rejected(Exception):
    """The request is not one of Slack's; answered with this status and nothing else."""

    def __init__(self, status: int) -> None:
        """Keep the status."""
        super().__init__(status)
        self.status = status


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
                return plain_response(200, "ok")
            case "GET", "/readyz":
                is_ready = await self._is_ready()
                return plain_response(200, "ready") if is_ready else plain_response(503, "starting")
            case "POST", "/slack/events" if self._secret:
                try:
                    return await self._events(request, self._secret)
                except Rejected as exc:
                    return plain_response(exc.status)
            case _:
                return plain_response(404)

    async def _events(self, request: web.BaseRequest, secret: bytes) -> web.Response:
        body = await _body(request)
        signature = _verified(request, body, secret)
        self._check_age(request)
        keep_alive(request)
        if not self._seen.is_first(signature):
            return plain_response(200)
        try:
            answer = await self._receive(_payload(body))
        except MalformedPayload as exc:
            raise Rejected(400) from exc
        content_type = answer.first_headers().get("content-type", PLAIN).partition(";")[0]
        return plain_response(answer.status, answer.body, content_type)

    def _check_age(self, request: web.BaseRequest) -> None:
        """Refuse what is old; what Slack signed a while ago, or ahead, tells of a wrong clock."""
        skew_s = abs(int(time.time()) - int(request.headers[_STAMP]))
        if skew_s > SKEW_TOLD_S:
            logs.event("clock_differs_from_slack", seconds=skew_s)
            self._on_skew()
        is_from_before = int(request.headers[_STAMP]) < self.started_at - BEFORE_START_S
        if skew_s > FRESH_S or is_from_before:
            raise Rejected(401)


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
