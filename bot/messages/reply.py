"""A paragraph for the response to the data subject: a fixed template, no judgement."""

from datetime import UTC, datetime

from bot.messages.buttons import Button, Counts

_KINDS = (
    ("entry for an email", "entries for emails"),
    ("call", "calls"),
    ("meeting", "meetings"),
    ("CRM record", "CRM records"),
    ("engagement event", "engagement events"),
)
"""In the order of `Section`."""

_NOT_COVERED = (
    "It did not cover other email addresses, other spellings of this one, or telephone numbers; "
    "records of the company's own users of that system; the text of emails, attachments, "
    "recordings or transcripts; emails that the system never imported; data that had already been "
    "removed from it under a retention period; or any other system."
)


def reply_note(counts: Counts) -> str:
    """Tell whoever copies the paragraph what to check first; not for the data subject."""
    if counts.is_whole and counts.has_unknown:
        return (
            "Do not send this yet: Gong also sent something this bot does not know, perhaps an "
            "error. Look into the JSON file first, then check this before you copy it:"
        )
    if counts.is_whole:
        return "For the reply to the data subject. Check it before you copy it:"
    return (
        "Incomplete: do not send this yet. Press Refresh under the summary; if the next answer is "
        "incomplete, too, ask a Gong tech admin."
    )


def reply_text(state: Button, counts: Counts) -> str:
    """Say what was searched, when, what was found by kind and number, what was not covered."""
    moment = datetime.fromtimestamp(state.answered_at / 1000, UTC)
    return (
        f"On {moment:%-d %B %Y} at {moment:%H:%M} UTC we searched Gong, a system that records "
        f"sales conversations, for references to the email address {state.email}. "
        f"{_found(counts)} The search covered references to exactly this address that the system "
        "listed at that time. "
        f"{_NOT_COVERED} Our reference for this search: {state.receipt_id}."
    )


def _found(counts: Counts) -> str:
    told = [
        f"{number:,} {_named(kind, number, counts)}"
        for kind, number in enumerate(counts.rows)
        if number
    ]
    untold = [_KINDS[kind][1] for kind, number in enumerate(counts.rows) if number is None]
    least = "" if counts.is_whole else "at least "
    said = f"It returned {least}{_listed(told)}." if told else "It returned no references."
    if untold:
        said += f" It gave no readable answer about {_listed(untold)}: of those nothing is known."
    if not counts.is_whole:
        said += " Its answer may not have been complete."
    return said


def _named(kind: int, number: int, counts: Counts) -> str:
    one, many = _KINDS[kind]
    name = one if number == 1 else many
    if kind == 0 and counts.messages not in {0, number}:
        messages = f"{counts.messages:,} different emails, each"
        if counts.messages == 1:
            messages = "1 email,"
        return f"{name} ({messages} listed once for every mailbox that holds it)"
    return name


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
