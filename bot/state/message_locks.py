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
    _withdrawn: TTLCache[MessageKey, bool] = field(
        default_factory=lambda: TTLCache(_MESSAGES, WITHDRAWN_KEPT_S)
    )

    @asynccontextmanager
    async def lock(
        self, channel_id: str, ts: str, *, to_withdraw: bool = False
    ) -> AsyncIterator[None]:
        """Wait for whoever edits the message now.

        A withdrawal that Slack did not confirm may be tried again; nothing else may follow it.

        Raises:
            AlreadyWithdrawn: it may not be edited any more.
        """
        key = (channel_id, ts)
        async with self._locks.setdefault(key, asyncio.Lock()):
            if not (to_withdraw and self._withdrawn.get(key) is False):
                self.check(channel_id, ts)
            yield

    def check(self, channel_id: str, ts: str) -> None:
        """Check that the message has not been withdrawn.

        Raises:
            AlreadyWithdrawn: it has, or Slack has not confirmed it yet.
        """
        if (channel_id, ts) in self._withdrawn:
            raise AlreadyWithdrawn

    def mark_withdrawn(self, channel_id: str, ts: str, *, is_confirmed: bool) -> None:
        """Let nothing follow on the message after this."""
        self._withdrawn[channel_id, ts] = is_confirmed
