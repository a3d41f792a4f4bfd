"""Slack's limits on Block Kit: https://docs.slack.dev/reference/block-kit/blocks.

Knows only the blocks and elements this project may use; any other type or key is a fault.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Faults = Iterator[str]
Node = dict[str, Any]

TABLE_CHARACTERS = 10_000
STYLES = {"primary", "danger"}
TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
LEAF_KEYS = {
    "text": ({"text"}, set[str]()),
    "link": ({"url"}, {"text", "unsafe"}),
    "user": ({"user_id"}, set[str]()),
    "date": ({"timestamp", "format"}, {"url", "fallback"}),
}
LEAF_STYLES = {"bold", "italic", "strike", "underline", "code"}


def faults(blocks: object) -> list[str]:
    """All faults of one message's blocks, each a line that says where; none when it holds."""
    if not isinstance(blocks, list):
        return ["blocks are no list"]
    if len(blocks) > 50:
        return [f"{len(blocks)} blocks, 50 are allowed"]
    found = [
        f"/{number}: {fault}" for number, block in enumerate(blocks) for fault in _block(block)
    ]
    return found or list(_across(blocks))


def _block(block: object) -> Faults:
    kind = block.get("type") if isinstance(block, dict) else None
    if not isinstance(block, dict) or kind not in BLOCKS:
        yield f"unknown block type {kind!r}"
        return
    required, optional, check = BLOCKS[kind]
    shape = [*_keys(block, required | {"type"}, optional | {"block_id"})]
    yield from shape or check(block)
    if "block_id" in block:
        yield from _string(block, "block_id", 255)


def _across(blocks: list[Node]) -> Faults:
    """Rules that need more than one block to be seen."""
    yield from _twice("block_id", [block["block_id"] for block in blocks if "block_id" in block])
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        yield "more than one table in one message"
    characters = sum(len(text) for text in _texts(tables))
    if characters > TABLE_CHARACTERS:
        yield f"{characters} characters in a table, {TABLE_CHARACTERS} are allowed"


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def _twice(what: str, names: list[str]) -> Faults:
    yield from (f"{what} {name!r} used twice" for name in set(names) if names.count(name) > 1)


def _keys(node: Node, required: set[str], optional: set[str]) -> Faults:
    yield from (f"{key} is missing" for key in sorted(required - node.keys()))
    yield from (f"unknown key {key!r}" for key in sorted(node.keys() - required - optional))


def _string(node: Node, key: str, most: int, least: int = 1) -> Faults:
    value = node.get(key)
    if not isinstance(value, str):
        yield f"{key} is no string"
    elif not least <= len(value) <= most:
        yield f"{key} has {len(value)} characters, {least} to {most} are allowed"


def _flag(node: Node, *keys: str) -> Faults:
    yield from (f"{key} is no boolean" for key in keys if not isinstance(node.get(key, True), bool))


def _list(node: Node, key: str, most: int, check: Callable[[Any], Faults]) -> Faults:
    items = node.get(key)
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        yield f"{key}: a list of 1 to {most} is needed"
        return
    for number, item in enumerate(items):
        yield from (f"{key}/{number}: {fault}" for fault in check(item))


def _text(node: object, most: int, *, plain: bool = False) -> Faults:
    kind = node.get("type") if isinstance(node, dict) else None
    if not isinstance(node, dict) or kind not in TEXT_KEYS or (plain and kind != "plain_text"):
        yield f"text object of type {kind!r}"
        return
    yield from _keys(node, {"type", "text"}, TEXT_KEYS[kind])
    yield from _string(node, "text", most)
    yield from _flag(node, "emoji", "verbatim")


def _header(block: Node) -> Faults:
    yield from _text(block["text"], 150, plain=True)


def _section(block: Node) -> Faults:
    if "text" not in block and "fields" not in block:
        yield "a section needs text or fields"
    if "text" in block:
        yield from _text(block["text"], 3000)
    if "fields" in block:
        yield from _list(block, "fields", 10, lambda field: _text(field, 2000))
    if "accessory" in block:
        yield from _button(block["accessory"])
    yield from _flag(block, "expand")


def _context(block: Node) -> Faults:
    yield from _list(block, "elements", 10, lambda element: _text(element, 3000))


def _actions(block: Node) -> Faults:
    shape = [*_list(block, "elements", 25, _button)]
    ids = [] if shape else [e["action_id"] for e in block["elements"] if "action_id" in e]
    yield from shape or _twice("action_id", ids)


def _button(button: object) -> Faults:
    if not isinstance(button, dict) or button.get("type") != "button":
        yield "an element that is no button"
        return
    optional = {"action_id", "url", "value", "style", "confirm", "accessibility_label"}
    yield from _keys(button, {"type", "text"}, optional)
    yield from _text(button.get("text"), 75, plain=True)
    limits = {"action_id": 255, "value": 2000, "url": 3000, "accessibility_label": 75}
    for key in limits.keys() & button.keys():
        yield from _string(button, key, limits[key])
    yield from _style(button)
    if "confirm" in button:
        yield from (f"confirm: {fault}" for fault in _confirm(button["confirm"]))


def _style(node: Node) -> Faults:
    if "style" in node and node["style"] not in STYLES:
        yield f"style {node['style']!r}"


def _confirm(confirm: object) -> Faults:
    if not isinstance(confirm, dict):
        yield "no object"
        return
    yield from _keys(confirm, {"title", "text", "confirm", "deny"}, {"style"})
    yield from _text(confirm.get("title"), 100, plain=True)
    yield from _text(confirm.get("text"), 300)
    yield from _text(confirm.get("confirm"), 30, plain=True)
    yield from _text(confirm.get("deny"), 30, plain=True)
    yield from _style(confirm)


def _divider(_block: Node) -> Faults:
    yield from ()


def _table(block: Node) -> Faults:
    yield from _list(block, "rows", 100, lambda row: _list({"row": row}, "row", 20, _cell))
    if "column_settings" in block:
        yield from _list(block, "column_settings", 20, _column)


def _column(settings: object) -> Faults:
    if settings is None:
        return
    if not isinstance(settings, dict):
        yield "no object"
        return
    yield from _keys(settings, set(), {"align", "is_wrapped"})
    yield from _flag(settings, "is_wrapped")
    if settings.get("align", "left") not in {"left", "center", "right"}:
        yield f"align {settings['align']!r}"


def _cell(cell: object) -> Faults:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if isinstance(cell, dict) and kind == "raw_text":
        yield from _keys(cell, {"type", "text"}, set())
        yield from _string(cell, "text", TABLE_CHARACTERS)
    elif isinstance(cell, dict) and kind == "rich_text":
        yield from _keys(cell, {"type", "elements"}, set())
        yield from _rich_text(cell)
    else:
        yield f"cell of type {kind!r}"


def _rich_text(block: Node) -> Faults:
    yield from _list(block, "elements", 1000, _rich_section)


def _rich_section(section: object) -> Faults:
    if not isinstance(section, dict) or section.get("type") != "rich_text_section":
        yield "a rich text element that is no rich_text_section"
        return
    yield from _keys(section, {"type", "elements"}, set())
    yield from _list(section, "elements", 1000, _leaf)


def _leaf(leaf: object) -> Faults:
    kind = leaf.get("type") if isinstance(leaf, dict) else None
    if not isinstance(leaf, dict) or kind not in LEAF_KEYS:
        yield f"rich text of type {kind!r}"
        return
    required, optional = LEAF_KEYS[kind]
    yield from _keys(leaf, {"type", *required}, {*optional, "style"})
    for key in {"text", "url", "user_id", "format", "fallback"} & leaf.keys():
        yield from _string(leaf, key, TABLE_CHARACTERS)
    if kind == "user" and not re.fullmatch(r"[UW][A-Z0-9]+", str(leaf.get("user_id"))):
        yield f"user_id {leaf.get('user_id')!r}"
    if kind == "date" and type(leaf.get("timestamp")) is not int:
        yield "timestamp is no integer"
    yield from _leaf_style(leaf.get("style", {"bold": True}))


def _leaf_style(style: object) -> Faults:
    if not isinstance(style, dict) or not style or style.keys() - LEAF_STYLES:
        yield f"style {style!r}"
    else:
        yield from _flag(style, *style)


BLOCKS: dict[str, tuple[set[str], set[str], Callable[[Node], Faults]]] = {
    "header": ({"text"}, set(), _header),
    "section": (set(), {"text", "fields", "accessory", "expand"}, _section),
    "context": ({"elements"}, set(), _context),
    "actions": ({"elements"}, set(), _actions),
    "divider": (set(), set(), _divider),
    "table": ({"rows"}, {"column_settings"}, _table),
    "rich_text": ({"elements"}, set(), _rich_text),
}
