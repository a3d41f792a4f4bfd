"""What a legal team files: receipts, rows, texts, what may be taken back, and the audit trail."""

import asyncio
import csv
import hashlib
import io
import re
from pathlib import Path

import pytest

import app
from bot import verifier
from tests.house import AUDIT_KEY, House, bot_between
from tests.log_book import LogBook
from tests.reading import labels, live_marks, shown
from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import rich
from tests.stand_ins.person import find_button
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import PostedMessage, StoredFile, User

pytest_plugins = ["tests.fixtures"]

JANE = "jane@example.com"
FORGETFUL = {"CACHE_TTL_SECONDS": "0.001"}
RECEIPT_ID = r"R-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}"


async def looked_up(house: House, words: str, user_id: str = "U0ANA") -> list[PostedMessage]:
    """The summary, the files' message and the receipt's message of one look-up."""
    before = len(house.slack.messages)
    await house.person(user_id).types(words, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == before + 3)
    return house.slack.messages[before:]


async def pressed(
    house: House, message: PostedMessage, label: str, more: int, user_id: str = "U0ANA"
) -> list[PostedMessage]:
    """What a press adds to the thread or the channel."""
    before = len(house.slack.messages)
    await house.person(user_id).clicks(message, label)
    await house.slack.until(lambda: len(house.slack.messages) == before + more)
    return house.slack.messages[before:]


async def edited(
    house: House, message: PostedMessage, label: str, user_id: str = "U0ANA"
) -> PostedMessage:
    """A message after a press that edits it."""
    edits = len(message.edits)
    await house.person(user_id).clicks(message, label)
    await house.slack.until(lambda: len(message.edits) > edits)
    return message


async def refused(house: House, message: PostedMessage, label: str, user_id: str) -> str:
    """What somebody is told whose press does nothing."""
    before = len(house.slack.private)
    await house.person(user_id).clicks(message, label)
    return await house.line_after(before)


def file_of(house: House, message: PostedMessage, ending: str) -> StoredFile:
    (shared,) = (file for file in message.files if file.name.endswith(ending))
    return house.slack.files[shared.id]


def lines_of(receipt: StoredFile) -> dict[str, str]:
    text = (receipt.content or b"").decode()
    return dict(line.split(": ", 1) for line in text.splitlines())


def verdict(house: House, message: PostedMessage, folder: Path) -> verifier.Verdict:
    """What `verify` says of the two files of a message, once they are downloaded."""
    paths = []
    for ending in (".json", ".receipt.txt"):
        file = file_of(house, message, ending)
        paths.append(folder / file.name)
        paths[-1].write_bytes(file.content or b"")
    return verifier.verdict(AUDIT_KEY.encode(), *paths)


# the receipt


async def test_a_receipt_lies_beside_the_answer_and_verifies(house: House, tmp_path: Path) -> None:
    _, files, _ = await looked_up(house, f"{JANE} DSR-123")
    assert [re.sub(r"\d{8}T\d{6}Z", "AT", file.name) for file in files.files] == [
        "gong-lookup-DSR-123-AT.json",
        "gong-lookup-DSR-123-AT.receipt.txt",
    ]
    assert verdict(house, files, tmp_path).exit_code == 0


async def test_a_receipt_says_what_was_asked_and_what_came_back(house: House) -> None:
    _, files, _ = await looked_up(house, "Jane+x@example.com DSR-123")
    answer, said = file_of(house, files, ".json"), lines_of(file_of(house, files, ".receipt.txt"))
    (request,) = house.gong.requests
    moment = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
    assert re.fullmatch(RECEIPT_ID, said.pop("Receipt"))
    assert re.fullmatch(moment, said.pop("Asked at"))
    assert re.fullmatch(moment, said.pop("Answered at"))
    assert said.pop("Limits").startswith("Covered: what Gong itself listed")
    assert (said.pop("Key"), len(said.pop("Seal"))) == ("2a737eab", 64)
    assert said == {
        "gong-lookup receipt": "1",
        "Case": "DSR-123",
        "Address searched": "Jane+x@example.com",
        "Asked by": "Slack user U0ANA",
        "Team": house.slack.team_id,
        "Channel": "C0LEGAL",
        "Source": "fresh",
        "System": "Gong, 127.0.0.1",
        "Sent": f"GET {request.path}?{request.query}",
        "HTTP status": "200",
        "Gong request": request.request_id,
        "File": answer.name,
        "Bytes": str(len(request.answer)),
        "SHA-256": hashlib.sha256(request.answer).hexdigest(),
        "Emails": "0",
        "Calls": "0",
        "Meetings": "0",
        "CRM records": "0",
        "Engagement": "0",
        "Version of the bot": "0.1.0",
    }


async def test_a_receipt_tells_none_from_not_returned_and_not_read(house: House) -> None:
    nothing = {name: value for name, value in EMPTY.items() if name != "calls"}
    house.gong.people["gaps@example.com"] = Answering(nothing | {"meetings": "many"})
    _, files, _ = await looked_up(house, "gaps@example.com")
    said = lines_of(file_of(house, files, ".receipt.txt"))
    counts = [said[name] for name in ("Emails", "Calls", "Meetings")]
    assert counts == ["0", "not returned", "could not be read"]
    assert said["Possibly incomplete"].startswith("yes")
    assert said["Case"] == "none"


async def test_a_kept_answer_has_a_receipt_of_its_own(house: House) -> None:
    _, first, _ = await looked_up(house, JANE)
    _, second, _ = await looked_up(house, JANE, "U0BEN")
    told = [lines_of(file_of(house, each, ".receipt.txt")) for each in (first, second)]
    assert told[0]["Receipt"] != told[1]["Receipt"]
    assert told[0]["SHA-256"] == told[1]["SHA-256"]
    assert told[1]["Source"] == "kept: an answer given earlier, Gong not asked again"
    assert told[1]["Asked by"] == "Slack user U0BEN"


async def test_the_receipts_message_names_file_and_receipt_and_warns(house: House) -> None:
    _, files, receipt = await looked_up(house, f"{JANE} DSR-123")
    said = lines_of(file_of(house, files, ".receipt.txt"))
    for told in (
        f"Receipt: {said['Receipt']}",
        f"SHA-256 of the JSON file: {said['SHA-256']}",
        "Contains other people's data and 7 links that may open without sign-in. Review before",
        "Case DSR-123",
    ):
        assert told in receipt.text
    assert said["SHA-256"] in "".join(shown(receipt))
    assert labels(receipt) == ["Delete the files"]


async def test_a_missing_message_under_the_files_is_told(house: House, log: LogBook) -> None:
    house.slack.fail("chat.postMessage", delay_s=0)
    house.slack.fail("chat.postMessage", error="internal_error")
    told = await house.told(JANE)
    assert told.startswith("The files stand in the thread, but Slack did not take the message")
    _, files = house.slack.messages
    (line,) = log.events("failed")
    assert line["outcome"] == "ReceiptNotPosted"
    assert line["files"] == [file.id for file in files.files]


async def test_files_attached_later_have_the_receipt_of_their_look_up(
    house: House, tmp_path: Path, log: LogBook
) -> None:
    house.slack.fail("upload", status=500)
    house.slack.fail("upload", status=500)
    await house.person().types(f"{JANE} DSR-123", channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    notice = house.slack.messages[1]
    files, receipt = await pressed(house, notice, "Attach the file again", 2, "U0BEN")
    said = lines_of(file_of(house, files, ".receipt.txt"))
    assert verdict(house, files, tmp_path).exit_code == 0
    assert said["Receipt"] in receipt.text
    assert (said["Asked by"], said["Source"]) == ("Slack user U0ANA", "fresh")
    receipts = {line["receipt"] for line in log.lines() if "receipt" in line}
    assert receipts == {said["Receipt"]}


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_a_newer_answer_attached_later_has_a_new_receipt(house: House, log: LogBook) -> None:
    house.slack.fail("upload", status=500)
    house.slack.fail("upload", status=500)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    summary, notice = house.slack.messages
    files, _ = await pressed(house, notice, "Attach the file again", 2, "U0BEN")
    said = lines_of(file_of(house, files, ".receipt.txt"))
    assert f"receipt {said['Receipt']}" in notice.text
    assert said["Asked by"] == "Slack user U0BEN"
    assert said["Receipt"] not in str(summary.blocks)
    newer = [line["event"] for line in log.lines() if line.get("receipt") == said["Receipt"]]
    assert newer == ["asked", "answered", "file_attached"]


# texts in the thread


async def test_what_a_search_covers_is_said_under_any_summary(house: House) -> None:
    summary, *_ = await looked_up(house, "nobody@example.com DSR-123")
    (text,) = await pressed(house, summary, "What this covers", 1, "U0BEN")
    assert text.thread_ts == summary.ts
    assert "Not covered: this person's other addresses" in text.text
    assert "This does not mean the company holds no data." in text.text
    assert "Case DSR-123 · opened by <@U0BEN>" in text.text


async def test_the_text_for_the_reply_says_what_the_summary_says(house: House) -> None:
    summary, files, _ = await looked_up(house, f"{JANE} DSR-123")
    (text,) = await pressed(house, summary, "Text for the reply", 1)
    receipt_id = lines_of(file_of(house, files, ".receipt.txt"))["Receipt"]
    note, paragraph, facts = text.text.split("\n")
    assert note == "For the reply to the data subject. Check it before you copy it:"
    assert f"for references to the email address {JANE}. It returned 243 entries for" in paragraph
    assert (
        "(118 different emails, each listed once for every mailbox that holds it), 12 calls"
        in paragraph
    )
    assert paragraph.endswith(f"Our reference for this search: {receipt_id}.")
    assert facts == "Case DSR-123 · opened by <@U0ANA>"
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("more", [FORGETFUL])
async def test_the_text_for_the_reply_asks_gong_nothing(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    house.gong.people[JANE] = Answering(EMPTY)
    (text,) = await pressed(house, summary, "Text for the reply", 1)
    assert "243 entries" in text.text
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("more", [{"COMPANY_DOMAINS": "acme.example"}])
async def test_where_no_statement_is_possible_there_is_no_text_for_the_reply(house: House) -> None:
    summary, *_ = await looked_up(house, "ben@acme.example")
    assert labels(summary) == ["Refresh", "What this covers", "Withdraw"]


async def test_nothing_in_an_incomplete_answer_makes_no_text_for_the_reply(house: House) -> None:
    house.gong.people["gaps@example.com"] = Answering({"emails": []})
    summary, *_ = await looked_up(house, "gaps@example.com")
    assert "Text for the reply" not in labels(summary)


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


# rows as a spreadsheet


@pytest.mark.parametrize(
    ("label", "rows"),
    [
        ("Emails 243", 243),
        ("Calls 12", 12),
        ("Meetings 3", 3),
        ("CRM records 2", 2),
        ("Engagement 7", 7),
    ],
)
async def test_every_section_can_be_had_in_full_as_a_spreadsheet(
    house: House, label: str, rows: int
) -> None:
    summary, *_ = await looked_up(house, f"{JANE} DSR-123")
    (page,) = await pressed(house, summary, label, 1)
    files, under = await pressed(house, page, "Rows as CSV", 2, "U0BEN")
    assert files.thread_ts == summary.ts
    file = file_of(house, files, ".csv")
    assert re.fullmatch(r"gong-lookup-DSR-123-\d{8}T\d{6}Z-[a-zA-Z]+\.csv", file.name)
    content = (file.content or b"").decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(content)))) == rows + 1
    assert "tkn=" not in content
    assert hashlib.sha256(file.content or b"").hexdigest() in under.text
    assert labels(under) == ["Delete the file"]
    assert len(house.gong.requests) == 1


async def test_rows_of_another_answer_say_that_they_are_newer(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1)
    house.gong.people[JANE] = Answering(rich(JANE) | {"calls": [{"id": "1"}]})
    await pressed(house, summary, "Refresh", 3)
    files, _ = await pressed(house, page, "Rows as CSV", 2)
    assert "It is newer than the summary above." in files.text


async def test_rows_that_the_newer_answer_lacks_are_not_called_none(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1)
    house.gong.people[JANE] = Answering({"emails": []})
    await pressed(house, summary, "Refresh", 3)
    told = await refused(house, page, "Rows as CSV", "U0ANA")
    assert "That is not the same as none." in told


async def test_a_button_for_rows_without_a_section_is_refused(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    value = find_button(summary, "Refresh")["value"]
    for action_id in ("attach_rows", "show_reply", "delete_files"):
        before = len(house.slack.private)
        await house.person().clicks_raw(action_id=action_id, value=value, message=summary)
        assert (await house.line_after(before)).startswith("I cannot use this button any more")
    assert len(house.slack.messages) == 3


async def test_rows_that_slack_does_not_take_are_told(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1)
    house.slack.fail("files.completeUploadExternal", error="internal_error")
    told = await refused(house, page, "Rows as CSV", "U0ANA")
    assert told.startswith(f"Slack did not confirm that the file for {JANE} was attached. Nothing")


# custodians


async def test_the_first_page_of_emails_opens_with_the_mailboxes(house: House) -> None:
    summary, *_ = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Emails 243", 1)
    assert "By mailbox: 118 messages, 75 of them in several mailboxes" in page.text
    assert "ana@acme.example: 118 emails, 12 Jan 2019 – 3 Mar 2024, 59 sent by jane@" in page.text
    texts = shown(page)
    assert texts.index("By mailbox") < texts.index("Sent")
    await edited(house, page, "Next")
    assert "By mailbox" not in page.text


# taking back


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
    await house.bot.handlers.close()
    told = await house.line_after(before)
    assert told.startswith("Slack did not confirm that this was taken back (interrupted)")


async def test_a_newer_answer_that_is_kept_is_attached_with_a_receipt_of_its_own(
    house: House, log: LogBook
) -> None:
    for _ in range(2):
        house.slack.fail("upload", status=500)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    summary, notice = house.slack.messages
    await pressed(house, summary, "Refresh", 3)
    files, _ = await pressed(house, notice, "Attach the file again", 2, "U0BEN")
    receipt_id = lines_of(file_of(house, files, ".receipt.txt"))["Receipt"]
    newer = [line["event"] for line in log.lines() if line.get("receipt") == receipt_id]
    assert newer == ["answered", "file_attached"]
    assert len(house.gong.requests) == 2


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
    value = find_button(summary, "Refresh")["value"]
    before = len(house.slack.private)
    await house.person().clicks_raw(action_id="withdraw", value=value, message=summary)
    assert (await house.line_after(before)).startswith("Nothing may be taken back here")
    assert summary.edits == []


@pytest.mark.parametrize("label", ["Text for the reply", "What this covers", "Withdraw"])
async def test_whoever_may_not_ask_may_press_none_of_it(house: House, label: str) -> None:
    summary, *_ = await looked_up(house, JANE)
    told = await refused(house, summary, label, "U0GUEST")
    assert told.startswith("Guests may search only when they have been named.")
    assert (len(house.slack.messages), summary.edits) == (3, [])


# the audit trail


async def test_every_decision_and_disclosure_has_its_line(house: House, log: LogBook) -> None:
    summary, files, receipt = await looked_up(house, f"{JANE} DSR-123")
    (page,) = await pressed(house, summary, "Emails 243", 1, "U0BEN")
    await edited(house, page, "Next", "U0BEN")
    await pressed(house, page, "Rows as CSV", 2, "U0BEN")
    await pressed(house, summary, "Text for the reply", 1)
    await edited(house, receipt, "Delete the files")
    await edited(house, summary, "Withdraw")
    await house.told("jane@")
    lines = [line for line in log.lines() if "audit" in line]
    assert [(line["event"], line.get("outcome"), line.get("user")) for line in lines] == [
        ("started", None, None),
        ("asked", "command", "U0ANA"),
        ("answered", "references", "U0ANA"),
        ("file_attached", "answer", "U0ANA"),
        ("page_shown", None, "U0BEN"),
        ("page_shown", None, "U0BEN"),
        ("file_attached", "rows", "U0BEN"),
        ("text_shown", "reply", "U0ANA"),
        ("files_deleted", None, "U0ANA"),
        ("withdrawn", None, "U0ANA"),
        ("refused", "NotAnAddress", "U0ANA"),
    ]
    said = lines_of(file_of(house, files, ".receipt.txt"))
    for line in lines[1:-1]:
        assert (line["team"], line["channel"]) == (house.slack.team_id, "C0LEGAL")
        assert (line["case"], line["subject"]) == ("DSR-123", "3011dd4dafb7e0d2")
        assert line["receipt"] == said["Receipt"]
    answered = lines[2]
    assert (answered["gong_request"], answered["sha256"]) == (said["Gong request"], said["SHA-256"])
    assert answered["source"] == "fresh"
    assert answered["counts"] == {
        "emails": 243,
        "calls": 12,
        "meetings": 3,
        "customerData": 2,
        "customerEngagement": 7,
    }


async def test_what_was_not_returned_is_not_counted_as_none(house: House, log: LogBook) -> None:
    await looked_up(house, "partial@example.com")
    (line,) = log.events("answered")
    assert line["outcome"] == "incomplete"
    assert line["counts"]["calls"] == "not returned"


async def test_records_that_cannot_be_read_are_given_no_number(house: House, log: LogBook) -> None:
    hidden = [{"system": "Salesforce", "objects": "many"}]
    house.gong.people["odd@example.net"] = Answering(EMPTY | {"customerData": hidden})
    summary, files, _ = await looked_up(house, "odd@example.net")
    said = lines_of(file_of(house, files, ".receipt.txt"))
    assert said["CRM records"] == "some that could not be read"
    assert log.events("answered")[0]["counts"]["customerData"] == "unreadable in part"
    (text,) = await pressed(house, summary, "Text for the reply", 1)
    assert "It gave no readable answer about CRM records: of those nothing is known." in text.text
    assert text.text.startswith("Incomplete: do not send this yet.")


async def test_a_failed_click_has_a_line_that_says_about_whom(house: House, log: LogBook) -> None:
    summary, *_ = await looked_up(house, f"{JANE} DSR-123")
    house.gong.people[JANE] = Answering(status=500)
    told = await refused(house, summary, "Refresh", "U0BEN")
    assert told.startswith(f"The search for {JANE} (case DSR-123) did NOT complete:")
    (line,) = log.events("failed")
    assert (line["case"], line["subject"]) == ("DSR-123", "3011dd4dafb7e0d2")
    assert line["receipt"] == log.events("asked")[0]["receipt"]


async def test_an_empty_answer_is_on_record_as_such(house: House, log: LogBook) -> None:
    await looked_up(house, "nobody@example.com")
    assert [line["outcome"] for line in log.events("answered")] == ["no references"]


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_MINUTE": "1"}])
async def test_a_limit_that_is_reached_has_its_line(house: House, log: LogBook) -> None:
    await looked_up(house, JANE)
    await house.told("nobody@example.com")
    await house.told("blocked@example.com", "U0BEN")
    reached = [(line["outcome"], line["user"]) for line in log.events("limit_reached")]
    assert reached == [("PersonLimitReached", "U0ANA"), ("GongLimitReached", "U0BEN")]


async def test_a_failed_search_has_its_line_with_its_incident(house: House, log: LogBook) -> None:
    told = await house.told("denied@example.com DSR-123")
    (line,) = log.events("failed")
    assert (line["outcome"], line["status"], line["case"]) == ("CredentialsRefused", 401, "DSR-123")
    assert f"incident {line['incident']}" in told


@pytest.mark.parametrize("more", [{"LOG_LEVEL": "ERROR"}])
async def test_the_trail_is_written_whatever_the_level_of_the_log(
    house: House, log: LogBook
) -> None:
    await looked_up(house, JANE)
    assert [line["event"] for line in log.lines() if "audit" in line][:2] == ["started", "asked"]


@pytest.mark.parametrize("event", ["asked", "answered", "file_attached"])
async def test_what_cannot_be_put_on_record_is_not_disclosed(
    house: House, log: LogBook, event: str
) -> None:
    log.full_for = event
    told = await house.told(JANE)
    assert told.startswith("I cannot write my audit trail just now")
    assert len(house.gong.requests) == (0 if event == "asked" else 1)
    assert len(house.slack.messages) == (1 if event == "file_attached" else 0)
    assert house.slack.files == {}


@pytest.mark.parametrize(
    ("event", "label"),
    [
        ("page_shown", "Calls 12"),
        ("text_shown", "Text for the reply"),
        ("text_shown", "What this covers"),
        ("withdrawn", "Withdraw"),
        ("asked", "Refresh"),
    ],
)
async def test_no_click_does_what_cannot_be_put_on_record(
    house: House, log: LogBook, event: str, label: str
) -> None:
    summary, *_ = await looked_up(house, JANE)
    log.full_for = event
    told = await refused(house, summary, label, "U0ANA")
    assert told.startswith("I cannot write my audit trail just now")
    assert (len(house.slack.messages), summary.edits) == (3, [])
    assert len(house.gong.requests) == 1


async def test_rows_and_deletions_that_cannot_be_put_on_record_are_not_made(
    house: House, log: LogBook
) -> None:
    summary, files, receipt = await looked_up(house, JANE)
    (page,) = await pressed(house, summary, "Calls 12", 1)
    log.full_for = "file_attached"
    assert "audit trail" in await refused(house, page, "Rows as CSV", "U0ANA")
    log.full_for = "files_deleted"
    assert "audit trail" in await refused(house, receipt, "Delete the files", "U0ANA")
    assert len(house.slack.files) == 2
    assert [house.slack.files[file.id].deleted for file in files.files] == [False, False]


@pytest.mark.parametrize("event", ["refused", "failed"])
async def test_a_refusal_that_cannot_be_put_on_record_is_told_all_the_same(
    house: House, log: LogBook, event: str
) -> None:
    log.full_for = event
    assert (await house.told("jane@")).startswith("Nothing was searched")
    assert "did NOT complete" in await house.told("denied@example.com")
    house.slack.fail("upload", status=500)
    house.slack.fail("upload", status=500)
    await house.person().types(JANE, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == 2)
    assert labels(house.slack.messages[1]) == ["Attach the file again"]
