"""The page and what it asks for. On this machine only, and for this page only."""

import asyncio
import contextlib
import json
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.sandbox.state import items
from tests.sandbox.world import NoSuchThing, World

HOST = "127.0.0.1"
PAGE = Path(__file__).resolve().parent / "page"
SETTLE_S = 0.02
"""What comes close together is sent together."""
KEEP_ALIVE_S = 15

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class PortTaken(Exception):
    """Another program listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program. Choose another one: "
            f'make sandbox ARGS="--port {port + 1}"'
        )


class Page:
    """Answers the page's requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._closing = asyncio.Event()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[_only_this_page])
        application.router.add_get("/", _static("index.html"))
        for path in sorted(PAGE.iterdir()):
            application.router.add_get(f"/{path.name}", _static(path.name))
        application.router.add_get("/events", self._events)
        application.router.add_get("/files/{id}", self._file)
        application.router.add_post("/command", self._taking(self._command))
        application.router.add_post("/press", self._taking(self._press))
        application.router.add_post("/switch", self._taking(self._switch))
        application.router.add_post("/restart", self._taking(self._restart))
        return application

    def close(self) -> None:
        """Let open streams end, for nobody waits for them."""
        self._closing.set()
        self._world.slack.bell.ring()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: all there is at first, then what changes."""
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        sent: dict[str, str] = {}
        with contextlib.suppress(ConnectionError):
            await _send(response, {"reset": True})
            while not self._closing.is_set():
                ringing = self._world.slack.bell.next_ring()
                sent = await _send_changes(response, sent, items(self._world))
                try:
                    await asyncio.wait_for(ringing.wait(), KEEP_ALIVE_S)
                    await asyncio.sleep(SETTLE_S)
                except TimeoutError:
                    await response.write(b": still here\n\n")
        return response

    async def _file(self, request: web.Request) -> web.Response:
        """The bytes as they were uploaded."""
        file = self._world.slack.files.get(request.match_info["id"])
        if file is None or file.content is None or file.deleted:
            raise web.HTTPNotFound
        disposition = f'attachment; filename="{file.name}"'
        return web.Response(
            body=file.content,
            content_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            headers=HEADERS | {"Content-Disposition": disposition},
        )

    def _taking(self, act: Callable[[dict[str, Any]], Awaitable[None]]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                wanted = await request.json()
                await act(wanted)
            except (ValueError, KeyError, TypeError, NoSuchThing):
                raise web.HTTPBadRequest from None
            return web.Response(status=204, headers=HEADERS)

        return handle

    async def _command(self, wanted: dict[str, Any]) -> None:
        await self._world.types(wanted["user"], wanted["channel"], wanted["text"])

    async def _press(self, wanted: dict[str, Any]) -> None:
        await self._world.presses(wanted["user"], wanted["ts"], wanted["action"])

    async def _switch(self, wanted: dict[str, Any]) -> None:
        self._world.turn(wanted["name"], is_on=bool(wanted["on"]))

    async def _restart(self, _wanted: dict[str, Any]) -> None:
        await self._world.restart()


@asynccontextmanager
async def serving(world: World, port: int) -> AsyncIterator[str]:
    """Serve the page until the block ends; gives its address.

    Raises:
        PortTaken: the port cannot be listened on.
    """
    page = Page(world)
    runner = web.AppRunner(page.application(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as exc:
            raise PortTaken(port) from exc
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        page.close()
        await runner.cleanup()


@web.middleware
async def _only_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Other pages in the same browser may not act here, under whatever name they reach it."""
    if request.url.host not in {HOST, "localhost"}:
        raise web.HTTPForbidden
    if request.headers.get("Origin", str(request.url.origin())) != str(request.url.origin()):
        raise web.HTTPForbidden
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    return await handler(request)


def _static(name: str) -> Handler:
    content = (PAGE / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or "text/plain"

    async def handle(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=HEADERS)

    return handle


async def _send_changes(
    response: web.StreamResponse, before: dict[str, str], now: dict[str, str]
) -> dict[str, str]:
    changed = {key: text for key, text in now.items() if before.get(key) != text}
    gone = [key for key in before if key not in now]
    if changed or gone:
        parts = ",".join(changed.values())
        await response.write(
            f'data: {{"items":[{parts}],"gone":{json.dumps(gone)}}}\n\n'.encode(
                errors="backslashreplace"
            )
        )
    return now


async def _send(response: web.StreamResponse, content: object) -> None:
    await response.write(f"data: {json.dumps(content)}\n\n".encode())
