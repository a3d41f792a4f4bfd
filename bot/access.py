"""May this person ask this, here? First without any network, then by what Slack says.

Slack's own words on guests and shared channels: https://docs.slack.dev/apis/slack-connect
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from cachetools import TLRUCache
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.errors import (
    AccessRefused,
    BotNotInvited,
    GuestNotNamed,
    NotListed,
    OtherTeam,
    Outsider,
    PermissionUnknown,
    PersonLimitReached,
    PublicChannel,
    SharedChannel,
    SlackFailed,
    WrongChannel,
)
from bot.models import Asker, Channel, Identity, Person

GOOD_KEPT_S = 60.0
REFUSAL_KEPT_S = 10.0
_KEPT = 4096


class Directory(Protocol):
    """Who knows people and channels; `bot.slack` does.

    Both raise `SlackFailed` when Slack does not say.
    """

    async def person(self, user_id: str) -> Person:
        """What is known of a user."""

    async def channel(self, channel_id: str) -> Channel:
        """What is known of a channel."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings allow."""

    channels: frozenset[str]
    users: frozenset[str]
    """Empty: every full member of the channels."""
    may_be_public: bool
    per_minute: int
    per_day: int


@dataclass
class Access:
    """Decides, and remembers for a minute what Slack said; owns each person's share."""

    rules: Rules
    directory: Directory
    timer: Callable[[], float] = time.monotonic
    _limits: MovingWindowRateLimiter = field(init=False)

    def __post_init__(self) -> None:
        """Keep what allows for a minute, what refuses for ten seconds."""
        self._limits = MovingWindowRateLimiter(MemoryStorage())
        self._shares: tuple[tuple[str, RateLimitItem], ...] = (
            ("a minute", RateLimitItemPerMinute(self.rules.per_minute)),
            ("24 hours", RateLimitItemPerDay(self.rules.per_day)),
        )
        self._channels: TLRUCache[str, Channel] = TLRUCache(
            _KEPT,
            lambda _, channel, now: now + self._kept_s(self._judge_channel(channel)),
            self.timer,
        )
        self._people: TLRUCache[tuple[str, Identity], Person] = TLRUCache(
            _KEPT,
            lambda key, person, now: now + self._kept_s(self._judge_person(key[0], person, key[1])),
            self.timer,
        )

    def admit_at_once(self, asker: Asker, us: Identity) -> None:
        """Check what can be checked without asking Slack: workspace, channel, list of users.

        Raises:
            AccessRefused: one of its kinds.
        """
        if asker.team_id != us.team_id and not _same(asker.enterprise_id, us.enterprise_id):
            raise OtherTeam
        if asker.channel_id not in self.rules.channels:
            raise WrongChannel
        if self.rules.users and asker.user_id not in self.rules.users:
            raise NotListed

    def check_share(self, user_id: str) -> None:
        """Check that this person may search once more.

        Raises:
            PersonLimitReached: the share of the minute or the day is used up.
        """
        for period, share in self._shares:
            if not self._limits.test(share, user_id):
                reset = self._limits.get_window_stats(share, user_id).reset_time
                raise PersonLimitReached(share.amount, period, datetime.fromtimestamp(reset, UTC))

    def count_lookup(self, user_id: str) -> None:
        """Count one look-up of this person, who has been admitted: refusals do not count.

        Raises:
            PersonLimitReached: the share was used up in the meantime.
        """
        self.check_share(user_id)
        for _, share in self._shares:
            self._limits.hit(share, user_id)

    async def admit(self, asker: Asker, us: Identity) -> None:
        """Check what Slack knows of the person and the channel, asked side by side.

        Raises:
            AccessRefused: one of its kinds; `PermissionUnknown` when Slack does not say.
        """
        person, channel = await asyncio.gather(
            self._person(asker.user_id, us), self._channel(asker.channel_id), return_exceptions=True
        )
        if isinstance(channel, BotNotInvited):
            raise channel
        if isinstance(person, BaseException) or isinstance(channel, BaseException):
            raise PermissionUnknown from next(
                found for found in (person, channel) if isinstance(found, BaseException)
            )
        for refusal in (
            self._judge_person(asker.user_id, person, us),
            self._judge_channel(channel),
        ):
            if refusal is not None:
                raise refusal

    async def admit_person(self, asker: Asker, us: Identity) -> None:
        """Check what Slack knows of the person, whatever the channel is.

        Raises:
            AccessRefused: one of its kinds; `PermissionUnknown` when Slack does not say.
        """
        try:
            person = await self._person(asker.user_id, us)
        except SlackFailed as exc:
            raise PermissionUnknown from exc
        refusal = self._judge_person(asker.user_id, person, us)
        if refusal is not None:
            raise refusal

    async def _person(self, user_id: str, us: Identity) -> Person:
        person = self._people.get((user_id, us))
        if person is None:
            person = await self.directory.person(user_id)
            self._people[user_id, us] = person
        return person

    async def _channel(self, channel_id: str) -> Channel:
        channel = self._channels.get(channel_id)
        if channel is None:
            try:
                channel = await self.directory.channel(channel_id)
            except SlackFailed as exc:
                # A private channel without the bot does not exist for the bot.
                if exc.code == "channel_not_found":
                    raise BotNotInvited from exc
                raise
            self._channels[channel_id] = channel
        return channel

    def _judge_person(self, user_id: str, person: Person, us: Identity) -> AccessRefused | None:
        is_ours = person.team_id == us.team_id or _same(person.enterprise_id, us.enterprise_id)
        if not is_ours or person.is_bot or person.is_deleted or person.is_stranger:
            return Outsider()
        if person.is_guest and user_id not in self.rules.users:
            return GuestNotNamed()
        return None

    def _judge_channel(self, channel: Channel) -> AccessRefused | None:
        if channel.is_shared_outside:
            return SharedChannel()
        if not channel.is_private and not self.rules.may_be_public:
            return PublicChannel()
        if not channel.is_member:
            return BotNotInvited()
        return None

    def _kept_s(self, refusal: AccessRefused | None) -> float:
        return GOOD_KEPT_S if refusal is None else REFUSAL_KEPT_S


def _same(enterprise_id: str | None, ours: str | None) -> bool:
    """Whether both belong to one Enterprise organisation."""
    return ours is not None and enterprise_id == ours
