"""Logs to read: what the bot's own trail writes, and others' lines between."""

import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.evidence import trail_reader
from bot.evidence.seals import seal
from bot.evidence.trail import LINE_SEAL, Trail
from bot.evidence.trail_verdict import TrailVerdict, examine
from bot.models import Asker, Case, Email, Event, Question, Search

KEY = b"an-audit-key-made-up-for-the-tests"
JANE, JOHN = Email("jane@example.com"), Email("john@example.com")
ANA = Asker("T0US", None, "C0LEGAL", "U0ANA", "https://hooks.slack.com/made-up")
ASKED_AT = datetime(2026, 11, 23, 14, 2, 31, tzinfo=UTC)
SEALED_LINE = re.compile(r'(.*), "seal": "([0-9a-f]{64})"}')
START = {"version": "0.1.0", "transport": "http"}


@dataclass
class Disk:
    """Takes so many bytes at a time, and so many in all; then it is full."""

    at_a_time: int = 1_000_000
    room: int = 1_000_000
    taken: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int | None:
        if self.room == 0:
            raise OSError(28, "No space left on device")
        some = data[: min(self.at_a_time, self.room)]
        self.room -= len(some)
        self.taken += some
        return len(some)

    @property
    def texts(self) -> list[str]:
        return self.taken.decode().splitlines()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines that are whole."""
        return [json.loads(text) for text in self.texts if SEALED_LINE.fullmatch(text)]


def opened(log: list[bytes], key: bytes = KEY, chain: str | None = None) -> Trail:
    """A trail that writes to this log, a line at a time."""

    def write(line: bytes) -> int:
        log.append(line)
        return len(line)

    trail = Trail(key, write, dict(START))
    trail.chain = chain or trail.chain
    return trail


def look_up(trail: Trail, email: Email, number: int = 1) -> None:
    """What the bot writes of a look-up."""
    search = Search(f"R-{number}", Question(email, Case(f"DSR-{number}")), ANA.user_id, ASKED_AT)
    trail.record(Event.ASKED, ANA, search)
    trail.record(
        Event.ANSWERED,
        ANA,
        search,
        source="fresh",
        status=200,
        gong_request=f"4al018gzaztcr8nb{number}",
        counts={"emails": 243, "calls": "not returned"},
    )


def written(
    look_ups: int = 2, *, key: bytes = KEY, chain: str | None = None, is_stopped: bool = True
) -> list[bytes]:
    """The lines of a process, from `started` to `stopped`: two of each look-up between."""
    log: list[bytes] = []
    trail = opened(log, key, chain)
    trail.start()
    for number in range(1, look_ups + 1):
        look_up(trail, (JANE, JOHN)[number % 2], number)
    if is_stopped:
        trail.record(Event.STOPPED)
    return log


def verdict(log: Iterable[bytes], *, key: bytes = KEY, later_s: float = 0) -> TrailVerdict:
    """What the reader says of it, so many seconds from now."""
    content = io.BytesIO(b"".join(log))
    return examine(
        trail_reader.read_lines(content, key), datetime.now(UTC) + timedelta(seconds=later_s)
    )


def resealed(log: list[bytes], **other: object) -> list[bytes]:
    """The lines with other fields, chained and sealed as only the key's holder can.

    A field may be a function of the line's sequence.
    """
    made, before = [], ""
    for line in log:
        fields = json.loads(line)
        del fields["seal"]
        for name, value in other.items():
            fields[name] = value(fields["sequence"]) if callable(value) else value
        fields["previous"] = before
        text = json.dumps(fields)
        before = seal(KEY, LINE_SEAL, text)
        made.append(f'{text[:-1]}, "seal": "{before}"}}\n'.encode())
    return made
