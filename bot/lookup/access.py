"""May this person ask this, here? First without any network, then by what Slack says.

Slack's own words on guests and shared channels: https://docs.slack.dev/apis/slack-connect
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cachetools import TLRUCache

from bot.errors import SlackFailed
from bot.models import Asker, Channel, Identity, Person
from bot.refusals import (
    AccessRefused,
    BotNotInvited,
    GuestNotNamed,
    NotListed,
    OtherTeam,
    Outsider,
    PermissionUnknown,
    PublicChannel,
    SharedChannel,
    WrongChannel,
)

GOOD_KEPT_S = 60.0
REFUSAL_KEPT_S = 10.0
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The settings that say who may ask, and where."""

    channels: frozenset[str]
    users: frozenset[str]
    """Empty: every full member of the channels."""
    may_be_public: bool


@dataclass
class Access:
    """Decides, and remembers for a minute what Slack said.

    Both fetches raise `SlackFailed` when Slack does not say.
    """

    rules: AccessRules
    fetch_person: Callable[[str], Awaitable[Person]]
    fetch_channel: Callable[[str], Awaitable[Channel]]
    timer: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        """Keep what allows for a minute, what refuses for ten seconds."""
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
        if asker.team_id != us.team_id and not _is_same(asker.enterprise_id, us.enterprise_id):
            raise OtherTeam
        if asker.channel_id not in self.rules.channels:
            raise WrongChannel
        if self.rules.users and asker.user_id not in self.rules.users:
            raise NotListed

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
            person = await self.fetch_person(user_id)
            self._people[user_id, us] = person
        return person

    async def _channel(self, channel_id: str) -> Channel:
        channel = self._channels.get(channel_id)
        if channel is None:
            try:
                channel = await self.fetch_channel(channel_id)
            except SlackFailed as exc:
                # A private channel without the bot does not exist for the bot.
                if exc.code == "channel_not_found":
                    raise BotNotInvited from exc
                raise
            self._channels[channel_id] = channel
        return channel

    def _judge_person(self, user_id: str, person: Person, us: Identity) -> AccessRefused | None:
        is_ours = person.team_id == us.team_id or _is_same(person.enterprise_id, us.enterprise_id)
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


def _is_same(enterprise_id: str | None, ours: str | None) -> bool:
    """Whether both belong to one Enterprise organisation."""
    return ours is not None and enterprise_id == ours
