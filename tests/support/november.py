"""A log of November: 1,000 look-ups of one run, a line a minute."""

from datetime import UTC, datetime, timedelta

from tests.support.trails import resealed, written

RUN = "3f9c0a7be1d24c58"
SECOND = datetime(2026, 11, 3, 8, 30, 1, tzinfo=UTC)


def at(sequence: int) -> str:
    """A line a minute."""
    moment = SECOND + timedelta(minutes=sequence - 1)
    return moment.isoformat(timespec="milliseconds")


NOVEMBER = resealed(written(1000, chain=RUN), time=at)
NOW = datetime(2026, 11, 30, tzinfo=UTC)
