"""The catalogue: every feature's name, title and family, and the one function that gives them all."""

from __future__ import annotations

import math

from riskbot.assess.features import kamei, message, past, people, size, structure, words
from riskbot.domain.change import Change
from riskbot.domain.finding import Detection

VERSION = 1
"""Raised whenever a feature changes its meaning: a model fitted on another one is refused."""

TITLES: dict[str, str] = {
    **kamei.TITLES,
    **size.TITLES,
    **past.TITLES,
    **people.TITLES,
    **message.TITLES,
    **words.TITLES,
    **structure.TITLES,
}
"""Every feature's title for people, by name, in the order of the families."""

NAMES: tuple[str, ...] = tuple(TITLES)
PEOPLE: tuple[str, ...] = ("exp", "rexp", "sexp", *people.TITLES)
"""The features that say something of the author."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "size": ("ns", "nd", "nf", "entropy", "la", "ld", "lt", *size.TITLES),
    "past": ("ndev", "age", "nuc", *past.TITLES),
    "people": PEOPLE,
    "message": ("fix", *message.TITLES),
    "words": tuple(words.TITLES),
    "structure": tuple(structure.TITLES),
}
"""What the features are about; each stands in exactly one family."""


def numbers(change: Change, detection: Detection | None = None) -> dict[str, float | None]:
    """Give every feature of a change by name, in the catalogue's order.

    ``detection`` is what the structure detector found; without it (or where it failed) what it would tell is
    None. No value is infinite or not a number.
    """
    metrics = kamei.measure(change)
    found: dict[str, float | None] = {
        **{name: feature.of(metrics) for name, feature in kamei.FEATURES.items()},
        **size.measure(change),
        **past.measure(change),
        **people.measure(change),
        **message.measure(change),
        **words.measure(change),
        **structure.measure(change, detection),
    }
    return {name: _finite(found[name]) for name in NAMES}


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
