"""What only an admin can mend is told in the admin's channel: once an hour, without addresses."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot import errors, refusals
from bot.lookup import alerts
from bot.lookup.alerts import QUIET_S, Alerts, Trouble
from bot.models import ClocksDiffer, QuotaNearlySpent, UnknownFields
from bot.slack.block_kit import Message
from tests.stand_ins import block_kit
from tests.stand_ins.answering import Answering, failing
from tests.stand_ins.slack import Slack
from tests.stand_ins.slack_world import Channel
from tests.support.house import House
from tests.support.log_book import LogBook

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
OPS = "C0OPS"


@pytest.fixture
def more() -> dict[str, str]:
    return {"ALERT_CHANNEL": OPS}


@pytest.fixture
def ops(slack: Slack) -> Iterator[None]:
    """The admin's channel; whatever is told there names no address."""
    slack.channels[OPS] = Channel(OPS, "ops", members={"U0BOT"})
    yield
    told = json.dumps([(line.text, line.blocks) for line in slack.in_channel(OPS)])
    assert "example.com" not in told


async def heard(house: House) -> list[str]:
    """What the admin reads, once everything that has begun is over."""
    await house.slack.until(lambda: house.slack.in_channel(OPS))
    await house.bot.flow.alerts.close()
    return [message.text for message in house.slack.in_channel(OPS)]


# what is told


@pytest.mark.usefixtures("ops")
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("denied@example.com", "Gong refuses this bot's credentials (HTTP 401)."),
        ("untrusted@example.com", "Gong does not trust the network this bot runs in (HTTP 403)."),
    ],
)
async def test_a_gong_that_lets_nobody_search_is_told_once(
    house: House, address: str, sentence: str
) -> None:
    for user_id in ("U0ANA", "U0BEN", "U0ANA"):
        await house.told(address, user_id)
    (told,) = await heard(house)
    assert told.startswith(sentence)


@pytest.mark.usefixtures("ops")
@pytest.mark.parametrize(
    ("channel", "sentence"),
    [
        ("C0SHARED", "The authorized channel C0SHARED is shared with people outside"),
        ("C0PUBLIC", "The authorized channel C0PUBLIC is open to the whole workspace."),
    ],
)
async def test_an_authorized_channel_that_others_read_is_told_once(
    house: House, channel: str, sentence: str
) -> None:
    for user_id in ("U0ANA", "U0BEN"):
        await house.told(JANE, user_id, channel)
    (told,) = await heard(house)
    assert told.startswith(sentence)


@pytest.mark.usefixtures("ops")
async def test_two_troubles_are_told_one_by_one(house: House) -> None:
    house.slack.channels["C0LEGAL"].is_pending_ext_shared = True
    for channel in ("C0LEGAL", "C0SHARED", "C0PUBLIC"):
        await house.told(JANE, channel=channel)
    await house.slack.until(lambda: len(house.slack.in_channel(OPS)) == 3)
    told = [message.text.split()[3] for message in house.slack.in_channel(OPS)]
    assert told == ["C0LEGAL", "C0SHARED", "C0PUBLIC"]


@pytest.mark.usefixtures("ops")
@pytest.mark.parametrize("more", [{"ALERT_CHANNEL": OPS, "GONG_CALLS_PER_DAY": "5"}])
async def test_four_fifths_of_the_day_are_told_and_three_are_not(house: House) -> None:
    for number in range(3):
        await house.answered(f"{number}@example.com")
    await house.answered("2@example.com")  # kept: Gong is not asked
    assert house.slack.in_channel(OPS) == []
    await house.answered("4@example.com")
    await house.answered("5@example.com")
    (told,) = await heard(house)
    assert told.startswith("80 % of this bot's share of Gong's quota for 24 hours (5 calls)")


@pytest.mark.usefixtures("ops")
@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize(("off_s", "status"), [(-90, 200), (90, 200), (-301, 401), (3600, 401)])
async def test_a_clock_that_is_off_is_told_once(house: House, off_s: int, status: int) -> None:
    house.bot.door.started_at -= 600
    async with aiohttp.ClientSession() as http:
        for number in range(2):
            body = b"ssl_check=%d" % number
            headers = house.slack.signed_headers(body, at=int(time.time()) + off_s)
            async with http.post(house.slack.request_url, data=body, headers=headers) as answer:
                assert answer.status == status
    (told,) = await heard(house)
    assert told.startswith("The clocks of Slack and of this bot differ by more than a minute;")


@pytest.mark.usefixtures("ops")
@pytest.mark.parametrize("transport", ["http"])
async def test_a_clock_that_is_hardly_off_and_a_forged_one_are_not_told(house: House) -> None:
    async with aiohttp.ClientSession() as http:
        for off_s, secret in ((-50, None), (50, None), (-3600, "another")):
            body = b"ssl_check=1"
            headers = house.slack.signed_headers(body, int(time.time()) + off_s, secret)
            await (await http.post(house.slack.request_url, data=body, headers=headers)).read()
    await house.answered(JANE)
    assert house.slack.in_channel(OPS) == []


@pytest.mark.usefixtures("ops")
@pytest.mark.parametrize(
    ("words", "channel"),
    [
        ("employee@example.com", "C0LEGAL"),
        ("lost@example.com", "C0LEGAL"),
        ("jane@", "C0LEGAL"),
        (JANE, "C0RANDOM"),
        (JANE, "C0NOBOT"),
    ],
)
async def test_what_the_person_can_mend_does_not_trouble_the_admin(
    house: House, words: str, channel: str
) -> None:
    house.gong.people["lost@example.com"] = failing(404)
    await house.told(words, channel=channel)
    await house.bot.flow.alerts.close()
    assert house.slack.in_channel(OPS) == []


@pytest.mark.parametrize("more", [{}])
async def test_without_a_channel_nobody_is_told(house: House) -> None:
    await house.told("denied@example.com")
    assert house.slack.messages == []


# trouble on the way


async def test_an_alert_that_slack_does_not_take_disturbs_nobody(
    house: House, log: LogBook
) -> None:
    await house.told("denied@example.com")
    await house.answered(JANE)
    (line,) = log.events("alert_not_posted")
    assert line["code"] == "channel_not_found"


@pytest.mark.usefixtures("ops")
async def test_the_answer_does_not_wait_for_the_alert(house: House) -> None:
    house.slack.fail("chat.postMessage", delay_s=2)
    house.gong.people[JANE] = Answering(status=401)
    await house.told(JANE)
    assert house.slack.in_channel(OPS) == []
    assert len(await heard(house)) == 1


# the room itself


@dataclass
class Board:
    """Where alerts hang, and a clock that the test turns."""

    now: float = 0
    posted: list[tuple[str, Message]] = field(default_factory=list)

    async def post(self, channel_id: str, message: Message) -> str:
        self.posted.append((channel_id, message))
        return "1763900000.000100"


TROUBLES: list[Trouble] = [
    errors.CredentialsRefused("r", 401),
    errors.NetworkNotTrusted("r", 403),
    refusals.SharedChannel(),
    refusals.PublicChannel(),
    errors.LogFailed(),
    QuotaNearlySpent(7500),
    ClocksDiffer(),
    UnknownFields(("errors",)),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: type(trouble).__name__)
async def test_each_trouble_is_told_at_most_once_an_hour(trouble: Trouble) -> None:
    board = Board()
    told = Alerts(OPS, board.post, lambda: board.now)
    counts = []
    for now in (0, 1, QUIET_S - 1, QUIET_S + 1, QUIET_S + 2):
        board.now = now
        told.notify(trouble, "C0LEGAL")
        await told.close()
        counts.append(len(board.posted))
    assert counts == [1, 1, 1, 2, 2]
    assert QUIET_S == 3600
    for channel_id, message in board.posted:
        assert channel_id == OPS
        assert block_kit.faults([*message.blocks]) == []
        assert "{" not in message.text


def test_everything_the_admin_is_told_of_is_in_the_table() -> None:
    assert {type(trouble) for trouble in TROUBLES} == set(alerts._SENTENCES)  # noqa: SLF001  # the table
