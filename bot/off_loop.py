"""Keeps the event loop free: nobody's acknowledgement waits while a large answer is read."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

LARGE_BYTES = 1024 * 1024
"""Less than this is read faster than a thread is handed the work."""

T = TypeVar("T")


async def off_loop(size_bytes: int, work: Callable[[], T]) -> T:
    """What `work` returns; done in a thread when there is much to read."""
    if size_bytes > LARGE_BYTES:
        return await asyncio.to_thread(work)
    return work()
