"""One edit of a message at a time, and none after it has been withdrawn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from cachetools import TTLCache

from bot.errors import AlreadyWithdrawn

WITHDRAWN_KEPT_S = 3600.0
"""Longer than anything that was begun before can take."""
_MESSAGES = 10_000

MessageKey = tuple[str, str]
"""Channel and `ts`."""


@dataclass(frozen=True, slots=True)
class MessageLocks:
    """Holds a lock for each message being edited, and the messages that have been withdrawn."""

    _locks: WeakValueDictionary[MessageKey, asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )
    _withdrawn: TTLCache[MessageKey, None] = field(
        default_factory=lambda: TTLCache(_MESSAGES, WITHDRAWN_KEPT_S)
    )

    @asynccontextmanager
    async def lock(self, channel_id: str, ts: str) -> AsyncIterator[None]:
        """Wait for whoever edits the message now.

        Raises:
            AlreadyWithdrawn: it may not be edited any more.
        """
        key = (channel_id, ts)
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key in self._withdrawn:
                raise AlreadyWithdrawn
            yield

    def mark_withdrawn(self, channel_id: str, ts: str) -> None:
        """Let nobody edit the message after this."""
        self._withdrawn[channel_id, ts] = None
