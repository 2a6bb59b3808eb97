"""Ablation: the boosted trees fitted again without each family of features, and with each alone.

The trees, not the shipped blend: they can be fitted many times within minutes, and what a family adds to
them is what the blend could have lost. The outcome is a :class:`~riskbot.learn.evaluate.scored.Scored` as
any other, in which "all features" stands where the model stands, so differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.baselines import Boosting, boosting
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.evaluate.scored import Scored
from riskbot.learn.measure import Floats

ALL = "all features"
WITHOUT = "without "
ALONE = " alone"
SEEDS = (0, 1, 2)
"""Fits that are averaged: between two seeds the AUC moves as much as between two small families."""


def ablate(
    train: Rows,
    test: Rows,
    families: Mapping[str, Sequence[str]],
    *,
    settings: Boosting | None = None,
    seeds: Sequence[int] = SEEDS,
    told: Callable[[str], None] = lambda _: None,
) -> Scored:
    """Score ``test`` by trees on all features, without each family, and on each family alone.

    The number of rounds is found once, with all features, so that a difference is the family's. ``told``
    hears the name of each ranking before it is fitted. A feature of no family stays in every "without".
    """
    _check(train, families)
    settings = settings or Boosting()
    settings = replace(settings, rounds=settings.count(train, train.names))
    chosen = {ALL: train.names}
    for name, family in families.items():
        chosen[WITHOUT + name] = tuple(feature for feature in train.names if feature not in family)
        chosen[name + ALONE] = tuple(feature for feature in train.names if feature in family)
    scores = {}
    for name, features in chosen.items():
        told(name)
        scores[name] = _mean(train, test, features, settings, seeds)
    about = f"boosted trees, {settings.rounds} rounds, mean of {len(seeds)} seeds, on each set of features"
    return Scored("ablation", test, scores, about, ours=ALL)


def _check(train: Rows, families: Mapping[str, Sequence[str]]) -> None:
    for name, family in families.items():
        known = set(family) & set(train.names)
        if not known or known == set(train.names):
            raise EvaluationError(
                f"The family {name} holds {len(known)} of the {len(train.names)} features: nothing left.",
                mend="Give families that are a part of the features, each with at least one of them.",
            )


def _mean(
    train: Rows, test: Rows, features: Sequence[str], settings: Boosting, seeds: Sequence[int]
) -> Floats:
    fits = [boosting(train, features, replace(settings, seed=seed))(test) for seed in seeds]
    return np.asarray(np.mean(fits, axis=0))


def summary(figures: Mapping[str, Any], families: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Cut the figures of the set down to what a table of families shows.

    ``lost_auc``, ``lost_ap``: what leaving the family out takes away, with ``_95``, paired. A family whose
    features nobody mined was not left out, and is not told of.
    """
    found: dict[str, Any] = {}
    for name in families:
        left = figures["against"].get(WITHOUT + name)
        if left is None:
            continue
        found[name] = {
            "features": len(families[name]),
            "lost_auc": left["difference"]["auc"],
            "lost_auc_95": left["difference_95"]["auc"],
            "lost_ap": left["difference"]["ap"],
            "lost_ap_95": left["difference_95"]["ap"],
            "alone_auc": figures["rankings"][name + ALONE]["auc"],
            "alone_ap": figures["rankings"][name + ALONE]["ap"],
        }
    return found
