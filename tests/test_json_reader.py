"""JSON piece by piece: every digit is kept, and what cannot be read says so."""

import msgspec
import pytest

from bot import json_reader
from bot.json_reader import NotReadable

TWENTY_DIGITS = "78234227402593789512"
DEEP = b"[" * 100_000 + b"]" * 100_000


def raw(written: str | bytes) -> msgspec.Raw:
    return msgspec.Raw(written)


# objects and arrays


@pytest.mark.parametrize(
    "written",
    [
        b'{"a": [1, 2], "b": null}',
        b'{"a": 0, "a": [1, 2], "b": null}',
        b'\xef\xbb\xbf{"a": [1, 2], "b": null}',
        '{"a": [1, 2], "b": null}'.encode("utf-16"),
    ],
)
def test_an_object_gives_its_members_and_of_equal_names_the_last(written: bytes) -> None:
    found = json_reader.members(written)
    assert {name: json_reader.text(piece) for name, piece in found.items()} == {
        "a": "[1, 2]",
        "b": "",
    }


def test_nan_and_a_lone_surrogate_do_not_make_an_object_unreadable() -> None:
    found = json_reader.members(rb'{"score": NaN, "most": -Infinity, "name": "half \ud83d"}')
    assert {name: json_reader.text(piece) for name, piece in found.items()} == {
        "score": "NaN",
        "most": "-Infinity",
        "name": "half ?",
    }


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b'{"a": 1',
        b'{"a": NaN',
        b"<!doctype html>",
        b"\xff\xfe\x00",
        b'{"a": 1} {"b": 2}',
        DEEP,
        b'{"a": NaN, "b": ' + DEEP + b"}",
    ],
)
def test_what_is_no_object_is_not_readable_as_one(written: bytes) -> None:
    with pytest.raises(NotReadable):
        json_reader.members(written)


def test_an_array_gives_its_elements() -> None:
    found = json_reader.items(raw('[1, "two", null, {"a": NaN}]'))
    assert list(map(json_reader.text, found)) == ["1", "two", "", '{"a": "NaN"}']


@pytest.mark.parametrize("written", ["null", "{}", '"[]"', "[1", "3"])
def test_what_is_no_array_is_not_readable_as_one(written: str) -> None:
    with pytest.raises(NotReadable):
        json_reader.items(raw(written))


@pytest.mark.parametrize(("written", "is_null"), [("null", True), ("0", False), ('"null"', False)])
def test_only_null_is_null(written: str, *, is_null: bool) -> None:
    assert json_reader.is_null(raw(written)) is is_null


# what a person reads


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("null", ""),
        ('""', ""),
        ('"a \\"quoted\\" \\u00e9"', 'a "quoted" é'),
        ("true", "true"),
        ("0", "0"),
        ("1547971200.0", "1547971200.0"),
        ("1.50", "1.50"),
        ("1e400", "1e400"),
        (TWENTY_DIGITS, TWENTY_DIGITS),
        (f'"{TWENTY_DIGITS}"', TWENTY_DIGITS),
        ("9" * 5000, "9" * 5000),
        ('{"a": ["\\u00e9", 1]}', '{"a": ["é", 1]}'),
        (f'{{"a": {TWENTY_DIGITS}}}', f'{{"a": {TWENTY_DIGITS}}}'),
        (f"[{'9' * 5000}]", f"[{'9' * 5000}]"),
        ('["half \\ud83d"]', '["half ?"]'),
    ],
)
def test_text_is_what_gong_wrote(written: str, shown: str) -> None:
    assert json_reader.text(raw(written)) == shown


def test_text_of_what_is_absent_is_nothing() -> None:
    assert json_reader.text(None) == ""


@pytest.mark.parametrize(
    "number", ["1.50", "12345678901234567.89", "0.12345678901234567890", "-0.0"]
)
def test_a_number_inside_an_object_keeps_every_digit(number: str) -> None:
    assert json_reader.text(raw(f'{{"amount": {number}}}')) == f'{{"amount": {number}}}'


@pytest.mark.parametrize("number", ["1.50", "12345678901234567.89", TWENTY_DIGITS])
def test_a_number_keeps_every_digit_beside_what_is_not_quite_json(number: str) -> None:
    found = json_reader.members(f'{{"score": NaN, "amount": {number}}}'.encode())
    assert json_reader.text(found["amount"]) == number


def test_text_with_bytes_that_are_no_text_shows_that_something_was_there() -> None:
    assert json_reader.text(raw(b'["\xff"]')) == '["\N{REPLACEMENT CHARACTER}"]'


def test_a_string_with_bytes_that_are_no_text_is_not_readable() -> None:
    with pytest.raises(NotReadable):
        json_reader.text(raw(b'"\xff"'))


# shapes


def test_a_piece_is_read_to_a_shape() -> None:
    assert json_reader.read(raw('["a", "b"]'), list[str]) == ["a", "b"]


@pytest.mark.parametrize("written", ['["a", 1]', '["a", NaN, 1]'])
def test_a_piece_of_another_shape_is_not_readable(written: str) -> None:
    with pytest.raises(NotReadable):
        json_reader.read(raw(written), list[str])
