"""The answer as a file: exactly the bytes Gong sent, under a name without an address."""

import re
from dataclasses import dataclass

from bot.models import Case, Evidence


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach."""

    name: str
    content: bytes


def json_file(evidence: Evidence, case: Case | None) -> File:
    """Gong's answer, untouched: its SHA-256 is `evidence.answer.sha256`.

    The name carries the case, if there is one, and when Gong answered (UTC); it travels in
    URLs and notifications, so it never carries an address.
    """
    named = f"{re.sub(r'[^A-Za-z0-9.-]', '-', case)}-" if case else ""
    moment = evidence.answered_at.strftime("%Y%m%dT%H%M%SZ")
    return File(f"gong-lookup-{named}{moment}.json", evidence.answer.body)
