"""Wording that messages, receipts and files share: labels, limits of a search, counts, days."""

from datetime import datetime

from bot.models import Section, Span

LABELS = {
    Section.EMAILS: "Emails",
    Section.CALLS: "Calls",
    Section.MEETINGS: "Meetings",
    Section.CUSTOMER_DATA: "CRM records",
    Section.CUSTOMER_ENGAGEMENT: "Engagement",
}

NOT_COVERED = (
    "Not covered: this person's other addresses, spellings or phone numbers; Gong users "
    "(employees); the content of emails, attachments, recordings and transcripts; emails Gong "
    "never imported; data removed by retention; any other system."
)
NO_PROOF = "This does not mean the company holds no data."
COVERED = "Covered: what Gong itself listed for exactly this address, at that moment."
ZERO = "0 means that Gong listed none; “not returned” means that Gong said nothing of it."

COVERAGE = f"{COVERED} {ZERO} {NOT_COVERED} {NO_PROOF}"
"""The limits of every search: under a summary, and in its receipt."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return `1 call`, `1,200 calls`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def copies(rows: int, messages: int, unhashed: int) -> str:
    """Return `243 mailbox copies of 118 messages`: Gong lists an email once for each mailbox."""
    of = f" of {at_least(unhashed)}{counted(messages, 'message')}" if messages else ""
    return f"{counted(rows, 'mailbox copy', 'mailbox copies')}{of}"


def at_least(untold: int) -> str:
    """Return `at least `, where a number may be larger than the one that follows."""
    return "at least " if untold else ""


def utc_time(moment: datetime) -> str:
    """Return `23 Nov 2026, 14:02:33 UTC`."""
    return f"{moment:%-d %b %Y, %H:%M:%S} UTC"


def day(moment: datetime) -> str:
    """Return `12 Jan 2019`."""
    return f"{moment:%-d %b %Y}"


def days(span: Span) -> str:
    """Return `, 12 Jan 2019`, or first and last day, and how many have no readable time."""
    if not (span.first and span.last):
        return undated(span)
    first, last = day(span.first), day(span.last)
    return f", {first if first == last else f'{first} – {last}'}{undated(span)}"


def undated(span: Span) -> str:
    """Return `, 3 without a readable time`, or nothing."""
    return f", {span.undated:,} without a readable time" if span.undated else ""
