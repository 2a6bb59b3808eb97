"""Shares and means that are unknown, not 0, where there is nothing to take them of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

Values = dict[str, float | None]
"""Features by name; None: nothing to measure it on."""


def share(part: float, whole: float) -> float | None:
    """Give a part of a whole, None of nothing."""
    return part / whole if whole else None


def mean(numbers: Iterable[float]) -> float | None:
    """Give the mean, None of nothing."""
    listed = list(numbers)
    return math.fsum(listed) / len(listed) if listed else None


def per_hundred(counts: Mapping[str, int], lines: int) -> Values:
    """Give how often each thing is there in a hundred lines."""
    return {name: 100 * count / lines if lines else None for name, count in counts.items()}


def entropy(counts: Counter[str]) -> float | None:
    """Give Shannon's entropy over its greatest value for so many kinds, 0 to 1; None under two kinds."""
    total = counts.total()
    if len(counts) < 2:
        return None
    bits = -math.fsum(count / total * math.log2(count / total) for count in counts.values())
    return bits / math.log2(len(counts))
