"""While a large answer is read, the event loop is free for everybody else."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from bot.runtime import LARGE_BYTES, off_loop
from tests.stand_ins.answering import EMPTY, Answering
from tests.support.house import House
from tests.support.reading import labels

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
READING = {"read_response", "summarise", "read_table"}


@contextmanager
def calls_in_this_thread() -> Iterator[set[str]]:
    """The names of the functions that the thread of the event loop calls meanwhile."""
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)


async def calls_of_a_story(house: House, meetings: int) -> set[str]:
    """What the event loop itself does for a look-up and a page."""
    rows = [{"id": f"{number:020}"} for number in range(meetings)]
    house.gong.people[JANE] = Answering({**EMPTY, "meetings": rows})
    with calls_in_this_thread() as called:
        summary = await house.answered(JANE)
        await house.person().clicks(summary, labels(summary)[0])
        await house.slack.until(lambda: len(house.slack.in_thread(summary)) == 3)
    return called


async def test_a_large_answer_is_read_beside_the_event_loop(house: House) -> None:
    called = await calls_of_a_story(house, LARGE_BYTES // 30)
    assert called & READING == set()


async def test_a_small_answer_is_read_at_once(house: House) -> None:
    assert await calls_of_a_story(house, 1) >= READING


@pytest.mark.parametrize("size_bytes", [LARGE_BYTES + 1, 64 * LARGE_BYTES])
async def test_the_loop_goes_on_while_a_thread_reads(size_bytes: int) -> None:
    has_gone_on = threading.Event()
    reading = asyncio.create_task(off_loop(size_bytes, lambda: has_gone_on.wait(5)))
    await asyncio.sleep(0)
    has_gone_on.set()
    assert await reading


async def test_large_answers_are_read_one_after_the_other() -> None:
    both = threading.Barrier(2)

    def meets_the_other() -> bool:
        try:
            both.wait(0.2)
        except threading.BrokenBarrierError:
            return False
        return True

    met = await asyncio.gather(*(off_loop(LARGE_BYTES + 1, meets_the_other) for _ in range(2)))
    assert met == [False, False]
