"""The meaning of an HTTP answer of Gong. Pure: no socket is needed to test it.

Sources: the endpoint's own schema and https://help.gong.io/apidocs/introduction-2
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from operator import itemgetter
from urllib.parse import urlsplit

import msgspec

from bot.errors import (
    AddressRejected,
    CredentialsRefused,
    GongLimitReached,
    GongUnavailable,
    NetworkNotTrusted,
    SearchFailed,
    UnexpectedStatus,
    WrongBaseUrl,
)
from bot.gong import raw_json
from bot.models import Answer, Section

LONGEST_RETRY_AFTER_S = 24 * 3600.0
"""No pause is longer, whatever Gong asks for: its own limits are counted by the day at most."""


def read_response(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Read an HTTP answer of Gong: only a 200 with a whole JSON object is an answer.

    Raises:
        SearchFailed: the kind that the status and the body stand for.
    """
    if status != HTTPStatus.OK:
        raise _failure(status, headers, body)
    try:
        members = raw_json.read_pairs(body)
    except raw_json.NotReadable as exc:
        raise GongUnavailable(read_trace_id(headers), status, reason="unreadable") from exc
    return Answer(
        status=status,
        request_id=_id_text(dict(members).get("requestId")) or read_trace_id(headers),
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        digest=_digest(members),
        sections=_sections(members),
        unknown=tuple({name: None for name, piece in members if _is_unknown(name, piece)}),
        is_as_documented=_is_as_documented(members),
        is_possibly_incomplete=any(_is_paged(name, piece) for name, piece in members),
    )


Members = Sequence[tuple[str, msgspec.Raw]]

_GIVEN_TWICE = msgspec.Raw(b'"given twice"')
"""Stands for a section given twice: as it is no array, it counts as unreadable, never as empty."""


def _sections(members: Members) -> dict[Section, msgspec.Raw]:
    times = Counter(name for name, _ in members)
    return {
        Section(name): piece if times[name] == 1 else _GIVEN_TWICE
        for name, piece in members
        if name in set(Section) and (times[name] > 1 or not raw_json.is_null(piece))
    }


def _is_unknown(name: str, piece: msgspec.Raw) -> bool:
    return name not in _KNOWN and not _is_paged(name, piece)


def _is_as_documented(members: Members) -> bool:
    """Whether these are exactly a request id and the five sections, each once."""
    names = [name for name, _ in members]
    if sorted(names) != sorted(_KNOWN):
        return False
    request_id = dict(members)["requestId"]
    return bytes(request_id).startswith(b'"') and _id_text(request_id) is not None


def _is_paged(name: str, piece: msgspec.Raw) -> bool:
    """Whether this says, under a name that suggests it, that there is more than this answer."""
    if name in {"records", "cursor"}:
        return True
    return bool(_PAGING.search(name)) and name not in _KNOWN and not _is_nothing(piece)


def _is_nothing(piece: msgspec.Raw) -> bool:
    return len(memoryview(piece)) < _SHORT and b"".join(bytes(piece).split()) in _NOTHING


_KNOWN = frozenset({*Section, "requestId"})
_PAGING = re.compile(
    "cursor|incomplete|more|next|page|paging|partial|records|total|truncated", re.IGNORECASE
)
_NOTHING = frozenset({b"null", b"[]", b"{}", b"false", b'""', b"0"})
_SHORT = 64


def _failure(status: int, headers: Mapping[str, str], body: bytes) -> SearchFailed:
    request_id, texts = _error_body(headers, body)
    if status == HTTPStatus.BAD_REQUEST:
        return AddressRejected(request_id, status, texts=texts)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _limit(request_id, headers)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return GongUnavailable(request_id, status, reason="status")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        host = _host(headers.get("location", ""))
        return WrongBaseUrl(request_id, status, redirect_host=host)
    return _KINDS.get(status, UnexpectedStatus)(request_id, status)


_KINDS: Mapping[int, type[SearchFailed]] = {
    HTTPStatus.UNAUTHORIZED: CredentialsRefused,
    HTTPStatus.FORBIDDEN: NetworkNotTrusted,
    HTTPStatus.NOT_FOUND: WrongBaseUrl,
    HTTPStatus.METHOD_NOT_ALLOWED: WrongBaseUrl,
}


def _limit(request_id: str | None, headers: Mapping[str, str]) -> GongLimitReached:
    wait_s = _retry_after_s(headers.get("retry-after", ""))
    again_at = None
    if wait_s is not None:
        again_at = datetime.now(UTC) + timedelta(seconds=wait_s)
    return GongLimitReached(request_id, 429, again_at=again_at, wait_s=wait_s)


def _retry_after_s(value: str) -> float | None:
    """Read seconds or an HTTP date (RFC 9110, 10.2.3), a day at most; None for anything else."""
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_RETRY_AFTER_S)
    try:
        wait_s = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, wait_s), LONGEST_RETRY_AFTER_S)


def _host(location: str) -> str | None:
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None


def _error_body(headers: Mapping[str, str], body: bytes) -> tuple[str | None, tuple[str, ...]]:
    """Read Gong's request id and its own words, as far as possible."""
    request_id = read_trace_id(headers)
    texts: tuple[str, ...] = ()
    try:
        members = raw_json.read_members(body)
        request_id = _id_text(members.get("requestId")) or request_id
        texts = tuple(map(raw_json.read_text, raw_json.read_items(members["errors"])))
    except (raw_json.NotReadable, KeyError):
        pass
    return request_id, texts


def read_trace_id(headers: Mapping[str, str]) -> str | None:
    """Read the request id that Gong sends as a header, too."""
    return _plain_id(headers.get("x-traceid", ""))


def _id_text(piece: msgspec.Raw | None) -> str | None:
    try:
        return _plain_id(raw_json.read_text(piece))
    except raw_json.NotReadable:
        return None


def _plain_id(text: str) -> str | None:
    """Return an id we may log and print anywhere; None for anything that is more than an id."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) else None


def _digest(members: Members) -> str:
    """Hash all but the request id, which is fresh in every answer."""
    sha256 = hashlib.sha256()
    for name, piece in sorted(members, key=itemgetter(0)):
        if name != "requestId":
            sha256.update(f"{len(name)}:{name}:".encode("utf-8", "replace"))
            sha256.update(memoryview(piece))
    return sha256.hexdigest()
