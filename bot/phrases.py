"""What is said besides what went wrong: names, what a search covers, help, waiting."""

from datetime import datetime

from bot.models import Section
from bot.span import Span
from bot.words import Setting

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


def searching(email: str) -> str:
    """What the acknowledgement says while Gong is asked."""
    return f"Searching Gong for {email}…"


def queueing(email: str, ahead: int, wait_s: float) -> str:
    """The same, for somebody who has to wait for a turn."""
    searches = "1 search is" if ahead == 1 else f"{ahead} searches are"
    why = f"{searches} ahead of yours" if ahead else "Gong asked for a pause"
    return f"{searching(email)} {why} (about {wait_s:.0f} seconds). No need to type it again."


def not_understood(setting: Setting) -> str:
    """What is said to words that hold no address at all."""
    return f"Nothing was searched: only email addresses can be. {help_text(setting)}"


def help_text(setting: Setting) -> str:
    """What `/gong-lookup help` says."""
    return (
        f"/gong-lookup jane@example.com {setting.example}: one address, then your case. The "
        "result, with the address, is posted to everyone in this channel, with Gong's exact "
        "answer as a file. Read-only. It covers Gong only, and not employees. Slack does not "
        f"allow commands inside threads. Questions: {setting.contact}"
    )


def counted(number: int, one: str, many: str = "") -> str:
    """`1 call`, `1,200 calls`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def copies(rows: int, messages: int, unhashed: int) -> str:
    """`243 mailbox copies of 118 messages`: Gong lists an email once for each mailbox."""
    of = f" of {at_least(unhashed)}{counted(messages, 'message')}" if messages else ""
    return f"{counted(rows, 'mailbox copy', 'mailbox copies')}{of}"


def at_least(untold: int) -> str:
    """What stands before a number that may be larger."""
    return "at least " if untold else ""


def day(moment: datetime) -> str:
    """`12 Jan 2019`."""
    return f"{moment:%-d %b %Y}"


def days(span: Span) -> str:
    """`, 12 Jan 2019`, or that and the last day, and how many have no time that can be read."""
    if not (span.first and span.last):
        return undated(span)
    first, last = day(span.first), day(span.last)
    return f", {first if first == last else f'{first} – {last}'}{undated(span)}"


def undated(span: Span) -> str:
    """`, 3 without a readable time`, or nothing."""
    return f", {span.undated:,} without a readable time" if span.undated else ""
