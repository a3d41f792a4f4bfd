"""Answers as Gong's specification has them, and then with something wrong in them.

https://help.gong.io/apidocs/retrieve-all-references-to-an-email-address-v2data-privacydata-for-email-address
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

KEY = "5vjaxkqnzmp515b220vlzto2i"
KEY_IN_BASE64 = base64.b64encode(KEY.encode()).decode()[:30]


@dataclass(frozen=True)
class Raw:
    """JSON as it stands, or what is none."""

    content: bytes


@dataclass(frozen=True)
class Members:
    """An object whose names may come twice."""

    pairs: tuple[tuple[str, Any], ...]


def written(value: Any) -> bytes:  # noqa: ANN401  # any JSON, and what is none
    """A value in JSON, its odd parts as they are."""
    match value:
        case Raw():
            return value.content
        case dict():
            return written(Members(tuple(value.items())))
        case Members():
            members = (written(name) + b":" + written(item) for name, item in value.pairs)
            return b"{" + b",".join(members) + b"}"
        case list():
            return b"[" + b",".join(map(written, value)) + b"]"
        case _:
            return json.dumps(value).encode()


# odd values

NASTY = (
    "",
    "<!channel>",
    "<!here|now>",
    "@here @channel",
    "<@U0BEN>",
    "<https://evil.example|jane@example.com>",
    "https://evil.example/?q=1",
    "*bold* _italic_ ~gone~ `code` ```block```",
    "&lt;!channel&gt; &amp;",
    "<<<>>>&&&",
    "<!date^0^{date}|x>",
    "\u202egnol",
    "\u200b\u00ad\ufeff",
    "\0\x07\x1b[31m",
    "a\nb\r\n\u2028c",
    "𝕿𝖊𝖝𝖙 😀👩‍👩‍👧",
    "e\u0301" * 50,
    " ",
)
LONG = ("x" * 3001, "😀" * 5000, "<" * 2000, "&" * 4001, "@here " * 600)
ODD = (
    *(Raw(raw) for raw in (b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-0", b"0.10")),
    *(Raw(raw) for raw in (b"[]", b"{}", b'""', b'"\\ud800"', b'"\\ud83d x"', b'"\xff\xfe"')),
    Raw(b"9" * 30),
    Raw(b"1" + b"0" * 5000),
    Raw(b"[" * 50_000 + b"]" * 50_000),
    Raw(b'{"a":' * 400 + b"1" + b"}" * 400),
    Raw(b'{"id":"1","id":"<!channel>"}'),
    Raw(b"[null,null]"),
    Raw(b'"\\u0000\\u003c!channel\\u003e"'),
)
odd = st.sampled_from([*ODD, *NASTY, *LONG])
GOOD = ("7782342274025937895", "Salesforce", "COMPLETED", "jane@example.com")
text = st.sampled_from([*GOOD * 8, *NASTY * 2, *LONG]) | st.text(max_size=20)
times = st.sampled_from(
    [
        "2024-01-17T16:20:05-03:00",
        "2016-02-16T03:57:04.834+05:30",
        "2020-11-20T21:30:07.233692Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2024-02-30T00:00:00Z",
        Raw(b"1547971200.0"),
        Raw(b"1e300"),
        Raw(b"-99999999999999999999"),
    ]
)

# share links, which open the content to whoever holds them

_SHARED = f"app.gong.io/e/c-share/tkn={KEY}"
_ENDED = _SHARED.replace("/", "\\/")
_LINKS = (
    f"https://{_SHARED}",
    f"HTTPS://{_SHARED}&x=1",
    f"//{_SHARED}",
    _SHARED,
    f"https://user:pass@{_SHARED}",
    f"https:\\/\\/{_ENDED}",
    f"https%3A%2F%2F{_SHARED.replace('/', '%2F')}",
    f"https%253A%252F%252F{_SHARED.replace('/', '%252F')}",
    f"https://evil.example/?next=https://{_SHARED}",
    f"https://app.gong.io:443/e#{KEY}",
    f"<https://{_SHARED}|here>",
    f'{{"url":"https://{_SHARED}"}}',
    f"https://bücher.example/{KEY}",
)
links = st.builds(
    "{}{}{}".format,
    st.sampled_from([*("", "see ", "(", "\n", "=") * 6, "x" * 1990]),
    st.sampled_from(_LINKS),
    st.sampled_from(["", " and more", ")", "\n", ".", "😀"]),
)


# rows, field by field


def _row(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


emails = _row(**{"from": text, "id": text, "sentTime": times, "mailbox": text, "messageHash": text})
linked = _row(objectType=text, externalId=text)
external = st.lists(_row(system=text, objects=st.lists(linked, max_size=1)), max_size=1)
calls = _row(id=text, status=text, externalSystems=external)
meetings = _row(id=text)
mirrors = st.sampled_from(
    ['"{\\"crmId\\":\\"<!channel>\\"}"', '{"a": [1, NaN]}', '"', "{", '"\\ud800"', "null", "\ud800"]
)
fields = st.lists(_row(name=text, value=odd), max_size=2)
records = _row(id=text, objectType=text, externalId=text, mirrorId=mirrors, fields=fields)
systems = _row(system=text, objects=st.lists(records, max_size=2))
event_text = st.one_of(links, text)
events = _row(
    eventType=event_text,
    timestamp=times,
    contentId=event_text,
    contentUrl=links,
    reportingSystem=event_text,
    eventName=event_text,
    sourceEventId=event_text,
)
SECTIONS = {
    "emails": emails,
    "calls": calls,
    "meetings": meetings,
    "customerData": systems,
    "customerEngagement": events,
}


ALIKE = 10
"""So many answers are made of the same rows: nothing costs as much as to think rows up."""

rows_found = st.fixed_dictionaries(
    {name: st.lists(rows, max_size=2) for name, rows in SECTIONS.items()}
)
# hypothesis likes the ends of a list most
repeated = st.sampled_from([*[""] * 23, *SECTIONS, *[""] * 23])
sent = st.sampled_from([*["whole"] * 14, "cut", "odd", *["whole"] * 14])


@st.composite
def bodies(draw: st.DrawFn) -> list[bytes]:
    """Whole answers: one that may be right, and others with something wrong in them."""
    answer = {"requestId": draw(text)} | draw(rows_found)
    return [_body(draw, answer, min(number, 1)) for number in range(ALIKE)]


def _body(draw: st.DrawFn, answer: dict[str, Any], at_least: int) -> bytes:
    if name := draw(repeated):
        answer = answer | {name: answer[name] * 120}
    for _ in range(draw(st.integers(at_least, 3))):
        answer = _mutated(draw, answer)
    whole = written(answer)
    match draw(sent):
        case "cut":
            return whole[: len(whole) - draw(st.integers(0, len(whole)))]
        case "odd":
            return written(draw(odd))
        case _:
            return whole


def _mutated(draw: st.DrawFn, value: Any) -> Any:  # noqa: ANN401  # any JSON
    """The same with one thing changed, somewhere in it."""
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _mutated(draw, value[place]), *value[place + 1 :]]
    if isinstance(value, dict) and value:
        return _mutated_member(draw, value)
    return draw(odd) if draw(st.booleans()) else written(value).decode("utf-8", "replace")


def _mutated_member(draw: st.DrawFn, value: dict[str, Any]) -> Any:  # noqa: ANN401  # the same
    name = draw(st.sampled_from(sorted(value)))
    others = {other: item for other, item in value.items() if other != name}
    match draw(st.integers(0, 5)):
        case 0:
            return others
        case 1:
            return value | {name: draw(odd)}
        case 2:
            return Members((*value.items(), (name, draw(odd))))
        case 3:
            return others | {draw(text): value[name]}
        case _:
            return value | {name: _mutated(draw, value[name])}


def junk() -> st.SearchStrategy[Any]:
    """Any JSON, and what is none."""
    return st.recursive(
        odd,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
        ),
        max_leaves=6,
    )


NAMES = ("type", "user", "id", "team_id", "channel", "container", "actions", "value", "message")


# what a message is made of


def objects(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # blocks of any type
    """Every object in it, it included."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
