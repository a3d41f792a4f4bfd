"""The company's quota at Gong: evenly spaced turns, pauses, days and places in the queue."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot import errors
from bot.quota import LONGEST_WAIT_S, Place, Quota

FAST = 50.0
PLENTY = 10_000
HOUR = 3600.0


async def turn_at(quota: Quota, patience_s: float = LONGEST_WAIT_S) -> float:
    """When the turn came, in monotonic seconds."""
    await quota.turn(patience_s)
    return time.monotonic()


async def waiting(quota: Quota, number: int) -> list[asyncio.Task[float]]:
    """So many searches that have taken their place in the queue."""
    tasks = [asyncio.create_task(turn_at(quota)) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


# a second


async def test_no_turn_comes_before_its_share_of_a_second_is_over() -> None:
    quota, started = Quota(FAST, PLENTY), time.monotonic()
    turns = sorted(await asyncio.gather(*(turn_at(quota) for _ in range(20))))
    assert all(at >= started + number / FAST for number, at in enumerate(turns))


async def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    quota = Quota(FAST, PLENTY)
    turns = [await task for task in await waiting(quota, 10)]
    assert turns == sorted(turns)


async def test_after_a_quiet_while_no_turns_are_saved_up() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.turn()
    await asyncio.sleep(3 / FAST)
    started = time.monotonic()
    turns = [await task for task in await waiting(quota, 3)]
    assert turns[2] >= started + 2 / FAST


async def test_a_share_that_is_no_whole_number_is_kept_exactly() -> None:
    quota = Quota(2.25, PLENTY)
    await quota.turn()
    assert 0.4 < quota.place().wait_s <= 1 / 2.25


# the queue


async def test_a_turn_that_would_come_too_late_is_refused_and_takes_no_place() -> None:
    quota = Quota(1 / HOUR, PLENTY)
    await quota.turn()
    with pytest.raises(errors.QueueFull) as refused:
        await quota.turn()
    assert refused.value.again_in_s == pytest.approx(HOUR, abs=5)
    assert quota.place().wait_s <= HOUR


def test_nobody_waits_longer_than_a_minute() -> None:
    assert LONGEST_WAIT_S <= 60


def test_the_first_is_told_that_nobody_is_ahead() -> None:
    assert Quota(1, PLENTY).place() == Place(0, 0.0)


async def test_a_place_counts_those_who_wait_and_how_long() -> None:
    quota = Quota(1, PLENTY)
    await quota.turn()
    tasks = await waiting(quota, 3)
    place = quota.place()
    assert place.ahead == 3
    assert place.wait_s == pytest.approx(4, abs=0.5)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def test_a_search_that_is_announced_counts_until_it_takes_its_own_place() -> None:
    quota = Quota(0.5, PLENTY)
    with quota.announced("one"), quota.announced("another"):
        assert quota.place() == Place(2, 4.0)
    assert quota.place() == Place(0, 0.0)


def test_a_search_is_announced_within_its_block_only() -> None:
    quota = Quota(0.5, PLENTY)
    with quota.announced("one"):
        assert quota.is_announced("one")
        assert not quota.is_announced("another")
    assert not quota.is_announced("one")


def test_a_search_that_fails_before_its_turn_is_no_longer_announced() -> None:
    quota = Quota(0.5, PLENTY)
    with pytest.raises(errors.WrongChannel), quota.announced("one"):
        raise errors.WrongChannel
    assert not quota.is_announced("one")


async def test_who_stops_waiting_leaves_the_queue_and_the_others_in_it() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.turn()
    first, second = await waiting(quota, 2)
    first.cancel()
    await asyncio.wait({first})
    assert quota.place().ahead == 1
    await second
    assert quota.place().ahead == 0


# pauses


async def test_a_pause_holds_the_next_turn() -> None:
    quota, started = Quota(FAST, PLENTY), time.monotonic()
    quota.hold(0.1)
    assert await turn_at(quota) >= started + 0.1


async def test_a_pause_holds_those_who_wait_already_and_spaces_them_after_it() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.turn()
    tasks = await waiting(quota, 3)
    held_at = time.monotonic()
    quota.hold(0.15)
    turns = sorted([await task for task in tasks])
    assert all(at >= held_at + 0.15 + number / FAST for number, at in enumerate(turns))


async def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    quota, started = Quota(FAST, PLENTY), time.monotonic()
    quota.hold(0.1)
    quota.hold(0.01)
    assert await turn_at(quota) >= started + 0.1


async def test_a_pause_longer_than_our_patience_is_told_at_once() -> None:
    quota = Quota(FAST, PLENTY)
    quota.hold(600)
    with pytest.raises(errors.GongLimitReached) as refused:
        await quota.turn()
    assert refused.value.status == 429
    assert refused.value.wait_s == pytest.approx(600, abs=5)
    assert refused.value.again_at is not None
    assert refused.value.again_at - datetime.now(UTC) == pytest.approx(
        timedelta(seconds=600), abs=timedelta(seconds=5)
    )


async def test_who_waits_is_told_of_a_pause_longer_than_the_patience() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.turn()
    (task,) = await waiting(quota, 1)
    quota.hold(600)
    with pytest.raises(errors.GongLimitReached):
        await task


# a day


async def test_the_share_of_a_day_is_used_up_one_by_one() -> None:
    quota = Quota(FAST, 2)
    await quota.turn()
    await quota.turn()
    with pytest.raises(errors.DayLimitReached) as refused:
        await quota.turn()
    assert refused.value.again_at is not None
    assert refused.value.again_at - datetime.now(UTC) == pytest.approx(
        timedelta(days=1), abs=timedelta(seconds=5)
    )


async def test_who_has_no_share_left_is_told_at_once_and_not_after_the_queue() -> None:
    quota = Quota(1 / HOUR, 1)
    await quota.turn()
    with pytest.raises(errors.DayLimitReached):
        await quota.turn()


async def test_the_share_of_a_day_holds_for_those_who_wait_together() -> None:
    quota = Quota(FAST, 3)
    done = await asyncio.gather(*await waiting(quota, 5), return_exceptions=True)
    assert [type(each) for each in done].count(errors.DayLimitReached) == 2


async def test_who_did_not_get_a_turn_is_not_counted() -> None:
    quota = Quota(FAST, 2)
    await quota.turn()
    (task,) = await waiting(quota, 1)
    task.cancel()
    await asyncio.wait({task})
    with pytest.raises(errors.QueueFull):
        await quota.turn(0)
    await quota.turn()
