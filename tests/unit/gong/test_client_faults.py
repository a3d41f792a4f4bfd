"""The ways in which the request goes wrong: what is tried again, and what is given up when."""

import asyncio
import gzip
import json
import socket

import httpx
import pytest
import stamina

from bot import errors
from bot.gong.client import ASSUMED_RETRY_AFTER_S, GongClient, open_gong
from bot.models import Email, OnWait, Section
from bot.state.quota import Quota
from tests.stand_ins.answering import Answering, Transport, failing, limited
from tests.stand_ins.gong import Gong as StandIn
from tests.stand_ins.people import HTML, HTML_HEADERS, rich
from tests.support.asking_gong import JANE, WHOLE, Turns, failure

pytestmark = pytest.mark.usefixtures("at_once")

FOREVER_S = 30
PACKED = gzip.compress(json.dumps(rich("jane@example.com")).encode(), mtime=0)
IN_GZIP = {"Content-Encoding": "gzip"}


class SlowTurns(Turns):
    """The turn that is numbered here, from 1, takes so many seconds."""

    number = 1
    seconds = 0.6

    async def take_turn(self, patience_s: float = 60.0, on_wait: OnWait = lambda _: None) -> None:
        await super().take_turn(patience_s, on_wait)
        if len(self.patience) == self.number:
            await asyncio.sleep(self.seconds)


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
    there: StandIn, gong: GongClient, answering: Answering, kind: type[errors.SearchFailed]
) -> None:
    there.default = answering
    failed = await failure(gong)
    assert type(failed) is kind
    assert [request.request_id for request in there.requests] == [failed.request_id]


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
    there: StandIn, gong: GongClient, turns: Turns, answering: Answering, reason: str
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
    there: StandIn, gong: GongClient, name: str
) -> None:
    there.default, _ = PASSING[name]
    failed = await failure(gong)
    assert failed.request_id == there.requests[-1].request_id


@pytest.mark.parametrize("name", PASSING)
async def test_what_passes_is_an_answer(there: StandIn, gong: GongClient, name: str) -> None:
    there.people[JANE] = [PASSING[name][0], WHOLE]
    evidence = await gong.ask(JANE)
    assert set(evidence.answer.sections) == set(Section)
    assert len(there.requests) == 2


async def test_a_pause_lies_between_two_attempts(there: StandIn, gong: GongClient) -> None:
    there.people[JANE] = [failing(500), WHOLE]
    with stamina.set_testing(False):
        await gong.ask(JANE)
    first, second = (request.at for request in there.requests)
    assert second - first >= 0.2


async def test_no_two_pauses_are_alike(there: StandIn, gong: GongClient) -> None:
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
    async with open_gong(f"http://127.0.0.1:{port}", "key", "secret") as client:
        failed = await failure(GongClient(client, turns))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, len(turns.patience)) == ("unreachable", 3)


# Gong's limit


async def test_a_limit_holds_every_turn_and_is_waited_for(
    there: StandIn, gong: GongClient, turns: Turns
) -> None:
    there.people[JANE] = [limited(2), WHOLE]
    await gong.ask(JANE)
    assert turns.held == [2.0]
    assert turns.patience[1] <= gong.lookup_s


async def test_no_call_leaves_before_the_pause_is_over(
    there: StandIn, client: httpx.AsyncClient
) -> None:
    there.people[JANE] = [limited(1), WHOLE]
    await GongClient(client, Quota(3, 100)).ask(JANE)
    first, second = (request.at for request in there.requests)
    assert second - first >= 1.0


async def test_a_limit_that_does_not_say_how_long_holds_the_turns_for_a_while(
    there: StandIn, gong: GongClient, turns: Turns
) -> None:
    there.people[JANE] = [failing(429), WHOLE]
    await gong.ask(JANE)
    assert turns.held == [ASSUMED_RETRY_AFTER_S]


async def test_a_limit_that_does_not_fit_the_deadline_says_when_to_ask_again(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    there.default = limited(3)
    failed = await failure(GongClient(client, turns, lookup_s=2.0))
    assert isinstance(failed, errors.GongLimitReached)
    assert failed.again_at is not None
    assert (len(there.requests), turns.held) == (1, [3.0])


async def test_a_limit_that_stays_is_told(there: StandIn, gong: GongClient) -> None:
    there.default = limited(0)
    assert isinstance(await failure(gong), errors.GongLimitReached)
    assert len(there.requests) == 3


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
    await GongClient(client, turns, attempt_s=0.5).ask(JANE)
    assert len(there.requests) == 2


async def test_attempts_that_all_take_too_long_are_told_as_such(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    there.default = Answering(delay_s=FOREVER_S)
    failed = await failure(GongClient(client, turns, attempt_s=0.5))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, failed.seconds, len(there.requests)) == ("timeout", 0.5, 3)


async def test_the_whole_look_up_ends_at_its_deadline(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    there.default = Answering(delay_s=FOREVER_S)
    failed = await failure(GongClient(client, turns, attempt_s=FOREVER_S, lookup_s=0.2))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, failed.seconds, len(there.requests)) == ("timeout", 0.2, 1)


async def test_the_deadline_starts_when_the_first_turn_has_come(
    client: httpx.AsyncClient,
) -> None:
    turns = SlowTurns()
    evidence = await GongClient(client, turns, lookup_s=turns.seconds - 0.1).ask(JANE)
    assert evidence.email == JANE


async def test_the_wait_for_a_second_turn_counts(there: StandIn, client: httpx.AsyncClient) -> None:
    there.default = failing(500)
    turns = SlowTurns()
    turns.number, turns.seconds = 2, FOREVER_S
    failed = await failure(GongClient(client, turns, lookup_s=0.3))
    assert isinstance(failed, errors.GongUnavailable)
    assert (failed.reason, len(there.requests)) == ("timeout", 1)
