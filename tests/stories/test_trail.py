"""The audit trail of a running bot: no decision or disclosure without a line."""

import pytest

from tests.stand_ins.answering import EMPTY, Answering
from tests.support.house import House
from tests.support.log_book import LogBook
from tests.support.reading import labels
from tests.support.threads import JANE, edited, file_of, lines_of, looked_up, pressed, refused

pytest_plugins = ["tests.support.fixtures"]


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
