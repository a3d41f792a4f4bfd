"""The payloads that Slack sends, checked for their shape before anything else looks at them.

Slash commands: https://docs.slack.dev/interactivity/implementing-slash-commands
Clicks: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from bot.models import Asker

COMMAND = "/gong-lookup"

_Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]+\Z", max_length=64)]
_Timestamp = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}\.[0-9]{1,10}\Z")]


class MalformedPayload(ValueError):
    """Slack does not send this."""


class Command(msgspec.Struct, frozen=True):
    """A slash command."""

    command: str
    team_id: _Id
    channel_id: _Id
    user_id: _Id
    response_url: str
    text: str = ""
    enterprise_id: str | None = None

    @property
    def asker(self) -> Asker:
        """The person who typed it."""
        return Asker(
            self.team_id,
            self.enterprise_id or None,
            self.channel_id,
            self.user_id,
            self.response_url,
        )


class _Named(msgspec.Struct, frozen=True):
    id: _Id


class _User(msgspec.Struct, frozen=True):
    id: _Id
    team_id: _Id | None = None


class _Container(msgspec.Struct, frozen=True):
    message_ts: _Timestamp
    channel_id: _Id
    thread_ts: _Timestamp | None = None


class _Pressed(msgspec.Struct, frozen=True):
    action_id: str
    value: str = ""


class _Message(msgspec.Struct, frozen=True):
    ts: _Timestamp | None = None
    thread_ts: _Timestamp | None = None
    blocks: tuple[Any, ...] = ()


class Click(msgspec.Struct, frozen=True):
    """A pressed button."""

    user: _User
    channel: _Named
    container: _Container
    actions: Annotated[tuple[_Pressed, ...], msgspec.Meta(min_length=1)]
    response_url: str
    team: _Named | None = None
    enterprise: _Named | None = None
    message: _Message | None = None

    @property
    def asker(self) -> Asker:
        """The person who pressed it; in an organisation, `team` may be null."""
        team_id = self.user.team_id or (self.team.id if self.team else "")
        enterprise_id = self.enterprise.id if self.enterprise else None
        return Asker(team_id, enterprise_id, self.channel.id, self.user.id, self.response_url)

    @property
    def pressed(self) -> _Pressed:
        """The button."""
        return self.actions[0]

    @property
    def message_ts(self) -> str:
        """The message that the button stands in."""
        return self.container.message_ts

    @property
    def root_ts(self) -> str:
        """The first message of the thread that the button stands in, or under."""
        return (self.message and self.message.thread_ts) or self.container.message_ts

    @property
    def stands_in_its_message(self) -> bool:
        """Whether the button stands in the very message that Slack sends along."""
        message, container = self.message, self.container
        if message is None or message.ts != container.message_ts:
            return False
        if container.thread_ts not in {None, message.thread_ts, message.ts}:
            return False
        pressed = self.pressed.action_id, _unescaped(self.pressed.value)
        return pressed in [
            (element.get("action_id"), _unescaped(element.get("value")))
            for block in message.blocks
            if isinstance(block, dict) and isinstance(block.get("elements"), list)
            for element in block["elements"]
            if isinstance(element, dict)
        ]

    @property
    def is_in_its_channel(self) -> bool:
        """Whether the message stands in the channel where it was clicked, not forwarded."""
        return self.container.channel_id == self.channel.id


def _unescaped(value: object) -> str:
    """Undo Slack's escaping: whether it escapes values within a message is not documented."""
    text = value if isinstance(value, str) else ""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def parse(payload: Mapping[str, Any]) -> Command | Click | None:
    """Return the command or click in a payload; None for anything else that Slack may send.

    Raises:
        MalformedPayload: it claims to be a command or a click, and is not.
    """
    try:
        if "command" in payload:
            return msgspec.convert(payload, Command)
        if payload.get("type") == "block_actions":
            return msgspec.convert(payload, Click)
    except msgspec.ValidationError as exc:
        raise MalformedPayload from exc
    return None
