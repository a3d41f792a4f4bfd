"""The one request that leaves for Gong, over real HTTP, and the ways in which it goes wrong."""

import asyncio
import gzip
import json
import socket
import ssl
import subprocess
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import stamina

from bot import errors
from bot.gong import ASSUMED_RETRY_AFTER_S, LARGEST_ANSWER_BYTES, Gong, open_client
from bot.models import Email, Evidence, Section
from bot.quota import Quota
from tests.stand_ins.answering import EMPTY, MEGABYTE, Answering, Transport, failing, limited
from tests.stand_ins.gong import PATH
from tests.stand_ins.gong import Gong as StandIn
from tests.stand_ins.people import HTML, HTML_HEADERS, rich

JANE = Email("jane@stand-in.example")
WHOLE = Answering()
FOREVER_S = 30
PACKED = gzip.compress(json.dumps(rich("jane@example.com")).encode(), mtime=0)
IN_GZIP = {"Content-Encoding": "gzip"}
TLS_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@dataclass
class Turns:
    """Gives every turn at once, and remembers; `refusals` are raised from the front instead."""

    patience: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    refusals: list[errors.SearchFailed | None] = field(default_factory=list)

    async def turn(self, patience_s: float = 60.0) -> None:
        self.patience.append(patience_s)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal

    def hold(self, seconds: float) -> None:
        self.held.append(seconds)


class SlowTurns(Turns):
    """The turn that is numbered here, from 1, takes so many seconds."""

    number = 1
    seconds = 0.6

    async def turn(self, patience_s: float = 60.0) -> None:
        await super().turn(patience_s)
        if len(self.patience) == self.number:
            await asyncio.sleep(self.seconds)


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Try again without the pause in between."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
async def there() -> AsyncIterator[StandIn]:
    async with StandIn() as there:
        yield there
    assert there.complaints == []


@asynccontextmanager
async def client_of(there: StandIn) -> AsyncIterator[httpx.AsyncClient]:
    async with open_client(there.base_url, there.access_key, there.access_key_secret) as client:
        yield client


@pytest.fixture
async def client(there: StandIn) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(there) as client:
        yield client


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def gong(client: httpx.AsyncClient, turns: Turns) -> Gong:
    return Gong(client, turns)


async def failure(gong: Gong) -> errors.SearchFailed:
    with pytest.raises(errors.SearchFailed) as failed:
        await gong.ask(JANE)
    return failed.value


# the request


@pytest.mark.parametrize(
    "typed",
    [
        "jane@example.com",
        "Jane+News@Example.com",
        "a%2Bb@example.com",
        "a%0d%0ab@example.com",
        "a&emailAddress=b@example.com",
        "a#b@example.com",
        "a?b=c/d@example.com",
        "o'brien@example.com",
        "jane@xn--80ak6aa92e.com",
    ],
)
async def test_one_get_leaves_with_exactly_the_address(
    there: StandIn, gong: Gong, typed: str
) -> None:
    await gong.ask(Email(typed))
    (request,) = there.requests
    assert (request.method, request.path, request.address) == ("GET", PATH, typed)


async def test_a_plus_does_not_travel_as_a_space(there: StandIn, gong: Gong) -> None:
    await gong.ask(Email("jane+news@example.com"))
    assert there.requests[0].query == "emailAddress=jane%2Bnews%40example.com"


async def test_the_request_asks_for_json_in_gzip_and_nothing_else(
    there: StandIn, gong: Gong
) -> None:
    await gong.ask(JANE)
    headers = there.requests[0].headers
    assert (headers["Accept"], headers["Accept-Encoding"]) == ("application/json", "gzip")
    assert headers["Authorization"].startswith("Basic ")


async def test_wrong_credentials_are_refused_and_not_tried_again(
    there: StandIn, turns: Turns
) -> None:
    async with open_client(there.base_url, there.access_key, "wrong") as client:
        failed = await failure(Gong(client, turns))
    assert isinstance(failed, errors.CredentialsRefused)
    assert (len(there.requests), failed.request_id) == (1, there.requests[0].request_id)


def test_the_budget_of_a_look_up_is_the_promised_one(gong: Gong, client: httpx.AsyncClient) -> None:
    assert (gong.attempt_s, gong.lookup_s) == (15.0, 25.0)
    assert client.timeout == httpx.Timeout(15.0, connect=3.0)
    assert LARGEST_ANSWER_BYTES == 64 * MEGABYTE


# the answer


@pytest.mark.parametrize("is_packed", [True, False])
async def test_the_evidence_is_what_gong_sent_when_and_from_where(
    there: StandIn, gong: Gong, *, is_packed: bool
) -> None:
    there.default = Answering({**EMPTY, "calls": [{"id": "1"}]}, gzip=is_packed)
    before = datetime.now(UTC)
    evidence = await gong.ask(JANE)
    assert before <= evidence.answered_at <= datetime.now(UTC)
    assert (evidence.email, evidence.host) == (JANE, "127.0.0.1")
    assert evidence.answer.body == there.requests[0].answer
    assert evidence.answer.request_id == there.requests[0].request_id


async def test_no_redirect_is_followed(there: StandIn, gong: Gong) -> None:
    async with StandIn() as elsewhere:
        there.default = Answering(b"", 302, {"Location": f"{elsewhere.base_url}{PATH}"})
        failed = await failure(gong)
        assert elsewhere.requests == []
    assert isinstance(failed, errors.WrongBaseUrl)
    assert (failed.redirect_host, len(there.requests)) == ("127.0.0.1", 1)


async def test_a_redirect_that_cannot_be_read_is_a_failure(there: StandIn, gong: Gong) -> None:
    there.default = Answering(b"", 302, {"Location": "https://[::1"})
    assert isinstance(await failure(gong), errors.WrongBaseUrl | errors.GongUnavailable)


@pytest.mark.parametrize(
    ("answering", "kind"),
    [
        (failing(400, "The email address belongs to a user"), errors.AddressRejected),
        (failing(401, "Unauthorized"), errors.CredentialsRefused),
        (Answering(b"", 401, IN_GZIP, gzip=False), errors.CredentialsRefused),
        (failing(403, "Untrusted IP"), errors.NetworkNotTrusted),
        (failing(404, "Not found"), errors.WrongBaseUrl),
        (failing(405, "Not allowed"), errors.WrongBaseUrl),
        (failing(418, "Teapot"), errors.UnexpectedStatus),
        (Answering(b"", 204, gzip=False), errors.UnexpectedStatus),
        (limited(600), errors.GongLimitReached),
    ],
)
async def test_what_will_not_pass_is_asked_once(
    there: StandIn, gong: Gong, answering: Answering, kind: type[errors.SearchFailed]
) -> None:
    there.default = answering
    failed = await failure(gong)
    assert type(failed) is kind
    assert [request.request_id for request in there.requests] == [failed.request_id]


# trying again

PASSING = {
    "500": (failing(500, "Failed"), "status"),
    "503 without a body": (Answering(b"", 503), "status"),
    "reset": (Answering(transport=Transport.DROP), "unreachable"),
    "cut": (Answering(transport=Transport.CUT, gzip=False), "unreachable"),
    "cut, in gzip": (Answering(transport=Transport.CUT), "unreachable"),
    "a web page": (Answering(HTML, headers=HTML_HEADERS), "unreadable"),
    "half of the JSON": (Answering(b'{"emails": ['), "unreadable"),
    "gzip that ends early": (Answering(PACKED[:-12], 200, IN_GZIP, gzip=False), "unreadable"),
    "gzip without its sum": (Answering(PACKED[:-8], 200, IN_GZIP, gzip=False), "unreadable"),
    "gzip with a wrong sum": (
        Answering(PACKED[:-8] + b"\0" * 8, 200, IN_GZIP, gzip=False),
        "unreadable",
    ),
    "gzip that is none": (Answering(b"{}", 200, IN_GZIP, gzip=False), "unreadable"),
    "another encoding": (
        Answering(b"{}", 200, {"Content-Encoding": "br"}, gzip=False),
        "unreadable",
    ),
}


@pytest.mark.parametrize(("answering", "reason"), PASSING.values(), ids=PASSING.keys())
async def test_what_may_pass_is_asked_three_times_and_then_is_a_failure(
    there: StandIn, gong: Gong, turns: Turns, answering: Answering, reason: str
) -> None:
    there.default = answering
    failed = await failure(gong)
    assert isinstance(failed, errors.GongUnavailable)
    assert failed.reason == reason
    assert (len(there.requests), len(turns.patience)) == (3, 3)


@pytest.mark.parametrize(
    "name", [name for name, (_, why) in PASSING.items() if why != "unreachable"]
)
async def test_a_failure_that_gong_answered_with_names_the_last_request(
    there: StandIn, gong: Gong, name: str
) -> None:
    there.default, _ = PASSING[name]
    failed = await failure(gong)
    assert failed.request_id == there.requests[-1].request_id


@pytest.mark.parametrize("name", PASSING)
async def test_what_passes_is_an_answer(there: StandIn, gong: Gong, name: str) -> None:
    there.people[JANE] = [PASSING[name][0], WHOLE]
    evidence = await gong.ask(JANE)
    assert set(evidence.answer.sections) == set(Section)
    assert len(there.requests) == 2


async def test_a_pause_lies_between_two_attempts(there: StandIn, gong: Gong) -> None:
    there.people[JANE] = [failing(500), WHOLE]
    with stamina.set_testing(False):
        await gong.ask(JANE)
    first, second = (request.at for request in there.requests)
    assert second - first >= 0.2


async def test_no_two_pauses_are_alike(there: StandIn, gong: Gong) -> None:
    addresses = [Email(f"p{number}@example.com") for number in range(8)]
    there.people |= {address: [failing(500), WHOLE] for address in addresses}
    with stamina.set_testing(False):
        await asyncio.gather(*map(gong.ask, addresses))
    times: dict[str, list[float]] = {}
    for request in there.requests:
        times.setdefault(request.address, []).append(request.at)
    pauses = [second - first for first, second in times.values()]
    assert max(pauses) - min(pauses) > 0.05


async def test_a_host_that_is_not_there_is_unreachable(turns: Turns) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with open_client(f"http://127.0.0.1:{port}", "key", "secret") as client:
        failed = await failure(Gong(client, turns))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, len(turns.patience)) == ("unreachable", 3)


# Gong's limit


async def test_a_limit_holds_every_turn_and_is_waited_for(
    there: StandIn, gong: Gong, turns: Turns
) -> None:
    there.people[JANE] = [limited(2), WHOLE]
    await gong.ask(JANE)
    assert turns.held == [2.0]
    assert turns.patience[1] <= gong.lookup_s


async def test_no_call_leaves_before_the_pause_is_over(
    there: StandIn, client: httpx.AsyncClient
) -> None:
    there.people[JANE] = [limited(1), WHOLE]
    await Gong(client, Quota(3, 100)).ask(JANE)
    first, second = (request.at for request in there.requests)
    assert second - first >= 1.0


async def test_a_limit_that_does_not_say_how_long_holds_the_turns_for_a_while(
    there: StandIn, gong: Gong, turns: Turns
) -> None:
    there.people[JANE] = [failing(429), WHOLE]
    await gong.ask(JANE)
    assert turns.held == [ASSUMED_RETRY_AFTER_S]


async def test_a_limit_that_does_not_fit_the_deadline_says_when_to_ask_again(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    there.default = limited(3)
    failed = await failure(Gong(client, turns, lookup_s=2.0))
    assert isinstance(failed, errors.GongLimitReached)
    assert failed.again_at is not None
    assert (len(there.requests), turns.held) == (1, [3.0])


async def test_a_limit_that_stays_is_told(there: StandIn, gong: Gong) -> None:
    there.default = limited(0)
    assert isinstance(await failure(gong), errors.GongLimitReached)
    assert len(there.requests) == 3


# turns


async def test_without_a_turn_nothing_is_asked(there: StandIn, gong: Gong, turns: Turns) -> None:
    turns.refusals = [errors.QueueFull(again_in_s=90)]
    assert isinstance(await failure(gong), errors.QueueFull)
    assert there.requests == []


async def test_without_a_second_turn_there_is_no_second_call(
    there: StandIn, gong: Gong, turns: Turns
) -> None:
    there.default = failing(500)
    turns.refusals = [None, errors.DayLimitReached()]
    assert isinstance(await failure(gong), errors.DayLimitReached)
    assert len(there.requests) == 1


# deadlines


@pytest.mark.parametrize(
    "slow",
    [Answering(delay_s=FOREVER_S), Answering(transport=Transport.DRIP, gzip=False)],
    ids=["nothing comes", "a byte now and then"],
)
async def test_a_slow_attempt_is_given_up_and_one_more_is_made(
    there: StandIn, client: httpx.AsyncClient, turns: Turns, slow: Answering
) -> None:
    there.people[JANE] = [slow, WHOLE]
    await Gong(client, turns, attempt_s=0.5).ask(JANE)
    assert len(there.requests) == 2


async def test_attempts_that_all_take_too_long_are_told_as_such(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    there.default = Answering(delay_s=FOREVER_S)
    failed = await failure(Gong(client, turns, attempt_s=0.5))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, failed.seconds, len(there.requests)) == ("timeout", 0.5, 3)


async def test_the_whole_look_up_ends_at_its_deadline(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    there.default = Answering(delay_s=FOREVER_S)
    failed = await failure(Gong(client, turns, attempt_s=FOREVER_S, lookup_s=0.2))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, failed.seconds, len(there.requests)) == ("timeout", 0.2, 1)


async def test_the_deadline_starts_when_the_first_turn_has_come(
    client: httpx.AsyncClient,
) -> None:
    turns = SlowTurns()
    evidence = await Gong(client, turns, lookup_s=turns.seconds - 0.1).ask(JANE)
    assert evidence.email == JANE


async def test_the_wait_for_a_second_turn_counts(there: StandIn, client: httpx.AsyncClient) -> None:
    there.default = failing(500)
    turns = SlowTurns()
    turns.number, turns.seconds = 2, FOREVER_S
    failed = await failure(Gong(client, turns, lookup_s=0.3))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, len(there.requests)) == ("timeout", 1)


# sizes


def filled(length: int) -> bytes:
    """A JSON object of so many bytes."""
    return b"{" + b" " * (length - 2) + b"}"


async def test_the_largest_answer_is_taken_whole(there: StandIn, gong: Gong) -> None:
    there.default = Answering(filled(LARGEST_ANSWER_BYTES))
    evidence = await gong.ask(JANE)
    assert len(evidence.answer.body) == LARGEST_ANSWER_BYTES


@pytest.mark.parametrize(
    "answering",
    [
        Answering(filled(LARGEST_ANSWER_BYTES + 1)),
        Answering(transport=Transport.ENDLESS),
        Answering(bomb_megabytes=200),
    ],
    ids=["one byte more", "without end", "a bomb"],
)
async def test_a_larger_answer_is_refused_and_not_asked_for_again(
    there: StandIn, gong: Gong, answering: Answering
) -> None:
    there.default = answering
    failed = await failure(gong)
    assert isinstance(failed, errors.AnswerTooLarge)
    assert failed.limit_bytes == LARGEST_ANSWER_BYTES
    assert [request.request_id for request in there.requests] == [failed.request_id]


async def test_a_fault_that_is_too_large_is_not_taken_for_an_answer(
    there: StandIn, gong: Gong
) -> None:
    there.default = Answering(filled(LARGEST_ANSWER_BYTES + 1), 500)
    assert isinstance(await failure(gong), errors.GongUnavailable)


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
async def test_a_bomb_never_takes_more_memory_than_the_largest_answer(
    there: StandIn, gong: Gong
) -> None:
    there.default = Answering(bomb_megabytes=200)
    assert isinstance(await failure(gong), errors.AnswerTooLarge)
    _, peak = tracemalloc.get_traced_memory()
    assert peak <= LARGEST_ANSWER_BYTES + 8 * MEGABYTE


async def test_a_large_answer_is_read_beside_the_loop_with_the_same_meaning(
    there: StandIn, gong: Gong
) -> None:
    there.default = Answering({**EMPTY, "meetings": [{"id": "m" * 2 * MEGABYTE}]})
    evidence = await gong.ask(JANE)
    assert set(evidence.answer.sections) == set(Section)


# TLS


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
    async with open_client(server.base_url, "key", "secret") as client:
        return await Gong(client, Turns()).ask(JANE)


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
