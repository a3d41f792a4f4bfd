"""Cuts URLs down to their host: the path of a share link opens Gong's content without sign-in."""

import re
from urllib.parse import unquote

REDACTED_CHARACTERS = 2000
"""Only so much of a cell is shown; the rest is in the file."""

_NESTED = 8
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_URL = re.compile(
    r"//+(?P<authority>[^/?#\"'<>\\]*)"
    r"|(?<![a-z0-9.-])(?P<host>(?:[a-z0-9-]+\.)+[a-z0-9-]+|localhost)(?::[0-9]+)?[/?#\\]",
    re.IGNORECASE,
)
_HOST = re.compile(r"[^a-z0-9.-]", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\Z", re.IGNORECASE)


def redact_urls(shown: str) -> str:
    """Cut every URL in the text down to its host: what follows may be a key to content."""
    more = "…" if len(shown) > REDACTED_CHARACTERS else ""
    words = re.split(r"(\s+)", shown[:REDACTED_CHARACTERS])
    return "".join(map(_host_only, words)) + more


def _host_only(word: str) -> str:
    """Cut a word after the host of the first URL in it, however it is escaped."""
    plain = _unescaped(word)
    if plain is None:
        return "(in the file only)"
    url = _URL.search(plain)
    if url is None:
        return word
    host = url["host"] or _HOST.split(url["authority"].rpartition("@")[2])[0]
    before = _SCHEME.sub("", plain[: url.start()])
    return host if before.endswith("@") else before + host


def _unescaped(word: str) -> str | None:
    """Undo JSON's and URLs' escapes; None where they are nested deeper than anybody's are."""
    for _ in range(_NESTED):
        plain = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), unquote(word))
        # Halves of a character, escaped one by one, belong together; one alone is no text.
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        plain = plain.replace("\\/", "/").replace("\\\\", "\\")
        if plain == word:
            return word
        word = plain
    return None
