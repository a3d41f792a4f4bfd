"""`python app.py audit …`: what counsel and auditors read, and the exit codes."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

import app
from bot.cli import audit as audit_command
from bot.cli import audit_text
from bot.evidence.seals import derive_key_id, derive_subject
from bot.models import Event
from tests.project.test_docs import blocks, section
from tests.support.house import AUDIT_KEY
from tests.support.november import NOVEMBER, NOW, RUN, at
from tests.support.paths import ROOT
from tests.support.process import kept
from tests.support.trails import JANE, JOHN, KEY, opened, resealed, written
from tests.support.verdicts import OTHER_KEY


@dataclass(frozen=True)
class Said:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def rows(self) -> list[dict[str, str]]:
        """Of the CSV."""
        text = self.out.removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(text, newline="")))


@dataclass(frozen=True)
class Command:
    """The commands, within this process."""

    captured: pytest.CaptureFixture[str]

    def __call__(
        self, words: str, log: Iterable[bytes], *, key: bytes = KEY, now: datetime = NOW
    ) -> Said:
        environ = {"AUDIT_KEY": key.decode()}
        try:
            code = audit_command.run(words.split(), environ, io.BytesIO(b"".join(log)), now)
        except SystemExit as exc:
            code = int(str(exc.code))
        said = self.captured.readouterr()
        return Said(code, said.out, said.err)


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def process(*arguments: str, log: bytes, **environ: str) -> Said:
    """The command as somebody types it."""
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "app.py", "audit", *arguments],
        cwd=ROOT,
        env=kept(is_covered=False) | environ,
        input=log,
        capture_output=True,
        check=False,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


# as processes


def test_the_commands_need_the_key_and_no_other_setting() -> None:
    log = b"".join(NOVEMBER)
    verified = process("verify", log=log, AUDIT_KEY=AUDIT_KEY)
    assert (verified.code, verified.err) == (0, "")
    assert verified.lines == [
        (
            "2,002 lines of 1 run of the bot, from 3 Nov 2026, 08:30:01 UTC to 4 Nov 2026, "
            "17:51:01 UTC: whole."
        )
    ]
    asked = process("who", JANE, log=log, AUDIT_KEY=AUDIT_KEY)
    assert (asked.code, len(asked.lines), asked.err) == (0, 1000, "")
    period = ("--from", "2026-11-03T08:31:00", "--to", "2026-11-03")
    report = process("report", *period, log=log, AUDIT_KEY=AUDIT_KEY, TZ="Asia/Tokyo")
    assert (report.code, len(report.rows), report.err) == (0, 929, "")


def test_a_log_with_a_line_edited_ends_the_process_with_one() -> None:
    log = b"".join(NOVEMBER).replace(b'"DSR-500", "subject"', b'"DSR-501", "subject"', 1)
    said = process("verify", log=log, AUDIT_KEY=AUDIT_KEY)
    assert said.code == 1
    assert said.lines[0].startswith("Line 1000 was changed after it was written")


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "AUDIT_KEY is missing\n"),
        ({"AUDIT_KEY": "  "}, "AUDIT_KEY is missing\n"),
        ({"AUDIT_KEY": "canary"}, "AUDIT_KEY must have at least 16 characters\n"),
    ],
)
def test_without_a_good_key_the_sentence_is_the_settings(
    environ: dict[str, str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(["audit", "verify"], environ) == 2
    assert capsys.readouterr() == ("", sentence)


# verify


def test_a_log_without_a_trail_proves_nothing(audit: Command) -> None:
    said = audit("verify", [b'{"event": "ready"}\n'])
    assert said == Said(1, f"{audit_text.NO_TRAIL}\n", "")


def test_a_run_under_way_is_whole_so_far(audit: Command) -> None:
    said = audit("verify", NOVEMBER[:3], now=datetime.fromisoformat(at(3)) + timedelta(hours=1))
    assert said.code == 0
    assert said.lines == [
        (
            f"Run {RUN} is still running; its last line is line 3 (sequence 3, 3 Nov 2026, "
            "08:32:01 UTC)."
        ),
        (
            "3 lines of 1 run of the bot, from 3 Nov 2026, 08:30:01 UTC to 3 Nov 2026, 08:32:01 "
            "UTC: whole so far; 1 still running."
        ),
    ]


def test_a_log_under_another_key_does_not_pass(audit: Command) -> None:
    said = audit("verify", NOVEMBER, key=OTHER_KEY)
    assert (said.code, said.lines) == (
        1,
        [
            (
                "Lines 1 to 2002: 2,002 lines were written under another key "
                f"({derive_key_id(KEY)}), and cannot be checked under this one."
            ),
            audit_text.NO_SEAL,
        ],
    )


def test_lines_are_checked_against_the_clock_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    log = written(1, is_stopped=False)
    assert audit_command.run(["verify"], {"AUDIT_KEY": AUDIT_KEY}, log) == 0
    assert "is still running" in capsys.readouterr().out


# who


def test_the_look_ups_of_an_address_are_listed_a_line_each(audit: Command) -> None:
    said = audit(f"who {JOHN}", NOVEMBER[:5])
    assert (said.code, said.lines) == (
        1,
        [
            (
                "line 2: 3 Nov 2026, 08:31:01 UTC · asked · U0ANA · in C0LEGAL · case DSR-1 · "
                "receipt R-1"
            ),
            (
                "line 3: 3 Nov 2026, 08:32:01 UTC · answered · fresh · U0ANA · in C0LEGAL · case "
                "DSR-1 · receipt R-1 · Gong request 4al018gzaztcr8nb1"
            ),
            audit_text.LINES_MISSING,
        ],
    )


@pytest.mark.parametrize(
    ("email", "lines"), [("JANE@Example.COM", 1000), ("jane+news@example.com", 1)]
)
def test_capitals_are_the_same_address_and_a_plus_tag_another(
    audit: Command, email: str, lines: int
) -> None:
    said = audit(f"who {email}", NOVEMBER)
    assert (said.code, len(said.lines)) == (0, lines)


def test_that_nobody_asked_is_an_answer(audit: Command) -> None:
    assert audit("who nobody@example.com", NOVEMBER) == Said(
        0,
        "No line of this log, from 3 Nov 2026, 08:30:01 UTC to 4 Nov 2026, 17:51:01 UTC, speaks of "
        "exactly that address under this key.\n",
        "",
    )


@pytest.mark.parametrize("lost", [slice(0, 3), slice(400, 401), slice(999, 1000)])
def test_that_nobody_asked_proves_nothing_where_lines_are_missing(
    audit: Command, lost: slice
) -> None:
    said = audit(
        "who nobody@example.com", [line for line in NOVEMBER if line not in NOVEMBER[lost]]
    )
    assert (said.code, said.lines[1:]) == (1, [audit_text.LINES_MISSING])


def test_a_log_without_a_trail_does_not_say_that_nobody_asked(audit: Command) -> None:
    assert audit("who nobody@example.com", [b"at=info\n"]) == Said(
        1, f"{audit_text.NO_TRAIL}\n", ""
    )


def test_lines_under_another_key_cannot_be_matched(audit: Command) -> None:
    said = audit(f"who {JANE}", [*written(2, key=OTHER_KEY), *NOVEMBER[:3]])
    assert (said.code, said.lines) == (
        1,
        [
            (
                "No line of this log, from 3 Nov 2026, 08:30:01 UTC to 3 Nov 2026, 08:32:01 UTC, "
                "speaks of exactly that address under this key."
            ),
            (
                "6 lines were written under another key: under this one nobody can check them, "
                "or tell whom they speak of."
            ),
            audit_text.LINES_MISSING,
        ],
    )


def test_a_line_that_bears_no_good_seal_is_listed_as_such(audit: Command) -> None:
    log = [NOVEMBER[3].replace(b"C0LEGAL", b"C0OTHER"), NOVEMBER[4].replace(b'"audit": 1', b"")]
    log += [NOVEMBER[5][:90] + b"\n", NOVEMBER[6].replace(b'"event"', b'"events"')]
    said = audit(f"who {JANE}", log)
    assert (said.code, said.lines) == (
        1,
        [
            (
                "line 1: 3 Nov 2026, 08:33:01 UTC · asked · U0ANA · in C0OTHER · case DSR-2 · "
                "receipt R-2 · NOT under a good seal"
            ),
            "1 line was changed, or added: “audit verify” says which.",
            "1 line is cut or damaged: “audit verify” says which.",
            "1 line is of a form unknown here: “audit verify” says which.",
        ],
    )


def test_what_a_line_says_cannot_act_on_the_terminal(audit: Command) -> None:
    log: list[bytes] = []
    trail = opened(log)
    subject = derive_subject(KEY, JANE)
    trail.record(Event.PAGE_SHOWN, subject=subject, gong_request="\x1b[2J\n\u202e")
    line, *_ = audit(f"who {JANE}", log).lines
    assert line.endswith(" UTC · page shown · Gong request \ufffd[2J\ufffd\ufffd")


@pytest.mark.parametrize("email", ["jane", "jane@example.com,john@example.com", "j\u00e1ne@a.com"])
def test_what_is_no_address_is_not_looked_for(audit: Command, email: str) -> None:
    said = audit(f"who {email}", NOVEMBER)
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith("argument EMAIL: this is not one plain email address\n")


# report


def report(audit: Command, since: str, until: str, log: Iterable[bytes] = NOVEMBER) -> Said:
    return audit(f"report --from {since} --to {until}", log)


def test_a_report_has_a_column_for_each_field(audit: Command) -> None:
    said = report(audit, "2026-11-03T08:32:00Z", "2026-11-03T08:32:59Z")
    assert (said.code, said.err) == (0, "")
    assert said.rows == [
        {
            "time": "2026-11-03T08:32:01.000+00:00",
            "event": "answered",
            "outcome": "",
            "team": "T0US",
            "channel": "C0LEGAL",
            "user": "U0ANA",
            "case": "DSR-1",
            "subject": derive_subject(KEY, JOHN),
            "gong_request": "4al018gzaztcr8nb1",
            "receipt": "R-1",
            "sequence": "3",
            "chain": RUN,
            "key": derive_key_id(KEY),
            "details": ("source=fresh; status=200; counts.emails=243; counts.calls=not returned"),
            "seal fits": "yes",
        }
    ]


@pytest.mark.parametrize(
    ("since", "until", "rows"),
    [
        ("2026-11-03", "2026-11-04", 2002),
        ("2026-11-03", "2026-11-03", 930),
        ("2026-11-04", "2026-11-04", 1072),
        ("2026-11-03T08:30:01+00:00", "2026-11-03T08:32:01Z", 3),
        ("2026-11-03T08:30:02", "2026-11-03T10:32:00+02:00", 1),
    ],
)
def test_a_period_is_in_utc_and_holds_its_ends(
    audit: Command, since: str, until: str, rows: int
) -> None:
    said = report(audit, since, until)
    assert (said.code, len(said.rows), said.err) == (0, rows, "")


def test_a_period_without_a_line_is_said_to_have_none(audit: Command) -> None:
    said = report(audit, "2026-11-05", "2026-11-30")
    assert (said.code, said.rows, said.err) == (0, [], f"{audit_text.NO_LINE_THEN}\n")


def test_a_report_is_safe_in_a_spreadsheet(audit: Command) -> None:
    log: list[bytes] = []
    trail = opened(log)
    trail.record(
        Event.ANSWERED,
        case="=cmd|' /C calc'!A0",
        gong_request="1234567890123456789",
        files=["F1", "F2"],
        sha256="0" * 64,
        is_kept=False,
    )
    row = report(audit, "2020-01-01", "2099-12-31", log).rows[1]
    assert row["case"] == "'=cmd|' /C calc'!A0"
    assert row["gong_request"] == "'1234567890123456789"
    assert row["details"] == f'files=["F1", "F2"]; sha256={"0" * 64}; is_kept=false'


def test_a_report_says_of_each_line_whether_its_seal_fits(audit: Command) -> None:
    log = [*NOVEMBER[:3], *resealed(written(1, key=OTHER_KEY), time=at)]
    log[1] = log[1].replace(b"C0LEGAL", b"C0OTHER")
    log[2] = log[2][:80] + b"\n"
    said = report(audit, "2026-11-01", "2026-11-30", log)
    assert [row["seal fits"] for row in said.rows] == ["yes", "no", *["another key"] * 4]
    assert said.code == 1
    assert said.err.splitlines() == [
        "1 line was changed, or added: “audit verify” says which.",
        "1 line is cut or damaged: “audit verify” says which.",
        (
            "4 lines were written under another key: under this one nobody can check them, or "
            "tell whom they speak of."
        ),
    ]


def test_a_report_is_not_troubled_by_what_lies_outside_its_period(audit: Command) -> None:
    log = [*NOVEMBER]
    log[5] = log[5].replace(b"C0LEGAL", b"C0OTHER")
    said = report(audit, "2026-11-04", "2026-11-04", log)
    assert (said.code, len(said.rows), said.err) == (0, 1072, "")


def test_a_report_of_a_log_without_a_trail_is_a_header_and_a_sentence(audit: Command) -> None:
    said = report(audit, "2026-11-01", "2026-11-30", [b"at=info\n"])
    assert (said.code, said.rows, said.err) == (1, [], f"{audit_text.NO_TRAIL}\n")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "verify log",
        "who",
        "report",
        "report --from 2026-11-01",
        "report --from yesterday --to 2026-11-30",
        "report --from 2026-11-31 --to 2026-11-30",
        "report --from 2026-11-01T25:00 --to 2026-11-30",
        "forge",
    ],
)
def test_anything_else_gets_the_usage(audit: Command, words: str) -> None:
    said = audit(words, NOVEMBER)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage: python app.py audit ")


# docs/audit-trail.md


def test_the_page_shows_what_the_commands_print(audit: Command) -> None:
    (shown,) = [block for block in blocks("The audit trail") if block.startswith("$ ")]
    edited = [*NOVEMBER]
    edited[416] = edited[416].replace(b"C0LEGAL", b"C0OTHER")
    logs = {
        "log": NOVEMBER,
        "edited.log": edited,
        "gap.log": [*NOVEMBER[:416], *NOVEMBER[420:]],
        "first-day.log": NOVEMBER[:5],
    }
    printed = ""
    for line in shown.splitlines():
        if line.startswith("$ "):
            words, _, name = line.removeprefix("$ python app.py audit ").partition(" < ")
            printed += f"{line}\n{audit(words, logs[name]).out}"
    assert shown == printed


def test_the_page_shows_a_line_as_the_bot_writes_it() -> None:
    (shown,) = [block for block in blocks("The audit trail") if block.startswith("{")]
    assert json.loads(shown) == json.loads(NOVEMBER[2])


@pytest.mark.parametrize("event", Event)
def test_the_page_names_every_event(event: Event) -> None:
    assert f"`{event}`" in section("The audit trail")
