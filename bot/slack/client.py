"""The calls we make to Slack's Web API.

Nothing here is sent twice unless Slack said that it did not take it the first time (429).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackFailed
from bot.models import Channel, File, Identity, Person
from bot.runtime import without_frames
from bot.settings import is_slacks
from bot.slack.block_kit import Message
from bot.slack.directory import read_channel, read_person
from bot.slack.retries import ShortPauses, read_code, read_header

CALL_S = 5.0
CONNECT_S = 3.0
UPLOAD_S = 60.0
_PIECE_BYTES = 64 * 1024
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "msg_blocks_too_long"})


Sign = Callable[[str, Message], Message]
"""Of a channel and a message."""


def _unsigned(_: str, message: Message) -> Message:
    return message


@dataclass(frozen=True, slots=True)
class SlackClient:
    """Posts, uploads, and looks people and channels up. All raise `SlackFailed`."""

    web: AsyncWebClient
    session: aiohttp.ClientSession
    call_s: float = CALL_S
    sign: Sign = _unsigned
    """Signs the buttons of every message that is posted."""

    async def fetch_identity(self) -> Identity:
        """Ask who our token belongs to, and what it may do."""
        answer = await self._call(self.web.auth_test())
        scopes = read_header(answer.headers, "x-oauth-scopes").split(",")
        return Identity(
            team_id=answer["team_id"],
            enterprise_id=answer.get("enterprise_id") or None,
            bot_user_id=answer["user_id"],
            bot_name=answer.get("user") or "gong-lookup",
            scopes=frozenset(scope.strip() for scope in scopes if scope.strip()),
        )

    async def check_app_token(self, token: str) -> None:
        """Ask for a Socket Mode address, and leave it unused."""
        await self._call(self.web.apps_connections_open(app_token=token))

    async def measure_clock_skew_s(self) -> float:
        """Measure how far our clock is ahead of Slack's, in seconds."""
        answer = await self._call(self.web.auth_test())
        told = parsedate_to_datetime(read_header(answer.headers, "date"))
        return (datetime.now(UTC) - told).total_seconds()

    async def fetch_person(self, user_id: str) -> Person:
        """Ask for a user."""
        answer = await self._call(self.web.users_info(user=user_id))
        return read_person(answer["user"])

    async def fetch_channel(self, channel_id: str) -> Channel:
        """Ask for a channel."""
        answer = await self._call(self.web.conversations_info(channel=channel_id))
        return read_channel(answer["channel"])

    async def fetch_members(self, channel_id: str) -> list[str]:
        """Ask for the user ids of a channel's members."""
        found: list[str] = []
        cursor = ""
        while True:
            answer = await self._call(
                self.web.conversations_members(channel=channel_id, cursor=cursor, limit=200)
            )
            found += answer["members"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def post(self, channel_id: str, message: Message, thread_ts: str | None = None) -> str:
        """Post a message and return its `ts`; a message Slack finds malformed goes as text."""
        message = self.sign(channel_id, message)
        try:
            return await self._post(channel_id, message, thread_ts)
        except SlackFailed as exc:
            if exc.code not in _BLOCKS_REFUSED:
                raise
            return await self._post(channel_id, Message(message.text, ()), thread_ts)

    async def update(self, channel_id: str, ts: str, message: Message) -> None:
        """Put another message in the place of one of ours, as text where its blocks are refused."""
        message = self.sign(channel_id, message)
        try:
            await self._update(channel_id, ts, message)
        except SlackFailed as exc:
            if exc.code not in _BLOCKS_REFUSED:
                raise
            await self._update(channel_id, ts, Message(message.text, ()))

    async def _update(self, channel_id: str, ts: str, message: Message) -> None:
        await self._call(
            self.web.chat_update(
                channel=channel_id, ts=ts, text=message.text, blocks=message.blocks
            )
        )

    async def upload(self, files: Sequence[File]) -> Sequence[str]:
        """Send files to Slack, where nobody sees them yet, and return their ids.

        https://docs.slack.dev/messaging/working-with-files
        """
        done = await asyncio.gather(*map(self._upload, files), return_exceptions=True)
        return [_or_raise(each) for each in done]

    async def share(
        self,
        channel_id: str,
        thread_ts: str,
        files: Sequence[File],
        ids: Sequence[str],
        comment: str,
    ) -> None:
        """Show files that were uploaded, in one message of a thread."""
        named: list[dict[str, str | None]] = [
            {"id": id_, "title": file.name} for id_, file in zip(ids, files, strict=True)
        ]
        try:
            await self._call(
                self.web.files_completeUploadExternal(
                    files=named, channel_id=channel_id, thread_ts=thread_ts, initial_comment=comment
                )
            )
        except SlackFailed as exc:
            raise SlackFailed(exc.code, tuple(ids)) from exc

    async def delete_file(self, file_id: str) -> None:
        """Delete a file of ours."""
        await self._call(self.web.files_delete(file=file_id))

    async def _upload(self, file: File) -> str:
        place = await self._call(
            self.web.files_getUploadURLExternal(filename=file.name, length=len(file.content))
        )
        await self._send(place["upload_url"], file.content, UPLOAD_S)
        return str(place["file_id"])

    async def respond(self, response_url: str, message: Message) -> None:
        """Tell one person something that nobody else sees.

        Tried twice: a line said twice is better than none.
        """
        what = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "blocks": message.blocks,
        }
        data = json.dumps(what).encode()
        try:
            await self._send(response_url, data, self.call_s)
        except SlackFailed:
            await self._send(response_url, data, self.call_s)

    async def _post(self, channel_id: str, message: Message, thread_ts: str | None) -> str:
        # Gong's own Slack app would unfurl links to Gong.
        answer = await self._call(
            self.web.chat_postMessage(
                channel=channel_id,
                thread_ts=thread_ts,
                text=message.text,
                blocks=message.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    async def _send(self, url: str, content: bytes, seconds: float) -> None:
        """Send to an address that Slack handed us; never anywhere else, by redirect neither."""
        if not is_slacks(url, self.web.base_url):
            raise SlackFailed("foreign_url")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(content)),
        }
        try:
            async with self.session.post(
                url,
                data=_pieces(content),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_S),
                allow_redirects=False,
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise SlackFailed(f"http_{response.status}")
        except TimeoutError as exc:
            raise SlackFailed("timeout") from exc
        except aiohttp.ClientError as exc:
            raise SlackFailed("unreachable") from exc

    async def _call(self, call: Awaitable[Any]) -> Any:  # noqa: ANN401  # slack_sdk's own answer
        try:
            return await call
        except SlackApiError as exc:
            raise SlackFailed(read_code(exc)) from without_frames(exc)
        except TimeoutError as exc:
            raise SlackFailed("timeout") from without_frames(exc)
        except (aiohttp.ClientError, SlackClientError, AttributeError, UnicodeDecodeError) as exc:
            # The last two: slack_sdk stumbles over a 200 that is plain text, or no text at all.
            raise SlackFailed("unreachable") from without_frames(exc)


def _or_raise(done: str | BaseException) -> str:
    """Return the file id, or raise the failure anew: the old one's frames would keep the files."""
    if isinstance(done, SlackFailed):
        raise SlackFailed(done.code)
    if isinstance(done, BaseException):
        raise done
    return done


async def _pieces(content: bytes) -> AsyncIterator[memoryview]:
    # aiohttp copies the whole of a BytesIO, and warns of large bytes
    whole = memoryview(content)
    for start in range(0, len(content), _PIECE_BYTES):
        yield whole[start : start + _PIECE_BYTES]


@asynccontextmanager
async def open_slack(
    token: str, api_url: str, call_s: float = CALL_S, sign: Sign = _unsigned
) -> AsyncIterator[SlackClient]:
    """Open one session for all calls: a new connection for each would cost a TLS handshake."""
    # Without the threshold, aiohttp takes five seconds for up to six.
    timeout = aiohttp.ClientTimeout(total=call_s, sock_connect=CONNECT_S, ceil_threshold=60)
    # With trust_env, aiohttp asks two threads before every call, for a proxy and for ~/.netrc.
    async with aiohttp.ClientSession(timeout=timeout, trust_env=bool(getproxies())) as session:
        web = AsyncWebClient(
            token=token, base_url=api_url, session=session, retry_handlers=[ShortPauses()]
        )
        yield SlackClient(web, session, call_s, sign)
