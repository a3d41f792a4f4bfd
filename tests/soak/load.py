"""The load: people who ask and press, junk at the front door, and trouble with Slack."""

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import psutil

from tests.soak.account import Account
from tests.soak.troubles import NO_QUESTIONS, ODD_BODIES, SLACK_FAULTS, break_off, stay
from tests.soak.world import CHANNEL, LARGEST, PEOPLE, Errand, Thread, WatchedSlack
from tests.stand_ins.person import Person, find_button
from tests.stand_ins.slack_delivery import form, over_http, signed
from tests.stand_ins.slack_world import PostedMessage
from tests.support.process import Served
from tests.support.reading import labels
from tests.support.signed import state_of, with_part

COMMANDS_PER_S, CLICKS_PER_S, JUNK_PER_S, SLACK_FAULTS_PER_S = 3.0, 1.5, 3.0, 1.0
BURST, BURST_EVERY_S, SOCKET_DROPS_EVERY_S = 25, 25.0, 20.0
BREAKS_OFF_PER_S, STAYS_PER_S = 2.0, 0.3
AT_ONCE = 200
"""No more than this is under way; what would be more is not begun."""
LONGEST_S = 120.0
"""60 s in the queue, 25 s at Gong, and Slack's own slowness."""
REST_S = 2.0

FRESH, KEPT = "fresh", "kept"

KINDS = {
    "Refresh": "refresh",
    "Attach the file again": "attach",
    "Next": "turn",
    "Previous": "turn",
    "Rows as CSV": "rows",
    "What this covers": "covers",
    "Text for the reply": "reply",
    "Withdraw": "withdraw",
    "Delete the files": "delete",
    "Delete the file": "delete",
}
ASKED_BY = 6
OTHER_ACTIONS = [{"action_id": action} for action in ("withdraw", "delete_files", "show_reply")]
"""Where the asker stands in a button's value."""

TAKE_BACK = {"withdraw", "delete"}
"""Seldom pressed, for what is gone has no buttons; and only the asker may."""


@dataclass
class Load:
    """On one bot, by one way in."""

    dice: random.Random
    slack: WatchedSlack
    served: Served
    port: int
    client: aiohttp.ClientSession
    seconds: float
    account: Account
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _cases: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))

    async def run(self) -> None:
        """Load for so many seconds, and then the end of all that was begun."""
        await self._show_the_largest()
        self._ends_at = time.monotonic() + self.seconds
        await asyncio.gather(
            self._often(COMMANDS_PER_S, self._command),
            self._often(CLICKS_PER_S, self._click),
            self._often(JUNK_PER_S, self._junk),
            self._often(SLACK_FAULTS_PER_S, self._slack_fault),
            self._often(BREAKS_OFF_PER_S, self._break_off),
            self._often(STAYS_PER_S, self._stay),
            self._often(1 / BURST_EVERY_S, self._burst),
            self._often(1 / SOCKET_DROPS_EVERY_S, self._drop_socket),
            self._sample_memory(),
        )
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST_S + REST_S)
        await self._until_over(*self.account.commands, *self.account.clicks)
        await asyncio.sleep(REST_S)  # for what should not come

    async def _show_the_largest(self) -> None:
        """All that takes the most memory, once, before any is compared.

        Python gives back an arena of a MiB when nothing at all is left in it: of the most that
        was ever needed, some stays.
        """
        await self._ask(PEOPLE[0], LARGEST, CHANNEL, is_question=True)
        await self._until_over(*self.account.commands)
        (thread,) = self.account.commands[0].threads
        for beginning in ("Emails ", "Rows ", "Refresh"):
            message, label = next(
                (message, label)
                for message in thread.messages
                for label in labels(message)
                if label.startswith(beginning)
            )
            await self._press(thread, message, find_button(message, label), PEOPLE[0])

    async def _often(self, per_s: float, begin: Callable[[], Awaitable[None]]) -> None:
        while time.monotonic() < self._ends_at:
            await asyncio.sleep(self.dice.expovariate(per_s))
            if len(self._under_way) < AT_ONCE and time.monotonic() < self._ends_at:
                task = asyncio.ensure_future(_as_task(begin))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    # commands

    async def _command(self) -> None:
        kinds = [FRESH, KEPT, "words", "place", "stranger", "help", "replayed"]
        kind = self.dice.choices(kinds, [35, 30, 10, 8, 8, 4, 5])[0]
        user = PEOPLE[0] if self.dice.random() < 0.12 else self.dice.choice(PEOPLE)
        tag = "+news" if self.dice.random() < 0.2 else ""
        words, channel = f"{secrets.token_hex(6)}{tag}@example.com", CHANNEL
        if kind == KEPT:
            words = f"kept{self.dice.randrange(8)}@example.com"
        elif kind == "words":
            words = self.dice.choice(NO_QUESTIONS)
        elif kind == "place":
            channel = self.dice.choice(["C0RANDOM", "C0SHARED", "C0PUBLIC", "C0NOBOT", "D0ANA"])
        elif kind == "stranger":
            user = self.dice.choice(["U0GUEST", "U0SINGLE", "U0OUT", "U0GONE", "U0ROBOT", "U0NOT"])
        elif kind == "help":
            words = "help"
        is_question = kind in {FRESH, KEPT, "replayed"}
        is_twice = kind == "replayed"
        await self._ask(user, words, channel, is_question=is_question, is_twice=is_twice)

    async def _burst(self) -> None:
        await asyncio.gather(
            *(
                self._ask(person, f"{secrets.token_hex(6)}@example.com", CHANNEL, is_question=True)
                for person in self.dice.sample(PEOPLE[1:], BURST)
            )
        )

    async def _ask(
        self,
        user: str,
        words: str,
        channel: str,
        *,
        is_question: bool,
        is_twice: bool = False,
    ) -> None:
        errand = Errand(what=words, must_be_refused=not is_question)
        case = f"SOAK-{next(self._cases):06}"
        self.slack.by_case[case] = errand
        text = words if words in {"", "help"} else f"{words} {case}"
        payload = Person(self.slack, user).command(text, channel)
        await self._send("command", payload, errand, is_twice=is_twice)
        self.account.commands.append(errand)

    async def _send(
        self, kind: str, payload: dict[str, Any], errand: Errand, *, is_twice: bool = False
    ) -> None:
        self.slack.by_url[payload["response_url"].rpartition("/")[2]] = errand
        errand.sent_at = time.monotonic()
        if is_twice and self.slack.transport == "http":
            body = form(kind, payload)
            headers = signed(body, None, self.slack.signing_secret)
            url = self.slack.request_url
            errand.ack = await over_http(self.client, url, body, headers, self.slack.wall_s)
            took_ms = (time.monotonic() - errand.sent_at) * 1000
            errand.ack = replace(errand.ack, ms=took_ms)
            again = await over_http(self.client, url, body, headers, self.slack.wall_s)
            self.account.junk[again.status] += 1
        else:
            errand.ack = await self.slack.deliver(kind, payload)
        errand.tell(errand.ack.text)

    # clicks

    async def _click(self) -> None:
        idle = [
            thread
            for thread in list(self.slack.threads.values())[-60:]
            if not thread.is_busy and thread.is_settled
        ]
        if not idle:
            return
        thread = self.dice.choice(idle)
        pressable = [(message, label) for message in thread.messages for label in labels(message)]
        if not pressable:
            return
        weights = [0.1 if _kind(label) in TAKE_BACK else 1 for _, label in pressable]
        thread.is_busy = True
        try:
            await self._press_somehow(thread, *self.dice.choices(pressable, weights)[0])
            await asyncio.sleep(REST_S)
        finally:
            thread.is_busy = False

    async def _press_somehow(self, thread: Thread, message: PostedMessage, label: str) -> None:
        """As somebody, seldom with a value that we never made."""
        button = find_button(message, label)
        user, asker = self.dice.choice(PEOPLE), state_of(button["value"])[ASKED_BY]
        is_altered = self.dice.random() < 0.1
        if is_altered:
            value = button["value"]
            bad = [value[:-5], "", "null", with_part(value, ASKED_BY, user), "[" * 1000]
            forged = self.dice.choice([{"value": each} for each in bad] + OTHER_ACTIONS)
            button = button | forged
            is_altered = button["action_id"] != find_button(message, label)["action_id"] or (
                button["value"] != value
            )
        kind = _kind(label)
        if kind in TAKE_BACK and self.dice.random() < 0.7:
            user = asker
        must_be_refused = is_altered or (kind in TAKE_BACK and user != asker)
        await self._press(thread, message, button, user, must_be_refused=must_be_refused)

    async def _press(
        self,
        thread: Thread,
        message: PostedMessage,
        button: dict[str, Any],
        user: str,
        *,
        must_be_refused: bool = False,
    ) -> None:
        """Returns when it is over."""
        kind = _kind(button["text"]["text"])
        thread.clicks[kind] += not must_be_refused
        before = thread.ended(kind)
        errand = Errand(
            what=kind,
            is_click=True,
            must_be_refused=must_be_refused,
            effect=lambda: not must_be_refused and thread.ended(kind) > before,
        )
        payload = Person(self.slack, user).interaction(message, button)
        await self._send("interactive", payload, errand)
        self.account.clicks.append(errand)
        await self._until_over(errand)

    async def _until_over(self, *errands: Errand) -> None:
        """What is still open then is lost, and the figures say so."""
        with contextlib.suppress(AssertionError):
            await self.slack.until(
                lambda: all(
                    errand.is_over or self.account.is_excused(errand) for errand in errands
                ),
                LONGEST_S,
            )

    # trouble

    async def _junk(self) -> None:
        base = self.slack.request_url.removesuffix("/slack/events")
        body = self.dice.choice([*ODD_BODIES, self.dice.randbytes(300)])
        method, path, headers = self.dice.choice(
            [
                ("POST", "/slack/events", {}),
                ("POST", "/slack/events", self.slack.signed_headers(body, secret="not-ours")),
                ("POST", "/slack/events", self.slack.signed_headers(body)),
                ("POST", "/slack/events", self.slack.signed_headers(body, at=1)),
                ("POST", "/", {}),
                ("GET", "/healthz", {}),
                ("GET", "/" + "x" * 9000, {}),
                ("DELETE", "/slack/events", {"X-" + "y" * 50: "z" * 5000}),
            ]
        )
        try:
            async with self.client.request(
                method, base + path, data=body if method == "POST" else None, headers=headers
            ) as response:
                await response.read()
                self.account.junk[response.status] += 1
        except (aiohttp.ClientError, TimeoutError):
            self.account.junk[0] += 1  # it closed while we were still sending
        if self.slack.transport == "socket":
            await self.slack.deliver("interactive", {"type": "block_actions", "user": 7})

    async def _break_off(self) -> None:
        self.account.hostile += await break_off(self.port)

    async def _stay(self) -> None:
        self.account.hostile += await stay(self.port)

    async def _slack_fault(self) -> None:
        method, fault = self.dice.choice(SLACK_FAULTS)
        self.slack.fail(method, **fault)

    async def _drop_socket(self) -> None:
        if self.slack.transport == "socket":
            began = time.monotonic()
            await self.slack.drop_socket()
            await self.slack.until_socket_connected(60)
            self.account.outages.append((began, time.monotonic()))

    async def _sample_memory(self) -> None:
        process, began = psutil.Process(self.served.process.pid), time.monotonic()
        while time.monotonic() < self._ends_at:
            await asyncio.sleep(1)
            self.account.memory.append((time.monotonic() - began, process.memory_info().rss))

    async def read_log(self) -> None:
        """A pipe that nobody reads would stop the bot."""
        assert self.served.process.stdout is not None
        async for raw in self.served.process.stdout:
            self.account.events[json.loads(raw)["event"]] += 1


def _kind(label: str) -> str:
    return "also" if label.startswith("Also search ") else KINDS.get(label, "open")


async def _as_task(begin: Callable[[], Awaitable[None]]) -> None:
    await begin()
