"""“No references returned” is a statement, and Gong has to earn it: nothing else may read so."""

import gzip
import json

import pytest

from tests.stand_ins.answering import EMPTY, Answering
from tests.stand_ins.slack_world import Channel
from tests.support.house import House
from tests.support.log_book import LogBook
from tests.support.reading import labels

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
IN_GZIP = {"Content-Encoding": "gzip"}
NOTHING = json.dumps({"requestId": "4al018gzaztcr8nbukw", **EMPTY}).encode()
ERROR = b'{"errors": "Internal error"}'


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ({"errors": "Internal error"}, "errors"),
        ({"success": False}, "success"),
        ({"code": 500}, "code"),
        ({"error": None, "status": "FAILED"}, "error, status"),
    ],
)
async def test_empty_lists_beside_something_unknown_state_nothing(
    house: House, log: LogBook, beside: dict[str, object], named: str
) -> None:
    house.gong.people[JANE] = Answering({**EMPTY, **beside})
    summary = await house.answered(JANE)
    assert summary.text.startswith(f"No statement possible: Gong also sent “{named}”\n")
    assert "not a “no references” result" in summary.text
    assert "Emails: 0" not in summary.text
    assert "Text for the reply" not in labels(summary)
    (answered,) = log.events("answered")
    assert answered["outcome"] == "no statement"
    receipt = next(file for file in house.slack.files.values() if file.name.endswith(".txt"))
    text = (receipt.content or b"").decode()
    assert f"Also returned, not known to this bot: {named}\n" in text
    assert "No statement: " in text


async def test_lists_marked_as_a_part_are_incomplete_and_no_statement(house: House) -> None:
    house.gong.people[JANE] = Answering({**EMPTY, "incomplete": True})
    summary = await house.answered(JANE)
    assert summary.text.startswith("Gong look-up: incomplete answer\n")


async def test_exactly_five_empty_lists_are_a_statement(house: House, log: LogBook) -> None:
    house.gong.people[JANE] = Answering(NOTHING)
    summary = await house.answered(JANE)
    assert summary.text.startswith("No references returned\n")
    assert log.events("answered")[0]["outcome"] == "no references"


@pytest.mark.parametrize(
    "behind", [gzip.compress(ERROR), gzip.compress(b""), b"\0", b"more"], ids=range(4)
)
async def test_bytes_behind_the_packed_answer_spoil_it(house: House, behind: bytes) -> None:
    packed = gzip.compress(NOTHING, mtime=0)
    house.gong.people[JANE] = Answering(packed + behind, headers=IN_GZIP, gzip=False)
    told = await house.told(JANE)
    assert "did NOT complete: what came back was not an answer of Gong" in told
    assert house.slack.messages == []


async def test_text_behind_the_answer_spoils_it(house: House) -> None:
    house.gong.people[JANE] = Answering(NOTHING + ERROR)
    assert "did NOT complete" in await house.told(JANE)
    assert house.slack.messages == []


async def test_a_new_field_beside_references_is_named_and_nothing_is_incomplete(
    house: House,
) -> None:
    house.gong.people[JANE] = Answering({**EMPTY, "calls": [{"id": "1"}], "coachingScores": []})
    summary = await house.answered(JANE)
    assert summary.text.startswith("Gong look-up: 1 reference\n")
    assert "Gong also returned something this bot does not know: coachingScores." in summary.text
    assert "ncomplete" not in summary.text


@pytest.mark.parametrize("more", [{"ALERT_CHANNEL": "C0OPS"}])
async def test_the_admin_hears_of_a_new_field_once(house: House) -> None:
    house.slack.channels["C0OPS"] = Channel("C0OPS", "ops", members={"U0BOT"})
    for address in (JANE, "test@test.com"):
        house.gong.people[address] = Answering({**EMPTY, "errors": "Internal error"})
        await house.answered(address)
    await house.bot.flow.alerts.close()
    (told,) = house.slack.in_channel("C0OPS")
    assert told.text.startswith("Gong's answers have a field that this bot does not know.")
    assert "Internal error" not in told.text


@pytest.mark.parametrize("request_id", [b"NaN", b"-Infinity", b"false", b"0", b"-1", b"7"])
async def test_an_id_that_is_no_text_states_nothing(house: House, request_id: bytes) -> None:
    body = json.dumps(EMPTY).encode()
    house.gong.people[JANE] = Answering(b'{"requestId": ' + request_id + b", " + body[1:])
    summary = await house.answered(JANE)
    assert summary.text.startswith("No statement possible: Gong's answer is not in the form")


async def test_an_answer_that_had_to_be_mended_states_nothing(house: House) -> None:
    house.gong.people[JANE] = Answering(NOTHING.decode().encode("utf-16"))
    summary = await house.answered(JANE)
    assert summary.text.startswith("No statement possible")


async def test_a_reply_is_not_to_be_sent_where_gong_sent_something_unknown(house: House) -> None:
    rows = {**EMPTY, "emails": [{"id": "1"}], "errors": ["calls: backend timed out"]}
    house.gong.people[JANE] = Answering(rows)
    summary = await house.answered(JANE)
    before = len(house.slack.messages)
    await house.person().clicks(summary, "Text for the reply")
    await house.slack.until(lambda: len(house.slack.messages) == before + 1)
    assert house.slack.messages[-1].text.startswith("Do not send this yet: Gong also sent")


@pytest.mark.parametrize("more", [{"COMPANY_DOMAINS": "example.com"}])
async def test_trail_and_receipt_say_of_a_colleague_what_the_channel_says(
    house: House, log: LogBook
) -> None:
    house.gong.people[JANE] = Answering(NOTHING)
    summary = await house.answered(JANE)
    assert summary.text.startswith("No statement possible\n")
    assert log.events("answered")[0]["outcome"] == "no statement"
    receipt = next(file for file in house.slack.files.values() if file.name.endswith(".txt"))
    assert b"No statement: an address of the company's own domain" in (receipt.content or b"")
