"""What the stand-in of Gong is told to answer: a value, and the many ways it can go wrong."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache

MEGABYTE = 1024**2
EMPTY: dict[str, list[object]] = {
    "emails": [],
    "calls": [],
    "meetings": [],
    "customerData": [],
    "customerEngagement": [],
}


class Transport(Enum):
    WHOLE = auto()
    DROP = auto()  # the connection is reset, no answer
    CUT = auto()  # half of the declared body, then the end
    DRIP = auto()  # headers at once, then a byte now and then, for ever
    ENDLESS = auto()  # a body without end, as fast as it is read


@dataclass(frozen=True, slots=True)
class Answering:
    """One answer. ``body``: bytes as they are, anything else as JSON; a callable is made lazily."""

    body: object = field(default_factory=lambda: EMPTY)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0
    gzip: bool = True  # only when the client accepts it
    transport: Transport = Transport.WHOLE
    fresh_id: bool = True  # a JSON object gets a requestId of its own, first
    bomb_megabytes: int = 0  # instead of the body: so many MB of spaces, in gzip

    def content(self, request_id: str) -> bytes:
        """The body before any Content-Encoding."""
        made = self.body() if callable(self.body) else self.body
        if isinstance(made, bytes):
            return made
        if isinstance(made, dict) and self.fresh_id:
            made = {"requestId": request_id} | {k: v for k, v in made.items() if k != "requestId"}
        return json.dumps(made, ensure_ascii=False).encode()

    def encoded(self, content: bytes, accepted: str) -> tuple[bytes, dict[str, str]]:
        """The body as it travels, and the headers that say so."""
        if self.bomb_megabytes:
            return bomb(self.bomb_megabytes), {"Content-Encoding": "gzip"}
        if self.gzip and "gzip" in accepted:
            return gzip.compress(content, compresslevel=1, mtime=0), {"Content-Encoding": "gzip"}
        return content, {}


@cache
def bomb(megabytes: int) -> bytes:
    """A small gzip body that unpacks to ``megabytes``."""
    packer = zlib.compressobj(9, wbits=31)
    piece = b" " * MEGABYTE
    return b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])


def failing(
    status: int, *errors: str, headers: Mapping[str, str] | None = None, delay_s: float = 0
) -> Answering:
    """An error in Gong's shape: ``errors`` holds strings."""
    return Answering({"errors": list(errors)}, status, headers or {}, delay_s)


def limited(retry_after_s: int) -> Answering:
    """Gong: 429 with Retry-After in seconds."""
    headers = {"Retry-After": str(retry_after_s)}
    return failing(429, "API request limit exceeded", headers=headers)


def body_of(make: Callable[[], object]) -> Answering:
    """A large answer that is made only when somebody asks for it."""
    return Answering(make)
