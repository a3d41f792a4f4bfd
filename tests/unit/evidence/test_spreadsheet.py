"""The CSV file: what goes in comes out, and nothing of it acts or changes in a spreadsheet."""

import csv
import io
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.evidence.spreadsheet import ROWS_AT_A_TIME, CsvCell, write_csv

SIGNS = "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
SIGNS += "\N{FULLWIDTH COMMERCIAL AT}\N{MINUS SIGN}"


def file(*rows: Sequence[CsvCell], header: tuple[str, ...] = ("a",)) -> bytes:
    return b"".join(write_csv(header, rows))


def read(content: bytes, delimiter: str = ",") -> list[list[str]]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=delimiter))


def cell(value: CsvCell) -> str:
    """How one cell comes out."""
    _, (only,) = read(
        file(
            [
                value,
            ]
        )
    )
    return only


# the file


def test_a_file_begins_with_the_mark_that_excel_needs_and_ends_every_row_with_crlf() -> None:
    content = file(["jané", 7], header=("name", "count"))
    assert content == b"\xef\xbb\xbfname,count\r\n" + "jané,7\r\n".encode()


def test_commas_quotes_and_line_breaks_stay_in_their_cells() -> None:
    row: list[CsvCell] = ["a,b", 'say "a"', "one\r\ntwo", "one\rtwo", "", None, 0]
    content = file(row, header=("a",) * 7)
    assert read(content)[1] == ["a,b", 'say "a"', "one\r\ntwo", "one\rtwo", "", "", "0"]
    assert b'"a,b","say ""a""","one\r\ntwo"' in content


def test_a_file_without_rows_is_its_header() -> None:
    assert file(header=("a", "b")) == b"\xef\xbb\xbfa,b\r\n"


def test_half_a_character_becomes_a_question_mark_and_stops_nothing() -> None:
    assert cell("a\ud800b") == "a?b"


@pytest.mark.parametrize("number", [0, 1, 999, 1000, 1001, 2000, 2500])
def test_every_row_comes_out_once_and_in_its_order(number: int) -> None:
    content = file(*([n] for n in range(number)))
    assert read(content) == [["a"], *([str(n)] for n in range(number))]


def test_no_more_rows_are_taken_than_are_written_next() -> None:
    taken = 0

    def rows() -> Iterator[list[CsvCell]]:
        nonlocal taken
        for taken in range(1, 5001):  # noqa: B007  # it is read below
            yield ["x"]

    pieces = write_csv(("a",), rows())
    assert [taken for _ in pieces] == [0, *(n * ROWS_AT_A_TIME for n in range(1, 6))]


# formulas


@pytest.mark.parametrize("blank", ["", " ", "   ", "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}"])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_formula_is_a_text(sign: str, blank: str) -> None:
    assert cell(f"{blank}{sign}cmd|' /C calc'!A0") == f"'{blank}{sign}cmd|' /C calc'!A0"


def is_unseen(letter: str) -> bool:
    """Whether it is a control, format, separating or unseen filling character."""
    return unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Zs"} or letter in FILLERS


FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2065\u2800\u3164\ufe00\ufe0f\uffa0"
FILLERS += "\U000e0100\U000e01ef\ufdd0\ufff0\ufffe\uffff"
EVERYTHING = map(chr, range(sys.maxunicode + 1))
UNSEEN = [letter for letter in EVERYTHING if is_unseen(letter) and letter not in "\r\n"]


@pytest.mark.parametrize("beginning", ["=1", "+1", "@a", "2024-03-12", "007"])
def test_what_stands_behind_what_cannot_be_seen_is_a_text(beginning: str) -> None:
    for letter in UNSEEN:
        for hidden in (f"{letter}{beginning}", f" {letter}\0\u202e{letter}{beginning}"):
            assert cell(hidden) == f"'{hidden}", hex(ord(letter))


def test_a_formula_behind_what_cannot_be_seen_is_a_text_where_a_semicolon_parts_cells() -> None:
    for letter in UNSEEN:
        assert cell(f"a;{letter}=1") == f"a;'{letter}=1", hex(ord(letter))


@pytest.mark.parametrize("kept", ["\0", "\u202ea", "a\0=1", "\u200b", "jane\xad=doe"])
def test_what_cannot_be_seen_and_hides_nothing_is_left_alone(kept: str) -> None:
    assert cell(kept) == kept


@pytest.mark.parametrize("beginning", ["\t", "\r", "\n"])
def test_what_begins_with_a_control_character_is_a_text(beginning: str) -> None:
    assert cell(f"{beginning}a") == f"'{beginning}a"


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("a;=1", "a;'=1"),
        ("a; =1;@b", "a;' =1;'@b"),
        ("a\n=1", "a\n'=1"),
        ("a\r-1", "a\r'-1"),
        ("=1;=2", "'=1;'=2"),
        ('a;"=1+1;', "a;'\"=1+1;"),
    ],
)
def test_a_formula_is_a_text_even_where_a_semicolon_parts_the_cells(typed: str, safe: str) -> None:
    assert cell(typed) == safe


@given(st.text(alphabet=SIGNS + "; \t\r\n,\"'a1\0\u202e\u2066\xad"))
@example('";=1')
@example("\0=1")
def test_no_text_becomes_a_formula_whichever_way_the_file_is_parted(text: str) -> None:
    content = file([text, text], header=("a", "b"))
    torn = re.split("[;\r\n]", content.decode("utf-8-sig"))
    for cells in (*read(content), *read(content, ";"), torn):
        assert [
            cell for cell in cells if cell.strip(' \t"\0\u202e\u2066\xad')[:1] in {*SIGNS}
        ] == []


# numbers and dates


@pytest.mark.parametrize(
    "damaged",
    [
        "123456789012",
        "1234567890123456789",
        " 1234567890123456789",
        "007",
        "00",
        "1E10",
        "12e5",
        "1.5e+10",
        ".5",
        "1.10",
        "1,234",
        "$5",
        "(12)",
        "12%",
        "1/2",
        "3-4",
        "2024-03-12",
        "12.3.2024",
        "2024-03-12 14:02:33",
        "14:02",
        "2:30 PM",
        "MARCH1",
        "Sep-2",
        "12 Jan 2019",
        "12 January 2019, 14:02",
        "Mar 5, 2024",
        "1-Dec",
        "\N{FULLWIDTH DIGIT ONE}" * 12,
    ],
)
def test_what_a_spreadsheet_would_change_is_a_text(damaged: str) -> None:
    assert cell(damaged) == f"'{damaged}"


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "0",
        "12",
        "12345678901",
        "jane@example.com",
        "4al018gzaztcr8nbukw",
        "2026-11-23T14:02:33.123+00:00",
        "23 Nov 2026, 14:02:33 UTC",
        "DSR-123",
        "Re: quarterly review; next steps - draft",
        "May",
        "March plan",
        "Marta 5 x",
        "U0ANA",
        "3 meetings",
        "it's",
    ],
)
def test_what_a_spreadsheet_leaves_alone_is_left_alone(kept: str) -> None:
    assert cell(kept) == kept


@pytest.mark.parametrize("number", [0, -5, 7, 123456789012345678])
def test_a_number_stays_a_number(number: int) -> None:
    assert cell(number) == str(number)


@given(st.text())
def test_a_text_comes_out_as_it_was_but_for_apostrophes(text: str) -> None:
    plain = text.encode("utf-8", "replace").decode()
    assert cell(text).replace("'", "") == plain.replace("'", "")
    if text.isascii() and text.isalpha():
        assert cell(text) == text
