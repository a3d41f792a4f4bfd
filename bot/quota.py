"""The company's quota at Gong: how many calls we send, and when.

Gong allows 3 calls a second and 10,000 a day to the whole company, shared with every other
integration (https://help.gong.io/apidocs/introduction-2), so we keep to a share of it.
"""

import asyncio
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from limits import RateLimitItemPerDay
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.errors import DayLimitReached, GongLimitReached, QueueFull

LONGEST_WAIT_S = 60.0
"""Who would have to wait longer is told to try later instead."""

ALERT_SHARE = 0.8
"""The admin hears of it when this much of the day's share is used."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search that came now would stand."""

    ahead: int
    wait_s: float


@dataclass
class Quota:
    """Hands out turns, spaced evenly: no window of a second ever holds more than the share."""

    per_second: float
    per_day: int
    _next_turn: float = field(default=0.0, init=False)
    _held_until: float = field(default=0.0, init=False)
    _waiting: int = field(default=0, init=False)
    _announced: set[Hashable] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Count the days in a moving window of 24 hours."""
        self._days = MovingWindowRateLimiter(MemoryStorage())
        self._day = RateLimitItemPerDay(self.per_day)

    def place(self) -> Place:
        """Where a search that came now would stand, behind those that have been announced."""
        until_free, announced = max(0.0, self._next_turn - time.monotonic()), len(self._announced)
        return Place(self._waiting + announced, until_free + announced / self.per_second)

    def is_announced(self, search: Hashable) -> bool:
        """Whether somebody is about to ask the same."""
        return search in self._announced

    @contextmanager
    def announced(self, search: Hashable) -> Iterator[None]:
        """Count a search into everybody's place before it can take its own."""
        self._announced.add(search)
        try:
            yield
        finally:
            self._announced.discard(search)

    async def turn(self, patience_s: float = LONGEST_WAIT_S) -> None:
        """Return when it is our turn to call Gong; the call is counted.

        Raises:
            GongLimitReached: Gong asked for a pause that is longer than our patience.
            QueueFull: the turn would come later than our patience lasts.
            DayLimitReached: the day's share is used up.
        """
        ends_at = time.monotonic() + patience_s
        if not self._days.test(self._day):
            raise self._day_spent()
        while True:
            await self._wait_until(self._book(ends_at))
            if self._held_until <= time.monotonic():
                break
        if not self._days.hit(self._day):
            raise self._day_spent()

    def is_nearly_spent(self) -> bool:
        """Whether four fifths of the day's share are used."""
        remaining = self._days.get_window_stats(self._day).remaining
        return remaining <= (1 - ALERT_SHARE) * self.per_day

    def hold(self, seconds: float) -> None:
        """Let nobody call before `seconds` are over: Gong asked for it (429 Retry-After)."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)
        self._next_turn = max(self._next_turn, self._held_until)

    def _book(self, ends_at: float) -> float:
        """The next free moment, taken."""
        now = time.monotonic()
        moment = max(now, self._next_turn)
        if self._held_until > ends_at:
            raise _held(self._held_until - now)
        if moment > ends_at:
            raise QueueFull(again_in_s=moment - now)
        self._next_turn = moment + 1 / self.per_second
        return moment

    async def _wait_until(self, moment: float) -> None:
        self._waiting += 1
        try:
            await asyncio.sleep(max(0.0, moment - time.monotonic()))
        finally:
            self._waiting -= 1

    def _day_spent(self) -> DayLimitReached:
        window = self._days.get_window_stats(self._day)
        return DayLimitReached(again_at=datetime.fromtimestamp(window.reset_time, UTC))


def _held(seconds: float) -> GongLimitReached:
    again_at = datetime.now(UTC) + timedelta(seconds=seconds)
    return GongLimitReached(status=429, again_at=again_at, wait_s=seconds)
