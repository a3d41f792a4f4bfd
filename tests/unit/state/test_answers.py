"""Answers: fetched once for all who ask at the same time, and kept for a short while only."""

import asyncio
import hashlib
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import GongUnavailable
from bot.gong.response import read_response
from bot.models import Email, Evidence, Finding, OnWait, QueuePlace
from bot.state.answers import OVERHEAD_BYTES, Answers

JANE, JOHN = Email("jane@example.com"), Email("john@example.com")
HERE, THERE = "C0LEGAL", "C0OTHER"
MEGABYTE = 1024**2
HOUR = 3600.0


class Watched(Evidence):
    """Evidence that can be seen to go; slots alone would not let it."""


@dataclass
class Gong:
    """Answers each question with so many bytes, once the gate is open; a failure is raised."""

    asked: list[Email] = field(default_factory=list)
    length: int = 100
    failure: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def ask(self, email: Email, on_wait: OnWait) -> Evidence:
        on_wait(QueuePlace(len(self.asked), 0.0))
        self.asked.append(email)
        number = len(self.asked)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        name = hashlib.sha256(f"{number}".encode()).hexdigest()
        body = f'{{"requestId": "{name}"}}'.encode().ljust(self.length)
        return Watched(email, "127.0.0.1", "/", datetime.now(UTC), read_response(200, {}, body))


@pytest.fixture
def gong() -> Gong:
    return Gong()


@pytest.fixture
def lookups(gong: Gong) -> Answers:
    return Answers(gong.ask, HOUR, MEGABYTE)


@pytest.fixture
async def troubles() -> list[dict[str, Any]]:
    """What went wrong where nobody was waiting for it."""
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(context))
    return troubles


async def until(holds: Callable[[], object]) -> None:
    """Let everybody else work until it holds."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  # what others do next is all there is to wait for
            await asyncio.sleep(0)


async def fails(lookups: Answers) -> None:
    with pytest.raises(GongUnavailable):
        await lookups.find(HERE, JANE)


# one fetch for all


async def test_fifty_at_once_cost_one_call(gong: Gong, lookups: Answers) -> None:
    findings = await asyncio.gather(*(lookups.find(HERE, JANE) for _ in range(50)))
    assert gong.asked == [JANE]
    assert len({id(finding.evidence) for finding in findings}) == 1
    assert not any(finding.is_kept for finding in findings)


async def test_whoever_begins_a_fetch_hears_of_its_place_and_nobody_else(
    gong: Gong, lookups: Answers
) -> None:
    heard: list[tuple[str, QueuePlace]] = []

    async def find(who: str) -> None:
        await lookups.find(HERE, JANE, on_wait=lambda place: heard.append((who, place)))

    await asyncio.gather(find("first"), find("second"))
    await find("third")
    assert heard == [("first", QueuePlace(0, 0.0))]
    assert gong.asked == [JANE]


async def test_fifty_at_once_share_a_failure(gong: Gong, lookups: Answers) -> None:
    gong.failure = GongUnavailable()
    asked = (lookups.find(HERE, JANE) for _ in range(50))
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert gong.asked == [JANE]
    assert found == [gong.failure] * 50


async def test_different_addresses_are_different_questions(gong: Gong, lookups: Answers) -> None:
    await asyncio.gather(*(lookups.find(HERE, email) for email in (JANE, JOHN, JANE)))
    assert sorted(gong.asked) == [JANE, JOHN]


async def test_the_same_letters_in_other_capitals_are_another_question(
    gong: Gong, lookups: Answers
) -> None:
    await lookups.find(HERE, JANE)
    await lookups.find(HERE, Email("Jane@example.com"))
    assert len(gong.asked) == 2


async def test_who_stops_waiting_does_not_end_it_for_the_others(
    gong: Gong, lookups: Answers
) -> None:
    gong.gate.clear()
    first, second = (asyncio.create_task(lookups.find(HERE, JANE)) for _ in range(2))
    await until(lambda: gong.asked)
    first.cancel()
    await asyncio.wait({first})
    gong.gate.set()
    finding = await second
    assert (finding.evidence.email, gong.asked) == (JANE, [JANE])


async def test_an_answer_that_nobody_waits_for_any_more_is_kept(
    gong: Gong, lookups: Answers
) -> None:
    gong.gate.clear()
    only = asyncio.create_task(lookups.find(HERE, JANE))
    await until(lambda: gong.asked)
    only.cancel()
    await asyncio.wait({only})
    gong.gate.set()
    await until(lambda: lookups.kept(HERE, JANE))


async def test_a_failure_that_nobody_waits_for_any_more_troubles_nobody(
    gong: Gong, lookups: Answers, troubles: list[dict[str, Any]]
) -> None:
    gong.gate.clear()
    gong.failure = GongUnavailable()
    only = asyncio.create_task(lookups.find(HERE, JANE))
    await until(lambda: gong.asked)
    only.cancel()
    await asyncio.wait({only})
    gong.gate.set()
    await until(lambda: lookups.would_ask(HERE, JANE))
    assert troubles == []


# what is kept


async def test_a_kept_answer_costs_no_call(gong: Gong, lookups: Answers) -> None:
    first = await lookups.find(HERE, JANE)
    second = await lookups.find(HERE, JANE)
    assert second == Finding(first.evidence, is_kept=True)
    assert lookups.kept(HERE, JANE) is first.evidence
    assert gong.asked == [JANE]


async def test_a_failure_is_not_kept(gong: Gong, lookups: Answers) -> None:
    gong.failure = GongUnavailable()
    await fails(lookups)
    gong.failure = None
    finding = await lookups.find(HERE, JANE)
    assert (finding.is_kept, len(gong.asked)) == (False, 2)


async def test_one_channel_does_not_learn_that_another_asked(gong: Gong, lookups: Answers) -> None:
    await lookups.find(HERE, JANE)
    assert lookups.kept(THERE, JANE) is None
    assert lookups.would_ask(THERE, JANE)
    finding = await lookups.find(THERE, JANE)
    assert (finding.is_kept, len(gong.asked)) == (False, 2)


async def test_a_call_is_foreseen_exactly_when_one_would_be_made(
    gong: Gong, lookups: Answers
) -> None:
    gong.gate.clear()
    foreseen = [lookups.would_ask(HERE, JANE)]
    search = asyncio.create_task(lookups.find(HERE, JANE))
    await until(lambda: gong.asked)
    foreseen.append(lookups.would_ask(HERE, JANE))
    gong.gate.set()
    await search
    foreseen.append(lookups.would_ask(HERE, JANE))
    assert foreseen == [True, False, False]


# how long


async def test_an_answer_leaves_the_memory_when_its_time_is_over(gong: Gong) -> None:
    lookups = Answers(gong.ask, 0.05, MEGABYTE)
    gone = asyncio.Event()
    finding = await lookups.find(HERE, JANE)
    watch = weakref.ref(finding.evidence, lambda _: gone.set())
    del finding
    assert watch() is not None
    async with asyncio.timeout(1):
        await gone.wait()
    assert lookups.would_ask(HERE, JANE)


async def test_an_answer_asked_for_again_is_a_new_one(gong: Gong) -> None:
    lookups = Answers(gong.ask, 0.02, MEGABYTE)
    first = await lookups.find(HERE, JANE)
    await until(lambda: lookups.kept(HERE, JANE) is None)
    second = await lookups.find(HERE, JANE)
    assert second.evidence.answer.request_id != first.evidence.answer.request_id


# how much


async def test_an_answer_larger_than_all_that_may_be_kept_is_not_kept(gong: Gong) -> None:
    lookups = Answers(gong.ask, HOUR, OVERHEAD_BYTES + 99)
    findings = [await lookups.find(HERE, JANE) for _ in range(2)]
    assert [(each.is_kept, each.will_be_kept) for each in findings] == [(False, False)] * 2
    assert lookups.kept(HERE, JANE) is None


async def test_an_answer_that_just_fits_is_kept(gong: Gong) -> None:
    lookups = Answers(gong.ask, HOUR, OVERHEAD_BYTES + 100)
    findings = [await lookups.find(HERE, JANE) for _ in range(2)]
    assert [(each.is_kept, each.will_be_kept) for each in findings] == [(False, True), (True, True)]


async def test_a_newer_answer_takes_the_room_of_an_older_one(gong: Gong) -> None:
    lookups = Answers(gong.ask, HOUR, 2 * OVERHEAD_BYTES)
    await lookups.find(HERE, JANE)
    await lookups.find(HERE, JOHN)
    assert lookups.kept(HERE, JANE) is None
    assert lookups.kept(HERE, JOHN) is not None


# a fresh answer


async def test_a_fresh_answer_replaces_the_kept_one(gong: Gong, lookups: Answers) -> None:
    await lookups.find(HERE, JANE)
    fresh = await lookups.find(HERE, JANE, is_fresh=True)
    assert (fresh.is_kept, len(gong.asked)) == (False, 2)
    assert lookups.kept(HERE, JANE) is fresh.evidence


async def test_a_fresh_answer_shares_the_fetch_under_way(gong: Gong, lookups: Answers) -> None:
    await asyncio.gather(*(lookups.find(HERE, JANE, is_fresh=True) for _ in range(2)))
    assert gong.asked == [JANE]


async def test_a_fresh_answer_that_fails_leaves_the_kept_one(gong: Gong, lookups: Answers) -> None:
    first = await lookups.find(HERE, JANE)
    gong.failure = GongUnavailable()
    with pytest.raises(GongUnavailable):
        await lookups.find(HERE, JANE, is_fresh=True)
    assert lookups.kept(HERE, JANE) is first.evidence


async def test_a_fresh_answer_that_is_too_large_takes_the_kept_one_with_it(
    gong: Gong, lookups: Answers
) -> None:
    await lookups.find(HERE, JANE)
    gong.length = MEGABYTE
    fresh = await lookups.find(HERE, JANE, is_fresh=True)
    assert not fresh.will_be_kept
    assert lookups.kept(HERE, JANE) is None


# the end


async def test_closing_ends_what_is_under_way_and_forgets_what_is_kept(
    gong: Gong, lookups: Answers, troubles: list[dict[str, Any]]
) -> None:
    await lookups.find(HERE, JANE)
    gong.gate.clear()
    search = asyncio.create_task(lookups.find(HERE, JOHN))
    await until(lambda: len(gong.asked) == 2)
    await lookups.close()
    assert lookups.kept(HERE, JANE) is None
    assert lookups.would_ask(HERE, JOHN)
    with pytest.raises(asyncio.CancelledError):
        await search
    assert troubles == []


async def test_closing_with_nothing_under_way_forgets_what_is_kept(lookups: Answers) -> None:
    await lookups.find(HERE, JANE)
    await lookups.close()
    assert lookups.kept(HERE, JANE) is None
