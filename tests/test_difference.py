"""What came and what went between two answers to the same question."""

import json
from typing import Any

import pytest

from bot.decipher import decipher
from bot.difference import Change, Difference, difference
from bot.models import Answer, Section
from tests.stand_ins.answering import EMPTY

ONE = {"id": "1"}
TWO = {"id": "2", "mailbox": "ana@acme.example"}


def answer(**sections: Any) -> Answer:  # noqa: ANN401  # any JSON
    return decipher(200, {}, json.dumps({**EMPTY, **sections}).encode())


def changes(earlier: Answer, later: Answer) -> dict[Section, Change | None]:
    """Of the sections in which there is anything to say."""
    found = difference(earlier, later)
    assert not found.is_same
    return {name: each for name, each in (found.changes or {}).items() if each != Change(0, 0)}


def test_a_fresh_request_id_is_no_difference() -> None:
    earlier = decipher(200, {}, b'{"requestId": "a", "emails": []}')
    later = decipher(200, {}, b'{"requestId": "b", "emails": []}')
    assert difference(earlier, later) == Difference(is_same=True)


@pytest.mark.parametrize(
    ("section", "earlier", "later", "change"),
    [
        ("emails", [ONE], [ONE, TWO], Change(1, 0)),
        ("emails", [ONE, TWO], [], Change(0, 2)),
        ("emails", [ONE], [TWO], Change(1, 1)),
        ("emails", [ONE, ONE], [ONE], Change(0, 1)),
        ("calls", [{"id": 12345678901234567890}], [{"id": 12345678901234567891}], Change(1, 1)),
        ("meetings", [{"x": 1}], [{"x": 2}], Change(1, 1)),
        ("meetings", ["odd"], ["odd", "odd"], Change(1, 0)),
        ("customerEngagement", [{"timestamp": 1}], [{"timestamp": 2}], Change(1, 1)),
        (
            "customerData",
            [{"system": "A", "objects": [ONE]}],
            [{"system": "B", "objects": [ONE]}],
            Change(1, 1),
        ),
        (
            "customerData",
            [{"system": "A", "objects": [ONE, {"x": 1}]}],
            [{"system": "A", "objects": [{"x": 2}, ONE]}],
            Change(1, 1),
        ),
    ],
)
def test_references_are_told_apart_by_their_ids(
    section: str, earlier: object, later: object, change: Change
) -> None:
    found = changes(answer(**{section: earlier}), answer(**{section: later}))
    assert found == {Section(section): change}


def test_another_order_or_detail_adds_nothing_and_takes_nothing() -> None:
    found = difference(answer(emails=[ONE, TWO]), answer(emails=[TWO, {**ONE, "from": "x"}]))
    assert (found.is_same, found.moved, found.not_compared) == (False, [], [])


@pytest.mark.parametrize("other", [None, "odd"])
def test_a_section_that_one_answer_lacks_is_not_compared(other: object) -> None:
    found = difference(answer(calls=[ONE]), answer(calls=other))
    assert found.not_compared == [Section.CALLS]
    assert found.moved == []


def test_a_section_that_both_lack_has_not_changed() -> None:
    assert changes(answer(calls=None, emails=[ONE]), answer(calls=None)) == {
        Section.EMAILS: Change(0, 1)
    }
