"""Wording that messages, receipts and files share."""

import pytest

from bot import wording
from tests.support.messages import AT


@pytest.mark.parametrize("day", [1, 23])
def test_a_time_is_written_in_utc_without_a_leading_zero(day: int) -> None:
    assert wording.utc_time(AT.replace(day=day)) == f"{day} Nov 2026, 14:02:33 UTC"
