"""Asking again: for the plain form of an address, or to see what has changed."""

import pytest

from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.people import rich
from tests.stand_ins.person import find_button
from tests.support.house import House
from tests.support.log_book import LogBook
from tests.support.reading import labels
from tests.support.threads import FORGETFUL, JANE, looked_up, pressed

pytest_plugins = ["tests.support.fixtures"]

# the other spelling


async def test_the_plain_form_is_a_search_of_its_own(house: House, log: LogBook) -> None:
    summary, *_ = await looked_up(house, "Jane+news@Example.com DSR-123")
    assert labels(summary)[1] == f"Also search {JANE}"
    plain, files, _ = await pressed(house, summary, f"Also search {JANE}", 3, "U0BEN")
    assert plain.thread_ts is None
    assert f"Address searched: {JANE}" in plain.text
    assert "Case DSR-123 · asked by <@U0BEN>" in plain.text
    assert files.thread_ts == plain.ts
    asked = log.events("asked")
    assert [line["outcome"] for line in asked] == ["command", "also_search"]
    assert asked[0]["subject"] != asked[1]["subject"]
    assert asked[0]["receipt"] != asked[1]["receipt"]


async def test_the_plain_form_of_a_plain_address_is_nothing(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    value = find_button(summary, "Refresh")["value"]
    before = len(house.slack.private)
    await house.person().clicks_raw(action_id="also_search", value=value, message=summary)
    told = await house.line_after(before)
    assert told.startswith("I cannot use this button any more")
    assert len(house.gong.requests) == 1


# refresh with a difference


@pytest.mark.parametrize("more", [{}, FORGETFUL], ids=["kept", "gone"])
async def test_the_same_answer_is_said_to_be_the_same(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    newer, *_ = await pressed(house, summary, "Refresh", 3)
    assert "Refreshed: the same answer as before." in newer.text
    assert newer.thread_ts == summary.ts


async def test_what_came_and_went_is_told_by_section(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    later = rich(JANE)
    later["calls"] = [*later["calls"][2:], {"id": "1"}]
    later["customerEngagement"] = later["customerEngagement"][:-1]
    house.gong.people[JANE] = Answering(later)
    newer, *_ = await pressed(house, summary, "Refresh", 3)
    assert (
        "Refreshed: the answer has changed. Calls 1 added, 2 gone; Engagement 0 added, 1 gone."
        in newer.text
    )


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_without_the_earlier_answer_only_that_it_changed_is_told(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    house.gong.people[JANE] = Answering(EMPTY)
    newer, *_ = await pressed(house, summary, "Refresh", 3)
    assert "Refreshed: the answer has changed. The earlier one is no longer kept" in newer.text


async def test_a_summary_is_compared_with_its_own_answer_only(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    house.gong.people[JANE] = Answering(EMPTY)
    await pressed(house, summary, "Refresh", 3)
    again, *_ = await pressed(house, summary, "Refresh", 3)
    assert "Refreshed: the answer has changed. The earlier one is no longer kept" in again.text
