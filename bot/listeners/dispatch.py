"""Takes payloads from either way in, and hands each to its listener through Bolt.

`process_before_response=True` makes an acknowledgement leave at once instead of after Bolt's
next poll; an exception in a listener would undo it, so none may leave one (see `boundary`).
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.listeners.actions import Actions
from bot.listeners.boundary import Boundary
from bot.listeners.commands import Commands
from bot.lookup.flow import LookupFlow
from bot.messages.signing import Signer
from bot.slack.payloads import COMMAND, Click, Command, parse


class Dispatcher:
    """Owns the Bolt app and its listeners."""

    def __init__(self, flow: LookupFlow, boundary: Boundary, signer: Signer) -> None:
        """Register the listeners; nothing starts yet."""
        self._bolt = AsyncApp(
            logger=_quiet_logger(),
            name="gong-lookup",  # without one, Bolt reads the whole stack's source files
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
        )
        self._bolt.command(COMMAND)(Commands(flow, boundary).on_command)
        self._bolt.action(re.compile(""))(Actions(flow, boundary, signer).on_click)

    async def receive(self, payload: Mapping[str, Any]) -> BoltResponse:
        """Answer one payload, whichever way it came in.

        Raises:
            MalformedPayload: Slack does not send such a thing.
        """
        parsed = parse(payload)
        if parsed is None:
            return BoltResponse(status=200)
        # A dict in "socket_mode" passes by Bolt's own parser, which loses commands that contain
        # the word "payload", and by its signature check, which `http` has done.
        return await self._bolt.async_dispatch(
            AsyncBoltRequest(
                body=_what_bolt_needs(parsed), mode="socket_mode", context={"parsed": parsed}
            )
        )


def _what_bolt_needs(parsed: Command | Click) -> dict[str, Any]:
    """Return what Bolt dispatches by; its own look at the rest stumbles over odd payloads."""
    if isinstance(parsed, Command):
        return {"command": parsed.command}
    return {"type": "block_actions", "actions": [{"action_id": parsed.pressed.action_id}]}


def _quiet_logger() -> logging.Logger:
    """Bolt warns at each start that it takes no token, and logs whole bodies on some faults."""
    logger = logging.getLogger("quiet.slack_bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


async def _authorize() -> AuthorizeResult:
    """Bolt asks whose token it works with; we make no call through Bolt."""
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_user_id="", bot_id="")
