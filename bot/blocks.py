"""The parts of a Slack message: the one place that knows how to write safely into one.

Whatever comes from outside (Gong's data, addresses, cases) stands in plain text, rich text or
table cells, which parse nothing; in the few lines of mrkdwn it is cut first and then escaped.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import buttons
from bot.buttons import Action, Button
from bot.models import Case, Evidence, Question, Section
from bot.words import utc

HEADER_CHARACTERS = 150
PLAIN_TEXT_CHARACTERS = 3000
MESSAGE_TEXT_CHARACTERS = 4000
"""Slack advises no more (https://docs.slack.dev/reference/methods/chat.postMessage)."""

IN_FILE = " … in full in the file"

LABELS = {
    Section.EMAILS: "Emails",
    Section.CALLS: "Calls",
    Section.MEETINGS: "Meetings",
    Section.CUSTOMER_DATA: "CRM records",
    Section.CUSTOMER_ENGAGEMENT: "Engagement",
}

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted; `text` is what notifications and screen readers get, and is never empty."""

    text: str
    blocks: tuple[Block, ...]


def escape(outside: str) -> str:
    """Text that mrkdwn shows as it is: exactly these three characters are special to Slack."""
    return outside.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(outside: str, longest: int, mark: str = "…") -> str:
    """At most `longest` characters, with a mark where something was left out."""
    return outside if len(outside) <= longest else outside[: longest - len(mark)] + mark


def message(blocks: Sequence[Block], lines: Sequence[str], facts: Sequence[Block] = ()) -> Message:
    """Blocks, and the same said in words: the lines, then the elements of context blocks."""
    spoken = " · ".join(map(_spoken, facts))
    said = _escaped_and_cut("\n".join(lines), MESSAGE_TEXT_CHARACTERS - len(spoken) - len("\n"))
    return Message(f"{said}\n{spoken}" if spoken else said, tuple(blocks))


def _escaped_and_cut(text: str, room: int) -> str:
    """Cut first, then escaped, and cut shorter where escaping made it too long again."""
    longest = room
    while len(escaped := escape(cut(text, longest, IN_FILE))) > room:
        longest = longest * 3 // 4
    return escaped


def private(sentence: str) -> Message:
    """A line for one person only."""
    return message([plain(sentence)], [sentence])


def not_attached(question: Question, evidence: Evidence) -> Message:
    """The file is missing: said in the thread, with a way to mend it."""
    sentence = (
        "The file with Gong's exact answer could not be attached: Slack did not take it. "
        "The summary above stands."
    )
    state = buttons.for_answer(question, evidence)
    press = button("Attach the file again", Action.ATTACH, state)
    return message([plain(sentence), actions(press)], [sentence])


def attached(state: Button, evidence: Evidence) -> Message:
    """What the message about the missing file becomes once the file is there."""
    sentence = "The file with Gong's exact answer has been attached after all."
    if not state.is_of(evidence):
        sentence = (
            "The earlier answer was no longer kept, so Gong was asked again, and its answer has "
            f"changed. The file now attached ({request(evidence)}) is newer than the summary "
            "above: press Refresh there for a summary of it."
        )
    elif int(evidence.answered_at.timestamp()) != state.answered_at:
        sentence = (
            "The earlier answer was no longer kept, so Gong was asked again and gave the same "
            f"answer. The file now attached is that of {request(evidence)}."
        )
    return message([plain(sentence)], [sentence])


def file_comment(evidence: Evidence) -> str:
    """What stands beside the file; it travels in a URL, so it never carries an address."""
    return (
        f"Exactly the bytes Gong sent ({len(evidence.answer.body):,}).\n"
        f"SHA-256 {evidence.answer.sha256}\n"
        f"Gong {request(evidence)} · answered {utc(evidence.answered_at)} by {evidence.host}\n"
        "It does not name the address searched: keep it with the summary above. Review it before "
        "you forward it: it may hold other people's data, and links that open without sign-in."
    )


def request(evidence: Evidence) -> str:
    """`request 4al018gzaztcr8nbukw`: what Gong's support asks for."""
    return f"request {evidence.answer.request_id or 'without an id'}"


def answered(evidence: Evidence) -> Block:
    """When Gong answered: in UTC for the record, and in the reader's own time."""
    moment = evidence.answered_at
    local = f"<!date^{int(moment.timestamp())}^{{time}} for you|{moment:%H:%M} UTC>"
    return mrkdwn(f"Gong answered {utc(moment)} ({local})")


def case_elements(case: Case | None) -> list[Block]:
    """The case, where there is one."""
    return [plain_text(f"Case {case}")] if case else []


def user(verb: str, user_id: str) -> Block:
    """`asked by @ana`."""
    return mrkdwn(f"{verb} by <@{user_id}>")


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


def button(label: str, action: Action, state: Button) -> Block:
    """A button and all it needs to know."""
    return {
        "type": "button",
        "text": plain_text(label),
        "action_id": action.value,
        "value": buttons.encode(state),
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
