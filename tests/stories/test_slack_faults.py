"""When Slack does not take what we send: no silence, and nothing posted twice."""

import json

import pytest

import app
from tests.stand_ins.answering import Answering
from tests.stand_ins.people import rich
from tests.support.house import House
from tests.support.log_book import LogBook
from tests.support.reading import is_filed, json_files, labels

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"


# posting


async def test_a_short_pause_that_slack_asks_for_is_waited_for(house: House) -> None:
    house.slack.fail("chat.postMessage", retry_after=1)
    await house.answered(JANE)
    posting = (call for call in house.slack.calls if call.method == "chat.postMessage")
    first, second = (call for call in posting if "thread_ts" not in call.params)
    assert second.at - first.at >= 1
    assert len(house.slack.in_channel("C0LEGAL")) == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"retry_after": 60}, "Slack asks for a pause. Try again in a few minutes."),
        ({"error": "is_archived"}, "This channel is archived. Use another one, or ask @ana."),
        ({"error": "not_in_channel"}, "Type /invite @gong-lookup here, then search again."),
        ({"error": "channel_not_found"}, "Type /invite @gong-lookup here, then search again."),
        ({"error": "restricted_action"}, "Slack did not take it (restricted_action). Try again;"),
        ({"drop": True}, "If it does not stand in the channel, try again."),
        ({"status": 500}, "If it does not stand in the channel, try again."),
        ({"status": 503, "body": "<html>"}, "If it does not stand in the channel, try again."),
        ({"status": 200, "body": "<html>"}, "If it does not stand in the channel, try again."),
        (
            {"body": "no JSON", "content_type": "application/json"},
            "If it does not stand in the channel, try again.",
        ),
        (
            {"body": b'"\xff"', "content_type": "application/json"},
            "If it does not stand in the channel, try again.",
        ),
    ],
)
async def test_what_slack_does_not_take_is_told_with_what_to_do(
    house: House, fault: dict[str, object], sentence: str
) -> None:
    house.slack.fail("chat.postMessage", **fault)  # type: ignore[arg-type]  # a table of faults
    told = await house.told(JANE)
    assert told.startswith(f"Gong answered for {JANE}, but ")
    assert sentence in told
    assert house.slack.messages == []
    assert [call.method for call in house.slack.calls].count("chat.postMessage") == 1


@pytest.mark.parametrize(
    "fault",
    [{"drop": True}, {"status": 500}, {"status": 502, "body": "<html>"}],
    ids=["dropped", "500", "502"],
)
async def test_a_message_whose_answer_is_lost_is_not_posted_twice(
    house: House, fault: dict[str, object]
) -> None:
    house.slack.fail("chat.postMessage", after=True, **fault)  # type: ignore[arg-type]  # the same
    told = await house.told(JANE)
    assert "If it does not stand in the channel, try again." in told
    assert len(house.slack.in_channel("C0LEGAL")) == 1


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize("patience", [app.Patience(slack_call_s=0.5)])
async def test_a_message_that_slack_does_not_confirm_in_time_is_not_posted_twice(
    house: House,
) -> None:
    house.slack.fail("chat.postMessage", after=True, delay_s=30)
    told = await house.told(JANE)
    assert "If it does not stand in the channel" in told
    assert len(house.slack.in_channel("C0LEGAL")) == 1
    assert [call.method for call in house.slack.calls].count("chat.postMessage") == 1


async def test_blocks_that_slack_does_not_take_are_replaced_by_the_words(house: House) -> None:
    house.slack.fail("chat.postMessage", error="invalid_blocks")
    summary = await house.answered(JANE)
    assert summary.blocks == []
    assert summary.text.startswith("Gong look-up: 267 references\n")


async def test_a_channel_that_has_lost_the_bot_is_told_to_invite_it(house: House) -> None:
    await house.answered(JANE)
    house.slack.channels["C0LEGAL"].members.remove("U0BOT")
    assert "Type /invite @gong-lookup here, then search again." in await house.told(JANE)
    assert len(house.slack.in_channel("C0LEGAL")) == 1


async def test_an_acknowledgement_waits_for_nobody(house: House) -> None:
    house.slack.fail("users.info", delay_s=1.5)
    house.slack.fail("conversations.info", delay_s=1.5)
    ack = await house.person().types(JANE, channel="C0LEGAL")
    assert ack.ms < 1000
    await house.slack.until(lambda: house.slack.in_channel("C0LEGAL"))


# the file


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("files.getUploadURLExternal", {"error": "internal_error", "status": 500}),
        ("files.getUploadURLExternal", {"drop": True}),
        ("upload", {"status": 500}),
        ("upload", {"drop": True}),
        ("files.completeUploadExternal", {"error": "internal_error"}),
        ("files.completeUploadExternal", {"status": 503, "body": "<html>"}),
        ("files.completeUploadExternal", {"status": 200, "body": "<html>"}),
    ],
)
async def test_a_file_that_slack_did_not_take_can_be_attached_again(
    house: House, step: str, fault: dict[str, object]
) -> None:
    house.slack.fail(step, **fault)  # type: ignore[arg-type]  # the same
    await house.person().types(f"{JANE} DSR-123", channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    summary, missing = house.slack.messages
    assert missing.thread_ts == summary.ts
    could_not = "Neither Gong's exact answer nor its receipt could be attached"
    not_confirmed = "Slack did not confirm that the file with Gong's exact answer was attached"
    is_last = step == "files.completeUploadExternal"
    assert missing.text.startswith(not_confirmed if is_last else could_not)
    await house.person("U0BEN").clicks(missing, "Attach the file again")
    await house.slack.until(lambda: missing.edits)
    assert missing.text == "The file with Gong's exact answer has been attached after all."
    await house.slack.until(lambda: is_filed(house.slack, summary))
    assert json_files(house.slack) == [house.gong.requests[0].answer]
    (files,) = (reply.files for reply in house.slack.messages if reply.files)
    assert ["DSR-123" in file.name for file in files] == [True, True]
    assert len(house.gong.requests) == 1


async def test_a_file_goes_nowhere_but_to_slack(house: House, log: LogBook) -> None:
    place = {"ok": True, "upload_url": "http://elsewhere.example.com/upload", "file_id": "F1"}
    for _ in range(2):
        house.slack.fail(
            "files.getUploadURLExternal", body=json.dumps(place), content_type="application/json"
        )
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    assert labels(house.slack.messages[1]) == ["Attach the file again"]
    (line,) = log.events("failed")
    assert (line["outcome"], line["code"]) == ("FileNotAttached", "foreign_url")


@pytest.mark.parametrize("more", [{"CACHE_TTL_SECONDS": "0.001"}])
async def test_a_file_attached_later_says_when_it_is_newer_than_the_summary(house: House) -> None:
    house.gong.people[JANE] = [Answering(lambda: rich(JANE)), Answering()]
    house.slack.fail("upload", status=500)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    missing = house.slack.messages[1]
    await house.person().clicks(missing, "Attach the file again")
    await house.slack.until(lambda: missing.edits)
    assert "its answer has changed" in missing.text
    assert "newer than the summary above" in missing.text


async def test_a_file_that_fails_again_is_told_privately_and_keeps_its_button(
    house: House,
) -> None:
    house.slack.fail("upload", status=500, times=4)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    missing = house.slack.messages[1]
    await house.person().clicks(missing, "Attach the file again")
    told = await house.line_after(0)
    assert told.startswith(f"Slack did not confirm that the file for {JANE} was attached. Nothing")
    assert "press the button again" in told
    assert missing.edits == []


# private lines


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"drop": True}, {"retry_after": 1}], ids=["500", "drop", "429"]
)
async def test_a_private_line_that_slack_did_not_take_is_said_again(
    house: House, fault: dict[str, object]
) -> None:
    house.slack.fail("response_url", **fault)  # type: ignore[arg-type]  # the same
    await house.told("denied@example.com")
    assert [line.via for line in house.slack.private] == ["ack", "response_url"]


async def test_who_cannot_be_told_is_noted(house: House, log: LogBook) -> None:
    house.slack.fail("response_url", error="used_url", status=404, times=2)
    await house.person().types("denied@example.com", channel="C0LEGAL")
    await house.answered(JANE, "U0BEN")
    await house.bot.boundary.close()  # whatever was begun is over
    (line,) = log.events("person_not_told")
    assert (line["user"], line["code"]) == ("U0ANA", "http_404")


async def test_a_private_line_goes_nowhere_but_to_slack(house: House, log: LogBook) -> None:
    elsewhere = {"response_url": "http://elsewhere.example.com/commands/1"}
    await house.person().types("denied@example.com", channel="C0LEGAL", also=elsewhere)
    await house.answered(JANE, "U0BEN")
    await house.bot.boundary.close()  # whatever was begun is over
    (line,) = log.events("person_not_told")
    assert line["code"] == "foreign_url"


async def test_a_file_and_its_note_that_both_fail_leave_the_summary_valid(house: House) -> None:
    house.slack.fail("upload", status=500, delay_s=0.3, times=2)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: house.slack.messages)
    house.slack.fail("chat.postMessage", error="is_archived")
    await house.slack.until(lambda: len(house.slack.private) == 2)
    assert house.slack.private[1].text.startswith("The summary in the channel stands")
    assert len(house.slack.messages) == 1


async def test_a_note_that_cannot_be_changed_does_not_undo_the_file(
    house: House, log: LogBook
) -> None:
    house.slack.fail("upload", status=500)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    house.slack.fail("chat.update", error="cant_update_message")
    await house.person().clicks(house.slack.messages[1], "Attach the file again")
    await house.slack.until(lambda: is_filed(house.slack, house.slack.messages[0]))
    await house.bot.boundary.close()
    assert len(log.events("note_not_updated")) == 1
    assert len(house.slack.private) == 1


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0)])
async def test_a_file_that_a_stop_cuts_off_is_noted_as_missing(house: House) -> None:
    house.slack.fail("upload", delay_s=30)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: house.slack.messages)
    await house.slack.until(
        lambda: any(call.method == "files.getUploadURLExternal" for call in house.slack.calls)
    )
    await house.bot.boundary.close()
    assert "did not confirm that the file" in house.slack.messages[1].text
