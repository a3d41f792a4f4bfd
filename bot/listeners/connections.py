"""The connections to the front door: few, short, and never those that Slack and Gong need.

Anybody can open one, in Socket Mode too, for the health pages. Whoever is not Slack gets one answer
and is cut off after seconds; and there are fewer of them than the system has descriptors, so that
Slack still gets in, and we still get out to Slack and Gong.
"""

import asyncio
import errno
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import chain
from typing import Any, cast

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot import logs

BODY_S = 2.0
HEAD_S = 3.0
"""Slack itself does not wait longer than this."""
IDLE_S = 120.0
"""Longer than a host's proxy keeps a connection to us, once Slack has signed what came by it."""
MOST_CONNECTIONS = 512
FEWEST_CONNECTIONS = 8
RESERVED_DESCRIPTORS = 96
"""For ourselves, for Slack and for Gong; and for what is accepted before another is closed."""
PLAIN = "text/plain"

_ACCEPTED_AT_ONCE = 8
_LISTEN_QUEUE = 512
"""The system keeps so many waiting; each turn of the event loop accepts a few of them."""
_QUIET_S = 60.0
_SHORTAGES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

AnswerRequest = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class PortTaken(Exception):
    """Nothing can listen there: another process does, or it is not ours to use."""

    def __init__(self, host: str, port: int) -> None:
        """Keep the place."""
        super().__init__(f"HOST and PORT: nothing can listen on {host}:{port}")


@asynccontextmanager
async def listen(
    answer: AnswerRequest, host: str, port: int, head_s: float = HEAD_S, most: int | None = None
) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port, which the system chooses for 0.

    A request whose head takes longer than `head_s` is cut off. There are `most` connections, or as
    many as the limit of descriptors lets.

    Raises:
        PortTaken: the place cannot be listened on.
    """
    loop = asyncio.get_running_loop()
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    server = _Server(answer, _Connections(most or most_connections(limit)), head_s)
    runner = web.ServerRunner(server, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            listening = await loop.create_server(server, host, port, backlog=_ACCEPTED_AT_ONCE)
        except OSError as exc:
            raise PortTaken(host, port) from exc
        for each in listening.sockets:
            with each.dup() as same:
                same.listen(_LISTEN_QUEUE)
        with _shortages_told(loop):
            try:
                yield listening.sockets[0].getsockname()[1]
            finally:
                listening.close()
    finally:
        await runner.cleanup()


def most_connections(descriptors: int) -> int:
    """Return how many connections leave enough of so many descriptors."""
    if descriptors == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, descriptors - RESERVED_DESCRIPTORS))


def keep_alive(request: web.BaseRequest) -> None:
    """Let more requests come by this connection, for Slack signed this one."""
    cast("_Protocol", request.protocol).keep_for_slack()


def plain_response(status: int, body: str = "", content_type: str = PLAIN) -> web.Response:
    """Return an answer that says nothing of what is behind it."""
    headers = {"Server": "gong-lookup", "Cache-Control": "no-store"}
    return web.Response(status=status, text=body, content_type=content_type, headers=headers)


@contextmanager
def _shortages_told(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Say it once a minute when no descriptor is left; asyncio says it for each connection."""
    quiet_until_s = 0.0

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        nonlocal quiet_until_s
        exc = context.get("exception")
        if not isinstance(exc, OSError) or exc.errno not in _SHORTAGES:
            loop.default_exception_handler(context)
        elif loop.time() >= quiet_until_s:
            quiet_until_s = loop.time() + _QUIET_S
            logs.failure("cannot_accept_connections", exc)

    before = loop.get_exception_handler()
    loop.set_exception_handler(handle)
    try:
        yield
    finally:
        loop.set_exception_handler(before)


class _Connections:
    """All that are open; the least useful is closed when there would be too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._strangers: dict[_Protocol, None] = {}
        """The oldest first."""
        self._slacks: dict[_Protocol, None] = {}
        """The one that has not been used for longest first."""

    def add(self, protocol: "_Protocol") -> None:
        if len(self._strangers) + len(self._slacks) >= self._most:
            least = next(chain(self._strangers, self._slacks))
            self.discard(least)
            least.force_close()
        self._strangers[protocol] = None

    def use_for_slack(self, protocol: "_Protocol") -> None:
        self.discard(protocol)
        self._slacks[protocol] = None

    def discard(self, protocol: "_Protocol") -> None:
        self._strangers.pop(protocol, None)
        self._slacks.pop(protocol, None)

    def is_of_slack(self, protocol: "_Protocol") -> bool:
        return protocol in self._slacks


class _Server(web.Server):
    """aiohttp's server, with our patience, and our words for what is not HTTP at all."""

    def __init__(self, answer: AnswerRequest, connections: _Connections, head_s: float) -> None:
        super().__init__(
            answer,
            keepalive_timeout=IDLE_S,
            lingering_time=BODY_S,
            auto_decompress=False,
            access_log=None,
        )
        self._open, self._head_s = connections, head_s

    def __call__(self) -> RequestHandler:
        options = self._kwargs
        return _Protocol(self, self._open, self._head_s, loop=self._loop, **options)


class _Protocol(RequestHandler):
    """aiohttp waits for a request's head as long as for a request.

    And it answers malformed HTTP itself: with its version and the bytes it did not like.
    """

    __slots__ = ("_cut_off", "_head_s", "_open")

    def __init__(
        self,
        server: _Server,
        connections: _Connections,
        head_s: float,
        *,
        loop: asyncio.AbstractEventLoop,
        **options: Any,  # noqa: ANN401  # aiohttp's own
    ) -> None:
        super().__init__(server, loop=loop, **options)
        self._open, self._head_s = connections, head_s
        self._cut_off: asyncio.TimerHandle | None = None

    def keep_for_slack(self) -> None:
        self._open.use_for_slack(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open.add(self)
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
        self._open.discard(self)
        super().connection_lost(exc)

    def _keep(self) -> None:
        if self._cut_off is not None:
            self._cut_off.cancel()
            self._cut_off = None

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if not self._open.is_of_slack(self):
            resp.force_close()
        return await super().finish_response(request, resp, start_time)

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002  # aiohttp's signature
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # aiohttp's signature
    ) -> web.StreamResponse:
        if status >= 500 and exc is not None:  # noqa: PLR2004  # a bug of ours, not of the client
            logs.failure("unforeseen", exc)
        response = plain_response(status)
        response.force_close()
        return response
