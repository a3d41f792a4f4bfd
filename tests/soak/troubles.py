"""The troubles of the soak: faults of Slack, words without a question, bodies without a request.

And clients who want nothing: they break off, or stay.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

BREAKING_OFF, IDLE = 50, 200
IDLE_S = 4.0
"""Longer than they are let."""
DESCRIPTORS = 256
POOR = f"""
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}))
import app
sys.exit(app.main([], os.environ))
"""
"""The bot, with few descriptors."""

SLACK_FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chat.postMessage", {"retry_after": 1}),
    ("chat.postMessage", {"retry_after": 60}),
    ("chat.postMessage", {"status": 500}),
    ("chat.postMessage", {"drop": True}),
    ("chat.postMessage", {"drop": True, "after": True}),
    ("chat.postMessage", {"status": 502, "body": "<html>", "after": True}),
    ("chat.postMessage", {"error": "invalid_blocks"}),
    ("chat.postMessage", {"delay_s": 2}),
    ("chat.postMessage", {"delay_s": 6}),
    ("chat.update", {"status": 500}),
    ("chat.update", {"retry_after": 1}),
    ("users.info", {"status": 500}),
    ("users.info", {"delay_s": 6}),
    ("conversations.info", {"drop": True}),
    ("conversations.info", {"retry_after": 30}),
    ("files.getUploadURLExternal", {"status": 500}),
    ("files.getUploadURLExternal", {"retry_after": 1}),
    ("upload", {"status": 500}),
    ("upload", {"drop": True}),
    ("upload", {"delay_s": 3}),
    ("files.completeUploadExternal", {"error": "internal_error"}),
    ("files.completeUploadExternal", {"drop": True, "after": True}),
    ("files.delete", {"status": 500}),
    ("files.delete", {"drop": True, "after": True}),
)
NO_QUESTIONS = (
    "",
    "no address",
    "jane@example.com john@example.com",
    "j\u0430ne@example.com",
    "jane\u200b@example.com",
    "<!channel>@example.com",
    "a@example.com?x=1&emailAddress=ceo@example.com",
    "x" * 9000,
)
ODD_BODIES = (
    b"[]",
    b"null",
    b"\xff\xfe",
    b"payload=%7B",
    b"payload=" + b"%5B" * 5000,
    b"ssl_check=1",
    b"command=%2Fgong-lookup",
    b"command=a&command=b",
    b"x" * (600 * 1024),
    b"",
)
_FORM = b"Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
_POST = b"POST /slack/events HTTP/1.1\r\n" + _FORM
HALVES = (
    b"",
    _POST[:40],
    _POST + b"Content-Length: 1000\r\n\r\nhalf",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhal",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
)


async def break_off(port: int) -> int:
    """Begin something on many connections, and go; return how many they were."""
    async with AsyncExitStack() as stack:
        for number in range(BREAKING_OFF):
            await stack.enter_async_context(_connected(port, HALVES[number % len(HALVES)]))
    return BREAKING_OFF


async def stay(port: int) -> int:
    """Begin something on many connections, and stay; return how many they were."""
    async with AsyncExitStack() as stack:
        for number in range(IDLE):
            await stack.enter_async_context(_connected(port, HALVES[number % len(HALVES)]))
        await asyncio.sleep(IDLE_S)
    return IDLE


@asynccontextmanager
async def _connected(port: int, sent: bytes) -> AsyncIterator[None]:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    yield
    writer.transport.abort()
