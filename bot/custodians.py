"""Whose mailboxes the emails lie in: what a legal team asks first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from bot.facts import CopyFacts, facts
from bot.json_reader import NotReadable
from bot.models import Answer, Email, Section
from bot.span import Span, SpanSoFar


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox, as Gong first wrote it."""

    name: str
    rows: int
    sent: int
    """How many the person sent."""
    span: Span


@dataclass(frozen=True, slots=True)
class Custodians:
    """The mailboxes, the fullest first."""

    mailboxes: tuple[Mailbox, ...]
    messages: int
    """Distinct messages."""
    in_several: int
    """How many of them lie in more than one mailbox."""
    unplaced: int
    """Rows without a mailbox."""
    unhashed: int
    """Rows without a message hash: each may be another message, or a copy of one."""


@dataclass(slots=True)
class _MailboxSoFar:
    name: str
    rows: int = 0
    sent: int = 0
    span: SpanSoFar = field(default_factory=SpanSoFar)


def custodians(answer: Answer, email: Email) -> Custodians:
    """Who holds the emails of an answer; capitals make no other mailbox and no other sender.

    Raises:
        NotReadable: Gong did not return emails, or not as an array.
    """
    found: dict[str, _MailboxSoFar] = {}
    held_in: dict[str, set[str]] = {}
    unplaced = unhashed = 0
    for row in _rows(answer):
        name = (row.mailbox or "").strip()
        if row.message_hash:
            held_in.setdefault(row.message_hash, set()).add(name.lower())
        else:
            unhashed += 1
        if not name:
            unplaced += 1
            continue
        mailbox = found.setdefault(name.lower(), _MailboxSoFar(name))
        mailbox.rows += 1
        mailbox.sent += _is_from(row.sender, email)
        mailbox.span.add([row.sent_time])
    return Custodians(
        tuple(
            Mailbox(each.name, each.rows, each.sent, each.span.found())
            for each in sorted(found.values(), key=lambda each: -each.rows)
        ),
        len(held_in),
        sum(len(names - {""}) > 1 for names in held_in.values()),
        unplaced,
        unhashed,
    )


def _rows(answer: Answer) -> Iterator[CopyFacts]:
    piece = answer.sections.get(Section.EMAILS)
    if piece is None:
        raise NotReadable
    return chain.from_iterable(facts(piece, CopyFacts))


def _is_from(sender: str | None, email: Email) -> bool:
    """Whether a sender, bare or as `Jane <jane@example.com>`, is this address."""
    written = (sender or "").strip().lower()
    return written == email.lower() or written.endswith(f"<{email.lower()}>")
