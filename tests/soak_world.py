"""The soak's Slack and Gong: strict as ever, and troubled; they note what came of each errand."""

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from aiohttp import web

from tests.stand_ins.answering import Answering, Transport, body_of, bomb, failing, limited
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import HTML, HTML_HEADERS, many, rich
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_delivery import Ack
from tests.stand_ins.slack_world import Channel, Params, PostedMessage, User

CHANNEL, ADMINS = "C0LEGAL", "C0ADMIN"
PEOPLE = [f"U0SOAK{number:02}" for number in range(40)]


@dataclass
class Errand:
    """One command or click, and what came of it."""

    is_click: bool = False
    must_be_refused: bool = False
    ack: Ack | None = None
    sent_at: float = 0
    sentences: list[str] = field(default_factory=list)
    """What the person was told in private, without "Searching Gong…"."""
    threads: list["Thread"] = field(default_factory=list)
    """The summaries of a command."""
    effect: Callable[[], bool] = lambda: False
    """Whether a click has done what it asks for."""

    def tell(self, text: str) -> None:
        if text and not text.startswith("Searching "):
            self.sentences.append(text)

    @property
    def is_over(self) -> bool:
        if self.is_click:
            return bool(self.sentences) or self.effect()
        return bool(self.sentences) or any(thread.has_file_or_says_so for thread in self.threads)


@dataclass
class Thread:
    """A summary and its replies."""

    summary: PostedMessage
    replies: list[PostedMessage] = field(default_factory=list)
    clicks: Counter[str] = field(default_factory=Counter)
    is_busy: bool = False

    @property
    def files(self) -> int:
        """How many there are; one attached later counts although its note could not be changed."""
        return sum(bool(reply.files) for reply in self.replies)

    @property
    def has_file_or_says_so(self) -> bool:
        return any(reply.files or _is_notice(reply) for reply in self.replies)

    def done(self, kind: str) -> int:
        """How often a kind of click has had its effect."""
        match kind:
            case "refresh":
                return sum("Address searched:" in reply.text for reply in self.replies)
            case "attach":
                return sum(len(reply.edits) for reply in self.replies if _is_notice(reply))
            case "turn":
                return sum(len(reply.edits) for reply in self.replies if not _is_notice(reply))
            case _:
                return sum(_is_page(reply) for reply in self.replies)


def _is_notice(reply: PostedMessage) -> bool:
    return (reply.edits[0][0] if reply.edits else reply.text).startswith("The file with Gong's")


def _is_page(reply: PostedMessage) -> bool:
    return not (reply.files or _is_notice(reply) or "Address searched:" in reply.text)


class WatchedSlack(Slack):
    """Slack, which notes what came of each errand, and takes every twentieth private line late."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._dice = dice
        self.by_url: dict[str, Errand] = {}
        self.by_case: dict[str, Errand] = {}
        self.threads: dict[str, Thread] = {}
        self.alerts: list[str] = []
        self.damaged_files = 0
        self.users |= {user: User(user, user.lower(), self.team_id) for user in PEOPLE}
        self.channels[CHANNEL].members |= set(PEOPLE)
        self.channels[ADMINS] = Channel(ADMINS, "admins", members={self.bot_user_id})

    def post(self, message: PostedMessage) -> PostedMessage:
        """Note whose it is; a file is compared with its hash and forgotten."""
        self.calls.clear()
        if message.channel == ADMINS:
            self.alerts.append(message.text)
        elif message.thread_ts is not None:
            self.threads[message.thread_ts].replies.append(message)
        else:
            thread = self.threads[message.ts] = Thread(message)
            (case,) = re.findall(r"Case (SOAK-\d+)", message.text)
            self.by_case[case].threads.append(thread)
        for shared in message.files:
            file = self.files[shared.id]
            if hashlib.sha256(file.content or b"").hexdigest() not in message.text:
                self.damaged_files += 1
            file.content = b""
        return super().post(message)

    def _respond(self, opaque: str, params: Params) -> web.Response:
        """The first try may fail; the bot's second never does, so that silence is its own."""
        url = self.response_urls.get(opaque)
        if url is not None and url.uses == 0 and self._dice.random() < 0.05:
            url.uses += 1
            return web.Response(status=500)
        response = super()._respond(opaque, params)
        if response.status == 200:
            self.by_url[opaque].tell(params["text"])
        return response


class MoodyGong(Gong):
    """Gong on a bad day: one answer in four is trouble.

    Its first answers are one of each kind, so that the first minute has seen the largest.
    """

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._dice, self._shown = dice, 0
        large = json.dumps(many("many@example.com")).encode()
        self._large = Answering(large, gzip=False)  # made once: making it takes longer than an ack
        packed = {"Content-Encoding": "gzip"}
        self._bomb = Answering(bomb(80), headers=packed, gzip=False)

    def _next(self, address: str) -> Answering:
        self.requests.clear()
        good = body_of(lambda: rich(address))
        moods: list[tuple[float, Answering]] = [
            (60, good),
            (12, Answering()),
            (2, self._large),
            (5, replace(good, delay_s=self._dice.uniform(0.5, 4))),
            (4, failing(500, "Failed to complete the operation")),
            (3, limited(1)),
            (0.1, limited(20)),
            (3, Answering(transport=Transport.DROP)),
            (2, replace(good, transport=Transport.CUT)),
            (0.7, replace(good, transport=Transport.DRIP)),
            (0.5, Answering(transport=Transport.ENDLESS)),
            (0.5, self._bomb),
            (1, Answering(delay_s=16)),
            (1, failing(400, "The email address belongs to a user of the company")),
            (1, failing(401, "Unauthorized")),
            (1, failing(403, "Request from an untrusted IP address")),
            (1, Answering(HTML, headers=HTML_HEADERS)),
            (1, Answering(b"", status=302, headers={"Location": "https://example.com/"})),
        ]
        self._shown += 1
        if self._shown <= len(moods):
            return moods[-self._shown][1]
        weights = [weight for weight, _ in moods]
        return self._dice.choices([answer for _, answer in moods], weights)[0]
