"""Trees made by hand, and a strategy that draws any."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st


def stump(
    feature: int, threshold: float, low: float, high: float, *, missing_left: bool = False
) -> dict[str, Any]:
    """Build one split: ``low`` up to the threshold, ``high`` above it."""
    return {
        "feature": [feature, -1, -1],
        "threshold": [threshold, 0.0, 0.0],
        "left": [1, -1, -1],
        "right": [2, -1, -1],
        "missing_left": [missing_left, False, False],
        "value": [(low + high) / 2, low, high],
    }  # fmt: skip


def grown(dice: random.Random, features: int, depth: int) -> dict[str, Any]:
    """Grow a tree of at most ``depth`` splits on a way; thresholds are small whole numbers, so ties happen."""
    tree: dict[str, list[Any]] = {
        name: [] for name in ("feature", "threshold", "left", "right", "missing_left", "value")
    }

    def add(left: int) -> int:
        here = len(tree["feature"])
        splits = left > 0 and dice.random() < 0.9
        for name, value in (
            ("feature", dice.randrange(features) if splits else -1),
            ("threshold", float(dice.randint(-5, 40)) if splits else 0.0),
            ("left", -1),
            ("right", -1),
            ("missing_left", dice.random() < 0.5),
            ("value", dice.uniform(-1, 1)),
        ):
            tree[name].append(value)
        if splits:
            tree["left"][here] = add(left - 1)
            tree["right"][here] = add(left - 1)
        return here

    add(depth)
    return tree


def forest(seed: int, names: list[str], trees: int, depth: int = 4) -> dict[str, Any]:
    """Grow many trees over named features, always the same for the same seed."""
    dice = random.Random(seed)
    return {"features": names, "trees": [grown(dice, len(names), depth) for _ in range(trees)]}


@st.composite
def forests(draw: st.DrawFn, names: tuple[str, ...] = ("la", "ld", "nf", "x")) -> dict[str, Any]:
    """Draw a forest over ``names``."""
    return forest(draw(st.integers(0, 2**32)), list(names), draw(st.integers(1, 12)), draw(st.integers(0, 5)))
