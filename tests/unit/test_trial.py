"""A pattern is tried out on what makes patterns explode, and never for longer than it may take."""

import time

import pytest

from bot.messages.buttons import CASE_CHARACTERS
from bot.trial import CHARACTERS, is_harmless
from tests.support.case_rules import DEFAULT


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        (r"([A-Z0-9]+[-/]?)+\d", "DSR-123"),
        (r"DSR-(\d+)+x", "DSR-1x"),
        (r"DSR-\d+|CASE-(\d+)+x", "DSR-1"),
        (r"(a|aa)+\d", "a1"),
        (r"(QZ|Q[Z])+\d", "QZ1"),
        (r"(.*)*\d", "7"),
        (r"(.*)(.*)(.*)(.*)\d", "7"),
        (r"(é+)+\d", "é1"),
    ],
)
def test_what_explodes_is_not_harmless(pattern: str, example: str) -> None:
    began = time.monotonic()
    assert not is_harmless(pattern, example, 1.0)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        (DEFAULT.pattern, "DSR-123"),
        (r"CASE-[0-9]{1,8}", "CASE-1"),
        (r"(?i)[a-z]{2,10}[-_ ]?\d{1,10}(/\d+)*", "DSR-1"),
        (r"([a-z]+-)*[0-9]+", "a-1"),
        (r".+", "anything"),
        (r"(?s).*\\d", "\\d"),
    ],
)
def test_what_takes_linear_time_is_harmless(pattern: str, example: str) -> None:
    assert is_harmless(pattern, example, 20.0)


def test_a_pattern_that_fails_in_another_way_is_not_harmless() -> None:
    assert not is_harmless("(", "")


def test_no_case_is_longer_than_what_was_tried() -> None:
    assert CHARACTERS == CASE_CHARACTERS
