"""Requests to the front door, made by hand."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.support.house import House

FORM = "application/x-www-form-urlencoded"
JANE = "jane@example.com"


def command(house: House, words: str = JANE) -> bytes:
    """The form of a command, as Slack sends it."""
    return urlencode(house.person().command(words, "C0LEGAL")).encode()


async def sends(http: httpx.AsyncClient, body: bytes, headers: dict[str, Any], status: int) -> None:
    """Be answered with this status and nothing that helps anybody."""
    answer = await http.post(
        "/slack/events", content=body, headers={"Content-Type": FORM, **headers}
    )
    assert (answer.status_code, answer.content) == (status, b"")
    assert answer.headers["Server"] == "gong-lookup"


async def nothing_happened(house: House) -> None:
    """Whatever came in before has led to nothing by the time another look-up is over."""
    await house.answered("nobody@example.com", "U0BEN")
    assert [request.address for request in house.gong.requests] == ["nobody@example.com"]
    assert {line.user for line in house.slack.private} == {"U0BEN"}


async def raw(house: House, sent: bytes, until: bytes | None = None) -> bytes:
    """What comes back, up to these bytes or until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.bot.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        answer = await (reader.readuntil(until) if until else reader.read())
    writer.close()
    await writer.wait_closed()
    return answer


def head(*headers: str) -> bytes:
    """The beginning of a form that is posted to the bot."""
    lines = ["POST /slack/events HTTP/1.1", "Host: x", f"Content-Type: {FORM}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()
