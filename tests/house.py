"""The bot between the two stand-ins, as every test and `make ask` runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import app
from bot import settings
from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack

AUDIT_KEY = "an-audit-key-made-up-for-the-tests"
AUTHORIZED = "C0LEGAL,C0SHARED,C0PUBLIC,C0NOBOT,C0GONE"


@dataclass
class House:
    """The bot and the two services it stands between."""

    slack: Slack
    gong: Gong
    bot: app.Bot


def environment(slack: Slack, gong: Gong, transport: str = "http", **more: str) -> dict[str, str]:
    """The variables that lead the bot to the stand-ins; `more` adds, replaces or empties."""
    way_in = (
        {"SLACK_APP_TOKEN": slack.app_token}
        if transport == "socket"
        else {"SLACK_SIGNING_SECRET": slack.signing_secret}
    )
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "GONG_BASE_URL": gong.base_url,
        "GONG_ACCESS_KEY": gong.access_key,
        "GONG_ACCESS_KEY_SECRET": gong.access_key_secret,
        "GONG_CALLS_PER_SECOND": "3",
        "AUTHORIZED_CHANNELS": AUTHORIZED,
        "SUPPORT_CONTACT": "@ana",
        "AUDIT_KEY": AUDIT_KEY,
        "HOST": "127.0.0.1",
        "PORT": "0",
        **way_in,
        **more,
    }


@asynccontextmanager
async def open_house(
    transport: str = "http", patience: app.Patience | None = None, **more: str
) -> AsyncIterator[House]:
    """Everything started, and the bot ready."""
    async with Slack() as slack, Gong() as gong:
        slack.transport = transport
        found = settings.read(environment(slack, gong, transport, **more))
        async with app.running(found, patience or app.Patience()) as bot:
            slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
            await bot.introduction
            if transport == "socket":
                await slack.until_socket_connected()
            yield House(slack, gong, bot)
