"""Tells the admin, in `ALERT_CHANNEL`, of what only an admin can mend; never of an address."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from cachetools import TTLCache

from bot import errors, logs, refusals
from bot.errors import BotError, SlackFailed
from bot.models import ClocksDiffer, QuotaNearlySpent, UnknownFields
from bot.slack import block_kit
from bot.slack.block_kit import Message

QUIET_S = 3600.0
"""The same trouble is told once in this time."""
_KINDS = 1024

TEST_LINE = "This is where gong-lookup tells of what only an admin can mend. This is a test."

Trouble = BotError | ClocksDiffer | QuotaNearlySpent | UnknownFields

_SENTENCES: Mapping[type, str] = {
    errors.CredentialsRefused: (
        "Gong refuses this bot's credentials (HTTP 401). No search works until GONG_ACCESS_KEY "
        "and GONG_ACCESS_KEY_SECRET are right again."
    ),
    errors.NetworkNotTrusted: (
        "Gong does not trust the network this bot runs in (HTTP 403). No search works until its "
        "outgoing address is among the trusted IPs of the key."
    ),
    refusals.SharedChannel: (
        "The authorized channel {channel} is shared with people outside your organisation, or "
        "about to be. Searches there are refused."
    ),
    refusals.PublicChannel: (
        "The authorized channel {channel} is open to the whole workspace. Searches there are "
        "refused."
    ),
    errors.LogFailed: (
        "This bot cannot write its audit trail, so it shows nothing. Somebody has to read its "
        "standard output, or make room where that goes."
    ),
    QuotaNearlySpent: (
        "80 % of this bot's share of Gong's quota for 24 hours ({trouble.per_day:,} calls) is "
        "used. See GONG_CALLS_PER_DAY."
    ),
    UnknownFields: (
        "Gong's answers have a field that this bot does not know. References are counted as "
        "before, but an empty answer states nothing while it stands there. Look into a JSON file "
        "for what is new, and for a newer version of this bot."
    ),
    ClocksDiffer: (
        "The clocks of Slack and of this bot differ by more than a minute; from five minutes on, "
        "commands are refused. Set the clock of the machine it runs on."
    ),
}


@dataclass
class Alerts:
    """Remembers what has been told lately, and owns the posts under way."""

    channel_id: str | None
    """Nobody is told without one."""
    post: Callable[[str, Message], Awaitable[str]]
    timer: Callable[[], float] = time.monotonic
    _posts: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Remember for an hour what has been told."""
        self._told: TTLCache[str, None] = TTLCache(_KINDS, QUIET_S, self.timer)

    def notify(self, trouble: Trouble, channel_id: str = "") -> None:
        """Start telling the admin of a trouble that only an admin can mend; return at once."""
        sentence = _sentence(trouble, channel_id)
        if self.channel_id is None or sentence is None or sentence in self._told:
            return
        self._told[sentence] = None
        post = asyncio.create_task(self._post(self.channel_id, sentence))
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    async def _post(self, channel_id: str, sentence: str) -> None:
        try:
            await self.post(channel_id, block_kit.text_message(sentence))
        except SlackFailed as exc:
            logs.event("alert_not_posted", code=exc.code)

    async def close(self) -> None:
        """Let what has been begun be told."""
        if self._posts:
            await asyncio.wait(self._posts)


def _sentence(trouble: Trouble, channel_id: str) -> str | None:
    """Return what the admin is told; None when no admin can mend it."""
    sentence = _SENTENCES.get(type(trouble))
    return sentence.format(trouble=trouble, channel=channel_id) if sentence else None
