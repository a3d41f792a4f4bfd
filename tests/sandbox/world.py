"""The real bot between the two stand-ins, and what a person can do there."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import app
from tests.sandbox import moods
from tests.sandbox.moods import SHARED
from tests.sandbox.wire import Wire
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import PEOPLE
from tests.stand_ins.person import DEPRECATED_TOKEN, Clickable, Person
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_delivery import Ack
from tests.support.house import bot_between
from tests.support.reading import is_receipt

GENEROUS = {"PERSON_LOOKUPS_PER_MINUTE": "1000", "PERSON_LOOKUPS_PER_DAY": "100000"}
SEED = "test@test.com DSR-100"


class NoSuchThing(Exception):
    """The page asked for a message, a button or a person that is not there."""


class _Slack(Slack):
    """A workspace whose messages carry the time at which they were posted."""

    _last_us = 0

    def next_ts(self) -> str:
        self._last_us = max(self._last_us + 1, time.time_ns() // 1000)
        return f"{self._last_us // 10**6}.{self._last_us % 10**6:06d}"


class World:
    """Two stand-ins, the bot, and the faults that are switched on."""

    def __init__(self, transport: str = "http", patience: app.Patience | None = None) -> None:
        self.wire = Wire(self._changed)
        self.slack = _Slack(self.wire.between("bot", "Slack"))
        self.gong = Gong(self.wire.between("bot", "Gong"))
        self.on: set[str] = set()  # the switches
        self.slack.transport = transport
        self._patience = patience or app.Patience(finish_s=1)
        self._bot = AsyncExitStack()
        self._restarted_at = 0.0
        self._one_restart_at_a_time = asyncio.Lock()

    @property
    def is_paused(self) -> bool:
        """Whether Gong has asked this bot for a long pause: nobody can be asked about then."""
        return any(
            request.address == moods.BLOCKED and request.at > self._restarted_at
            for request in self.gong.requests
        )

    def _changed(self) -> None:
        self.slack.bell.ring()

    async def restart(self) -> None:
        """A fresh bot: no kept answers, no pauses. What was posted stands, its buttons work."""
        async with self._one_restart_at_a_time:
            await self._bot.aclose()
            self._bot = AsyncExitStack()
            self._restarted_at = time.monotonic()
            running = bot_between(self.slack, self.gong, self._patience, **GENEROUS)
            await self._bot.enter_async_context(running)
            self._changed()

    async def close(self) -> None:
        await self._bot.aclose()

    async def types(self, user_id: str, channel_id: str, text: str) -> None:
        """Somebody types the command."""
        person = self._person(user_id)
        if channel_id not in self.slack.channels:
            raise NoSuchThing
        self._refill()
        ack = await person.types(text, channel=channel_id)
        self._say_if_lost(ack, user_id, channel_id)

    async def presses(self, user_id: str, ts: str, action: dict[str, Any]) -> None:
        """Somebody presses a button: `block` and `action_id` say which, `option` of an overflow."""
        message = self._message(ts)
        element = _element(message, action)
        person = self._person(user_id)
        self._refill()
        payload = person.interaction(message, {})
        stamp = {"action_ts": self.slack.next_ts()}
        payload["actions"] = [{**element, **stamp}]
        ack = await self.slack.deliver("interactive", payload)
        self._say_if_lost(ack, user_id, message.channel)

    def turn(self, name: str, *, is_on: bool) -> None:
        """Switch a fault of Slack on or off."""
        if name not in moods.SWITCHES:
            raise NoSuchThing
        moods.SWITCHES[name].turn(self.slack, is_on)
        (self.on.add if is_on else self.on.discard)(name)
        self._changed()

    def _refill(self) -> None:
        """Whoever answers differently the second time does so at every search."""
        several = {a: list(one.answers) for a, one in PEOPLE.items() if len(one.answers) > 1}
        self.gong.people.update(several)

    def _say_if_lost(self, ack: Ack, user_id: str, channel_id: str) -> None:
        """What Slack itself shows when an app does not acknowledge."""
        if ack.status == 0:
            self._whisper(user_id, channel_id, "operation_timeout")
        elif ack.status != 200:
            self._whisper(user_id, channel_id, "dispatch_failed")

    def _whisper(self, user_id: str, channel_id: str, error: str) -> None:
        text = f'/gong-lookup failed with the error "{error}"'
        self.slack.whisper(user_id, channel_id, text, [], "slack")

    def _person(self, user_id: str) -> Person:
        if user_id not in moods.ROLES:
            raise NoSuchThing
        return Person(self.slack, user_id)

    def _message(self, ts: str) -> Clickable:
        everything: list[Clickable] = [*self.slack.messages, *self.slack.private]
        found = next((message for message in everything if message.ts == ts), None)
        if found is None:
            raise NoSuchThing
        return found


def _element(message: Clickable, action: dict[str, Any]) -> dict[str, Any]:
    """The pressed element as Slack sends it."""
    for number, block in enumerate(message.blocks):
        if number != action.get("block"):
            continue
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*block.get("elements", []), *accessory]:
            if element.get("action_id") == action.get("action_id"):
                return _pressed(element, block.get("block_id", f"b{number}"), action)
    raise NoSuchThing


def _pressed(element: dict[str, Any], block_id: str, action: dict[str, Any]) -> dict[str, Any]:
    kept = {"type", "action_id", "text", "value", "style", "confirm"}
    shown = {key: value for key, value in element.items() if key in kept}
    if element["type"] == "overflow":
        options = element["options"]
        shown["selected_option"] = options[int(action.get("option", 0)) % len(options)]
    return {**shown, "block_id": block_id}


@asynccontextmanager
async def open_world(
    transport: str = "http", patience: app.Patience | None = None
) -> AsyncIterator[World]:
    """Everything started, furnished, and nothing on the wire yet."""
    world = World(transport, patience)
    async with world.slack, world.gong:
        moods.furnish(world.slack)
        world.wire.secrets |= _secrets(world)
        try:
            await _post_before_sharing(world)
            await world.restart()
            world.wire.clear()
            world.slack.on_delivery = world.wire.delivered
            yield world
        finally:
            await world.close()


async def _post_before_sharing(world: World) -> None:
    """A look-up in the channel that has been shared with people outside since then."""
    shared = world.slack.channels[SHARED]
    shared.is_ext_shared = False
    await world.restart()
    await world.types("U0ANA", SHARED, SEED)
    await world.slack.until(lambda: any(map(is_receipt, world.slack.messages)))
    shared.is_ext_shared = True
    world.slack.private.clear()


def _secrets(world: World) -> set[str]:
    slack, gong = world.slack, world.gong
    pair = f"{gong.access_key}:{gong.access_key_secret}"
    return {
        slack.bot_token,
        slack.app_token,
        slack.signing_secret,
        gong.access_key_secret,
        DEPRECATED_TOKEN,
        base64.b64encode(pair.encode()).decode(),
    }
