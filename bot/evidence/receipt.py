"""The receipt of a look-up: lines that a person reads on a phone and `verify` can check.

It says what was asked and what came back, never what Gong's rows say; the file beside it does.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot import VERSION
from bot.evidence.result import Result
from bot.gong.summary import CustomerData, Emails, Missing, Summary
from bot.models import File, Finding, Section
from bot.wording import COVERAGE, LABELS, copies

RECEIPT_FORMAT = "1"
RECEIPT_SEAL = f"receipt {RECEIPT_FORMAT}"

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
    evidence, answer = result.evidence, result.answer
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
        yield LABELS[section], _count(result.summary, section)
    if not result.summary.is_whole:
        yield "Possibly incomplete", "yes: Gong may hold more of this address than the file says"
    yield "Limits", COVERAGE
    yield "Version of the bot", VERSION


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


_SHAPE = re.compile(
    r"(?P<text>gong-lookup receipt: 1\n"
    r"Receipt: (?P<id>R-[0-9A-F-]{14})\n"
    r"Case: (?P<case>[^\n]+)\n"
    r"Address searched: (?P<email>[^\n]+)\n"
    r"(?:[^\n]*\n)*?"
    r"Answered at: (?P<answered_at>[^\n]+)\n"
    r"(?:[^\n]*\n)*"
    r"SHA-256: (?P<sha256>[0-9a-f]{64})\n"
    r"(?:[^\n]*\n)*"
    r"Key: (?P<key>[0-9a-f]{8})\n)"
    r"Seal: (?P<seal>[0-9a-f]{64})\n?"
)


def read_receipt(content: bytes, is_sealed: Callable[[str, str, str], bool]) -> tuple[Claims, bool]:
    """Read a receipt; return its claims, and whether its seal is ours.

    Line ends that a mail program has changed to Windows' count as ours.

    Raises:
        NotAReceipt: it is none.
    """
    if len(content) > LARGEST_BYTES:
        raise NotAReceipt
    try:
        read = _SHAPE.fullmatch(content.decode().replace("\r\n", "\n"))
    except UnicodeDecodeError as exc:
        raise NotAReceipt from exc
    if read is None:
        raise NotAReceipt
    said = Claims(
        read["id"],
        read["case"],
        read["email"],
        read["answered_at"],
        read["key"],
        read["sha256"],
    )
    return said, is_sealed(RECEIPT_SEAL, read["text"], read["seal"])
