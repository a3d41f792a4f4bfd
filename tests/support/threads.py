"""The thread of a look-up: what is posted, what a press does there, and the files in it."""

from tests.stand_ins.slack_world import PostedMessage, StoredFile
from tests.support.house import House

JANE = "jane@example.com"
FORGETFUL = {"CACHE_TTL_SECONDS": "0.001"}
"""Every answer has gone before anybody can press a button."""


async def looked_up(house: House, words: str, user_id: str = "U0ANA") -> list[PostedMessage]:
    """The summary, the files' message and the receipt's message of one look-up."""
    before = len(house.slack.messages)
    await house.person(user_id).types(words, channel="C0LEGAL")
    await house.slack.until(lambda: len(house.slack.messages) == before + 3)
    return house.slack.messages[before:]


async def pressed(
    house: House, message: PostedMessage, label: str, more: int, user_id: str = "U0ANA"
) -> list[PostedMessage]:
    """What a press adds to the thread or the channel."""
    before = len(house.slack.messages)
    await house.person(user_id).clicks(message, label)
    await house.slack.until(lambda: len(house.slack.messages) == before + more)
    return house.slack.messages[before:]


async def edited(
    house: House, message: PostedMessage, label: str, user_id: str = "U0ANA"
) -> PostedMessage:
    """A message after a press that edits it."""
    edits = len(message.edits)
    await house.person(user_id).clicks(message, label)
    await house.slack.until(lambda: len(message.edits) > edits)
    return message


async def refused(house: House, message: PostedMessage, label: str, user_id: str) -> str:
    """What somebody is told whose press does nothing."""
    before = len(house.slack.private)
    await house.person(user_id).clicks(message, label)
    return await house.line_after(before)


def file_of(house: House, message: PostedMessage, ending: str) -> StoredFile:
    (shared,) = (file for file in message.files if file.name.endswith(ending))
    return house.slack.files[shared.id]


def lines_of(receipt: StoredFile) -> dict[str, str]:
    text = (receipt.content or b"").decode()
    return dict(line.split(": ", 1) for line in text.splitlines())
