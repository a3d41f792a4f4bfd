"""What a button carries behind its signature, and signatures that only we can make."""

import json
from typing import Any

from bot.messages.signing import Signer
from bot.slack import block_kit
from bot.slack.block_kit import Message
from tests.stand_ins.person import find_button
from tests.stand_ins.slack_chat import as_slack_shows
from tests.stand_ins.slack_world import PostedMessage
from tests.support.house import AUDIT_KEY

MAC_CHARACTERS = 43


def state_of(value: str) -> list[Any]:
    """The state, without the signature before it."""
    state: list[Any] = json.loads(value[MAC_CHARACTERS:])
    return state


def carried(message: PostedMessage, label: str) -> list[Any]:
    """The state that a button carries."""
    return state_of(find_button(message, label)["value"])


def with_part(value: str, place: int, part: object) -> str:
    """The value with one part of its state changed, under the signature it had."""
    state = state_of(value)
    changed = [*state[:place], part, *state[place + 1 :]]
    return value[:MAC_CHARACTERS] + json.dumps(changed)


def standing(message: PostedMessage, action_id: str, value: str) -> dict[str, object]:
    """What Slack would send along with a click if the button stood in the message."""
    shown = as_slack_shows(message)
    made_up = block_kit.actions(block_kit.button("Made up", action_id, value))
    return {"message": shown | {"blocks": [*shown["blocks"], made_up]}}


def signed(channel: str, action_id: str, state: list[Any]) -> str:
    """The value that we would make ourselves."""
    unsigned = block_kit.button("Made up", action_id, json.dumps(state, separators=(",", ":")))
    message = Message("Made up", (block_kit.actions(unsigned),))
    made = Signer(AUDIT_KEY.encode()).sign(channel, message)
    value: str = made.blocks[0]["elements"][0]["value"]
    return value
