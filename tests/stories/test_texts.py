"""What can be read under a summary: what a search covers, and the text for the reply."""

import pytest

from tests.stand_ins.answering import EMPTY, Answering
from tests.support.house import House
from tests.support.reading import labels
from tests.support.threads import FORGETFUL, JANE, file_of, lines_of, looked_up, pressed

pytest_plugins = ["tests.support.fixtures"]


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
