"""The audit trail as a log brings it back: lines in, values out. Pure.

A log is mixed: lines of others are passed over, and what a log's drain puts before a line is too
(`2026-11-23T14:02:33.123456+00:00 app[web.1]: {…}`, `web-1  | {…}`). Ours begin with
`{"audit": 1, `, which can stand inside no JSON string, since its quotes would be escaped there.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

import msgspec

from bot.evidence.seals import derive_key_id, is_sealed
from bot.evidence.trail import LINE_SEAL, TRAIL_FORMAT

_BEGINS = re.compile(rb'\{"audit": \d+, ')
_SEALED = re.compile(r'(\{.*), "seal": "([0-9a-f]{64})"\}')


class LineStatus(StrEnum):
    """The state of a line, judged by itself."""

    SEALED = "sealed"
    CHANGED = "changed"
    """Its seal does not fit: somebody changed it, or it never was the bot's."""
    OTHER_KEY = "other_key"
    """It names another key, so its seal cannot be checked."""
    STRANGE = "strange"
    """It lacks what every line has, or is of a format that this version does not know."""
    CUT = "cut"
    """It begins like ours and is no whole JSON."""


class TrailEntry(msgspec.Struct, frozen=True):
    """The fields of every line; trust them only of a sealed one."""

    audit: Annotated[int, msgspec.Meta(ge=TRAIL_FORMAT, le=TRAIL_FORMAT)]
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    chain: str
    sequence: Annotated[int, msgspec.Meta(ge=1)]
    event: str
    key: str
    previous: str
    seal: str


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail, or what is left of it."""

    number: int
    """Of the log, from 1."""
    standing: LineStatus
    entry: TrailEntry | None = None
    """None when it is strange or cut."""
    fields: Mapping[str, object] = field(default_factory=dict)
    """All that it says."""


def read_lines(log: Iterable[bytes], key: bytes) -> Iterator[TrailLine]:
    """Yield the lines of the trail in a log, in the log's order."""
    ours = derive_key_id(key)
    for number, raw in enumerate(log, 1):
        starts = (found.start() for found in _BEGINS.finditer(raw))
        for start, end in pairwise([*starts, len(raw)]):
            yield _line(number, raw[start:end].rstrip(), key, ours)


def _line(number: int, raw: bytes, key: bytes, ours: str) -> TrailLine:
    try:
        text = raw.decode("ascii")
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return TrailLine(number, LineStatus.CUT)
    try:
        entry = msgspec.convert(fields, TrailEntry)
    except msgspec.ValidationError:
        return TrailLine(number, LineStatus.STRANGE)
    if entry.key != ours:
        return TrailLine(number, LineStatus.OTHER_KEY, entry, fields)
    found = _SEALED.fullmatch(text)
    is_whole = found and is_sealed(key, LINE_SEAL, f"{found[1]}}}", found[2])
    standing = LineStatus.SEALED if is_whole else LineStatus.CHANGED
    return TrailLine(number, standing, entry, fields)
