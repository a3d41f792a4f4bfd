"""Answers of Gong: kept for a short while, and fetched once for all who ask at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from cachetools import TTLCache

from bot.models import Email, Evidence, Finding, OnWait

AnswerKey = tuple[str, Email]
"""Channel and address: an answer kept for one channel is never served to another."""

OVERHEAD_BYTES = 2048
"""Taken by a kept answer besides its body: a few small objects and their keys."""


@dataclass
class Answers:
    """Keeps answers, and owns the fetches under way."""

    ask: Callable[[Email, OnWait], Coroutine[Any, Any, Evidence]]
    ttl_s: float
    max_bytes: int
    _under_way: dict[AnswerKey, asyncio.Task[Evidence]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Size the cache by bytes: answers differ a million times in size."""
        self._kept: TTLCache[AnswerKey, Evidence] = TTLCache(
            self.max_bytes, self.ttl_s, getsizeof=_held_bytes
        )

    def kept(self, channel_id: str, email: Email) -> Evidence | None:
        """Return the kept answer, if there is one."""
        return self._kept.get((channel_id, email))

    def would_ask(self, channel_id: str, email: Email) -> bool:
        """Whether a search now would cost a call to Gong."""
        key = (channel_id, email)
        return key not in self._kept and key not in self._under_way

    async def find(
        self,
        channel_id: str,
        email: Email,
        *,
        is_fresh: bool = False,
        on_wait: OnWait = lambda _: None,
    ) -> Finding:
        """Return the answer to this question: kept, under way, or asked for now.

        With `is_fresh` a kept answer does not count, and is replaced. `on_wait` is called only if
        a fetch is begun; whoever joins one that is under way is told nothing.

        Raises:
            SearchFailed: Gong was asked and did not answer; failures are not kept.
        """
        evidence = None if is_fresh else self.kept(channel_id, email)
        if evidence is not None:
            return Finding(evidence, is_kept=True)
        evidence = await self._fetch((channel_id, email), on_wait)
        return Finding(
            evidence, is_kept=False, will_be_kept=_held_bytes(evidence) <= self.max_bytes
        )

    async def close(self) -> None:
        """End the fetches under way and forget every answer."""
        fetches = list(self._under_way.values())
        for fetch in fetches:
            fetch.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)
        self._kept.clear()

    async def _fetch(self, key: AnswerKey, on_wait: OnWait) -> Evidence:
        """Share one fetch; whoever stops waiting for it does not end it for the others."""
        fetch = self._under_way.get(key)
        if fetch is None:
            fetch = asyncio.create_task(self.ask(key[1], on_wait))
            self._under_way[key] = fetch
            fetch.add_done_callback(lambda done: self._settle(key, done))
        return await asyncio.shield(fetch)

    def _settle(self, key: AnswerKey, fetch: asyncio.Task[Evidence]) -> None:
        del self._under_way[key]
        if fetch.cancelled() or fetch.exception() is not None:
            return
        evidence = fetch.result()
        if _held_bytes(evidence) <= self.max_bytes:
            self._kept[key] = evidence
            # cachetools drops what has expired only at the next write; personal data must go
            # when its time is over.
            asyncio.get_running_loop().call_later(self.ttl_s + 0.01, self._kept.expire)
        else:
            self._kept.pop(key, None)


def _held_bytes(evidence: Evidence) -> int:
    return len(evidence.answer.body) + OVERHEAD_BYTES
