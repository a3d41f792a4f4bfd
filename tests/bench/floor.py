"""The floor: the same stack, when it does nothing but what cannot be left out.

python -m tests.bench.floor URL-OF-OUTSIDE

/ack     checks the signature, and says 200
/kept    the same, then posts a ready-made message
/fresh   the bot's job without Bolt: one request to Gong for all who ask the same; for each of
         them a count, a message, two files in its thread and a message under these
/file    sends an answer's bytes to where Slack wants files
"""

import asyncio
import hashlib
import hmac
import io
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import httpx
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.evidence.result import Result
from bot.gong.client import PATH
from bot.gong.response import read_response
from bot.messages.summary import SummaryView, draw_summary
from bot.models import Asker, Email, Evidence, Finding, Question, Search
from bot.slack.block_kit import Message
from tests.bench.answers import answer
from tests.bench.lines import served
from tests.bench.reading import as_little_as_possible
from tests.bench.scene import CHANNEL, GONG_KEY, SIGNING_SECRET, SLACK_TOKEN, TYPICAL, references

RECEIPT = b" " * 2000


def ready_made() -> Message:
    """The very message that the bot posts for a typical answer."""
    email = Email("jane.doe@example.com")
    found = read_response(200, {}, answer(TYPICAL))
    now = datetime.now(UTC)
    search = Search("R-0000-0000-0000", Question(email), "U0ANA", now)
    finding = Finding(Evidence(email, "127.0.0.1", PATH, now, found), is_kept=True)
    asker = Asker("T0US", None, CHANNEL, "U0ANA", "")
    return draw_summary(SummaryView(Result.of(asker, search, finding)))


def is_signed(request: web.BaseRequest, body: bytes) -> bool:
    """Whether Slack's secret made the signature."""
    signed = b"v0:" + request.headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    expected = "v0=" + hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, request.headers["X-Slack-Signature"])


@dataclass
class Floor:
    """Owns the tasks and the requests under way."""

    slack: AsyncWebClient
    session: aiohttp.ClientSession
    gong: httpx.AsyncClient
    _message: Message = field(default_factory=ready_made)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _asked: dict[str, asyncio.Task[httpx.Response]] = field(default_factory=dict)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        if not is_signed(request, body):
            return web.Response(status=401)
        if request.path != "/ack":
            typed = dict(parse_qsl(body.decode()))["text"]
            task = asyncio.create_task(self._jobs[request.path](typed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.Response()

    @property
    def _jobs(self) -> dict[str, Callable[[str], Coroutine[Any, Any, None]]]:
        return {"/kept": self._kept, "/fresh": self._fresh, "/file": self._file}

    async def _kept(self, _typed: str) -> None:
        await self._post(self._message.text)

    async def _fresh(self, typed: str) -> None:
        if typed not in self._asked:
            asking = self.gong.get(PATH, params={"emailAddress": typed})
            self._asked[typed] = asyncio.create_task(asking)
        body = (await self._asked[typed]).content
        found = as_little_as_possible(body)
        await self._post(f"{typed}: {len(found.emails)} emails, {len(found.calls)} calls")
        await asyncio.gather(self._send(body), self._send(RECEIPT))
        files: list[dict[str, str | None]] = [{"id": "F0", "title": "answer"}] * 2
        await self.slack.files_completeUploadExternal(
            files=files, channel_id=CHANNEL, thread_ts="1.2"
        )
        await self._post("Two files", "1.2")

    async def _file(self, typed: str) -> None:
        await self._send(answer(references(typed)))

    async def _post(self, text: str, thread_ts: str | None = None) -> None:
        await self.slack.chat_postMessage(
            channel=CHANNEL, text=text, blocks=self._message.blocks, thread_ts=thread_ts
        )

    async def _send(self, body: bytes) -> None:
        place = await self.slack.files_getUploadURLExternal(filename="a.json", length=len(body))
        async with self.session.post(place["upload_url"], data=io.BytesIO(body)) as response:
            assert response.status == 200


async def main(outside: str) -> None:
    """Serve, with one session for Slack and one client for Gong, as the bot does."""
    async with (
        aiohttp.ClientSession() as session,
        httpx.AsyncClient(base_url=outside, auth=GONG_KEY, timeout=30) as gong,
    ):
        slack = AsyncWebClient(SLACK_TOKEN, base_url=f"{outside}/api/", session=session)
        await served(Floor(slack, session, gong).answer)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
