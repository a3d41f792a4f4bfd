"""The log: our own facts, a JSON line each, and never a text that somebody else wrote."""

import base64
import io
import json
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot import logs
from tests.support.log_book import leaks

CANARY = "jane@example.com"
HTTPX = logging.getLogger("httpx")


@dataclass(frozen=True)
class Log:
    stream: io.StringIO

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def only(self) -> dict[str, Any]:
        """The one line there is, which holds nothing of what was looked up."""
        (line,) = self.lines
        assert CANARY not in self.stream.getvalue()
        return line


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging belongs to the whole process."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(capture=False)


@pytest.fixture
def log() -> Log:
    stream = io.StringIO()
    logs.configure("INFO", stream.write)
    return Log(stream)


def raise_for(text: str) -> None:
    raise ValueError(text)


def raise_again_for(text: str) -> None:
    try:
        raise_for(text)
    except ValueError as exc:
        raise KeyError(text) from exc


def failed(text: str) -> Exception:
    """An exception with two others behind it, and a text in each."""
    try:
        raise_again_for(text)
    except KeyError as exc:
        failure = RuntimeError(text)
        failure.__context__ = exc
    return failure


# our own


def test_an_event_is_one_line_of_json_with_its_facts(log: Log) -> None:
    logs.event("answered", references=267, team="T0US", is_kept=False)
    line = log.only()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "event": "answered",
        "references": 267,
        "team": "T0US",
        "is_kept": False,
    }


def test_a_line_break_in_a_fact_begins_no_line(log: Log) -> None:
    logs.event("answered", case='DSR\n{"event": "forged"}', sign="é\u2028")
    assert log.only()["case"] == 'DSR\n{"event": "forged"}'
    assert log.stream.getvalue().isascii()


def test_a_fact_that_is_no_json_is_written_as_text(log: Log) -> None:
    logs.event("answered", scopes=frozenset({"commands"}))
    assert log.only()["scopes"] == "frozenset({'commands'})"


def test_an_event_without_facts_is_a_line_too(log: Log) -> None:
    logs.event("stopped")
    assert log.only()["event"] == "stopped"


def test_a_level_leaves_out_what_is_below_it() -> None:
    stream = io.StringIO()
    logs.configure("ERROR", stream.write)
    logs.event("answered")
    logs.failure("unforeseen", ValueError())
    assert [line["event"] for line in Log(stream).lines] == ["unforeseen"]


def test_without_a_stream_the_log_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    logs.event("ready")
    assert json.loads(capsys.readouterr().out)["event"] == "ready"


# exceptions


def test_a_failure_shows_where_it_came_from_and_none_of_its_texts(log: Log) -> None:
    logs.failure("unforeseen", failed(CANARY), incident="7F3A21")
    line = log.only()
    assert (line["level"], line["event"]) == ("ERROR", "unforeseen")
    assert (line["incident"], line["exception"]) == ("7F3A21", "RuntimeError")
    assert line["causes"] == ["KeyError", "ValueError"]


def test_the_frames_of_a_failure_end_where_it_was_raised(log: Log) -> None:
    with pytest.raises(ValueError, match="text") as raised:
        raise_for("text")
    logs.failure("unforeseen", raised.value)
    first, last = log.only()["frames"]
    assert first.endswith(" test_the_frames_of_a_failure_end_where_it_was_raised")
    assert last.startswith("test_logs.py:")
    assert last.endswith(" raise_for")


def test_an_exception_that_was_never_raised_has_no_frames(log: Log) -> None:
    logs.failure("unforeseen", ValueError(CANARY))
    line = log.only()
    assert (line["frames"], line["causes"]) == ([], [])


def test_a_chain_of_causes_has_an_end(log: Log) -> None:
    first = ValueError(CANARY)
    second = KeyError(CANARY)
    first.__cause__, second.__cause__ = second, first
    logs.failure("unforeseen", first)
    assert len(log.only()["causes"]) == 10


# how many


@dataclass
class Clock:
    """A clock that is set by hand."""

    now_s: float = 0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(log: Log) -> Clock:
    clock = Clock()
    logs.configure("INFO", log.stream.write, clock)
    return clock


def told(log: Log) -> list[tuple[str, str, int]]:
    return [
        (line["of"], line["level"], line["lines"])
        for line in log.lines
        if line["event"] == "left_out"
    ]


def test_of_each_kind_a_minute_has_ten_lines_and_the_next_says_how_many_more(
    log: Log, clock: Clock
) -> None:
    for _ in range(1000):
        logs.event("answered")
    logs.failure("answered", ValueError())
    assert [line["level"] for line in log.lines] == ["INFO"] * logs.LINES_A_MINUTE + ["ERROR"]
    clock.now_s = 60
    logs.event("another")
    assert told(log) == [("answered", "INFO", 990)]
    for _ in range(logs.LINES_A_MINUTE):
        logs.event("answered")
    assert [line["event"] for line in log.lines].count("answered") == 21
    clock.now_s = 120
    logs.event("another")
    assert len(told(log)) == 1


def test_while_it_goes_on_there_is_one_more_line_a_minute(log: Log, clock: Clock) -> None:
    for second in range(240):
        clock.now_s = second
        logs.event("answered")
    assert told(log) == [("answered", "INFO", 50)] * 3


def test_of_a_library_each_place_counts_for_itself(log: Log, clock: Clock) -> None:
    for _ in range(1000):
        HTTPX.error(CANARY)
        HTTPX.error(CANARY)
    assert len(log.lines) == 2 * logs.LINES_A_MINUTE
    clock.now_s = 60
    logs.flush()
    places = [place for place, _, _ in told(log)]
    assert [place.partition(":")[0] for place in places] == ["httpx test_logs"] * 2
    assert CANARY not in log.stream.getvalue()


def test_at_the_end_it_is_told_without_waiting_for_the_minute(log: Log, clock: Clock) -> None:
    for _ in range(11):
        logs.event("answered")
    clock.now_s = 1
    logs.flush()
    logs.flush()
    assert told(log) == [("answered", "INFO", 1)]


def test_a_line_for_which_there_is_no_room_is_counted_and_told_later() -> None:
    clock, log, is_full = Clock(), Log(io.StringIO()), True

    def write(line: str) -> None:
        if is_full:
            raise BlockingIOError
        log.stream.write(line)

    logs.configure("INFO", write, clock)
    logs.event("answered")
    clock.now_s = 60
    logs.event("answered")
    is_full = False
    clock.now_s = 90
    logs.event("another")
    assert told(log) == [("answered", "INFO", 2)]


# the libraries


@pytest.mark.parametrize("name", ["httpx", "slack_bolt.App", "asyncio", "bot.something", "root"])
def test_the_text_of_a_library_is_never_written(log: Log, name: str) -> None:
    logging.getLogger(name).warning("GET %s", CANARY, extra={"facts": {"email": CANARY}})
    line = log.only()
    assert (line["event"], line["logger"], line["level"]) == ("library", name, "WARNING")
    assert line["at"].startswith("test_logs:")


def test_a_library_is_heard_only_when_it_warns(log: Log) -> None:
    HTTPX.info("GET %s", CANARY)
    assert log.lines == []


def test_an_exception_of_a_library_shows_its_type_and_not_its_text(log: Log) -> None:
    try:
        raise_for(CANARY)
    except ValueError:
        HTTPX.exception("failed for %s", CANARY)
    line = log.only()
    assert line["exception"] == "ValueError"
    assert line["frames"][-1].endswith(" raise_for")


@pytest.mark.parametrize("nothing", [(None, None, None), None, False])
def test_a_library_may_claim_an_exception_that_is_not_there(log: Log, nothing: object) -> None:
    HTTPX.error(CANARY, exc_info=nothing)  # type: ignore[arg-type]  # whatever a library does
    assert "exception" not in log.only()


def test_a_warning_of_python_is_written_without_its_text(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, stacklevel=1)
    assert log.only()["logger"] == "py.warnings"


def test_to_configure_again_replaces_what_was_there(log: Log) -> None:
    second = io.StringIO()
    logs.configure("INFO", second.write)
    logs.event("ready")
    assert log.lines == []
    assert len(Log(second).lines) == 1


# the search for secrets itself


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "x", "xy"])
def test_a_secret_is_found_in_base64_wherever_it_begins(before: str, after: str) -> None:
    packed = base64.b64encode(f"{before}{CANARY}{after}".encode()).decode()
    assert leaks(f"Basic {packed}", {CANARY}) == [CANARY]


@pytest.mark.parametrize(
    "form",
    [
        CANARY,
        "jane%40example.com",
        "jane%2540example.com",
        "jane\\u0040example.com",
        "https:\\/\\/x\\/?q=jane@example.com",
    ],
)
def test_a_secret_is_found_in_the_forms_in_which_it_travels(form: str) -> None:
    assert leaks(f"GET {form}", {CANARY}) == [CANARY]
    assert leaks("GET john@example.com", {CANARY}) == []
