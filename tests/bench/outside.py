"""Slack and Gong in a process of their own, quick where the stand-ins are strict.

    python -m tests.bench.outside

An address says what Gong is to answer: `n250.ms300.x7@example.com` has 250 references, which come
after 300 ms. What arrives is told as a JSON line on stdout, with the time: `time.monotonic`, which
all processes of a machine share.
"""

import asyncio
import time
from typing import Any

from aiohttp import web

from tests.bench.answers import answer
from tests.bench.lines import served, tell
from tests.bench.scene import CHANNEL, TEAM, delay_s, references

ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"team_id": TEAM, "user_id": "U0BOT", "user": "gong-lookup", "bot_id": "B0BOT"},
    "users.info": {"user": {"id": "U0", "team_id": TEAM}},
    "conversations.info": {"channel": {"id": CHANNEL, "is_private": True, "is_member": True}},
    "chat.postMessage": {"ts": "1763900000.000100", "channel": CHANNEL},
    "files.completeUploadExternal": {"files": [{"id": "F0", "title": "answer"}]},
}


class Outside:
    """Both services on one port, by path."""

    def __init__(self) -> None:
        self._places_given: dict[str, float] = {}

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/api/"):
            return await self._api(request, request.path.removeprefix("/api/"))
        if request.path.startswith("/upload/"):
            return await self._upload(request)
        return await _gong(request)

    async def _api(self, request: web.BaseRequest, method: str) -> web.Response:
        body = await request.read()
        if method == "files.getUploadURLExternal":
            return self._place(request)
        if method == "chat.postMessage":
            tell("replied" if b"thread_ts" in body else "posted")
        if method == "files.completeUploadExternal":
            tell("completed")
        return web.json_response({"ok": True, **ANSWERS[method]})

    def _place(self, request: web.BaseRequest) -> web.Response:
        path = f"/upload/{len(self._places_given)}"
        url = f"http://{request.host}{path}"
        self._places_given[path] = time.monotonic()
        return web.json_response({"ok": True, "upload_url": url, "file_id": "F0"})

    async def _upload(self, request: web.BaseRequest) -> web.Response:
        """Tells how long it took from the place that was given to the last byte."""
        size = 0
        async for chunk in request.content.iter_any():
            size += len(chunk)
        took_s = time.monotonic() - self._places_given[request.path]
        tell("uploaded", bytes=size, took_s=took_s)
        return web.Response(text="OK")


async def _gong(request: web.BaseRequest) -> web.Response:
    address = request.query["emailAddress"]
    tell("asked")
    body = answer(references(address))
    await asyncio.sleep(delay_s(address))
    return web.Response(body=body, content_type="application/json")


if __name__ == "__main__":
    asyncio.run(served(Outside().answer))
