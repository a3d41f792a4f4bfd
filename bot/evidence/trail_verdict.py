"""Is the trail whole, and if not, where is it not? Pure; holds no lines but those at fault.

Where numbers of a chain are missing between two sealed lines, a line there that bears no good
seal is the missing one, changed; otherwise lines were lost or taken out. Where none is missing, a
line without a good seal is another's, for anybody may write into a log: a router repeats what
clients send. It is a fault only if it claims to be of a chain that the log has. Of a chain without
`stopped` the end is missing, unless its last line is so new that the process may still run.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter

from bot.evidence.trail import ALIVE_EVERY_S
from bot.evidence.trail_chain import Chain, Gap, Observation, ObservationKind, Range
from bot.evidence.trail_reader import LineStatus, TrailEntry, TrailLine
from bot.models import Event

SLACK_S = 300.0
"""A line may be so late: the process was busy, or the log's clock is not ours."""

NO_FAULT = frozenset(
    {
        ObservationKind.FOREIGN,
        ObservationKind.HALF,
        ObservationKind.RUNNING,
        ObservationKind.PAUSE,
    }
)
"""Worth a sentence, and nothing that anybody did to the trail."""

GAPS = frozenset({ObservationKind.MISSING, ObservationKind.NO_BEGINNING, ObservationKind.NO_END})

_SILENCE = timedelta(seconds=ALIVE_EVERY_S + SLACK_S)


@dataclass(frozen=True, slots=True)
class TrailVerdict:
    """All that was found in a log, in its order."""

    lines: int
    """Sealed ones."""
    chains: int
    times: tuple[datetime, datetime] | None
    """Of the earliest and the latest line."""
    found: tuple[Observation, ...]

    @property
    def faults(self) -> int:
        """The number of things that are wrong."""
        return sum(found.kind not in NO_FAULT for found in self.found)

    @property
    def has_gaps(self) -> bool:
        """Whether lines are missing, at either end or between."""
        return any(found.kind in GAPS for found in self.found)

    @property
    def is_whole(self) -> bool:
        """Whether there is a trail, and nothing is wrong with it."""
        return self.chains > 0 and self.faults == 0


def examine(lines: Iterable[TrailLine], now: datetime) -> TrailVerdict:
    """Judge the lines of a log."""
    trail = _Trail()
    for line in lines:
        trail.take(line)
    return trail.verdict(now)


@dataclass(frozen=True, slots=True)
class _Loose:
    """A line without a good seal, and the chain of the sealed line before it."""

    line: TrailLine
    after: str

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def chain(self) -> str:
        """The chain that the line itself names, if it can be read."""
        return self.line.entry.chain if self.line.entry else ""


@dataclass(slots=True)
class _Trail:
    """The chains of a log, and the lines that fit into none."""

    chains: dict[str, Chain] = field(default_factory=dict)
    loose: list[_Loose] = field(default_factory=list)
    others: dict[str, Observation] = field(default_factory=dict)
    sealed: int = 0
    _last: tuple[int, str] = (0, "")
    """The last sealed line, and its chain."""

    def take(self, line: TrailLine) -> None:
        """Note one more line."""
        number, entry = line.number, line.entry
        if entry is None or line.standing is LineStatus.CHANGED:
            self.loose.append(_Loose(line, self._last[1]))
        elif line.standing is LineStatus.OTHER_KEY:
            self._take_other(line, entry)
        else:
            chain = self.chains.get(entry.chain)
            if chain is None:
                chain = Chain(entry.chain, entry.time, entry.time, number, self._last[0])
                self.chains[entry.chain] = chain
            chain.take(number, entry)
            self.sealed += 1
            self._last = number, entry.chain

    def _take_other(self, line: TrailLine, entry: TrailEntry) -> None:
        """Note a line under another key; in a chain of ours it is a changed one."""
        if entry.chain in self.chains:
            self.loose.append(_Loose(line, self._last[1]))
            return
        first = Observation(
            ObservationKind.OTHER_KEY, (line.number, line.number), key=entry.key, count=0
        )
        found = self.others.get(entry.key, first)
        lines = (found.lines[0], line.number)
        self.others[entry.key] = replace(found, lines=lines, count=found.count + 1)

    def verdict(self, now: datetime) -> TrailVerdict:
        """Return the verdict on all lines taken."""
        found = [*self.others.values()]
        for chain in self.chains.values():
            found += chain.found
            for gap in chain.gaps:
                found += self._fill(chain, gap)
            found += self._end(chain, now)
        found += map(self._left_over, self.loose)
        found += self._pauses()
        found.sort(key=attrgetter("lines"))
        spans = [(chain.since, chain.until) for chain in self.chains.values()]
        times = (min(spans)[0], max(until for _, until in spans)) if spans else None
        return TrailVerdict(self.sealed, len(spans), times, tuple(found))

    def _fill(self, chain: Chain, gap: Gap) -> Iterator[Observation]:
        """Say which unsealed lines fill a gap, and how many lines are still missing there."""
        first, last = gap.lines
        inside = self._pick(chain, lambda one: first <= one.number <= last, gap.size)
        for sequence, one in enumerate(inside, gap.sequences[0]):
            is_known = len(inside) == gap.size
            yield _changed(one, chain, (sequence, sequence) if is_known else gap.sequences)
        if missing := gap.size - len(inside):
            kind = (
                ObservationKind.NO_BEGINNING if gap.sequences[0] == 1 else ObservationKind.MISSING
            )
            yield Observation(kind, gap.lines, chain.name, gap.sequences, missing)

    def _end(self, chain: Chain, now: datetime) -> Iterator[Observation]:
        if chain.event == Event.STOPPED:
            return
        is_running = now - chain.until <= _SILENCE

        def stands_there(one: _Loose) -> bool:
            """Of a run still going nothing need be missing: what stands there must say so."""
            is_behind = one.after == chain.name and one.number >= chain.line
            return is_behind and (one.chain == chain.name or not is_running)

        tail = self._pick(chain, stands_there, len(self.loose))
        for sequence, one in enumerate(tail, chain.sequence + 1):
            yield _changed(one, chain, (sequence, sequence))
        yield Observation(
            ObservationKind.RUNNING if is_running else ObservationKind.NO_END,
            (chain.line, chain.line),
            chain.name,
            (chain.sequence, chain.sequence),
            times=(chain.until, chain.until),
        )

    def _pick(
        self, chain: Chain, stands_there: Callable[[_Loose], bool], at_most: int
    ) -> list[_Loose]:
        """Remove and return the unsealed lines at a place, unless they name another chain."""
        others = self.chains.keys() - {chain.name}
        found = [one for one in self.loose if stands_there(one) and one.chain not in others]
        picked = found[:at_most]
        numbers = {id(one) for one in picked}
        self.loose = [one for one in self.loose if id(one) not in numbers]
        return picked

    def _left_over(self, one: _Loose) -> Observation:
        """Judge an unsealed line that fills no gap."""
        lines = (one.number, one.number)
        is_foreign = bool(self.chains) and one.chain not in self.chains
        if one.line.standing is LineStatus.CUT:
            return Observation(
                ObservationKind.HALF if is_foreign else ObservationKind.DAMAGED, lines
            )
        entry = one.line.entry
        sequence = entry.sequence if entry else 0
        kind = ObservationKind.FOREIGN if is_foreign else ObservationKind.ADDED
        return Observation(kind, lines, one.chain, (sequence, sequence))

    def _pauses(self) -> Iterator[Observation]:
        """Note when no process ran: a whole run that was taken out leaves no other trace."""
        until = None
        for chain in sorted(self.chains.values(), key=attrgetter("since")):
            if until is not None and chain.since - until > _SILENCE:
                lines = (chain.first_line, chain.first_line)
                yield Observation(
                    ObservationKind.PAUSE, lines, chain.name, times=(until, chain.since)
                )
            until = max(until or chain.until, chain.until)


def _changed(one: _Loose, chain: Chain, sequences: Range) -> Observation:
    kind = ObservationKind.CHANGED if one.line.entry else ObservationKind.DAMAGED
    return Observation(kind, (one.number, one.number), chain.name, sequences)
