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
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import stamina.instrumentation
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot import VERSION, logs, output
from bot.cli import audit, check, verify
from bot.errors import LogFailed
from bot.evidence.trail import ALIVE_EVERY_S, Trail
from bot.gong.client import AT_ONCE_BYTES, ATTEMPT_S, LOOKUP_S, GongClient, open_gong
from bot.listeners.boundary import FINISH_S, SAY_S, Boundary
from bot.listeners.connections import PortTaken, listen
from bot.listeners.dispatch import Dispatcher
from bot.listeners.http import HttpListener
from bot.listeners.socket_mode import connect
from bot.lookup.access import Access, AccessRules
from bot.lookup.alerts import Alerts
from bot.lookup.command import CaseRules
from bot.lookup.flow import LookupFlow
from bot.lookup.publishing import Publisher
from bot.lookup.uploads import Uploads
from bot.lookup.withdrawal import Withdrawals
from bot.messages.signing import Signer
from bot.models import ClocksDiffer, Event, Withdrawal
from bot.runtime import return_freed_memory
from bot.settings import Settings, SettingsError, read_settings
from bot.slack.client import CALL_S, open_slack
from bot.slack.retries import AUTH_RETRY_S, TokenRefused, retry_until_answered
from bot.state.answers import Answers
from bot.state.byte_budget import ByteBudget
from bot.state.message_locks import MessageLocks
from bot.state.person_limits import PersonLimits
from bot.state.quota import Quota

EXIT_SETTINGS = 2


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest waits for others; no settings, for the sum must stay below Heroku's 30 s."""

    attempt_s: float = ATTEMPT_S
    lookup_s: float = LOOKUP_S
    finish_s: float = FINISH_S
    say_s: float = SAY_S
    slack_call_s: float = CALL_S
    auth_retry_s: float = AUTH_RETRY_S


@dataclass
class Bot:
    """The running bot, as its tests and its host see it."""

    flow: LookupFlow
    boundary: Boundary
    door: HttpListener = field(init=False)
    port: int = 0
    socket: SocketModeClient | None = None
    introduction: asyncio.Task[None] = field(init=False)
    """Done once Slack has confirmed our tokens; fails with `TokenRefused`."""

    async def is_ready(self) -> bool:
        """Whether commands will be answered."""
        if self.boundary.identity is None:
            return False
        return self.socket is None or await self.socket.is_connected()


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; return the exit code."""
    match list(arguments):
        case ["audit", *rest]:
            return audit.run(rest, environ, sys.stdin.buffer)
        case ["verify", file, receipt]:
            return verify.run(environ, Path(file), Path(receipt))
    if list(arguments) not in ([], ["check"]):
        print(__doc__, file=sys.stderr)
        return EXIT_SETTINGS
    try:
        settings = read_settings(environ)
    except SettingsError as exc:
        print("The settings are not complete:", file=sys.stderr)
        for problem in exc.problems:
            print(f"  ✗ {problem}", file=sys.stderr)
        return EXIT_SETTINGS
    logs.configure(settings.log_level)
    return_freed_memory()
    try:
        return asyncio.run(check.run(settings) if arguments else serve(settings))
    except (TokenRefused, PortTaken) as exc:
        print(exc, file=sys.stderr)
        return EXIT_SETTINGS


async def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    gc.freeze()  # what was imported stays: looking at it again would stop everybody for 28 ms
    gc.collect()  # learns how little is left: so much more sets off the next collection of all
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with output.opened(sys.stdout.fileno()) as out:
        logs.configure(settings.log_level, out.log)
        async with running(settings, out.write) as bot:
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({stopped, bot.introduction}, return_when=asyncio.FIRST_COMPLETED)
            if bot.introduction.done():
                bot.introduction.result()
            await stopped
            logs.event("stopping")
        logs.event("stopped")
        logs.flush()
    return 0


@asynccontextmanager
async def running(
    settings: Settings,
    write: Callable[[bytes], int | None],
    patience: Patience = Patience(),
) -> AsyncIterator[Bot]:
    """Run the bot between its two services until the block ends; close in reverse order.

    `write` takes the lines of the audit trail.
    """
    stamina.instrumentation.set_on_retry_hooks([])  # its own log what was asked
    key = settings.audit_key.get_secret_value().encode()
    trail, signer = Trail(key, write, {"version": VERSION}), Signer(key)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(on_record(trail))
        flow = await _put_together(settings, trail, signer, stack, patience)
        boundary = _boundary(settings, flow, patience)
        bot, receive = Bot(flow, boundary), Dispatcher(flow, boundary, signer).receive
        secret = settings.front_door_secret
        notify_of_clock = partial(flow.alerts.notify, ClocksDiffer())
        bot.door = door = HttpListener(receive, bot.is_ready, secret, on_skew=notify_of_clock)
        listening = listen(door.answer, settings.host, settings.port)
        bot.port = await stack.enter_async_context(listening)
        logs.event("listening", version=VERSION, port=bot.port, is_socket_mode=secret is None)
        sockets = await stack.enter_async_context(AsyncExitStack())
        stack.push_async_callback(boundary.close)

        async def connect_socket(token: str) -> None:
            connecting = connect(receive, flow.slack.web, token)
            bot.socket = await sockets.enter_async_context(connecting)

        introduction = _introduce(bot, settings, connect_socket, patience.auth_retry_s)
        bot.introduction = asyncio.create_task(introduction)
        stack.push_async_callback(_cancel, bot.introduction)
        yield bot


def _boundary(settings: Settings, flow: LookupFlow, patience: Patience) -> Boundary:
    words = settings.support_contact, settings.case_reference_example
    parts = flow.slack, flow.trail, flow.alerts
    return Boundary(*parts, *words, finish_s=patience.finish_s, say_s=patience.say_s)


async def _put_together(
    settings: Settings, trail: Trail, signer: Signer, stack: AsyncExitStack, patience: Patience
) -> LookupFlow:
    """Return all that answers; the stack closes what of it has to be closed."""
    token = settings.slack_bot_token.get_secret_value()
    opening = open_slack(token, settings.slack_api_url, patience.slack_call_s, signer.sign)
    slack = await stack.enter_async_context(opening)
    quota = Quota(settings.gong_calls_per_second, settings.gong_calls_per_day)
    answers = await stack.enter_async_context(_answers(settings, quota, patience))
    alerts = Alerts(settings.alert_channel, slack.post)
    stack.push_async_callback(alerts.close)
    withdrawal, locks = Withdrawal(settings.withdraw), MessageLocks()
    may_go = withdrawal is not Withdrawal.NOBODY
    return LookupFlow(
        case_rules=_case_rules(settings),
        company_domains=settings.company_domains,
        access=Access(_access_rules(settings), slack.fetch_person, slack.fetch_channel),
        limits=PersonLimits(settings.person_lookups_per_minute, settings.person_lookups_per_day),
        answers=answers,
        quota=quota,
        slack=slack,
        trail=trail,
        alerts=alerts,
        publisher=Publisher(slack, trail, locks, settings.gong_app_url, may_go),
        uploads=Uploads(slack, trail, may_go),
        withdrawals=Withdrawals(slack, trail, locks, withdrawal),
    )


def _case_rules(settings: Settings) -> CaseRules:
    example, is_required = settings.case_reference_example, settings.case_reference_required
    return CaseRules(re.compile(settings.case_reference_pattern), example, is_required)


def _access_rules(settings: Settings) -> AccessRules:
    users, may_be_public = settings.authorized_users, settings.allow_public_channels
    return AccessRules(settings.authorized_channels, users, may_be_public)


@asynccontextmanager
async def _answers(settings: Settings, quota: Quota, patience: Patience) -> AsyncIterator[Answers]:
    """Fetch and keep answers of Gong until the block ends."""
    key, secret = settings.gong_access_key, settings.gong_access_key_secret
    opening = open_gong(settings.gong_base_url, key.get_secret_value(), secret.get_secret_value())
    async with opening as client:
        max_bytes = int(settings.cache_max_megabytes * 1024**2)
        budget = ByteBudget(max_bytes + AT_ONCE_BYTES)
        gong = GongClient(client, quota, budget, patience.attempt_s, patience.lookup_s)
        answers = Answers(gong.ask, settings.cache_ttl_seconds, max_bytes)
        try:
            yield answers
        finally:
            await answers.close()


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
    bot: Bot, settings: Settings, connect_socket: Callable[[str], Awaitable[None]], retry_s: float
) -> None:
    """Learn who we are, outside of any acknowledgement; then open the socket, if there is one."""
    slack = bot.flow.slack
    identity = await retry_until_answered("SLACK_BOT_TOKEN", slack.fetch_identity, retry_s)
    if settings.slack_app_token:
        token = settings.slack_app_token.get_secret_value()
        taken = partial(slack.check_app_token, token)
        await retry_until_answered("SLACK_APP_TOKEN", taken, retry_s)
        await connect_socket(token)
    bot.boundary.identity = identity
    logs.event("ready", team=identity.team_id)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
