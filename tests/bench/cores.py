"""Which cores run what, where the system lets us choose: the load on one, the measured elsewhere.

On one core with the load, a bot that goes on working keeps it from reading an ack that is there.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

CAN_CHOOSE = hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1


@contextmanager
def load_apart() -> Iterator[None]:
    """Keep this process, and those it starts, to one core until the block ends."""
    if not CAN_CHOOSE:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def leave_the_load(process_id: int) -> None:
    """Let a process run on every core but the load's."""
    if CAN_CHOOSE:
        every, load = set(range(os.cpu_count() or 1)), os.sched_getaffinity(0)
        os.sched_setaffinity(process_id, (every - load) or load)
