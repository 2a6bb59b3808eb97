"""Measures of a ranking and of a calibration; rows can be weighted, which makes a bootstrap cheap.

Ties are treated as if broken at random: every measure is the expectation over the orders of tied rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHARES = (0.05, 0.10, 0.20, 0.30, 0.50)


class Ranking:
    """Rows sorted by a score, the riskiest first, with tied rows grouped once for all weightings."""

    def __init__(self, score: Floats, label: Floats) -> None:
        self.order = np.argsort(-score, kind="stable")
        ranked = score[self.order]
        self.starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        self.label = label[self.order]

    def _groups(self, weight: Floats | None) -> tuple[Floats, Floats]:
        weights = np.ones(len(self.label)) if weight is None else weight[self.order]
        positive = np.add.reduceat(weights * self.label, self.starts)
        return positive, np.add.reduceat(weights, self.starts)

    def auc(self, weight: Floats | None = None) -> float:
        """Area under the ROC curve (Mann and Whitney's U over its greatest value)."""
        positive, both = self._groups(weight)
        negative = both - positive
        below = negative.sum() - np.cumsum(negative)
        return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))

    def capture(self, share: float, weight: Floats | None = None) -> float:
        """Share of all positives among the riskiest ``share`` of rows."""
        positive, both = self._groups(weight)
        x = np.r_[0, np.cumsum(both)] / both.sum()
        return float(np.interp(share, x, np.r_[0, np.cumsum(positive)] / positive.sum()))

    def average_precision(self) -> float:
        """Sum of precision times the step in recall, over the distinct scores."""
        positive, both = self._groups(None)
        precision = np.cumsum(positive) / np.cumsum(both)
        return float((precision * positive).sum() / positive.sum())


def brier(probability: Floats, label: Floats) -> float:
    """Mean squared difference of probability and outcome."""
    return float(np.mean((probability - label) ** 2))


def reliability(probability: Floats, label: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Mean prediction against observed rate in bins of equal size."""
    parts = np.array_split(np.argsort(probability, kind="stable"), bins)
    return [
        {"predicted": float(probability[p].mean()), "observed": float(label[p].mean()), "rows": len(p)}
        for p in parts
    ]


def calibration_error(probability: Floats, label: Floats, bins: int = 10) -> float:
    """Expected calibration error over bins of equal mass."""
    table = reliability(probability, label, bins)
    return sum(abs(b["predicted"] - b["observed"]) * b["rows"] for b in table) / len(label)


def recall_at_effort(score: Floats, label: Floats, effort: Floats, share: float = 0.2) -> float:
    """Share of positives found when rows are read by score per line until ``share`` of lines is spent."""
    order = np.argsort(-score / (effort + 1), kind="stable")
    spent = np.cumsum(effort[order]) / effort.sum()
    return float(label[order][spent <= share].sum() / label.sum())


def auc_at_equal_size(score: Floats, label: Floats, size: Floats) -> float:
    """Mean AUC within deciles of size, weighted by rows: what the score knows beyond size."""
    parts = [p for p in np.array_split(np.argsort(size, kind="stable"), 10) if 0 < label[p].sum() < len(p)]
    return float(
        np.average([Ranking(score[p], label[p]).auc() for p in parts], weights=[len(p) for p in parts])
    )


def block_bootstrap(
    when: Floats,
    statistic: Callable[[Floats], list[float]],
    *,
    days: int = 7,
    times: int = 2000,
    seed: int = 0,
) -> Any:
    """Resample blocks of time with replacement and give 95 % percentile intervals of each statistic.

    Rows of one week resemble one another; drawing weeks, not rows, keeps that in the interval. Blocks
    enter as row weights. Gives a list of ``[low, high]``, one for each number of ``statistic``.
    """
    block = ((when - when.min()) // (days * 86_400)).astype(int)
    _, block = np.unique(block, return_inverse=True)
    random = np.random.default_rng(seed)
    count = int(block.max()) + 1
    draws = [random.multinomial(count, np.full(count, 1 / count)) for _ in range(times)]
    values = np.array([statistic(draw[block].astype(float)) for draw in draws])
    return np.percentile(values, [2.5, 97.5], axis=0).T.tolist()
