"""May this person ask this, here? Nobody outside, and nobody whom Slack does not vouch for."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from bot import errors, refusals
from bot.lookup.access import Access, AccessRules
from bot.models import Asker, Channel, Identity, Person

US = Identity("T0US", "E0OURS", "U0BOT", "gong-lookup")
ALONE = replace(US, enterprise_id=None)
ANA = Asker("T0US", "E0OURS", "C0LEGAL", "U0ANA", "")
RULES = AccessRules(
    channels=frozenset({"C0LEGAL", "G0OLD"}),
    users=frozenset(),
    may_be_public=False,
)
MEMBER = Person("T0US", "E0OURS")
PRIVATE = Channel(is_private=True)


@dataclass
class Directory:
    """What Slack says, and how often it was asked; an exception is raised instead."""

    people: dict[str, Person | Exception] = field(default_factory=dict)
    channels: dict[str, Channel | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def person(self, user_id: str) -> Person:
        self.asked.append(user_id)
        found = self.people.get(user_id, MEMBER)
        if isinstance(found, Exception):
            raise found
        return found

    async def channel(self, channel_id: str) -> Channel:
        self.asked.append(channel_id)
        found = self.channels.get(channel_id, PRIVATE)
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Together(Directory):
    """Says nothing of a person before it was asked for the channel, too, and the other way."""

    both: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))

    async def person(self, user_id: str) -> Person:
        await self.both.wait()
        return await super().person(user_id)

    async def channel(self, channel_id: str) -> Channel:
        await self.both.wait()
        return await super().channel(channel_id)


def access_of(
    rules: AccessRules, directory: Directory, timer: Callable[[], float] = time.monotonic
) -> Access:
    return Access(rules, directory.person, directory.channel, timer)


def knows(person: Person | Exception = MEMBER, channel: Channel | Exception = PRIVATE) -> Directory:
    return Directory({"U0ANA": person}, {"C0LEGAL": channel})


# without asking Slack


@pytest.mark.parametrize(
    ("asker", "us"),
    [
        (ANA, US),
        (replace(ANA, channel_id="G0OLD"), US),
        (replace(ANA, team_id="T0SIBLING"), US),
        (replace(ANA, enterprise_id=None), ALONE),
        (replace(ANA, enterprise_id="E0NEW"), ALONE),
    ],
)
def test_a_workspace_of_ours_and_a_listed_channel_are_admitted_at_once(
    asker: Asker, us: Identity
) -> None:
    directory = Directory()
    access_of(RULES, directory).admit_at_once(asker, us)
    assert directory.asked == []


@pytest.mark.parametrize(
    ("asker", "us"),
    [
        (replace(ANA, team_id="T0OTHER", enterprise_id=None), US),
        (replace(ANA, team_id="T0OTHER", enterprise_id="E0OTHER"), US),
        (replace(ANA, team_id="T0OTHER", enterprise_id=None), ALONE),
        (replace(ANA, team_id="", enterprise_id=None), ALONE),
        (replace(ANA, team_id="T0OTHER"), ALONE),
    ],
)
def test_another_workspace_is_refused(asker: Asker, us: Identity) -> None:
    with pytest.raises(refusals.OtherTeam):
        access_of(RULES, Directory()).admit_at_once(asker, us)


@pytest.mark.parametrize("channel_id", ["C0OTHER", "D0ANA", "G0GROUP", "c0legal", "", "legal"])
def test_a_channel_that_is_not_listed_is_refused(channel_id: str) -> None:
    with pytest.raises(refusals.WrongChannel):
        access_of(RULES, Directory()).admit_at_once(replace(ANA, channel_id=channel_id), US)


def test_the_workspace_is_judged_before_the_channel() -> None:
    asker = replace(ANA, team_id="T0OTHER", enterprise_id=None, channel_id="C0OTHER")
    with pytest.raises(refusals.OtherTeam):
        access_of(RULES, Directory()).admit_at_once(asker, US)


def test_a_list_of_people_admits_those_on_it() -> None:
    rules = replace(RULES, users=frozenset({"U0ANA"}))
    access_of(rules, Directory()).admit_at_once(ANA, US)


def test_a_list_of_people_refuses_everybody_else() -> None:
    rules = replace(RULES, users=frozenset({"U0BEN"}))
    with pytest.raises(refusals.NotListed):
        access_of(rules, Directory()).admit_at_once(ANA, US)


# what Slack says of the person


@pytest.mark.parametrize(
    "person",
    [
        MEMBER,
        Person("T0US"),
        Person("T0SIBLING", "E0OURS"),
        Person("T0US", "E0OTHER"),
    ],
)
async def test_a_full_member_of_our_organisation_is_admitted(person: Person) -> None:
    await access_of(RULES, knows(person)).admit(ANA, US)


@pytest.mark.parametrize(
    "person",
    [
        Person("T0OTHER"),
        Person("T0OTHER", "E0OTHER"),
        Person(""),
        replace(MEMBER, is_bot=True),
        replace(MEMBER, is_deleted=True),
        replace(MEMBER, is_stranger=True),
        replace(MEMBER, is_guest=True, is_stranger=True),
    ],
)
@pytest.mark.parametrize("users", [frozenset[str](), frozenset({"U0ANA"})])
async def test_outsiders_are_refused_even_when_they_are_named(
    person: Person, users: frozenset[str]
) -> None:
    with pytest.raises(refusals.Outsider):
        await access_of(replace(RULES, users=users), knows(person)).admit(ANA, US)


async def test_without_an_organisation_another_workspace_is_outside() -> None:
    with pytest.raises(refusals.Outsider):
        await access_of(RULES, knows(Person("T0SIBLING", None))).admit(ANA, ALONE)


async def test_a_guest_is_refused_unless_named() -> None:
    with pytest.raises(refusals.GuestNotNamed):
        await access_of(RULES, knows(replace(MEMBER, is_guest=True))).admit(ANA, US)


async def test_a_guest_who_is_named_is_admitted() -> None:
    rules = replace(RULES, users=frozenset({"U0ANA"}))
    await access_of(rules, knows(replace(MEMBER, is_guest=True))).admit(ANA, US)


# what Slack says of the channel


@pytest.mark.parametrize(
    ("channel", "refusal"),
    [
        (replace(PRIVATE, is_shared_outside=True), refusals.SharedChannel),
        (Channel(is_shared_outside=True), refusals.SharedChannel),
        (Channel(), refusals.PublicChannel),
        (replace(PRIVATE, is_member=False), refusals.BotNotInvited),
    ],
)
async def test_a_channel_that_others_read_or_we_cannot_post_in_is_refused(
    channel: Channel, refusal: type[refusals.AccessRefused]
) -> None:
    with pytest.raises(refusal):
        await access_of(RULES, knows(channel=channel)).admit(ANA, US)


async def test_a_public_channel_may_be_allowed() -> None:
    rules = replace(RULES, may_be_public=True)
    await access_of(rules, knows(channel=Channel())).admit(ANA, US)


async def test_a_public_channel_that_is_allowed_is_still_refused_when_shared() -> None:
    rules = replace(RULES, may_be_public=True)
    with pytest.raises(refusals.SharedChannel):
        await access_of(rules, knows(channel=Channel(is_shared_outside=True))).admit(ANA, US)


# what Slack does not say

UNSAID = [errors.SlackFailed("timeout"), errors.SlackFailed("ratelimited"), KeyError("user")]


@pytest.mark.parametrize("failed", UNSAID)
async def test_a_person_slack_does_not_vouch_for_is_refused(failed: Exception) -> None:
    with pytest.raises(refusals.PermissionUnknown) as refused:
        await access_of(RULES, knows(person=failed)).admit(ANA, US)
    assert refused.value.__cause__ is failed


@pytest.mark.parametrize("failed", UNSAID)
async def test_a_channel_slack_does_not_vouch_for_is_refused(failed: Exception) -> None:
    with pytest.raises(refusals.PermissionUnknown) as refused:
        await access_of(RULES, knows(channel=failed)).admit(ANA, US)
    assert refused.value.__cause__ is failed


@pytest.mark.parametrize("person", [MEMBER, errors.SlackFailed("timeout")])
async def test_a_channel_slack_does_not_show_us_is_one_we_are_not_in(
    person: Person | Exception,
) -> None:
    directory = knows(person, errors.SlackFailed("channel_not_found"))
    with pytest.raises(refusals.BotNotInvited):
        await access_of(RULES, directory).admit(ANA, US)


# asking Slack


async def test_person_and_channel_are_asked_for_side_by_side() -> None:
    async with asyncio.timeout(5):
        await access_of(RULES, Together()).admit(ANA, US)


@dataclass
class Clock:
    """Shows the time that a test sets."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_what_allows_is_kept_for_a_minute_and_no_longer() -> None:
    directory, clock = Directory(), Clock()
    access = access_of(RULES, directory, clock)
    await access.admit(ANA, US)
    clock.now += 59.9
    await access.admit(ANA, US)
    assert sorted(directory.asked) == ["C0LEGAL", "U0ANA"]
    clock.now += 0.2
    await access.admit(ANA, US)
    assert sorted(directory.asked) == ["C0LEGAL", "C0LEGAL", "U0ANA", "U0ANA"]


async def test_what_refuses_is_kept_for_ten_seconds_and_no_longer() -> None:
    directory, clock = knows(replace(MEMBER, is_guest=True), Channel()), Clock()
    access = access_of(RULES, directory, clock)
    for seconds in (0, 9.9, 0.2):
        clock.now += seconds
        with pytest.raises(refusals.GuestNotNamed):
            await access.admit(ANA, US)
    assert sorted(directory.asked) == ["C0LEGAL", "C0LEGAL", "U0ANA", "U0ANA"]


async def test_a_guest_who_is_named_is_kept_like_any_member() -> None:
    directory, clock = knows(replace(MEMBER, is_guest=True)), Clock()
    access = access_of(replace(RULES, users=frozenset({"U0ANA"})), directory, clock)
    await access.admit(ANA, US)
    clock.now += 59.9
    await access.admit(ANA, US)
    assert sorted(directory.asked) == ["C0LEGAL", "U0ANA"]


async def test_a_failure_is_not_kept() -> None:
    directory = knows(errors.SlackFailed("timeout"), errors.SlackFailed("timeout"))
    access = access_of(RULES, directory)
    with pytest.raises(refusals.PermissionUnknown):
        await access.admit(ANA, US)
    directory.people.clear()
    directory.channels.clear()
    await access.admit(ANA, US)


async def test_what_is_kept_of_one_says_nothing_of_another() -> None:
    directory = Directory({"U0BEN": Person("T0OTHER")}, {"G0OLD": Channel()})
    access = access_of(RULES, directory)
    await access.admit(ANA, US)
    with pytest.raises(refusals.Outsider):
        await access.admit(replace(ANA, user_id="U0BEN"), US)
    with pytest.raises(refusals.PublicChannel):
        await access.admit(replace(ANA, channel_id="G0OLD"), US)


# once more, before something is shown


@pytest.mark.parametrize(("age_s", "asked"), [(4.9, 2), (5.1, 4)])
async def test_what_slack_said_within_five_seconds_is_not_asked_again(
    age_s: float, asked: int
) -> None:
    directory, clock = knows(), Clock()
    access = access_of(RULES, directory, clock)
    await access.admit(ANA, US)
    clock.now += age_s
    await access.admit_again(ANA, US)
    assert len(directory.asked) == asked


@pytest.mark.parametrize("channel", [Channel(is_shared_outside=True), errors.SlackFailed("x")])
async def test_a_refusal_before_something_is_shown_says_that_much_has_changed(
    channel: Channel | Exception,
) -> None:
    directory, clock = knows(), Clock()
    access = access_of(RULES, directory, clock)
    await access.admit(ANA, US)
    directory.channels["C0LEGAL"] = channel
    clock.now += 5.1
    with pytest.raises(errors.AccessChanged) as changed:
        await access.admit_again(ANA, US)
    assert isinstance(changed.value.__cause__, refusals.AccessRefused)
