"""One thing wrong among the lines of 1,000 look-ups, and more than one: each is told, and where."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.evidence.trail_chain import ObservationKind
from tests.support.trails import resealed, verdict, written
from tests.support.verdicts import LONGEST_SILENCE_S, edited, found

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
    assert found(verdict(log)) == [(ObservationKind.CHANGED, (LINE, LINE), (LINE, LINE))]


def test_one_line_dropped() -> None:
    log = [*THOUSAND[:AT], *THOUSAND[AT + 1 :]]
    assert found(verdict(log)) == [(ObservationKind.MISSING, (LINE - 1, LINE), (LINE, LINE))]


def test_two_lines_swapped() -> None:
    log = [*THOUSAND]
    log[AT], log[AT + 1] = log[AT + 1], log[AT]
    assert found(verdict(log)) == [
        (ObservationKind.OUT_OF_ORDER, (LINE + 1, LINE + 1), (LINE, LINE))
    ]


def test_one_line_doubled() -> None:
    log = [*THOUSAND[: AT + 1], *THOUSAND[AT:]]
    assert found(verdict(log)) == [(ObservationKind.DOUBLED, (LINE + 1, LINE + 1), (LINE, LINE))]


def test_one_line_appended() -> None:
    log = [*THOUSAND, edited(THOUSAND[AT])]
    judged = verdict(log)
    assert found(judged) == [(ObservationKind.ADDED, (COUNT + 1, COUNT + 1), (LINE, LINE))]
    assert not judged.is_whole


def test_the_tail_cut() -> None:
    judged = verdict(THOUSAND[:LINE], later_s=LONGEST_SILENCE_S + 1)
    assert found(judged) == [(ObservationKind.NO_END, (LINE, LINE), (LINE, LINE))]


def test_many_lines_lost_are_one_gap_with_its_count() -> None:
    judged = verdict([*THOUSAND[:10], *THOUSAND[20:]])
    (gap,) = judged.found
    assert (gap.kind, gap.lines, gap.sequences, gap.count) == (
        ObservationKind.MISSING,
        (10, 11),
        (11, 20),
        10,
    )


def test_the_beginning_lost() -> None:
    judged = verdict([b"at=info\n", *THOUSAND[3:]])
    (gap,) = judged.found
    assert (gap.kind, gap.lines, gap.sequences, gap.count) == (
        ObservationKind.NO_BEGINNING,
        (0, 2),
        (1, 3),
        3,
    )


def test_the_beginning_of_a_later_run_lost() -> None:
    assert found(verdict([*written(1), *written(1)[2:]])) == [
        (ObservationKind.NO_BEGINNING, (4, 5), (1, 2))
    ]


def test_an_edited_line_is_told_in_its_place_whatever_it_says_of_itself() -> None:
    log = written(2)
    log[2] = edited(log[2], b'"sequence": 3', b'"sequence": 4')
    assert found(verdict(log)) == [(ObservationKind.CHANGED, (3, 3), (3, 3))]
    log[2] = edited(written(2)[2])  # of no chain that is known
    assert found(verdict(log)) == [(ObservationKind.CHANGED, (3, 3), (3, 3))]


def test_a_line_that_says_it_is_another_runs_does_not_fill_a_gap() -> None:
    first, second = written(2), written(2)
    log = [*first, *second]
    log[2] = edited(second[2])
    assert found(verdict(log)) == [
        (ObservationKind.MISSING, (2, 4), (3, 3)),
        (ObservationKind.ADDED, (3, 3), (3, 3)),
    ]


def test_of_several_lines_gone_where_one_stands_damaged_the_others_are_missing() -> None:
    log = [*THOUSAND[:10], THOUSAND[12][:100] + b"\n", *THOUSAND[14:]]
    judged = verdict(log)
    assert [(one.kind, one.lines, one.sequences, one.count) for one in judged.found] == [
        (ObservationKind.MISSING, (10, 12), (11, 14), 3),
        (ObservationKind.DAMAGED, (11, 11), (11, 14), 1),
    ]


def test_half_a_line_elsewhere_is_not_the_one_that_is_missing() -> None:
    log = [*written(1), *written(2)]
    log.insert(2, b'{"audit": 1, "time": "2026-\n')
    del log[7]
    assert found(verdict(log)) == [
        (ObservationKind.HALF, (3, 3), (0, 0)),
        (ObservationKind.MISSING, (7, 8), (3, 3)),
    ]


def test_more_lines_than_are_missing_were_added() -> None:
    log = written(2)
    log[2:3] = [edited(log[2]), edited(log[2])]
    assert found(verdict(log)) == [
        (ObservationKind.CHANGED, (3, 3), (3, 3)),
        (ObservationKind.ADDED, (4, 4), (3, 3)),
    ]


def test_a_line_of_a_strange_form_where_none_is_missing_is_anothers() -> None:
    log = written(2)
    log.insert(3, b'{"audit": 1, "event": "answered"}\n')
    judged = verdict(log)
    assert found(judged) == [(ObservationKind.FOREIGN, (4, 4), (0, 0))]
    assert judged.is_whole


def test_the_stop_line_edited_is_a_changed_line_and_a_missing_end() -> None:
    log = written(1)
    log[3] = edited(log[3], b"stopped", b"started")
    assert found(verdict(log, later_s=LONGEST_SILENCE_S + 1)) == [
        (ObservationKind.NO_END, (3, 3), (3, 3)),
        (ObservationKind.CHANGED, (4, 4), (4, 4)),
    ]


def test_lines_swapped_from_afar_are_one_block_out_of_order() -> None:
    log = [*THOUSAND]
    log[10], log[20] = log[20], log[10]
    assert found(verdict(log)) == [(ObservationKind.OUT_OF_ORDER, (12, 21), (11, 20))]


def test_a_log_with_the_newest_line_first_is_one_block_out_of_order() -> None:
    assert found(verdict(reversed(THOUSAND))) == [
        (ObservationKind.OUT_OF_ORDER, (2, COUNT), (1, COUNT - 1))
    ]


def test_two_blocks_out_of_order_are_told_apart() -> None:
    log = [*THOUSAND[:10]]
    log[2], log[3] = log[3], log[2]
    log[7], log[8] = log[8], log[7]
    assert found(verdict(log))[:2] == [
        (ObservationKind.OUT_OF_ORDER, (4, 4), (3, 3)),
        (ObservationKind.OUT_OF_ORDER, (9, 9), (8, 8)),
    ]


def test_a_log_given_twice_is_one_block_doubled() -> None:
    assert found(verdict([*THOUSAND, *THOUSAND])) == [
        (ObservationKind.DOUBLED, (COUNT + 1, 2 * COUNT), (1, COUNT))
    ]


def test_a_line_out_of_order_and_then_twice_is_two_things() -> None:
    log = written(2)
    log[1:3] = [log[2], log[1], log[1]]
    assert found(verdict(log)) == [
        (ObservationKind.OUT_OF_ORDER, (3, 3), (2, 2)),
        (ObservationKind.DOUBLED, (4, 4), (2, 2)),
    ]


def test_a_line_that_comes_late_leaves_the_rest_of_its_gap() -> None:
    log = [*THOUSAND[:2], THOUSAND[6], THOUSAND[4], *THOUSAND[7:]]
    assert found(verdict(log)) == [
        (ObservationKind.MISSING, (2, 3), (3, 4)),
        (ObservationKind.MISSING, (2, 3), (6, 6)),
        (ObservationKind.OUT_OF_ORDER, (4, 4), (5, 5)),
    ]


@pytest.mark.parametrize(
    ("order", "kinds"),
    [
        ([0, 1, 2, 3, 4, 5], [ObservationKind.UNLINKED, ObservationKind.UNLINKED]),
        ([0, 1, 3, 2, 4, 5], [ObservationKind.OUT_OF_ORDER, ObservationKind.UNLINKED]),
    ],
)
def test_a_line_that_follows_from_another_than_the_one_before_is_told(
    order: list[int], kinds: list[ObservationKind]
) -> None:
    log = written(2)
    log[2] = resealed(log, user="U0EVE")[2]
    assert [one.kind for one in verdict([log[at] for at in order]).found] == kinds


def test_a_pause_between_two_runs_is_told_and_is_no_fault() -> None:
    long_ago = resealed(written(1), time="2026-11-01T00:00:00.000+00:00")
    judged = verdict([*long_ago, *written(1)])
    assert [one.kind for one in judged.found] == [ObservationKind.PAUSE]
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
