"""What a test posts to Slack's stand-in."""

from typing import Any

SILENT: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str = "Go", **more: object) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": "go", "value": "1", **more}


def actions(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}
