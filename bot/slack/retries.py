"""When a call to Slack is worth repeating, and the codes and headers that say so."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot import logs
from bot.errors import SlackFailed

AUTH_RETRY_S = 5.0
FATAL = frozenset(
    {
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_authed",
        "not_allowed_token_type",
    }
)
"""Slack's codes for a token that will not work, however often it is tried."""

LONGEST_PAUSE_S = 10.0
"""A longer pause than this is told to the person instead of being waited for."""

_T = TypeVar("_T")
_CODE = re.compile(r"[a-z0-9_]{1,64}")


class TokenRefused(Exception):
    """Slack will not take the token that a variable holds."""

    def __init__(self, variable: str, code: str) -> None:
        """Keep the variable's name and Slack's code for the reason."""
        super().__init__(f"{variable}: Slack does not accept this token ({code})")


async def retry_until_answered(
    variable: str, call: Callable[[], Awaitable[_T]], retry_s: float
) -> _T:
    """Return what the call returns, however long Slack takes to be there.

    Raises:
        TokenRefused: trying again cannot help.
    """
    while True:
        try:
            return await call()
        except SlackFailed as exc:
            if exc.code in FATAL:
                raise TokenRefused(variable, exc.code) from exc
            logs.event("slack_does_not_answer", code=exc.code, again_in_s=retry_s)
        await asyncio.sleep(retry_s)


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
    asked = read_header(headers, "retry-after") or "1"
    return float(asked) if asked.isdigit() else float("inf")


def read_header(headers: Mapping[str, Any], name: str) -> str:
    """Return a header's value; slack_sdk hands out some as lists."""
    for each, value in headers.items():
        if each.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return ""


def read_code(exc: SlackApiError) -> str:
    """Return Slack's error code, or `ratelimited`, or `http_` and the status."""
    if _status(exc) == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    data = getattr(exc.response, "data", None)
    error = data.get("error") if isinstance(data, dict) else None
    if error is None:
        return f"http_{_status(exc)}"
    return error if _CODE.fullmatch(str(error)) else "unknown"


def _status(exc: SlackApiError) -> int:
    """Return the HTTP status; slack_sdk hands out aiohttp's own response for what is no JSON."""
    return int(getattr(exc.response, "status_code", 0) or exc.response.status)
