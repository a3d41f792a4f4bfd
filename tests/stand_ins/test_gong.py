"""Gong answers the one GET, to everybody as their label says, and complains of anything else."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.stand_ins.answering import Answering, Transport
from tests.stand_ins.gong import PATH, Gong
from tests.stand_ins.people import PEOPLE, many, rich


@pytest.fixture
async def gong() -> AsyncIterator[Gong]:
    async with Gong() as gong:
        yield gong


@pytest.fixture
async def asking(gong: Gong) -> AsyncIterator[httpx.AsyncClient]:
    auth = (gong.access_key, gong.access_key_secret)
    async with httpx.AsyncClient(base_url=gong.base_url, auth=auth, timeout=30) as client:
        yield client


async def test_gong_answers_the_one_get_with_a_fresh_request_id(
    gong: Gong, asking: httpx.AsyncClient
) -> None:
    address = "jane.doe@example.com"
    first = await asking.get(PATH, params={"emailAddress": address})
    second = await asking.get(PATH, params={"emailAddress": address})
    assert first.json()["requestId"] != second.json()["requestId"]
    assert first.json()["requestId"] == first.headers["x-traceid"] == gong.requests[0].request_id
    assert first.content == gong.requests[0].answer
    assert first.headers["content-encoding"] == "gzip"
    assert {**first.json(), "requestId": ""} == {"requestId": "", **rich(address)}
    assert gong.complaints == []


async def test_a_bare_plus_is_a_space(gong: Gong, asking: httpx.AsyncClient) -> None:
    await asking.get(f"{PATH}?emailAddress=jane+1@example.com")
    await asking.get(PATH, params={"emailAddress": "jane+1@example.com"})
    addresses = [request.address for request in gong.requests]
    assert addresses == ["jane 1@example.com", "jane+1@example.com"]


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/v2/calls", 404),
        ("GET", PATH + "/", 404),
        ("POST", PATH + "?emailAddress=a@b.c", 405),
        ("DELETE", PATH + "?emailAddress=a@b.c", 405),
        ("GET", PATH, 400),
        ("GET", PATH + "?emailAddress=", 400),
        ("GET", PATH + "?emailAddress=a@b.c&emailAddress=d@b.c", 400),
        ("GET", PATH + "?emailAddress=a@b.c&cursor=1", 400),
    ],
)
async def test_anything_but_the_one_get_is_an_error_and_a_complaint(
    gong: Gong, asking: httpx.AsyncClient, method: str, url: str, status: int
) -> None:
    answer = await asking.request(method, url)
    assert answer.status_code == status
    assert [type(error) for error in answer.json()["errors"]] == [str]
    assert len(gong.complaints) == 1


async def test_wrong_credentials_are_refused(gong: Gong) -> None:
    async with httpx.AsyncClient(base_url=gong.base_url, auth=("a", "b")) as client:
        answer = await client.get(PATH, params={"emailAddress": "a@b.c"})
    assert answer.status_code == 401
    assert gong.complaints == []


@pytest.mark.parametrize(
    ("address", "statuses"),
    [
        ("test@test.com", [200]),
        ("nobody@example.com", [200]),
        ("partial@example.com", [200]),
        ("odd@example.com", [200]),
        ("nan@example.com", [200]),
        ("limited@example.com", [429, 200, 200]),
        ("blocked@example.com", [429, 429]),
        ("denied@example.com", [401]),
        ("untrusted@example.com", [403]),
        ("moved@example.com", [302]),
        ("employee@example.com", [400]),
        ("broken@example.com", [500]),
        ("html@example.com", [200]),
    ],
)
async def test_everybody_is_answered_as_their_label_says(
    asking: httpx.AsyncClient, address: str, statuses: list[int]
) -> None:
    params = {"emailAddress": address}
    answers = [await asking.get(PATH, params=params) for _ in statuses]
    assert [answer.status_code for answer in answers] == statuses
    assert PEOPLE[address].label


def test_jane_has_what_the_label_says() -> None:
    answer = rich("jane@example.com")
    emails = answer["emails"]
    counts = [len(emails)] + [len({row[key] for row in emails}) for key in ("id", "messageHash")]
    assert counts == [243, 243, 118]
    assert len({row["mailbox"] for row in emails}) == 3
    assert [call["status"] for call in answer["calls"]].count("COMPLETED") == 11
    assert sum(len(rows) for rows in answer.values()) + 1 == 267  # two records in one system


async def test_many_means_fifty_thousand(asking: httpx.AsyncClient) -> None:
    many("many@example.com")  # made beforehand: it takes a second
    answer = await asking.get(PATH, params={"emailAddress": "many@example.com"})
    assert len(answer.json()["emails"]) == 50_000


@pytest.mark.parametrize(
    ("transport", "error"),
    [
        (Transport.DROP, httpx.TransportError),
        (Transport.CUT, httpx.RemoteProtocolError),
        (Transport.DRIP, TimeoutError),
        (Transport.ENDLESS, TimeoutError),
    ],
)
async def test_answers_that_never_arrive_whole(
    gong: Gong, asking: httpx.AsyncClient, transport: Transport, error: type[Exception]
) -> None:
    gong.people["lost@example.com"] = Answering(transport=transport)

    async def read_on() -> None:
        params = {"emailAddress": "lost@example.com"}
        async with asking.stream("GET", PATH, params=params) as answer:
            async for _ in answer.aiter_raw():
                pass

    with pytest.raises(error):
        await asyncio.wait_for(read_on(), 0.3)


async def test_a_bomb_is_small_on_the_wire(gong: Gong, asking: httpx.AsyncClient) -> None:
    gong.people["bomb@example.com"] = Answering(bomb_megabytes=20)
    answer = await asking.get(PATH, params={"emailAddress": "bomb@example.com"})
    assert len(answer.content) == 20 * 1024**2
    assert answer.num_bytes_downloaded < 100_000
