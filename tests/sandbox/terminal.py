"""Draws what a channel shows, in a terminal."""

import textwrap
from collections.abc import Callable
from typing import Any

from tests.stand_ins.slack_world import PostedMessage, PrivateLine

Block = dict[str, Any]
WIDTH = 110


def draw(message: PostedMessage, indent: str = "") -> str:
    """A message with its blocks, buttons and files."""
    lines = [line for block in message.blocks for line in _block(block)]
    if not message.blocks:
        lines = message.text.splitlines()
    lines += [f"📎 {file.name}" for file in message.files]
    return _boxed(lines, indent)


def draw_private(line: PrivateLine) -> str:
    """What only one person sees."""
    return _boxed([f"(only visible to {line.user}) {line.text}"], "")


def _boxed(lines: list[str], indent: str) -> str:
    wrapped = [
        part
        for line in lines
        for part in textwrap.wrap(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        or [""]
    ]
    return "\n".join(f"{indent}│ {line}" for line in wrapped)


def _block(block: Block) -> list[str]:
    return _DRAWN[block["type"]](block)


def _table(block: Block) -> list[str]:
    rows = [[_cell(cell) for cell in row] for row in block["rows"]]
    shown = rows if len(rows) <= 6 else [*rows[:4], ["…"] * len(rows[0]), rows[-1]]
    widths = [min(40, max(map(len, column))) for column in zip(*shown, strict=True)]
    return [
        "  ".join(cell[:width].ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in shown
    ]


def _cell(cell: Block) -> str:
    return str(cell["text"]) if cell["type"] == "raw_text" else _rich(cell)


def _rich(block: Block) -> str:
    return "".join(
        str(leaf.get("text", "")) for part in block["elements"] for leaf in part["elements"]
    )


_DRAWN: dict[str, Callable[[Block], list[str]]] = {
    "header": lambda block: [block["text"]["text"].upper()],
    "section": lambda block: block["text"]["text"].splitlines(),
    "rich_text": lambda block: _rich(block).splitlines(),
    "context": lambda block: [" · ".join(element["text"] for element in block["elements"])],
    "actions": lambda block: [
        " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    ],
    "table": _table,
}
