"""Who may not ask, and what may not be asked: nothing leaves for Gong, nothing is posted."""

import asyncio
import html
import unicodedata
from collections.abc import AsyncIterator

import pytest

import app
from bot import settings
from tests.stand_ins.gong import Gong
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import User
from tests.support.house import House, environment
from tests.support.log_book import LogBook
from tests.support.reading import is_receipt

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"


@pytest.fixture
async def closed_house(house: House, log: LogBook) -> AsyncIterator[House]:
    """A house in which whatever is asked must be refused."""
    yield house
    assert len(log.events("refused")) == 1
    assert house.gong.requests == []
    assert house.slack.messages == []
    assert len({line.user for line in house.slack.private}) == 1


# the place


@pytest.mark.parametrize("channel", ["D0ANA", "G0GROUP", "C0RANDOM"])
async def test_the_wrong_place_is_refused_and_names_no_channel(
    closed_house: House, channel: str
) -> None:
    told = await closed_house.told(JANE, channel=channel)
    assert told == (
        "Not available here. Gong was not asked, and nobody else saw your command. Use your "
        "team's authorized channel, or ask @ana."
    )
    assert closed_house.slack.calls[-1].method in {"auth.test", "apps.connections.open"}


async def test_the_same_name_with_another_id_is_another_channel(closed_house: House) -> None:
    named = {"channel_name": "privacy-requests"}
    ack = await closed_house.person().types(JANE, channel="C0TWIN", also=named)
    assert ack.text.startswith("Not available here.")


@pytest.mark.parametrize(
    ("channel", "sentence"),
    [
        ("C0PUBLIC", "This channel is open to your whole workspace"),
        ("C0SHARED", "People outside your organisation can read this channel"),
        ("C0NOBOT", "I am not a member of this channel"),
        ("C0GONE", "I am not a member of this channel"),
    ],
)
async def test_an_authorized_channel_that_others_can_read_or_we_cannot_is_refused(
    closed_house: House, channel: str, sentence: str
) -> None:
    assert (await closed_house.told(JANE, channel=channel)).startswith(sentence)


async def test_a_channel_about_to_be_shared_is_refused(closed_house: House) -> None:
    closed_house.slack.channels["C0LEGAL"].is_pending_ext_shared = True
    told = await closed_house.told(JANE)
    assert told.startswith("People outside your organisation can read this channel")


async def test_a_channel_that_does_not_say_it_is_private_counts_as_public(
    closed_house: House,
) -> None:
    closed_house.slack.channels["C0LEGAL"].missing.add("is_private")
    assert (await closed_house.told(JANE)).startswith("This channel is open")


@pytest.mark.parametrize("more", [{"ALLOW_PUBLIC_CHANNELS": "true"}])
async def test_a_public_channel_can_be_allowed(house: House) -> None:
    await house.answered(JANE, channel="C0PUBLIC")


@pytest.mark.parametrize("more", [{"ALLOW_PUBLIC_CHANNELS": "true"}])
async def test_a_public_channel_without_the_bot_is_refused_and_told_whom_to_invite(
    closed_house: House,
) -> None:
    closed_house.slack.channels["C0PUBLIC"].members.remove("U0BOT")
    told = await closed_house.told(JANE, channel="C0PUBLIC")
    assert "Type /invite @gong-lookup here" in told


@pytest.mark.parametrize(
    "teams",
    ["shared_team_ids", "connected_team_ids", "pending_shared", "pending_connected_team_ids"],
)
async def test_a_channel_that_names_another_team_is_refused(
    closed_house: House, teams: str
) -> None:
    closed_house.slack.channels["C0LEGAL"].extra = {teams: ["T0LEGAL", "T0OTHER"]}
    told = await closed_house.told(JANE)
    assert told.startswith("People outside your organisation can read this channel")


@pytest.mark.parametrize(
    ("left_open", "sentence"),
    [
        ({"is_ext_shared": None}, "People outside your organisation can read this channel"),
        ({"is_pending_ext_shared": 0}, "People outside your organisation can read this channel"),
        ({"shared_team_ids": None}, "People outside your organisation can read this channel"),
        ({"pending_shared": [None]}, "People outside your organisation can read this channel"),
        ({"is_private": 1}, "This channel is open"),
        ({"is_member": None}, "I am not a member of this channel"),
    ],
)
async def test_a_channel_that_slack_leaves_open_is_refused(
    closed_house: House, left_open: dict[str, object], sentence: str
) -> None:
    closed_house.slack.channels["C0LEGAL"].extra = left_open
    assert (await closed_house.told(JANE)).startswith(sentence)


async def test_what_slack_leaves_out_counts_as_harmless(house: House) -> None:
    house.slack.users["U0ANA"].missing |= {"is_restricted", "is_ultra_restricted", "deleted"}
    house.slack.users["U0ANA"].missing |= {"is_bot", "is_stranger", "enterprise_user"}
    channel = house.slack.channels["C0LEGAL"]
    channel.missing |= {"is_ext_shared", "is_pending_ext_shared", "is_member"}
    channel.missing |= {"shared_team_ids", "pending_shared", "pending_connected_team_ids"}
    await house.answered(JANE)


# the person


@pytest.mark.parametrize(
    ("user_id", "sentence"),
    [
        ("U0GUEST", "Guests may search only when they have been named"),
        ("U0SINGLE", "Guests may search only when they have been named"),
        ("U0ROBOT", "Only active members of this organisation may search"),
        ("U0GONE", "Only active members of this organisation may search"),
    ],
)
async def test_guests_robots_and_those_who_left_are_refused(
    closed_house: House, user_id: str, sentence: str
) -> None:
    assert (await closed_house.told(JANE, user_id)).startswith(sentence)


@pytest.mark.parametrize(
    ("left_open", "sentence"),
    [
        ({"is_restricted": None}, "Guests may search only when they have been named"),
        ({"is_ultra_restricted": ""}, "Guests may search only when they have been named"),
        ({"deleted": None}, "Only active members of this organisation may search"),
        ({"is_bot": 0}, "Only active members of this organisation may search"),
        ({"is_stranger": None}, "Only active members of this organisation may search"),
        ({"team_id": None}, "Only active members of this organisation may search"),
    ],
)
async def test_a_person_whom_slack_leaves_open_is_refused(
    closed_house: House, left_open: dict[str, object], sentence: str
) -> None:
    closed_house.slack.users["U0ANA"].extra = left_open
    assert (await closed_house.told(JANE)).startswith(sentence)


async def test_either_kind_of_guest_is_one(closed_house: House) -> None:
    closed_house.slack.users["U0SINGLE"].is_restricted = False
    assert (await closed_house.told(JANE, "U0SINGLE")).startswith("Guests may search only when")


@pytest.mark.parametrize(
    "stranger",
    [
        User("U0OUT", "out", "T0OTHER"),
        User("U0OUT", "out", "T0LEGAL", is_stranger=True),
        User("U0OUT", "out", "T0OTHER", enterprise_id="E0OTHER"),
    ],
    ids=["other team", "stranger", "other organisation"],
)
async def test_whom_slack_knows_as_an_outsider_is_refused_whatever_the_command_says(
    closed_house: House, stranger: User
) -> None:
    closed_house.slack.users["U0OUT"] = stranger
    ours = {"team_id": "T0LEGAL"}
    await closed_house.person("U0OUT").types(JANE, channel="C0LEGAL", also=ours)
    told = await closed_house.line_after(0)
    assert told.startswith("Only active members of this organisation may search")


async def test_another_workspace_is_refused(closed_house: House) -> None:
    ack = await closed_house.person("U0OUT").types(JANE, channel="C0LEGAL")
    assert ack.text.startswith("Not available from this workspace. Gong was not asked")


async def test_another_organisation_is_refused(closed_house: House) -> None:
    foreign = {"team_id": "T0OTHER", "enterprise_id": "E0OTHER"}
    ack = await closed_house.person().types(JANE, channel="C0LEGAL", also=foreign)
    assert ack.text.startswith("Not available from this workspace.")


async def test_another_workspace_of_our_own_organisation_is_ours(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    slack.enterprise_id = "E0ORG"
    slack.users["U0SISTER"] = User("U0SISTER", "sister", "T0SISTER", enterprise_id="E0ORG")
    found = settings.read_settings(environment(slack, gong, slack.transport))
    async with app.running(found, log.take) as bot:
        await bot.introduction
        slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
        await House(slack, gong, bot).answered(JANE, "U0SISTER")
    assert len(log.events("answered")) == 1


@pytest.mark.parametrize("more", [{"AUTHORIZED_USERS": "U0BEN,U0GUEST"}])
class TestListed:
    async def test_only_who_is_listed_may_ask(self, closed_house: House) -> None:
        told = await closed_house.told(JANE)
        assert told.startswith("You are not on the list of people who may search.")

    @pytest.mark.parametrize("user_id", ["U0BEN", "U0GUEST"])
    async def test_who_is_listed_may_ask_even_as_a_guest(self, house: House, user_id: str) -> None:
        await house.answered(JANE, user_id)


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("users.info", {"error": "user_not_found"}),
        ("users.info", {"error": "missing_scope"}),
        ("users.info", {"drop": True}),
        ("users.info", {"status": 503, "body": "<html>"}),
        ("users.info", {"status": 200, "body": "<html>"}),
        ("users.info", {"retry_after": 60}),
        ("conversations.info", {"error": "internal_error", "status": 500}),
        ("conversations.info", {"error": "channel_is_limited_access"}),
        ("conversations.info", {"drop": True, "after": True}),
    ],
)
async def test_when_slack_does_not_say_who_or_where_nobody_may(
    closed_house: House, method: str, fault: dict[str, object]
) -> None:
    closed_house.slack.fail(method, times=2, **fault)  # type: ignore[arg-type]  # a table of faults
    told = await closed_house.told(JANE)
    assert "I could not check your permission. Gong was not asked." in told


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize("patience", [app.Patience(slack_call_s=0.5)])
@pytest.mark.parametrize("method", ["users.info", "conversations.info"])
async def test_when_slack_takes_too_long_to_say_who_or_where_nobody_may(
    closed_house: House, method: str
) -> None:
    closed_house.slack.fail(method, delay_s=30)
    assert "I could not check your permission. Gong was not asked." in await closed_house.told(JANE)


async def test_of_a_hundred_commands_in_a_minute_ten_are_answered(house: House) -> None:
    ana = house.person()
    await asyncio.gather(*(ana.types(JANE, channel="C0LEGAL") for _ in range(100)))

    def refused() -> list[str]:
        told = [line.text for line in house.slack.private]
        return [text for text in told if text.startswith("That was one more than 10 searches in")]

    await house.slack.until(lambda: len(refused()) == 90)
    await house.slack.until(lambda: sum(map(is_receipt, house.slack.messages)) == 10)
    assert len(house.slack.in_channel("C0LEGAL")) == 10
    assert len(house.gong.requests) == 1


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_DAY": "1"}])
async def test_a_person_has_a_share_of_the_day(house: House) -> None:
    await house.answered(JANE)
    assert "one more than 1 searches in 24 hours" in await house.told("nobody@example.com")


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_MINUTE": "1"}])
async def test_a_permission_that_could_not_be_checked_costs_nothing(house: House) -> None:
    house.slack.fail("users.info", error="internal_error")
    assert "could not check your permission" in await house.told(JANE)
    await house.answered(JANE)


# the address


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("a@example.com b@example.com", "one address at a time"),
        ("a@example.com,b@example.com", "one address at a time"),
        ("a@example.com;b@example.com", "one address at a time"),
        ("a@b@example.com", "one address at a time"),
        ("a@example.com DSR-1 b@example.com", "one address at a time"),
        ("jane@аcme.com", "CYRILLIC SMALL LETTER A"),
        ("jane@ｅxample.com", "FULLWIDTH LATIN SMALL LETTER E"),
        ("jane＠example.com", "FULLWIDTH COMMERCIAL AT"),
        ("ja\u200bne@example.com", "invisible character (ZERO WIDTH SPACE)"),
        ("ja\u00adne@example.com", "invisible character (SOFT HYPHEN)"),
        ("\u202ejane@example.com", "invisible character (RIGHT-TO-LEFT OVERRIDE)"),
        ("jane@example.com\u00a0", "invisible character (NO-BREAK SPACE)"),
        ("ja\x00ne@example.com", "invisible character (U+0000)"),
        ("jane@example.com\r\nX-Other: 1", "invisible character (U+000D)"),
        ("a" * 65 + "@example.com", "at most 254 characters, 64 of them before the @"),
        ("a@" + "b" * 60 + ".example" * 30, "at most 254 characters"),
        ("a@" + "b" * 9000, "at most 254 characters"),
        ("<!channel>@a.b", "as one plain email address"),
        ("<mailto:evil@example.com|jane@example.com>", "one address at a time"),
        ("<https://evil.example|jane@example.com>", "as one plain email address"),
        ("<@U0BEN>", "as one plain email address"),
        ("a@b.c?x=1&emailAddress=ceo@x", "one address at a time"),
        ("a@b.c#fragment", "as one plain email address"),
        ("a%0d%0a@", "as one plain email address"),
        ("jane@example.com not-a-case", "does not look like one of your case references"),
    ],
)
@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
async def test_what_is_not_one_plain_address_is_refused_and_not_echoed(
    closed_house: House, words: str, sentence: str
) -> None:
    told = await closed_house.told(words)
    assert told.startswith("Nothing was searched: ")
    assert sentence in told
    for word in words.split():  # a long echo would be cut
        assert word[:100] not in html.unescape(told).replace("jane@example.com DSR-123", "")


CASE_ASKED = "jane@example.com not-a-case"


async def test_who_may_not_ask_is_not_told_what_a_case_looks_like(closed_house: House) -> None:
    told = await closed_house.told(CASE_ASKED, "U0GUEST")
    assert told.startswith("Guests may search only when they have been named")


async def test_a_case_that_was_not_judged_or_is_none_stays_out_of_the_trail(
    house: House, log: LogBook
) -> None:
    await house.told(CASE_ASKED, "U0GUEST")
    await house.told(CASE_ASKED)
    refused = [(line["outcome"], line.get("case")) for line in log.events("refused")]
    assert refused == [("GuestNotNamed", None), ("CaseMalformed", None)]


@pytest.mark.parametrize("more", [{"PERSON_LOOKUPS_PER_MINUTE": "1"}])
async def test_a_case_that_is_none_costs_no_look_up(house: House) -> None:
    assert "does not look like one of your case" in await house.told(CASE_ASKED)
    await house.answered(JANE)


@pytest.mark.parametrize("more", [{"CASE_REFERENCE_REQUIRED": "true"}])
async def test_a_case_can_be_required(closed_house: House) -> None:
    told = await closed_house.told(JANE)
    assert told.startswith("Nothing was searched: your team asks for a case after the address")
    assert "DSR-123" in told


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("jane@xn--mnchen-3ya.example", "jane%40xn--mnchen-3ya.example"),
        ("o'neil&co=1@example.com", "o%27neil%26co%3D1%40example.com"),
        ("100%25@example.com", "100%2525%40example.com"),
        ("jane@corp.local", "jane%40corp.local"),
    ],
)
async def test_an_unusual_address_leaves_as_one_parameter_that_reads_the_same(
    house: House, address: str, query: str
) -> None:
    summary = await house.answered(address)
    assert [request.query for request in house.gong.requests] == [f"emailAddress={query}"]
    assert house.gong.requests[0].address == address
    said = address.replace("&", "&amp;")
    assert f"Address searched: {said}" in summary.text


def test_the_table_holds_what_it_says() -> None:
    assert unicodedata.name("jane@аcme.com"[5]) == "CYRILLIC SMALL LETTER A"


# not yet ours to answer


@pytest.mark.parametrize("transport", ["http"])
async def test_while_slack_does_not_confirm_us_people_are_asked_to_wait(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    slack.fail("auth.test", delay_s=1)
    async with app.running(settings.read_settings(environment(slack, gong)), log.take) as bot:
        slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
        ana = Person(slack, "U0ANA")
        for words in (JANE, "help"):
            ack = await ana.types(words, channel="C0LEGAL")
            assert ack.text.startswith("I am only just starting. Nothing was searched.")
        await bot.introduction
        await House(slack, gong, bot).answered(JANE)
    assert [line["outcome"] for line in log.events("refused")] == ["Starting", "Starting"]
