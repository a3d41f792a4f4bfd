"""What is read of a log, what is found in it, and what may be done to its lines."""

import io

from bot.evidence import trail_reader
from bot.evidence.trail import ALIVE_EVERY_S
from bot.evidence.trail_chain import ObservationKind, Range
from bot.evidence.trail_reader import TrailLine
from bot.evidence.trail_verdict import SLACK_S, TrailVerdict
from tests.support.trails import KEY

OTHER_KEY = b"another-key-made-up-for-the-tests"
LONGEST_SILENCE_S = ALIVE_EVERY_S + SLACK_S

HEROKU = b"2026-11-23T14:02:33.123456+00:00 app[web.1]: "


def read(*log: bytes, key: bytes = KEY) -> list[TrailLine]:
    return list(trail_reader.read_lines(io.BytesIO(b"".join(log)), key))


def found(judged: TrailVerdict) -> list[tuple[ObservationKind, Range, Range]]:
    """What, at which lines of the log, at which numbers of the chain."""
    return [(one.kind, one.lines, one.sequences) for one in judged.found]


def edited(line: bytes, old: bytes = b"C0LEGAL", new: bytes = b"C0OTHER") -> bytes:
    assert old in line
    return line.replace(old, new)
