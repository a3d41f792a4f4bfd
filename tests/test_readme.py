"""The README, `.env.example` and `.slugignore` say what the code does, and all of it."""

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

from bot import check, errors, settings, words
from bot.alerts import _SENTENCES as ALERTS
from bot.errors import BotError, GongUnavailable, SlackFailed
from bot.models import QuotaNearlySpent
from bot.sentences import UNAVAILABLE
from bot.settings import Settings, SettingsError
from bot.words import Setting
from tests.bench.report import BEGIN, END, goal_text, put_into
from tests.bench.rows import GROWTHS, ROWS
from tests.house import environment, open_house
from tests.terminal import draw

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NONE = "–"

REQUIRED = {
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "SLACK_SIGNING_SECRET": "made-up",
    "GONG_BASE_URL": "https://api.gong.io",
    "GONG_ACCESS_KEY": "made-up",
    "GONG_ACCESS_KEY_SECRET": "made-up",
    "AUTHORIZED_CHANNELS": "C0LEGAL",
    "AUDIT_KEY": "made-up-and-long-enough",
}
DEFAULTS = settings.read(REQUIRED)
VARIABLES = {name.upper() for name in Settings.model_fields}


def section(title: str) -> str:
    """What stands below a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found[1]


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
        settings.read({})
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
            said = settings.read({**REQUIRED, code(name): code(default)})
            assert getattr(said, field) == getattr(DEFAULTS, field), field


def test_the_example_file_names_every_setting_with_its_default(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)) == required()
    optional = re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(optional) == sorted(VARIABLES - required())

    filled = re.sub(r"^# ([A-Z_]+=)", r"\1", example, flags=re.MULTILINE)
    for name, value in REQUIRED.items():
        filled = filled.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    (tmp_path / "env").write_text(filled, encoding="utf-8")
    assert settings.read(sourced(tmp_path / "env")) == DEFAULTS


def sourced(file: Path) -> dict[str, str]:
    """What a shell makes of the file, as the README says to read it."""
    found = subprocess.run(  # noqa: S603  # our own file
        ["/bin/sh", "-c", 'set -a && . "$0" && set +a && env', str(file)],
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in found.stdout.splitlines())


def test_every_line_of_the_example_file_has_a_comment_above() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for paragraph in re.split(r"\n\n+", example):
        assert paragraph.startswith("# ")
        assert not re.match(r"# [A-Z_]+=", paragraph)


# Slack


def test_the_scopes_and_their_reasons_are_the_manifests() -> None:
    manifest = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    asked = dict(re.findall(r"^ +- ([a-z:]+) # (.+)$", manifest, re.MULTILINE))
    assert {code(scope): reason for scope, reason in rows("Slack scopes")} == asked
    assert asked.keys() == set(yaml.safe_load(manifest)["oauth_config"]["scopes"]["bot"])


async def test_the_check_says_what_the_page_shows() -> None:
    (shown,) = [block for block in blocks("Install") if block.startswith("✓")]
    async with open_house() as house:
        variables = environment(house.slack, house.gong, AUTHORIZED_CHANNELS="C0LEGAL")
        said = [line async for line in check.lines(settings.read(variables))]
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
    """Every sentence of `bot.words` for something that went wrong."""
    setting = Setting("@ana", "DSR-123", "gong-lookup", "jane@example.com", "7F3A21")
    sentences = {
        kind.__name__: words.explain(example_of(kind), setting)
        for kind in kinds(BotError)
        if kind is not GongUnavailable
    }
    for reason in UNAVAILABLE:
        sentences[reason] = words.explain(GongUnavailable(reason=reason), setting)
    return {**sentences, "unforeseen": words.unforeseen(setting)}


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
        for room in (ROOT / "bot").glob("*.py")
        for node in ast.walk(ast.parse(room.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert any(shown in string for string in strings)


def test_errors_are_all_in_one_tree() -> None:
    in_the_room = {kind for kind in vars(errors).values() if isinstance(kind, type)}
    assert set(kinds(BotError)) <= in_the_room


# Limits, rooms, libraries, commands


@pytest.mark.parametrize(("said", "name"), [row[1:] for row in rows("Limits")])
def test_the_limits_are_the_codes(said: str, name: str) -> None:
    room, constant = code(name).split(".")
    number, _, unit = said.partition(" ")
    factor = {"": 1, "s": 1, "KiB": 1024, "MiB": 1024**2}[unit]
    assert int(number.replace(",", "")) * factor == getattr(import_module(f"bot.{room}"), constant)


def test_every_room_is_named() -> None:
    rooms = ["app.py", *(f"bot/{room.name}" for room in (ROOT / "bot").glob("*.py"))]
    listed = [code(row[0]) for row in rows("How it is built")]
    assert sorted(listed) == sorted(rooms)


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [re.split(r"[<>=~!\[ ]", library)[0] for library in project["dependencies"]]
    listed = {code(name): reason for name, reason in rows("Dependencies")}
    assert list(listed) == needed
    assert all(listed.values())


def test_make_knows_what_the_page_tells_to_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    spans = re.findall(r"^```\n(.*?)^```|`([^`\n]+)`", README, re.MULTILINE | re.DOTALL)
    told = {
        target
        for span in spans
        for target in re.findall(r"^make ([\w-]+)", "".join(span), re.MULTILINE)
    }
    assert told
    assert told <= targets


def test_the_procfile_is_the_one_on_the_page() -> None:
    assert (ROOT / "Procfile").read_text(encoding="utf-8").strip() in README


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md"])
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", (ROOT / page).read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        assert link.startswith("https://") or (ROOT / (file or page)).is_file(), link
        assert file.startswith("https://") or not anchor or anchor in anchors(file or page), link


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    return {heading.lower().replace(" ", "-") for heading in headings}


def test_heroku_gets_all_that_it_needs() -> None:
    ignored = (ROOT / ".slugignore").read_text(encoding="utf-8").split()
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
    assert put_into(README, README[README.index(BEGIN) : README.index(END) + len(END)]) == README


# SECURITY.md

SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_that_holds_a_promise_exists() -> None:
    written = "".join(file.read_text(encoding="utf-8") for file in ROOT.glob("tests/test_*.py"))
    named = re.findall(r"`(test_\w+)`", SECURITY)
    assert named
    assert [name for name in named if f"def {name}(" not in written] == []


def test_every_file_and_setting_that_the_security_page_names_exists() -> None:
    for file in re.findall(r"`((?:bot|tests)/[\w/.]+)`", SECURITY):
        assert (ROOT / file).is_file(), file
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", SECURITY))
    assert named <= VARIABLES | {"HTTPS_PROXY", "SSL_CERT_FILE"}
