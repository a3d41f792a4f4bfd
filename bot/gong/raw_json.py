"""Reads the JSON that Gong sends, piece by piece, and keeps every digit of it.

A piece is a `msgspec.Raw`: a view into the answer's bytes. JSON that msgspec refuses but
Python's own reader takes (NaN, lone surrogates, UTF-16) is mended first, byte by byte: the objects
that Python's reader makes of it would take many times its size.
"""

import codecs
import io
import json
import re
from collections.abc import Callable
from typing import TypeVar

import msgspec

_T = TypeVar("_T")

_string = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder at each call


class NotReadable(ValueError):
    """The bytes are no JSON, or JSON of another shape."""


def read_members(piece: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Read the members of a JSON object; of a name given twice, the last.

    Raises:
        NotReadable: it is no JSON object.
    """
    return read_as(piece, dict[str, msgspec.Raw])


def read_pairs(piece: bytes | msgspec.Raw) -> list[tuple[str, msgspec.Raw]]:
    """Read the members of a JSON object in order; a name given twice stands twice.

    Raises:
        NotReadable: it is no JSON object.
    """
    return [(name.text, value) for name, value in read_as(piece, dict[_Name, msgspec.Raw]).items()]


def read_unique_members(piece: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Read the members of a JSON object in which no name stands twice.

    Raises:
        NotReadable: it is no JSON object, or one does.
    """
    pairs = read_pairs(piece)
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotReadable
    return members


class _Name:
    """The name of a member; equal to no other, so that none is lost."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _named(_: type, text: str) -> _Name:
    return _Name(text)


def read_items(piece: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """Read the elements of a JSON array.

    Raises:
        NotReadable: it is no JSON array.
    """
    return read_as(piece, list[msgspec.Raw])


def is_json(whole: bytes) -> bool:
    """Whether it is JSON as it stands, with nothing in it to mend."""
    try:
        msgspec.json.decode(whole, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return False
    return True


def is_null(piece: msgspec.Raw) -> bool:
    """Whether the piece is JSON's null."""
    return len(memoryview(piece)) == len(b"null") and bytes(piece) == b"null"


SPACED_BYTES = 64 * 1024
"""Longer JSON is shown as it stands: Python's objects would take many times its size."""


def read_text(piece: msgspec.Raw | None) -> str:
    """Return what people read: a string's content, nothing for null or absent, else the JSON.

    Numbers come out with every digit that Gong sent, and what is long as it stands.

    Raises:
        NotReadable: it is a string with bytes in it that are no text.
    """
    if piece is None or is_null(piece):
        return ""
    raw = bytes(piece)
    if raw.startswith(b'"'):
        return read_as(piece, str)
    if raw.startswith((b"{", b"[")) and len(raw) <= SPACED_BYTES:
        try:
            return _written(_loaded(raw)).encode("utf-8", "replace").decode()
        except (ValueError, RecursionError):
            pass
    return raw.decode("utf-8", "replace")


def quote(piece: msgspec.Raw) -> str:
    """Return what people read where nothing may be missing: `null` too, and what is no text."""
    try:
        return read_text(piece) or "null"
    except NotReadable:
        return bytes(piece).decode("utf-8", "replace")


def read_as(piece: bytes | msgspec.Raw, shape: type[_T]) -> _T:
    """Decode the piece to `shape`.

    Raises:
        NotReadable: it is no JSON, or not of this shape.
    """
    try:
        return msgspec.json.decode(piece, type=shape, dec_hook=_named)
    except msgspec.ValidationError as exc:
        raise NotReadable from exc
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as exc:
        mended = _mended(memoryview(piece))
        if mended is None:
            raise NotReadable from exc
        return _read_mended(mended, shape)


def _read_mended(mended: bytes | memoryview, shape: type[_T]) -> _T:
    try:
        return msgspec.json.decode(mended, type=shape, dec_hook=_named)
    except (ValueError, RecursionError) as exc:
        raise NotReadable from exc


_RUN, _RUNS = b"{1,30000}+", b"{0,200}+"
"""The most that one match passes over: between two matches other threads get their turn."""

_HALF = re.compile(
    rb"(?:[^\\\xed]%b|\\[^u]|\\u(?![dD][89a-fA-F])|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\xed(?![\xa0-\xbf]))%b"
    rb"(\\u[dD](?![89abAB]..\\u[dD][c-fC-F]..)[89a-fA-F][0-9a-fA-F]{2}"
    rb"|\xed[\xa0-\xbf][\x80-\xbf])?" % (_RUN, _RUNS),
    re.DOTALL,
)
"""Matches valid text, then one lone surrogate, which no text can hold (RFC 8259, 8.2)."""

_NO_NUMBER = re.compile(
    rb'(?:[^"IN-]%b|"(?:[^"\\]++|\\.)*+"|-(?![IN]))%b(NaN|-?Infinity)?' % (_RUN, _RUNS),
    re.DOTALL,
)
"""Matches valid JSON, then one NaN or Infinity outside of strings, which JSON does not have."""


def _mended(raw: memoryview) -> bytes | memoryview | None:
    """Mend to UTF-8, `?` for half an emoji, NaN as a string; None where that changes nothing.

    Raises:
        NotReadable: it cannot be mended.
    """
    whole = _replaced(_in_utf8(raw), _HALF, lambda _: b"?")
    mended = _replaced(whole, _NO_NUMBER, b'"%b"'.__mod__)
    return None if mended is raw else mended


def _in_utf8(raw: memoryview) -> bytes | memoryview:
    encoding = json.detect_encoding(bytes(raw[:4]))
    if encoding == "utf-8":
        return raw
    if encoding == "utf-8-sig":
        return raw[len(codecs.BOM_UTF8) :]
    try:
        return str(raw, encoding, "surrogatepass").encode("utf-8", "replace")
    except UnicodeDecodeError as exc:
        raise NotReadable from exc


def _replaced(
    raw: bytes | memoryview, pattern: re.Pattern[bytes], by: Callable[[bytes], bytes]
) -> bytes | memoryview:
    """Replace the first group of every match; return the bytes themselves where there is none."""
    at = kept_to = 0
    with io.BytesIO() as replaced, memoryview(raw) as view:
        while at < len(raw):
            found = pattern.match(raw, at)
            if found is None or found.end() == at:
                raise NotReadable
            at = found.end()
            if found[1] is not None:
                replaced.write(view[kept_to : found.start(1)])
                replaced.write(by(found[1]))
                kept_to = at
        if kept_to == 0:
            return raw
        replaced.write(view[kept_to:])
        return replaced.getvalue()


class _Number(str):
    """A number as it was written: Python's own would lose digits."""

    __slots__ = ()


def _loaded(raw: bytes) -> object:
    return json.loads(raw, parse_float=_Number, parse_int=_Number, parse_constant=str)


def _written(value: object) -> str:
    """Write JSON as Python's `json` does, but numbers as they came, and NaN as a string."""
    match value:
        case _Number():
            return value
        case dict():
            members = (f"{_written(name)}: {_written(item)}" for name, item in value.items())
            return f"{{{', '.join(members)}}}"
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            return _string(value)
