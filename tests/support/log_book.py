"""What the bot wrote into its log, and a search in it for what must never stand there."""

import base64
import errno
import html
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack
from tests.support.house import AUDIT_KEY

SHORTEST = 6
"""In base64, less than this would stand anywhere by chance."""


class LogBook(io.StringIO):
    """The log as text that grows."""

    full_for: str | None = None
    """There is no room for audit lines of this event."""

    def take(self, line: bytes) -> int:
        """What the audit trail writes to."""
        if self.full_for and f'"event": "{self.full_for}"'.encode() in line:
            raise OSError(errno.ENOSPC, "no room")
        self.write(line.decode())
        return len(line)

    def lines(self) -> list[dict[str, Any]]:
        """Every line, parsed."""
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.lines() if line["event"] == name]


def held_in_confidence(slack: Slack, gong: Gong) -> set[str]:
    """What nobody at all is to read: tokens, keys, secrets and response URLs."""
    key = f"{gong.access_key}:{gong.access_key_secret}"
    held = {slack.bot_token, slack.app_token, slack.signing_secret, AUDIT_KEY}
    return held | {gong.access_key, gong.access_key_secret, key} | set(slack.response_urls)


def secrets_of(slack: Slack, gong: Gong) -> set[str]:
    """Everything that was typed or held in confidence while these two were there."""
    typed = {word for text in slack.typed for word in text.split() if "@" in word}
    asked = {request.address for request in gong.requests}
    return held_in_confidence(slack, gong) | typed | asked


def leaks(text: str, secrets: set[str]) -> list[str]:
    """The secrets that stand in a text, in any of the forms in which they travel."""
    return sorted(secret for secret in secrets if any(form in text for form in _forms(secret)))


def _forms(secret: str) -> set[str]:
    escaped = json.dumps(secret)[1:-1]
    more = {escaped.replace("/", "\\/"), escaped.replace("@", "\\u0040"), html.escape(secret)}
    urls = {quote(secret, safe=""), quote(secret), quote_plus(secret), quote(quote(secret))}
    return {secret, escaped, repr(secret)[1:-1]} | more | urls | set(_in_base64(secret))


def _in_base64(secret: str) -> Iterator[str]:
    """What does not depend on what stands before and after it, for each of the three places."""
    whole = secret.encode("utf-8", "replace")
    if len(whole) < SHORTEST:
        return
    for before, spoilt in ((0, 0), (1, 2), (2, 3)):
        padded = b"\0" * before + whole
        certain = slice(spoilt, len(padded) * 8 // 6)
        yield base64.b64encode(padded).decode()[certain]
        yield base64.urlsafe_b64encode(padded).decode()[certain]
