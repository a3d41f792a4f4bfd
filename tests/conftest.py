"""What every test may use."""

import pytest
from coverage import Coverage


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the golden messages anew")


def pytest_configure(config: pytest.Config) -> None:
    """Let `no_cover` work in xdist's workers.

    pytest-cov 7.1 starts in a worker before it knows that it is in one, and then again; the first
    start would go on counting whenever the second pauses.
    """
    first = Coverage.current()
    if hasattr(config, "workerinput") and first is not None:
        first.stop()
