"""Waiting for a condition instead of for a time."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rings whenever a stand-in has recorded something; waiters then look again."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    def next_ring(self) -> asyncio.Event:
        """Set at the next ring; taken before looking, it misses none that comes meanwhile."""
        return self._rung

    async def until(
        self, predicate: Callable[[], object], timeout_s: float, dump: Callable[[], str]
    ) -> None:
        """Return once ``predicate()`` is true.

        Raises:
            AssertionError: it did not become true in time; ``dump()`` tells what was there.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while not predicate():
                    await self._rung.wait()
        except TimeoutError:
            msg = f"not within {timeout_s} s; there is:\n{dump()}"
            raise AssertionError(msg) from None
