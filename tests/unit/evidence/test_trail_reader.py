"""A line of the log as it is read: the bot's or not, whole or not, and under whose seal."""

import json
from collections.abc import Callable

import pytest

from bot.evidence.trail_reader import LineStatus
from tests.support.trails import verdict, written
from tests.support.verdicts import HEROKU, OTHER_KEY, edited, read

SYSLOG = b'<190>1 2026-11-23T14:02:33.123Z host app web.1 - [meta sequenceId="1"] '
COMPOSE = b"web-1  | "
COLOURED = b"\x1b[36mweb-1  |\x1b[0m "
LATIN = b"caf\xe9 \xff\xfe\x00 | "


def test_a_line_comes_out_with_all_that_it_says() -> None:
    log = written(1)
    line = read(*log)[2]
    assert (line.number, line.standing) == (3, LineStatus.SEALED)
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
    assert (line.standing, line.entry, line.fields) == (LineStatus.CUT, None, {})


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
    assert (line.standing, line.entry) == (LineStatus.STRANGE, None)


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
    assert line.standing is LineStatus.CHANGED


def test_a_line_under_another_key_is_neither_good_nor_bad() -> None:
    (line,) = read(written(key=OTHER_KEY)[1])
    assert line.standing is LineStatus.OTHER_KEY
