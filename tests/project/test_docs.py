"""README, docs/, SECURITY, `.env.example` and `.slugignore` say what the code does, all of it."""

import ast
import dataclasses
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import errors, refusals, settings
from bot.cli import check
from bot.errors import BotError, GongUnavailable, SlackFailed
from bot.lookup.alerts import _SENTENCES as ALERTS
from bot.messages import ephemeral
from bot.messages.ephemeral import Details
from bot.messages.error_texts import UNAVAILABLE
from bot.models import QuotaNearlySpent
from bot.settings import Settings, SettingsError
from tests.bench.report import BEGIN, END, goal_text, put_into
from tests.bench.rows import GROWTHS, ROWS
from tests.sandbox.terminal import draw
from tests.support.house import environment, open_house
from tests.support.paths import ROOT

GUIDE = ["README.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")))]
"""The pages in which a section is looked up."""
PAGES = [*GUIDE, "SECURITY.md"]
NONE = "–"

REQUIRED = {
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "SLACK_SIGNING_SECRET": "made-up-and-long-enough",
    "GONG_BASE_URL": "https://api.gong.io",
    "GONG_ACCESS_KEY": "made-up",
    "GONG_ACCESS_KEY_SECRET": "made-up",
    "AUTHORIZED_CHANNELS": "C0LEGAL",
    "AUDIT_KEY": "made-up-and-long-enough",
}
DEFAULTS = settings.read_settings(REQUIRED)
VARIABLES = {name.upper() for name in Settings.model_fields}


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands below a heading, in the one page that has it."""
    below = re.compile(rf"^(#+) {title}\n(.*?)(?=^(?!\1#)#+ |\Z)", re.MULTILINE | re.DOTALL)
    (found,) = [found for page in GUIDE for found in below.finditer(text(page))]
    return found[2]


def tables(title: str) -> list[list[list[str]]]:
    """The tables below a heading: rows of cells, without head and rule."""
    found = re.findall(r"(?:^\|.*\|\n)+", section(title), re.MULTILINE)
    split = [[line[2:-2].split(" | ") for line in table.splitlines()[2:]] for table in found]
    assert all(len(row) == len(table[0]) for table in split for row in table)
    return split


def rows(title: str) -> list[list[str]]:
    (only,) = tables(title)
    return only


def blocks(title: str) -> list[str]:
    """What stands in code blocks below a heading."""
    return re.findall(r"^```\n(.*?)^```", section(title), re.MULTILINE | re.DOTALL)


def code(cell: str) -> str:
    """What stands in a cell as code."""
    (only,) = re.findall(r"`([^`]+)`", cell)
    return str(only)


def required() -> set[str]:
    """The variables that the bot itself calls missing when there are none."""
    with pytest.raises(SettingsError) as caught:
        settings.read_settings({})
    return {problem.partition(" ")[0] for problem in caught.value.problems}


# Settings


def test_every_setting_stands_in_the_table_once() -> None:
    listed = [code(row[0]) for row in rows("Settings")]
    assert sorted(listed) == sorted(VARIABLES)


def test_the_table_calls_required_what_the_bot_calls_missing() -> None:
    listed = {code(row[0]) for row in rows("Settings") if row[2].startswith("required")}
    assert listed == required() == REQUIRED.keys()


def test_the_defaults_in_the_table_are_the_bots() -> None:
    for name, _, default in rows("Settings"):
        field = code(name).lower()
        if default == NONE:
            assert not Settings.model_fields[field].get_default()
        elif not default.startswith("required"):
            said = settings.read_settings({**REQUIRED, code(name): code(default)})
            assert getattr(said, field) == getattr(DEFAULTS, field), field


def test_the_example_file_names_every_setting_with_its_default(tmp_path: Path) -> None:
    example = text(".env.example")
    assert set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)) == required()
    optional = re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(optional) == sorted(VARIABLES - required())

    filled = re.sub(r"^# ([A-Z_]+=)", r"\1", example, flags=re.MULTILINE)
    for name, value in REQUIRED.items():
        filled = filled.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    (tmp_path / "env").write_text(filled, encoding="utf-8")
    assert settings.read_settings(sourced(tmp_path / "env")) == DEFAULTS


def sourced(file: Path) -> dict[str, str]:
    """What a shell makes of the file, as docs/install.md says to read it."""
    found = subprocess.run(  # noqa: S603  # our own file
        ["/bin/sh", "-c", 'set -a && . "$0" && set +a && env', str(file)],
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in found.stdout.splitlines())


def test_every_line_of_the_example_file_has_a_comment_above() -> None:
    example = text(".env.example")
    for paragraph in re.split(r"\n\n+", example):
        assert paragraph.startswith("# ")
        assert not re.match(r"# [A-Z_]+=", paragraph)


# Slack


def test_the_scopes_and_their_reasons_are_the_manifests() -> None:
    manifest = text("manifest.yml")
    asked = dict(re.findall(r"^ +- ([a-z:]+) # (.+)$", manifest, re.MULTILINE))
    assert {code(scope): reason for scope, reason in rows("Slack scopes")} == asked
    assert asked.keys() == set(yaml.safe_load(manifest)["oauth_config"]["scopes"]["bot"])


async def test_the_check_says_what_the_page_shows() -> None:
    (shown,) = [block for block in blocks("Install") if block.startswith("✓")]
    async with open_house() as house:
        variables = environment(house.slack, house.gong, AUTHORIZED_CHANNELS="C0LEGAL")
        said = [line async for line in check.check_lines(settings.read_settings(variables))]
    assert shown.splitlines() == [f"{'✓' if line.holds else '✗'} {line.sentence}" for line in said]


# Results and messages


def plainly(drawn: str) -> str:
    """Words only; what differs from one look-up to the next is replaced."""
    for pattern, stands_for in (
        (r"^ *│ ", ""),
        (r"<@U0ANA>", "@ana"),
        (r"\(<!date\S+ for\s+you\S* UTC>\)|\(\d+:\d\d for you\)", "(LOCAL)"),
        (r"\d+ \w{3} \d{4}, \d\d:\d\d:\d\d UTC", "UTC"),
        (r"request [a-z0-9]{19,20}\b", "request ID"),
        (r"by (127\.0\.0\.1|us-\d+\.api\.gong\.io)", "by HOST"),
        (r"\bR(-[0-9A-F]{4}){3}\b", "RECEIPT"),
        (r"\b[0-9a-f]{64}\b", "SHA"),
        (r"\d{8}T\d{6}Z", "STAMP"),
    ):
        drawn = re.sub(pattern, stands_for, drawn, flags=re.MULTILINE)
    return " ".join(drawn.split()).casefold()


async def test_a_result_looks_as_the_page_shows_it() -> None:
    summary, thread = blocks("What a result looks like")
    async with open_house() as house:
        posted = await house.answered("jane.doe@example.com DSR-123")
        replies = house.slack.in_thread(posted)
        assert plainly(re.sub(r"\n│ +you", " you", draw(posted))) == plainly(summary)
        assert plainly("\n".join(map(draw, replies))) == plainly(thread)


def kinds(parent: type[BotError]) -> Iterator[type[BotError]]:
    """The errors that are raised: those without kinds of their own, and one with."""
    below = parent.__subclasses__()
    yield from (kind for child in below for kind in kinds(child))
    if not below or parent is SlackFailed:
        yield parent


def example_of(kind: type[BotError]) -> BotError:
    facts: dict[object, Any] = {str: "x", int: 1, datetime: datetime(2026, 11, 23, tzinfo=UTC)}
    fields: dict[str, dataclasses.Field[Any]] = getattr(kind, "__dataclass_fields__", {})
    return kind(
        **{
            name: facts[field.type]
            for name, field in fields.items()
            if field.default is dataclasses.MISSING
        }
    )


def said() -> dict[str, str]:
    """Every sentence of `messages.ephemeral` for something that went wrong."""
    setting = Details("@ana", "DSR-123", "gong-lookup", "jane@example.com", "7F3A21")
    sentences = {
        kind.__name__: ephemeral.explain(example_of(kind), setting)
        for kind in kinds(BotError)
        if kind is not GongUnavailable
    }
    for reason in UNAVAILABLE:
        sentences[reason] = ephemeral.explain(GongUnavailable(reason=reason), setting)
    return {**sentences, "unforeseen": ephemeral.explain_unforeseen(setting)}


def beginnings(*numbers: int) -> list[str]:
    found = tables("What each message means")
    return [code(row[0]) for number in numbers for row in found[number]]


def begins(sentence: str, beginning: str) -> bool:
    pattern = ".+".join(re.escape(part.strip()) for part in beginning.split("…"))
    return re.match(pattern, sentence) is not None


@pytest.mark.parametrize(("name", "sentence"), said().items(), ids=said())
def test_every_refusal_and_failure_is_explained(name: str, sentence: str) -> None:
    rows_for_it = [shown for shown in beginnings(0, 1) if begins(sentence, shown)]
    assert len(rows_for_it) == 1, (name, sentence)


@pytest.mark.parametrize("beginning", beginnings(0, 1))
def test_the_bot_says_what_the_page_explains(beginning: str) -> None:
    assert any(begins(sentence, beginning) for sentence in said().values())


@pytest.mark.parametrize("kind", ALERTS, ids=lambda kind: kind.__name__)
def test_every_alert_is_explained(kind: type) -> None:
    sentence = ALERTS[kind].format(trouble=QuotaNearlySpent(7500), channel="C0LEGAL")
    rows_for_it = [shown for shown in beginnings(3) if begins(sentence, shown)]
    assert len(rows_for_it) == 1, sentence


def test_no_alert_is_explained_that_is_not_given() -> None:
    assert len(beginnings(3)) == len(ALERTS)


@pytest.mark.parametrize("shown", beginnings(2))
@pytest.mark.no_cover  # it takes twice as long, and its branches are counted elsewhere
def test_the_bot_posts_what_the_page_explains(shown: str) -> None:
    strings = [
        node.value
        for room in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(room.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert any(shown in string for string in strings)


def test_errors_are_all_in_one_tree() -> None:
    found = {**vars(errors), **vars(refusals)}.values()
    in_the_room = {kind for kind in found if isinstance(kind, type)}
    assert set(kinds(BotError)) <= in_the_room


# Limits, packages, libraries, commands, links


@pytest.mark.parametrize(("said", "name"), [row[1:] for row in rows("Limits")])
def test_the_limits_are_the_codes(said: str, name: str) -> None:
    room, _, constant = code(name).rpartition(".")
    number, _, unit = said.partition(" ")
    factor = {"": 1, "s": 1, "KiB": 1024, "MiB": 1024**2}[unit]
    assert int(number.replace(",", "")) * factor == getattr(import_module(f"bot.{room}"), constant)


def test_every_package_is_named_and_none_is_invented() -> None:
    packages, _ = tables("The house")
    there = [f"bot/{inside.parent.name}/" for inside in (ROOT / "bot").glob("*/__init__.py")]
    assert sorted(code(row[0]) for row in packages) == sorted(there)


def test_every_module_of_the_ground_is_named_and_none_is_invented() -> None:
    _, ground = tables("The house")
    there = [f"bot/{room.name}" for room in (ROOT / "bot").glob("*.py") if room.stem != "__init__"]
    assert sorted(code(row[0]) for row in ground) == sorted(there)


def test_the_floors_are_those_of_the_import_contract() -> None:
    settled = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in settled if contract["id"] == "floors"]
    packages, _ = tables("The house")
    floors = {code(name): int(floor) for name, _, floor in packages}
    above_the_ground = reversed(layers[: max(floors.values())])
    assert floors == {
        f"bot/{name}/": floor
        for floor, beside in enumerate(above_the_ground, 1)
        for name in beside.split(" | ")
    }


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    needed = [re.split(r"[<>=~!\[ ]", library)[0] for library in project["dependencies"]]
    listed = {code(name): reason for name, reason in rows("Dependencies")}
    assert list(listed) == needed
    assert all(listed.values())


def test_make_knows_what_the_page_tells_to_make() -> None:
    makefile = text("Makefile")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    everything = "\n".join(map(text, PAGES))
    spans = re.findall(r"^```\n(.*?)^```|`([^`\n]+)`", everything, re.MULTILINE | re.DOTALL)
    told = {
        target
        for span in spans
        for target in re.findall(r"^make ([\w-]+)", "".join(span), re.MULTILINE)
    }
    assert told
    assert told <= targets


def test_the_procfile_is_the_one_on_the_page() -> None:
    assert text("Procfile").strip() in section("Install")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", text(page)):
        file, _, anchor = link.partition("#")
        if not file.startswith("https://"):
            target = (ROOT / page).parent / file if file else ROOT / page
            assert target.is_file(), link
            assert not anchor or anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """The headings, as GitHub makes addresses of them."""
    prose = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_can_be_read_at_one_go_and_leads_to_every_page() -> None:
    readme = text("README.md")
    assert len(readme.splitlines()) <= 240
    assert [page for page in PAGES[1:] if f"({page})" not in readme] == []


def test_heroku_gets_all_that_it_needs() -> None:
    ignored = text(".slugignore").split()
    for needed in ("app.py", "bot", "Procfile", "pyproject.toml", "uv.lock", ".python-version"):
        assert (ROOT / needed).exists()
        assert not any(fnmatch(needed, pattern.strip("/")) for pattern in ignored)


# How fast, how small


def test_every_measure_stands_in_the_table_with_its_goal() -> None:
    measured, *grown = tables("How fast, how small")
    goals = {row.what: goal_text(row.goal, row.unit) for row in ROWS}
    assert {what: goal for what, *_, goal, _ in measured} == goals
    assert [row[0] for row in measured] == [row.what for row in ROWS]
    for (_, _, costs), table in zip(GROWTHS, grown, strict=True):
        assert [row[0] for row in table] == [cost.what for cost in costs]


def test_the_table_says_of_every_goal_whether_it_is_met() -> None:
    measured, *_ = tables("How fast, how small")
    assert [row.what for row in ROWS if row.goal] == [
        what for what, *_, told in measured if told in {"met", "not met"}
    ]


def test_the_table_is_dated_and_has_its_place() -> None:
    place = section("How fast, how small")
    assert re.search(rf"{BEGIN}\n\nMeasured on \d+ \w+ \d{{4}}, .+\.\n\n", place)
    page = text("docs/benchmarks.md")
    assert put_into(page, page[page.index(BEGIN) : page.index(END) + len(END)]) == page


# What the pages name


def test_every_test_that_holds_a_promise_exists() -> None:
    tests = ROOT.glob("tests/**/test_*.py")
    written = "".join(file.read_text(encoding="utf-8") for file in tests)
    named = re.findall(r"`(test_\w+)`", text("SECURITY.md"))
    assert named
    assert [name for name in named if f"def {name}(" not in written] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_setting_that_a_page_names_exists(page: str) -> None:
    for file in re.findall(r"`((?:bot|docs|tests)/[\w/.]+)`", text(page)):
        assert (ROOT / file).exists(), file
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", text(page)))
    assert named <= VARIABLES | {"HTTPS_PROXY", "SSL_CERT_FILE"}


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_a_page_names_exists(page: str) -> None:
    packages = [inside.parent.name for inside in (ROOT / "bot").glob("*/__init__.py")]
    named = re.findall(rf"`((?:{'|'.join(packages)})\.[a-z_]+)[`.]", text(page))
    assert [
        name for name in named if not (ROOT / f"bot/{name.replace('.', '/')}.py").exists()
    ] == []
