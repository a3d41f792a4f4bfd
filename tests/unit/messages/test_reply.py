"""The paragraph for the data subject: never more than Gong said."""

import pytest

from bot.gong.response import read_response
from bot.gong.summary import summarise
from bot.messages.buttons import Button, Counts
from bot.messages.reply import reply_note, reply_text

STATE = Button(
    2,
    "jane@example.com",
    "DSR-123",
    1795442553987,
    "0123456789abcdef",
    "R-3F9A-2C71-B04D",
    "U0ANA",
    1795442551,
    is_kept=False,
)


ONCE = "listed once for every mailbox that holds it"


def found(*rows: int | None, messages: int = 0, is_whole: bool = True) -> str:
    """What stands between the question and what the search covers."""
    first, second, third, fourth, fifth = rows
    counts = Counts((first, second, third, fourth, fifth), messages, is_whole)
    text = reply_text(STATE, counts)
    return text.partition("jane@example.com. ")[2].partition(" The search covered")[0]


def test_the_paragraph_reads_like_this() -> None:
    assert reply_text(STATE, Counts((243, 12, 3, 2, 7), 118, is_whole=True)) == (
        "On 23 November 2026 at 14:02 UTC we searched Gong, a system that records sales "
        "conversations, for references to the email address jane@example.com. It returned 243 "
        "entries for emails (118 different emails, each listed once for every mailbox that holds "
        "it), 12 calls, 3 meetings, 2 CRM records and 7 engagement events. The search covered "
        "references to exactly this address that the system listed at that time. It did not cover "
        "other email addresses, other spellings of this one, or telephone numbers; records of the "
        "company's own users of that system; the text of emails, attachments, recordings or "
        "transcripts; emails that the system never imported; data that had already been removed "
        "from it under a retention period; or any other system. Our reference for this search: "
        "R-3F9A-2C71-B04D."
    )


@pytest.mark.parametrize(
    ("rows", "messages", "said"),
    [
        ((0, 0, 0, 0, 0), 0, "It returned no references."),
        ((0, 1, 0, 0, 0), 0, "It returned 1 call."),
        ((0, 0, 0, 1, 1200), 0, "It returned 1 CRM record and 1,200 engagement events."),
        ((1, 0, 1, 0, 0), 0, "It returned 1 entry for an email and 1 meeting."),
        ((2, 0, 0, 0, 0), 1, f"It returned 2 entries for emails (1 email, {ONCE})."),
        ((2, 0, 0, 0, 0), 2, "It returned 2 entries for emails."),
    ],
)
def test_numbers_are_told_by_kind(rows: tuple[int, ...], messages: int, said: str) -> None:
    assert found(*rows, messages=messages) == said


def test_what_gong_did_not_return_is_not_called_none() -> None:
    assert found(5, None, 0, None, 0, is_whole=False) == (
        "It returned at least 5 entries for emails. It gave no readable answer about calls and CRM "
        "records: of those nothing is known. Its answer may not have been complete."
    )


def test_an_answer_that_may_go_on_is_not_called_whole() -> None:
    said = "It returned at least 1 call. Its answer may not have been complete."
    assert found(0, 1, 0, 0, 0, is_whole=False) == said


def test_records_that_can_be_read_are_told_beside_those_that_cannot() -> None:
    body = b'{"customerData":[{"system":"A","objects":[{"objectType":"Lead"}]},{"system":"B"}]}'
    counts = Counts.of(summarise(read_response(200, {}, body)))
    assert reply_text(STATE, counts).count("It returned at least 1 CRM record.") == 1


@pytest.mark.parametrize(
    ("is_whole", "said"),
    [(True, "Check it before you copy it:"), (False, "Incomplete: do not send this yet.")],
)
def test_whoever_copies_it_is_told_whether_it_may_be_sent(*, is_whole: bool, said: str) -> None:
    assert said in reply_note(Counts((1, 0, 0, 0, 0), 1, is_whole))
