"""Trouble a test orders from a stand-in: errors, limits, delays, dropped connections."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    error: str | None = None
    status: int = 200
    retry_after: float | None = None
    delay_s: float = 0
    drop: bool = False
    body: str | bytes | None = None
    after: bool = False  # the call takes effect first, then the trouble comes
    content_type: str = "text/html"

    @property
    def only_delays(self) -> bool:
        return self.name == "" and not self.drop

    @property
    def name(self) -> str:
        """What stands in ``ApiCall.error``; empty when the call is only late."""
        if self.drop:
            return "dropped"
        if self.error:
            return self.error
        if self.retry_after is not None:
            return "ratelimited"
        return f"http_{self.status}" if self.status != 200 or self.body is not None else ""

    def response(self) -> web.Response:
        """The answer Slack gives: 429 carries Retry-After in whole seconds."""
        limited = self.retry_after is not None
        headers = {"Retry-After": f"{self.retry_after:g}"} if limited else {}
        status = 429 if limited and self.status == 200 else self.status
        if self.body is not None:
            body = self.body.encode() if isinstance(self.body, str) else self.body
            return web.Response(
                body=body, status=status, headers=headers, content_type=self.content_type
            )
        content = {"ok": False, "error": self.name}
        return web.json_response(content, status=status, headers=headers)


class Faults:
    """Per method a queue of what goes wrong next."""

    def __init__(self) -> None:
        self._queued: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.standing: dict[str, Fault] = {}  # what goes wrong whenever nothing is queued

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._queued[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        queue = self._queued[method]
        return queue.popleft() if queue else self.standing.get(method)


def abort(request: web.Request) -> web.Response:
    """Reset the connection: the peer sees a closed socket and no answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def with_fault(
    fault: Fault | None, request: web.Request, process: Callable[[], web.Response]
) -> web.Response:
    """Answer by ``process()``, disturbed by ``fault``."""
    if fault is None:
        return process()
    done = process() if fault.after else None
    await asyncio.sleep(fault.delay_s)
    if fault.drop:
        return abort(request)
    if fault.only_delays:
        return done or process()
    return fault.response()
