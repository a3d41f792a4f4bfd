"""What a measure brings home: a figure a round, or two of which the ratio counts."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sample:
    """One round: `top ÷ bottom`."""

    top: float
    bottom: float = 1.0

    @property
    def value(self) -> float:
        """The figure that the goal is about."""
        return self.top / self.bottom


@dataclass
class Samples:
    """The rounds of every row."""

    by_key: defaultdict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: str, top: float, bottom: float = 1.0) -> None:
        """Take one round more."""
        self.by_key[key].append(Sample(top, bottom))

    def values(self, key: str) -> list[float]:
        """A figure a round."""
        return [sample.value for sample in self.by_key.get(key, ())]


def percentile(values: Sequence[float], hundredths: int) -> float:
    """The smallest of the values that so many of a hundred do not exceed."""
    place = math.ceil(len(values) * hundredths / 100)
    return sorted(values)[max(0, place - 1)]
