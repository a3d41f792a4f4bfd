"""One person's share: so many look-ups a minute and in 24 hours."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.refusals import PersonLimitReached
from bot.state.person_limits import PersonLimits


@pytest.mark.parametrize(
    ("limits", "amount", "period", "length"),
    [
        (PersonLimits(2, 200), 2, "a minute", timedelta(minutes=1)),
        (PersonLimits(9, 3), 3, "24 hours", timedelta(days=1)),
        (PersonLimits(2, 2), 2, "a minute", timedelta(minutes=1)),
    ],
)
def test_a_person_has_a_share_of_a_minute_and_of_a_day(
    limits: PersonLimits, amount: int, period: str, length: timedelta
) -> None:
    for _ in range(amount):
        limits.count("U0ANA")
    with pytest.raises(PersonLimitReached) as refused:
        limits.count("U0ANA")
    limit = refused.value
    assert (limit.amount, limit.period) == (amount, period)
    assert timedelta(0) < limit.again_at - datetime.now(UTC) <= length + timedelta(seconds=1)


def test_a_share_is_used_up_by_look_ups_and_not_by_checking_it() -> None:
    limits = PersonLimits(1, 200)
    limits.check("U0ANA")
    limits.check("U0ANA")
    limits.count("U0ANA")
    with pytest.raises(PersonLimitReached):
        limits.check("U0ANA")


def test_one_person_does_not_use_up_the_share_of_another() -> None:
    limits = PersonLimits(1, 200)
    limits.count("U0ANA")
    limits.count("U0BEN")
