"""Connections without end, in a process that has few descriptors: Slack still gets in."""

import asyncio
import errno
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from aiohttp import web

from bot.listeners.connections import HEAD_S, listen
from tests.stand_ins.gong import Gong
from tests.stand_ins.person import Person
from tests.stand_ins.slack import Slack
from tests.support.house import environment
from tests.support.log_book import LogBook
from tests.support.process import Served, started
from tests.support.reading import is_receipt

pytest_plugins = ["tests.support.fixtures"]

POOR = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
import app
sys.exit(app.main([], os.environ))
"""
EXHAUSTED = """
import asyncio, os, resource
from bot import logs
from bot.listeners.connections import listen, plain_response

async def answer(request):
    return plain_response(200, "ok")

async def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    logs.configure("INFO", lambda line: print(line, end="", flush=True))
    async with listen(answer, "127.0.0.1", 0) as port:
        logs.event("listening", port=port)
        taken = []
        try:
            while True:
                taken.append(os.dup(0))
        except OSError:
            logs.event("exhausted")
        await asyncio.sleep(2.5)
        for each in taken:
            os.close(each)
        asyncio.get_running_loop().call_exception_handler({"message": "another"})
        await asyncio.sleep(60)

asyncio.run(main())
"""
IDLE = 300
HEALTHY = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
SENT = (b"", HEALTHY, HEALTHY[:20], b"POST /slack/events HTTP/1.1\r\nContent-Length: 9\r\n\r\n")


@contextmanager
def idle(port: int) -> Iterator[list[socket.socket]]:
    """Connections that are kept for as long as they are let, each with a beginning of something."""
    held: list[socket.socket] = []
    try:
        for number in range(IDLE):
            held.append(socket.create_connection(("127.0.0.1", port), timeout=5))
            with suppress(ConnectionError):  # it has been closed for a younger one
                held[-1].send(SENT[number % len(SENT)])
        yield held
    finally:
        for each in held:
            each.close()


@pytest.fixture
async def poor(slack: Slack, gong: Gong) -> AsyncIterator[tuple[Served, int]]:
    """A bot with 128 descriptors, and its port."""
    async with started(environment(slack, gong, slack.transport), "-c", POOR) as served:
        port = (await served.until("listening"))["port"]
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        await served.until("ready")
        if slack.transport == "socket":
            await slack.until_socket_connected()
        yield served, port


async def test_whoever_opens_connections_without_end_keeps_nobody_out(
    slack: Slack, gong: Gong, poor: tuple[Served, int]
) -> None:
    served, port = poor
    with idle(port):
        ack = await Person(slack, "U0ANA").types("jane@example.com", channel="C0LEGAL")
        assert (ack.status, ack.ms < 1000) == (200, True)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            assert (await http.get("/healthz")).text == "ok"
        await slack.until(lambda: any(map(is_receipt, slack.messages)))
        assert [request.address for request in gong.requests] == ["jane@example.com"]
        served.process.terminate()
        assert await served.ends() == 0
    lines = [json.loads(line) for line in "".join(served.out).splitlines()]
    log = [line["event"] for line in lines if "audit" not in line]
    assert log == ["listening", "ready", "stopping", "stopped"]


@pytest.mark.parametrize("transport", ["http"])
async def test_idle_connections_are_over_after_three_seconds(poor: tuple[Served, int]) -> None:
    _, port = poor
    began = time.monotonic()
    with idle(port) as held:
        for each in held:
            await asyncio.to_thread(drain, each)
    assert time.monotonic() - began < HEAD_S + 4  # the last may be half a body, too


def drain(held: socket.socket) -> None:
    """Return when the other side has closed it."""
    with suppress(ConnectionError):
        while held.recv(4096):
            pass


async def test_without_a_descriptor_there_is_one_line_and_it_goes_on_later() -> None:
    async with started({}, "-c", EXHAUSTED) as served:
        port = (await served.until("listening"))["port"]
        await served.until("exhausted")
        with idle(port):
            await served.until("library")  # what is no shortage is told as ever
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            assert (await http.get("/healthz")).text == "ok"
    told = [line for line in served.out if "cannot_accept_connections" in line]
    assert len(told) == 1
    assert len(served.out) == 4


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
@pytest.mark.parametrize("transport", ["http"])
async def test_a_shortage_is_told_once_and_anything_else_as_ever(log: LogBook, number: int) -> None:
    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        raise AssertionError

    loop = asyncio.get_running_loop()
    async with listen(answer, "127.0.0.1", 0):
        for _ in range(3):
            loop.call_exception_handler({"message": "", "exception": OSError(number, "")})
        loop.call_exception_handler({"message": "another"})
    loop.call_exception_handler({"message": "no door"})
    (line,) = log.events("cannot_accept_connections")
    assert line["level"] == "ERROR"
    assert [each["logger"] for each in log.events("library") if each["level"] == "ERROR"] == [
        "asyncio",
        "asyncio",
    ]
