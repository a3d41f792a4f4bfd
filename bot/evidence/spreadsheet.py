"""Rows as a CSV file that a spreadsheet opens as they are. Pure.

UTF-8 with a byte order mark, which Excel needs; commas, CRLF and quotes after RFC 4180. What a
spreadsheet would run as a formula, or turn into another number or a date, gets an apostrophe
before it, as OWASP's page on CSV injection advises.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

CsvCell = str | int | None
"""A text, which stays as it is; a number; nothing."""

ROWS_AT_A_TIME = 1000

# Control characters; then all that Unicode calls a format character (Cf), ignorable by default
# (UAX 44) or no character at all, and the blank pattern of Braille.
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f"
    r"\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A spreadsheet looks past spaces, quotes and what cannot be seen, and reads full-width signs too.
_BLANK = rf"[\s\"{_UNSEEN}]*+"
_FORMULA = r"[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
_PLAIN_INTEGER = r"(?:0|[1-9]\d{0,10})\Z"
_NUMBER_OR_TIME = r"[$€£(]?[.\d][\d.,:/\-\s'eE%)+]*+(?:[aApP][mM]?)?\Z"
_MONTH = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]*"
_DAY = rf"(?:\d[\d\-/.,\s]*+{_MONTH}|{_MONTH}[\-/.,\s]*\d)[\d\-/.,:\s]*\Z"
_HARMFUL = re.compile(
    rf"[\t\r\n]|{_BLANK}(?:{_FORMULA}|(?!{_PLAIN_INTEGER})(?:{_NUMBER_OR_TIME}|{_DAY}))"
)

# Where a comma is the decimal sign, Excel splits a file at semicolons, and not at our quotes.
# The whole run of blanks is taken at once: looking past it anew from each line end of it would
# take a time that grows with the square of their number.
_WITHIN = re.compile(rf"([;\r\n]{_BLANK})({_FORMULA})?")
_SEPARATOR = re.compile(r"[;\r\n]")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[CsvCell]]) -> Iterator[bytes]:
    """Yield the file piece by piece; no more than a thousand rows are held at a time."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(header)
    remaining = iter(rows)
    while True:
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
        some = [[_safe(cell) for cell in row] for row in islice(remaining, ROWS_AT_A_TIME)]
        if not some:
            return
        writer.writerows(some)


def _safe(cell: CsvCell) -> CsvCell:
    if not isinstance(cell, str):
        return cell
    if _HARMFUL.match(cell):
        cell = f"'{cell}"
    if ";" in cell or "\n" in cell or "\r" in cell:
        cell = _WITHIN.sub(_made_harmless, cell)
    return cell


def _made_harmless(found: re.Match[str]) -> str:
    if found[2] is None:
        return found[0]
    return _SEPARATOR.sub(r"\g<0>'", found[1]) + found[2]
