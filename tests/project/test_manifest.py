"""`manifest.yml` asks Slack for what the code needs, and for nothing else."""

import re
from typing import Any

import aiohttp
import pytest
import yaml

from bot.cli import check
from bot.slack import payloads
from tests.support.house import open_house
from tests.support.paths import ROOT

WRITTEN = (ROOT / "manifest.yml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(WRITTEN)

# What Slack wants for each method that `bot.slack` calls (https://docs.slack.dev/reference/methods).
NEEDED: dict[str, set[str]] = {
    "apps_connections_open": set(),  # the app-level token's connections:write
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "files_completeUploadExternal": {"files:write"},
    "files_delete": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "users_info": {"users:read"},
}


def scopes() -> dict[str, str]:
    """Each scope of the bot's token, with the comment beside it."""
    return dict(re.findall(r"^ +- ([a-z:]+)(?: +# (.+))?$", WRITTEN, re.MULTILINE))


def command() -> dict[str, Any]:
    (only,) = MANIFEST["features"]["slash_commands"]
    return dict(only)


def test_the_command_is_the_one_the_bot_listens_to() -> None:
    assert command()["command"] == payloads.COMMAND


def test_slack_sends_what_was_typed_as_it_was_typed() -> None:
    assert command()["should_escape"] is False


async def test_both_addresses_lead_to_the_page_that_answers_slack() -> None:
    interactivity = MANIFEST["settings"]["interactivity"]
    assert interactivity["is_enabled"] is True
    assert interactivity["request_url"] == command()["url"]
    (path,) = re.findall(r"^https://YOUR-HOST(/.*)$", command()["url"])

    async with open_house() as house, aiohttp.ClientSession() as session:
        here = f"http://127.0.0.1:{house.bot.port}"
        async with session.post(f"{here}{path}", data={"unsigned": "1"}) as answer:
            assert answer.status == 401
        async with session.post(f"{here}{path}x", data={"unsigned": "1"}) as answer:
            assert answer.status == 404


def test_the_scopes_are_the_ones_that_the_check_looks_for() -> None:
    assert MANIFEST["oauth_config"] == {"scopes": {"bot": list(scopes())}}
    assert set(scopes()) == check.SCOPES


def test_no_scope_is_missing_or_superfluous() -> None:
    called = re.findall(
        r"\.web\.(\w+)\(", (ROOT / "bot/slack/client.py").read_text(encoding="utf-8")
    )
    needed = set[str]().union(*(NEEDED[method] for method in called))
    assert needed | {"commands"} == set(scopes())


@pytest.mark.parametrize("scope", sorted(check.SCOPES))
def test_a_scope_has_its_reason_beside_it(scope: str) -> None:
    assert scopes()[scope]


def test_nothing_else_is_switched_on() -> None:
    assert MANIFEST["settings"] == {
        "interactivity": MANIFEST["settings"]["interactivity"],
        "org_deploy_enabled": False,
        "socket_mode_enabled": False,
        "token_rotation_enabled": False,
    }
    assert MANIFEST.keys() == {"display_information", "features", "oauth_config", "settings"}
    assert MANIFEST["features"].keys() == {"bot_user", "slash_commands"}


def test_socket_mode_is_explained_where_it_is_switched_on() -> None:
    explained = " ".join(re.findall(r"^# (.+)$", WRITTEN, re.MULTILINE))
    for words in ("Socket Mode", "socket_mode_enabled to true", "connections:write"):
        assert words in explained


def test_slack_takes_the_lengths() -> None:
    shown, asked = MANIFEST["display_information"], command()
    bot_user = MANIFEST["features"]["bot_user"]
    for text, longest in (
        (shown["name"], 35),
        (shown["description"], 140),
        (bot_user["display_name"], 80),
        (asked["command"], 32),
        (asked["description"], 2000),
        (asked["usage_hint"], 1000),
    ):
        assert 0 < len(text) <= longest
