"""A small Gong with its one read-only endpoint, as strict as the specification.

https://help.gong.io/apidocs/retrieve-all-references-to-an-email-address-v2data-privacydata-for-email-address
"""

import asyncio
import base64
import contextlib
import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.stand_ins.answering import Answering, Transport, failing
from tests.stand_ins.bell import Bell
from tests.stand_ins.faults import abort
from tests.stand_ins.people import PEOPLE

PATH = "/v2/data-privacy/data-for-email-address"
DRIP_S = 0.05


@dataclass(frozen=True, slots=True)
class GongRequest:
    method: str
    path: str
    query: str  # raw, as it came
    address: str  # decoded: a bare + is a space
    headers: dict[str, str]
    at: float  # monotonic seconds
    status: int  # what was answered, or would have been but for a dropped connection
    request_id: str
    answer: bytes  # the whole body before gzip, cut or drip


class Gong:
    def __init__(self, *middlewares: Middleware) -> None:
        self._middlewares = middlewares  # of aiohttp: they see every request and its answer
        self.access_key = "STANDINACCESSKEY"
        self.access_key_secret = "stand-in-access-key-secret-made-up"
        self.base_url = ""
        self.requests: list[GongRequest] = []
        self.complaints: list[str] = []
        self.default: Answering = Answering()
        self.people: dict[str, Answering | list[Answering]] = {
            address: list(someone.answers) for address, someone in PEOPLE.items()
        }
        self._bell = Bell()

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=self._middlewares)
        app.router.add_route("*", "/{anything:.*}", self._serve)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def until(self, predicate: Callable[[], object], timeout_s: float = 20) -> None:
        await self._bell.until(predicate, timeout_s, lambda: "\n".join(map(repr, self.requests)))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        address = dict(pairs).get("emailAddress", "")
        answering = self._refusal(request, path, pairs) or self._next(address)
        request_id = "".join(
            secrets.choice(string.ascii_lowercase + string.digits) for _ in "x" * 20
        )
        content = answering.content(request_id)
        self.requests.append(
            GongRequest(
                request.method,
                path,
                query,
                address,
                dict(request.headers),
                time.monotonic(),
                answering.status,
                request_id,
                content,
            )
        )
        self._bell.ring()
        await asyncio.sleep(answering.delay_s)
        return await _send(request, answering, content, request_id)

    def _next(self, address: str) -> Answering:
        """A list is used up from the front; its last answer stays."""
        answers = self.people.get(address, self.default)
        if isinstance(answers, Answering):
            return answers
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _refusal(
        self, request: web.Request, path: str, pairs: list[tuple[str, str]]
    ) -> Answering | None:
        """Only this one GET: the same key could also erase, so all else is a complaint."""
        if path != PATH:
            return self._complain(404, "Not found", f"{request.method} {path}")
        if request.method != "GET":
            return self._complain(405, "Method not allowed", f"{request.method} {path}")
        if request.headers.get("Authorization") != self._credentials():
            return failing(401, "Failed to authorize: invalid credentials")
        if [name for name, _ in pairs] != ["emailAddress"] or not pairs[0][1]:
            names = [name for name, _ in pairs]
            return self._complain(400, "emailAddress: exactly one is required", f"query {names}")
        if request.can_read_body:
            return self._complain(400, "A body is not expected", "a GET with a body")
        return None

    def _complain(self, status: int, error: str, complaint: str) -> Answering:
        self.complaints.append(complaint)
        return failing(status, error)

    def _credentials(self) -> str:
        pair = f"{self.access_key}:{self.access_key_secret}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


async def _send(
    request: web.Request, answering: Answering, content: bytes, request_id: str
) -> web.StreamResponse:
    """Let the answer travel whole, or in one of the ways in which answers do not arrive."""
    if answering.transport is Transport.DROP:
        return abort(request)
    for_ever = answering.transport in {Transport.DRIP, Transport.ENDLESS}
    accepted = "" if for_ever else request.headers.get("Accept-Encoding", "")
    body, encoding = answering.encoded(content, accepted)
    headers = {
        "Content-Type": "application/json;charset=UTF-8",
        "x-traceid": request_id,
        **encoding,
        **answering.headers,
    }
    if answering.transport is Transport.WHOLE:
        return web.Response(body=body, status=answering.status, headers=headers)
    response = web.StreamResponse(status=answering.status, headers=headers)
    if answering.transport is Transport.CUT:
        response.content_length = len(body)
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the client had enough
        await WAYS[answering.transport](request, response, body)
    return response


async def _cut(request: web.Request, response: web.StreamResponse, body: bytes) -> None:
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()


async def _drip(_request: web.Request, response: web.StreamResponse, body: bytes) -> None:
    for byte in body:
        await response.write(bytes([byte]))
        await asyncio.sleep(DRIP_S)
    while True:
        await response.write(b" ")
        await asyncio.sleep(DRIP_S)


async def _endless(_request: web.Request, response: web.StreamResponse, body: bytes) -> None:
    await response.write(body)
    while True:
        await response.write(b" " * 65536)


WAYS = {Transport.CUT: _cut, Transport.DRIP: _drip, Transport.ENDLESS: _endless}
