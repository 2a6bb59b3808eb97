"""What every model offers, so that assessing does not care which one speaks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from riskbot.assess.chunks import Chunk
from riskbot.domain.assessment import Factor, HunkRisk, ModelId
from riskbot.domain.change import Change
from riskbot.domain.finding import Detection


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text model made of a change: a score (a logit) for each chunk it read."""

    chunks: tuple[Chunk, ...]
    scores: tuple[float, ...]

    @property
    def score(self) -> float | None:
        """The whole change's score: the log of the mean of ``exp(score)``; None where nothing was read."""
        return pooled(self.scores)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its reasons: ``logit`` is the sum of the intercept and all contributions."""

    logit: float
    intercept: float
    factors: tuple[Factor, ...]
    hunks: tuple[HunkRisk, ...]


class Model(Protocol):
    """A calibrated model with the distribution that its percentiles are measured against.

    ``reference`` holds probabilities, ascending.
    """

    @property
    def id(self) -> ModelId:
        """Which model it is."""

    @property
    def reference(self) -> tuple[float, ...]:
        """What the changes that ``id.reference`` names are given, as probabilities, ascending."""

    def read(self, change: Change) -> Reading | None:
        """Read the change's text, which needs neither detection nor history; None: the model reads none."""

    def logit_of(self, change: Change, detection: Detection, reading: Reading | None = None) -> float:
        """Score a change, without the reasons. ``reading`` spares reading it again."""

    def score(self, change: Change, detection: Detection, reading: Reading | None = None) -> Scored:
        """Score a change, and say why. ``reading`` spares reading it again."""


def pooled(scores: Iterable[float]) -> float | None:
    """Pool chunk scores: log mean exp, so a single bad place weighs more than many calm ones."""
    listed = list(scores)
    if not listed:
        return None
    top = max(listed)
    return top + math.log(math.fsum(math.exp(score - top) for score in listed) / len(listed))


def by_weight(factors: Iterable[Factor]) -> tuple[Factor, ...]:
    """Order factors: the weightiest first; ties by name."""
    return tuple(sorted(factors, key=lambda factor: (-abs(factor.contribution), factor.name)))
