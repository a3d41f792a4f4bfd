"""Starting, being stopped and being interrupted: nobody is left without an answer."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator

import pytest

import app
from bot import settings
from tests.stand_ins.answering import Answering
from tests.stand_ins.gong import Gong
from tests.stand_ins.people import rich
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.support.house import House, bot_between, environment
from tests.support.log_book import LogBook, leaks, secrets_of
from tests.support.process import Served, started
from tests.support.reading import is_filed, json_files

pytest_plugins = ["tests.support.fixtures"]

JANE = "jane@example.com"
TROUBLED = ("denied@example.com", "dropped@example.com", "html@example.com", "moved@example.com")
SLOWLY = Answering(lambda: rich(JANE), delay_s=0.7)


# python app.py


@pytest.fixture
async def served(slack: Slack, gong: Gong) -> AsyncIterator[Served]:
    """The bot in a process of its own, ready."""
    loudly = environment(slack, gong, slack.transport, LOG_LEVEL="DEBUG")
    async with started(loudly, "app.py") as served:
        port = (await served.until("listening"))["port"]
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        await served.until("ready")
        yield served
    assert leaks(served.text, secrets_of(slack, gong)) == []
    assert "Traceback" not in served.text


async def test_an_idle_bot_that_is_told_to_stop_ends_at_once(served: Served) -> None:
    began = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert await served.ends() == 0
    assert time.monotonic() - began < 5


async def test_a_search_under_way_is_finished_before_the_bot_stops_and_no_other_is_begun(
    served: Served, slack: Slack, gong: Gong
) -> None:
    gong.people[JANE] = SLOWLY
    await Person(slack, "U0ANA").types(JANE, channel="C0LEGAL")
    await gong.until(lambda: gong.requests)
    served.process.send_signal(signal.SIGTERM)
    await served.until("stopping")
    ack = await Person(slack, "U0BEN").types("test@test.com", channel="C0LEGAL")
    assert ack.text.startswith("I am being restarted. Nothing was searched.")
    assert await served.ends() == 0
    (summary,) = slack.in_channel("C0LEGAL")
    assert is_filed(slack, summary)
    assert json_files(slack) == [gong.requests[0].answer]
    assert len(gong.requests) == 1


async def test_whatever_happens_the_process_writes_none_of_it_down(
    served: Served, slack: Slack
) -> None:
    ana = Person(slack, "U0ANA")
    slack.fail("upload", drop=True)
    for number, address in enumerate([JANE, *TROUBLED], start=1):
        await ana.types(f"{address} DSR-{number}", channel="C0LEGAL")
    await slack.until(lambda: len(slack.private) == 2 * len(TROUBLED) + 1, timeout_s=20)
    await slack.until(lambda: len(slack.messages) == 2)
    (summary,) = slack.in_channel("C0LEGAL")
    slack.fail("response_url", status=500, times=2)
    await ana.clicks(summary, "Refresh", value='["canary@example.com"]')
    await ana.clicks(summary, "Engagement 7")
    await slack.until(lambda: len(slack.messages) == 3)
    served.process.send_signal(signal.SIGTERM)
    assert await served.ends() == 0
    assert "canary" not in served.text
    assert "tkn=" not in served.text
    assert served.err == ""


@pytest.mark.parametrize("transport", ["http"])
async def test_a_bot_that_is_still_starting_can_be_stopped_from_the_keyboard(
    slack: Slack, gong: Gong
) -> None:
    slack.fail("auth.test", status=503, times=9)
    async with started(environment(slack, gong), "app.py", is_covered=True) as served:
        await served.until("slack_does_not_answer")
        served.process.send_signal(signal.SIGINT)
        assert await served.ends() == 0
    assert "Traceback" not in served.text


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize("command", [(), ("check",)])
async def test_neither_the_bot_nor_check_starts_with_a_pattern_that_explodes(
    slack: Slack, gong: Gong, command: tuple[str, ...]
) -> None:
    wrong = environment(slack, gong, CASE_REFERENCE_PATTERN=r"(canary|[A-Z0-9]+[-/]?)+\d")
    async with started(wrong, "app.py", *command, is_covered=True) as served:
        assert await served.ends() == 2
    assert served.err.splitlines() == [
        "The settings are not complete:",
        "  ✗ CASE_REFERENCE_PATTERN takes too long on some texts: use a simpler one",
    ]


@pytest.mark.parametrize("transport", ["http"])
async def test_missing_settings_are_told_all_at_once_and_without_any_value(
    slack: Slack, gong: Gong
) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "canary-token",
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": "",
        "GONG_BASE_URL": "https://canary.example.com",
        "GONG_ACCESS_KEY": "",
        "AUTHORIZED_CHANNELS": "#canary",
        "AUDIT_KEY": "canary",
        "CACHE_TTL_SECONDS": "canary",
    }
    async with started(environment(slack, gong) | wrong, "app.py", is_covered=True) as served:
        assert await served.ends() == 2
    first, *problems = served.err.splitlines()
    assert first == "The settings are not complete:"
    told = {problem.split()[1] for problem in problems}
    assert told == wrong.keys() - {"SLACK_APP_TOKEN"}
    assert served.text == served.err
    assert "canary" not in served.err


@pytest.mark.parametrize(
    ("transport", "variable", "value"),
    [
        ("http", "SLACK_BOT_TOKEN", "xoxb-canary"),
        ("socket", "SLACK_APP_TOKEN", "xapp-canary"),
    ],
)
async def test_a_token_that_slack_refuses_ends_the_bot_with_a_sentence(
    slack: Slack, gong: Gong, variable: str, value: str
) -> None:
    wrong = environment(slack, gong, slack.transport) | {variable: value}
    async with started(wrong, "app.py", is_covered=slack.transport == "http") as served:
        assert await served.ends() == 2
    assert served.err == f"{variable}: Slack does not accept this token (invalid_auth)\n"
    assert "canary" not in served.text


@pytest.mark.parametrize("transport", ["http"])
async def test_a_port_that_is_taken_ends_the_bot_with_a_sentence(slack: Slack, gong: Gong) -> None:
    port = slack.base_url.rpartition(":")[2]
    async with started(environment(slack, gong, PORT=port), "app.py", is_covered=True) as served:
        assert await served.ends() == 2
    assert served.err == f"HOST and PORT: nothing can listen on 127.0.0.1:{port}\n"


@pytest.mark.parametrize("transport", ["http"])
async def test_a_word_that_is_no_command_is_answered_with_those_there_are(
    slack: Slack, gong: Gong
) -> None:
    async with started(environment(slack, gong), "app.py", "serve", is_covered=True) as served:
        assert await served.ends() == 2
    assert "python app.py check" in served.err


# in this process, with less patience


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0.1)])
async def test_a_search_that_does_not_end_in_time_is_told_to_be_interrupted(
    slack: Slack, gong: Gong, log: LogBook, patience: app.Patience
) -> None:
    gong.people[JANE] = Answering(delay_s=30)
    async with bot_between(slack, gong, patience, log.take):
        await Person(slack, "U0ANA").types(JANE, channel="C0LEGAL")
        await gong.until(lambda: gong.requests)
    assert slack.private[-1].text == (
        f"The search for {JANE} did NOT complete: the bot was restarted. This says nothing about "
        "what Gong holds. If no result stands in the channel, type the command again in a minute."
    )
    assert slack.messages == []
    assert [line["outcome"] for line in log.events("failed")] == ["Interrupted"]


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0.5)])
async def test_a_line_on_its_way_to_somebody_is_not_cut_off(
    slack: Slack, gong: Gong, log: LogBook, patience: app.Patience
) -> None:
    slack.fail("response_url", delay_s=1.5)
    async with bot_between(slack, gong, patience, log.take):
        await Person(slack, "U0ANA").types("denied@example.com", channel="C0LEGAL")
        await gong.until(lambda: gong.requests)
    assert "did NOT complete: Gong refused our credentials" in slack.private[-1].text


@pytest.mark.parametrize("patience", [app.Patience(finish_s=0.5, say_s=0.3)])
async def test_a_line_that_does_not_arrive_does_not_hold_up_the_end(
    slack: Slack, gong: Gong, log: LogBook, patience: app.Patience
) -> None:
    slack.fail("response_url", delay_s=4, times=2)
    async with bot_between(slack, gong, patience, log.take):
        await Person(slack, "U0ANA").types("denied@example.com", channel="C0LEGAL")
        await gong.until(lambda: gong.requests)
        began = time.monotonic()
    assert time.monotonic() - began < 2.5


async def test_a_button_pressed_while_the_bot_stops_is_told_so(house: House) -> None:
    house.gong.people["slow@example.com"] = SLOWLY
    summary = await house.answered(JANE)
    await house.person().types("slow@example.com", channel="C0LEGAL")
    stopping = asyncio.create_task(house.bot.boundary.close())
    await house.gong.until(lambda: len(house.gong.requests) == 2)
    await house.person("U0BEN").clicks(summary, "Refresh")
    assert (await house.line_after(2)).startswith("I am being restarted.")
    await stopping
    assert len(house.slack.in_channel("C0LEGAL")) == 2
    assert len(house.gong.requests) == 2


@pytest.mark.parametrize("transport", ["http"])
async def test_trouble_on_the_way_to_slack_is_outlived(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    slack.fail("auth.test", drop=True)
    found = settings.read_settings(environment(slack, gong))
    async with app.running(found, len, app.Patience(auth_retry_s=0.1)) as bot:
        await bot.introduction
        assert await bot.is_ready()
    (line,) = log.events("slack_does_not_answer")
    assert (line["code"], line["again_in_s"]) == ("unreachable", 0.1)


# Socket Mode


@pytest.mark.parametrize("transport", ["socket"])
class TestSocketMode:
    async def test_a_connection_that_breaks_is_opened_again(self, house: House) -> None:
        await house.slack.drop_socket()
        await house.slack.until_socket_connected()
        await house.answered(JANE)

    async def test_a_connection_that_slack_replaces_is_replaced(self, house: House) -> None:
        await house.slack.refresh_socket()
        await house.slack.until_socket_connected()
        await house.answered(JANE)

    async def test_a_search_outlives_the_connection_it_came_by(self, house: House) -> None:
        house.gong.people[JANE] = SLOWLY
        await house.person().types(JANE, channel="C0LEGAL")
        await house.slack.drop_socket()
        await house.slack.until(lambda: house.slack.in_channel("C0LEGAL"))

    async def test_junk_over_the_socket_is_acknowledged_and_ignored(
        self, house: House, log: LogBook
    ) -> None:
        odd = {"team_id": "<T0>"}
        ack = await house.person().types(JANE, channel="C0LEGAL", also=odd)
        assert (ack.status, ack.content) == (200, {})
        assert len(log.events("malformed_payload")) == 1
        assert house.gong.requests == []
