"""Reads the body of an answer as it streams in, within bounds of bytes and of elements."""

import io
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.errors import AnswerTooLarge, GongUnavailable

LARGEST_ELEMENTS = 2_000_000
"""More than any contact has: 64 MiB of them would take gigabytes once they are told apart."""

SMALL_BYTES = 1024 * 1024
"""So much may be read of any answer, however little room there is."""

_COMMAS_OF_AN_OBJECT = 12
"""An object of Gong's has fewer, those of its own objects aside."""

_UNPACK_BYTES = 1024 * 1024
_GZIP_OR_ZLIB = 47
"""`wbits` that make zlib tell gzip from zlib by the header (https://docs.python.org/3/library/zlib.html)."""


async def read_body(
    raw: AsyncIterator[bytes],
    encoding: str,
    limit_bytes: int,
    make_room: Callable[[], Awaitable[None]],
) -> bytes:
    """Read and unpack a whole body; never more of it is in memory than the limit.

    `make_room` is awaited once, before more than `SMALL_BYTES` are held.

    Raises:
        AnswerTooLarge: it is larger than that, or has too many elements.
        GongUnavailable: it is cut off or packed in a way we did not ask for.
    """
    named = encoding.strip().lower()
    if named not in {"identity", "gzip"}:
        raise GongUnavailable(reason="unreadable")
    chunks = _unpacked(raw) if named == "gzip" else raw
    elements = _Elements()
    # Closed at once when it fails: the failure's frames live until the next garbage collection.
    with io.BytesIO() as body:
        async for chunk in chunks:
            if body.tell() + len(chunk) > limit_bytes:
                raise AnswerTooLarge(limit_bytes=limit_bytes)
            elements.count(chunk)
            if body.tell() <= SMALL_BYTES < body.tell() + len(chunk):
                await make_room()
            body.write(chunk)
        return body.getvalue()


class _Elements:
    """Estimates how many elements the arrays have, from the signs between them.

    An object is one element; so is whatever stands between two commas, unless it is a member of an
    object. Signs within texts count as well: the limit leaves room for them.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._objects = self._commas = 0

    def count(self, chunk: bytes) -> None:
        """Take more of the body.

        Raises:
            AnswerTooLarge: there are too many.
        """
        self._objects += chunk.count(b"{")
        self._commas += chunk.count(b",")
        others = self._commas - _COMMAS_OF_AN_OBJECT * self._objects
        if max(self._objects, others) > LARGEST_ELEMENTS:
            raise AnswerTooLarge(limit_elements=LARGEST_ELEMENTS)


async def _unpacked(raw: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Unpack in bounded steps: httpx's own decoder hands out 64 MiB at once.

    Raises:
        GongUnavailable: it is cut off, damaged, or more stands behind its end.
    """
    unzip = zlib.decompressobj(_GZIP_OR_ZLIB)
    behind = b""
    try:
        async for packed in raw:
            rest, chunk = packed, b""
            behind = packed if unzip.eof else b""
            while (rest or len(chunk) == _UNPACK_BYTES) and not unzip.eof:
                chunk = unzip.decompress(rest, _UNPACK_BYTES)
                rest = unzip.unconsumed_tail
                yield chunk
            behind = behind or unzip.unused_data
            if behind:
                break
    except zlib.error as exc:
        raise GongUnavailable(reason="unreadable") from exc
    if behind or not unzip.eof:
        raise GongUnavailable(reason="unreadable")
