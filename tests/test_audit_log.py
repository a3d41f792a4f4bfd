"""The trail as it is read: whole or not, and if not, where and what."""

import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import audit_log
from bot.audit import ALIVE_EVERY_S, Trail
from bot.audit_chain import Kind, Span
from bot.audit_log import Line, Standing
from bot.audit_verdict import NO_FAULT, SLACK_S, Verdict, examine
from bot.errors import LogFailed
from bot.models import Event
from bot.seals import key_id
from tests.trails import KEY, Disk, resealed, verdict, written

OTHER_KEY = b"another-key-made-up-for-the-tests"
LONGEST_SILENCE_S = ALIVE_EVERY_S + SLACK_S

HEROKU = b"2026-11-23T14:02:33.123456+00:00 app[web.1]: "
SYSLOG = b'<190>1 2026-11-23T14:02:33.123Z host app web.1 - [meta sequenceId="1"] '
COMPOSE = b"web-1  | "
COLOURED = b"\x1b[36mweb-1  |\x1b[0m "
LATIN = b"caf\xe9 \xff\xfe\x00 | "


def read(*log: bytes, key: bytes = KEY) -> list[Line]:
    return list(audit_log.read(io.BytesIO(b"".join(log)), key))


def found(judged: Verdict) -> list[tuple[Kind, Span, Span]]:
    """What, at which lines of the log, at which numbers of the chain."""
    return [(one.kind, one.lines, one.sequences) for one in judged.found]


def edited(line: bytes, old: bytes = b"C0LEGAL", new: bytes = b"C0OTHER") -> bytes:
    assert old in line
    return line.replace(old, new)


# a line


def test_a_line_comes_out_with_all_that_it_says() -> None:
    log = written(1)
    line = read(*log)[2]
    assert (line.number, line.standing) == (3, Standing.SEALED)
    assert line.fields == json.loads(log[2])
    assert line.entry is not None
    assert (line.entry.sequence, line.entry.event) == (3, "answered")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b" \n"])
@pytest.mark.parametrize("prefix", [b"", HEROKU, SYSLOG, COMPOSE, COLOURED, LATIN])
def test_what_a_drain_puts_around_a_line_is_no_part_of_it(prefix: bytes, end: bytes) -> None:
    log = [prefix + line.rstrip() + end for line in written()]
    assert verdict(log).is_whole


def test_the_last_line_needs_no_end() -> None:
    assert verdict([b"".join(written()).rstrip()]).is_whole


def test_lines_of_others_are_passed_over() -> None:
    log = written()
    others = [
        b'{"time": "2026-11-23", "level": "INFO", "event": "ready"}\n',
        b'{"event": "quoted", "text": "{\\"audit\\": 1, "}\n',
        b'{"audit": true, "of": "another program"}\n',
        b"heroku[router]: at=info path=/slack/events\n",
        b"\xff\xfe\x00\n",
        b"\n",
    ]
    mixed = [line for pair in zip(log, others, strict=True) for line in pair]
    assert verdict(mixed).is_whole
    assert [line.number for line in read(*mixed)] == [1, 3, 5, 7, 9, 11]


def test_a_line_break_that_got_lost_does_no_harm() -> None:
    assert verdict([line.rstrip() for line in written()]).is_whole


def test_the_end_of_anothers_torn_line_before_ours_does_no_harm() -> None:
    log = written()
    assert verdict([log[0], b'{"time": "2026-1', *log[1:]]).is_whole


@pytest.mark.parametrize(
    "broken",
    [
        lambda line: line[:-3] + b"\n",
        lambda line: line[: len(line) // 2] + b"\n",
        lambda _: b'{"audit": 1, \n',
        lambda line: line.replace(b"C0LEGAL", b"C0\xff"),
        lambda line: line.replace(b'"C0LEGAL"', b"[" * 100_000),
        lambda line: line.replace(b'"sequence": 2', b'"sequence": ' + b"2" * 5000),
        lambda line: line.rstrip() + b"x\n",
    ],
)
def test_a_line_that_is_no_whole_json_is_cut(
    broken: Callable[[bytes], bytes],
) -> None:
    (line,) = read(broken(written()[1]))
    assert (line.standing, line.entry, line.fields) == (Standing.CUT, None, {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"audit": 1, ', b'{"audit": 2, '),
        (b'"chain": ', b'"chains": '),
        (b'"event": ', b'"events": '),
        (b'"key": ', b'"keys": '),
        (b'"previous": ', b'"next": '),
        (b'"seal": ', b'"seals": '),
        (b'"sequence": 2', b'"sequence": 0'),
        (b'"sequence": 2', b'"sequence": "2"'),
        (b'"time": "2', b'"time": "x2'),
        (b'+00:00"', b'"'),
    ],
)
def test_a_line_that_lacks_what_every_line_has_is_strange(old: bytes, new: bytes) -> None:
    (line,) = read(edited(written()[1], old, new))
    assert (line.standing, line.entry) == (Standing.STRANGE, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"C0LEGAL", b"C0OTHER"),
        (b'"seal": "', b'"seal": "0'),
        (b'", "seal"', b'",  "seal"'),
        (b'"case": ', b'"case":  '),
        (b'"key": ', b'"more": 1, "key": '),
        (b'"}', b'", "more": 1}'),
    ],
)
def test_a_line_of_which_anything_was_changed_is_told(old: bytes, new: bytes) -> None:
    (line,) = read(edited(written()[1], old, new))
    assert line.standing is Standing.CHANGED


def test_a_line_under_another_key_is_neither_good_nor_bad() -> None:
    (line,) = read(written(key=OTHER_KEY)[1])
    assert line.standing is Standing.OTHER_KEY


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
    assert found(judged) == [(Kind.RUNNING, (3, 3), (3, 3))]
    assert judged.is_whole
    judged = verdict(log, later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(Kind.NO_END, (3, 3), (3, 3))]
    assert not judged.is_whole


def test_a_run_that_was_cut_off_is_told_though_another_came_after_it() -> None:
    judged = verdict([*written(1)[:-1], *written(1)], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(Kind.NO_END, (3, 3), (3, 3))]


def test_what_stands_damaged_at_an_open_end_is_told_even_while_the_run_goes_on() -> None:
    log = written(1)
    judged = verdict([*log[:3], log[3][:50] + b"\n"])
    assert found(judged) == [
        (Kind.RUNNING, (3, 3), (3, 3)),
        (Kind.DAMAGED, (4, 4), (4, 4)),
    ]
    assert not judged.is_whole


def test_an_open_end_is_not_blamed_for_what_stands_in_another_run() -> None:
    cut, other = written(1)[:-1], written(1)
    other.insert(2, b'{"audit": 1, "time": "2026-\n')
    judged = verdict([*cut, *other], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(Kind.NO_END, (3, 3), (3, 3)), (Kind.HALF, (6, 6), (0, 0))]


def test_half_a_line_of_a_run_that_goes_on_after_anothers_lines_is_no_open_end() -> None:
    open_run, other = written(2, is_stopped=False), written(1)
    log = [*open_run[:2], b'{"audit": 1, "time": "2026-\n', *other, *open_run[2:]]
    judged = verdict(log)
    assert found(judged) == [(Kind.HALF, (3, 3), (0, 0)), (Kind.RUNNING, (10, 10), (5, 5))]


# half lines that a full disk leaves


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize(
    "half", [b'{"audit": 1, "time": "2026-\n', b'{"audit": 1, "ti{"event": "ready"}\n']
)
def test_half_a_line_where_none_is_missing_is_told_and_is_no_fault(at: int, half: bytes) -> None:
    log = written(2)
    log.insert(at, half)
    judged = verdict(log)
    assert found(judged) == [(Kind.HALF, (at + 1, at + 1), (0, 0))]
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
    assert found(judged) == [(Kind.HALF, (2, 2), (0, 0))]
    assert (judged.is_whole, judged.lines) == (True, 2)


def test_half_a_line_after_which_nothing_comes_is_a_fault() -> None:
    judged = verdict([*written(1), b'{"audit": 1, "time": "2026-\n'])
    assert found(judged) == [(Kind.DAMAGED, (5, 5), (0, 0))]


def test_half_a_line_in_a_log_of_nothing_else_is_a_fault() -> None:
    judged = verdict([b'{"audit": 1, "time": "2026-\n'])
    assert (judged.faults, judged.is_whole) == (1, False)


# what the issue names: 1,000 look-ups, and one thing wrong

THOUSAND = written(1000, chain="0123456789abcdef")
COUNT = len(THOUSAND)
LINE = 1417  # of the log, and of the chain
AT = LINE - 1


def test_a_thousand_look_ups_are_whole() -> None:
    judged = verdict(THOUSAND)
    assert (judged.is_whole, judged.found, judged.lines) == (True, (), 2002)


def test_one_line_edited() -> None:
    log = [*THOUSAND]
    log[AT] = edited(log[AT])
    assert found(verdict(log)) == [(Kind.CHANGED, (LINE, LINE), (LINE, LINE))]


def test_one_line_dropped() -> None:
    log = [*THOUSAND[:AT], *THOUSAND[AT + 1 :]]
    assert found(verdict(log)) == [(Kind.MISSING, (LINE - 1, LINE), (LINE, LINE))]


def test_two_lines_swapped() -> None:
    log = [*THOUSAND]
    log[AT], log[AT + 1] = log[AT + 1], log[AT]
    assert found(verdict(log)) == [(Kind.OUT_OF_ORDER, (LINE + 1, LINE + 1), (LINE, LINE))]


def test_one_line_doubled() -> None:
    log = [*THOUSAND[: AT + 1], *THOUSAND[AT:]]
    assert found(verdict(log)) == [(Kind.DOUBLED, (LINE + 1, LINE + 1), (LINE, LINE))]


def test_one_line_appended() -> None:
    log = [*THOUSAND, edited(THOUSAND[AT])]
    assert found(verdict(log)) == [(Kind.ADDED, (COUNT + 1, COUNT + 1), (LINE, LINE))]


def test_the_tail_cut() -> None:
    judged = verdict(THOUSAND[:LINE], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(Kind.NO_END, (LINE, LINE), (LINE, LINE))]


# more than one thing wrong


def test_many_lines_lost_are_one_gap_with_its_count() -> None:
    judged = verdict([*THOUSAND[:10], *THOUSAND[20:]])
    (gap,) = judged.found
    assert (gap.kind, gap.lines, gap.sequences, gap.count) == (
        Kind.MISSING,
        (10, 11),
        (11, 20),
        10,
    )


def test_the_beginning_lost() -> None:
    judged = verdict([b"at=info\n", *THOUSAND[3:]])
    (gap,) = judged.found
    assert (gap.kind, gap.lines, gap.sequences, gap.count) == (
        Kind.NO_BEGINNING,
        (0, 2),
        (1, 3),
        3,
    )


def test_the_beginning_of_a_later_run_lost() -> None:
    assert found(verdict([*written(1), *written(1)[2:]])) == [(Kind.NO_BEGINNING, (4, 5), (1, 2))]


def test_an_edited_line_is_told_in_its_place_whatever_it_says_of_itself() -> None:
    log = written(2)
    log[2] = edited(log[2], b'"sequence": 3', b'"sequence": 4')
    assert found(verdict(log)) == [(Kind.CHANGED, (3, 3), (3, 3))]
    log[2] = edited(written(2)[2])  # of no chain that is known
    assert found(verdict(log)) == [(Kind.CHANGED, (3, 3), (3, 3))]


def test_a_line_that_says_it_is_another_runs_does_not_fill_a_gap() -> None:
    first, second = written(2), written(2)
    log = [*first, *second]
    log[2] = edited(second[2])
    assert found(verdict(log)) == [
        (Kind.MISSING, (2, 4), (3, 3)),
        (Kind.ADDED, (3, 3), (3, 3)),
    ]


def test_of_several_lines_gone_where_one_stands_damaged_the_others_are_missing() -> None:
    log = [*THOUSAND[:10], THOUSAND[12][:100] + b"\n", *THOUSAND[14:]]
    judged = verdict(log)
    assert [(one.kind, one.lines, one.sequences, one.count) for one in judged.found] == [
        (Kind.MISSING, (10, 12), (11, 14), 3),
        (Kind.DAMAGED, (11, 11), (11, 14), 1),
    ]


def test_half_a_line_elsewhere_is_not_the_one_that_is_missing() -> None:
    log = [*written(1), *written(2)]
    log.insert(2, b'{"audit": 1, "time": "2026-\n')
    del log[7]
    assert found(verdict(log)) == [(Kind.HALF, (3, 3), (0, 0)), (Kind.MISSING, (7, 8), (3, 3))]


def test_more_lines_than_are_missing_were_added() -> None:
    log = written(2)
    log[2:3] = [edited(log[2]), edited(log[2])]
    assert found(verdict(log)) == [
        (Kind.CHANGED, (3, 3), (3, 3)),
        (Kind.ADDED, (4, 4), (3, 3)),
    ]


def test_a_line_of_a_strange_form_where_none_is_missing_was_added() -> None:
    log = written(2)
    log.insert(3, b'{"audit": 1, "event": "answered"}\n')
    assert found(verdict(log)) == [(Kind.ADDED, (4, 4), (0, 0))]


def test_the_stop_line_edited_is_a_changed_line_and_a_missing_end() -> None:
    log = written(1)
    log[3] = edited(log[3], b"stopped", b"started")
    assert found(verdict(log, later_s=LONGEST_SILENCE_S + 1)) == [
        (Kind.NO_END, (3, 3), (3, 3)),
        (Kind.CHANGED, (4, 4), (4, 4)),
    ]


def test_lines_swapped_from_afar_are_one_block_out_of_order() -> None:
    log = [*THOUSAND]
    log[10], log[20] = log[20], log[10]
    assert found(verdict(log)) == [(Kind.OUT_OF_ORDER, (12, 21), (11, 20))]


def test_a_log_with_the_newest_line_first_is_one_block_out_of_order() -> None:
    assert found(verdict(reversed(THOUSAND))) == [(Kind.OUT_OF_ORDER, (2, COUNT), (1, COUNT - 1))]


def test_two_blocks_out_of_order_are_told_apart() -> None:
    log = [*THOUSAND[:10]]
    log[2], log[3] = log[3], log[2]
    log[7], log[8] = log[8], log[7]
    assert found(verdict(log))[:2] == [
        (Kind.OUT_OF_ORDER, (4, 4), (3, 3)),
        (Kind.OUT_OF_ORDER, (9, 9), (8, 8)),
    ]


def test_a_log_given_twice_is_one_block_doubled() -> None:
    assert found(verdict([*THOUSAND, *THOUSAND])) == [
        (Kind.DOUBLED, (COUNT + 1, 2 * COUNT), (1, COUNT))
    ]


def test_a_line_out_of_order_and_then_twice_is_two_things() -> None:
    log = written(2)
    log[1:3] = [log[2], log[1], log[1]]
    assert found(verdict(log)) == [
        (Kind.OUT_OF_ORDER, (3, 3), (2, 2)),
        (Kind.DOUBLED, (4, 4), (2, 2)),
    ]


def test_a_line_that_comes_late_leaves_the_rest_of_its_gap() -> None:
    log = [*THOUSAND[:2], THOUSAND[6], THOUSAND[4], *THOUSAND[7:]]
    assert found(verdict(log)) == [
        (Kind.MISSING, (2, 3), (3, 4)),
        (Kind.MISSING, (2, 3), (6, 6)),
        (Kind.OUT_OF_ORDER, (4, 4), (5, 5)),
    ]


@pytest.mark.parametrize(
    ("order", "kinds"),
    [
        ([0, 1, 2, 3, 4, 5], [Kind.UNLINKED, Kind.UNLINKED]),
        ([0, 1, 3, 2, 4, 5], [Kind.OUT_OF_ORDER, Kind.UNLINKED]),
    ],
)
def test_a_line_that_follows_from_another_than_the_one_before_is_told(
    order: list[int], kinds: list[Kind]
) -> None:
    log = written(2)
    log[2] = resealed(log, user="U0EVE")[2]
    assert [one.kind for one in verdict([log[at] for at in order]).found] == kinds


def test_a_pause_between_two_runs_is_told_and_is_no_fault() -> None:
    long_ago = resealed(written(1), time="2026-11-01T00:00:00.000+00:00")
    judged = verdict([*long_ago, *written(1)])
    assert [one.kind for one in judged.found] == [Kind.PAUSE]
    assert judged.is_whole
    (pause,) = judged.found
    assert pause.lines == (5, 5)
    assert pause.times is not None
    assert pause.times[0] == datetime(2026, 11, 1, tzinfo=UTC)


def test_no_pause_is_told_while_another_run_was_under_way() -> None:
    def hours(first: int, each: int) -> Callable[[int], str]:
        return lambda sequence: f"2026-11-01T{first + each * (sequence - 1):02}:00:00.000+00:00"

    long = resealed(written(1), time=hours(0, 3))
    short = resealed(written(1), time=hours(1, 0))
    after = resealed(written(1), time=hours(9, 0))
    assert verdict([*long, *short, *after]).found == ()


# another key


def test_lines_under_another_key_are_told_and_do_not_pass() -> None:
    ours, theirs = written(1), written(2, key=OTHER_KEY)
    judged = verdict([*theirs, *ours, *theirs])
    (told,) = judged.found
    assert (told.kind, told.lines, told.count) == (Kind.OTHER_KEY, (1, 16), 12)
    assert told.key == key_id(OTHER_KEY)
    assert (judged.is_whole, judged.lines, judged.chains) == (False, 4, 1)


def test_a_log_under_another_key_only_does_not_pass() -> None:
    judged = verdict(written(), key=OTHER_KEY)
    assert (judged.is_whole, judged.lines, judged.times) == (False, 0, None)


def test_a_line_that_names_another_key_within_a_run_under_ours_was_changed() -> None:
    log = written(2)
    log[2] = edited(log[2], key_id(KEY).encode(), key_id(OTHER_KEY).encode())
    assert found(verdict(log)) == [(Kind.CHANGED, (3, 3), (3, 3))]


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


def assert_told_at(judged: Verdict, number: int) -> None:
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
        *(Kind.MISSING, Kind.NO_BEGINNING, Kind.NO_END),
        *(Kind.DOUBLED, Kind.OUT_OF_ORDER),
    }
    gaps = [one for one in judged.found if one.kind in {Kind.MISSING, Kind.NO_BEGINNING}]
    assert sum(one.count for one in gaps) == max(order, default=-1) + 1 - len({*order})
    doubled = [one for one in judged.found if one.kind is Kind.DOUBLED]
    assert sum(one.count for one in doubled) == len(order) - len({*order})


@pytest.mark.no_cover  # it takes twice as long
def test_a_long_log_is_not_held_in_memory() -> None:
    log = written(5)
    lines = (line for _ in range(2000) for line in log)
    tracemalloc.start()
    try:
        judged = examine(audit_log.read(lines, KEY), datetime.now(UTC))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert judged.lines == 2000 * len(log)
    assert most < 1_000_000
