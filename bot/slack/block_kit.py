"""The parts of a Slack message: the one place that knows how to write safely into one.

Whatever comes from outside (Gong's data, addresses, cases) stands in plain text, rich text or
table cells, which parse nothing; in the few lines of mrkdwn it is cut first and then escaped.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADER_CHARACTERS = 150
PLAIN_TEXT_CHARACTERS = 3000
MESSAGE_TEXT_BYTES = 4000
"""Slack edits no message to a longer one (https://docs.slack.dev/reference/methods/chat.update).

It documents characters, and counts them in UTF-8 and escaped.
"""

IN_FILE = " … in full in the file"

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message to post; notifications and screen readers get its `text`, which is never empty."""

    text: str
    blocks: tuple[Block, ...]


def escape(outside: str) -> str:
    """Escape text for mrkdwn: exactly these three characters are special to Slack."""
    return outside.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(outside: str, longest: int, mark: str = "…") -> str:
    """Cut to at most `longest` characters, with a mark where something was left out."""
    return outside if len(outside) <= longest else outside[: longest - len(mark)] + mark


def compose(blocks: Sequence[Block], lines: Sequence[str], facts: Sequence[Block] = ()) -> Message:
    """Make a message of blocks and of the same in words: the lines, then the context elements."""
    spoken = " · ".join(map(_spoken, facts))
    room = MESSAGE_TEXT_BYTES - len(f"\n{spoken}".encode())
    said = _escaped_and_cut("\n".join(lines), room)
    return Message("\n".join(filter(None, (said, spoken))), tuple(blocks))


def _escaped_and_cut(text: str, room: int) -> str:
    """Cut first, then escape, and cut shorter where that makes more bytes than there is room."""
    longest = room
    while len((escaped := escape(cut(text, longest, IN_FILE))).encode()) > room:
        longest = longest * 9 // 10
    return escaped


def text_message(sentence: str) -> Message:
    """Return a message that is one sentence."""
    return compose([plain(sentence)], [sentence])


def header(title: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain_text(cut(title, HEADER_CHARACTERS))}


def plain(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": plain_text(cut(text, PLAIN_TEXT_CHARACTERS))}


def plain_text(text: str) -> Block:
    """Text that nothing is parsed in, not even emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Our own text, with a mention or a date in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def context(*elements: Block) -> Block:
    """A line of small print."""
    return {"type": "context", "elements": list(elements)}


def actions(*pressable: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(pressable)}


def button(label: str, action_id: str, value: str, confirm: Block | None = None) -> Block:
    """A button, and perhaps a question before it is pressed for good."""
    return {
        "type": "button",
        "text": plain_text(label),
        "action_id": action_id,
        "value": value,
        **({"confirm": confirm} if confirm else {}),
    }


def confirmation(title: str, question: str, confirm: str) -> Block:
    """The question: https://docs.slack.dev/reference/block-kit/composition-objects."""
    return {
        "title": plain_text(title),
        "text": plain_text(question),
        "confirm": plain_text(confirm),
        "deny": plain_text("Cancel"),
        "style": "danger",
    }


def labelled(lines: Sequence[tuple[str, str]]) -> Block:
    """A line each, its label in bold; rich text parses nothing."""
    elements: list[Block] = []
    for number, (label, line) in enumerate(lines, start=1):
        end = "\n" if number < len(lines) else ""
        elements.append({"type": "text", "text": label, "style": {"bold": True}})
        elements.append({"type": "text", "text": f"  {line}{end}"})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _spoken(element: Block) -> str:
    text: str = element["text"]
    return text if element["type"] == "mrkdwn" else escape(text)
