"""How Slack brings commands and clicks to an app, and reads the acknowledgement."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.stand_ins.slack_world import Blocks


@dataclass(frozen=True, slots=True)
class Ack:
    """How the bot acknowledged; status 0: not at all, within 3 s."""

    status: int
    content: dict[str, Any] = field(default_factory=dict)  # text/plain counts as {"text": …}
    raw: bytes | dict[str, Any] = b""  # the HTTP body, or the payload of the socket's reply
    ms: float = 0

    @property
    def text(self) -> str:
        return str(self.content.get("text", ""))

    @property
    def blocks(self) -> Blocks:
        return list(self.content.get("blocks") or [])


@dataclass(frozen=True, slots=True)
class Delivery:
    """A command or a click on its way to the bot; over a socket it has no headers."""

    kind: str  # "command" | "interactive"
    headers: dict[str, str]
    body: bytes


def signed(body: bytes, at: int | None, secret: str) -> dict[str, str]:
    """Signature v0: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    stamp = str(int(time.time()) if at is None else at)
    base = b"v0:" + stamp.encode() + b":" + body
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest(),
    }


def form(kind: str, payload: dict[str, Any]) -> bytes:
    """Commands are plain form fields; interactions are JSON in the field ``payload``."""
    fields = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode()


def over_socket(payload: dict[str, Any]) -> Ack:
    return Ack(200, payload, payload)


async def over_http(
    client: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str], wall_s: float
) -> Ack:
    """One POST.

    Raises:
        TimeoutError: the wall was reached.
        aiohttp.ClientError: there was no HTTP answer.
    """
    timeout = aiohttp.ClientTimeout(total=wall_s)
    posting = client.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False)
    async with posting as response:
        raw = await response.read()
        return Ack(response.status, _content(response.content_type, raw), raw)


def _content(content_type: str, raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        return {}
    if content_type != "application/json":
        return {"text": raw.decode()}
    parsed = json.loads(raw)
    return parsed if isinstance(parsed, dict) else {"text": str(parsed)}
