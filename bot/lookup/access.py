"""May this person ask this, here? First without any network, then by what Slack says.

Slack's own words on guests and shared channels: https://docs.slack.dev/apis/slack-connect
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import TLRUCache

from bot.errors import AccessChanged, SlackFailed
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
JUST_TOLD_S = 5.0
"""What Slack said within this time need not be asked again before something is shown."""
_KEPT = 4096

_K = TypeVar("_K")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The settings that say who may ask, and where."""

    channels: frozenset[str]
    users: frozenset[str]
    """Empty: every full member of the channels."""
    may_be_public: bool


@dataclass(frozen=True, slots=True)
class _Told(Generic[_T]):
    """What Slack said, and when it was asked, on the timer."""

    value: _T
    at: float


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
        self._channels: TLRUCache[tuple[str, Identity], _Told[Channel]] = TLRUCache(
            _KEPT,
            lambda key, told, now: now + self._kept_s(self._judge_channel(told.value, key[1])),
            self.timer,
        )
        self._people: TLRUCache[tuple[str, Identity], _Told[Person]] = TLRUCache(
            _KEPT,
            lambda key, told, now: (
                now + self._kept_s(self._judge_person(key[0], told.value, key[1]))
            ),
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

    async def admit_again(self, asker: Asker, us: Identity) -> None:
        """Check once more, right before something is shown: the channel may have been shared.

        Raises:
            AccessChanged: it may not be shown, or Slack does not say.
        """
        try:
            await self.admit(asker, us, JUST_TOLD_S)
        except AccessRefused as exc:
            raise AccessChanged from exc

    async def admit(self, asker: Asker, us: Identity, max_age_s: float = GOOD_KEPT_S) -> None:
        """Check what Slack knows of the person and the channel, asked side by side.

        What Slack said more than `max_age_s` ago is asked again.

        Raises:
            AccessRefused: one of its kinds; `PermissionUnknown` when Slack does not say.
        """
        person, channel = await asyncio.gather(
            self._person(asker.user_id, us, max_age_s),
            self._channel(asker.channel_id, us, max_age_s),
            return_exceptions=True,
        )
        if isinstance(channel, BotNotInvited):
            raise channel
        if isinstance(person, BaseException) or isinstance(channel, BaseException):
            raise PermissionUnknown from next(
                found for found in (person, channel) if isinstance(found, BaseException)
            )
        for refusal in (
            self._judge_person(asker.user_id, person, us),
            self._judge_channel(channel, us),
        ):
            if refusal is not None:
                raise refusal

    async def admit_person(self, asker: Asker, us: Identity) -> None:
        """Check what Slack knows of the person, whatever the channel is.

        Raises:
            AccessRefused: one of its kinds; `PermissionUnknown` when Slack does not say.
        """
        try:
            person = await self._person(asker.user_id, us, GOOD_KEPT_S)
        except SlackFailed as exc:
            raise PermissionUnknown from exc
        refusal = self._judge_person(asker.user_id, person, us)
        if refusal is not None:
            raise refusal

    async def _person(self, user_id: str, us: Identity, max_age_s: float) -> Person:
        return await self._told(
            self._people, (user_id, us), max_age_s, lambda: self.fetch_person(user_id)
        )

    async def _channel(self, channel_id: str, us: Identity, max_age_s: float) -> Channel:
        try:
            return await self._told(
                self._channels, (channel_id, us), max_age_s, lambda: self.fetch_channel(channel_id)
            )
        except SlackFailed as exc:
            # A private channel without the bot does not exist for the bot.
            if exc.code == "channel_not_found":
                raise BotNotInvited from exc
            raise

    async def _told(
        self,
        kept: TLRUCache[_K, _Told[_T]],
        key: _K,
        max_age_s: float,
        fetch: Callable[[], Awaitable[_T]],
    ) -> _T:
        """Return what Slack says; an answer that was asked for earlier replaces no later one."""
        told = kept.get(key)
        if told is None or self.timer() - told.at > max_age_s:
            at = self.timer()
            asked = _Told(await fetch(), at)
            told = kept.get(key)
            if told is None or told.at <= asked.at:
                kept[key] = told = asked
        return told.value

    def _judge_person(self, user_id: str, person: Person, us: Identity) -> AccessRefused | None:
        is_ours = person.team_id == us.team_id or _is_same(person.enterprise_id, us.enterprise_id)
        if not is_ours or person.is_bot or person.is_deleted or person.is_stranger:
            return Outsider()
        if person.is_guest and user_id not in self.rules.users:
            return GuestNotNamed()
        return None

    def _judge_channel(self, channel: Channel, us: Identity) -> AccessRefused | None:
        if channel.is_open_to_others(us):
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
