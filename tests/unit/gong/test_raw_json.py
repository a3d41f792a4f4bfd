"""JSON piece by piece: every digit is kept, and what cannot be read says so."""

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gong import raw_json
from bot.gong.raw_json import SPACED_BYTES, NotReadable

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
    found = raw_json.read_members(written)
    assert {name: raw_json.read_text(piece) for name, piece in found.items()} == {
        "a": "[1, 2]",
        "b": "",
    }


def test_nan_and_a_lone_surrogate_do_not_make_an_object_unreadable() -> None:
    found = raw_json.read_members(rb'{"score": NaN, "most": -Infinity, "name": "half \ud83d"}')
    assert {name: raw_json.read_text(piece) for name, piece in found.items()} == {
        "score": "NaN",
        "most": "-Infinity",
        "name": "half ?",
    }


def test_a_name_given_twice_is_a_pair_twice() -> None:
    found = raw_json.read_pairs(b'{"a": [1], "b": 2, "a": []}')
    assert [(name, bytes(piece)) for name, piece in found] == [
        ("a", b"[1]"),
        ("b", b"2"),
        ("a", b"[]"),
    ]


def plain(value: object) -> object:
    """What Python's own reader makes of JSON, in what any text can hold."""
    match value:
        case float() if not math.isfinite(value):
            return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
        case str():
            return value.encode("utf-8", "replace").decode()
        case list():
            return [plain(item) for item in value]
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case _:
            return value


TEXTS = st.text(st.characters() | st.sampled_from('\ud83d\ude00\\"NaN-Infinity'))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner),
)


@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
@given(value=ANYTHING, is_ascii=st.booleans())
def test_what_python_writes_reads_as_python_reads_it(value: object, *, is_ascii: bool) -> None:
    written = json.dumps([math.nan, value], ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    assert raw_json.read_as(written, list[Any]) == plain(json.loads(written))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (rb'"\\\ud83d"', r"\?"),
        (rb'"\\ud83d"', r"\ud83d"),
        (rb'"\ud83d\ud83d\ude00"', "?😀"),
        (rb'"\ude00\ud83d"', "??"),
        (b'"\xed\xa0\xbd\xed\x95\x9c"', "?한"),
        (rb'"NaN \" -Infinity \ud83d"', 'NaN " -Infinity ?'),
    ],
)
def test_half_an_emoji_is_told_from_what_only_looks_like_one(written: bytes, shown: str) -> None:
    assert raw_json.read_text(raw_json.read_members(b'{"x": NaN, "a": %b}' % written)["a"]) == shown


@pytest.mark.parametrize("runs", [1, 201, 30_001])
def test_trouble_is_found_however_far_away_it_is(runs: int) -> None:
    far = b'{"a": [' + b'"\\n",' * runs + b'"%b", NaN]}' % (b"x" * runs * 3)
    assert raw_json.read_text(raw_json.read_items(raw_json.read_members(far)["a"])[-1]) == "NaN"


@pytest.mark.parametrize("escapes", range(190, 210))
def test_an_emoji_stays_whole_however_many_escapes_stand_before_it(escapes: int) -> None:
    written = rb'["%b\ud83d\ude00", NaN]' % (rb"\n" * escapes)
    assert raw_json.read_text(raw_json.read_items(written)[0]) == "\n" * escapes + "😀"


@pytest.mark.parametrize(
    "written",
    [
        b'{"a": -NaN}',
        b'{"a": Nope}',
        b'{"a": NaNs}',
        b'{"a": Infinit}',
        rb'{"a": "\ud8zz"}',
        rb'{"a": "\ud8zz\udc00"}',
        rb'{"a": "\UD83D"}',
        rb'{"a": NaN, "b": "\"}',
        b'{"a": NaN, "b": "x\\',
        b'{"a": NaN, "b": "\xed\xa0"}',
        b'{"a": NaN, "b": \xff}',
        b'{"a": NaN} NaN',
    ],
)
def test_what_python_does_not_read_either_is_not_mended(written: bytes) -> None:
    with pytest.raises(NotReadable):
        raw_json.read_members(written)


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
        raw_json.read_members(written)


def test_an_array_gives_its_elements() -> None:
    found = raw_json.read_items(raw('[1, "two", null, {"a": NaN}]'))
    assert list(map(raw_json.read_text, found)) == ["1", "two", "", '{"a": "NaN"}']


@pytest.mark.parametrize("written", ["null", "{}", '"[]"', "[1", "3"])
def test_what_is_no_array_is_not_readable_as_one(written: str) -> None:
    with pytest.raises(NotReadable):
        raw_json.read_items(raw(written))


@pytest.mark.parametrize(("written", "is_null"), [("null", True), ("0", False), ('"null"', False)])
def test_only_null_is_null(written: str, *, is_null: bool) -> None:
    assert raw_json.is_null(raw(written)) is is_null


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
    assert raw_json.read_text(raw(written)) == shown


def test_text_of_what_is_long_is_not_taken_to_pieces() -> None:
    long = '{"a":"\\u00e9","b":[' + "1," * SPACED_BYTES + "1]}"
    assert raw_json.read_text(raw(long)) == long


def test_text_of_what_is_deep_is_not_taken_to_pieces() -> None:
    deep = "[" * 20_000 + "]" * 20_000
    assert raw_json.read_text(raw(deep)) == deep


def test_text_of_what_is_absent_is_nothing() -> None:
    assert raw_json.read_text(None) == ""


@pytest.mark.parametrize(
    "number", ["1.50", "12345678901234567.89", "0.12345678901234567890", "-0.0"]
)
def test_a_number_inside_an_object_keeps_every_digit(number: str) -> None:
    assert raw_json.read_text(raw(f'{{"amount": {number}}}')) == f'{{"amount": {number}}}'


@pytest.mark.parametrize("number", ["1.50", "12345678901234567.89", TWENTY_DIGITS])
def test_a_number_keeps_every_digit_beside_what_is_not_quite_json(number: str) -> None:
    found = raw_json.read_members(f'{{"score": NaN, "amount": {number}}}'.encode())
    assert raw_json.read_text(found["amount"]) == number


def test_text_with_bytes_that_are_no_text_shows_that_something_was_there() -> None:
    assert raw_json.read_text(raw(b'["\xff"]')) == '["\N{REPLACEMENT CHARACTER}"]'


def test_a_string_with_bytes_that_are_no_text_is_not_readable() -> None:
    with pytest.raises(NotReadable):
        raw_json.read_text(raw(b'"\xff"'))


# shapes


def test_a_piece_is_read_to_a_shape() -> None:
    assert raw_json.read_as(raw('["a", "b"]'), list[str]) == ["a", "b"]


@pytest.mark.parametrize("written", ['["a", 1]', '["a", NaN, 1]'])
def test_a_piece_of_another_shape_is_not_readable(written: str) -> None:
    with pytest.raises(NotReadable):
        raw_json.read_as(raw(written), list[str])
