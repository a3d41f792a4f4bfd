"""The budget of memory for large answers: in order, never more than it has, and given back."""

import asyncio
import gc

import pytest

from bot.errors import QueueFull
from bot.state.byte_budget import ByteBudget, Reservation

PATIENT_S = 5.0


class Held:
    """Something that can be seen to go."""


async def taken(budget: ByteBudget, size: int) -> Reservation:
    room = Reservation(budget)
    await room.take(size)
    return room


async def waiting(budget: ByteBudget, *sizes: int) -> list[asyncio.Task[Reservation]]:
    tasks = [asyncio.create_task(taken(budget, size)) for size in sizes]
    await asyncio.sleep(0)
    return tasks


async def test_room_is_given_at_once_while_there_is_some() -> None:
    budget = ByteBudget(100)
    await taken(budget, 60)
    await taken(budget, 40)


async def test_more_than_the_whole_is_given_when_nothing_else_is_used() -> None:
    budget = ByteBudget(100)
    room = await taken(budget, 1000)
    (task,) = await waiting(budget, 1)
    room.release()
    await task


async def test_who_finds_no_room_waits_in_turn_and_is_not_overtaken() -> None:
    budget = ByteBudget(100, PATIENT_S)
    first = await taken(budget, 80)
    large, small = await waiting(budget, 90, 10)
    assert not large.done()
    assert not small.done()
    first.release()
    (await large).shrink(90)
    await small


async def test_what_is_not_needed_after_all_is_given_to_others() -> None:
    budget = ByteBudget(100, PATIENT_S)
    first = await taken(budget, 80)
    (second,) = await waiting(budget, 50)
    first.shrink(50)
    await second


async def test_who_waits_too_long_is_told_and_takes_no_place() -> None:
    budget = ByteBudget(100, 0.01)
    first = await taken(budget, 100)
    with pytest.raises(QueueFull):
        await taken(budget, 1)
    first.release()
    await taken(budget, 100)


async def test_who_is_cut_off_while_waiting_takes_no_place() -> None:
    budget = ByteBudget(100, PATIENT_S)
    first = await taken(budget, 100)
    gone, stays = await waiting(budget, 100, 100)
    gone.cancel()
    await asyncio.wait({gone})
    first.release()
    (await stays).release()


async def test_room_that_comes_to_somebody_who_is_being_cut_off_is_given_back() -> None:
    budget = ByteBudget(100, PATIENT_S)
    first = await taken(budget, 100)
    gone, stays = await waiting(budget, 100, 100)
    first.release()
    gone.cancel()
    await asyncio.wait({gone})
    await stays


@pytest.mark.parametrize("in_thread", [False, True])
async def test_room_is_held_as_long_as_what_fills_it(*, in_thread: bool) -> None:
    budget = ByteBudget(100, PATIENT_S)
    room, held = await taken(budget, 100), [Held()]
    room.hold_while(held[0])
    (task,) = await waiting(budget, 1)
    assert not task.done()
    if in_thread:
        await asyncio.to_thread(held.clear)
    else:
        held.clear()
    await task


def test_what_outlives_the_loop_goes_without_a_word() -> None:
    async def hold() -> Held:
        held = Held()
        (await taken(ByteBudget(100), 1)).hold_while(held)
        return held

    held = asyncio.run(hold())
    del held
    gc.collect()
