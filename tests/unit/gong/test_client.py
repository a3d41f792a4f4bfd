"""The one request that leaves for Gong, over real HTTP, and what is taken for its answer."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bot import errors
from bot.gong.body import LARGEST_ELEMENTS
from bot.gong.client import LARGEST_ANSWER_BYTES, GongClient, open_gong
from bot.models import Email, Section
from bot.state.byte_budget import ByteBudget
from tests.stand_ins.answering import EMPTY, MEGABYTE, Answering, Transport, failing
from tests.stand_ins.gong import PATH
from tests.stand_ins.gong import Gong as StandIn
from tests.stand_ins.people import rich
from tests.support.asking_gong import JANE, WHOLE, Turns, failure

pytestmark = pytest.mark.usefixtures("at_once")


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
    there: StandIn, gong: GongClient, typed: str
) -> None:
    await gong.ask(Email(typed))
    (request,) = there.requests
    assert (request.method, request.path, request.address) == ("GET", PATH, typed)


async def test_a_plus_does_not_travel_as_a_space(there: StandIn, gong: GongClient) -> None:
    await gong.ask(Email("jane+news@example.com"))
    assert there.requests[0].query == "emailAddress=jane%2Bnews%40example.com"


async def test_the_request_asks_for_json_in_gzip_and_nothing_else(
    there: StandIn, gong: GongClient
) -> None:
    await gong.ask(JANE)
    headers = there.requests[0].headers
    assert (headers["Accept"], headers["Accept-Encoding"]) == ("application/json", "gzip")
    assert headers["Authorization"].startswith("Basic ")


async def test_wrong_credentials_are_refused_and_not_tried_again(
    there: StandIn, turns: Turns
) -> None:
    async with open_gong(there.base_url, there.access_key, "wrong") as client:
        failed = await failure(GongClient(client, turns))
    assert isinstance(failed, errors.CredentialsRefused)
    assert (len(there.requests), failed.request_id) == (1, there.requests[0].request_id)


def test_the_budget_of_a_look_up_is_the_promised_one(
    gong: GongClient, client: httpx.AsyncClient
) -> None:
    assert (gong.attempt_s, gong.lookup_s) == (15.0, 25.0)
    assert client.timeout == httpx.Timeout(15.0, connect=3.0)
    assert LARGEST_ANSWER_BYTES == 64 * MEGABYTE


# the answer


@pytest.mark.parametrize("is_packed", [True, False])
async def test_the_evidence_is_what_gong_sent_when_and_from_where(
    there: StandIn, gong: GongClient, *, is_packed: bool
) -> None:
    there.default = Answering({**EMPTY, "calls": [{"id": "1"}]}, gzip=is_packed)
    before = datetime.now(UTC)
    evidence = await gong.ask(JANE)
    assert before <= evidence.answered_at <= datetime.now(UTC)
    assert (evidence.email, evidence.host) == (JANE, "127.0.0.1")
    assert evidence.answer.body == there.requests[0].answer
    assert evidence.answer.request_id == there.requests[0].request_id


async def test_no_redirect_is_followed(there: StandIn, gong: GongClient) -> None:
    async with StandIn() as elsewhere:
        there.default = Answering(b"", 302, {"Location": f"{elsewhere.base_url}{PATH}"})
        failed = await failure(gong)
        assert elsewhere.requests == []
    assert isinstance(failed, errors.WrongBaseUrl)
    assert (failed.redirect_host, len(there.requests)) == ("127.0.0.1", 1)


async def test_a_redirect_that_cannot_be_read_is_a_failure(
    there: StandIn, gong: GongClient
) -> None:
    there.default = Answering(b"", 302, {"Location": "https://[::1"})
    assert isinstance(await failure(gong), errors.WrongBaseUrl | errors.GongUnavailable)


# turns


async def test_without_a_turn_nothing_is_asked(
    there: StandIn, gong: GongClient, turns: Turns
) -> None:
    turns.refusals = [errors.QueueFull(again_in_s=90)]
    assert isinstance(await failure(gong), errors.QueueFull)
    assert there.requests == []


async def test_without_a_second_turn_there_is_no_second_call(
    there: StandIn, gong: GongClient, turns: Turns
) -> None:
    there.default = failing(500)
    turns.refusals = [None, errors.DayLimitReached()]
    assert isinstance(await failure(gong), errors.DayLimitReached)
    assert len(there.requests) == 1


# sizes


def filled(length: int) -> bytes:
    """A JSON object of so many bytes."""
    return b"{" + b" " * (length - 2) + b"}"


async def test_the_largest_answer_is_taken_whole(there: StandIn, gong: GongClient) -> None:
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
    there: StandIn, gong: GongClient, answering: Answering
) -> None:
    there.default = answering
    failed = await failure(gong)
    assert isinstance(failed, errors.AnswerTooLarge)
    assert failed.limit_bytes == LARGEST_ANSWER_BYTES
    assert [request.request_id for request in there.requests] == [failed.request_id]


async def test_a_fault_that_is_too_large_is_not_taken_for_an_answer(
    there: StandIn, gong: GongClient
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
    there: StandIn, gong: GongClient
) -> None:
    there.default = Answering(bomb_megabytes=200)
    assert isinstance(await failure(gong), errors.AnswerTooLarge)
    _, peak = tracemalloc.get_traced_memory()
    assert peak <= LARGEST_ANSWER_BYTES + 8 * MEGABYTE


async def test_a_large_answer_is_read_beside_the_loop_with_the_same_meaning(
    there: StandIn, gong: GongClient
) -> None:
    there.default = Answering({**EMPTY, "meetings": [{"id": "m" * 2 * MEGABYTE}]})
    evidence = await gong.ask(JANE)
    assert set(evidence.answer.sections) == set(Section)


# so many elements, and so much room


@pytest.mark.parametrize(
    "body",
    [
        b'{"meetings":[' + b"0," * 2_100_000 + b"0]}",
        b'{"customerData":[' + b"{}," * 2_100_000 + b"{}]}",
        b'{"emails":[' + b"[]," * 2_100_000 + b"[]]}",
    ],
    ids=["numbers", "objects", "arrays"],
)
async def test_more_elements_than_anybody_has_are_too_many(
    there: StandIn, gong: GongClient, body: bytes
) -> None:
    there.default = Answering(body)
    failed = await failure(gong)
    assert isinstance(failed, errors.AnswerTooLarge)
    assert (failed.limit_bytes, failed.limit_elements) == (0, LARGEST_ELEMENTS)
    assert len(there.requests) == 1


async def test_two_hundred_thousand_references_are_not_too_many(
    there: StandIn, gong: GongClient
) -> None:
    rows = rich("jane@example.com")["emails"] * 824
    there.default = Answering({**EMPTY, "emails": rows})
    evidence = await gong.ask(JANE)
    assert len(evidence.answer.body) > 30 * MEGABYTE


@pytest.mark.parametrize("length", [900_000, 3 * MEGABYTE])
async def test_a_large_answer_waits_for_room_and_a_small_one_does_not(
    there: StandIn, client: httpx.AsyncClient, turns: Turns, length: int
) -> None:
    budget = ByteBudget(LARGEST_ANSWER_BYTES, longest_wait_s=0.05)
    there.default = Answering({**EMPTY, "meetings": [{"id": "m" * length}]})
    asks = GongClient(client, turns, budget).ask
    first = await asks(JANE)
    if length < MEGABYTE:
        await asks(JANE)
        return
    with pytest.raises(errors.QueueFull):
        await asks(JANE)
    del first  # what has gone makes room
    await asyncio.sleep(0)
    await asks(JANE)


async def test_an_answer_that_fails_gives_its_room_back(
    there: StandIn, client: httpx.AsyncClient, turns: Turns
) -> None:
    budget = ByteBudget(LARGEST_ANSWER_BYTES, longest_wait_s=0.05)
    there.people[JANE] = [Answering(b"[" * 3 * MEGABYTE), Answering(b"[" * 3 * MEGABYTE), WHOLE]
    evidence = await GongClient(client, turns, budget).ask(JANE)
    assert evidence.answer.status == 200
    await asyncio.wait_for(budget.reserve(LARGEST_ANSWER_BYTES), 1)
