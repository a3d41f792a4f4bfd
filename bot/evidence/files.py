"""The answer as files: exactly the bytes Gong sent, or rows, under a name without an address."""

import re

from bot.evidence.spreadsheet import write_csv
from bot.gong.tables import CallId, Cell, read_full_table
from bot.models import Case, Evidence, File, Section


def build_json_file(evidence: Evidence, case: Case | None) -> File:
    """Return Gong's answer, untouched, as a file: its SHA-256 is `evidence.answer.sha256`.

    The name carries the case, if there is one, and when Gong answered (UTC); it travels in
    URLs and notifications, so it never carries an address.
    """
    answer = evidence.answer
    return File(f"{_name(evidence, case)}.json", answer.body, answer.sha256)


def build_rows_file(evidence: Evidence, case: Case | None, section: Section) -> File:
    """Return a whole section as a spreadsheet: a row each, without share links.

    Raises:
        NotReadable: Gong did not return the section, or it is of the wrong shape.
    """
    found = read_full_table(evidence.answer, section)
    rows = ([*map(_text, found.row(number))] for number in range(len(found)))
    name = f"{_name(evidence, case)}-{section}.csv"
    return File.of(name, b"".join(write_csv(found.columns, rows)))


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, CallId) else cell


def _name(evidence: Evidence, case: Case | None) -> str:
    named = f"{re.sub(r'[^A-Za-z0-9.-]', '-', case)}-" if case else ""
    return f"gong-lookup-{named}{evidence.answered_at:%Y%m%dT%H%M%SZ}"
