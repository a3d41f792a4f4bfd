"""gong-lookup: the composition root and the command line.

python app.py          serve
python app.py check    say whether everything is set up, line by line
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import stamina.instrumentation
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot import VERSION, check, logs, memory, settings
from bot.access import Access, Rules
from bot.alerts import Alerts
from bot.audit import subject_reference
from bot.conversation import Conversation, House
from bot.errors import SlackFailed
from bot.gong import ATTEMPT_S, LOOKUP_S, Gong, open_client
from bot.handlers import FINISH_S, SAY_S, Handlers
from bot.lookup import Lookups
from bot.models import ClocksDiffer
from bot.query import CaseRules
from bot.quota import Quota
from bot.server import FrontDoor, PortTaken, listening
from bot.settings import Settings, SettingsError
from bot.slack import CALL_S, Slack, open_slack
from bot.socket_mode import connected

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

EXIT_SETTINGS = 2

T = TypeVar("T")


class TokenRefused(Exception):
    """Slack will not take the token that a variable holds."""

    def __init__(self, variable: str, code: str) -> None:
        """Keep the variable's name and Slack's code for the reason."""
        super().__init__(f"{variable}: Slack does not accept this token ({code})")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for others; no setting, for the sum must stay below Heroku's 30 s."""

    attempt_s: float = ATTEMPT_S
    lookup_s: float = LOOKUP_S
    finish_s: float = FINISH_S
    say_s: float = SAY_S
    slack_call_s: float = CALL_S
    auth_retry_s: float = AUTH_RETRY_S


@dataclass
class Bot:
    """The running bot, as its tests and its host see it."""

    handlers: Handlers
    port: int = 0
    socket: SocketModeClient | None = None
    introduction: asyncio.Task[None] = field(init=False)
    """Done once Slack has confirmed our tokens; fails with `TokenRefused`."""

    async def is_ready(self) -> bool:
        """Whether commands will be answered."""
        if self.handlers.identity is None:
            return False
        return self.socket is None or await self.socket.is_connected()


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; returns the exit code."""
    if list(arguments) not in ([], ["check"]):
        print(__doc__, file=sys.stderr)
        return EXIT_SETTINGS
    try:
        found = settings.read(environ)
    except SettingsError as exc:
        print("The settings are not complete:", file=sys.stderr)
        for problem in exc.problems:
            print(f"  ✗ {problem}", file=sys.stderr)
        return EXIT_SETTINGS
    logs.configure(found.log_level)
    memory.give_back_at_once()
    try:
        return asyncio.run(check.run(found) if arguments else serve(found))
    except (TokenRefused, PortTaken) as exc:
        print(exc, file=sys.stderr)
        return EXIT_SETTINGS


async def serve(found: Settings) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(found) as bot:
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, bot.introduction}, return_when=asyncio.FIRST_COMPLETED)
        if bot.introduction.done():
            bot.introduction.result()
        await stopped
        logs.event("stopping")
    logs.event("stopped")
    return 0


@asynccontextmanager
async def running(found: Settings, patience: Patience = Patience()) -> AsyncIterator[Bot]:
    """The bot between its two services, until the block ends; it closes in reverse order."""
    stamina.instrumentation.set_on_retry_hooks([])  # its own log what was asked
    async with AsyncExitStack() as stack:
        token = found.slack_bot_token.get_secret_value()
        opening = open_slack(token, found.slack_api_url, patience.slack_call_s)
        slack = await stack.enter_async_context(opening)
        gong_client = await stack.enter_async_context(
            open_client(
                found.gong_base_url,
                found.gong_access_key.get_secret_value(),
                found.gong_access_key_secret.get_secret_value(),
            )
        )
        quota = Quota(found.gong_calls_per_second, found.gong_calls_per_day)
        lookups = Lookups(
            Gong(gong_client, quota, patience.attempt_s, patience.lookup_s).ask,
            found.cache_ttl_seconds,
            int(found.cache_max_megabytes * 1024**2),
        )
        stack.push_async_callback(lookups.close)
        access = Access(access_rules(found), slack)
        alerts = Alerts(found.alert_channel, slack.post)
        stack.push_async_callback(alerts.close)
        conversation = Conversation(house(found), access, lookups, slack, quota, alerts)
        handlers = Handlers(conversation, patience.finish_s, patience.say_s)
        bot = Bot(handlers)
        secret = found.front_door_secret
        door = FrontDoor(
            handlers.receive, bot.is_ready, secret, on_skew=partial(alerts.hear, ClocksDiffer())
        )
        bot.port = await stack.enter_async_context(listening(door, found.host, found.port))
        logs.event("listening", version=VERSION, port=bot.port, is_socket_mode=secret is None)
        sockets = await stack.enter_async_context(AsyncExitStack())
        stack.push_async_callback(handlers.close)
        introduction = _introduce(bot, found, slack, sockets, patience.auth_retry_s)
        bot.introduction = asyncio.create_task(introduction)
        stack.push_async_callback(_cancel, bot.introduction)
        yield bot


async def _introduce(
    bot: Bot, found: Settings, slack: Slack, sockets: AsyncExitStack, retry_s: float
) -> None:
    """Learn who we are, outside of any acknowledgement; then open the socket, if there is one."""
    identity = await _until_slack_answers("SLACK_BOT_TOKEN", slack.identity, retry_s)
    if found.slack_app_token:
        token = found.slack_app_token.get_secret_value()
        taken = partial(slack.check_app_token, token)
        await _until_slack_answers("SLACK_APP_TOKEN", taken, retry_s)
        bot.socket = await sockets.enter_async_context(
            connected(bot.handlers.receive, slack.web, token)
        )
    bot.handlers.identity = identity
    logs.event("ready", team=identity.team_id)


async def _until_slack_answers(
    variable: str, call: Callable[[], Awaitable[T]], retry_s: float
) -> T:
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


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


def access_rules(found: Settings) -> Rules:
    """What the settings say of who may ask."""
    return Rules(
        channels=found.authorized_channels,
        users=found.authorized_users,
        may_be_public=found.allow_public_channels,
        per_minute=found.person_lookups_per_minute,
        per_day=found.person_lookups_per_day,
    )


def house(found: Settings) -> House:
    """What the settings say of this installation."""
    return House(
        contact=found.support_contact,
        case_rules=CaseRules(
            re.compile(found.case_reference_pattern),
            found.case_reference_example,
            found.case_reference_required,
        ),
        company_domains=found.company_domains,
        app_url=found.gong_app_url,
        subject=partial(subject_reference, found.audit_key.get_secret_value().encode()),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
