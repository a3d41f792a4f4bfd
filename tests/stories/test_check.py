"""`python app.py check`: a line for everything that must hold, and what to do where it does not."""

from email.utils import formatdate
from time import time

import pytest

from bot import settings
from bot.cli import check
from tests.stand_ins.answering import Answering, failing
from tests.stand_ins.gong import Gong
from tests.stand_ins.slack import Slack
from tests.support.house import environment
from tests.support.log_book import leaks, secrets_of
from tests.support.process import started

pytest_plugins = ["tests.support.fixtures"]

NO_DOMAINS = (
    "- COMPANY_DOMAINS is not set: an empty answer for one of your own people will read "
    "“No references returned”, although Gong does not cover its users here."
)
ALL_GOOD = {
    "http": [
        "✓ Settings are complete; Slack reaches this bot by HTTP.",
        "✓ Slack accepts the bot token; this bot is @gong-lookup.",
        "✓ The token has exactly the scopes it needs.",
        "✓ Our clock and Slack's agree.",
        "✓ Channel C0LEGAL is ready: 3 members, 1 of them a guest.",
        "✓ Gong is reached and accepts the credentials.",
        NO_DOMAINS,
        (
            "- The signing secret cannot be checked from here: type /gong-lookup help in Slack. "
            "If Slack reports an error, compare SLACK_SIGNING_SECRET with Basic Information."
        ),
    ],
    "socket": [
        "✓ Settings are complete; Slack reaches this bot by Socket Mode.",
        "✓ Slack accepts the bot token; this bot is @gong-lookup.",
        "✓ The token has exactly the scopes it needs.",
        "✓ Our clock and Slack's agree.",
        "✓ Slack accepts the app token for Socket Mode.",
        "✓ Channel C0LEGAL is ready: 3 members, 1 of them a guest.",
        "✓ Gong is reached and accepts the credentials.",
        NO_DOMAINS,
    ],
}


def environ(slack: Slack, gong: Gong, **more: str) -> dict[str, str]:
    one_channel = {"AUTHORIZED_CHANNELS": "C0LEGAL"}
    return environment(slack, gong, slack.transport, **(one_channel | more))


async def bad_lines(slack: Slack, gong: Gong, **more: str) -> list[str]:
    """What does not hold."""
    found = settings.read_settings(environ(slack, gong, **more))
    return [line.sentence async for line in check.check_lines(found) if not line.holds]


async def test_all_is_well(slack: Slack, gong: Gong, capsys: pytest.CaptureFixture[str]) -> None:
    assert await check.run(settings.read_settings(environ(slack, gong))) == 0
    assert capsys.readouterr().out.splitlines() == ALL_GOOD[slack.transport]
    assert [request.address for request in gong.requests] == [check.CHECK_EMAIL]
    assert slack.messages == []


async def test_with_the_companys_domains_nothing_is_said_of_them(
    slack: Slack, gong: Gong, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        await check.run(settings.read_settings(environ(slack, gong, COMPANY_DOMAINS="acme.com")))
        == 0
    )
    assert NO_DOMAINS not in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("transport", ["http"])
async def test_the_command_says_the_same_and_ends_well(slack: Slack, gong: Gong) -> None:
    async with started(environ(slack, gong), "app.py", "check", is_covered=True) as served:
        assert await served.ends() == 0
    assert served.text.splitlines() == ALL_GOOD[slack.transport]
    assert leaks(served.text, secrets_of(slack, gong) - {check.CHECK_EMAIL}) == []


@pytest.mark.parametrize("transport", ["http"])
async def test_the_command_ends_with_one_when_something_does_not_hold(
    slack: Slack, gong: Gong
) -> None:
    slack.bot_token = "xoxb-another"
    environment = environ(slack, gong) | {"SLACK_BOT_TOKEN": "xoxb-revoked"}
    async with started(environment, "app.py", "check") as served:
        assert await served.ends() == 1
    assert served.text.splitlines()[1:3] == [
        "✗ SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth). Install the app again.",
        "✓ Gong is reached and accepts the credentials.",
    ]


async def test_a_token_of_another_app_is_told(slack: Slack, gong: Gong) -> None:
    assert await bad_lines(slack, gong, SLACK_BOT_TOKEN="xoxb-another") == [
        "SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth). Install the app again."
    ]


@pytest.mark.parametrize("transport", ["http"])
async def test_slack_out_of_reach_is_not_called_a_bad_token(slack: Slack, gong: Gong) -> None:
    slack.fail("auth.test", drop=True)
    (line,) = await bad_lines(slack, gong)
    assert "unreachable" in line
    assert "does not accept" not in line


async def test_scopes_that_are_missing_or_too_many_are_named(slack: Slack, gong: Gong) -> None:
    slack.scopes ^= {"users:read", "files:write", "chat:write.public", "im:history"}
    (scopes, *_) = await bad_lines(slack, gong)
    assert scopes == (
        "Scopes missing: files:write, users:read; superfluous: chat:write.public, im:history. "
        "Mend them under OAuth & Permissions, then install again."
    )


async def test_a_channel_that_names_another_team_is_told(slack: Slack, gong: Gong) -> None:
    slack.channels["C0LEGAL"].extra = {"connected_team_ids": ["T0OTHER"]}
    (line,) = await bad_lines(slack, gong)
    assert "is shared with people outside, or about to be" in line


@pytest.mark.parametrize(
    ("channel", "problem"),
    [
        ("C0NOBOT", "does not exist, or is private without me: type /invite @gong-lookup there"),
        ("C0GONE", "does not exist, or is private without me: type /invite @gong-lookup there"),
        ("C0PUBLIC", "is public: use a private one, or set ALLOW_PUBLIC_CHANNELS=true"),
        (
            "C0SHARED",
            "is shared with people outside, or about to be: results are never posted there",
        ),
    ],
)
async def test_a_channel_that_cannot_be_used_is_told_with_the_reason(
    slack: Slack, gong: Gong, channel: str, problem: str
) -> None:
    assert await bad_lines(slack, gong, AUTHORIZED_CHANNELS=f"{channel},C0LEGAL") == [
        f"Channel {channel} {problem}."
    ]


async def test_an_archived_channel_is_told_with_what_to_do(slack: Slack, gong: Gong) -> None:
    slack.channels["C0LEGAL"].is_archived = True
    assert await bad_lines(slack, gong) == [
        "Channel C0LEGAL is archived: unarchive it, or take it out of AUTHORIZED_CHANNELS."
    ]


async def test_a_public_channel_without_the_bot_is_told_whom_to_invite(
    slack: Slack, gong: Gong
) -> None:
    public = {"AUTHORIZED_CHANNELS": "C0RANDOM", "ALLOW_PUBLIC_CHANNELS": "true"}
    assert await bad_lines(slack, gong, **public) == [
        "Channel C0RANDOM is without me: type /invite @gong-lookup there."
    ]


async def test_a_channel_that_slack_does_not_tell_about_is_told(slack: Slack, gong: Gong) -> None:
    slack.scopes.remove("groups:read")
    lines = await bad_lines(slack, gong)
    assert "Channel C0LEGAL could not be checked: Slack says missing_scope." in lines


async def test_members_without_guests_are_counted_through_all_their_pages(
    slack: Slack, gong: Gong
) -> None:
    slack.users |= {f"U0P{n}": slack.users["U0BEN"] for n in range(450)}
    slack.channels["C0LEGAL"].members = {"U0BOT", *(f"U0P{n}" for n in range(450))}
    found = settings.read_settings(environ(slack, gong))
    sentences = [line.sentence async for line in check.check_lines(found)]
    assert "Channel C0LEGAL is ready: 450 members, none of them guests." in sentences


@pytest.mark.parametrize("off_s", [-90, 90])
async def test_a_clock_that_is_off_is_told(slack: Slack, gong: Gong, off_s: int) -> None:
    slack.date = formatdate(time() + off_s, usegmt=True)
    (line,) = await bad_lines(slack, gong)
    assert line.startswith("Our clock differs from Slack's by ")
    assert "Set this machine's clock." in line


async def test_a_clock_that_cannot_be_read_is_told(slack: Slack, gong: Gong) -> None:
    slack.date = "soon"
    assert await bad_lines(slack, gong) == ["Slack's clock could not be read. Try again."]


@pytest.mark.parametrize("transport", ["socket"])
async def test_an_app_token_that_slack_refuses_is_told(slack: Slack, gong: Gong) -> None:
    (line,) = await bad_lines(slack, gong, SLACK_APP_TOKEN="xapp-another")
    assert line == (
        "SLACK_APP_TOKEN: Slack does not accept it (invalid_auth). It needs the scope "
        "connections:write, and Socket Mode must be on."
    )


@pytest.mark.parametrize("transport", ["socket"])
async def test_an_app_token_that_could_not_be_tried_is_not_called_a_bad_one(
    slack: Slack, gong: Gong
) -> None:
    slack.fail("apps.connections.open", drop=True)
    (line,) = await bad_lines(slack, gong)
    assert "unreachable" in line
    assert "does not accept" not in line


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize(
    ("answering", "sentence"),
    [
        (failing(401, "Unauthorized"), "Gong refused our credentials (HTTP 401, request"),
        (failing(403, "No"), "Gong does not trust the network this bot runs in"),
        (failing(404, "No"), "our settings have a wrong address for Gong (HTTP 404, request"),
        (failing(500, "No"), "Gong reported a fault of its own (HTTP 500), request"),
    ],
)
async def test_what_gong_refuses_is_told(
    slack: Slack, gong: Gong, answering: Answering, sentence: str
) -> None:
    gong.default = answering
    (line,) = await bad_lines(slack, gong)
    assert line.startswith("Gong: ")
    assert sentence in line


@pytest.mark.parametrize("transport", ["http"])
async def test_a_gong_that_finds_fault_with_the_address_accepts_the_credentials(
    slack: Slack, gong: Gong
) -> None:
    gong.default = failing(400, "Not an address we know")
    assert await bad_lines(slack, gong) == []


@pytest.mark.parametrize("transport", ["http"])
async def test_a_gong_that_cannot_be_reached_is_told(slack: Slack, gong: Gong) -> None:
    (line,) = await bad_lines(slack, gong, GONG_BASE_URL="http://127.0.0.1:1")
    assert line == "Gong: Gong could not be reached, or broke off its answer."


@pytest.mark.parametrize("transport", ["http"])
async def test_the_alert_channel_gets_a_test_line(slack: Slack, gong: Gong) -> None:
    assert await bad_lines(slack, gong, ALERT_CHANNEL="C0LEGAL") == []
    assert [message.channel for message in slack.messages] == ["C0LEGAL"]


@pytest.mark.parametrize("transport", ["http"])
async def test_an_alert_channel_without_the_bot_is_told(slack: Slack, gong: Gong) -> None:
    (told,) = await bad_lines(slack, gong, ALERT_CHANNEL="C0NOBOT")
    assert told.startswith("ALERT_CHANNEL C0NOBOT: Slack does not take a line there")
