"""gong-lookup: the composition root and the command line.

python app.py                        serve
python app.py check                  say whether everything is set up, line by line
python app.py verify FILE RECEIPT    is the receipt ours and unaltered, and is this its file?
python app.py audit verify < log     is the audit trail whole?
python app.py audit who EMAIL < log  the look-ups of one address
python app.py audit report --from DAY --to DAY < log         all lines of a period, as CSV
"""

import asyncio
import gc
import io
import os
import re
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import stamina.instrumentation
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot import VERSION, auditor, check, logs, memory, settings, verifier
from bot.access import Access, Rules
from bot.alerts import Alerts
from bot.attachments import Attachments
from bot.audit import ALIVE_EVERY_S, Trail
from bot.conversation import Conversation, House
from bot.disclosure import Disclosure
from bot.edits import Edits
from bot.errors import LogFailed
from bot.gong import ATTEMPT_S, LOOKUP_S, Gong, open_client
from bot.handlers import FINISH_S, SAY_S, Handlers
from bot.introduction import AUTH_RETRY_S, TokenRefused, until_slack_answers
from bot.lookup import Lookups
from bot.models import ClocksDiffer, Event, Withdrawal
from bot.query import CaseRules
from bot.quota import Quota
from bot.server import FrontDoor, PortTaken, listening
from bot.settings import Settings, SettingsError
from bot.slack import CALL_S, Slack, open_slack
from bot.socket_mode import connected
from bot.withdrawal import Withdrawals

EXIT_SETTINGS = 2


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
    match list(arguments):
        case ["audit", *rest]:
            return auditor.run(rest, environ, sys.stdin.buffer)
        case ["verify", file, receipt]:
            return verifier.run(environ, Path(file), Path(receipt))
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
    gc.freeze()  # what was imported stays: looking at it again would stop everybody for 28 ms
    gc.collect()  # learns how little is left: so much more sets off the next collection of all
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(found, _stdout().write) as bot:
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, bot.introduction}, return_when=asyncio.FIRST_COMPLETED)
        if bot.introduction.done():
            bot.introduction.result()
        await stopped
        logs.event("stopping")
    logs.event("stopped")
    return 0


def _stdout() -> io.FileIO:
    """Standard output, unbuffered; a pipe that nobody reads is full, and stops nobody."""
    descriptor = sys.stdout.fileno()
    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        os.set_blocking(descriptor, False)
    return io.FileIO(descriptor, "wb", closefd=False)


@asynccontextmanager
async def running(
    found: Settings,
    write: Callable[[bytes], int | None],
    patience: Patience = Patience(),
) -> AsyncIterator[Bot]:
    """The bot between its two services, until the block ends; it closes in reverse order.

    `write` takes the lines of the audit trail.
    """
    stamina.instrumentation.set_on_retry_hooks([])  # its own log what was asked
    trail = Trail(found.audit_key.get_secret_value().encode(), write, {"version": VERSION})
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(on_record(trail))
        token = found.slack_bot_token.get_secret_value()
        opening = open_slack(token, found.slack_api_url, patience.slack_call_s)
        slack = await stack.enter_async_context(opening)
        conversation = await _conversation(found, trail, slack, stack, patience)
        handlers = Handlers(conversation, patience.finish_s, patience.say_s)
        bot = Bot(handlers)
        secret = found.front_door_secret
        told_of_clock = partial(conversation.alerts.hear, ClocksDiffer())
        door = FrontDoor(handlers.receive, bot.is_ready, secret, on_skew=told_of_clock)
        bot.port = await stack.enter_async_context(listening(door, found.host, found.port))
        logs.event("listening", version=VERSION, port=bot.port, is_socket_mode=secret is None)
        sockets = await stack.enter_async_context(AsyncExitStack())
        stack.push_async_callback(handlers.close)
        introduction = _introduce(bot, found, slack, sockets, patience.auth_retry_s)
        bot.introduction = asyncio.create_task(introduction)
        stack.push_async_callback(_cancel, bot.introduction)
        yield bot


async def _conversation(
    found: Settings, trail: Trail, slack: Slack, stack: AsyncExitStack, patience: Patience
) -> Conversation:
    """All that answers; the stack closes what of it has to be closed."""
    key, secret = found.gong_access_key, found.gong_access_key_secret
    gong_client = await stack.enter_async_context(
        open_client(found.gong_base_url, key.get_secret_value(), secret.get_secret_value())
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
    shown = showing(found, slack, trail)
    return Conversation(house(found), access, lookups, slack, quota, alerts, trail, *shown)


@asynccontextmanager
async def on_record(trail: Trail, alive_every_s: float = ALIVE_EVERY_S) -> AsyncIterator[None]:
    """Say in the trail that the process starts, goes on and stops, as far as it can be written."""
    _say(trail.start)
    alive = asyncio.create_task(_say_alive(trail, alive_every_s))
    try:
        yield
    finally:
        await _cancel(alive)
        _say(partial(trail.record, Event.STOPPED))


async def _say_alive(trail: Trail, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        _say(partial(trail.record, Event.ALIVE))


def _say(write: Callable[[], None]) -> None:
    try:
        write()
    except LogFailed:
        logs.event("trail_not_written")


async def _introduce(
    bot: Bot, found: Settings, slack: Slack, sockets: AsyncExitStack, retry_s: float
) -> None:
    """Learn who we are, outside of any acknowledgement; then open the socket, if there is one."""
    identity = await until_slack_answers("SLACK_BOT_TOKEN", slack.identity, retry_s)
    if found.slack_app_token:
        token = found.slack_app_token.get_secret_value()
        taken = partial(slack.check_app_token, token)
        await until_slack_answers("SLACK_APP_TOKEN", taken, retry_s)
        bot.socket = await sockets.enter_async_context(
            connected(bot.handlers.receive, slack.web, token)
        )
    bot.handlers.identity = identity
    logs.event("ready", team=identity.team_id)


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
    )


def showing(
    found: Settings, slack: Slack, trail: Trail
) -> tuple[Disclosure, Attachments, Withdrawals]:
    """What posts, attaches and takes back, as the settings want it."""
    withdrawal = Withdrawal(found.withdraw)
    may_be_withdrawn = withdrawal is not Withdrawal.NOBODY
    attachments, edits = Attachments(slack, trail, may_be_withdrawn), Edits()
    disclosure = Disclosure(
        slack,
        trail,
        attachments,
        edits,
        found.company_domains,
        found.gong_app_url,
        may_be_withdrawn,
    )
    return disclosure, attachments, Withdrawals(slack, trail, edits, withdrawal)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
