"""The bot between the two stand-ins, as every test and `make ask` runs it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import app
from bot import settings
from tests.stand_ins.gong import Gong
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import PostedMessage
from tests.support.reading import is_filed, is_receipt

AUDIT_KEY = "an-audit-key-made-up-for-the-tests"
AUTHORIZED = "C0LEGAL,C0SHARED,C0PUBLIC,C0NOBOT,C0GONE"


@dataclass
class House:
    """The bot and the two services it stands between."""

    slack: Slack
    gong: Gong
    bot: app.Bot

    def person(self, user_id: str = "U0ANA", *, team_id: str | None = None) -> Person:
        """Somebody of this Slack."""
        return Person(self.slack, user_id, team_id=team_id)

    async def answered(
        self, words: str, user_id: str = "U0ANA", channel: str = "C0LEGAL"
    ) -> PostedMessage:
        """The summary of a look-up, once its files and the message under them are there."""
        before = len(self.slack.in_channel(channel))

        def posted() -> list[PostedMessage]:
            return self.slack.in_channel(channel)[before:]

        await self.person(user_id).types(words, channel=channel)
        await self.slack.until(lambda: posted() and is_filed(self.slack, posted()[0]))
        return posted()[0]

    async def refreshed(self, message: PostedMessage, user_id: str = "U0ANA") -> PostedMessage:
        """The newer summary after a press on Refresh, once its files are there as well."""
        before = len(self.slack.messages)
        await self.person(user_id).clicks(message, "Refresh")
        await self.slack.until(lambda: any(map(is_receipt, self.slack.messages[before:])))
        return self.slack.messages[before]

    def replies(self, summary: PostedMessage) -> list[PostedMessage]:
        """What stands in a thread besides files and the messages under them."""
        thread = self.slack.in_thread(summary)
        return [reply for reply in thread if not (reply.files or is_receipt(reply))]

    async def told(self, words: str, user_id: str = "U0ANA", channel: str = "C0LEGAL") -> str:
        """What only this person reads in the end: the acknowledgement, or a line after it."""
        before = len(self.slack.private)
        ack = await self.person(user_id).types(words, channel=channel)
        if ack.text and not ack.text.startswith("Searching"):
            return ack.text
        return await self.line_after(before)

    async def line_after(self, before: int) -> str:
        """The next private line that is no acknowledgement, when there were `before` lines."""

        def lines() -> list[str]:
            found = self.slack.private[before:]
            return [line.text for line in found if line.via == "response_url"]

        await self.slack.until(lines)
        return lines()[0]


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
async def bot_between(
    slack: Slack,
    gong: Gong,
    patience: app.Patience | None = None,
    write: Callable[[bytes], int] = len,
    /,
    **more: str,
) -> AsyncIterator[app.Bot]:
    """The bot, ready, between two services that are there already; `write` takes its trail."""
    found = settings.read_settings(environment(slack, gong, slack.transport, **more))
    async with app.running(found, write, patience or app.Patience()) as bot:
        slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
        await bot.introduction
        if slack.transport == "socket":
            await slack.until_socket_connected()
        yield bot


@asynccontextmanager
async def open_house(
    transport: str = "http", patience: app.Patience | None = None, **more: str
) -> AsyncIterator[House]:
    """Everything started, and the bot ready."""
    async with Slack() as slack, Gong() as gong:
        slack.transport = transport
        async with bot_between(slack, gong, patience, **more) as bot:
            yield House(slack, gong, bot)
