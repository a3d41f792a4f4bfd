"""The trail as the bot writes it: sealed, chained, and whole before anything is disclosed."""

import asyncio
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import app
from bot.errors import LogFailed
from bot.evidence.seals import derive_key_id, derive_subject, is_sealed
from bot.evidence.trail import ALIVE_EVERY_S, LINE_SEAL, Trail
from bot.models import Event
from tests.support.trails import ANA, JANE, KEY, SEALED_LINE, Disk, look_up


def events(disk: Disk) -> list[tuple[int, str]]:
    return [(line["sequence"], line["event"]) for line in disk.lines]


def assert_chained(disk: Disk) -> None:
    """Every seal fits, every line follows from the one before, and no number is missing."""
    before = ""
    for sequence, text in enumerate(filter(SEALED_LINE.fullmatch, disk.texts), 1):
        found = SEALED_LINE.fullmatch(text)
        assert found is not None
        assert is_sealed(KEY, LINE_SEAL, f"{found[1]}}}", found[2])
        line = json.loads(text)
        assert (line["sequence"], line["previous"]) == (sequence, before)
        before = line["seal"]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def trail(disk: Disk) -> Trail:
    return Trail(KEY, disk.write, {"version": "0.1.0", "transport": "http"})


# a line


def test_a_line_says_when_in_which_chain_and_what_and_bears_two_seals(
    trail: Trail, disk: Disk
) -> None:
    trail.record(Event.ASKED, team="T0US", user="U0ANA", case="DSR-1", subject="ab" * 8)
    started, asked = disk.lines
    assert list(asked) == [
        *("audit", "time", "chain", "sequence", "event"),
        *("team", "user", "case", "subject"),
        *("key", "previous", "seal"),
    ]
    assert (asked["audit"], asked["sequence"], asked["event"]) == (1, 2, "asked")
    assert asked["chain"] == started["chain"] == trail.chain
    assert asked["previous"] == started["seal"]
    assert asked["key"] == derive_key_id(KEY)
    assert_chained(disk)


def test_the_time_is_utc_to_the_millisecond(trail: Trail, disk: Disk) -> None:
    trail.start()
    (line,) = disk.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    age = datetime.now(UTC) - datetime.fromisoformat(line["time"])
    assert timedelta(0) <= age < timedelta(seconds=30)


def test_a_fact_that_is_not_known_is_left_out(trail: Trail, disk: Disk) -> None:
    trail.record(Event.ASKED, user="U0ANA", case=None)
    assert "case" not in disk.lines[1]


def test_no_fact_can_begin_a_line_of_its_own(trail: Trail, disk: Disk) -> None:
    trail.record(Event.ANSWERED, gong_request='x\n{"audit": 1, "é\u2028')
    assert disk.taken.isascii()
    assert len(disk.texts) == 2
    assert disk.lines[1]["gong_request"] == 'x\n{"audit": 1, "é\u2028'


def test_a_line_names_who_asked_about_whom_by_ids_and_references(trail: Trail, disk: Disk) -> None:
    look_up(trail, JANE, 7)
    _, asked, answered = disk.lines
    who = {"team": "T0US", "channel": "C0LEGAL", "user": "U0ANA"}
    about = {"case": "DSR-7", "subject": derive_subject(KEY, JANE)}
    about["receipt"] = "R-7"
    assert {**who, **about}.items() <= asked.items()
    assert {**who, **about}.items() <= answered.items()
    assert JANE not in "".join(disk.texts)
    assert ANA.response_url not in "".join(disk.texts)


# a chain


def test_the_first_line_is_always_started_and_says_what_runs(trail: Trail, disk: Disk) -> None:
    trail.record(Event.REFUSED)
    assert events(disk) == [(1, "started"), (2, "refused")]
    first = disk.lines[0]
    assert (first["version"], first["transport"], first["previous"]) == ("0.1.0", "http", "")


def test_started_is_written_once_however_often_it_is_told(trail: Trail, disk: Disk) -> None:
    trail.start()
    trail.start()
    trail.record(Event.STOPPED)
    assert events(disk) == [(1, "started"), (2, "stopped")]


def test_a_thousand_lines_are_one_chain(trail: Trail, disk: Disk) -> None:
    for _ in range(1000):
        trail.record(Event.ASKED)
    assert len(disk.lines) == 1001
    assert_chained(disk)


def test_every_process_has_a_chain_of_its_own(disk: Disk) -> None:
    assert Trail(KEY, disk.write).chain != Trail(KEY, disk.write).chain


# a line that cannot be written


@pytest.mark.parametrize("at_a_time", [1, 7, 100])
def test_a_system_that_takes_a_little_at_a_time_gets_all_of_it(
    trail: Trail, disk: Disk, at_a_time: int
) -> None:
    disk.at_a_time = at_a_time
    trail.record(Event.ASKED)
    trail.record(Event.STOPPED)
    assert events(disk) == [(1, "started"), (2, "asked"), (3, "stopped")]
    assert_chained(disk)


def test_a_line_of_which_nothing_was_written_leaves_no_trace(trail: Trail, disk: Disk) -> None:
    trail.start()
    disk.room = 0
    with pytest.raises(LogFailed):
        trail.record(Event.ANSWERED)
    disk.room = 1_000_000
    trail.record(Event.FAILED)
    assert disk.texts == [text for text in disk.texts if SEALED_LINE.fullmatch(text)]
    assert events(disk) == [(1, "started"), (2, "failed")]
    assert_chained(disk)


@pytest.mark.parametrize("some", [1, 50, 200])
def test_half_a_line_is_ended_before_the_next_which_takes_its_number(
    trail: Trail, disk: Disk, some: int
) -> None:
    trail.start()
    disk.room = some
    for _ in range(3):
        with pytest.raises(LogFailed):
            trail.record(Event.ANSWERED)
    disk.room = 1_000_000
    trail.record(Event.FAILED)
    _, half, _ = disk.texts
    assert len(half) == some
    assert events(disk) == [(1, "started"), (2, "failed")]
    assert_chained(disk)


def test_a_line_that_lacks_only_its_end_has_taken_its_number(trail: Trail, disk: Disk) -> None:
    alike = Disk()
    Trail(KEY, alike.write).record(Event.ASKED)
    trail.start()
    disk.room = len(alike.texts[1])
    with pytest.raises(LogFailed):
        trail.record(Event.ASKED)
    assert disk.taken.endswith(b'"}')
    disk.room = 1_000_000
    trail.record(Event.FAILED)
    assert events(disk) == [(1, "started"), (2, "asked"), (3, "failed")]
    assert_chained(disk)


@pytest.mark.parametrize("room", [0, 60])
def test_the_first_line_is_started_even_if_it_could_not_be_written_at_first(
    trail: Trail, disk: Disk, room: int
) -> None:
    disk.room = room
    for event in (Event.STARTED, Event.ASKED):
        with pytest.raises(LogFailed):
            trail.record(event)
    disk.room = 1_000_000
    trail.record(Event.ALIVE)
    assert events(disk) == [(1, "started"), (2, "alive")]
    assert_chained(disk)


def test_a_full_disk_is_told_with_its_cause() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(LogFailed) as failed:
        Trail(KEY, full.write).start()
    assert isinstance(failed.value.__cause__, OSError)


def test_a_closed_output_is_told() -> None:
    with Path(os.devnull).open("wb", buffering=0) as closed:
        pass
    with pytest.raises(LogFailed):
        Trail(KEY, closed.write).start()


def fill(trail: Trail) -> None:
    while True:
        trail.record(Event.ALIVE, padding="x" * 10_000)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe that does not wait for its reader, nearly full."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


def test_a_reader_that_does_not_keep_up_is_told_and_the_chain_goes_on_after_it(
    pipe: tuple[int, int],
) -> None:
    reading, writing = pipe
    with os.fdopen(writing, "wb", buffering=0, closefd=False) as out:
        trail = Trail(KEY, out.write)
        with pytest.raises(LogFailed):
            fill(trail)
        read = Disk(taken=bytearray(os.read(reading, 10_000_000)))
        trail.record(Event.STOPPED)
    read.taken += os.read(reading, 10_000_000)
    assert read.lines[-1]["event"] == "stopped"
    assert_chained(read)


# a process


async def test_a_run_says_that_it_starts_goes_on_and_stops(trail: Trail, disk: Disk) -> None:
    third = asyncio.Event()

    def write(line: bytes) -> int | None:
        if b'"sequence": 3,' in line:
            third.set()
        return disk.write(line)

    trail.write = write
    async with app.on_record(trail, alive_every_s=0.001):
        await asyncio.wait_for(third.wait(), 5)
    told = [event for _, event in events(disk)]
    assert (told[0], set(told[1:-1]), told[-1]) == ("started", {"alive"}, "stopped")


async def test_a_run_that_nobody_can_write_down_goes_on(trail: Trail, disk: Disk) -> None:
    disk.room = 0
    async with app.on_record(trail):
        disk.room = 10_000
        trail.record(Event.ASKED)
    assert events(disk) == [(1, "started"), (2, "asked"), (3, "stopped")]


def test_a_run_says_once_an_hour_that_it_goes_on() -> None:
    assert ALIVE_EVERY_S == 3600
