"""Each person's share: so many look-ups a minute and in 24 hours."""

from datetime import UTC, datetime

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.refusals import PersonLimitReached


class PersonLimits:
    """Counts each person's look-ups."""

    def __init__(self, per_minute: int, per_day: int) -> None:
        """Count in moving windows."""
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._shares: tuple[tuple[str, RateLimitItem], ...] = (
            ("a minute", RateLimitItemPerMinute(per_minute)),
            ("24 hours", RateLimitItemPerDay(per_day)),
        )

    def check(self, user_id: str) -> None:
        """Check that this person may search once more.

        Raises:
            PersonLimitReached: the share of the minute or the day is used up.
        """
        for period, share in self._shares:
            if not self._windows.test(share, user_id):
                reset = self._windows.get_window_stats(share, user_id).reset_time
                raise PersonLimitReached(share.amount, period, datetime.fromtimestamp(reset, UTC))

    def count(self, user_id: str) -> None:
        """Count one look-up of this person, who has been admitted: refusals do not count.

        Raises:
            PersonLimitReached: the share was used up in the meantime.
        """
        self.check(user_id)
        for _, share in self._shares:
            self._windows.hit(share, user_id)
