"""The receipt beside Gong's answer: what it says, that it verifies, and what stands under both."""

import hashlib
import re
from pathlib import Path

import pytest

from bot.cli import verify
from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.slack_world import PostedMessage
from tests.support.house import AUDIT_KEY, House
from tests.support.log_book import LogBook
from tests.support.reading import labels, shown
from tests.support.threads import FORGETFUL, JANE, file_of, lines_of, looked_up, pressed

pytest_plugins = ["tests.support.fixtures"]

RECEIPT_ID = r"R-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}"


def verdict(house: House, message: PostedMessage, folder: Path) -> verify.FileVerdict:
    """What `verify` says of the two files of a message, once they are downloaded."""
    paths = []
    for ending in (".json", ".receipt.txt"):
        file = file_of(house, message, ending)
        paths.append(folder / file.name)
        paths[-1].write_bytes(file.content or b"")
    return verify.judge(AUDIT_KEY.encode(), *paths)


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
    assert newer == ["asked", "answered", "file_attached"]
    assert len(house.gong.requests) == 2
