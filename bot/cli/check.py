"""`python app.py check`: is everything set up? A line each, ✓ or ✗, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.errors import AddressRejected, SearchFailed, SlackFailed
from bot.gong.client import GongClient, open_gong
from bot.lookup import alerts
from bot.messages import ephemeral
from bot.models import Channel, Email, Identity, Person
from bot.settings import Settings
from bot.slack.block_kit import text_message
from bot.slack.client import SlackClient, open_slack
from bot.state.quota import Quota

SCOPES = frozenset(
    {"commands", "chat:write", "files:write", "channels:read", "groups:read", "users:read"}
)
"""What the code needs; `manifest.yml` asks for these, and gives a reason for each."""

CHECK_EMAIL = Email("gong-lookup-check@example.invalid")
"""Nobody's: RFC 2606 keeps `.invalid` free for ever."""

CLOCKS_AGREE_S = 60
_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing that holds, or does not."""

    holds: bool
    sentence: str


def _good(sentence: str) -> CheckLine:
    return CheckLine(holds=True, sentence=sentence)


def _bad(sentence: str) -> CheckLine:
    return CheckLine(holds=False, sentence=sentence)


async def run(settings: Settings) -> int:
    """Print a line for each thing checked; return the exit code: 0 when all hold."""
    all_hold = True
    async for line in check_lines(settings):
        all_hold &= line.holds
        print(f"{'✓' if line.holds else '✗'} {line.sentence}", flush=True)
    if not settings.company_domains:
        print(
            "- COMPANY_DOMAINS is not set: an empty answer for one of your own people will read "
            "“No references returned”, although Gong does not cover its users here."
        )
    if settings.slack_app_token is None:
        print(
            "- The signing secret cannot be checked from here: type /gong-lookup help in Slack. "
            "If Slack reports an error, compare SLACK_SIGNING_SECRET with Basic Information."
        )
    return 0 if all_hold else 1


async def check_lines(settings: Settings) -> AsyncIterator[CheckLine]:
    """Check all that can be checked from here, in the order in which it is set up."""
    way_in = "Socket Mode" if settings.slack_app_token else "HTTP"
    yield _good(f"Settings are complete; Slack reaches this bot by {way_in}.")
    token = settings.slack_bot_token.get_secret_value()
    async with open_slack(token, settings.slack_api_url) as slack:
        async for line in _slack_lines(settings, slack):
            yield line
    yield await _gong_line(settings)


async def _slack_lines(settings: Settings, slack: SlackClient) -> AsyncIterator[CheckLine]:
    try:
        identity = await slack.fetch_identity()
    except SlackFailed as exc:
        yield _bad(f"SLACK_BOT_TOKEN: {_token_problem(exc, 'Install the app again.')}")
        return
    yield _good(f"Slack accepts the bot token; this bot is @{identity.bot_name}.")
    yield _scopes_line(identity)
    yield await _clock_line(slack)
    if settings.slack_app_token:
        yield await _app_token_line(slack, settings.slack_app_token.get_secret_value())
    for channel_id in sorted(settings.authorized_channels):
        yield await _channel_line(settings, slack, channel_id, identity)
    if settings.alert_channel:
        yield await _alert_line(slack, settings.alert_channel, identity)


async def _alert_line(slack: SlackClient, channel_id: str, identity: Identity) -> CheckLine:
    try:
        await slack.post(channel_id, text_message(alerts.TEST_LINE))
    except SlackFailed as exc:
        return _bad(
            f"ALERT_CHANNEL {channel_id}: Slack does not take a line there ({exc.code}). Type "
            f"/invite @{identity.bot_name} there."
        )
    return _good(f"ALERT_CHANNEL {channel_id} got a test line.")


def _scopes_line(identity: Identity) -> CheckLine:
    missing, extra = SCOPES - identity.scopes, identity.scopes - SCOPES
    if not missing and not extra:
        return _good("The token has exactly the scopes it needs.")
    told = [
        f"{what}: {', '.join(sorted(scopes))}"
        for what, scopes in (("missing", missing), ("superfluous", extra))
        if scopes
    ]
    return _bad(
        f"Scopes {'; '.join(told)}. Mend them under OAuth & Permissions, then install again.",
    )


async def _clock_line(slack: SlackClient) -> CheckLine:
    try:
        skew_s = await slack.measure_clock_skew_s()
    except (SlackFailed, ValueError):
        return _bad("Slack's clock could not be read. Try again.")
    if abs(skew_s) <= CLOCKS_AGREE_S:
        return _good("Our clock and Slack's agree.")
    return _bad(
        f"Our clock differs from Slack's by {abs(skew_s):.0f} s; from 300 s on, Slack's requests "
        "are refused. Set this machine's clock.",
    )


async def _app_token_line(slack: SlackClient, token: str) -> CheckLine:
    try:
        await slack.check_app_token(token)
    except SlackFailed as exc:
        mend = "It needs the scope connections:write, and Socket Mode must be on."
        return _bad(f"SLACK_APP_TOKEN: {_token_problem(exc, mend)}")
    return _good("Slack accepts the app token for Socket Mode.")


def _token_problem(exc: SlackFailed, mend: str) -> str:
    if exc.code in {"timeout", "unreachable", "ratelimited"} or exc.code.startswith("http_"):
        return f"Slack could not be asked ({exc.code}). Is there a way out to it? Try again."
    return f"Slack does not accept it ({exc.code}). {mend}"


async def _channel_line(
    settings: Settings, slack: SlackClient, channel_id: str, identity: Identity
) -> CheckLine:
    try:
        channel = await slack.fetch_channel(channel_id)
        problem = _channel_problem(settings, channel, identity)
        counted = await _count(slack, channel_id) if channel.is_member else ""
    except SlackFailed as exc:
        if exc.code == "channel_not_found":
            problem = (
                f"does not exist, or is private without me: type /invite @{identity.bot_name} there"
            )
        else:
            problem = f"could not be checked: Slack says {exc.code}"
        return _bad(f"Channel {channel_id} {problem}.")
    if problem:
        return _bad(f"Channel {channel_id} {problem}.")
    return _good(f"Channel {channel_id} is ready: {counted}.")


def _channel_problem(settings: Settings, channel: Channel, identity: Identity) -> str:
    if channel.is_archived:
        return "is archived: unarchive it, or take it out of AUTHORIZED_CHANNELS"
    if channel.is_open_to_others(identity):
        return "is shared with people outside, or about to be: results are never posted there"
    if not channel.is_private and not settings.allow_public_channels:
        return "is public: use a private one, or set ALLOW_PUBLIC_CHANNELS=true"
    if not channel.is_member:
        return f"is without me: type /invite @{identity.bot_name} there"
    return ""


async def _count(slack: SlackClient, channel_id: str) -> str:
    """Return `5 members, 1 of them a guest`, bots and deactivated accounts left out."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def person(user_id: str) -> Person:
        async with turns:
            return await slack.fetch_person(user_id)

    found = await asyncio.gather(*map(person, await slack.fetch_members(channel_id)))
    people = [one for one in found if not one.is_bot and not one.is_deleted]
    guests = sum(one.is_guest for one in people)
    members = "1 member" if len(people) == 1 else f"{len(people)} members"
    return f"{members}, {guests or 'none'} of them {'a guest' if guests == 1 else 'guests'}"


async def _gong_line(settings: Settings) -> CheckLine:
    key = settings.gong_access_key.get_secret_value()
    secret = settings.gong_access_key_secret.get_secret_value()
    async with open_gong(settings.gong_base_url, key, secret) as client:
        quota = Quota(settings.gong_calls_per_second, settings.gong_calls_per_day)
        try:
            await GongClient(client, quota).ask(CHECK_EMAIL)
        except AddressRejected:
            pass  # whose credentials are refused gets a 401 first
        except SearchFailed as exc:
            return _bad(f"Gong: {_what_failed(exc)}")
    return _good("Gong is reached and accepts the credentials.")


def _what_failed(exc: SearchFailed) -> str:
    return ephemeral.what_failed(exc, ephemeral.Details("", "", ""))
