"""Keeps the event loop free: nobody's acknowledgement waits while a large answer is read.

One at a time: Python reads no faster in two threads, and an answer takes twice its size meanwhile.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

LARGE_BYTES = 1024 * 1024
"""Less than this is read faster than a thread is handed the work."""

_READER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

T = TypeVar("T")


async def off_loop(size_bytes: int, work: Callable[[], T]) -> T:
    """What `work` returns; done in a thread when there is much to read."""
    if size_bytes > LARGE_BYTES:
        return await asyncio.get_running_loop().run_in_executor(_READER, work)
    return work()
