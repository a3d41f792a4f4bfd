"""Gives back what a large answer took, as soon as it is over.

glibc's malloc learns: once a large block has been freed, it cuts the next ones of that size out of
its heaps, and a heap shrinks from its end only, so that a small block behind a large answer keeps
all its memory. Where answers differ a million times in size, as much memory lies idle in the end as
is used.

https://man7.org/linux/man-pages/man3/mallopt.3.html
"""

import contextlib
import ctypes
from typing import TypeVar

_M_MMAP_THRESHOLD = -3
LARGE_BYTES = 256 * 1024
"""From here on, a block is a mapping of its own, which goes when the block does."""

E = TypeVar("E", bound=BaseException)


def give_back_at_once() -> None:
    """Set glibc's malloc, where it is the one; others have no such habits or no such switch."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def without_frames(failure: E) -> E:
    """The failure, without the frames that it, and what led to it, came through.

    Libraries, and whoever awaits a task by name, keep a failure in a variable of a frame that the
    failure keeps in turn: both, and all that stood in the frames around them, live until garbage is
    collected, which may be minutes. To be called when the frames have been logged.
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
