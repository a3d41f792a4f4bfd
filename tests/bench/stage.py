"""The processes of the bench: what is outside, the bot, the floor and the tutorial bot."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.bench.cores import leave_the_load, load_apart
from tests.bench.load import Target
from tests.bench.scene import CHANNEL, GONG_KEY, SIGNING_SECRET, SLACK_TOKEN
from tests.stand_ins.bell import Bell
from tests.support.process import Served, started

LONGEST_S = 60.0

MODULE = "-m"
OUTSIDE, FLOOR, TUTORIAL = "tests.bench.outside", "tests.bench.floor", "tests.bench.tutorial"

NO_LIMITS = {
    "GONG_CALLS_PER_SECOND": "3",
    "GONG_CALLS_PER_DAY": "10000",
    "PERSON_LOOKUPS_PER_MINUTE": "1000000",
    "PERSON_LOOKUPS_PER_DAY": "1000000",
    "CACHE_TTL_SECONDS": "3600",
}


@dataclass
class Running:
    """A server that is ready, and all that it tells."""

    served: Served
    port: int
    told: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _bell: Bell = field(default_factory=Bell)

    def target(self, path: str = "/slack/events", ends: str = "replied") -> Target:
        """Where commands for it go, and what is told outside when a job is over."""
        return Target(self.port, path, ends)

    async def listen(self) -> None:
        """Read what it tells; a pipe that nobody reads would stop it."""
        assert self.served.process.stdout is not None
        async for raw in self.served.process.stdout:
            line = json.loads(raw)
            self.told[line["event"]].append(line)
            self._bell.ring()

    async def until(self, event: str, number: int = 1) -> list[dict[str, Any]]:
        """The lines with this event, once there are so many."""
        await self._bell.until(lambda: len(self.told[event]) >= number, LONGEST_S, self._counts)
        return self.told[event]

    def _counts(self) -> str:
        return str({event: len(lines) for event, lines in self.told.items()})

    @property
    def process_id(self) -> int:
        return self.served.process.pid

    def rss(self) -> int:
        """The memory it holds now, in bytes."""
        return int(psutil.Process(self.process_id).memory_info().rss)

    def peak_rss(self) -> int:
        """The most it has held since `forget_peak` (proc_pid_status(5), VmHWM)."""
        status = Path(f"/proc/{self.process_id}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024

    def forget_peak(self) -> None:
        """See proc_pid_clear_refs(5)."""
        Path(f"/proc/{self.process_id}/clear_refs").write_text("5")


@asynccontextmanager
async def alone(*arguments: str, environ: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """Python with these arguments, on other cores than the load."""
    async with started(environ or {}, *arguments) as served:
        if OUTSIDE not in arguments:
            leave_the_load(served.process.pid)
        yield served


@asynccontextmanager
async def running(
    *arguments: str, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """A server in a process of its own, ready, until the block ends."""
    async with alone(*arguments, environ=environ) as served:
        port = (await served.until("listening"))["port"]
        await served.until("ready")
        server = Running(served, port)
        listening = asyncio.create_task(server.listen())
        try:
            yield server
        finally:
            listening.cancel()
            await asyncio.wait({listening})


@dataclass
class Stage:
    """What is outside; and beside it whatever a measure needs, started once."""

    outside: Running
    _stack: AsyncExitStack
    _started: dict[str, Running] = field(default_factory=dict)

    async def bot(self) -> Running:
        """`python app.py`, for all the measures that do not need one of their own."""
        return await self._once("bot", self.another_bot())

    async def floor(self) -> Running:
        """See `tests.bench.floor`."""
        return await self._once("floor", running(MODULE, FLOOR, self.url))

    async def tutorial(self) -> Running:
        """See `tests.bench.tutorial`."""
        return await self._once("tutorial", running(MODULE, TUTORIAL, self.url))

    def another_bot(self, **more: str) -> AbstractAsyncContextManager[Running]:
        """`python app.py`, before it has been asked anything."""
        return running("app.py", environ=environment(self.url, **more))

    @property
    def url(self) -> str:
        """Where Slack and Gong are."""
        return f"http://127.0.0.1:{self.outside.port}"

    async def _once(self, name: str, starting: AbstractAsyncContextManager[Running]) -> Running:
        if name not in self._started:
            self._started[name] = await self._stack.enter_async_context(starting)
        return self._started[name]


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """What is outside, ready; all that is started beside it ends with the block."""
    async with AsyncExitStack() as stack:
        stack.enter_context(load_apart())
        outside = await stack.enter_async_context(running(MODULE, OUTSIDE))
        yield Stage(outside, stack)


def environment(outside: str, **more: str) -> dict[str, str]:
    """The bot's settings between Slack and Gong as they are here."""
    return {
        "SLACK_BOT_TOKEN": SLACK_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{outside}/api/",
        "GONG_BASE_URL": outside,
        "GONG_ACCESS_KEY": GONG_KEY[0],
        "GONG_ACCESS_KEY_SECRET": GONG_KEY[1],
        "AUTHORIZED_CHANNELS": CHANNEL,
        "AUDIT_KEY": "made-up-for-the-bench",
        "HOST": "127.0.0.1",
        "PORT": "0",
        **NO_LIMITS,
        **more,
    }
