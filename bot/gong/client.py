"""The one request this bot makes of Gong.

    GET {base_url}/v2/data-privacy/data-for-email-address?emailAddress=…

https://help.gong.io/apidocs/retrieve-all-references-to-an-email-address-v2data-privacydata-for-email-address
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

import httpx
import stamina

from bot.errors import GongLimitReached, GongUnavailable, SearchFailed
from bot.gong.body import read_body
from bot.gong.response import read_response, read_trace_id
from bot.models import Email, Evidence, OnWait
from bot.runtime import off_loop, without_frames
from bot.state.byte_budget import ByteBudget, Reservation
from bot.state.quota import Quota

PATH = "/v2/data-privacy/data-for-email-address"
LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
LARGEST_FAULT_BYTES = 64 * 1024
AT_ONCE_BYTES = 2 * LARGEST_ANSWER_BYTES
"""Room for large answers being read, shown and uploaded, besides those that are kept."""

CONNECT_S = 3.0
ATTEMPT_S = 15.0
LOOKUP_S = 25.0
ATTEMPTS = 3
ASSUMED_RETRY_AFTER_S = 5.0
"""For a 429 that does not say how long to wait."""


@dataclass(frozen=True, slots=True)
class GongClient:
    """Asks Gong, within our share of its quota and within a deadline."""

    client: httpx.AsyncClient
    quota: Quota
    budget: ByteBudget = field(default_factory=lambda: ByteBudget(AT_ONCE_BYTES))
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
        room = Reservation(self.budget)
        try:
            evidence = await self._fetch(email, room)
        except BaseException:
            room.release()
            raise
        if room.size:
            room.shrink(len(evidence.answer.body))
            room.hold_while(evidence)
        return evidence

    async def _fetch(self, email: Email, room: Reservation) -> Evidence:
        try:
            async with (
                asyncio.timeout(self.attempt_s),
                self.client.stream("GET", PATH, params={"emailAddress": email}) as response,
            ):
                body = await _body(response, partial(room.take, LARGEST_ANSWER_BYTES))
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


async def _body(response: httpx.Response, make_room: Callable[[], Awaitable[None]]) -> bytes:
    """Read a body; of a fault as much as can be read, for its status says the most."""
    is_answer = response.status_code == HTTPStatus.OK
    limit = LARGEST_ANSWER_BYTES if is_answer else LARGEST_FAULT_BYTES
    encoding = response.headers.get("content-encoding", "identity")
    try:
        return await read_body(response.aiter_raw(), encoding, limit, make_room)
    except SearchFailed as failure:
        if not is_answer:
            return b""
        failure.request_id = read_trace_id(response.headers)
        raise
