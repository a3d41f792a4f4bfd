"""Slack's limits for blocks: a message at each of them holds, and one step over is a fault."""

from typing import Any

import pytest

from tests.stand_ins import block_kit
from tests.support.posting import actions, button, plain


def table(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "table", "rows": list(rows)}


def cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


def rich_text(*leaves: dict[str, Any]) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [section]}


FULL = [
    {"type": "header", "text": plain("h" * 150), "block_id": "top"},
    {"type": "section", "text": {"type": "mrkdwn", "text": "t" * 3000, "verbatim": True}},
    {"type": "section", "fields": [plain("f" * 2000)] * 10, "accessory": button()},
    {"type": "context", "elements": [plain("c")] * 10},
    {"type": "divider"},
    actions(*(button("b" * 75, action_id=f"{n:0255}", value="v" * 2000) for n in range(25))),
    table(*([cell("x" * 5)] * 20 for _ in range(100))) | {"column_settings": [None, {}]},
    rich_text(
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "link", "url": "https://app.gong.io/call?id=1", "text": "call"},
        {"type": "user", "user_id": "U0ANA"},
        {"type": "date", "timestamp": 1763900000, "format": "{date}", "fallback": "2025"},
    ),
]


def test_a_message_at_every_limit_holds() -> None:
    assert block_kit.faults(FULL) == []
    assert block_kit.faults([{"type": "divider"}] * 50) == []


def confirm(**change: object) -> dict[str, Any]:
    whole = {key: plain("x") for key in ("title", "text", "confirm", "deny")}
    return actions(button(confirm=whole | change))


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [{"type": "image"}],
        [{"type": "divider", "colour": "red"}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        [{"type": "divider", "block_id": "x" * 256}],
        [{"type": "header", "text": plain("h" * 151)}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
        [{"type": "section"}],
        [{"type": "section", "text": plain("")}],
        [{"type": "section", "text": plain("t" * 3001)}],
        [{"type": "section", "text": plain("t") | {"verbatim": True}}],
        [{"type": "section", "fields": [plain("f")] * 11}],
        [{"type": "section", "fields": [plain("f" * 2001)]}],
        [{"type": "context", "elements": [plain("c")] * 11}],
        [{"type": "context", "elements": []}],
        [actions(*(button(action_id=f"{n}") for n in range(26)))],
        [actions(button(), button())],
        [actions(button("b" * 76))],
        [actions(button(value="v" * 2001))],
        [actions(button(value=""))],
        [actions(button(action_id="a" * 256))],
        [actions(button(style="warning"))],
        [confirm(title=plain("x" * 101))],
        [confirm(text=plain("x" * 301))],
        [confirm(confirm=plain("x" * 31))],
        [confirm(deny={"type": "mrkdwn", "text": "x"})],
        [table([cell("a")]), table([cell("b")])],
        [table(*([cell("x")] for _ in range(101)))],
        [table([cell("x")] * 21)],
        [table([cell("")])],
        [table([cell("x" * 5001), cell("y" * 5000)])],
        [table([rich_text({"type": "text", "text": "x" * 5001}), cell("y" * 5000)])],
        [rich_text({"type": "emoji", "name": "wave"})],
        [rich_text({"type": "user", "user_id": "ana"})],
        [rich_text({"type": "date", "timestamp": 1.5, "format": "{date}"})],
        [rich_text({"type": "text", "text": "x", "style": {"blink": True}})],
    ],
)
def test_one_step_over_a_limit_is_a_fault(blocks: list[dict[str, Any]]) -> None:
    assert len(block_kit.faults(blocks)) == 1
