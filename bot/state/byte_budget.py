"""One budget of memory for all large answers that are being read, kept, shown or uploaded."""

import asyncio
import weakref
from collections import deque
from dataclasses import dataclass, field

from bot.errors import QueueFull

ROOM_WAIT_S = 10.0
"""Whoever would have to wait longer for room is told to try later."""


@dataclass(eq=False)
class Reservation:
    """Room of the budget for one answer; none as long as the answer is a small one."""

    budget: "ByteBudget"
    size: int = 0

    async def take(self, size: int) -> None:
        """Wait for room.

        Raises:
            QueueFull: there was none in time.
        """
        await self.budget.reserve(size)
        self.size = size

    def shrink(self, size: int) -> None:
        """Give back what is not needed after all."""
        self.budget.give_back(self.size - size)
        self.size = size

    def release(self) -> None:
        """Give all of it back."""
        self.shrink(0)

    def hold_while(self, value: object) -> None:
        """Give it back when the value has gone from memory, in whatever thread that is."""
        loop = asyncio.get_running_loop()
        weakref.finalize(value, _release_in, loop, self).atexit = False


@dataclass
class ByteBudget:
    """Hands out room in the order in which it was asked for; whoever finds none waits."""

    total: int
    longest_wait_s: float = ROOM_WAIT_S
    _used: int = field(default=0, init=False)
    _waiting: deque[tuple[int, asyncio.Future[None]]] = field(default_factory=deque, init=False)

    async def reserve(self, size: int) -> None:
        """Wait for `size` bytes; more than the whole budget is given when nothing is used.

        Raises:
            QueueFull: there was none in time.
        """
        if self._waiting or not self._has_room(size):
            await self._wait(size)
        else:
            self._used += size

    def give_back(self, size: int) -> None:
        """Take room back, and let those who wait have it."""
        self._used -= size
        while self._waiting and self._has_room(self._waiting[0][0]):
            size, turn = self._waiting.popleft()
            self._used += size
            turn.set_result(None)

    def _has_room(self, size: int) -> bool:
        return self._used == 0 or self._used + size <= self.total

    async def _wait(self, size: int) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            async with asyncio.timeout(self.longest_wait_s):
                await turn
        except TimeoutError as exc:
            self._leave(size, turn)
            raise QueueFull(again_in_s=self.longest_wait_s) from exc
        except asyncio.CancelledError:
            self._leave(size, turn)
            raise

    def _leave(self, size: int, turn: asyncio.Future[None]) -> None:
        """Stop waiting; room that came in the same moment is given back."""
        has_come = turn.done() and not turn.cancelled()
        self._waiting = deque(each for each in self._waiting if each[1] is not turn)
        self.give_back(size if has_come else 0)


def _release_in(loop: asyncio.AbstractEventLoop, reservation: Reservation) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(reservation.release)
