"""Whatever Gong sends is shown within Slack's limits, and never parsed."""

import json
import re
from collections.abc import Iterator

import pytest

from bot.gong.raw_json import NotReadable
from bot.models import Evidence, Section
from bot.slack.block_kit import Message
from tests.stand_ins.block_kit import faults
from tests.stand_ins.people import from_file
from tests.support.messages import APP_URL, CASE, OUR_MARKS, evidence, nodes, page, summary

HOSTILE = "<!channel> @here *b* _i_ ~s~ `c` <@U0BEN> &lt; <https://evil.example.com|link> :tada:"

WEIRD: list[object] = [
    HOSTILE,
    [HOSTILE],
    {HOSTILE: HOSTILE},
    json.dumps({HOSTILE: HOSTILE}),
    None,
    True,
    0,
    10**40,
    1e300,
    float("nan"),
    "",
    " ",
    "\n\n\t",
    "\x00\u202e\u200b",
    "half an emoji \ud83d",
    "&" * 5000,
    "x" * 5000,
    "é" * 5000,
    [],
    {},
]


def filled(value: object) -> dict[str, object]:
    """An answer with this value in every place."""
    example = from_file("documented.json")
    return {name: _filled(items, value) for name, items in example.items() if name != "requestId"}


def _filled(node: object, value: object) -> object:
    if isinstance(node, list):
        return [_filled(item, value) for item in node]
    if isinstance(node, dict):
        return {name: _filled(item, value) for name, item in node.items()}
    return value


def every_message(found: Evidence) -> Iterator[Message]:
    """The summary of an answer and the first page of every section."""
    yield summary(found, CASE)
    for section in Section:
        try:
            yield page(section, found)
        except NotReadable:
            continue


@pytest.mark.parametrize("value", WEIRD, ids=lambda value: ascii(value)[:30])
@pytest.mark.parametrize("place", ["field", "row", "section"])
def test_whatever_gong_sends_makes_messages_within_the_limits(value: object, place: str) -> None:
    sent = {
        "field": filled(value),
        "row": {section: [value] for section in Section},
        "section": dict.fromkeys(Section, value),
    }[place]
    for made in every_message(evidence(sent)):
        assert faults(list(made.blocks)) == []
        assert made.text.strip() != ""
        assert len(made.text) <= 40_000
        json.dumps([made.text, made.blocks], ensure_ascii=False).encode()  # no lone surrogate


@pytest.mark.parametrize("sent", [filled(HOSTILE), {each: [HOSTILE] for each in Section}])
def test_outside_text_is_never_parsed(sent: dict[str, object]) -> None:
    for made in every_message(evidence(sent)):
        parsed = [node["text"] for node in nodes(made.blocks) if node.get("type") == "mrkdwn"]
        assert parsed
        assert all(not re.search("[<>*~`]|here|evil", OUR_MARKS.sub("", text)) for text in parsed)
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", OUR_MARKS.sub("", made.text))


@pytest.mark.parametrize("sent", [filled(HOSTILE), {each: [HOSTILE] for each in Section}])
def test_our_own_lines_of_mrkdwn_link_no_names(sent: dict[str, object]) -> None:
    for made in every_message(evidence(sent)):
        parsed = [node for node in nodes(made.blocks) if node.get("type") == "mrkdwn"]
        assert all(node["verbatim"] is True for node in parsed)
        shown = [node for node in nodes(made.blocks) if node.get("type") == "plain_text"]
        assert parsed
        assert shown
        assert all(node["emoji"] is False for node in shown)


@pytest.mark.parametrize(
    ("call_id", "leads"),
    [
        ("7782342274025937895", True),
        ("78234227402593789512", True),
        ("", False),
        ("1&2", False),
        ("１２３", False),
        ("https://evil.example.com", False),
        ("1" * 1001, False),
    ],
)
def test_only_a_number_leads_to_gongs_page_of_a_call(call_id: str, *, leads: bool) -> None:
    made = page(Section.CALLS, evidence({"calls": [{"id": call_id}]}))
    urls = [node["url"] for node in nodes(made.blocks) if "url" in node]
    assert urls == ([f"{APP_URL}/call?id={call_id}"] if leads else [])
