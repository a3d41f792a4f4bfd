"""How much memory a large answer takes, and how it is given back."""

import signal
from pathlib import Path

import psutil
import pytest

from bot.runtime import without_frames
from tests.stand_ins.gong import Gong
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.support.house import environment
from tests.support.log_book import LogBook
from tests.support.process import started
from tests.support.reading import json_files

pytest_plugins = ["tests.support.fixtures"]

TIMES_THE_ANSWER = 3


@pytest.fixture
def transport() -> str:
    return "http"


def peak_bytes(process_id: int) -> int:
    """The most memory a process has ever held (proc_pid_status(5), VmHWM)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak")
async def test_fifty_thousand_references_take_three_times_their_size_at_most(
    slack: Slack, gong: Gong, log: LogBook
) -> None:
    del log
    async with started(environment(slack, gong), "app.py") as served:
        port = (await served.until("listening"))["port"]
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        await served.until("ready")
        ana = Person(slack, "U0ANA")
        await ana.types("test@test.com", channel="C0LEGAL")
        await slack.until(lambda: len(json_files(slack)) == 1)
        idle = psutil.Process(served.process.pid).memory_info().rss
        await ana.types("many@example.com", channel="C0LEGAL")
        await slack.until(lambda: len(json_files(slack)) == 2, timeout_s=30)
        peak = peak_bytes(served.process.pid)
        served.process.send_signal(signal.SIGTERM)
        assert await served.ends() == 0
    answer = gong.requests[1].answer
    summary = slack.in_channel("C0LEGAL")[1]
    assert summary.text.startswith("Gong look-up: 50,024 references\n")
    assert json_files(slack)[1] == answer
    assert (peak - idle) / len(answer) <= TIMES_THE_ANSWER


def raised() -> ValueError:
    try:
        int("none")
    except ValueError as exc:
        return exc
    raise AssertionError


def test_whatever_led_to_a_failure_lets_go_of_its_frames() -> None:
    failure, cause, context = raised(), raised(), raised()
    failure.__cause__, failure.__context__, context.__context__ = cause, context, failure
    assert None not in [each.__traceback__ for each in (failure, cause, context)]
    assert without_frames(failure) is failure
    assert [each.__traceback__ for each in (failure, cause, context)] == [None] * 3
