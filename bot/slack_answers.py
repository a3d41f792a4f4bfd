"""How Slack's own client tells of answers that are none: codes, headers, pauses."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

LONGEST_PAUSE_S = 10.0
"""A longer pause than this is told to the person instead of being waited for."""


class ShortPauses(AsyncRateLimitErrorRetryHandler):
    """Repeats what Slack did not take (429), after the pause it asks for, if that is short."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        is_limited = await super()._can_retry_async(
            state=state, request=request, response=response, error=error
        )
        if not is_limited or response is None:
            return False
        return _pause_s(response.headers) <= LONGEST_PAUSE_S


def _pause_s(headers: Mapping[str, Any]) -> float:
    asked = header(headers, "retry-after") or "1"
    return float(asked) if asked.isdigit() else float("inf")


def header(headers: Mapping[str, Any], name: str) -> str:
    """A header's value; slack_sdk hands out some as lists."""
    for each, value in headers.items():
        if each.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return ""


def code(exc: SlackApiError) -> str:
    """Slack's error code, or `ratelimited`, or `http_` and the status."""
    if _status(exc) == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    data = getattr(exc.response, "data", None)
    error = data.get("error") if isinstance(data, dict) else None
    return str(error or f"http_{_status(exc)}")


def _status(exc: SlackApiError) -> int:
    """The HTTP status; for a body that is no JSON, slack_sdk hands out aiohttp's own response."""
    return int(getattr(exc.response, "status_code", 0) or exc.response.status)
