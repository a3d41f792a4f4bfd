"""The company's quota at Gong: how many calls we send, and when.

Gong allows 3 calls a second and 10,000 a day to the whole company, shared with every other
integration (https://help.gong.io/apidocs/introduction-2), so we keep to a share of it.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from limits import RateLimitItemPerDay
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.errors import DayLimitReached, GongLimitReached, QueueFull
from bot.models import OnWait, QueuePlace

LONGEST_WAIT_S = 60.0
"""Who would have to wait longer is told to try later instead."""

ALERT_SHARE = 0.8
"""The admin hears of it when this much of the day's share is used."""


@dataclass
class Quota:
    """Hands out turns, spaced evenly: no window of a second ever holds more than the share."""

    per_second: float
    per_day: int
    _next_turn: float = field(default=0.0, init=False)
    _paused_until: float = field(default=0.0, init=False)
    _waiting: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Count the days in a moving window of 24 hours."""
        self._days = MovingWindowRateLimiter(MemoryStorage())
        self._day = RateLimitItemPerDay(self.per_day)

    async def take_turn(
        self, patience_s: float = LONGEST_WAIT_S, on_wait: OnWait = lambda _: None
    ) -> None:
        """Wait until it is our turn to call Gong, and count the call.

        `on_wait` hears of the place as soon as it is booked.

        Raises:
            GongLimitReached: Gong asked for a pause that is longer than our patience.
            QueueFull: the turn would come later than our patience lasts.
            DayLimitReached: the day's share is used up.
        """
        ends_at = time.monotonic() + patience_s
        if not self._days.test(self._day):
            raise self._day_spent()
        moment = self._book(ends_at)
        on_wait(QueuePlace(self._waiting, max(0.0, moment - time.monotonic())))
        await self._wait_until(moment)
        while self._paused_until > time.monotonic():
            await self._wait_until(self._book(ends_at))
        if not self._days.hit(self._day):
            raise self._day_spent()

    def is_nearly_spent(self) -> bool:
        """Whether four fifths of the day's share are used."""
        remaining = self._days.get_window_stats(self._day).remaining
        return remaining <= (1 - ALERT_SHARE) * self.per_day

    def pause(self, seconds: float) -> None:
        """Let nobody call before `seconds` are over: Gong asked for it (429 Retry-After)."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)
        self._next_turn = max(self._next_turn, self._paused_until)

    def _book(self, ends_at: float) -> float:
        """Take the next free moment, and return it."""
        now = time.monotonic()
        moment = max(now, self._next_turn)
        if self._paused_until > ends_at:
            raise _paused(self._paused_until - now)
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


def _paused(seconds: float) -> GongLimitReached:
    again_at = datetime.now(UTC) + timedelta(seconds=seconds)
    return GongLimitReached(status=429, again_at=again_at, wait_s=seconds)
