"""Standard output: the trail and the log share it, and neither waits for whoever reads it.

It may be a file, a pipe, a terminal or a socket (systemd's journal is one). The trail goes first:
the log may fill half of what can lie unread, so that a slow reader costs log lines and no look-up.
"""

import fcntl
import io
import os
import socket
import stat
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

_INT_BYTES = 4
_IS_MEASURED = sys.platform == "linux"
"""Elsewhere the log takes what room there is."""


@dataclass
class Output:
    """Hands lines to the system, unbuffered, and never waits."""

    take: Callable[[bytes], int | None]
    """Takes bytes and says how many; None, or BlockingIOError, when there is no room for any."""
    room: Callable[[], int]
    """Says how many bytes the log may write now."""
    _is_torn: bool = field(default=False, init=False)

    def write(self, line: bytes) -> int | None:
        """Write what there is room for, and return how much it was: for the trail."""
        taken = self.take(line)
        if taken:
            self._is_torn = line[taken - 1 : taken] != b"\n"
        return taken

    def log(self, line: str) -> None:
        """Write a line of the log, on a line of its own.

        Raises:
            BlockingIOError: there is no room for it beside the trail.
        """
        whole = (b"\n" if self._is_torn else b"") + line.encode()
        if len(whole) > self.room() or not self.write(whole):
            raise BlockingIOError


@contextmanager
def opened(descriptor: int) -> Iterator[Output]:
    """Write to it without waiting, until the block ends; others that share it notice nothing."""
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISSOCK(mode):
        with socket.socket(fileno=os.dup(descriptor)) as own:
            room = partial(_socket_room, own) if _IS_MEASURED else _no_limit
            yield Output(partial(_send, own), room)
    elif stat.S_ISREG(mode):
        yield Output(io.FileIO(descriptor, "wb", closefd=False).write, _no_limit)
    else:
        with _not_blocking(descriptor) as file:
            is_measured = stat.S_ISFIFO(mode) and _IS_MEASURED
            yield Output(file.write, partial(_pipe_room, file) if is_measured else _no_limit)


@contextmanager
def _not_blocking(descriptor: int) -> Iterator[io.FileIO]:
    """Open it once more: `O_NONBLOCK` on the same open file would hold for a shell as well.

    Where that cannot be (no /proc, a pipe of root's), it holds until the block ends.
    """
    flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY
    try:
        own = os.open(f"/proc/self/fd/{descriptor}", flags)
    except OSError:
        was_blocking = os.get_blocking(descriptor)
        os.set_blocking(descriptor, False)
        try:
            with io.FileIO(descriptor, "wb", closefd=False) as file:
                yield file
        finally:
            os.set_blocking(descriptor, was_blocking)
    else:
        with io.FileIO(own, "wb") as file:
            yield file


def _send(own: socket.socket, line: bytes) -> int:
    return own.send(line, socket.MSG_DONTWAIT)


def _no_limit() -> int:
    return sys.maxsize


def _pipe_room(pipe: io.FileIO) -> int:
    """Return half of what a pipe holds, less what lies unread in it (pipe(7))."""
    unread = fcntl.ioctl(pipe, termios.FIONREAD, bytes(_INT_BYTES))
    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ) // 2 - int.from_bytes(unread, sys.byteorder)


def _socket_room(own: socket.socket) -> int:
    """Return half of what a socket sends ahead, less what lies unread (SIOCOUTQ, in unix(7))."""
    unread = fcntl.ioctl(own, termios.TIOCOUTQ, bytes(_INT_BYTES))
    most = own.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    return most // 2 - int.from_bytes(unread, sys.byteorder)
