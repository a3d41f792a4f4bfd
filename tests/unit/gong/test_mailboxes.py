"""Whose mailboxes hold the emails, and how many of them."""

import json

import pytest

from bot.gong.mailboxes import count_mailboxes
from bot.gong.raw_json import NotReadable
from bot.gong.response import read_response
from bot.models import Email
from tests.stand_ins.people import rich

JANE = Email("Jane@example.com")
Row = dict[str, object]


def row(mailbox: object, message: object, sender: object = "", sent: object = None) -> Row:
    return {"mailbox": mailbox, "messageHash": message, "from": sender, "sentTime": sent}


def of(*rows: object) -> list[tuple[str, int, int]]:
    """Name, rows and sent of each mailbox."""
    body = json.dumps({"emails": rows}).encode()
    found = count_mailboxes(read_response(200, {}, body), JANE)
    return [(each.name, each.rows, each.sent) for each in found.mailboxes]


def test_the_fullest_mailbox_comes_first() -> None:
    rows = [row("a@x", "1"), row("b@x", "1"), row("b@x", "2"), row("c@x", "3")]
    assert of(*rows) == [("b@x", 2, 0), ("a@x", 1, 0), ("c@x", 1, 0)]


def test_capitals_and_spaces_make_no_other_mailbox() -> None:
    assert of(row("Ana@x", "1"), row(" ana@X ", "2")) == [("Ana@x", 2, 0)]


@pytest.mark.parametrize(
    ("sender", "sent"),
    [
        ("jane@example.com", 1),
        (" JANE@EXAMPLE.COM ", 1),
        ("Jane Doe <jane@example.com>", 1),
        ("mary-jane@example.com", 0),
        ("jane@example.com.evil.example", 0),
        ("<jane@example.com> via ben@acme.example", 0),
        (None, 0),
        (7, 0),
    ],
)
def test_what_the_person_sent_is_counted(sender: object, sent: int) -> None:
    assert of(row("a@x", "1", sender)) == [("a@x", 1, sent)]


def test_messages_are_told_apart_from_their_copies() -> None:
    found = count_mailboxes(
        read_response(200, {}, json.dumps(rich("jane@example.com")).encode()), JANE
    )
    assert (found.messages, found.in_several, found.unplaced, found.unhashed) == (118, 75, 0, 0)
    assert [each.rows for each in found.mailboxes] == [118, 75, 50]


def test_two_copies_in_one_mailbox_are_not_in_several() -> None:
    body = json.dumps({"emails": [row("a@x", "1"), row("A@x", "1")]}).encode()
    assert count_mailboxes(read_response(200, {}, body), JANE).in_several == 0


def test_rows_without_mailbox_or_hash_are_counted_apart() -> None:
    rows = [row(None, "1"), row("a@x", None), "odd", row("a@x", "1")]
    found = count_mailboxes(read_response(200, {}, json.dumps({"emails": rows}).encode()), JANE)
    assert (found.messages, found.unplaced, found.unhashed) == (1, 2, 2)
    assert [(each.name, each.rows) for each in found.mailboxes] == [("a@x", 2)]


def test_a_sender_that_cannot_be_read_hides_no_mailbox() -> None:
    body = b'{"emails": [{"from": "\xff", "mailbox": "a@x", "messageHash": "1"}]}'
    (mailbox,) = count_mailboxes(read_response(200, {}, body), JANE).mailboxes
    assert (mailbox.name, mailbox.rows, mailbox.sent) == ("a@x", 1, 0)


def test_first_and_last_are_told_of_each_mailbox() -> None:
    first, last = "2024-01-17T16:20:05-03:00", "2020-11-20T21:30:07.233692Z"
    rows = [row("a@x", "1", "", first), row("a@x", "2", "", last), row("a@x", "3", "", "soon")]
    (mailbox,) = count_mailboxes(
        read_response(200, {}, json.dumps({"emails": rows}).encode()), JANE
    ).mailboxes
    assert mailbox.span.first is not None
    assert mailbox.span.last is not None
    assert (mailbox.span.first.year, mailbox.span.last.year) == (2020, 2024)
    assert mailbox.span.undated == 1


@pytest.mark.parametrize("body", [b"{}", b'{"emails": null}', b'{"emails": {}}'])
def test_emails_that_are_not_there_are_not_called_none(body: bytes) -> None:
    with pytest.raises(NotReadable):
        count_mailboxes(read_response(200, {}, body), JANE)
