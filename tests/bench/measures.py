"""The measures by name, and all of them in one run."""

from collections.abc import Awaitable, Callable, Collection, Mapping

from tests.bench import footprint, speed
from tests.bench.asking import Effort
from tests.bench.samples import Samples
from tests.bench.stage import Stage, open_stage

Measure = Callable[[Stage, Effort, Samples], Awaitable[None]]

MEASURES: Mapping[str, Measure] = {
    "ack": speed.ack,
    "cold": speed.cold,
    "fresh": speed.fresh,
    "read": speed.read,
    "size": speed.size,
    "stall": speed.stall,
    "file": speed.file,
    "peak": footprint.peak,
    "held": footprint.held,
    "start": footprint.start,
}


async def run(
    effort: Effort, only: Collection[str], on_begin: Callable[[str], None] = lambda _: None
) -> Samples:
    """The samples of the measures with these names; of all, if none is named."""
    samples = Samples()
    async with open_stage() as stage:
        for name, measure in MEASURES.items():
            if not only or name in only:
                on_begin(name)
                await measure(stage, effort, samples)
    return samples
