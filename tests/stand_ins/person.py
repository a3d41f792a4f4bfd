"""Somebody in the workspace who types the command and clicks buttons.

Payload shapes: https://docs.slack.dev/interactivity/implementing-slash-commands and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_chat import as_slack_shows
from tests.stand_ins.slack_delivery import Ack
from tests.stand_ins.slack_world import PostedMessage, PrivateLine

COMMAND = "/gong-lookup"
APP_ID = "A0GONG"
DEPRECATED_TOKEN = "deprecated-verification-token"
Clickable = PostedMessage | PrivateLine


class Person:
    def __init__(self, slack: Slack, user_id: str, *, team_id: str | None = None) -> None:
        self._slack = slack
        self.user_id = user_id
        known = slack.users.get(user_id)
        self.team_id = team_id or (known.team_id if known else slack.team_id)
        self.name = known.name if known else user_id.lower()

    async def types(self, text: str, *, channel: str, also: dict[str, str] | None = None) -> Ack:
        """Type ``/gong-lookup text``; ``also`` overrides fields of the form."""
        return await self._slack.deliver("command", self.command(text, channel) | (also or {}))

    def command(self, text: str, channel: str) -> dict[str, str]:
        """The form's fields, the deprecated ones too; all values are strings."""
        slack = self._slack
        organisation = {"enterprise_id": slack.enterprise_id or "", "enterprise_name": "Legal Org"}
        return {
            "token": DEPRECATED_TOKEN,
            "team_id": self.team_id,
            "team_domain": "legal-stand-in",
            **(organisation if slack.enterprise_id else {}),
            "channel_id": channel,
            "channel_name": self._channel_name(channel),
            "user_id": self.user_id,
            "user_name": self.name,
            "command": COMMAND,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": slack.new_response_url(self.user_id, channel),
            "trigger_id": _trigger_id(),
        }

    async def clicks(
        self,
        message: Clickable,
        label: str,
        *,
        value: str | None = None,
        action_id: str | None = None,
        channel: str | None = None,
        container_channel: str | None = None,
        also: dict[str, object] | None = None,
    ) -> Ack:
        """Click the button with this visible label, and confirm it where it asks.

        The overrides play attacks.

        Raises:
            AssertionError: the message has no such button, or two, or was deleted.
        """
        button = find_button(message, label)
        altered = {"value": value, "action_id": action_id}
        action = button | {key: new for key, new in altered.items() if new is not None}
        payload = self.interaction(message, action, channel, container_channel)
        return await self._slack.deliver("interactive", payload | (also or {}))

    async def clicks_raw(
        self,
        *,
        action_id: str,
        value: str,
        message: Clickable,
        channel: str | None = None,
        container_channel: str | None = None,
        also: dict[str, object] | None = None,
    ) -> Ack:
        """Send a click on a button that never stood in the message."""
        label = {"type": "plain_text", "text": "Forged", "emoji": False}
        action = {"action_id": action_id, "block_id": "forged", "text": label, "value": value}
        payload = self.interaction(message, action, channel, container_channel)
        return await self._slack.deliver("interactive", payload | (also or {}))

    def interaction(
        self,
        message: Clickable,
        action: dict[str, Any],
        channel: str | None = None,
        container_channel: str | None = None,
    ) -> dict[str, Any]:
        """A block_actions payload for one button of one message."""
        slack, enterprise = self._slack, self._slack.enterprise_id
        shown = channel or message.channel
        return {
            "type": "block_actions",
            "user": {
                "id": self.user_id,
                "username": self.name,
                "name": self.name,
                "team_id": self.team_id,
            },
            "api_app_id": APP_ID,
            "token": DEPRECATED_TOKEN,
            "container": _container(message, container_channel or shown),
            "trigger_id": _trigger_id(),
            "team": {"id": slack.team_id, "domain": "legal-stand-in"},
            "enterprise": {"id": enterprise, "name": "Legal Org"} if enterprise else None,
            "is_enterprise_install": False,
            "channel": {"id": shown, "name": self._channel_name(shown)},
            # Slack sends no message for a click on an ephemeral one
            **({"message": as_slack_shows(message)} if isinstance(message, PostedMessage) else {}),
            "state": {"values": {}},
            "response_url": slack.new_response_url(self.user_id, shown),
            "actions": [{**action, "type": "button", "action_ts": slack.next_ts()}],
        }

    def _channel_name(self, channel_id: str) -> str:
        """Slack does not tell the name of a private conversation."""
        channel = self._slack.channels.get(channel_id)
        if channel_id.startswith("D"):
            return "directmessage"
        return "privategroup" if channel is None or channel.is_private else channel.name


def _container(message: Clickable, channel: str) -> dict[str, Any]:
    ephemeral = isinstance(message, PrivateLine)
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel,
        "is_ephemeral": ephemeral,
    }
    if isinstance(message, PostedMessage) and message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container


def _trigger_id() -> str:
    return f"1763900000000.1763900000.{secrets.token_hex(16)}"


def find_button(message: Clickable, label: str) -> dict[str, Any]:
    """The one button with this label, as Slack sends it: without type, with its block_id."""
    assert not (isinstance(message, PostedMessage) and message.deleted), "the message is deleted"
    found = [b for b in _buttons(message) if b["text"]["text"] == label]
    labels = [button["text"]["text"] for button in _buttons(message)]
    assert len(found) == 1, f"{len(found)} buttons {label!r} among {labels}"
    kept = {"action_id", "block_id", "text", "value", "style", "confirm"}
    return {key: value for key, value in found[0].items() if key in kept}


def _buttons(message: Clickable) -> Iterator[dict[str, Any]]:
    for number, block in enumerate(message.blocks):
        elements = block.get("elements", []) if block["type"] == "actions" else []
        accessory = [block["accessory"]] if "accessory" in block else []
        for place, button in enumerate([*elements, *accessory]):
            ids = {"action_id": f"a{place}", "block_id": block.get("block_id", f"b{number}")}
            yield ids | button
