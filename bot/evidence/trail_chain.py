"""One chain of the trail, as its lines come in: what is missing, late, twice, or does not follow.

Numbers that are missing are gaps. A line that comes late fills its gap, so that what was swapped
is not called missing as well. Pure; holds no lines but the last, whatever the length of the log.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.evidence.trail_reader import TrailEntry

Range = tuple[int, int]
"""The first and the last."""


class ObservationKind(StrEnum):
    """The kinds of observation."""

    CHANGED = "changed"
    DAMAGED = "damaged"
    ADDED = "added"
    FOREIGN = "foreign"
    MISSING = "missing"
    NO_BEGINNING = "no_beginning"
    NO_END = "no_end"
    DOUBLED = "doubled"
    OUT_OF_ORDER = "out_of_order"
    UNLINKED = "unlinked"
    OTHER_KEY = "other_key"
    HALF = "half"
    RUNNING = "running"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing found in a log, and where it stands."""

    kind: ObservationKind
    lines: Range
    """Of the log. Of what is missing: the lines around it."""
    chain: str = ""
    sequences: Range = (0, 0)
    """Of the chain; 0 when there is none to tell."""
    count: int = 1
    key: str = ""
    times: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing sequence numbers, and the lines on either side of them."""

    sequences: Range
    lines: Range
    seal: str
    """Of the line before; empty at the beginning."""
    previous: str
    """The seal that the line after names."""

    @property
    def size(self) -> int:
        """The number of missing lines."""
        return self.sequences[1] - self.sequences[0] + 1


@dataclass(slots=True)
class Chain:
    """The chain of one process, as far as its lines have been read."""

    name: str
    since: datetime
    """Of its earliest line."""
    until: datetime
    """Of the line with its highest number."""
    first_line: int
    """Of the log."""
    line: int
    """Of the log, with that number; before there is one, the last sealed line of any chain."""
    sequence: int = 0
    seal: str = ""
    event: str = ""
    gaps: list[Gap] = field(default_factory=list)
    found: list[Observation] = field(default_factory=list)
    _is_in_turn: bool = True

    def take(self, line: int, entry: TrailEntry) -> None:
        """Note one more sealed line."""
        self.since = min(self.since, entry.time)
        if entry.sequence <= self.sequence:
            self._take_late(line, entry)
            return
        if entry.sequence > self.sequence + 1:
            missing = (self.sequence + 1, entry.sequence - 1)
            self.gaps.append(Gap(missing, (self.line, line), self.seal, entry.previous))
        elif entry.previous != self.seal:
            self._tell_unlinked(line, entry)
        self.line, self.sequence, self.seal = line, entry.sequence, entry.seal
        self.event, self.until, self._is_in_turn = entry.event, entry.time, True

    def _take_late(self, line: int, entry: TrailEntry) -> None:
        sequence = entry.sequence
        at = bisect_right(self.gaps, sequence, key=lambda gap: gap.sequences[0]) - 1
        if at < 0 or sequence > self.gaps[at].sequences[1]:
            self._extend(ObservationKind.DOUBLED, line, sequence)
            return
        self._extend(ObservationKind.OUT_OF_ORDER, line, sequence)
        gap = self.gaps[at]
        first, last = gap.sequences
        left = replace(gap, sequences=(first, sequence - 1), previous=entry.previous)
        right = replace(gap, sequences=(sequence + 1, last), seal=entry.seal)
        if any(side.size == 0 and side.seal != side.previous for side in (left, right)):
            self._tell_unlinked(line, entry)
        self.gaps[at : at + 1] = [side for side in (left, right) if side.size]

    def _extend(self, kind: ObservationKind, line: int, sequence: int) -> None:
        """Note a line out of turn; of a whole block of them, once."""
        found = Observation(kind, (line, line), self.name, (sequence, sequence))
        last = self.found[-1] if self.found and not self._is_in_turn else found
        self._is_in_turn = False
        if last is found or last.kind is not kind:
            self.found.append(found)
            return
        low, high = last.sequences
        sequences = (min(low, sequence), max(high, sequence))
        lines = (last.lines[0], line)
        self.found[-1] = replace(last, lines=lines, sequences=sequences, count=last.count + 1)

    def _tell_unlinked(self, line: int, entry: TrailEntry) -> None:
        sequences = (entry.sequence, entry.sequence)
        self.found.append(Observation(ObservationKind.UNLINKED, (line, line), self.name, sequences))
