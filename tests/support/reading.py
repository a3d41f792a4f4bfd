"""What a person reads in a message: texts, buttons, table, and what Slack would parse."""

import re
from collections.abc import Iterator
from typing import Any

from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import PostedMessage

OUR_OWN = r"@U0[A-Z]+>|!date\^\d+\^\{time\} for you\|\d\d:\d\d UTC>"
MENTION = re.compile(rf"<(?!{OUR_OWN})[^>]*>")


def shown(message: PostedMessage) -> list[str]:
    """Every text that stands in the blocks."""
    return list(texts(message.blocks))


def labels(message: PostedMessage) -> list[str]:
    """The buttons, by what stands on them."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def rows(message: PostedMessage) -> list[list[str]]:
    """The table without its header, cell by cell."""
    (table,) = (block for block in message.blocks if block["type"] == "table")
    return [["".join(texts(cell)) for cell in row] for row in table["rows"][1:]]


def is_receipt(message: PostedMessage) -> bool:
    """Whether it is the message under files, by which they can be deleted, or could be."""
    first = message.edits[0][0] if message.edits else message.text
    return bool(re.match("Receipt( of an earlier answer)?: R-", first))


def is_filed(slack: Slack, summary: PostedMessage) -> bool:
    """Whether the message under a look-up's files is there, the last that it posts."""
    return any(map(is_receipt, slack.in_thread(summary)))


def json_files(slack: Slack) -> list[bytes | None]:
    """What the files hold that were posted as Gong's answers, byte for byte, in their order."""
    shared = [file for message in slack.messages for file in message.files]
    return [slack.files[file.id].content for file in shared if file.name.endswith(".json")]


def live_marks(message: PostedMessage) -> list[str]:
    """Mentions and links that Slack would make of the message, but for those that we make."""
    return [
        mark for text in (message.text, *_mrkdwn(message.blocks)) for mark in MENTION.findall(text)
    ]


def texts(node: Any) -> Iterator[str]:  # noqa: ANN401  # blocks of any type
    """Every text that stands in blocks."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)
    else:
        yield from texts([node[key] for key in ("text", "elements", "rows") if key in node])


def _mrkdwn(node: Any) -> Iterator[str]:  # noqa: ANN401  # the same
    if isinstance(node, list):
        for each in node:
            yield from _mrkdwn(each)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        yield from _mrkdwn(list(node.values()))
