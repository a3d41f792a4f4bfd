"""Socket Mode of the stand-in: https://docs.slack.dev/apis/events-api/using-socket-mode."""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from tests.stand_ins.slack_world import World

TYPES = {"command": "slash_commands", "interactive": "interactive"}


class Socket:
    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[web.WebSocketResponse] = []
        self._awaited: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.last: dict[str, Any] = {}  # the envelope that was sent last

    @property
    def connected(self) -> bool:
        return bool(self._open)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to close."""
        if request.match_info["ticket"] not in self._world.socket_tickets:
            raise web.HTTPForbidden
        self._world.socket_tickets.remove(request.match_info["ticket"])
        socket = web.WebSocketResponse(timeout=0.5)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self._open) + 1})
        self._open.append(socket)
        self._world.bell.ring()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        finally:
            if socket in self._open:
                self._open.remove(socket)
            self._world.bell.ring()
        return socket

    def _take(self, reply: dict[str, Any]) -> None:
        waiting = self._awaited.pop(str(reply.get("envelope_id")), None)
        if waiting is None:
            self._world.complain("a reply over the socket to no envelope, or a second one")
        elif not waiting.done():
            waiting.set_result(reply)

    async def deliver(self, kind: str, payload: dict[str, Any], wall_s: float) -> dict[str, Any]:
        """Send one envelope; return the reply's payload, empty when it carried none.

        Raises:
            TimeoutError: no reply within ``wall_s``.
            ConnectionError: nobody is connected.
        """
        if not self._open:
            msg = "no socket is open"
            raise ConnectionError(msg)
        envelope = {
            "envelope_id": secrets.token_hex(16),
            "type": TYPES[kind],
            "accepts_response_payload": kind == "command",
            "payload": payload,
        }
        self.last = envelope
        return await self._send(envelope, wall_s)

    async def again(self, wall_s: float) -> dict[str, Any]:
        """Send the last envelope once more, as whoever stands between may."""
        return await self._send(self.last, wall_s)

    async def _send(self, envelope: dict[str, Any], wall_s: float) -> dict[str, Any]:
        waiting = self._awaited[envelope["envelope_id"]] = (
            asyncio.get_running_loop().create_future()
        )
        await self._open[-1].send_json(envelope)
        async with asyncio.timeout(wall_s):
            reply = await waiting
        content: dict[str, Any] = reply.get("payload") or {}
        return content

    async def drop(self) -> None:
        """Close every connection; a client is expected to open a new one."""
        closing, self._open = self._open, []
        for socket in closing:
            await socket.close()

    async def warn(self) -> None:
        """Say that the connections are about to be refreshed, as Slack does every few hours.

        Replies on them still count; new envelopes wait for the next connection.
        """
        retiring, self._open = self._open, []
        for socket in retiring:
            await socket.send_json({"type": "disconnect", "reason": "warning"})
