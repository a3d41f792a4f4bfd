"""Signs what a person can send back later, and opens it again: nothing else of it is believed.

Slack hands on whatever a client sends as a button's action and value, so a value is signed over its
state, its action and its channel. A button that was altered, invented, or carried to another
channel or action opens for nobody.
"""

import base64
import hmac

from bot.evidence.seals import derive_key
from bot.refusals import ButtonUnreadable
from bot.slack.block_kit import Block, Message

_MAC_CHARACTERS = 43
"""Of 32 bytes in base64 without padding."""


class Signer:
    """Signs and opens under a key of its own, derived from `AUDIT_KEY`."""

    def __init__(self, audit_key: bytes) -> None:
        """Derive the key: what is signed here can pass for no receipt and no line of the trail."""
        self._key = derive_key(audit_key, "what a person sends back")

    def sign(self, channel_id: str, message: Message) -> Message:
        """Return the message with the value of every button signed for this channel."""
        return Message(message.text, tuple(self._signed(channel_id, b) for b in message.blocks))

    def open(self, channel_id: str, action_id: str, value: str) -> str:
        """Return the state that a value carries.

        Raises:
            ButtonUnreadable: we did not sign it, or for another action or channel.
        """
        mac, state = value[:_MAC_CHARACTERS], value[_MAC_CHARACTERS:]
        expected = self._mac(channel_id, action_id, state)
        if not hmac.compare_digest(mac.encode("utf-8", "replace"), expected.encode()):
            raise ButtonUnreadable
        return state

    def _signed(self, channel_id: str, block: Block) -> Block:
        if block["type"] != "actions":
            return block
        elements = [
            element | {"value": self._value(channel_id, element["action_id"], element["value"])}
            for element in block["elements"]
        ]
        return block | {"elements": elements}

    def _value(self, channel_id: str, action_id: str, state: str) -> str:
        return self._mac(channel_id, action_id, state) + state

    def _mac(self, channel_id: str, action_id: str, state: str) -> str:
        signed = f"{channel_id}\n{action_id}\n{state}".encode("utf-8", "replace")
        mac = hmac.digest(self._key, signed, "sha256")
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")
