"""Bodies as somebody would want to read them."""

import json
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

SHOWN_CHARACTERS = 4000


def readable(content_type: str, body: bytes, headers: Mapping[str, str]) -> str:
    """The beginning of a body, as somebody would want to read it."""
    if headers.get("Content-Encoding") == "gzip":
        # a byte more than is shown, so that what was left out is said
        unzip = zlib.decompressobj(47)
        body = unzip.decompress(body, SHOWN_CHARACTERS * 4)
        return _start(body.decode(errors="replace"), is_all=not unzip.unconsumed_tail)
    if "form-urlencoded" in content_type:
        fields = {name: _unfolded(value) for name, value in parse_qsl(body.decode())}
        return _start(pretty(fields), is_all=True)
    text = body[: SHOWN_CHARACTERS * 4].decode(errors="replace")
    if len(body) <= SHOWN_CHARACTERS * 4:
        text = pretty(_unfolded(text))
    return _start(text, is_all=len(body) <= SHOWN_CHARACTERS * 4)


def _start(text: str, *, is_all: bool) -> str:
    if is_all and len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS]}\n… and more, which is not shown here"


def _unfolded(value: str) -> object:
    """Slack packs JSON into form fields."""
    if value[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def pretty(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
