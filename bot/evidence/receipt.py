"""The receipt of a look-up: lines that a person reads on a phone and `verify` can check.

It says what was asked and what came back, never what Gong's rows say; the file beside it does.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import VERSION
from bot.evidence.result import Result
from bot.gong.summary import CustomerData, Emails, Missing, Summary
from bot.models import File, Finding, Section
from bot.wording import COVERAGE, LABELS, copies

RECEIPT_FORMAT = "1"
RECEIPT_SEAL = f"receipt {RECEIPT_FORMAT}"

_NAME_CHARACTERS = 40
_OWN = "an address of the company's own domain, and Gong users are not covered"
_NOT_AS_DOCUMENTED = "Gong listed nothing, but not in the form that it documents"
_FEWEST_LINES = 5
LARGEST_BYTES = 64 * 1024
"""Far more than any receipt has."""

Seal = Callable[[str, str], str]
"""Seals a text of a kind: `Trail.seal`."""


def build_receipt(result: Result, file: File, seal: Seal, key_id: str) -> File:
    """Return the receipt of a result and its JSON file; its last line seals all before it."""
    lines = (*_lines(result, file), ("Key", key_id))
    text = "".join(f"{key}: {value}\n" for key, value in lines)
    sealed = f"{text}Seal: {seal(RECEIPT_SEAL, text)}\n"
    name = file.name.removesuffix(".json")
    return File.of(f"{name}.receipt.txt", sealed.encode())


def _lines(result: Result, file: File) -> Iterator[tuple[str, str]]:
    asker, search = result.asker, result.search
    evidence, answer, summary = result.evidence, result.answer, result.summary
    yield "gong-lookup receipt", RECEIPT_FORMAT
    yield "Receipt", search.receipt_id
    yield "Case", search.question.case or "none"
    yield "Address searched", search.question.email
    yield "Asked by", f"Slack user {search.asked_by}"
    yield "Team", asker.team_id
    yield "Channel", asker.channel_id
    yield "Asked at", _moment(search.asked_at)
    yield "Answered at", _moment(evidence.answered_at)
    yield "Source", _source(result.finding)
    yield "System", f"Gong, {evidence.host}"
    yield "Sent", f"GET {evidence.sent}"
    yield "HTTP status", str(answer.status)
    yield "Gong request", answer.request_id or "without an id"
    yield "File", file.name
    yield "Bytes", str(len(file.content))
    yield "SHA-256", answer.sha256
    for section in Section:
        yield LABELS[section], _count(summary, section)
    if not summary.is_whole:
        yield "Possibly incomplete", "yes: Gong may hold more of this address than the file says"
    if summary.unknown:
        yield "Also returned, not known to this bot", ", ".join(map(_printable, summary.unknown))
    if summary.is_whole and not result.is_statement:
        yield "No statement", _OWN if result.is_own_domain else _NOT_AS_DOCUMENTED
    yield "Limits", COVERAGE
    yield "Version of the bot", VERSION


def _printable(name: str) -> str:
    """Cut a name that Gong wrote to one short line."""
    line = "".join(letter if letter.isprintable() else "?" for letter in name)
    return line if len(line) <= _NAME_CHARACTERS else f"{line[:_NAME_CHARACTERS]}…"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _source(finding: Finding) -> str:
    return "kept: an answer given earlier, Gong not asked again" if finding.is_kept else "fresh"


def _count(summary: Summary, section: Section) -> str:
    found = summary.sections[section]
    match found:
        case Missing.NOT_RETURNED:
            return "not returned"
        case Missing.UNREADABLE:
            return "could not be read"
        case Emails() if found.messages:
            return copies(found.rows, found.messages, found.unhashed)
        case CustomerData() if found.hidden:
            read = f"{found.readable}, and " if found.readable else ""
            return f"{read}some that could not be read"
        case _:
            return str(found.rows)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a receipt about the file it speaks of."""

    receipt_id: str
    case: str
    email: str
    answered_at: str
    key_id: str
    sha256: str


class NotAReceipt(ValueError):
    """The text is no receipt of this bot's."""


_RECEIPT_ID = re.compile(r"R-[0-9A-F-]{14}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[0-9a-f]{8}")


def read_receipt(content: bytes, is_sealed: Callable[[str, str, str], bool]) -> tuple[Claims, bool]:
    """Read a receipt; return its claims, and whether its seal is ours.

    Line ends that a mail program has changed to Windows' count as ours.

    Raises:
        NotAReceipt: it is none.
    """
    if len(content) > LARGEST_BYTES:
        raise NotAReceipt
    try:
        lines = content.decode().replace("\r\n", "\n").removesuffix("\n").split("\n")
    except UnicodeDecodeError as exc:
        raise NotAReceipt from exc
    *signed, seal = lines
    claims = _claims(signed)
    text = "".join(f"{line}\n" for line in signed)
    return claims, is_sealed(RECEIPT_SEAL, text, _value(seal, "Seal", _SHA256))


def _claims(lines: Sequence[str]) -> Claims:
    if len(lines) < _FEWEST_LINES:
        raise NotAReceipt
    first, receipt_id, case, email, *rest, key = lines
    if first != f"gong-lookup receipt: {RECEIPT_FORMAT}":
        raise NotAReceipt
    answered_at = [line for line in rest if line.startswith("Answered at: ")]
    sha256 = [line for line in rest if line.startswith("SHA-256: ")]
    if len(answered_at) != 1 or len(sha256) != 1:
        raise NotAReceipt
    return Claims(
        _value(receipt_id, "Receipt", _RECEIPT_ID),
        _value(case, "Case"),
        _value(email, "Address searched"),
        _value(answered_at[0], "Answered at"),
        _value(key, "Key", _KEY_ID),
        _value(sha256[0], "SHA-256", _SHA256),
    )


def _value(line: str, name: str, shape: re.Pattern[str] | None = None) -> str:
    """Return what a line says under its name."""
    value = line.removeprefix(f"{name}: ")
    if value in {line, ""} or (shape and not shape.fullmatch(value)):
        raise NotAReceipt
    return value
