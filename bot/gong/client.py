"""The one request this bot makes of Gong.

    GET {base_url}/v2/data-privacy/data-for-email-address?emailAddress=…

https://help.gong.io/apidocs/retrieve-all-references-to-an-email-address-v2data-privacydata-for-email-address
"""

import asyncio
import io
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import httpx
import stamina

from bot.errors import AnswerTooLarge, GongLimitReached, GongUnavailable, SearchFailed
from bot.gong.response import read_response, read_trace_id
from bot.models import Email, Evidence, OnWait
from bot.runtime import off_loop, without_frames
from bot.state.quota import Quota

PATH = "/v2/data-privacy/data-for-email-address"
LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
LARGEST_FAULT_BYTES = 64 * 1024

CONNECT_S = 3.0
ATTEMPT_S = 15.0
LOOKUP_S = 25.0
ATTEMPTS = 3
ASSUMED_RETRY_AFTER_S = 5.0
"""For a 429 that does not say how long to wait."""

_UNPACK_BYTES = 1024 * 1024
_GZIP_OR_ZLIB = 47
"""`wbits` that make zlib tell gzip from zlib by the header (https://docs.python.org/3/library/zlib.html)."""


@dataclass(frozen=True, slots=True)
class GongClient:
    """Asks Gong, within our share of its quota and within a deadline."""

    client: httpx.AsyncClient
    quota: Quota
    attempt_s: float = ATTEMPT_S
    lookup_s: float = LOOKUP_S

    async def ask(self, email: Email, on_wait: OnWait = lambda _: None) -> Evidence:
        """Ask what Gong holds about exactly this address.

        The deadline starts when the first turn in the queue has come; `on_wait` hears of the place
        in the queue before.

        Raises:
            SearchFailed: one of its kinds; nothing is known then.
        """
        await self.quota.take_turn(on_wait=on_wait)
        ends_at = asyncio.get_running_loop().time() + self.lookup_s
        try:
            async with asyncio.timeout_at(ends_at):
                return await self._ask_until_answered(email, ends_at)
        except TimeoutError as exc:
            raise GongUnavailable(reason="timeout", seconds=self.lookup_s) from exc

    async def _ask_until_answered(self, email: Email, ends_at: float) -> Evidence:
        clock = asyncio.get_running_loop().time
        attempts = stamina.retry_context(
            on=lambda exc: _may_pass(exc) and _remaining_wait(exc) < ends_at - clock(),
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=0.2,
            wait_jitter=0.3,
        )
        async for attempt in attempts:
            with attempt:
                if attempt.num > 1:
                    await self.quota.take_turn(ends_at - clock())
                evidence = await self._ask_once(email)
        return evidence

    async def _ask_once(self, email: Email) -> Evidence:
        try:
            async with (
                asyncio.timeout(self.attempt_s),
                self.client.stream("GET", PATH, params={"emailAddress": email}) as response,
            ):
                body = await _body(response)
                sent = response.request.url.raw_path.decode()
        except TimeoutError as exc:
            raise GongUnavailable(reason="timeout", seconds=self.attempt_s) from exc
        except httpx.HTTPError as exc:
            raise GongUnavailable(reason="unreachable") from without_frames(exc)
        answered_at = datetime.now(UTC)
        try:
            answer = await off_loop(
                len(body), lambda: read_response(response.status_code, response.headers, body)
            )
        except SearchFailed as failure:
            if isinstance(failure, GongLimitReached):
                self.quota.pause(_remaining_wait(failure))
            body = b""
            without_frames(failure)
            raise
        return Evidence(email, self.client.base_url.host, sent, answered_at, answer)


@asynccontextmanager
async def open_gong(base_url: str, key: str, secret: str) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client that follows no redirect, verifies certificates and asks for gzip only.

    Proxies and private certificate authorities come from the environment
    (`HTTPS_PROXY`, `SSL_CERT_FILE`).
    """
    async with httpx.AsyncClient(
        base_url=base_url,
        auth=httpx.BasicAuth(key, secret),
        headers={"Accept": "application/json", "Accept-Encoding": "gzip"},
        timeout=httpx.Timeout(ATTEMPT_S, connect=CONNECT_S),
        follow_redirects=False,
    ) as client:
        yield client


def _may_pass(exc: Exception) -> bool:
    return isinstance(exc, GongUnavailable | GongLimitReached)


def _remaining_wait(exc: Exception) -> float:
    if not isinstance(exc, GongLimitReached):
        return 0.0
    return ASSUMED_RETRY_AFTER_S if exc.wait_s is None else exc.wait_s


async def _body(response: httpx.Response) -> bytes:
    """Read a body; of a fault as much as can be read, for its status says the most."""
    if response.status_code == HTTPStatus.OK:
        return await _read(response, LARGEST_ANSWER_BYTES)
    try:
        return await _read(response, LARGEST_FAULT_BYTES)
    except (AnswerTooLarge, GongUnavailable):
        return b""


async def _read(response: httpx.Response, limit: int) -> bytes:
    """Read and unpack a whole body; never more of it is in memory than the limit.

    Raises:
        AnswerTooLarge: it is larger than that.
        GongUnavailable: it is cut off or packed in a way we did not ask for.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise GongUnavailable(read_trace_id(response.headers), reason="unreadable")
    unpack = _unpacked if encoding == "gzip" else _as_sent
    # Closed at once when it fails: the failure's frames live until the next garbage collection.
    with io.BytesIO() as body:
        async for chunk in unpack(response):
            if body.tell() + len(chunk) > limit:
                raise AnswerTooLarge(read_trace_id(response.headers), limit_bytes=limit)
            body.write(chunk)
        return body.getvalue()


async def _as_sent(response: httpx.Response) -> AsyncIterator[bytes]:
    async for chunk in response.aiter_raw():
        yield chunk


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """Unpack in bounded steps: httpx's own decoder hands out 64 MiB at once.

    Raises:
        GongUnavailable: it is cut off, damaged, or more stands behind its end.
    """
    unzip = zlib.decompressobj(_GZIP_OR_ZLIB)
    behind = b""
    try:
        async for packed in response.aiter_raw():
            rest, chunk = packed, b""
            behind = packed if unzip.eof else b""
            while (rest or len(chunk) == _UNPACK_BYTES) and not unzip.eof:
                chunk = unzip.decompress(rest, _UNPACK_BYTES)
                rest = unzip.unconsumed_tail
                yield chunk
            behind = behind or unzip.unused_data
            if behind:
                break
    except zlib.error as exc:
        raise GongUnavailable(read_trace_id(response.headers), reason="unreadable") from exc
    if behind or not unzip.eof:
        raise GongUnavailable(read_trace_id(response.headers), reason="unreadable")
