"""How risky, in a word. Settings name it too, and need no more of an assessment than this."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering


@total_ordering
class Band(Enum):
    """How risky, in words, by percentile; ordered from the calmest to the riskiest."""

    GREEN = "green"
    WEEKEND = "weekend"
    YELLOW = "yellow"
    RED = "red"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Band):
            return NotImplemented
        order = list(Band)
        return order.index(self) < order.index(other)

    @property
    def meaning(self) -> str:
        """What the name says to a person, and what to do about it."""
        return {
            Band.GREEN: "no riskier than most changes",
            Band.WEEKEND: "riskier than most: better not merged when nobody watches",
            Band.YELLOW: "among the riskiest few: deserves a careful second look",
            Band.RED: "riskier than nearly all changes: split it or review it with great care",
        }[self]
