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
from tests.support.paths import ROOT

APP = ROOT / "app.py"
BOT = ROOT / "bot"
ROOMS = sorted(BOT.rglob("*.py"))
PACKAGES = sorted({room.parent for room in ROOMS} - {BOT})
MOST_AT_FIRST_SIGHT = 18
MOST_NAMES_TWICE = 5
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


def test_the_house_is_packages_and_a_ground_floor() -> None:
    packages = {room.parent for room in ROOMS} - {BOT}
    at_first_sight = {*packages, *BOT.glob("*.py")} - {BOT / "__init__.py"}
    assert len(at_first_sight) <= MOST_AT_FIRST_SIGHT
    assert {package.parent for package in packages} == {BOT}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_package_has_three_to_ten_rooms_and_says_which_to_read_first(package: Path) -> None:
    rooms = {room.stem for room in package.glob("*.py")} - {"__init__"}
    assert 3 <= len(rooms) <= 10
    tree = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    said = " ".join((ast.get_docstring(tree) or "").split())
    assert len(tree.body) == 1  # it imports nothing
    assert {room for room in rooms if f"`{room}`" not in said} == set()
    assert re.search(r"Read `(\w+)` first|`(\w+)`[^.]*: read it first", said)
    assert "May import" in said


def test_every_room_has_a_noun_for_a_name() -> None:
    told = "common decipher facts helpers memory misc off_loop ports phrases sentences utils words"
    assert {room.stem for room in ROOMS} & set(told.split()) == set()


def test_the_picture_of_the_flow_names_rooms_that_exist() -> None:
    picture = ast.get_docstring(ast.parse((BOT / "__init__.py").read_text(encoding="utf-8"))) or ""
    named = re.findall(r"\b([a-z]+)\.([a-z_]+)\b", picture)
    packages = {package.name for package in PACKAGES}
    rooms = [(package, room) for package, room in named if package in packages]
    assert rooms
    assert [(BOT / package / f"{room}.py").is_file() for package, room in rooms] == [True] * len(
        rooms
    )


def test_few_names_stand_twice() -> None:
    """A name that is defined at the top of two rooms has to be looked up to be understood."""
    places: dict[str, set[str]] = {}
    for room in ROOMS:
        for defined in public_names(ast.parse(room.read_text(encoding="utf-8"))):
            places.setdefault(defined, set()).add(name(room))
    twice = {defined: rooms for defined, rooms in places.items() if len(rooms) > 1}
    assert len(twice) <= MOST_NAMES_TWICE, twice


def public_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                names = [node.name]
            case ast.Assign(targets=[ast.Name(id=assigned)]):
                names = [assigned]
            case ast.AnnAssign(target=ast.Name(id=assigned)):
                names = [assigned]
            case _:
                names = []
        yield from (each for each in names if not each.startswith("_"))


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_a_docstring_says_what_a_function_does(room: Path) -> None:
    riddles = re.compile(r"(What|Whose|Who|Where|How|The one) ")
    assert [
        function.name
        for function in functions(room)
        if riddles.match(ast.get_docstring(function) or "")
    ] == []


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    assert ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))


def test_importing_needs_no_environment_and_starts_nothing() -> None:
    found = run(sys.executable, "-c", IMPORT_EVERYTHING, *map(name, [*ROOMS, APP]))
    assert (found.returncode, found.stderr) == (0, "")


def test_the_version_is_the_same_in_both_places() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_no_room_can_turn_the_check_of_certificates_off(room: Path) -> None:
    switches = r"verify\s*=|ssl\s*=|CERT_NONE|check_hostname|unverified"
    assert not re.search(switches, room.read_text(encoding="utf-8"))


WAYS_OUT = "aiohttp|ftplib|http.client|httpx|requests|smtplib|socket|urllib.request|urllib3"


@pytest.mark.parametrize("room", [APP, *ROOMS], ids=name)
def test_few_rooms_have_a_way_to_the_network(room: Path) -> None:
    ways = re.compile(rf"^\s*(from|import) ({WAYS_OUT})\b", re.MULTILINE)
    found = ways.search(room.read_text(encoding="utf-8"))
    front_door = {"bot.listeners.connections", "bot.listeners.http"}
    may = front_door | {"bot.gong.client", "bot.output", "bot.slack.client"}
    assert bool(found) == (name(room) in may)
