"""What the tests of Gong's client ask with, and how it fails."""

from dataclasses import dataclass, field

import pytest

from bot import errors
from bot.gong.client import GongClient
from bot.models import Email, OnWait, QueuePlace
from bot.state.quota import Quota
from tests.stand_ins.answering import Answering

JANE = Email("jane@stand-in.example")
WHOLE = Answering()


@dataclass
class Turns(Quota):
    """Gives every turn at once, and remembers; `refusals` are raised from the front instead."""

    per_second: float = 3.0
    per_day: int = 10_000
    patience: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    refusals: list[errors.SearchFailed | None] = field(default_factory=list)

    async def take_turn(self, patience_s: float = 60.0, on_wait: OnWait = lambda _: None) -> None:
        on_wait(QueuePlace(0, 0.0))
        self.patience.append(patience_s)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal

    def pause(self, seconds: float) -> None:
        self.held.append(seconds)


async def failure(gong: GongClient) -> errors.SearchFailed:
    with pytest.raises(errors.SearchFailed) as failed:
        await gong.ask(JANE)
    return failed.value
