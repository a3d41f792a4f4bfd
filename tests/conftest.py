"""What every test may use."""

import gc
import importlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import certifi
import pytest
from coverage import Coverage


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the golden messages anew")


def pytest_configure(config: pytest.Config) -> None:
    """Leave garbage alone while tests are collected, and let `no_cover` work in xdist's workers.

    pytest-cov 7.1 starts in a worker before it knows that it is in one, and then again; the first
    start would go on counting whenever the second pauses.
    """
    gc.disable()
    first = Coverage.current()
    if hasattr(config, "workerinput") and first is not None:
        first.stop()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Count what the bot's own imports run, and nothing of the tests': it takes as long again."""
    importlib.import_module("app")
    counting = Coverage.current()
    if counting is not None:
        counting.stop()
    result = yield
    if counting is not None:
        counting.start()
    return result


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count nothing twice: to count takes as long again.

    Of a story that runs over both transports HTTP alone counts, and of the sandbox and the bench
    nothing: they try tools of the tests.
    """
    over = {
        item: item.callspec.params.get("transport")
        for item in items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    }
    over_http = {item.function for item, transport in over.items() if transport == "http"}
    for item, transport in over.items():
        if transport == "socket" and item.function in over_http and "house" in item.fixturenames:
            item.add_marker(pytest.mark.no_cover)
    for tried in items:
        if tried.path.parent.name in {"sandbox", "bench"}:
            tried.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking at it again and again takes seconds."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One certificate authority instead of all: reading them takes 20 ms at each start."""
    before, end = os.environ.get("SSL_CERT_FILE"), "-----END CERTIFICATE-----\n"
    file = tmp_path_factory.mktemp("authority") / "one.pem"
    file.write_text(Path(certifi.where()).read_text().partition(end)[0] + end)
    os.environ["SSL_CERT_FILE"] = str(file)
    yield
    del os.environ["SSL_CERT_FILE"]
    os.environ |= {} if before is None else {"SSL_CERT_FILE": before}
