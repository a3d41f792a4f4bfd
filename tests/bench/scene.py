"""What everybody in the bench knows: tokens, the channel, addresses that say what comes."""

import re
from itertools import count

SLACK_TOKEN = "xoxb-made-up-for-the-bench"
SIGNING_SECRET = "made-up-for-the-bench"
GONG_KEY = ("BENCHKEY", "made-up-for-the-bench")
TEAM, CHANNEL = "T0BENCH", "C0BENCH"

TYPICAL = 250
"""References about one contact, 55 KB: what has been seen of a real one is 243 emails."""
SLOW_MS = 300

_numbers = count(1)


def address(references: int, ms: int = 0) -> str:
    """One that nobody has asked about: Gong answers after so long, with so many references."""
    return f"n{references}.ms{ms}.x{next(_numbers)}@example.com"


def references(address: str) -> int:
    """How many references the answer about this address has."""
    return _parts(address)[0]


def delay_s(address: str) -> float:
    """How long Gong takes for it."""
    return _parts(address)[1] / 1000


def _parts(address: str) -> tuple[int, int]:
    found = re.match(r"n(\d+)\.ms(\d+)\.", address)
    assert found is not None, "not an address of the bench"
    return int(found[1]), int(found[2])
