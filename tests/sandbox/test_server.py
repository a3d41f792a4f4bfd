"""The server behind the page, and the command that starts it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.sandbox import __main__ as command
from tests.sandbox import browser as browsers
from tests.sandbox.server import PAGE, serving
from tests.sandbox.world import open_world

LEGAL = {"user": "U0ANA", "channel": "C0LEGAL", "text": "help"}
NO_SCREEN = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with open_world() as world, serving(world, 0) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Host": "evil.example"}, 403),
        ("/nothing", {}, 404),
        ("/files/F0000009", {}, 404),
        ("/../server.py", {}, 404),
    ],
)
async def test_what_can_be_read(url: str, path: str, headers: dict[str, str], status: int) -> None:
    async with aiohttp.ClientSession() as client, client.get(url + path, headers=headers) as answer:
        assert answer.status == status


@pytest.mark.parametrize(
    ("path", "content", "headers", "status"),
    [
        ("/command", LEGAL, {}, 204),
        ("/command", LEGAL, {"Origin": "https://evil.example"}, 403),
        ("/command", LEGAL, {"Host": "evil.example:80"}, 403),
        ("/command", LEGAL | {"user": "U0NOBODY"}, {}, 400),
        ("/command", LEGAL | {"channel": "C0NOWHERE"}, {}, 400),
        ("/command", [], {}, 400),
        ("/press", {"user": "U0ANA", "ts": "1.1", "action": {}}, {}, 400),
        ("/switch", {"name": "nothing", "on": True}, {}, 400),
    ],
)
async def test_what_can_be_done(
    url: str, path: str, content: object, headers: dict[str, str], status: int
) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.post(url + path, json=content, headers=headers) as answer,
    ):
        assert answer.status == status


async def test_a_form_of_another_page_can_do_nothing(url: str) -> None:
    async with aiohttp.ClientSession() as client, client.post(f"{url}/restart", data={}) as answer:
        assert answer.status == 415


def test_the_page_never_turns_text_into_markup_and_needs_nobody_else() -> None:
    for path in PAGE.glob("*.js"):
        source = path.read_text()
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ):
            assert forbidden not in source, f"{forbidden} in {path.name}"
    for path in (PAGE / "index.html", *PAGE.glob("*.css")):
        assert "http" not in path.read_text().replace("http-equiv", ""), path.name


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[Process]:
    line = (sys.executable, "-m", "tests.sandbox", *arguments)
    process = await asyncio.create_subprocess_exec(
        *line, stdout=PIPE, stderr=STDOUT, env=NO_SCREEN, process_group=0
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line_of(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def test_it_starts_says_where_and_stops_at_ctrl_c_with_a_page_open() -> None:
    async with started("--port", "0") as process:
        ready = await line_of(process)
        assert ready.startswith("The sandbox is ready: http://127.0.0.1:")
        assert (await line_of(process)).startswith("No browser was found on this machine")
        url = ready.split()[4]
        async with aiohttp.ClientSession() as client, client.get(f"{url}/events") as events:
            await events.content.readline()
            process.send_signal(signal.SIGINT)
            rest = (await asyncio.wait_for(process.communicate(), 8))[0].decode().strip()
        assert (rest, process.returncode) == ("Stopped.", 0)


async def test_a_busy_port_is_one_sentence(url: str) -> None:
    port = url.rpartition(":")[2]
    async with started("--no-browser", "--port", port) as process:
        said = (await process.communicate())[0].decode()
    assert said == (
        f"Port {port} is taken by another program. Choose another one: "
        f'make sandbox ARGS="--port {int(port) + 1}"\n'
    )
    assert process.returncode == 2


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_no_port_at_all_is_said(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--port", port], {})
    assert f"{port!r} is no port: a number from 1 to 65535 is" in capsys.readouterr().err


async def test_a_missing_browser_is_told_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert browsers.found() is None
    assert "apt-get install chromium" in browsers.MISSING
