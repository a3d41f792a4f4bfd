"""`make soak`: the real bot under load and faults; nothing may be lost, doubled or leaked.

The bot runs as a process of its own, between the two stand-ins in this one. A look-up is
accepted when Slack gets its acknowledgement, and carries a case of its own, by which its summary
is known; private sentences are known by the `response_url` that they went to. Of an accepted
look-up, in the end,

    answered   one summary stands in the channel, and its thread has the files and the message
               under them, or says that they are missing, or else the person was told
    told       no summary, and at least one private sentence besides "Searching Gong…"
    lost       neither
    doubled    more than one summary

Clicks end in what they ask for or in a private sentence, in the same way.
"""

import argparse
import asyncio
import contextlib
import json
import random
import secrets
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import psutil

from tests.house import environment
from tests.process import Served, started
from tests.reading import labels
from tests.soak_world import (
    ADMINS,
    CHANNEL,
    LARGEST,
    PEOPLE,
    Errand,
    MoodyGong,
    Thread,
    WatchedSlack,
)
from tests.stand_ins.person import Person, find_button
from tests.stand_ins.slack_delivery import Ack, form, over_http, signed
from tests.stand_ins.slack_world import PostedMessage

COMMANDS_PER_S, CLICKS_PER_S, JUNK_PER_S, SLACK_FAULTS_PER_S = 3.0, 1.5, 3.0, 1.0
BURST, BURST_EVERY_S, SOCKET_DROPS_EVERY_S = 25, 25.0, 20.0
AT_ONCE = 200
"""No more than this is under way; what would be more is not begun."""
LONGEST_S = 120.0
"""60 s in the queue, 25 s at Gong, and Slack's own slowness."""
REST_S = 2.0
FIRST_S, WINDOW_S = 60.0, 60.0
"""Memory is compared when every trouble has come once."""
GROWTH = 0.10

FRESH, KEPT = "fresh", "kept"
SLACK_FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chat.postMessage", {"retry_after": 1}),
    ("chat.postMessage", {"retry_after": 60}),
    ("chat.postMessage", {"status": 500}),
    ("chat.postMessage", {"drop": True}),
    ("chat.postMessage", {"drop": True, "after": True}),
    ("chat.postMessage", {"status": 502, "body": "<html>", "after": True}),
    ("chat.postMessage", {"error": "invalid_blocks"}),
    ("chat.postMessage", {"delay_s": 2}),
    ("chat.postMessage", {"delay_s": 6}),
    ("chat.update", {"status": 500}),
    ("chat.update", {"retry_after": 1}),
    ("users.info", {"status": 500}),
    ("users.info", {"delay_s": 6}),
    ("conversations.info", {"drop": True}),
    ("conversations.info", {"retry_after": 30}),
    ("files.getUploadURLExternal", {"status": 500}),
    ("files.getUploadURLExternal", {"retry_after": 1}),
    ("upload", {"status": 500}),
    ("upload", {"drop": True}),
    ("upload", {"delay_s": 3}),
    ("files.completeUploadExternal", {"error": "internal_error"}),
    ("files.completeUploadExternal", {"drop": True, "after": True}),
    ("files.delete", {"status": 500}),
    ("files.delete", {"drop": True, "after": True}),
)
NO_QUESTIONS = (
    "",
    "no address",
    "jane@example.com john@example.com",
    "j\u0430ne@example.com",
    "jane\u200b@example.com",
    "<!channel>@example.com",
    "a@example.com?x=1&emailAddress=ceo@example.com",
    "x" * 9000,
)
ODD_BODIES = (
    b"[]",
    b"null",
    b"\xff\xfe",
    b"payload=%7B",
    b"payload=" + b"%5B" * 5000,
    b"ssl_check=1",
    b"command=%2Fgong-lookup",
    b"command=a&command=b",
    b"x" * (600 * 1024),
    b"",
)


@dataclass
class Soak:
    """One bot, one way in."""

    dice: random.Random
    slack: WatchedSlack
    served: Served
    client: aiohttp.ClientSession
    seconds: float
    commands: list[Errand] = field(default_factory=list)
    clicks: list[Errand] = field(default_factory=list)
    junk: Counter[int] = field(default_factory=Counter)
    outages: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
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
            self._often(1 / BURST_EVERY_S, self._burst),
            self._often(1 / SOCKET_DROPS_EVERY_S, self._drop_socket),
            self._sample_memory(),
        )
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST_S + REST_S)
        await self._until_over(*self.commands, *self.clicks)
        await asyncio.sleep(REST_S)  # for what should not come

    async def _show_the_largest(self) -> None:
        """All that takes the most memory, once, before any is compared.

        Python gives back an arena of a MiB when nothing at all is left in it: of the most that
        was ever needed, some stays.
        """
        await self._ask(PEOPLE[0], LARGEST, CHANNEL, is_question=True)
        await self._until_over(*self.commands)
        (thread,) = self.commands[0].threads
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
        self.commands.append(errand)

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
            self.junk[again.status] += 1
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
        user, asker = self.dice.choice(PEOPLE), json.loads(button["value"])[ASKED_BY]
        is_altered = self.dice.random() < 0.1
        if is_altered:
            value = button["value"]
            bad = [value[:-5], "", "null", value.replace("[2,", "[9,", 1), "[" * 1000]
            button = button | {"value": self.dice.choice(bad)}
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
        self.clicks.append(errand)
        await self._until_over(errand)

    async def _until_over(self, *errands: Errand) -> None:
        """What is still open then is lost, and the figures say so."""
        with contextlib.suppress(AssertionError):
            await self.slack.until(
                lambda: all(errand.is_over or self.is_excused(errand) for errand in errands),
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
                self.junk[response.status] += 1
        except (aiohttp.ClientError, TimeoutError):
            self.junk[0] += 1  # it closed while we were still sending
        if self.slack.transport == "socket":
            await self.slack.deliver("interactive", {"type": "block_actions", "user": 7})

    async def _slack_fault(self) -> None:
        method, fault = self.dice.choice(SLACK_FAULTS)
        self.slack.fail(method, **fault)

    async def _drop_socket(self) -> None:
        if self.slack.transport == "socket":
            began = time.monotonic()
            await self.slack.drop_socket()
            await self.slack.until_socket_connected(60)
            self.outages.append((began, time.monotonic()))

    async def _sample_memory(self) -> None:
        process, began = psutil.Process(self.served.process.pid), time.monotonic()
        while time.monotonic() < self._ends_at:
            await asyncio.sleep(1)
            self.memory.append((time.monotonic() - began, process.memory_info().rss))

    async def read_log(self) -> None:
        """A pipe that nobody reads would stop the bot."""
        assert self.served.process.stdout is not None
        async for raw in self.served.process.stdout:
            self.events[json.loads(raw)["event"]] += 1

    # the account

    def is_excused(self, errand: Errand) -> bool:
        """Slack could not bring it, or its acknowledgement back: the socket was down."""
        assert errand.ack is not None
        got_at = errand.sent_at + errand.ack.ms / 1000
        return errand.ack.status != 200 and any(
            begin <= got_at and errand.sent_at <= end for begin, end in self.outages
        )

    def figures(self) -> dict[str, int]:
        """What came of everything; those of `MUST_BE_ZERO` are the promises."""
        asked = [errand for errand in self.commands if not self.is_excused(errand)]
        clicked = [errand for errand in self.clicks if not self.is_excused(errand)]
        lost = [errand for errand in asked if not errand.is_over or errand.ack == Ack(0)]
        both = [*asked, *clicked]
        return {
            "look-ups asked": len(asked),
            "answered": sum(bool(errand.threads) for errand in asked),
            "told": sum(not errand.threads and bool(errand.sentences) for errand in asked),
            "lost": len(lost),
            "doubled": sum(len(errand.threads) > 1 for errand in asked),
            "refused yet answered": sum(e.must_be_refused and bool(e.threads) for e in asked),
            "clicks": len(clicked),
            "clicks told": sum(bool(errand.sentences) for errand in clicked),
            "clicks lost": sum(not errand.is_over for errand in clicked),
            "clicks doubled": sum(
                max(0, thread.done(kind) - times)
                for thread in self.slack.threads.values()
                for kind, times in thread.clicks.items()
            ),
            "not delivered (socket down)": len(self.commands) + len(self.clicks) - len(both),
            "not acknowledged in 3 s": sum(_status(errand) != 200 for errand in both),
            "junk requests": self.junk.total(),
            "5xx": sum(times for status, times in self.junk.items() if status >= 500)
            + sum(_status(errand) >= 500 for errand in both),
            "files that differ from their hash": self.slack.damaged_files,
            "files deleted that still stand": sum(
                not self.slack.files[file_id].deleted
                for thread in self.slack.threads.values()
                for file_id in thread.said_to_be_deleted()
            ),
            "disclosures not on record": (self._disclosed() - self.events).total(),
            "bugs in the log": self.events["unforeseen"],
            "alerts": len(self.slack.alerts),
            "alerts told twice": len(self.slack.alerts) - len(set(self.slack.alerts)),
            "complaints of Slack": len(self.slack.complaints),
        }

    def _disclosed(self) -> Counter[str]:
        """Everything that was shown or taken back, by its event in the audit trail."""
        each = (thread.disclosed() for thread in self.slack.threads.values())
        return sum(each, Counter[str]())

    def pressed(self) -> Counter[str]:
        """What was pressed, by kind, where nothing had to be refused."""
        return sum((thread.clicks for thread in self.slack.threads.values()), Counter[str]())

    def rss(self, from_s: float) -> list[float]:
        """MiB, second by second, in the minute that begins then.

        Answers that are kept, for ten seconds here, or being read come and go, ten MiB and more
        at a time: the least is what nobody gives back.
        """
        until_s = from_s + WINDOW_S
        return [rss / 1024**2 for at, rss in self.memory if from_s <= at <= until_s]


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
"""Where the asker stands in a button's value."""

TAKE_BACK = {"withdraw", "delete"}
"""Seldom pressed, for what is gone has no buttons; and only the asker may."""

MUST_BE_ZERO = {
    "lost",
    "doubled",
    "refused yet answered",
    "clicks lost",
    "clicks doubled",
    "not acknowledged in 3 s",
    "5xx",
    "files that differ from their hash",
    "files deleted that still stand",
    "disclosures not on record",
    "bugs in the log",
    "alerts told twice",
    "complaints of Slack",
}


def _kind(label: str) -> str:
    return "also" if label.startswith("Also search ") else KINDS.get(label, "open")


async def _as_task(begin: Callable[[], Awaitable[None]]) -> None:
    await begin()


def _status(errand: Errand) -> int:
    assert errand.ack is not None
    return errand.ack.status


async def soak(transport: str, seconds: float, dice: random.Random) -> bool:
    """Run and print; whether every promise was kept."""
    more = {"ALERT_CHANNEL": ADMINS, "CACHE_TTL_SECONDS": "10", "CACHE_MAX_MEGABYTES": "16"}
    async with WatchedSlack(dice) as slack, MoodyGong(dice) as gong:
        slack.transport = transport
        async with (
            started(environment(slack, gong, transport, **more), "app.py") as served,
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client,
        ):
            port = (await served.until("listening"))["port"]
            slack.request_url = f"http://127.0.0.1:{port}/slack/events"
            await served.until("ready")
            if transport == "socket":
                await slack.until_socket_connected()
            run = Soak(dice, slack, served, client, seconds)
            reading = asyncio.create_task(run.read_log())
            await run.run()
            served.process.send_signal(signal.SIGTERM)
            await asyncio.wait({reading}, timeout=LONGEST_S)
            exit_code = await served.ends()
        return _report(transport, run, exit_code)


def _report(transport: str, run: Soak, exit_code: int) -> bool:
    figures = run.figures()
    acks = [errand.ack for errand in [*run.commands, *run.clicks]]
    ms = sorted(ack.ms for ack in acks if ack is not None and ack.status == 200)
    hundredths = statistics.quantiles(ms, n=100)
    print(f"\n{transport}, {run.seconds:.0f} s")
    for name, number in figures.items():
        print(f"  {name:34} {number:7,}{'  ✗' if name in MUST_BE_ZERO and number else ''}")
    print("  pressed:", ", ".join(f"{kind} {n}" for kind, n in run.pressed().most_common()))
    print(f"  {'ack, p50 · p99 · longest':34} {_ms(hundredths[49], hundredths[98], ms[-1])}")
    growth = _growth(run)
    print(f"  {'exit code':34} {exit_code:7}{'  ✗' if exit_code else ''}", flush=True)
    for errand in run.clicks:
        if not (errand.is_over or run.is_excused(errand)):
            print(f"  ✗ lost: {errand.what}, acknowledged with {_status(errand)}")
    for complaint in set(run.slack.complaints):
        print(f"  ✗ {complaint}")
    return not exit_code and growth <= GROWTH and not any(figures[name] for name in MUST_BE_ZERO)


def _growth(run: Soak) -> float:
    """How much the memory grew, as a share of what it was."""
    if run.seconds < FIRST_S + 2 * WINDOW_S:
        print("  memory is compared in runs of three minutes and more")
        return 0.0
    first, last = run.rss(FIRST_S), run.rss(run.seconds - WINDOW_S)
    growth = min(last) / min(first) - 1
    for name, found in (("after the first minute", first), ("at the end", last)):
        least, median = min(found), statistics.median(found)
        print(f"  {f'memory {name}, least · median':42} {least:.1f} · {median:.1f} MiB")
    print(f"  {'the least grew by':34} {growth:9.1%}{'  ✗' * (growth > GROWTH)}")
    return growth


def _ms(*found: float) -> str:
    return " · ".join(f"{each:.1f}" for each in found) + " ms"


def main(arguments: list[str]) -> int:
    """Returns 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--transport", choices=["both", "http", "socket"], default="both")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    told = parser.parse_args(arguments)
    ways = ["http", "socket"] if told.transport == "both" else [told.transport]
    print(f"{told.seconds:.0f} s of load in all, seed {told.seed}; then what is still open ends.")
    dice = random.Random(told.seed)  # noqa: S311  # load that can be had again, no secret
    kept = [asyncio.run(soak(way, told.seconds / len(ways), dice)) for way in ways]
    print("every promise kept" if all(kept) else "BROKEN: see ✗")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
