"""Slack's Web API, where the conversation does not show it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.errors import SlackFailed
from bot.models import File
from bot.settings import is_slacks
from bot.slack.block_kit import text_message
from bot.slack.client import open_slack
from tests.stand_ins.slack import Slack

HOOK = "https://hooks.slack.com/commands/T0/1/x"


@pytest.mark.parametrize(
    ("url", "api_url", "expected"),
    [
        (HOOK, "https://slack.com/api/", True),
        ("https://slack.com/x", "https://slack.com/api/", True),
        ("https://hooks.slack-gov.com/x", "https://slack-gov.com/api/", True),
        ("https://hooks.slack-gov.com/x", "https://slack.com/api/", False),
        ("http://hooks.slack.com/x", "https://slack.com/api/", False),
        ("https://hooks.slack.com.evil.com/x", "https://slack.com/api/", False),
        ("https://notslack.com/x", "https://slack.com/api/", False),
        ("https:///x", "https://slack.com/api/", False),
        ("https://[", "https://slack.com/api/", False),
        ("https://[", "http://127.0.0.1:2/api/", False),
        ("http://127.0.0.1:1/x", "https://slack.com/api/", False),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:2/api/", True),
        (HOOK, "http://127.0.0.1:2/api/", False),
    ],
)
def test_an_address_to_send_to_is_slacks_or_nobodys(
    url: str, api_url: str, *, expected: bool
) -> None:
    assert is_slacks(url, api_url) is expected


@asynccontextmanager
async def elsewhere() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A place that is not Slack, and what came to it."""
    came: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(1000))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/canary", came


def redirecting(status: int, location: str) -> Middleware:
    """A Slack that sends whatever is not its Web API somewhere else."""

    @web.middleware
    async def redirect(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/api/"):
            return await handler(request)
        return web.Response(status=status, headers={"Location": location})

    return redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_takes_a_file_or_a_private_line_to_another_place(status: int) -> None:
    async with (
        elsewhere() as (place, came),
        Slack(redirecting(status, place)) as slack,
        open_slack(slack.bot_token, slack.api_url) as ours,
    ):
        with pytest.raises(SlackFailed) as upload:
            await ours.upload([File.of("answer.json", b"{}")])
        with pytest.raises(SlackFailed) as line:
            await ours.respond(slack.new_response_url("U0ANA", "C0LEGAL"), text_message("hello"))
    assert (upload.value.code, line.value.code) == (f"http_{status}", f"http_{status}")
    assert came == []


@pytest.mark.parametrize(
    ("status", "content_type", "code"),
    [
        (500, "text/plain", "http_500"),
        (503, "text/html", "http_503"),
        (502, "application/json", "http_502"),
        (200, "text/plain", "unreachable"),
        (200, "application/json", "http_200"),
    ],
)
async def test_whatever_a_proxy_answers_is_a_failure_of_slack(
    status: int, content_type: str, code: str
) -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        slack.fail("auth.test", status=status, body="out of order", content_type=content_type)
        with pytest.raises(SlackFailed) as failed:
            await ours.fetch_identity()
    assert failed.value.code == code


async def test_a_pause_without_a_length_is_a_second() -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        slack.fail("auth.test", status=429)
        assert (await ours.fetch_identity()).team_id == slack.team_id
    first, second = slack.calls
    assert second.at - first.at >= 1


@pytest.mark.parametrize(("late", "code"), [("auth.test", "timeout"), ("response_url", "timeout")])
async def test_what_comes_too_late_is_a_failure_of_slack(late: str, code: str) -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url, 0.05) as ours:
        slack.fail(late, delay_s=30, times=2)
        url = slack.new_response_url("U0ANA", "C0LEGAL")
        asked = (
            ours.fetch_identity()
            if late == "auth.test"
            else ours.respond(url, text_message("hello"))
        )
        with pytest.raises(SlackFailed) as failed:
            await asked
    assert failed.value.code == code


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
async def test_blocks_that_are_refused_are_replaced_by_words_in_an_update_too(code: str) -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        ts = await ours.post("C0LEGAL", text_message("before"))
        slack.fail("chat.update", error=code)
        await ours.update("C0LEGAL", ts, text_message("after"))
        assert slack.messages[0].text == "after"


async def test_an_update_that_slack_does_not_take_is_a_failure() -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        slack.fail("chat.update", error="cant_update_message")
        with pytest.raises(SlackFailed):
            await ours.update("C0LEGAL", "1.2", text_message("after"))


async def test_what_a_netrc_holds_for_other_programs_is_not_sent_to_slack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password made-up\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        assert (await ours.fetch_identity()).team_id == slack.team_id


async def test_a_bug_in_an_upload_is_no_failure_of_slacks() -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        broken: Any = File("answer.json", None, "0" * 64)  # type: ignore[arg-type]  # the bug
        with pytest.raises(TypeError):
            await ours.upload([broken])


@pytest.mark.parametrize(
    ("said", "code"),
    [("not_in_channel", "not_in_channel")]
    + [(odd, "unknown") for odd in ("jane@example.com", "x" * 65, "a b", "<!channel>", "")],
)
async def test_an_error_that_is_no_code_of_slacks_is_not_repeated(said: str, code: str) -> None:
    async with Slack() as slack, open_slack(slack.bot_token, slack.api_url) as ours:
        slack.fail("auth.test", body=json.dumps({"ok": False, "error": said}), content_type=JSON)
        with pytest.raises(SlackFailed) as failed:
            await ours.fetch_identity()
    assert failed.value.code == code


JSON = "application/json"
