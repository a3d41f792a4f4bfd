"""The soak's Slack and Gong: strict as ever, and troubled; they note what came of each errand."""

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath

from aiohttp import web

from bot.evidence import receipt, seals
from bot.messages.buttons import Action
from tests.stand_ins.answering import Answering, Transport, body_of, bomb, failing, limited
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import HTML, HTML_HEADERS, many, rich
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_delivery import Ack
from tests.stand_ins.slack_world import Channel, Params, PostedMessage, SharedFile, User
from tests.support.house import AUDIT_KEY
from tests.support.reading import is_receipt
from tests.support.signed import state_of

LARGEST = "largest@example.com"
CHANNEL, ADMINS = "C0LEGAL", "C0ADMIN"
ADDRESS = re.compile(r"Address searched: (\S+)")
PAGE = re.compile(r"(Emails|Calls|Meetings|CRM records|Engagement) [\d,–]+ of [\d,]+\n")
HASH = re.compile(r"SHA-256 of the \w+ file: ([0-9a-f]{64})")
ATTACHED = re.compile("The file now attached|has been attached after all")
GONE = re.compile(r"Files? deleted by ")
PEOPLE = [f"U0SOAK{number:02}" for number in range(40)]


@dataclass
class Errand:
    """One command or click, and what came of it."""

    what: str = ""
    """The address of a command, or the kind of a click."""
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
        return bool(self.sentences) or any(thread.is_settled for thread in self.threads)


@dataclass
class Thread:
    """A summary and its replies."""

    summary: PostedMessage
    replies: list[PostedMessage] = field(default_factory=list)
    also: list["Thread"] = field(default_factory=list)
    """The searches for another spelling that began here."""
    hashes: set[str] = field(default_factory=set)
    """Of the files in it."""
    clicks: Counter[str] = field(default_factory=Counter)
    is_busy: bool = False

    @property
    def messages(self) -> list[PostedMessage]:
        return [self.summary, *self.replies]

    @property
    def is_settled(self) -> bool:
        """The message under the files is there, or one that says that they are missing."""
        return self.settled > 0

    @property
    def settled(self) -> int:
        """How many files had such a message: nothing comes of their errand after it."""
        return sum(is_receipt(reply) or _is_notice(reply) for reply in self.replies)

    def ended(self, kind: str) -> int:
        """How often a kind of click, or another that ends in the same way, is over."""
        if kind in {"refresh", "attach", "rows"}:
            return self.settled
        return sum(each.is_settled for each in self.also) if kind == "also" else self.done(kind)

    def done(self, kind: str) -> int:
        """How often a kind of click has had its effect."""
        match kind:
            case "also":
                return len(self.also)
            case "attach":
                return sum(bool(ATTACHED.search(reply.text)) for reply in self.replies)
            case "turn":
                return sum(_turns(reply) for reply in self.replies if _is_page(reply))
            case "withdraw":
                return sum(map(_is_withdrawn, self.messages))
            case _:
                return sum(map(_IS_OF[kind], self.replies))

    def disclosed(self) -> Counter[str]:
        """What stands in it, by the event of the audit trail that has to account for it."""
        done = {kind: self.done(kind) for kind in (*_IS_OF, "turn", "withdraw")}
        return Counter(
            answered=1 + done["refresh"],
            file_attached=len(self.with_files),
            page_shown=done["open"] + done["turn"],
            text_shown=done["covers"] + done["reply"],
            withdrawn=done["withdraw"],
            files_deleted=done["delete"],
        )

    def said_to_be_deleted(self) -> Iterator[str]:
        """The ids of the files that had a message which says now that they are gone."""
        for reply in self.replies:
            if GONE.match(reply.text):
                elements = (e for block in reply.edits[-1][1] for e in block.get("elements", []))
                (value,) = (
                    e["value"] for e in elements if e.get("action_id") == Action.DELETE_FILES
                )
                yield from state_of(value)[-1]

    @property
    def with_files(self) -> list[PostedMessage]:
        return [reply for reply in self.replies if reply.files]


def _first(message: PostedMessage) -> str:
    """What it said before anybody pressed anything under it."""
    return message.edits[0][0] if message.edits else message.text


def _is_notice(reply: PostedMessage) -> bool:
    return "Gong's exact answer" in _first(reply)


def _is_page(reply: PostedMessage) -> bool:
    return bool(PAGE.match(_first(reply)))


def _is_withdrawn(message: PostedMessage) -> bool:
    return message.text.startswith("Withdrawn by ")


def _turns(page: PostedMessage) -> int:
    return len(page.edits) - _is_withdrawn(page)


_IS_OF: dict[str, Callable[[PostedMessage], bool]] = {
    "refresh": lambda reply: bool(ADDRESS.search(_first(reply))),
    "covers": lambda reply: _first(reply).startswith("Covered: what Gong"),
    "reply": lambda reply: "Our reference for this search" in _first(reply),
    "open": _is_page,
    "rows": lambda reply: any(file.name.endswith(".csv") for file in reply.files),
    "delete": lambda reply: bool(GONE.match(reply.text)),
}
"""Whether a reply is there, or is as it is, by a kind of click."""


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
        """Note whose it is; files are compared with their hashes and forgotten."""
        self.calls.clear()
        if message.channel == ADMINS:
            self.alerts.append(message.text)
        elif message.thread_ts is not None:
            thread = self.threads[message.thread_ts]
            thread.replies.append(message)
            self._check_files(thread, message)
        else:
            self._begin(message)
        return super().post(message)

    def _begin(self, summary: PostedMessage) -> None:
        thread = self.threads[summary.ts] = Thread(summary)
        (case,) = re.findall(r"Case (SOAK-\d+)", summary.text)
        (address,) = ADDRESS.findall(summary.text)
        asked = self.by_case[case]
        threads = asked.threads if address == asked.what else asked.threads[0].also
        threads.append(thread)

    def _check_files(self, thread: Thread, message: PostedMessage) -> None:
        """Gong's bytes by the hash beside them, a receipt by its seal, rows by the hash below."""
        for shared in message.files:
            content = self.files[shared.id].content or b""
            self.files[shared.id].content = b""
            thread.hashes.add(hashlib.sha256(content).hexdigest())
            self.damaged_files += not _is_whole(shared, content, message.text)
        said = HASH.findall(message.text) if is_receipt(message) else []
        self.damaged_files += len(set(said) - thread.hashes)

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


def _is_whole(shared: SharedFile, content: bytes, said: str) -> bool:
    match PurePath(shared.name).suffix:
        case ".json":
            return hashlib.sha256(content).hexdigest() in said
        case ".txt":
            key = AUDIT_KEY.encode()
            claims, is_ours = receipt.read_receipt(content, partial(seals.is_sealed, key))
            return is_ours and claims.sha256 in said
        case _:
            return bool(content)


class MoodyGong(Gong):
    """Gong on a bad day: one answer in four is trouble.

    Its first answers are one of each kind, so that the first minute has seen every trouble.
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
        if address == LARGEST:
            return self._large
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
