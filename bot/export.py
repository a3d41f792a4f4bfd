"""The answer as files: exactly the bytes Gong sent, or rows, under a name without an address."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from bot.models import Case, Evidence, Section
from bot.rows import CallId, Cell, full_table
from bot.spreadsheet import spreadsheet


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach."""

    name: str
    content: bytes
    sha256: str
    """Of the content, in hex: taken where it is made, for taking it of 64 MiB is slow."""

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """A file whose hash is not known yet."""
        return cls(name, content, hashlib.sha256(content).hexdigest())


def json_file(evidence: Evidence, case: Case | None) -> File:
    """Gong's answer, untouched: its SHA-256 is `evidence.answer.sha256`.

    The name carries the case, if there is one, and when Gong answered (UTC); it travels in
    URLs and notifications, so it never carries an address.
    """
    answer = evidence.answer
    return File(f"{_name(evidence, case)}.json", answer.body, answer.sha256)


def rows_file(evidence: Evidence, case: Case | None, section: Section) -> File:
    """A whole section as a spreadsheet: a row each, without share links.

    Raises:
        NotReadable: Gong did not return the section, or it is of the wrong shape.
    """
    found = full_table(evidence.answer, section)
    rows = ([*map(_text, found.row(number))] for number in range(len(found)))
    name = f"{_name(evidence, case)}-{section}.csv"
    return File.of(name, b"".join(spreadsheet(found.columns, rows)))


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, CallId) else cell


def _name(evidence: Evidence, case: Case | None) -> str:
    named = f"{re.sub(r'[^A-Za-z0-9.-]', '-', case)}-" if case else ""
    return f"gong-lookup-{named}{evidence.answered_at:%Y%m%dT%H%M%SZ}"
