"""A try of many cases that are made up, and the words among them."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

AT_LENGTH = [
    pytest.mark.no_cover,  # it takes half as long again; every branch has a test of its own
    pytest.mark.timeout(240),  # nothing here waits: the machine may be busy
]
SETTINGS = settings(
    deadline=None,
    database=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)


def try_all(
    holds: Callable[[Any], None], strategy: st.SearchStrategy[Any], number: int, cases: int
) -> None:
    """Try so many cases; the same ones each time where `CI` is set."""
    tried = settings(SETTINGS, max_examples=cases)(given(strategy)(holds))
    (seed(number)(tried) if "CI" in os.environ else tried)()


PIECES = [
    *("jane", "@", "example", ".com", ".", " ", "a", "+", "%0d%0a", "&emailAddress=", "?", "#"),
    *(";", ",", "<", ">", "|", "mailto:", "<mailto:", "jane@example.com", "DSR-123", '"', "`"),
    *("“", "”", "\u200b", "\u00ad", "\u202e", "\0", "а", "＠", "xn--", "<!channel>", "\r\n"),
    *(
        "[127.0.0.1]",
        "\ud800",
        "payload=",
        "=",
        "'",
        "😀",
        "a" * 300,
        "\\",
        "@here",
        "/",
        "..",
        "_",
    ),
]
WORDS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text()
