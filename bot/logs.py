"""The log: one JSON line an event, with ids, durations and counts.

Libraries put addresses, URLs and bodies into their log texts (httpx logs each URL, Bolt a whole
body), so of a foreign record only its origin and level are written, never its text; and of an
exception only its type and where it was raised.
"""

import io
import json
import logging
import os
import stat
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import IO

_OURS = "bot"
_LOG = logging.getLogger(_OURS)


def event(name: str, **facts: object) -> None:
    """Write one line; `facts` hold no address, no content, no token and no URL of Slack's."""
    _LOG.info(name, extra={"facts": facts})


def failure(name: str, exc: BaseException, **facts: object) -> None:
    """Write one line for something nobody foresaw, with the frames it came through."""
    _LOG.error(name, extra={"facts": {**facts, **describe(exc)}})


def describe(exc: BaseException) -> dict[str, object]:
    """Type and frames of an exception; not its text, which may hold what was looked up."""
    return {
        "exception": type(exc).__qualname__,
        "frames": frames(exc.__traceback__),
        "causes": [type(cause).__qualname__ for cause in _causes(exc)],
    }


def frames(trace: TracebackType | None) -> list[str]:
    """`file:line function`, innermost last."""
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]


def configure(level: str, stream: IO[str] | None = None) -> None:
    """Send every record of the process, ours and the libraries', through one formatter."""
    handler = _Stream(stream or sys.stdout)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    _LOG.setLevel(level)


def open_stdout() -> io.FileIO:
    """Open standard output unbuffered; a pipe that nobody reads is full, and stops nobody."""
    descriptor = sys.stdout.fileno()
    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        os.set_blocking(descriptor, False)
    return io.FileIO(descriptor, "wb", closefd=False)


class _Stream(logging.StreamHandler[IO[str]]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Called while the exception is handled; nobody reads what logging would print."""


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
        }
        if record.name == _OURS:
            line |= {"event": record.msg, **getattr(record, "facts", {})}
        else:
            line |= {"event": "library", "logger": record.name}
            line |= {"at": f"{record.module}:{record.lineno}"}
            if record.exc_info and record.exc_info[1]:
                line |= describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


def _causes(exc: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    following = exc.__cause__ or exc.__context__
    while following is not None and len(causes) < 10:  # noqa: PLR2004  # enough to see the chain
        causes.append(following)
        following = following.__cause__ or following.__context__
    return causes
