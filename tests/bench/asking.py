"""Asking: how much of it, and what came of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.bench.load import Line, Target, lines, request
from tests.bench.scene import TYPICAL, address
from tests.bench.stage import Stage

MS = 1000
KEPT = address(TYPICAL)
"""Asked about wherever a kept answer is wanted."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done."""

    rounds: int
    long_rounds: int
    """Of what takes a second or more."""
    commands: int
    """In a round of one at a time."""
    references: tuple[int, ...] = (10, 1_000, 50_000, 200_000)
    people: tuple[int, ...] = (1, 20, 200)
    """The sizes that costs are compared at."""
    large: int = 50_000
    largest: int = 200_000
    """References, where one size is enough."""
    held: int = 20_000
    """References of an answer, where several are kept."""
    answers: int = 5
    """So many are."""
    turn_s: float = 0.4
    """By then, another call to Gong may leave at once."""


FULL = Effort(rounds=9, long_rounds=5, commands=60)
QUICK = Effort(rounds=3, long_rounds=2, commands=20)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of commands sent at once; seconds."""

    acks: list[float]
    last_summary: float
    """Since the first was sent."""
    calls: int
    """To Gong."""


async def ask(stage: Stage, target: Target, sent_by: Mapping[str, Line], typed: str) -> Asked:
    """All of them at once, by these people, until the last job is over."""
    requests = [(line, request(target, typed, user)) for user, line in sent_by.items()]
    stage.outside.told.clear()
    began = time.monotonic()
    acks = await asyncio.gather(*(line.ack_s(made) for line, made in requests))
    await stage.outside.until(target.ends, len(requests))
    last = max(line["at"] for line in stage.outside.told["posted"])
    return Asked(list(acks), last - began, len(stage.outside.told["asked"]))


@asynccontextmanager
async def people(target: Target, number: int) -> AsyncIterator[dict[str, Line]]:
    """So many, with a connection each."""
    async with lines(target, number) as opened:
        yield {f"U0{place:04}": line for place, line in enumerate(opened)}
