"""Seals and references: nobody without the key can make, change or undo them."""

import re

import pytest

from bot.evidence.seals import derive_subject
from bot.models import Email

KEY = b"an-audit-key-made-up-for-the-tests"
JANE = Email("jane@example.com")
REFERENCE = derive_subject(KEY, JANE)


def test_a_reference_stays_the_same_from_version_to_version() -> None:
    assert REFERENCE == "3011dd4dafb7e0d2"


def test_a_reference_is_sixteen_hex_digits_and_not_the_address() -> None:
    assert re.fullmatch("[0-9a-f]{16}", REFERENCE)


@pytest.mark.parametrize("email", ["Jane@Example.COM", "JANE@EXAMPLE.COM"])
def test_capitals_make_no_other_reference(email: str) -> None:
    assert derive_subject(KEY, Email(email)) == REFERENCE


@pytest.mark.parametrize("email", ["jane+news@example.com", "jane.@example.com", "jan@example.com"])
def test_another_address_has_another_reference(email: str) -> None:
    assert derive_subject(KEY, Email(email)) != REFERENCE


def test_another_key_makes_another_reference() -> None:
    assert derive_subject(KEY + b"!", JANE) != REFERENCE
