"""What came and what went between two answers to the same question."""

import json
from typing import Any

import pytest

from bot.gong.changes import Changes, SectionChange, compare
from bot.gong.response import read_response
from bot.models import Answer, Section
from tests.stand_ins.answering import EMPTY

ONE = {"id": "1"}
TWO = {"id": "2", "mailbox": "ana@acme.example"}


def answer(**sections: Any) -> Answer:  # noqa: ANN401  # any JSON
    return read_response(200, {}, json.dumps({**EMPTY, **sections}).encode())


def changes(earlier: Answer, later: Answer) -> dict[Section, SectionChange | None]:
    """Of the sections in which there is anything to say."""
    found = compare(earlier, later)
    assert not found.is_same
    return {
        name: each for name, each in (found.by_section or {}).items() if each != SectionChange(0, 0)
    }


def test_a_fresh_request_id_is_no_difference() -> None:
    earlier = read_response(200, {}, b'{"requestId": "a", "emails": []}')
    later = read_response(200, {}, b'{"requestId": "b", "emails": []}')
    assert compare(earlier, later) == Changes(is_same=True)


@pytest.mark.parametrize(
    ("section", "earlier", "later", "change"),
    [
        ("emails", [ONE], [ONE, TWO], SectionChange(1, 0)),
        ("emails", [ONE, TWO], [], SectionChange(0, 2)),
        ("emails", [ONE], [TWO], SectionChange(1, 1)),
        ("emails", [ONE, ONE], [ONE], SectionChange(0, 1)),
        (
            "calls",
            [{"id": 12345678901234567890}],
            [{"id": 12345678901234567891}],
            SectionChange(1, 1),
        ),
        ("meetings", [{"x": 1}], [{"x": 2}], SectionChange(1, 1)),
        ("meetings", ["odd"], ["odd", "odd"], SectionChange(1, 0)),
        ("customerEngagement", [{"timestamp": 1}], [{"timestamp": 2}], SectionChange(1, 1)),
        (
            "customerData",
            [{"system": "A", "objects": [ONE]}],
            [{"system": "B", "objects": [ONE]}],
            SectionChange(1, 1),
        ),
        (
            "customerData",
            [{"system": "A", "objects": [ONE, {"x": 1}]}],
            [{"system": "A", "objects": [{"x": 2}, ONE]}],
            SectionChange(1, 1),
        ),
    ],
)
def test_references_are_told_apart_by_their_ids(
    section: str, earlier: object, later: object, change: SectionChange
) -> None:
    found = changes(answer(**{section: earlier}), answer(**{section: later}))
    assert found == {Section(section): change}


def test_another_order_or_detail_adds_nothing_and_takes_nothing() -> None:
    found = compare(answer(emails=[ONE, TWO]), answer(emails=[TWO, {**ONE, "from": "x"}]))
    assert (found.is_same, found.moved, found.not_compared) == (False, [], [])


@pytest.mark.parametrize("other", [None, "odd"])
def test_a_section_that_one_answer_lacks_is_not_compared(other: object) -> None:
    found = compare(answer(calls=[ONE]), answer(calls=other))
    assert found.not_compared == [Section.CALLS]
    assert found.moved == []


def test_a_section_that_both_lack_has_not_changed() -> None:
    assert changes(answer(calls=None, emails=[ONE]), answer(calls=None)) == {
        Section.EMAILS: SectionChange(0, 1)
    }
