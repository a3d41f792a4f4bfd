"""What may be taken back, by whom, and what comes of it when Slack does not help."""

import asyncio
import re

import pytest

import app
from tests.stand_ins.answering import Answering
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import rich
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import User
from tests.support.house import House, bot_between
from tests.support.log_book import LogBook
from tests.support.reading import labels, live_marks, shown
from tests.support.threads import (
    FORGETFUL,
    JANE,
    edited,
    file_of,
    lines_of,
    looked_up,
    pressed,
    refused,
)

pytest_plugins = ["tests.support.fixtures"]


async def test_whoever_asked_can_delete_the_files(house: House, log: LogBook) -> None:
    _, files, receipt = await looked_up(house, f"{JANE} DSR-123")
    receipt_id = lines_of(file_of(house, files, ".receipt.txt"))["Receipt"]
    await edited(house, receipt, "Delete the files")
    assert [house.slack.files[file.id].deleted for file in files.files] == [True, True]
    moment = r"\d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC"
    assert re.fullmatch(
        f"Files deleted by <@U0ANA> on {moment} · receipt {receipt_id}", receipt.text
    )
    assert shown(receipt) == [receipt.text]
    (line,) = log.events("files_deleted")
    assert (line["user"], line["case"], line["receipt"]) == ("U0ANA", "DSR-123", receipt_id)
    assert (line["message"], line["files"]) == (receipt.ts, [file.id for file in files.files])


async def test_a_confirmation_says_what_stays_and_warns_of_a_legal_hold(house: House) -> None:
    summary, _, receipt = await looked_up(house, JANE)
    for message, label in ((summary, "Withdraw"), (receipt, "Delete the files")):
        (confirm,) = (
            button["confirm"]
            for block in message.blocks
            if block["type"] == "actions"
            for button in block["elements"]
            if button["text"]["text"] == label
        )
        asked = confirm["text"]["text"]
        assert "What was downloaded, and what your company preserves, stays." in asked
        assert "Do not do this under a legal hold." in asked


@pytest.mark.parametrize("code", ["file_deleted", "file_not_found"])
async def test_a_file_that_has_gone_before_is_no_hindrance(house: House, code: str) -> None:
    _, files, receipt = await looked_up(house, JANE)
    house.slack.fail("files.delete", error=code)
    await edited(house, receipt, "Delete the files")
    assert [house.slack.files[file.id].deleted for file in files.files] == [False, True]
    assert receipt.text.startswith("Files deleted by")


async def test_a_file_that_slack_does_not_delete_keeps_its_button(
    house: House, log: LogBook
) -> None:
    _, files, receipt = await looked_up(house, JANE)
    house.slack.fail("files.delete", error="cant_delete_file")
    told = await refused(house, receipt, "Delete the files", "U0ANA")
    assert told.startswith("Slack did not confirm that this was taken back (cant_delete_file).")
    deleted, failed = log.events("files_deleted")[0], log.events("failed")[0]
    assert (failed["outcome"], failed["code"]) == ("NotTakenBack", "cant_delete_file")
    assert (failed["receipt"], failed["subject"]) == (deleted["receipt"], deleted["subject"])
    assert "deleted" not in receipt.text
    await edited(house, receipt, "Delete the files")
    assert [house.slack.files[file.id].deleted for file in files.files] == [True, True]


async def test_a_summary_and_a_page_can_be_withdrawn(house: House, log: LogBook) -> None:
    summary, files, _ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1, "U0BEN")
    receipt_id = lines_of(file_of(house, files, ".receipt.txt"))["Receipt"]
    (text,) = await pressed(house, summary, "Text for the reply", 1)
    for message in (page, text, summary):
        await edited(house, message, "Withdraw")
        assert message.text.startswith("Withdrawn by <@U0ANA> on ")
        assert message.text.endswith(f" · receipt {receipt_id}")
        assert shown(message) == [message.text]
        assert live_marks(message) == []
    lines = log.events("withdrawn")
    assert [line["receipt"] for line in lines] == [receipt_id] * 3
    assert [line["message"] for line in lines] == [page.ts, text.ts, summary.ts]


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_page_that_was_withdrawn_does_not_come_back(house: House, log: LogBook) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1, "U0BEN")
    house.gong.people[JANE] = Answering(rich(JANE), delay_s=0.5)
    asked = len(house.gong.requests)
    before = len(house.slack.private)
    await house.person("U0BEN").clicks(page, "Next")
    await edited(house, page, "Withdraw")
    assert (await house.line_after(before)).startswith("This message has just been withdrawn")
    assert len(house.gong.requests) == asked + 1
    assert page.text.startswith("Withdrawn by <@U0ANA>")
    assert len(page.edits) == 1
    assert len(log.events("page_shown")) == 1


@pytest.mark.parametrize("more", [{"WITHDRAW": "anyone"}])
async def test_two_who_press_at_once_delete_once(house: House, log: LogBook) -> None:
    _, _, receipt = await looked_up(house, JANE)
    house.slack.fail("files.delete", delay_s=0.2)
    before = len(house.slack.private)
    clicks = [house.person(who).clicks(receipt, "Delete the files") for who in ("U0ANA", "U0BEN")]
    await asyncio.gather(*clicks)
    assert (await house.line_after(before)).startswith("This message has just been withdrawn")
    assert len(log.events("files_deleted")) == len(receipt.edits) == 1


async def test_a_refused_press_does_not_swallow_another(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    house.slack.users["U0CAT"] = User("U0CAT", "cat", house.slack.team_id)
    house.slack.fail("users.info", delay_s=0.3)
    before = len(house.slack.private)
    await house.person("U0CAT").clicks(summary, "Withdraw")
    await edited(house, summary, "Withdraw")
    assert (await house.line_after(before)).startswith("Only the person who asked")
    assert summary.text.startswith("Withdrawn by <@U0ANA>")


async def test_files_can_be_deleted_once_outsiders_can_read_the_channel(house: House) -> None:
    summary, files, receipt = await looked_up(house, JANE)
    house.slack.channels["C0LEGAL"].is_ext_shared = True
    await edited(house, receipt, "Delete the files")
    await edited(house, summary, "Withdraw")
    assert [house.slack.files[file.id].deleted for file in files.files] == [True, True]


async def test_files_can_be_deleted_whatever_a_case_must_look_like_now(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    async with bot_between(slack, gong, None, log.take) as bot:
        house = House(slack, gong, bot)
        summary, files, receipt = await looked_up(house, JANE)
    async with bot_between(slack, gong, None, log.take, CASE_REFERENCE_REQUIRED="true") as bot:
        house = House(slack, gong, bot)
        await edited(house, receipt, "Delete the files")
        await edited(house, summary, "Withdraw")
    assert [slack.files[file.id].deleted for file in files.files] == [True, True]


async def test_whom_slack_does_not_know_takes_nothing_back(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    house.slack.users["U0CAT"] = User("U0CAT", "cat", house.slack.team_id)
    house.slack.fail("users.info", status=500)
    assert (await refused(house, summary, "Withdraw", "U0CAT")).startswith("Slack did not tell me")
    assert (await refused(house, summary, "Withdraw", "U0GUEST")).startswith("Guests may")
    assert summary.edits == []


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0)])
async def test_a_deletion_that_a_stop_cuts_off_is_said_to_be_unconfirmed(house: House) -> None:
    _, _, receipt = await looked_up(house, JANE)
    house.slack.fail("files.delete", delay_s=30)
    await house.person().clicks(receipt, "Delete the files")
    await house.slack.until(lambda: house.slack.calls[-1].method == "files.delete")
    before = len(house.slack.private)
    await house.bot.boundary.close()
    told = await house.line_after(before)
    assert told.startswith("Slack did not confirm that this was taken back (interrupted)")


async def test_files_that_slack_did_not_confirm_can_be_deleted(house: House, log: LogBook) -> None:
    house.slack.fail("files.completeUploadExternal", drop=True, after=True)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 3)
    _, files, notice = house.slack.messages
    assert notice.text.startswith("Slack did not confirm that the file with Gong's exact answer")
    assert labels(notice) == ["Attach the file again", "Delete the files"]
    ids = [file.id for file in files.files]
    assert [line["files"] for line in log.events("failed")] == [ids]
    await edited(house, notice, "Delete the files")
    assert [house.slack.files[each].deleted for each in ids] == [True, True]


async def test_nobody_but_the_asker_may_take_back(house: House, log: LogBook) -> None:
    summary, files, receipt = await looked_up(house, JANE)
    for message, label in ((summary, "Withdraw"), (receipt, "Delete the files")):
        told = await refused(house, message, label, "U0BEN")
        assert told.startswith("Only the person who asked may take this back. Nothing was changed")
    assert (summary.edits, receipt.edits) == ([], [])
    assert [house.slack.files[file.id].deleted for file in files.files] == [False, False]
    assert [line["outcome"] for line in log.events("refused")] == ["NotTheAsker"] * 2


@pytest.mark.parametrize("more", [{"WITHDRAW": "anyone"}])
async def test_where_anyone_may_take_back_anyone_can(house: House) -> None:
    summary, _, receipt = await looked_up(house, JANE)
    await edited(house, receipt, "Delete the files", "U0BEN")
    await edited(house, summary, "Withdraw", "U0BEN")
    assert "Withdrawn by <@U0BEN>" in summary.text


@pytest.mark.parametrize("more", [{"WITHDRAW": "nobody"}])
async def test_under_a_legal_hold_nothing_can_be_taken_back(house: House) -> None:
    summary, _, receipt = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1)
    _, under = await pressed(house, page, "Rows as CSV", 2)
    for message in (summary, receipt, page, under):
        assert not {"Withdraw", "Delete the files", "Delete the file"} & set(labels(message))


@pytest.mark.parametrize("label", ["Text for the reply", "What this covers", "Withdraw"])
async def test_whoever_may_not_ask_may_press_none_of_it(house: House, label: str) -> None:
    summary, *_ = await looked_up(house, JANE)
    told = await refused(house, summary, label, "U0GUEST")
    assert told.startswith("Guests may search only when they have been named.")
    assert (len(house.slack.messages), summary.edits) == (3, [])


async def test_a_withdrawal_waits_for_the_files_that_are_on_their_way(house: House) -> None:
    house.slack.fail("upload", delay_s=0.5, times=2)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: house.slack.messages)
    summary = house.slack.messages[0]
    await house.person().clicks(summary, "Withdraw")
    await house.slack.until(lambda: summary.edits)
    assert len(house.slack.messages) == 3
    assert summary.text.startswith("Withdrawn by <@U0ANA>")


async def test_no_file_follows_a_summary_that_was_withdrawn_at_once(house: House) -> None:
    house.slack.fail("chat.postMessage", delay_s=0.4, after=True)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: house.slack.messages)
    summary = house.slack.messages[0]
    before = len(house.slack.private)
    await house.person().clicks(summary, "Withdraw")
    await house.slack.until(lambda: summary.edits)
    assert (await house.line_after(before)).startswith("This message has just been withdrawn")
    assert house.slack.files == {}
