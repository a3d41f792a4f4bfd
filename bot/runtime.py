"""Keeps the process responsive and small: work off the event loop, memory given back."""

import asyncio
import contextlib
import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

LARGE_BYTES = 1024 * 1024
"""Less than this is read faster than a thread is handed the work."""

_READER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
"""One at a time: two threads read no faster, and reading takes twice an answer's size."""

_M_MMAP_THRESHOLD = -3
_MAPPED_BYTES = 256 * 1024

_T = TypeVar("_T")
_E = TypeVar("_E", bound=BaseException)


async def off_loop(size_bytes: int, work: Callable[[], _T]) -> _T:
    """Run `work`, in a thread if there is much to read, so that no acknowledgement has to wait."""
    if size_bytes > LARGE_BYTES:
        return await asyncio.get_running_loop().run_in_executor(_READER, work)
    return work()


def return_freed_memory() -> None:
    """Make glibc's malloc hand large blocks back to the system as soon as they are freed.

    Left to itself it raises its threshold after the first large block is freed and cuts later ones
    out of its heap, which shrinks only from its end: a small block behind a large answer then keeps
    all of the answer's memory (https://man7.org/linux/man-pages/man3/mallopt.3.html). Other C
    libraries have no such switch.
    """
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)


def without_frames(failure: _E) -> _E:
    """Strip the tracebacks from a failure and its causes, and return it.

    A library that keeps a failure in a local variable makes a reference cycle: the failure holds
    the frame, the frame holds the failure, and both hold every value of the frames around them, an
    answer of Gong's included, until garbage is collected, which may be minutes later. Call it once
    the frames have been logged.
    """
    rest: list[BaseException | None] = [failure]
    seen: set[int] = set()
    while rest:
        each = rest.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            each.__traceback__ = None
            rest += [each.__cause__, each.__context__]
    return failure
