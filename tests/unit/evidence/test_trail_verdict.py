"""The trail as it is judged: whole or not, to its end, and under which key."""

import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LogFailed
from bot.evidence import trail_reader
from bot.evidence.seals import derive_key_id
from bot.evidence.trail import Trail
from bot.evidence.trail_chain import ObservationKind
from bot.evidence.trail_verdict import NO_FAULT, TrailVerdict, examine
from bot.models import Event
from tests.support.trails import KEY, Disk, resealed, verdict, written
from tests.support.verdicts import HEROKU, LONGEST_SILENCE_S, OTHER_KEY, edited, found, read

# whole


def test_a_run_from_start_to_stop_is_whole() -> None:
    judged = verdict(written(2))
    assert (judged.is_whole, judged.found) == (True, ())
    assert (judged.lines, judged.chains) == (6, 1)


def test_runs_one_after_the_other_and_across_each_other_are_whole() -> None:
    first, second, third = written(3), written(3), written(3)
    across = [line for pair in zip(second, third, strict=True) for line in pair]
    judged = verdict([*first, *across])
    assert (judged.is_whole, judged.found, judged.chains) == (True, (), 3)


def test_the_times_are_those_of_the_first_and_the_last_line() -> None:
    first, last = written(), written()
    times = [line.entry.time for line in (*read(first[0]), *read(last[-1])) if line.entry]
    assert verdict([*first, *last]).times == tuple(times)
    assert verdict([*last, *first]).times == tuple(times)


def test_the_first_line_in_time_need_not_be_the_first_in_the_log() -> None:
    log = resealed(written(2), time=lambda sequence: f"2026-11-0{sequence}T00:00:00+00:00")
    days = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC))
    assert verdict(reversed(log)).times == days


def test_a_log_without_a_trail_is_not_whole() -> None:
    judged = verdict([b"at=info\n"])
    assert (judged.is_whole, judged.found, judged.times) == (False, (), None)


# the end


def test_a_run_without_a_stop_runs_as_long_as_its_last_line_is_new() -> None:
    log = written(1, is_stopped=False)
    judged = verdict(log, later_s=LONGEST_SILENCE_S - 60)
    assert found(judged) == [(ObservationKind.RUNNING, (3, 3), (3, 3))]
    assert judged.is_whole
    judged = verdict(log, later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(ObservationKind.NO_END, (3, 3), (3, 3))]
    assert not judged.is_whole


def test_a_run_that_was_cut_off_is_told_though_another_came_after_it() -> None:
    judged = verdict([*written(1)[:-1], *written(1)], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(ObservationKind.NO_END, (3, 3), (3, 3))]


def test_what_was_changed_at_an_open_end_is_told_even_while_the_run_goes_on() -> None:
    log = written(1)
    judged = verdict([*log[:3], edited(log[3], b"stopped", b"started")])
    assert found(judged) == [
        (ObservationKind.RUNNING, (3, 3), (3, 3)),
        (ObservationKind.CHANGED, (4, 4), (4, 4)),
    ]
    assert not judged.is_whole


def test_what_stands_damaged_where_a_run_ended_without_a_stop_fills_the_place() -> None:
    log = written(1)
    judged = verdict([*log[:3], log[3][:50] + b"\n"], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [
        (ObservationKind.NO_END, (3, 3), (3, 3)),
        (ObservationKind.DAMAGED, (4, 4), (4, 4)),
    ]
    assert not judged.is_whole


def test_an_open_end_is_not_blamed_for_what_stands_in_another_run() -> None:
    cut, other = written(1)[:-1], written(1)
    other.insert(2, b'{"audit": 1, "time": "2026-\n')
    judged = verdict([*cut, *other], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [
        (ObservationKind.NO_END, (3, 3), (3, 3)),
        (ObservationKind.HALF, (6, 6), (0, 0)),
    ]


def test_half_a_line_of_a_run_that_goes_on_after_anothers_lines_is_no_open_end() -> None:
    open_run, other = written(2, is_stopped=False), written(1)
    log = [*open_run[:2], b'{"audit": 1, "time": "2026-\n', *other, *open_run[2:]]
    judged = verdict(log)
    assert found(judged) == [
        (ObservationKind.HALF, (3, 3), (0, 0)),
        (ObservationKind.RUNNING, (10, 10), (5, 5)),
    ]


# half lines that a full disk leaves


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize(
    "half", [b'{"audit": 1, "time": "2026-\n', b'{"audit": 1, "ti{"event": "ready"}\n']
)
def test_half_a_line_where_none_is_missing_is_told_and_is_no_fault(at: int, half: bytes) -> None:
    log = written(2)
    log.insert(at, half)
    judged = verdict(log)
    assert found(judged) == [(ObservationKind.HALF, (at + 1, at + 1), (0, 0))]
    assert judged.is_whole


def test_what_the_bot_leaves_on_a_full_disk_is_whole() -> None:
    disk = Disk()
    trail = Trail(KEY, disk.write)
    trail.start()
    disk.room = 70
    with pytest.raises(LogFailed):
        trail.record(Event.ANSWERED)
    disk.room = 1_000_000
    trail.record(Event.STOPPED)
    judged = verdict([bytes(disk.taken)])
    assert found(judged) == [(ObservationKind.HALF, (2, 2), (0, 0))]
    assert (judged.is_whole, judged.lines) == (True, 2)


def test_half_a_line_after_a_stop_is_no_fault() -> None:
    judged = verdict([*written(1), b'{"audit": 1, "time": "2026-\n'])
    assert found(judged) == [(ObservationKind.HALF, (5, 5), (0, 0))]
    assert judged.is_whole


def test_half_a_line_in_a_log_of_nothing_else_is_a_fault() -> None:
    judged = verdict([b'{"audit": 1, "time": "2026-\n'])
    assert (judged.faults, judged.is_whole) == (1, False)


# others' lines that begin like ours

ANOTHERS_RUN = written(1, chain="feedfeedfeedfeed")[1]
REPEATED = [
    b'heroku[router]: at=info agent={"audit": 1, "x": 1}\n',
    b'heroku[router]: at=info agent="{"audit": 1, "time": "2026-11-23"}" status=200\n',
    b"heroku[router]: agent=" + edited(ANOTHERS_RUN),
]


@pytest.mark.parametrize("line", REPEATED, ids=["strange", "cut", "whole"])
@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_line_in_which_a_router_repeats_a_header_is_told_and_is_no_fault(
    line: bytes, at: int, *, is_stopped: bool
) -> None:
    log = written(1 if is_stopped else 2, is_stopped=is_stopped)
    log.insert(at if at < 4 else len(log), line)
    judged = verdict(log)
    told = [one.kind for one in judged.found if one.kind is not ObservationKind.RUNNING]
    assert told in ([ObservationKind.FOREIGN], [ObservationKind.HALF])
    assert judged.is_whole


@pytest.mark.parametrize("line", REPEATED, ids=["strange", "cut", "whole"])
def test_where_one_is_missing_a_line_without_a_seal_is_a_fault(line: bytes) -> None:
    log = written(2)
    log[2] = line
    judged = verdict(log)
    assert [one.lines for one in judged.found] == [(3, 3)]
    assert judged.found[0].kind in {ObservationKind.CHANGED, ObservationKind.DAMAGED}
    assert not judged.is_whole


def test_a_log_of_nothing_but_a_changed_line_is_not_whole() -> None:
    judged = verdict([edited(written(1)[1])])
    assert [one.kind for one in judged.found] == [ObservationKind.ADDED]
    assert not judged.is_whole


# another key


def test_lines_under_another_key_are_told_and_do_not_pass() -> None:
    ours, theirs = written(1), written(2, key=OTHER_KEY)
    judged = verdict([*theirs, *ours, *theirs])
    (told,) = judged.found
    assert (told.kind, told.lines, told.count) == (ObservationKind.OTHER_KEY, (1, 16), 12)
    assert told.key == derive_key_id(OTHER_KEY)
    assert (judged.is_whole, judged.lines, judged.chains) == (False, 4, 1)


def test_a_log_under_another_key_only_does_not_pass() -> None:
    judged = verdict(written(), key=OTHER_KEY)
    assert (judged.is_whole, judged.lines, judged.times) == (False, 0, None)


def test_a_line_that_names_another_key_within_a_run_under_ours_was_changed() -> None:
    log = written(2)
    log[2] = edited(log[2], derive_key_id(KEY).encode(), derive_key_id(OTHER_KEY).encode())
    assert found(verdict(log)) == [(ObservationKind.CHANGED, (3, 3), (3, 3))]


# everything else


@pytest.mark.parametrize("at", range(4))
@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
def test_every_bit_of_a_line_counts_and_none_of_its_prefix(at: int) -> None:
    log = [HEROKU + line for line in written(1)]
    for place in range(len(log[at]) - 1):
        for bit in range(8):
            flipped = bytearray(log[at])
            flipped[place] ^= 1 << bit
            judged = verdict(
                [*log[:at], bytes(flipped), *log[at + 1 :]], later_s=LONGEST_SILENCE_S + 1
            )
            if place < len(HEROKU):
                assert judged.is_whole
            else:
                assert_told_at(judged, at + 1)


def assert_told_at(judged: TrailVerdict, number: int) -> None:
    """Something is wrong at this line, or between its neighbours, or right after the one before."""
    assert not judged.is_whole
    faults = [one for one in judged.found if one.kind not in NO_FAULT]
    first, last = faults[0].lines
    assert first <= number <= last + 1


EIGHT = written(3)


@given(st.lists(st.integers(0, 7), max_size=16))
def test_a_log_is_whole_only_as_it_was_written(order: list[int]) -> None:
    log = [EIGHT[at] for at in order]
    judged = verdict(log, later_s=LONGEST_SILENCE_S + 1)
    assert judged.is_whole == (order == [*range(8)])
    kinds = {one.kind for one in judged.found}
    assert kinds <= {
        *(ObservationKind.MISSING, ObservationKind.NO_BEGINNING, ObservationKind.NO_END),
        *(ObservationKind.DOUBLED, ObservationKind.OUT_OF_ORDER),
    }
    gaps = [
        one
        for one in judged.found
        if one.kind in {ObservationKind.MISSING, ObservationKind.NO_BEGINNING}
    ]
    assert sum(one.count for one in gaps) == max(order, default=-1) + 1 - len({*order})
    doubled = [one for one in judged.found if one.kind is ObservationKind.DOUBLED]
    assert sum(one.count for one in doubled) == len(order) - len({*order})


@pytest.mark.no_cover  # it takes twice as long
def test_a_long_log_is_not_held_in_memory() -> None:
    log = written(5)
    lines = (line for _ in range(2000) for line in log)
    tracemalloc.start()
    try:
        judged = examine(trail_reader.read_lines(lines, KEY), datetime.now(UTC))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert judged.lines == 2000 * len(log)
    assert most < 1_000_000
