"""The shipped model: a weighted sum of scaled features, calibrated, that mostly keeps silent.

::

    features     the names it reads, in order; unknown ones count as the average of the training rows
    center, spread, weight, intercept     logit = intercept + sum of weight * clip((value - center) / spread)
    scale, shift     Platt's calibration of that logit, for as many commits by agents as by people
    low, high    between these probabilities it keeps silent; from high on it says "inferred"
    lines        below so many added lines of Python it keeps silent
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from riskbot.detect.authorship.style.features import VERSION, measure, names
from riskbot.detect.authorship.style.lexer import is_python

CLIP = 4.0
_COLUMNS = ("center", "spread", "weight")
_NUMBERS = ("intercept", "scale", "shift", "low", "high")


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of a model, checked."""

    features: tuple[str, ...]
    center: tuple[float, ...]
    spread: tuple[float, ...]
    weight: tuple[float, ...]
    intercept: float
    scale: float
    shift: float
    low: float
    high: float
    lines: int

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Self:
        """Read a model; raises ValueError, KeyError or TypeError for what is none."""
        if told["version"] != VERSION:
            raise ValueError(f"it was fitted on features of version {told['version']}, not {VERSION}")
        features = tuple(told["features"])
        unknown = set(features) - set(names())
        if unknown or len(set(features)) != len(features):
            raise ValueError(f"its features are not those measured here: {sorted(unknown)[:3]}")
        columns = {name: tuple(map(float, told[name])) for name in _COLUMNS}
        numbers = {name: float(told[name]) for name in _NUMBERS}
        every = (*(number for column in columns.values() for number in column), *numbers.values())
        if any(len(column) != len(features) for column in columns.values()):
            raise ValueError("it has not one number for each feature")
        if not all(map(math.isfinite, every)) or not all(spread > 0 for spread in columns["spread"]):
            raise ValueError("it has a number that is not finite, or a spread that is not positive")
        if not 0 <= numbers["low"] <= numbers["high"] <= 1:
            raise ValueError("its thresholds are out of order")
        center, spread, weight = columns.values()
        intercept, scale, shift, low, high = numbers.values()
        lines = int(told["lines"])
        return cls(features, center, spread, weight, intercept, scale, shift, low, high, lines)

    def raw(self, values: Mapping[str, float | None]) -> float:
        """Give the logit before calibration."""
        parts = []
        for name, center, spread, weight in zip(
            self.features, self.center, self.spread, self.weight, strict=True
        ):
            value = values.get(name)
            if value is not None:
                parts.append(weight * max(-CLIP, min(CLIP, (value - center) / spread)))
        return self.intercept + math.fsum(parts)

    def calibrated(self, values: Mapping[str, float | None]) -> float:
        """Give the probability, where as many commits were an agent's as a person's."""
        logit = self.scale * self.raw(values) + self.shift
        if logit < 0:
            return math.exp(logit) / (1 + math.exp(logit))
        return 1 / (1 + math.exp(-logit))

    def probability(self, added: Mapping[str, Sequence[str]]) -> float | None:
        """Guess from the added lines by path; None: too few lines of Python, or not sure enough to speak."""
        lines = sum(len(one) for path, one in added.items() if is_python(path))
        if lines < self.lines:
            return None
        found = self.calibrated(measure(added))
        return None if self.low < found < self.high else found
