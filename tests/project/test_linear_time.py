"""Whatever comes from outside costs linear time: no pattern of the bot backtracks on it."""

import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from bot.evidence.receipt import LARGEST_BYTES, NotAReceipt, read_receipt
from bot.evidence.spreadsheet import write_csv
from bot.gong.redaction import REDACTED_CHARACTERS, redact_urls
from tests.support.paths import ROOT

MEGABYTE = 1_000_000
AT_MOST_S = 5.0
"""Far more than a linear pass takes on a busy machine; what is quadratic takes hours."""
BOUNDED = {"bot.gong.redaction": REDACTED_CHARACTERS}
"""Modules whose patterns see no longer text than this."""
LETTERS = "aA0.-_@:/\\\"'=+ \t\r\n;,<>|&%u"


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Every pattern that a module of the bot keeps."""
    for room in sorted((ROOT / "bot").rglob("*.py")):
        module = ".".join(room.relative_to(ROOT).with_suffix("").parts)
        for name, value in vars(import_module(module)).items():
            if isinstance(value, re.Pattern):
                yield f"{module}.{name}", value


PATTERNS = dict(patterns())


def searched(pattern: re.Pattern[Any], text: str) -> None:
    pattern.search(text.encode() if isinstance(pattern.pattern, bytes) else text)


def matched(pattern: re.Pattern[Any], text: str) -> None:
    whole = text.encode() if isinstance(pattern.pattern, bytes) else text
    pattern.match(whole)
    pattern.fullmatch(whole)


def uses_of(name: str) -> list[Callable[[re.Pattern[Any], str], None]]:
    """The ways in which its module uses a pattern: some are only ever tried at the beginning."""
    module, _, own = name.rpartition(".")
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    looks_within = re.search(rf"\b{own}\.(search|sub|split|findall|finditer)\(", source)
    return [matched, searched] if looks_within else [matched]


def letters_of(pattern: re.Pattern[str] | re.Pattern[bytes]) -> set[str]:
    written = pattern.pattern
    source = written.decode("latin-1") if isinstance(written, bytes) else written
    return {letter for letter in source if letter.isascii()} | set(LETTERS)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time_over_a_megabyte_of_each_of_its_letters(name: str) -> None:
    pattern = PATTERNS[name]
    length = BOUNDED.get(name.rpartition(".")[0], MEGABYTE)
    for letter in sorted(letters_of(pattern)):
        for text in (letter * length, f"{letter}x" * (length // 2), "x" + letter * length + "x"):
            began = time.perf_counter()
            for use in uses_of(name):
                use(pattern, text)
            assert time.perf_counter() - began < AT_MOST_S, (name, letter)


def csv_of(cell: str) -> None:
    b"".join(write_csv(["a"], [[cell]]))


def read(text: str) -> None:
    with pytest.raises(NotAReceipt):
        read_receipt(text.encode()[:LARGEST_BYTES], lambda *_: False)


BEGINNING = (
    "gong-lookup receipt: 1\nReceipt: R-0000-0000-0000\nCase: none\nAddress searched: a@b.c\n"
)


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (csv_of, "\n" * MEGABYTE),
        (csv_of, "\r\n" * MEGABYTE + "x"),
        (csv_of, ";" * MEGABYTE),
        (csv_of, ("; " * 1000 + "\n" * 1000) * 300 + "="),
        (csv_of, "\0" * MEGABYTE + "x"),
        (csv_of, "\u202e\n" * (MEGABYTE // 2) + "x"),
        (csv_of, "\u2066;" * (MEGABYTE // 2) + "x"),
        (csv_of, "1" * MEGABYTE),
        (csv_of, "jan" + "a" * MEGABYTE),
        (csv_of, "1 " * MEGABYTE),
        (redact_urls, "a." * MEGABYTE),
        (redact_urls, "/" * MEGABYTE),
        (read, BEGINNING + "\n" * MEGABYTE),
        (read, BEGINNING + "Answered at: x\nSHA-256: y\n" * 100_000),
        (read, (BEGINNING + "Key: 00000000\n") * 100_000),
    ],
    ids=range(15),
)
def test_work_on_outside_text_takes_linear_time(work: Callable[[str], object], text: str) -> None:
    began = time.perf_counter()
    work(text)
    assert time.perf_counter() - began < AT_MOST_S
