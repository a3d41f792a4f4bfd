"""The log: one JSON line an event, with ids, durations and counts.

Libraries put addresses, URLs and bodies into their log texts (httpx logs each URL, Bolt a whole
body), so of a foreign record only its origin and level are written, never its text; and of an
exception only its type and where it was raised.

Whoever causes lines by the thousand gets few: of each kind `LINES_A_MINUTE`, and then one line
that says how many were left out.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

LINES_A_MINUTE = 10
"""Of one event and level, or of one place in a library."""

_OURS = "bot"
_MINUTE_S = 60.0
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


def configure(
    level: str,
    write: Callable[[str], object] | None = None,
    now_s: Callable[[], float] = time.monotonic,
) -> None:
    """Send every record of the process, ours and the libraries', as lines to `write`.

    A line for which it raises anything counts as left out. Without it, to standard output.
    """
    handler = _Lines(write or sys.stdout.write, now_s)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    _LOG.setLevel(level)


def flush() -> None:
    """Say how many lines have been left out, without waiting for the minute's end."""
    for handler in logging.getLogger().handlers:
        handler.flush()


@dataclass
class _Minute:
    """The lines of one kind, since the first of them."""

    began_s: float
    written: int = 0
    left_out: int = 0


class _Lines(logging.Handler):
    def __init__(self, write: Callable[[str], object], now_s: Callable[[], float]) -> None:
        super().__init__()
        self._write, self._now_s = write, now_s
        self._minutes: dict[tuple[str, str], _Minute] = {}
        self.setFormatter(_JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        now_s = self._now_s()
        self._end_minutes(now_s - _MINUTE_S)
        minute = self._minutes.setdefault(_kind(record), _Minute(now_s))
        if minute.written < LINES_A_MINUTE and self._takes(record):
            minute.written += 1
        else:
            minute.left_out += 1

    def flush(self) -> None:
        """Called by `logging` at the end of the process, too."""
        with self.lock or nullcontext():
            self._end_minutes(self._now_s())

    def _end_minutes(self, up_to_s: float) -> None:
        """Forget the minutes that began by then; but not how much was left out until it is told."""
        for (name, level), minute in list(self._minutes.items()):
            told = {"of": name, "lines": minute.left_out}
            if minute.began_s <= up_to_s and (
                not minute.left_out or self._takes(_record("left_out", level, told))
            ):
                del self._minutes[name, level]

    def _takes(self, record: logging.LogRecord) -> bool:
        try:
            self._write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001  # whatever is wrong with a line, it stops nobody
            return False
        return True


def _kind(record: logging.LogRecord) -> tuple[str, str]:
    if record.name == _OURS:
        return record.msg, record.levelname
    return f"{record.name} {record.module}:{record.lineno}", record.levelname


def _record(name: str, level: str, facts: dict[str, object]) -> logging.LogRecord:
    made = {"name": _OURS, "msg": name, "levelname": level, "facts": facts}
    return logging.makeLogRecord(made)


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
