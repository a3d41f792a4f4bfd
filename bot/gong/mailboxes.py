"""The mailboxes (custodians) that the emails of an answer lie in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from bot.gong.raw_json import NotReadable
from bot.gong.records import CopyFacts, SpanBuilder, read_facts
from bot.models import Answer, Email, Section, Span


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox, as Gong first wrote it."""

    name: str
    rows: int
    sent: int
    """How many the person sent."""
    span: Span


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The mailboxes of an answer, the fullest first."""

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
    span: SpanBuilder = field(default_factory=SpanBuilder)


def count_mailboxes(answer: Answer, email: Email) -> Mailboxes:
    """Count the emails of each mailbox; capitals make no other mailbox and no other sender.

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
    return Mailboxes(
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
    return chain.from_iterable(read_facts(piece, CopyFacts))


def _is_from(sender: str | None, email: Email) -> bool:
    """Whether a sender, bare or as `Jane <jane@example.com>`, is this address."""
    written = (sender or "").strip().lower()
    return written == email.lower() or written.endswith(f"<{email.lower()}>")
