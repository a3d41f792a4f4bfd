"""`make ask`: a look-up anybody can try, with the file to check."""

import hashlib
import re
from pathlib import Path

import pytest

from bot.cli import verify
from tests.sandbox.ask import main
from tests.stand_ins.people import PEOPLE
from tests.support.house import AUDIT_KEY
from tests.support.paths import ROOT
from tests.support.process import started

ASK = ("-m", "tests.sandbox.ask")


async def ask(folder: Path, *words: str) -> tuple[int, str]:
    """The exit code, and what it printed."""
    async with started({"PYTHONPATH": str(ROOT)}, *ASK, *words, cwd=folder) as asked:
        code = await asked.ends()
    assert asked.err == ""
    return code, asked.text


def saved(folder: Path) -> list[Path]:
    """The files it left there."""
    return sorted(folder.iterdir())


async def test_the_saved_files_are_those_in_the_thread_and_prove_each_other(tmp_path: Path) -> None:
    code, printed = await ask(tmp_path, "test@test.com", "DSR-123")
    file, receipt = saved(tmp_path)
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    assert code == 0
    assert re.findall("SHA-256 ([0-9a-f]{64})", printed)[0] == checksum
    assert f"Saved {file.name}\nSaved {receipt.name}\nSHA-256 {checksum}\n" in printed
    assert printed.endswith(f"python app.py verify {file.name} {receipt.name}\n")
    assert re.fullmatch(r"gong-lookup-DSR-123-\d{8}T\d{6}Z\.json", file.name)
    assert verify.judge(AUDIT_KEY.encode(), file, receipt).exit_code == 0


async def test_the_receipt_is_shown_line_by_line(tmp_path: Path) -> None:
    _, printed = await ask(tmp_path, "test@test.com", "DSR-123")
    _, receipt = saved(tmp_path)
    lines = receipt.read_text(encoding="utf-8").splitlines()
    assert lines[2] == "Case: DSR-123"
    assert "\n".join(f"    {line}" for line in lines) in printed


async def test_every_button_is_pressed(tmp_path: Path) -> None:
    _, printed = await ask(tmp_path, "test@test.com")
    pressed = re.findall(r"presses \[(.*)\]", printed)
    assert pressed == [
        "Emails 1",
        "Calls 1",
        "Meetings 1",
        "CRM records 1",
        "Engagement 1",
        "Refresh",
        "What this covers",
        "Text for the reply",
        "Rows as CSV",
        "Delete the file",
        "Delete the files",
        "Withdraw",
    ]
    assert printed.count("GONG LOOK-UP: 5 REFERENCES") == 2
    assert printed.count(", and confirms: ") == 3


async def test_a_page_is_turned_and_another_spelling_searched(tmp_path: Path) -> None:
    _, printed = await ask(tmp_path, "Jane@example.com")
    assert re.findall(r"presses \[(.*)\]", printed)[:2] == [
        "Refresh",
        "Also search jane@example.com",
    ]
    assert printed.index("EMAILS 100–198 OF 243") > printed.index("presses [Next]")


async def test_a_search_that_fails_is_shown_and_ends_with_one(tmp_path: Path) -> None:
    code, printed = await ask(tmp_path, "denied@example.com")
    assert code == 1
    assert "(only visible to U0ANA) The search for denied@example.com did NOT complete" in printed
    assert saved(tmp_path) == []


def test_without_an_address_those_who_can_be_asked_about_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["", ""]) == 0
    listed = capsys.readouterr().out
    for address, someone in PEOPLE.items():
        assert f"{address:28} {someone.label}" in listed
