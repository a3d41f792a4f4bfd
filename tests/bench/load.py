"""The load: signed commands over connections that are open already, made before the clock starts.

A client that costs little: what it takes itself would count as the server's.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.bench.scene import CHANNEL, SIGNING_SECRET, TEAM
from tests.stand_ins.slack_delivery import form, signed


@dataclass(frozen=True, slots=True)
class Target:
    """Where commands go."""

    port: int
    path: str = "/slack/events"
    ends: str = "replied"
    """What is told outside when a job is over: with the bot, the message under its files."""


def request(target: Target, typed: str, user: str = "U0ANA") -> bytes:
    """One command as it travels, unlike any other."""
    fields = {
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "user_id": user,
        "command": "/gong-lookup",
        "text": typed,
        "api_app_id": "A0BENCH",
        "response_url": f"http://127.0.0.1:1/commands/{secrets.token_hex(12)}",
        "trigger_id": secrets.token_hex(16),
    }
    body = form("command", fields)
    headers = {
        "Host": f"127.0.0.1:{target.port}",
        "Content-Length": str(len(body)),
        **signed(body, None, SIGNING_SECRET),
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Line:
    """One connection, kept alive."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ack_s(self, request: bytes) -> float:
        """Send, and wait for the whole answer, which must be a 200."""
        began = time.perf_counter()
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await self.reader.readexactly(length)
        took_s = time.perf_counter() - began
        assert head.startswith(b"http/1.1 200 "), head
        return took_s


@asynccontextmanager
async def lines(target: Target, number: int) -> AsyncIterator[Sequence[Line]]:
    """So many connections to a server, until the block ends."""
    opened = [Line(*await asyncio.open_connection("127.0.0.1", target.port)) for _ in range(number)]
    try:
        yield opened
    finally:
        for line in opened:
            line.writer.close()
        await asyncio.gather(*(line.writer.wait_closed() for line in opened))
