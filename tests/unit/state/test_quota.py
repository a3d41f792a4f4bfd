"""The company's quota at Gong: evenly spaced turns, pauses, days and places in the queue."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot import errors
from bot.models import QueuePlace
from bot.state.quota import LONGEST_WAIT_S, Quota

FAST = 50.0
PLENTY = 10_000
HOUR = 3600.0


async def turn_at(quota: Quota, patience_s: float = LONGEST_WAIT_S) -> float:
    """When the turn came, in monotonic seconds."""
    await quota.take_turn(patience_s)
    return time.monotonic()


async def place_of(quota: Quota, patience_s: float = 2 * HOUR) -> QueuePlace:
    """The place of one more search, which then leaves the queue."""
    places: list[QueuePlace] = []
    task = asyncio.create_task(quota.take_turn(patience_s, places.append))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    return places[0]


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
    await quota.take_turn()
    await asyncio.sleep(3 / FAST)
    started = time.monotonic()
    turns = [await task for task in await waiting(quota, 3)]
    assert turns[2] >= started + 2 / FAST


async def test_a_share_that_is_no_whole_number_is_kept_exactly() -> None:
    quota = Quota(2.25, PLENTY)
    await quota.take_turn()
    assert 0.4 < (await place_of(quota)).wait_s <= 1 / 2.25


# the queue


async def test_a_turn_that_would_come_too_late_is_refused_and_takes_no_place() -> None:
    quota = Quota(1 / HOUR, PLENTY)
    await quota.take_turn()
    with pytest.raises(errors.QueueFull) as refused:
        await quota.take_turn()
    assert refused.value.again_in_s == pytest.approx(HOUR, abs=5)
    assert (await place_of(quota)).wait_s <= HOUR


def test_nobody_waits_longer_than_a_minute() -> None:
    assert LONGEST_WAIT_S <= 60


async def test_the_first_is_told_that_nobody_is_ahead() -> None:
    places: list[QueuePlace] = []
    await Quota(1, PLENTY).take_turn(on_wait=places.append)
    assert places == [QueuePlace(0, 0.0)]


async def test_a_place_is_told_when_it_is_booked_and_counts_those_who_wait() -> None:
    quota, places = Quota(1, PLENTY), list[QueuePlace]()
    tasks = [asyncio.create_task(quota.take_turn(on_wait=places.append)) for _ in range(4)]
    await asyncio.wait({tasks[0]})
    assert [place.ahead for place in places] == [0, 1, 2, 3]
    assert [place.wait_s for place in places] == pytest.approx([0, 1, 2, 3], abs=0.1)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_a_place_is_told_once_even_if_a_pause_moves_it() -> None:
    quota, places = Quota(FAST, PLENTY), list[QueuePlace]()
    await quota.take_turn()
    task = asyncio.create_task(quota.take_turn(on_wait=places.append))
    await asyncio.sleep(0)
    quota.pause(0.05)
    await task
    assert len(places) == 1


async def test_who_stops_waiting_leaves_the_queue_and_the_others_in_it() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.take_turn()
    first, second = await waiting(quota, 2)
    first.cancel()
    await asyncio.wait({first})
    assert (await place_of(quota)).ahead == 1
    await second
    assert (await place_of(quota)).ahead == 0


# pauses


async def test_a_pause_holds_the_next_turn() -> None:
    quota, started = Quota(FAST, PLENTY), time.monotonic()
    quota.pause(0.1)
    assert await turn_at(quota) >= started + 0.1


async def test_a_pause_holds_those_who_wait_already_and_spaces_them_after_it() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.take_turn()
    tasks = await waiting(quota, 3)
    held_at = time.monotonic()
    quota.pause(0.15)
    turns = sorted([await task for task in tasks])
    assert all(at >= held_at + 0.15 + number / FAST for number, at in enumerate(turns))


async def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    quota, started = Quota(FAST, PLENTY), time.monotonic()
    quota.pause(0.1)
    quota.pause(0.01)
    assert await turn_at(quota) >= started + 0.1


async def test_a_pause_longer_than_our_patience_is_told_at_once() -> None:
    quota = Quota(FAST, PLENTY)
    quota.pause(600)
    with pytest.raises(errors.GongLimitReached) as refused:
        await quota.take_turn()
    assert refused.value.status == 429
    assert refused.value.wait_s == pytest.approx(600, abs=5)
    assert refused.value.again_at is not None
    assert refused.value.again_at - datetime.now(UTC) == pytest.approx(
        timedelta(seconds=600), abs=timedelta(seconds=5)
    )


async def test_who_waits_is_told_of_a_pause_longer_than_the_patience() -> None:
    quota = Quota(FAST, PLENTY)
    await quota.take_turn()
    (task,) = await waiting(quota, 1)
    quota.pause(600)
    with pytest.raises(errors.GongLimitReached):
        await task


# a day


async def test_the_share_of_a_day_is_used_up_one_by_one() -> None:
    quota = Quota(FAST, 2)
    await quota.take_turn()
    await quota.take_turn()
    with pytest.raises(errors.DayLimitReached) as refused:
        await quota.take_turn()
    assert refused.value.again_at is not None
    assert refused.value.again_at - datetime.now(UTC) == pytest.approx(
        timedelta(days=1), abs=timedelta(seconds=5)
    )


async def test_who_has_no_share_left_is_told_at_once_and_not_after_the_queue() -> None:
    quota = Quota(1 / HOUR, 1)
    await quota.take_turn()
    with pytest.raises(errors.DayLimitReached):
        await quota.take_turn()


async def test_the_share_of_a_day_holds_for_those_who_wait_together() -> None:
    quota = Quota(FAST, 3)
    done = await asyncio.gather(*await waiting(quota, 5), return_exceptions=True)
    assert [type(each) for each in done].count(errors.DayLimitReached) == 2


async def test_who_did_not_get_a_turn_is_not_counted() -> None:
    quota = Quota(FAST, 2)
    await quota.take_turn()
    (task,) = await waiting(quota, 1)
    task.cancel()
    await asyncio.wait({task})
    with pytest.raises(errors.QueueFull):
        await quota.take_turn(0)
    await quota.take_turn()
