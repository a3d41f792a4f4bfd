"""What the servers of the bench have in common: a free port, and what they tell on stdout."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def tell(event: str, **facts: object) -> None:
    """A line, in the shape of the bot's own log."""
    print(json.dumps({"event": event, "at": time.monotonic(), **facts}), flush=True)


async def served(answer: Answer) -> None:
    """Serve on a free port of this machine, and say on which, until the process is killed."""
    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tell("listening", port=runner.addresses[0][1])
    tell("ready")
    await asyncio.Event().wait()
