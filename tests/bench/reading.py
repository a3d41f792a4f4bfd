"""Three ways to read an answer and count it: the bot's, the least, and the usual.

    python -m tests.bench.reading REFERENCES ROUNDS

By turns in a process that does nothing else; tells the seconds of CPU time of each round.
"""

import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from bot.gong.response import read_response
from bot.gong.summary import Summary, summarise
from tests.bench.answers import answer
from tests.bench.lines import tell

READ_A_ROUND = 20_000
"""References: so many small answers are read in one round."""


def as_the_bot(body: bytes) -> Summary:
    """From the bytes to the counts, and the two hashes that the evidence needs."""
    return summarise(read_response(200, {}, body))


class _Email(msgspec.Struct):
    sentTime: str | None = None  # noqa: N815  # Gong's name
    mailbox: str | None = None
    messageHash: str | None = None  # noqa: N815  # the same


class _Call(msgspec.Struct):
    status: str | None = None


class _Meeting(msgspec.Struct):
    pass


class _Record(msgspec.Struct):
    objectType: str | None = None  # noqa: N815  # the same


class _System(msgspec.Struct):
    system: str | None = None
    objects: list[_Record] = []


class _Event(msgspec.Struct):
    timestamp: str | None = None


class Needed(msgspec.Struct):
    """The fields that a summary needs, if every one of them is as documented."""

    emails: list[_Email] = []
    calls: list[_Call] = []
    meetings: list[_Meeting] = []
    customerData: list[_System] = []  # noqa: N815  # the same
    customerEngagement: list[_Event] = []  # noqa: N815  # the same


def as_little_as_possible(body: bytes) -> Needed:
    """msgspec, only the fields needed; nothing counted, no date read, nothing tolerated."""
    return msgspec.json.decode(body, type=Needed)


def as_usual(body: bytes) -> dict[str, Any]:
    """`json.loads`, and the counts that the bot's summary has."""
    found: dict[str, Any] = json.loads(body)
    emails, events = found["emails"], found["customerEngagement"]
    sent = [datetime.fromisoformat(email["sentTime"]) for email in emails]
    seen = [datetime.fromisoformat(event["timestamp"]) for event in events]
    return {
        "emails": len(emails),
        "messages": len({email["messageHash"] for email in emails}),
        "mailboxes": len({email["mailbox"] for email in emails}),
        "sent": (min(sent, default=None), max(sent, default=None)),
        "calls": Counter(call["status"] for call in found["calls"]),
        "meetings": len(found["meetings"]),
        "records": Counter(
            (system["system"], record["objectType"])
            for system in found["customerData"]
            for record in system["objects"]
        ),
        "last": max(seen, default=None),
    }


WAYS: dict[str, Callable[[bytes], object]] = {
    "bot": as_the_bot,
    "floor": as_little_as_possible,
    "json": as_usual,
}


def seconds(way: Callable[[bytes], object], body: bytes, times: int) -> float:
    """The CPU time of one reading; what earlier ones left is collected first."""
    gc.collect()
    began = time.process_time()
    for _ in range(times):
        way(body)
    return (time.process_time() - began) / times


def main(references: int, rounds: int) -> None:
    """Read by turns."""
    body, times = answer(references), max(1, READ_A_ROUND // references)
    for _ in range(rounds):
        tell("read", **{name: seconds(way, body, times) for name, way in WAYS.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
