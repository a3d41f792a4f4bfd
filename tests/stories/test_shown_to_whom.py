"""Who may see a result is asked again right before it is shown: much can change while Gong is."""

import dataclasses
import time
from collections.abc import Callable

import pytest

import app
from bot.lookup.access import JUST_TOLD_S
from tests.stand_ins.answering import Answering
from tests.stand_ins.people import rich
from tests.stand_ins.slack_world import Channel
from tests.support.house import House
from tests.support.log_book import LogBook
from tests.support.threads import edited, looked_up, pressed

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
TOLD = "Before posting I checked your permission and this channel again"


def share(house: House) -> None:
    house.slack.channels["C0LEGAL"].is_ext_shared = True


def announce_sharing(house: House) -> None:
    house.slack.channels["C0LEGAL"].is_pending_ext_shared = True


def open_to_all(house: House) -> None:
    house.slack.channels["C0LEGAL"].is_private = False


def put_out(house: House) -> None:
    house.slack.channels["C0LEGAL"].members.discard("U0BOT")


def make_guest(house: House) -> None:
    house.slack.users["U0ANA"].is_restricted = True


def deactivate(house: House) -> None:
    house.slack.users["U0ANA"].deleted = True


CHANGES = [share, announce_sharing, open_to_all, put_out, make_guest, deactivate]


def later(house: House) -> None:
    """Let what Slack has said so far be more than a moment ago."""
    house.bot.flow.access.timer = lambda: time.monotonic() + JUST_TOLD_S + 1


@pytest.mark.parametrize("more", [{"ALERT_CHANNEL": "C0OPS"}])
@pytest.mark.parametrize("change", CHANGES)
async def test_nothing_is_shown_once_it_may_not_be(
    house: House, log: LogBook, change: Callable[[House], None]
) -> None:
    house.slack.channels["C0OPS"] = Channel("C0OPS", "ops", members={"U0BOT"})
    house.gong.people[JANE] = Answering(lambda: rich(JANE), delay_s=0.3)
    before = len(house.slack.private)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.gong.until(lambda: house.gong.requests)
    change(house)
    later(house)
    await house.slack.until(lambda: len(house.slack.private) == before + 2)
    assert house.slack.private[-1].text.startswith(TOLD)
    assert house.slack.in_channel("C0LEGAL") == []
    assert house.slack.files == {}
    assert log.events("answered") == []
    (refused,) = log.events("refused")
    assert refused["outcome"] == "AccessChanged"
    await house.bot.flow.alerts.close()
    assert bool(house.slack.in_channel("C0OPS")) == (change in CHANGES[:3])


async def test_no_file_follows_into_a_channel_that_was_shared_after_the_summary(
    house: House, log: LogBook
) -> None:
    house.slack.fail("chat.postMessage", delay_s=0.4, after=True)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: house.slack.messages)
    share(house)
    later(house)
    await house.slack.until(lambda: house.slack.private[-1].text.startswith(TOLD))
    assert len(house.slack.messages) == 1
    assert house.slack.files == {}
    assert log.events("file_attached") == []


@pytest.mark.parametrize("label", ["Emails 243", "Refresh", "Text for the reply"])
async def test_a_press_shows_nothing_in_a_channel_that_is_shared_meanwhile(
    house: House, label: str
) -> None:
    summary, *_ = await looked_up(house, JANE)
    share(house)
    later(house)
    before = len(house.slack.private)
    await house.person().clicks(summary, label)
    await house.line_after(before)
    assert len(house.slack.messages) == 3


async def test_rows_that_were_made_meanwhile_stay_here(house: House, log: LogBook) -> None:
    summary, *_ = await looked_up(house, JANE)
    before = len(house.slack.messages)
    await house.person().clicks(summary, "Calls 12")
    await house.slack.until(lambda: len(house.slack.messages) == before + 1)
    share(house)
    later(house)
    await house.person().clicks(house.slack.messages[-1], "Rows as CSV")
    assert (await house.line_after(1)).startswith(TOLD)
    assert len(log.events("file_attached")) == 1


@pytest.mark.parametrize("patience", [app.Patience(slack_call_s=0.5)])
async def test_nothing_is_shown_where_slack_does_not_say(house: House) -> None:
    house.gong.people[JANE] = Answering(lambda: rich(JANE), delay_s=0.3)
    before = len(house.slack.private)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.gong.until(lambda: house.gong.requests)
    house.slack.fail("conversations.info", status=500, times=5)
    later(house)
    await house.slack.until(lambda: len(house.slack.private) == before + 2)
    assert house.slack.private[-1].text.startswith(TOLD)
    assert house.slack.messages == []


async def test_what_slack_has_just_said_is_not_asked_again(house: House) -> None:
    await house.answered(JANE)
    asked = [call.method for call in house.slack.calls]
    assert asked.count("conversations.info") == 1
    assert asked.count("users.info") == 1


async def test_files_whose_bytes_were_on_their_way_are_not_shown_in_a_shared_channel(
    house: House, log: LogBook
) -> None:
    house.slack.fail("upload", delay_s=0.4, times=2)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(
        lambda: [c for c in house.slack.calls if c.method == "files.getUploadURLExternal"]
    )
    share(house)
    later(house)
    await house.slack.until(lambda: house.slack.private[-1].text.startswith(TOLD))
    assert len(house.slack.messages) == 1
    assert not any(message.files for message in house.slack.messages)
    assert log.events("refused")[0]["cause"] == "SharedChannel"


async def test_an_old_answer_of_slacks_does_not_replace_a_newer_one(house: House) -> None:
    house.slack.fail("conversations.info", delay_s=0.6, after=True)
    before = len(house.slack.private)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(
        lambda: [call for call in house.slack.calls if call.method == "conversations.info"]
    )
    share(house)
    told = await house.told("test@test.com", "U0BEN")
    assert told.startswith("People outside your organisation can read this channel")
    await house.slack.until(lambda: len(house.slack.private) == before + 4)
    assert all("Gong was not asked" in line.text for line in house.slack.private[-1:])
    assert house.slack.messages == []
    assert house.gong.requests == []


@pytest.mark.parametrize("label", ["Rows as CSV", "Next"])
async def test_nothing_follows_under_a_page_that_was_withdrawn(house: House, label: str) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1)
    before, clicked = page.blocks, dataclasses.replace(page)
    await edited(house, page, "Withdraw")
    count = len(house.slack.messages)
    assert before != page.blocks
    private = len(house.slack.private)
    await house.person().clicks(clicked, label)
    assert (await house.line_after(private)).startswith("This message has just been withdrawn")
    assert len(house.slack.messages) == count


@pytest.mark.parametrize("label", ["Emails 243", "Refresh", "Text for the reply"])
async def test_nothing_follows_under_a_summary_that_was_withdrawn(house: House, label: str) -> None:
    summary, *_ = await looked_up(house, JANE)
    clicked = dataclasses.replace(summary)
    await edited(house, summary, "Withdraw")
    count, private = len(house.slack.messages), len(house.slack.private)
    await house.person().clicks(clicked, label)
    assert (await house.line_after(private)).startswith("This message has just been withdrawn")
    assert len(house.slack.messages) == count


@pytest.mark.parametrize("patience", [app.Patience(slack_call_s=0.4)])
async def test_a_page_whose_withdrawal_slack_did_not_confirm_does_not_come_back(
    house: House,
) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1)
    clicked = dataclasses.replace(page)
    house.slack.fail("chat.update", delay_s=0.8, after=True)
    private = len(house.slack.private)
    await house.person().clicks(page, "Withdraw")
    assert (await house.line_after(private)).startswith("Slack did not confirm that this was taken")
    edits = len(page.edits)
    await house.person().clicks(clicked, "Next")
    assert "has just been withdrawn" in await house.line_after(private + 1)
    assert len(page.edits) == edits
    await house.person().clicks(clicked, "Withdraw")
    await house.slack.until(lambda: len(page.edits) == edits + 1)
