"""The rows of a section as a spreadsheet in the thread."""

import csv
import hashlib
import io
import re

import pytest

from tests.stand_ins.answering import Answering
from tests.stand_ins.people import rich
from tests.stand_ins.person import find_button
from tests.support.house import House
from tests.support.reading import labels
from tests.support.threads import JANE, file_of, looked_up, pressed, refused

pytest_plugins = ["tests.support.fixtures"]


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
