"""Standard output: never waited for, whatever it is, and the trail goes before the log."""

import contextlib
import io
import os
import pty
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot import output

LINE = "x" * 199 + "\n"
OF_THE_TRAIL = b"t" * 199 + b"\n"
Ends = tuple[int, int]


@contextmanager
def pipe() -> Iterator[Ends]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


@contextmanager
def terminal() -> Iterator[Ends]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


@contextmanager
def stream() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours.fileno(), theirs.fileno()


WAYS = [pipe, terminal, stream]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
Way = Callable[[], contextlib.AbstractContextManager[Ends]]


def fill(out: output.Output, line: bytes = OF_THE_TRAIL) -> int:
    """Write until there is no room; return how much there was."""
    written = 0
    with contextlib.suppress(BlockingIOError):
        while taken := out.write(line):
            written += taken
    return written


def log_until_left_out(out: output.Output) -> int:
    lines = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            out.log(LINE)
            lines += 1
    return lines


@each_way
def test_nobody_waits_where_nobody_reads(way: Way) -> None:
    with way() as (_, theirs), output.opened(theirs) as out:
        assert fill(out) > 0
        with pytest.raises(BlockingIOError):
            out.log(LINE)


@each_way
def test_whoever_shares_it_notices_nothing(way: Way) -> None:
    with way() as (_, theirs):
        with output.opened(theirs) as out:
            fill(out)
            assert os.get_blocking(theirs)
        assert os.get_blocking(theirs)


def test_where_it_cannot_be_opened_anew_it_is_as_before_in_the_end(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("out") / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(path, os.O_WRONLY)
    os.close(reading)  # without a reader it opens for nobody
    with output.opened(writing) as out:
        assert not os.get_blocking(writing)
        with pytest.raises(BrokenPipeError):
            out.write(OF_THE_TRAIL)
    assert os.get_blocking(writing)
    os.close(writing)


@pytest.mark.parametrize("way", [pipe, stream], ids=lambda way: way.__name__)
def test_the_log_leaves_half_of_the_room_to_the_trail(way: Way) -> None:
    with way() as (_, theirs), output.opened(theirs) as out:
        whole = fill(out)
    with way() as (ours, theirs), output.opened(theirs) as out:
        assert log_until_left_out(out) > 10
        left = fill(out)
        assert 0.4 < left / whole < 0.7
        os.read(ours, 1 << 20)
        out.log(LINE)  # once it is read


def test_a_terminal_has_room_for_the_log_until_it_is_full() -> None:
    with terminal() as (ours, theirs), output.opened(theirs) as out:
        out.log(LINE)
        assert os.read(ours, 1000).replace(b"\r", b"") == LINE.encode()


def test_a_file_has_room_for_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("out") / "log"
    with path.open("ab") as file, output.opened(file.fileno()) as out:
        out.log(LINE)
        out.write(OF_THE_TRAIL)
    assert path.read_bytes() == LINE.encode() + OF_THE_TRAIL


def test_a_line_of_the_log_does_not_hang_on_half_a_line_of_the_trail() -> None:
    whole = io.BytesIO()
    out = output.Output(lambda line: whole.write(line[:150]), lambda: 1000)
    assert out.write(OF_THE_TRAIL) == 150
    out.log("a line\n")
    out.log("another\n")
    assert whole.getvalue() == b"t" * 150 + b"\na line\nanother\n"
