"""The house: which room may use which, how large a room is, and what an import does."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import VERSION

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app.py"
ROOMS = sorted((ROOT / "bot").rglob("*.py"))
LONGEST_ROOM = 280
LONGEST_FUNCTION = 40

# What an audit hook sees of a process that does more than define names.
STARTS = ("_thread.start", "os.fork", "os.posix_spawn", "os.system", "socket.", "subprocess.")
IMPORT_EVERYTHING = f"""
import importlib, os, signal, sys, threading

assert not [name for name in os.environ if name != "LC_CTYPE"]  # Python sets that one itself
started = []
sys.addaudithook(lambda event, _: started.append(event) if event.startswith({STARTS}) else None)
handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
for name in sys.argv[1:]:
    importlib.import_module(name)
assert started == [], started
assert threading.enumerate() == [threading.main_thread()]
assert handlers == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
"""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own commands
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def name(room: Path) -> str:
    return ".".join(room.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def functions(room: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(room: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield str(node.module)


def test_every_room_keeps_to_its_import_contracts() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    found = run(str(lint_imports), "--no-cache", "--no-logo")
    assert found.returncode == 0, found.stdout + found.stderr
    assert " kept, 0 broken." in found.stdout


def test_the_composition_root_uses_no_library_but_for_a_type_and_a_switch() -> None:
    ours = {"app", "bot"}
    assert {
        module
        for module in imported(APP)
        if module.partition(".")[0] not in ours | sys.stdlib_module_names
    } <= {"slack_sdk.socket_mode.aiohttp", "stamina.instrumentation"}


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_a_room_can_be_held_in_the_head(room: Path) -> None:
    assert len(room.read_text(encoding="utf-8").splitlines()) <= LONGEST_ROOM


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_a_function_can_be_read_at_a_glance(room: Path) -> None:
    long = {
        function.name: lines
        for function in functions(room)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_the_house_is_flat_and_every_room_has_a_noun_for_a_name() -> None:
    assert {room.parent for room in ROOMS} == {ROOT / "bot"}
    assert {room.stem for room in ROOMS} & {"common", "helpers", "misc", "tools", "utils"} == set()


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    assert ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))


def test_importing_needs_no_environment_and_starts_nothing() -> None:
    found = run(sys.executable, "-c", IMPORT_EVERYTHING, *map(name, [*ROOMS, APP]))
    assert (found.returncode, found.stderr) == (0, "")


def test_the_version_is_the_same_in_both_places() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=lambda room: room.stem)
def test_no_room_can_turn_the_check_of_certificates_off(room: Path) -> None:
    switches = r"verify\s*=|ssl\s*=|CERT_NONE|check_hostname|unverified"
    assert not re.search(switches, room.read_text(encoding="utf-8"))


WAYS_OUT = "aiohttp|ftplib|http.client|httpx|requests|smtplib|socket|urllib.request|urllib3"


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=lambda room: room.stem)
def test_few_rooms_have_a_way_to_the_network(room: Path) -> None:
    ways = re.compile(rf"^\s*(from|import) ({WAYS_OUT})\b", re.MULTILINE)
    found = ways.search(room.read_text(encoding="utf-8"))
    assert bool(found) == (room.stem in {"gong", "server", "slack"})
