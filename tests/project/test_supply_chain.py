"""What the bot is made of, and how little it needs: hashes, no privilege, no place to write."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.project import known_vulnerabilities
from tests.stand_ins.gong import Gong
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.support.house import environment
from tests.support.log_book import LogBook
from tests.support.paths import ROOT
from tests.support.process import started

pytest_plugins = ["tests.support.fixtures"]

LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
LIBRARIES = [package for package in LOCK["package"] if package["source"] != {"virtual": "."}]

FILES_OF_UV = 6
"""At least: glibc, musl and macOS, each for x86_64 and ARM; one file may serve two of them."""

NOBODY = "65534"
# Reading is allowed everywhere, so that a Python in somebody's home can be used; writing nowhere.
AS_NOBODY = [
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"),
    *("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"),
]
READ_ONLY = 'mount --make-rprivate / && mount -o remount,ro,bind / && exec "$@"'
IN_ITS_OWN_VIEW = ["unshare", "--mount", "/bin/sh", "-c", READ_ONLY, "sh"]
BECOME = """
import os, sys
for name in [name for name in os.environ if name.startswith("COV")]:
    del os.environ[name]  # coverage would write a file
os.execvp(sys.argv[1], sys.argv[1:])
"""


def confined(*arguments: str) -> list[str]:
    """Arguments for Python to become a Python without any privilege, on a read-only file system."""
    is_root = os.geteuid() == 0
    command = [*IN_ITS_OWN_VIEW, *AS_NOBODY] if is_root else ["unshare", "--map-root-user"]
    if not is_root:
        command += IN_ITS_OWN_VIEW[1:]
    return ["-c", BECOME, *command, sys.executable, *arguments]


def confines() -> bool:
    """Whether this machine lets us take the right to write away from a process."""
    tools = ("unshare", "setpriv", "mount")
    if not all(map(shutil.which, tools)):
        return False
    tried = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, *confined("-c", "")], capture_output=True, check=False
    )
    return tried.returncode == 0


# The lock


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library["name"])
def test_every_file_of_every_library_has_its_hash(library: dict[str, Any]) -> None:
    files = [*library.get("wheels", ()), *([library["sdist"]] if "sdist" in library else [])]
    assert files
    for file in files:
        kind, _, digest = file["hash"].partition(":")
        assert kind == "sha256"
        assert len(bytes.fromhex(digest)) == hashlib.sha256().digest_size


def test_every_library_comes_from_one_registry_and_none_from_elsewhere() -> None:
    assert {json.dumps(library["source"]) for library in LIBRARIES} == {
        json.dumps({"registry": "https://pypi.org/simple"})
    }


def test_make_installs_nothing_but_what_is_locked() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert makefile.count(" sync ") == makefile.count(" sync --quiet --locked ") > 0


def test_make_fetches_uv_by_version_and_hash_and_nothing_else_by_pip() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    installing = [line for line in makefile.splitlines() if re.search(r"\bpipx?\b", line)]
    assert len(installing) == 1
    for line in installing:
        options = line.split()
        assert "--require-hashes" in options
        assert options[-2:] == ["--requirement", ".ci/uv-requirements.txt"]


def test_the_version_of_uv_is_pinned_with_a_hash_for_each_of_its_files() -> None:
    text = known_vulnerabilities.UV_PINNED.read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if not line.startswith("#")]
    (pinned,) = (line.split() for line in lines)
    assert re.fullmatch(r"uv==\d+\.\d+\.\d+", pinned[0])
    hashes = pinned[1:]
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes)
    assert len(set(hashes)) == len(hashes) >= FILES_OF_UV


# make audit


def report(**more: object) -> dict[str, object]:
    return {"name": "aiohttp", "version": "3.14.5", "vulns": [], **more}


WEAK = report(vulns=[{"id": "PYSEC-1", "fix_versions": ["3.14.6"], "aliases": []}])
SKIPPED = {"name": "yarl", "skip_reason": "not found on PyPI"}


@pytest.mark.parametrize(
    ("libraries", "code", "sentence"),
    [
        (
            [report(), report(name="uv")],
            known_vulnerabilities.NONE,
            "No vulnerability is known in uv and the 1 libraries of uv.lock.",
        ),
        ([report(), WEAK], known_vulnerabilities.SOME, "aiohttp 3.14.5: PYSEC-1, mended in 3.14.6"),
        ([WEAK, SKIPPED], known_vulnerabilities.SOME, "aiohttp 3.14.5: PYSEC-1, mended in 3.14.6"),
        ([report(), SKIPPED], known_vulnerabilities.UNKNOWN, "(nothing was learnt of 1 of 2)"),
        ([], known_vulnerabilities.UNKNOWN, "(nothing was learnt of 0 of 0)"),
        (None, known_vulnerabilities.UNKNOWN, "(there is no report)"),
    ],
)
def test_the_audit_tells_what_is_known_from_what_could_not_be_asked(
    libraries: list[object] | None, code: int, sentence: str
) -> None:
    found = known_vulnerabilities.verdict(
        json.dumps({"dependencies": libraries}) if libraries is not None else ""
    )
    assert found[0] == code
    assert sentence in found[1]


def test_an_audit_asks_about_uv_as_well(tmp_path: Path) -> None:
    uv, asked = tmp_path / "uv", tmp_path / "asked"
    uv.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    uv.chmod(0o700)
    known_vulnerabilities.main(str(uv))
    _, audited = asked.read_text().splitlines()
    assert f"--requirement {ROOT / '.ci/uv-requirements.txt'} " in audited


def test_an_audit_without_the_network_is_no_good_news(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'cannot connect' >&2\nexit 2\n")
    uv.chmod(0o700)
    assert known_vulnerabilities.main(str(uv)) == known_vulnerabilities.UNKNOWN
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("The advisory data could not be reached")


# An ordinary user, a read-only file system

needs_confinement = pytest.mark.skipif(not confines(), reason="takes unshare(1) and setpriv(1)")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody might write in; nothing stands there in the end."""
    tmp_path.chmod(0o777)
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def users_of(process_id: int) -> set[str]:
    """As whom a process runs (proc_pid_status(5), Uid)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("Uid:"))
    return set(line.split()[1:])


@needs_confinement
async def test_who_is_confined_cannot_write(folder: Path) -> None:
    async with started({}, *confined("-c", "open('here', 'w')"), cwd=folder) as served:
        assert await served.ends() == 1
    assert "OSError: [Errno 30] Read-only file system" in served.err


@needs_confinement
async def test_the_bot_answers_as_an_ordinary_user_on_a_read_only_file_system(
    slack: Slack, gong: Gong, log: LogBook, folder: Path
) -> None:
    del log
    variables = environment(slack, gong, slack.transport, HOME=str(folder), TMPDIR=str(folder))
    async with started(variables, *confined(str(ROOT / "app.py")), cwd=folder) as served:
        port = (await served.until("listening"))["port"]
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        await served.until("ready")
        assert "0" not in users_of(served.process.pid)
        await Person(slack, "U0ANA").types("test@test.com", channel="C0LEGAL")
        await slack.until(lambda: any(message.files for message in slack.messages))
        served.process.send_signal(signal.SIGTERM)
        assert await served.ends() == 0
    assert served.err == ""
