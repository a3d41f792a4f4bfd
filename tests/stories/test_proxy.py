"""A network whose only way out is a proxy: everything goes through it, and nothing around it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.process import started

ENVIRONMENT = {
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "SLACK_SIGNING_SECRET": "made-up-and-long-enough",
    "GONG_BASE_URL": "https://us-12345.api.gong.io",
    "GONG_ACCESS_KEY": "made-up",
    "GONG_ACCESS_KEY_SECRET": "made-up",
    "AUTHORIZED_CHANNELS": "C0LEGAL",
    "AUDIT_KEY": "made-up-and-long-enough",
}


@asynccontextmanager
async def proxy() -> AsyncIterator[tuple[int, set[str]]]:
    """A proxy that lets nothing through; its port, and where it was asked to lead."""
    asked: set[str] = set()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.add((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode())
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], asked


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
async def test_slack_and_gong_are_asked_by_way_of_the_proxy(name: str) -> None:
    async with proxy() as (port, asked):
        variables = ENVIRONMENT | {name: f"http://127.0.0.1:{port}"}
        async with started(variables, "app.py", "check") as served:
            assert await served.ends() == 1
    assert asked == {
        "CONNECT slack.com:443 HTTP/1.1",
        "CONNECT us-12345.api.gong.io:443 HTTP/1.1",
    }
    assert "✗ SLACK_BOT_TOKEN: Slack could not be asked (unreachable)." in served.text
    assert "✗ Gong: Gong could not be reached" in served.text
