"""Whose certificate is taken for Gong's."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import errors
from bot.gong.client import GongClient, open_gong
from bot.models import Evidence
from tests.support.asking_gong import JANE, Turns

pytestmark = pytest.mark.usefixtures("at_once")

TLS_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@dataclass
class Secure:
    """An HTTPS server with a certificate of its own making."""

    base_url: str
    certificate: Path
    received: list[bytes]


@asynccontextmanager
async def secured(folder: Path, name: str) -> AsyncIterator[Secure]:
    """Answers every request over TLS as `name`."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    await asyncio.to_thread(_make_certificate, certificate, key, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    received: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(TLS_ANSWER)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        yield Secure(f"https://127.0.0.1:{port}", certificate, received)


def _make_certificate(certificate: Path, key: Path, name: str) -> None:
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=gong"
    more = ["-addext", f"subjectAltName={name}", "-out", str(certificate), "-keyout", str(key)]
    command = ["openssl", *made.split(), *more]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own command


async def ask_securely(server: Secure) -> Evidence:
    async with open_gong(server.base_url, "key", "secret") as client:
        return await GongClient(client, Turns()).ask(JANE)


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    async with secured(tmp_path, "IP:127.0.0.1") as server:
        with pytest.raises(errors.GongUnavailable):
            await ask_securely(server)
    assert server.received == []


async def test_a_private_authority_may_vouch_for_gong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with secured(tmp_path, "IP:127.0.0.1") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        evidence = await ask_securely(server)
    assert evidence.answer.body == b"{}"


async def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with secured(tmp_path, "DNS:elsewhere.example.com") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        with pytest.raises(errors.GongUnavailable):
            await ask_securely(server)
    assert server.received == []
