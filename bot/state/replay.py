"""Requests that have come once, so that the same one is not answered again."""

import time
from collections.abc import Callable

from cachetools import TTLCache

REMEMBERED_S = 600
"""Twice as long as a request is fresh, since its time may be ahead of ours."""
_SIGNATURES = 100_000


class SeenRequests:
    """Remembers requests by Slack's signature, or by the id of their envelope."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        """Remember the latest 100,000, each for ten minutes."""
        self._seen: TTLCache[str, None] = TTLCache(_SIGNATURES, REMEMBERED_S, timer)

    def is_first(self, request_id: str) -> bool:
        """Whether this request comes for the first time; from now on it does not."""
        if request_id in self._seen:
            return False
        self._seen[request_id] = None
        return True
