"""What Slack sends, checked for its shape before anything else looks at it."""

from typing import Any

import pytest

from bot.models import Asker
from bot.slack.payloads import Click, Command, MalformedPayload, parse

URL = "https://hooks.slack.com/commands/T0US/1/x"
TYPED: dict[str, Any] = {
    "token": "deprecated",
    "team_id": "T0US",
    "team_domain": "us",
    "channel_id": "C0LEGAL",
    "channel_name": "payload-team",
    "user_id": "U0ANA",
    "command": "/gong-lookup",
    "text": "payload@example.com DSR-123",
    "response_url": URL,
}
CLICKED: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U0ANA", "team_id": "T0US", "name": "ana"},
    "team": {"id": "T0HOST", "domain": "host"},
    "enterprise": None,
    "channel": {"id": "C0LEGAL", "name": "privategroup"},
    "container": {"type": "message", "message_ts": "2.000001", "channel_id": "C0LEGAL"},
    "message": {"ts": "2.000001"},
    "actions": [{"action_id": "refresh", "block_id": "b", "value": "[]", "type": "button"}],
    "response_url": URL,
}


def command(**more: Any) -> Command:  # noqa: ANN401  # any JSON value
    parsed = parse(TYPED | more)
    assert isinstance(parsed, Command)
    return parsed


def click(**more: Any) -> Click:  # noqa: ANN401  # any JSON value
    parsed = parse(CLICKED | more)
    assert isinstance(parsed, Click)
    return parsed


def without(payload: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != name}


# commands


def test_a_command_says_who_asks_what_and_where() -> None:
    typed = command()
    assert typed.asker == Asker("T0US", None, "C0LEGAL", "U0ANA", URL)
    assert typed.text == "payload@example.com DSR-123"


@pytest.mark.parametrize(
    ("sent", "enterprise_id"), [("E0OURS", "E0OURS"), ("", None), (None, None)]
)
def test_a_command_may_come_from_an_organisation(
    sent: str | None, enterprise_id: str | None
) -> None:
    assert command(enterprise_id=sent).asker.enterprise_id == enterprise_id


def test_a_command_without_words_has_none() -> None:
    parsed = parse(without(TYPED, "text"))
    assert isinstance(parsed, Command)
    assert parsed.text == ""


@pytest.mark.parametrize(
    "name", ["command", "team_id", "channel_id", "user_id", "response_url", "text"]
)
@pytest.mark.parametrize("value", [None, 7, ["C0LEGAL"], {}])
def test_a_command_of_another_shape_is_malformed(name: str, value: object) -> None:
    with pytest.raises(MalformedPayload):
        parse({**TYPED, name: value})


@pytest.mark.parametrize("name", ["team_id", "channel_id", "user_id", "response_url"])
def test_a_command_without_what_it_needs_is_malformed(name: str) -> None:
    with pytest.raises(MalformedPayload):
        parse(without(TYPED, name))


@pytest.mark.parametrize("name", ["team_id", "channel_id", "user_id"])
@pytest.mark.parametrize("value", ["", "c0legal", "C0 LEGAL", "C0LEGAL\n", "<!channel>", "C" * 65])
def test_an_id_that_is_none_is_malformed(name: str, value: str) -> None:
    with pytest.raises(MalformedPayload):
        parse({**TYPED, name: value})


# clicks


def test_a_click_says_who_pressed_what_and_where() -> None:
    clicked = click()
    assert clicked.asker == Asker("T0US", None, "C0LEGAL", "U0ANA", URL)
    assert (clicked.pressed.action_id, clicked.pressed.value) == ("refresh", "[]")
    assert clicked.message_ts == "2.000001"


@pytest.mark.parametrize(
    ("user", "team", "team_id"),
    [
        ({"id": "U0ANA", "team_id": "T0US"}, {"id": "T0HOST"}, "T0US"),
        ({"id": "U0ANA"}, {"id": "T0HOST"}, "T0HOST"),
        ({"id": "U0ANA", "team_id": "T0US"}, None, "T0US"),
        ({"id": "U0ANA"}, None, ""),
    ],
)
def test_a_click_is_of_the_users_own_workspace(
    user: dict[str, str], team: dict[str, str] | None, team_id: str
) -> None:
    assert click(user=user, team=team).asker.team_id == team_id


def test_a_click_may_come_from_an_organisation() -> None:
    assert click(enterprise={"id": "E0OURS", "name": "Ours"}).asker.enterprise_id == "E0OURS"


def test_a_button_without_a_value_carries_nothing() -> None:
    assert click(actions=[{"action_id": "refresh"}]).pressed.value == ""


@pytest.mark.parametrize(
    ("container", "message", "root_ts"),
    [
        ({}, {"ts": "2.000001"}, "2.000001"),
        ({"thread_ts": "1.000001"}, {"ts": "2.000001"}, "2.000001"),
        ({}, {"ts": "2.000001", "thread_ts": "1.000001"}, "1.000001"),
        ({}, None, "2.000001"),
    ],
)
def test_a_click_knows_the_thread_it_belongs_to(
    container: dict[str, str], message: dict[str, str] | None, root_ts: str
) -> None:
    clicked = click(container=CLICKED["container"] | container, message=message)
    assert clicked.root_ts == root_ts


@pytest.mark.parametrize(("channel_id", "is_in_it"), [("C0LEGAL", True), ("C0OTHER", False)])
def test_a_forwarded_message_is_recognised(channel_id: str, *, is_in_it: bool) -> None:
    clicked = click(container=CLICKED["container"] | {"channel_id": channel_id})
    assert clicked.is_in_its_channel is is_in_it


@pytest.mark.parametrize("name", ["user", "channel", "container", "actions", "response_url"])
@pytest.mark.parametrize("value", [None, 7, [], {}])
def test_a_click_of_another_shape_is_malformed(name: str, value: object) -> None:
    with pytest.raises(MalformedPayload):
        parse({**CLICKED, name: value})


@pytest.mark.parametrize("name", ["user", "channel", "container", "actions", "response_url"])
def test_a_click_without_what_it_needs_is_malformed(name: str) -> None:
    with pytest.raises(MalformedPayload):
        parse(without(CLICKED, name))


@pytest.mark.parametrize("stamp", ["", "2", "2.", "x", "2.000001\n", "２.０", "1" * 21 + ".1"])
def test_a_timestamp_that_is_none_is_malformed(stamp: str) -> None:
    with pytest.raises(MalformedPayload):
        parse({**CLICKED, "container": CLICKED["container"] | {"message_ts": stamp}})


# anything else


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "view_submission"},
        {"type": "event_callback", "event": {}},
        {"type": None},
        {"type": ["block_actions"]},
        {"ssl_check": "1"},
        {"payload": "{}"},
    ],
)
def test_what_is_neither_is_nothing_to_us(payload: dict[str, object]) -> None:
    assert parse(payload) is None
