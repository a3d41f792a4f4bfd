"""Gong's stand-in, and the client that asks it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import stamina

from bot.gong.client import GongClient, open_gong
from tests.stand_ins.gong import Gong as StandIn
from tests.support.asking_gong import Turns


@pytest.fixture
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
    async with open_gong(there.base_url, there.access_key, there.access_key_secret) as client:
        yield client


@pytest.fixture
async def client(there: StandIn) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(there) as client:
        yield client


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def gong(client: httpx.AsyncClient, turns: Turns) -> GongClient:
    return GongClient(client, turns)
