"""`make ask`: a look-up anybody can try, with the file to check."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.ask import main
from tests.process import ROOT, started
from tests.stand_ins.people import PEOPLE

ASK = ("-m", "tests.ask")


async def ask(folder: Path, *words: str) -> tuple[int, str]:
    """The exit code, and what it printed."""
    async with started({"PYTHONPATH": str(ROOT)}, *ASK, *words, cwd=folder) as asked:
        code = await asked.ends()
    assert asked.err == ""
    return code, asked.text


def saved(folder: Path) -> list[Path]:
    """The files it left there."""
    return list(folder.iterdir())


async def test_the_saved_file_has_the_checksum_that_stands_in_the_thread(tmp_path: Path) -> None:
    code, printed = await ask(tmp_path, "test@test.com", "DSR-123")
    (file,) = saved(tmp_path)
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    assert code == 0
    assert re.findall("SHA-256 ([0-9a-f]{64})", printed)[0] == checksum
    assert printed.endswith(f"Saved {file.name}\nSHA-256 {checksum}\n")
    assert re.fullmatch(r"gong-lookup-DSR-123-\d{8}T\d{6}Z\.json", file.name)


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
    ]
    assert printed.count("GONG LOOK-UP: 5 REFERENCES") == 2


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
