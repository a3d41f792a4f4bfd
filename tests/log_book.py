"""What the bot wrote into its log, and a search in it for what must never stand there."""

import base64
import io
import json
from typing import Any
from urllib.parse import quote, quote_plus

from tests.house import AUDIT_KEY
from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack


class LogBook(io.StringIO):
    """The log as text that grows."""

    def lines(self) -> list[dict[str, Any]]:
        """Every line, parsed."""
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.lines() if line["event"] == name]


def secrets_of(slack: Slack, gong: Gong) -> set[str]:
    """Everything that was typed or held in confidence while these two were there."""
    key = f"{gong.access_key}:{gong.access_key_secret}"
    held = {slack.bot_token, slack.app_token, slack.signing_secret, AUDIT_KEY}
    held |= {gong.access_key, gong.access_key_secret, base64.b64encode(key.encode()).decode()}
    typed = {word for text in slack.typed for word in text.split() if "@" in word}
    return held | typed | {request.address for request in gong.requests} | set(slack.response_urls)


def leaks(text: str, secrets: set[str]) -> list[str]:
    """The secrets that stand in a text, in any of the forms in which they travel."""
    return sorted(secret for secret in secrets if any(form in text for form in _forms(secret)))


def _forms(secret: str) -> set[str]:
    escaped = json.dumps(secret)[1:-1]
    return {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), escaped}
