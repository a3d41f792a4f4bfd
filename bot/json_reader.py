"""Reads the JSON that Gong sends, piece by piece, and keeps every digit of it.

A piece is a `msgspec.Raw`: a view into the answer's bytes. JSON that msgspec refuses but
Python's own reader takes (NaN, lone surrogates) is read by the latter and made plain first.
"""

import json
from typing import TypeVar

import msgspec

T = TypeVar("T")

_string = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder at each call


class NotReadable(ValueError):
    """The bytes are no JSON, or JSON of another shape."""


def members(piece: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The members of a JSON object; of a name given twice, the last.

    Raises:
        NotReadable: it is no JSON object.
    """
    return read(piece, dict[str, msgspec.Raw])


def items(piece: msgspec.Raw) -> list[msgspec.Raw]:
    """The elements of a JSON array.

    Raises:
        NotReadable: it is no JSON array.
    """
    return read(piece, list[msgspec.Raw])


def is_null(piece: msgspec.Raw) -> bool:
    """Whether the piece is JSON's null."""
    return len(memoryview(piece)) == len(b"null") and bytes(piece) == b"null"


def text(piece: msgspec.Raw | None) -> str:
    """What a person reads: a string's content, nothing for null or absent, else the JSON itself.

    Numbers come out with every digit that Gong sent.
    """
    if piece is None or is_null(piece):
        return ""
    raw = bytes(piece)
    if raw.startswith(b'"'):
        return read(piece, str)
    if raw.startswith((b"{", b"[")):
        try:
            return _written(_loaded(raw)).encode("utf-8", "replace").decode()
        except (ValueError, RecursionError):
            pass
    return raw.decode("utf-8", "replace")


def read(piece: bytes | msgspec.Raw, shape: type[T]) -> T:
    """The piece decoded to `shape`.

    Raises:
        NotReadable: it is no JSON, or not of this shape.
    """
    try:
        return msgspec.json.decode(piece, type=shape)
    except msgspec.ValidationError as exc:
        raise NotReadable from exc
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _read_plain(bytes(piece), shape)


def _read_plain(raw: bytes, shape: type[T]) -> T:
    try:
        plain = _written(_loaded(raw)).encode("utf-8", "replace")
        return msgspec.json.decode(plain, type=shape)
    except (ValueError, RecursionError) as exc:
        raise NotReadable from exc


class _Number(str):
    """A number as it was written: Python's own would lose digits."""

    __slots__ = ()


def _loaded(raw: bytes) -> object:
    return json.loads(raw, parse_float=_Number, parse_int=_Number, parse_constant=str)


def _written(value: object) -> str:
    """JSON in the form that Python's `json` writes, its numbers as they came, NaN as a string."""
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
