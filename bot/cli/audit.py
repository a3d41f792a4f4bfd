"""`python app.py audit …`: what the trail in a log says, for counsel and for auditors."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import TextIO

from bot import settings
from bot.address import parse_address
from bot.cli import audit_text
from bot.evidence import trail_reader
from bot.evidence.seals import derive_subject
from bot.evidence.spreadsheet import CsvCell, write_csv
from bot.evidence.trail_reader import LineStatus, TrailLine
from bot.evidence.trail_verdict import examine
from bot.models import Email
from bot.refusals import QueryRefused
from bot.settings import SettingsError

WHOLE, NOT_WHOLE, EXIT_USAGE = 0, 1, 2

HEADER = (
    *("time", "event", "outcome", "team", "channel", "user", "case", "subject"),
    *("gong_request", "receipt", "sequence", "chain", "key", "details", "seal fits"),
)
_TEXTS = HEADER[: HEADER.index("sequence")]
_NO_DETAILS = frozenset({*HEADER, "audit", "previous", "seal"})
_SEAL_FITS = MappingProxyType(
    {
        LineStatus.SEALED: "yes",
        LineStatus.CHANGED: "no",
        LineStatus.OTHER_KEY: "another key",
    }
)


def run(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    log: Iterable[bytes],
    now: datetime | None = None,
) -> int:
    """Read the log, print what was asked for, and return the exit code.

    0 when the trail is whole, or all that was asked could be told; 1 when not; 2 when the
    arguments or `AUDIT_KEY` are wrong (of the arguments, argparse says so, and exits).
    """
    asked = _parser().parse_args(arguments)
    try:
        key = settings.read_audit_key(environ)
    except SettingsError as exc:
        print(exc, file=sys.stderr)
        return EXIT_USAGE
    lines = trail_reader.read_lines(log, key)
    if asked.command == "verify":
        return _verify(lines, now or datetime.now(UTC))
    if asked.command == "who":
        return _who(lines, derive_subject(key, asked.email), now or datetime.now(UTC))
    return _report(lines, asked.since, asked.until)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python app.py audit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("verify", help="is the trail whole, and if not, where?")
    who = commands.add_parser("who", help="the look-ups of one address")
    who.add_argument("email", type=_email, metavar="EMAIL")
    report = commands.add_parser("report", help="all lines of a period, as CSV")
    day_or_time = "a day, or a time such as 2026-11-01T14:00:00Z; UTC, included"
    report.add_argument("--from", dest="since", type=_since, required=True, help=day_or_time)
    report.add_argument("--to", dest="until", type=_until, required=True, help=day_or_time)
    return parser


def _email(typed: str) -> Email:
    try:
        return parse_address(typed)
    except QueryRefused as exc:
        raise argparse.ArgumentTypeError("this is not one plain email address") from exc


def _since(typed: str) -> datetime:
    return _moment(typed, time.min)


def _until(typed: str) -> datetime:
    return _moment(typed, time.max)


def _moment(typed: str, of_day: time) -> datetime:
    try:
        if len(typed) == len("2026-11-01"):
            return datetime.combine(date.fromisoformat(typed), of_day, UTC)
        moment = datetime.fromisoformat(typed)
    except ValueError as exc:
        raise argparse.ArgumentTypeError("this is no day such as 2026-11-01, and no time") from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _verify(lines: Iterable[TrailLine], now: datetime) -> int:
    verdict = examine(lines, now)
    for found in verdict.found:
        print(audit_text.describe_observation(found))
    print(audit_text.describe_verdict(verdict))
    return WHOLE if verdict.is_whole else NOT_WHOLE


def _who(lines: Iterable[TrailLine], subject: str, now: datetime) -> int:
    seen: Counter[LineStatus] = Counter()
    is_found = False

    def told() -> Iterator[TrailLine]:
        nonlocal is_found
        for line in lines:
            seen[line.standing] += 1
            if line.fields.get("subject") == subject:
                is_found = True
                print(audit_text.describe_line(line))
            yield line

    verdict = examine(told(), now)
    if seen and not is_found:
        print(audit_text.describe_no_match(verdict))
    exit_code = _tell_troubles(seen, is_trail=bool(seen), to=sys.stdout)
    if not verdict.has_gaps:
        return exit_code
    print(audit_text.LINES_MISSING)
    return NOT_WHOLE


def _report(lines: Iterable[TrailLine], since: datetime, until: datetime) -> int:
    seen: Counter[LineStatus] = Counter()
    is_trail = is_found = False

    def rows() -> Iterator[list[CsvCell]]:
        nonlocal is_trail, is_found
        for line in lines:
            is_trail = True
            if line.entry is None:
                seen[line.standing] += 1
            elif since <= line.entry.time <= until:
                is_found = True
                seen[line.standing] += 1
                yield _row(line)

    sys.stdout.buffer.writelines(write_csv(HEADER, rows()))
    sys.stdout.buffer.flush()
    if is_trail and not is_found:
        print(audit_text.NO_LINE_THEN, file=sys.stderr)
    return _tell_troubles(seen, is_trail=is_trail, to=sys.stderr)


def _tell_troubles(seen: Counter[LineStatus], *, is_trail: bool, to: TextIO) -> int:
    """Print which lines could not be used in full; return the exit code."""
    troubles = [
        audit_text.describe_trouble(standing, count)
        for standing, count in sorted(seen.items())
        if standing is not LineStatus.SEALED
    ]
    if not is_trail:
        troubles.append(audit_text.NO_TRAIL)
    for trouble in troubles:
        print(trouble, file=to)
    return NOT_WHOLE if troubles else WHOLE


def _row(line: TrailLine) -> list[CsvCell]:
    told = {name: _told(line.fields[name]) for name in line.fields}
    details = "; ".join(
        detail for name in line.fields if name not in _NO_DETAILS for detail in _details(name, line)
    )
    sequence = line.entry.sequence if line.entry else None
    return [
        *(told.get(name, "") for name in _TEXTS),
        sequence,
        *(told.get(name, "") for name in ("chain", "key")),
        details,
        _SEAL_FITS.get(line.standing, ""),
    ]


def _details(name: str, line: TrailLine) -> list[str]:
    """Return `name=value`; of an object, one for each of its members."""
    value = line.fields[name]
    if isinstance(value, dict):
        return [f"{name}.{member}={_told(each)}" for member, each in value.items()]
    return [f"{name}={_told(value)}"]


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
