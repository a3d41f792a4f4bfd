"""What a stand-in workspace consists of, and everything that happened in it."""

import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.stand_ins.bell import Bell

Params = dict[str, Any]
Blocks = list[dict[str, Any]]

BOT_SCOPES = (
    "commands",
    "chat:write",
    "files:write",
    "channels:read",
    "groups:read",
    "users:read",
)


class RefusedError(Exception):
    """A Web API method answers ``{"ok": false, "error": …}``."""

    def __init__(self, error: str, **facts: object) -> None:
        super().__init__(error)
        self.error = error
        self.facts = facts


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    is_private: bool = True
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    extra: dict[str, object] = field(default_factory=dict)  # laid over what Slack answers
    missing: set[str] = field(default_factory=set)  # fields that Slack leaves out

    @property
    def is_direct(self) -> bool:
        return self.id.startswith("D")


@dataclass(slots=True)
class User:
    id: str
    name: str
    team_id: str
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_stranger: bool = False
    enterprise_id: str | None = None
    extra: dict[str, object] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


@dataclass(slots=True)
class ApiCall:
    """One Web API call; ``ok`` is None until it is answered."""

    method: str
    params: Params
    at: float  # monotonic seconds at arrival
    ok: bool | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SharedFile:
    id: str
    name: str
    title: str


@dataclass(slots=True)
class PostedMessage:
    channel: str
    ts: str
    thread_ts: str | None
    user: str
    text: str
    blocks: Blocks
    edits: list[tuple[str, Blocks]] = field(default_factory=list)  # earlier states, oldest first
    deleted: bool = False
    files: tuple[SharedFile, ...] = ()

    @property
    def file(self) -> SharedFile | None:
        return self.files[0] if self.files else None


@dataclass(frozen=True, slots=True)
class PrivateLine:
    """What only one person saw."""

    user: str
    channel: str
    text: str
    blocks: Blocks
    via: str  # "ack" | "response_url"
    at: float  # monotonic seconds
    ts: str


@dataclass(slots=True)
class StoredFile:
    id: str
    name: str
    length: int
    user: str
    title: str = ""
    content: bytes | None = None  # None until step 2 of the upload
    channel: str | None = None
    thread_ts: str | None = None
    completed: bool = False
    deleted: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Slack: 5 uses, ephemeral by default, works where the bot is no member."""

    user: str
    channel: str
    uses: int = 0


def default_channels(bot: str) -> dict[str, Channel]:
    legal = {bot, "U0ANA", "U0BEN", "U0GUEST"}
    channels = (
        Channel("C0LEGAL", "privacy-requests", members=legal),
        Channel("C0RANDOM", "random", is_private=False, members={"U0ANA", "U0BEN"}),
        Channel("C0SHARED", "with-outside-counsel", is_ext_shared=True, members=legal | {"U0OUT"}),
        Channel("C0PUBLIC", "privacy-public", is_private=False, members=set(legal)),
        Channel("C0NOBOT", "privacy-without-bot", members={"U0ANA"}),
        Channel("D0ANA", "directmessage", members={"U0ANA"}),
    )
    return {channel.id: channel for channel in channels}


def default_users(team: str, bot: str) -> dict[str, User]:
    users = (
        User("U0ANA", "ana", team),
        User("U0BEN", "ben", team),
        User("U0GUEST", "guest", team, is_restricted=True),
        User("U0SINGLE", "single", team, is_restricted=True, is_ultra_restricted=True),
        User("U0OUT", "out", "T0OTHER", is_stranger=True),
        User("U0GONE", "gone", team, deleted=True),
        User("U0ROBOT", "robot", team, is_bot=True),
        User(bot, "gong-lookup", team, is_bot=True),
    )
    return {user.id: user for user in users}


class World:
    """The state of the workspace; tests read all of it and change what they like."""

    def __init__(self) -> None:
        self.bot_token = "xoxb-stand-in-0001-made-up"
        self.app_token = "xapp-1-A0GONG-stand-in-made-up"
        self.signing_secret = "stand-in-signing-secret-made-up"
        self.base_url = ""
        self.team_id = "T0LEGAL"
        self.bot_user_id = "U0BOT"
        self.enterprise_id: str | None = None
        self.channels = default_channels(self.bot_user_id)
        self.users = default_users(self.team_id, self.bot_user_id)
        self.scopes: set[str] = set(BOT_SCOPES)
        self.calls: list[ApiCall] = []
        self.messages: list[PostedMessage] = []
        self.private: list[PrivateLine] = []
        self.files: dict[str, StoredFile] = {}
        self.complaints: list[str] = []
        self.upload_ids: dict[str, str] = {}  # opaque part of the upload URL → file id
        self.response_urls: dict[str, ResponseUrl] = {}
        self.socket_tickets: set[str] = set()
        self.bell = Bell()
        self._counter = itertools.count(1)

    def next_ts(self) -> str:
        """A message's ts: unique and increasing, six decimals."""
        number = next(self._counter)
        return f"{1763900000 + number // 10000}.{number % 10000 * 100:06d}"

    def complain(self, text: str) -> None:
        """Note what Slack would let pass and this project does not."""
        self.complaints.append(text)
        self.bell.ring()

    def post(self, message: PostedMessage) -> PostedMessage:
        self.messages.append(message)
        self.bell.ring()
        return message

    def whisper(self, user: str, channel: str, text: str, blocks: Blocks, via: str) -> None:
        line = PrivateLine(user, channel, text, blocks, via, time.monotonic(), self.next_ts())
        self.private.append(line)
        self.bell.ring()

    def new_response_url(self, user: str, channel: str) -> str:
        opaque = secrets.token_hex(12)
        self.response_urls[opaque] = ResponseUrl(user, channel)
        return f"{self.base_url}/commands/{opaque}"

    def message_at(self, channel: object, ts: object) -> PostedMessage | None:
        found = (m for m in self.messages if (m.channel, m.ts) == (channel, ts) and not m.deleted)
        return next(found, None)

    def visible_channel(self, channel_id: object) -> Channel:
        """The channel, unless it is hidden: Slack denies private ones without the bot."""
        channel = self.channels.get(str(channel_id))
        hidden = channel and channel.is_private and self.bot_user_id not in channel.members
        if channel is None or hidden:
            raise RefusedError("channel_not_found")
        return channel
