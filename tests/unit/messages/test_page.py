"""The pages of a section: every row once, within the limits of a table, and said to be newer."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.gong import tables
from bot.messages.buttons import Button
from bot.messages.page import TABLE_CHARACTERS
from bot.models import Evidence, Section
from bot.slack import block_kit
from bot.slack.block_kit import Message
from tests.stand_ins.answering import EMPTY
from tests.stand_ins.block_kit import faults
from tests.stand_ins.people import rich
from tests.support.messages import (
    CASE,
    CHANGED,
    JANE,
    LATER,
    UNCHANGED,
    Rendered,
    evidence,
    long_records,
    nodes,
    of_person,
    page,
    pressable,
    sayings,
    state,
)


def cells(made: Message) -> list[list[str]]:
    """The rows of a message's table, without its header."""
    tables = [block["rows"][1:] for block in made.blocks if block["type"] == "table"]
    return [[_cell(cell) for cell in row] for table in tables for row in table]


def _cell(cell: Rendered) -> str:
    return " ".join(node["text"] for node in nodes(cell) if "text" in node)


@pytest.mark.parametrize("button", [CHANGED, UNCHANGED], ids=["changed", "unchanged"])
def test_a_page_newer_than_its_summary_says_so(button: Button) -> None:
    note = next(text for text in sayings(page(Section.CALLS, LATER, button)) if "Newer" in text)
    assert note.startswith("Newer than the summary above")
    assert "23 Nov 2026, 15:02:33 UTC" in note


def test_a_page_of_the_summarys_own_answer_says_nothing_of_the_kind() -> None:
    assert "Newer" not in page(Section.CALLS, LATER, state(LATER)).text


def uneven(number: int) -> str:
    """A text of a length that is wildly different from its neighbours'."""
    lengths = (0, 1, 12, 5000, 40, 999, 1000, 1001, 100_000, 3, 700, 250, 2)
    return "x" * lengths[number * 7919 % len(lengths)]


def emails(number: int) -> Evidence:
    listed = [
        {"id": f"e{each}", "from": uneven(each), "mailbox": uneven(each // 13 + each)}
        for each in range(number)
    ]
    return evidence({**EMPTY, "emails": listed})


def calls(number: int) -> Evidence:
    listed = [
        {"id": str(10**19 + each), "status": uneven(each), "externalSystems": uneven(each + 5)}
        for each in range(number)
    ]
    return evidence({**EMPTY, "calls": listed})


def records(number: int) -> Evidence:
    objects = [
        {"objectType": uneven(each), "id": f"r{each}", "externalId": uneven(each + 1)}
        | {"mirrorId": uneven(each + 2), "fields": uneven(each + 3)}
        for each in range(number)
    ]
    systems = [{"system": uneven(7), "objects": objects}]
    return evidence({**EMPTY, "customerData": systems})


ALBUMS: dict[str, tuple[Section, Evidence, int]] = {
    "no emails": (Section.EMAILS, emails(0), 3),
    "one email": (Section.EMAILS, emails(1), 3),
    "uneven emails": (Section.EMAILS, emails(300), 3),
    "243 emails": (Section.EMAILS, of_person(JANE), 3),
    "uneven calls": (Section.CALLS, calls(300), 0),
    "uneven CRM records": (Section.CUSTOMER_DATA, records(100), 2),
    "long CRM records": (Section.CUSTOMER_DATA, long_records(5), 2),
    "99 meetings": (
        Section.MEETINGS,
        evidence({"meetings": [{"id": f"{n}"} for n in range(99)]}),
        0,
    ),
    "100 meetings": (
        Section.MEETINGS,
        evidence({"meetings": [{"id": f"{n}"} for n in range(100)]}),
        0,
    ),
}


def follow(section: Section, found: Evidence, label: str, start: int) -> Iterator[Message]:
    """Press one button again and again, until it is not there any more."""
    button: Button | None = state(found, CASE, start)
    while button is not None:
        made = page(section, found, button)
        yield made
        button = pressable(made).get(label)


def in_full(section: Section, found: Evidence, column: int) -> list[str]:
    """What identifies each row of a section."""
    table = tables.read_table(found.answer, section)
    shown = [table.row(number)[column] for number in range(len(table))]
    return [_cut(cell if isinstance(cell, str) else cell.text) for cell in shown]


def _cut(text: str) -> str:
    return block_kit.cut(text, 1000, block_kit.IN_FILE)


@pytest.mark.parametrize(("section", "found", "column"), ALBUMS.values(), ids=ALBUMS.keys())
def test_next_leads_through_every_row_once(section: Section, found: Evidence, column: int) -> None:
    seen = [row[column] for made in follow(section, found, "Next", 0) for row in cells(made)]
    assert seen == in_full(section, found, column)


@pytest.mark.parametrize(("section", "found", "column"), ALBUMS.values(), ids=ALBUMS.keys())
def test_previous_leads_back_to_the_first_row_past_every_other(
    section: Section, found: Evidence, column: int
) -> None:
    expected = in_full(section, found, column)
    pages = [*follow(section, found, "Previous", max(0, len(expected) - 1))]
    shown = [[row[column] for row in cells(made)] for made in pages]
    assert {cell for page_shown in shown for cell in page_shown} == set(expected)
    assert shown[-1][:1] == expected[:1]
    for later, earlier in pairwise(shown):
        before_later = expected[expected.index(later[0]) - 1]
        assert before_later in earlier


@pytest.mark.parametrize("label", ["Next", "Previous"])
@pytest.mark.parametrize(("section", "found", "column"), ALBUMS.values(), ids=ALBUMS.keys())
@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
def test_every_page_keeps_the_limits_of_a_table(
    section: Section, found: Evidence, column: int, label: str
) -> None:
    last = len(in_full(section, found, column)) - 1
    for made in follow(section, found, label, 0 if label == "Next" else max(0, last)):
        assert faults(list(made.blocks)) == []
        table = [node for node in made.blocks if node["type"] == "table"]
        assert all(len(each["rows"]) <= 100 for each in table)
        shown = "".join(node["text"] for node in nodes(table) if "text" in node)
        assert len(shown) <= TABLE_CHARACTERS <= 10_000


@pytest.mark.parametrize("label", ["Next", "Previous"])
def test_a_page_carries_the_question_and_the_summary_it_belongs_to(label: str) -> None:
    found = of_person(JANE)
    moved = pressable(page(Section.EMAILS, found, state(found, CASE, 99)))[label]
    assert (moved.email, moved.case, moved.section) == (JANE, CASE, Section.EMAILS)
    assert moved.is_of(found)


@pytest.mark.parametrize("start", [243, 10**30])
def test_a_page_that_is_gone_begins_at_the_first_row(start: int) -> None:
    found = of_person(JANE)
    made = page(Section.EMAILS, found, state(found, None, start))
    assert "Emails 1–99 of 243" in sayings(made)


def test_a_cell_that_was_cut_says_where_it_is_in_full() -> None:
    made = page(Section.CUSTOMER_DATA, long_records(1))
    assert all(cell.endswith(" … in full in the file") for cell in cells(made)[0])


@pytest.mark.parametrize("section", Section)
def test_only_meetings_say_that_an_id_is_all_there_is(section: Section) -> None:
    made = page(section, evidence(rich(JANE)))
    assert ("Gong gives nothing but an id" in made.text) is (section is Section.MEETINGS)
