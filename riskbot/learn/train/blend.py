"""The blend: boosted trees over the features, and the text score beside them, as one calibrated logit.

The trees are fitted on the fit part. The encoder is trained on what they leave unexplained, so it is given
their out-of-fold logits: every repository's from trees that never saw it. How much the text counts, and the
calibration (Platt 1999, linear in the logit), are fitted on the later calibration part at its natural rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.measure import Floats, Ranking
from riskbot.learn.train.dump import plain


@dataclass(frozen=True, slots=True)
class TreesConfig:
    """How the trees grow. Few leaves and a slow rate: what they learn must hold in other repositories."""

    rounds: int = 500
    leaves: int = 8
    rate: float = 0.04
    least: int = 100
    share: float = 0.4
    ridge: float = 50.0
    folds: int = 5
    seed: int = 0
    threads: int = 2

    @property
    def settings(self) -> dict[str, Any]:
        """LightGBM's parameters (https://lightgbm.readthedocs.io/en/stable/Parameters.html)."""
        return {
            "objective": "binary",
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "min_data_in_leaf": self.least,
            "feature_fraction": self.share,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "lambda_l2": self.ridge,
            "seed": self.seed,
            "num_threads": self.threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


def fit_trees(rows: Rows, names: Sequence[str], config: TreesConfig, weight: Floats | None = None) -> Any:
    """Fit the trees on the named features; gives LightGBM's booster."""
    import lightgbm

    data = lightgbm.Dataset(rows.columns(names), rows.label, weight=weight, feature_name=list(names))
    return lightgbm.train(config.settings, data, config.rounds)


def raw(booster: Any, rows: Rows) -> Floats:
    """Give the trees' logits of rows."""
    return np.asarray(booster.predict(rows.columns(booster.feature_name()), raw_score=True))


def out_of_fold(rows: Rows, names: Sequence[str], config: TreesConfig) -> Floats:
    """Give every row the logit of trees that were fitted without its repository.

    With one repository alone the folds are blocks of time.
    """
    fold = folds(rows, config.folds)
    logits = np.zeros(len(rows))
    for held in np.unique(fold):
        booster = fit_trees(rows.part(fold != held), names, config)
        logits[fold == held] = raw(booster, rows.part(fold == held))
    return logits


def folds(rows: Rows, count: int) -> NDArray[np.int64]:
    """Assign each row a fold: by repository, the largest first to the smallest fold; else by time."""
    names, sizes = np.unique(rows.repository, return_counts=True)
    if len(names) < count:
        return np.argsort(np.argsort(rows.when, kind="stable")) * count // len(rows)
    filled, home = np.zeros(count), {}
    for at in np.argsort(-sizes, kind="stable"):
        home[names[at]] = int(np.argmin(filled))
        filled[home[names[at]]] += sizes[at]
    return np.array([home[name] for name in rows.repository])


SHARES = (1.0, 0.75, 0.5, 0.35, 0.2, 0.1)
"""What parts of the fitted weight are tried. Never none: the text also tells a change's hunks apart."""


@dataclass(frozen=True)
class Blend:
    """``logit = shift + slope * trees + weight * (text - center)``; the text's part is 0 where it is unknown.

    ``slope`` and ``shift`` are the calibration; ``weight`` is 0 without a text model.
    """

    booster: Any
    slope: float
    shift: float
    weight: float = 0.0
    center: float = 0.0

    def logit(self, rows: Rows, text: Floats | None = None) -> Floats:
        """Score rows; ``text`` holds the pooled text scores, NaN where nothing was read."""
        return self.combined(raw(self.booster, rows), text)

    def combined(self, trees: Floats, text: Floats | None = None) -> Floats:
        """Put the trees' logits and the text scores together."""
        words = np.zeros(len(trees)) if text is None else np.nan_to_num(text - self.center)
        return np.asarray(self.shift + self.slope * trees + self.weight * words)

    def document(self) -> dict[str, Any]:
        """Give what ``blend.json`` holds: the calibration is folded into the trees' values."""
        return {
            "intercept": self.shift,
            "text": {"weight": self.weight, "center": self.center},
            **plain(self.booster.dump_model(), scale=self.slope),
        }


def stack(booster: Any, rows: Rows, text: Floats | None = None) -> Blend:
    """Fit slope, shift and the text's weight on rows that neither the trees nor the encoder have seen."""
    from sklearn.linear_model import LogisticRegression

    if not 0 < rows.label.sum() < len(rows):
        raise EvaluationError(
            f"The {len(rows):,} calibration rows are all of one kind.",
            mend="Move split.train_until or split.calibrate_until, or mine more history.",
        )
    trees = raw(booster, rows)
    if text is None or not np.isfinite(text).any():
        found = LogisticRegression(C=1e6, max_iter=2000).fit(trees[:, None], rows.label)
        return Blend(booster, float(found.coef_[0, 0]), float(found.intercept_[0]))
    center = float(np.nanmean(text))
    words = np.nan_to_num(text - center)
    found = LogisticRegression(C=1e6, max_iter=2000).fit(np.column_stack([trees, words]), rows.label)
    slope, weight = (float(one) for one in found.coef_[0])
    if weight <= 0 or slope <= 0:  # a text that points the wrong way is no reason
        return stack(booster, rows)
    return Blend(booster, slope, float(found.intercept_[0]), weight, center)


def tempered(blend: Blend, rows: Rows, text: Floats, abroad: Rows, words: Floats) -> Blend:
    """Lower the text's weight to what ranks changes of repositories best that no part has learnt from.

    The calibration ``rows`` come from the repositories that the encoder read, whose habits it partly knows by
    heart, so a weight fitted there promises too much elsewhere. Some shares of it are tried on ``abroad``
    (its text scores are ``words``); slope and shift are then fitted again on ``rows``.
    """
    from sklearn.linear_model import LogisticRegression

    if not blend.weight or not 0 < abroad.label.sum() < len(abroad):
        return blend
    trees = raw(blend.booster, abroad)

    def auc(share: float) -> float:
        return Ranking(replace(blend, weight=share * blend.weight).combined(trees, words), abroad.label).auc()

    lower = replace(blend, shift=0.0, weight=max(SHARES, key=auc) * blend.weight)
    found = LogisticRegression(C=1e6, max_iter=2000).fit(lower.logit(rows, text)[:, None], rows.label)
    scale = float(found.coef_[0, 0])
    return replace(
        lower, slope=scale * lower.slope, shift=float(found.intercept_[0]), weight=scale * lower.weight
    )


def quantiles(probability: Floats, count: int = 1000) -> list[float]:
    """Give equally weighted quantiles, ascending: what percentiles are measured against."""
    steps = (np.arange(count) + 0.5) / count
    return [float(one) for one in np.quantile(probability, steps, method="inverted_cdf")]


def sampled(label: Floats, ratio: float, seed: int) -> tuple[NDArray[np.intp], float]:
    """Choose all positives and ``ratio`` times as many others, and the shift that this makes to a logit.

    Gives indices (shuffled) and ``-log`` of the share of others kept: what a model's logits are higher by on
    the sample than on all rows.
    """
    random = np.random.default_rng(seed)
    positive, others = np.flatnonzero(label == 1), np.flatnonzero(label == 0)
    count = min(len(others), round(len(positive) * ratio))
    if count == 0:
        raise EvaluationError("The rows to train on are all of one kind.", mend="Check the labels.")
    kept = random.choice(others, count, replace=False)
    return random.permutation(np.concatenate([positive, kept])), -math.log(count / len(others))
