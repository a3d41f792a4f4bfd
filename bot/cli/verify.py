"""`python app.py verify FILE RECEIPT`: is the receipt ours and unaltered, and is this its file?"""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot import settings
from bot.evidence import receipt, seals
from bot.evidence.receipt import Claims, NotAReceipt
from bot.settings import SettingsError

EXIT_NO = 1
EXIT_UNREADABLE = 2


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The verdict on a file and a receipt, in one line."""

    exit_code: int
    sentence: str


def run(environ: Mapping[str, str], file: Path, receipt_file: Path) -> int:
    """Print the verdict; return the exit code: 0 only if both are as they were."""
    try:
        key = settings.read_audit_key(environ)
    except SettingsError as exc:
        print(exc, file=sys.stderr)
        return EXIT_UNREADABLE
    found = judge(key, file, receipt_file)
    print(f"{'✗' if found.exit_code else '✓'} {found.sentence}")
    return found.exit_code


def judge(key: bytes, file: Path, receipt_file: Path) -> FileVerdict:
    """Judge whether a receipt is ours and unaltered, and a file the one it speaks of."""
    try:
        said, is_sealed = receipt.read_receipt(
            receipt_file.read_bytes(), partial(seals.is_sealed, key)
        )
        with file.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as exc:
        return FileVerdict(EXIT_UNREADABLE, f"{exc.filename} cannot be read: {exc.strerror}.")
    except NotAReceipt:
        sentence = "is not a receipt of this bot, or was altered (the file comes first, it second)."
        return FileVerdict(EXIT_NO, f"{receipt_file} {sentence}")
    problem = _problem(said, file, sha256, seals.derive_key_id(key), is_sealed=is_sealed)
    if problem:
        return FileVerdict(EXIT_NO, problem)
    return FileVerdict(
        0,
        f"Receipt {said.receipt_id} (case {said.case}, {said.email}, answered {said.answered_at}) "
        f"is ours and unaltered, and {file} is the file it speaks of (SHA-256 {sha256}).",
    )


def _problem(said: Claims, file: Path, sha256: str, key_id: str, *, is_sealed: bool) -> str:
    """Say why the two are not a pair of ours; return nothing if they are."""
    if said.key_id != key_id:
        return (
            f"Receipt {said.receipt_id} names another key ({said.key_id}) than this ({key_id}): "
            "nothing can be said of it. Set AUDIT_KEY to the key of that time."
        )
    if not is_sealed:
        return f"Receipt {said.receipt_id} was altered, or is not ours: its seal does not fit."
    if said.sha256 != sha256:
        return (
            f"Receipt {said.receipt_id} is ours and unaltered, but {file} is NOT the file it "
            f"speaks of, which ends in .json and has SHA-256 {said.sha256}; this one has {sha256}."
        )
    return ""
