"""Asking Slack who we are, for as long as it takes, unless trying again cannot help."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

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
"""What Slack says of a token that will not work, however often it is tried."""

T = TypeVar("T")


class TokenRefused(Exception):
    """Slack will not take the token that a variable holds."""

    def __init__(self, variable: str, code: str) -> None:
        """Keep the variable's name and Slack's code for the reason."""
        super().__init__(f"{variable}: Slack does not accept this token ({code})")


async def until_slack_answers(variable: str, call: Callable[[], Awaitable[T]], retry_s: float) -> T:
    """What the call returns, however long Slack takes to be there.

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
