"""Whether a regular expression can hold the process up: it is tried out in a process of its own.

A pattern such as `([A-Z]+-?)+[0-9]` takes a time that doubles with every letter, and nothing can
stop it in this process. So it is tried on what makes patterns explode, and killed when time is up.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import permutations

CHARACTERS = 200
"""No text that a pattern judges is longer."""
TRIAL_S = 2.0
_LETTERS = "aA0-/._# "
_ENDS = ("", "!", "\n")
_MOST_LETTERS = 40
_MOST_IN_PAIRS = 24
_MOST_BEGINNINGS = 24

_TRY = r"""
import json, re, sys
pattern, texts = json.load(sys.stdin)
pattern = re.compile(pattern)
for text in texts:
    pattern.fullmatch(text)
"""


def is_harmless(pattern: str, example: str, trial_s: float = TRIAL_S) -> bool:
    """Whether the pattern judges every text in no time; `example` is one that it allows."""
    texts = json.dumps([pattern, list(_texts(pattern, example))])
    try:
        done = subprocess.run(  # noqa: S603  # our own command; the pattern is its input
            [sys.executable, "-I", "-c", _TRY],
            input=texts.encode(),
            capture_output=True,
            timeout=trial_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _texts(pattern: str, example: str) -> Iterator[str]:
    """Yield long runs of letters and of pairs, behind all beginnings that the pattern may need."""
    letters = _distinct(_LETTERS + example + pattern, _MOST_LETTERS)
    words = re.findall(r"[\w#/.-]+", re.sub(r"\\[A-Za-z]", " ", pattern))
    starts = [example[:length] for length in range(min(len(example), _MOST_BEGINNINGS) + 1)]
    for start in dict.fromkeys([*starts, *words[:_MOST_BEGINNINGS]]):
        for letter in letters:
            yield from _ended(start + letter * CHARACTERS)
    for first, second in permutations(letters[:_MOST_IN_PAIRS], 2):
        yield from _ended((first + second) * CHARACTERS)


def _ended(run: str) -> Iterator[str]:
    for end in _ENDS:
        yield run[: CHARACTERS - len(end)] + end


def _distinct(text: str, at_most: int) -> list[str]:
    return list(dict.fromkeys(text))[:at_most]
