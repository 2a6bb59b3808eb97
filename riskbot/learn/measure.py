"""Measures of a ranking and of a calibration; rows can be weighted, which makes a bootstrap cheap.

Ties of the score are treated as if broken at random: every measure of :class:`Ranking` is the expectation
over the orders of tied rows. Labels are 0 and 1, scores grow with the risk, effort is in changed lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHARES = (0.05, 0.10, 0.20, 0.30, 0.50)


@dataclass(frozen=True)
class Curve:
    """A weighted ranking, cut down to its groups of tied rows that hold a positive.

    ``positive`` and ``both``: the weight of those groups, the riskiest first; ``end``: the weight of all
    rows down to each group's end; ``total``: of all rows. The last axis of ``total``, and the second of
    the others, is the draw of a bootstrap, where there are several.
    """

    positive: Floats
    both: Floats
    end: Floats
    total: Floats

    def auc(self) -> Floats:
        """Area under the ROC curve (Mann and Whitney's U over its greatest value)."""
        negative = self.both - self.positive
        below = self._negatives() - (self.end - np.cumsum(self.positive, axis=0))
        above = np.asarray((self.positive * (below + negative / 2)).sum(axis=0))
        return _divide(above, self._positives() * self._negatives())

    def average_precision(self) -> Floats:
        """Sum of precision times the step in recall, over the distinct scores."""
        precision = _divide(np.cumsum(self.positive, axis=0), self.end, empty=0.0)
        return _divide((precision * self.positive).sum(axis=0), self._positives())

    def capture(self, share: float) -> Floats:
        """Share of all positives among the riskiest ``share`` of rows; a cut inside a tie takes its part."""
        inside = _divide(share * self.total - (self.end - self.both), self.both, empty=0.0)
        return _divide((self.positive * np.clip(inside, 0, 1)).sum(axis=0), self._positives())

    def _positives(self) -> Floats:
        return np.asarray(self.positive.sum(axis=0))

    def _negatives(self) -> Floats:
        return self.total - self._positives()


def _divide(over: Any, under: Any, empty: float = np.nan) -> Floats:
    """Divide; where nothing stands below the line, which a draw without positives brings, give ``empty``."""
    over, under = np.broadcast_arrays(over, under)
    quotient: Floats = np.divide(over, under, out=np.full(over.shape, empty), where=under > 0)
    return quotient


class Ranking:
    """Rows sorted by a score, the riskiest first, with tied rows grouped once for all weightings."""

    def __init__(self, score: Floats, label: Floats) -> None:
        self.order = np.argsort(-score, kind="stable")
        ranked = score[self.order]
        self.starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        self.label = label[self.order]
        self._hit = np.flatnonzero(np.add.reduceat(self.label, self.starts) > 0)
        self._positive = np.flatnonzero(self.label > 0)
        group = np.searchsorted(self.starts, self._positive, side="right") - 1
        self._first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])

    def curve(self, weight: Floats | None = None) -> Curve:
        """Weight the ranking; ``weight`` is [rows] or [rows, draws], in the order of the score given."""
        weights = np.ones(len(self.label)) if weight is None else weight[self.order]
        return self.curve_of_ranked(weights)

    def curve_of_ranked(self, weights: Floats) -> Curve:
        """Weight the ranking by weights that are in its ``order`` already (saves a copy of many draws)."""
        running = np.cumsum(weights, axis=0)
        ends = np.r_[self.starts[1:], len(self.label)][self._hit] - 1
        starts = self.starts[self._hit]
        end, before = running[ends], running[starts] - weights[starts]
        positive = (weights[self._positive].T * self.label[self._positive]).T
        if len(self._positive):
            positive = np.add.reduceat(positive, self._first, axis=0)
        return Curve(positive, end - before, end, running[-1])

    def auc(self, weight: Floats | None = None) -> float:
        """Area under the ROC curve; nan where there is no positive or no negative."""
        return float(self.curve(weight).auc())

    def capture(self, share: float, weight: Floats | None = None) -> float:
        """Share of all positives among the riskiest ``share`` of rows."""
        return float(self.curve(weight).capture(share))

    def average_precision(self, weight: Floats | None = None) -> float:
        """Sum of precision times the step in recall, over the distinct scores."""
        return float(self.curve(weight).average_precision())

    def lift(self, share: float) -> float:
        """How many times as many positives the riskiest ``share`` holds as a random ``share`` would."""
        return self.capture(share) / share

    def mcc(self, share: float) -> float:
        """Matthews' correlation of "among the riskiest ``share``" with the label.

        With both margins fixed it is linear in the count of hits, so ties have an exact expectation.
        """
        base = float(self.label.mean())
        hits = self.capture(share) * base
        return (hits - share * base) / float(np.sqrt(share * (1 - share) * base * (1 - base)))

    def initial_false_alarms(self) -> float:
        """IFA: the clean rows that a reader meets before the first positive (Huang et al., ICSME 2017).

        g rows tied, p of them positive: (g - p) / (p + 1) clean ones come first on average.
        """
        first, end = self.starts[self._hit[0]], np.r_[self.starts, len(self.label)][self._hit[0] + 1]
        positive = float(self.label[first:end].sum())
        return float(first + (end - first - positive) / (positive + 1))


def brier(probability: Floats, label: Floats) -> float:
    """Mean squared difference of probability and outcome."""
    return float(np.mean((probability - label) ** 2))


def reliability(probability: Floats, label: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Mean prediction against observed rate in bins of equal size."""
    parts = np.array_split(np.argsort(probability, kind="stable"), bins)
    return [
        {"predicted": float(probability[p].mean()), "observed": float(label[p].mean()), "rows": len(p)}
        for p in parts
        if len(p)
    ]


def calibration_error(probability: Floats, label: Floats, bins: int = 10) -> float:
    """Expected calibration error over bins of equal mass."""
    table = reliability(probability, label, bins)
    return sum(abs(b["predicted"] - b["observed"]) * b["rows"] for b in table) / len(label)


def _by_density(score: Floats, effort: Floats) -> NDArray[np.intp]:
    """Order rows by score per line, the densest first; equal densities keep the rows' order.

    One line more than there are, because a change may have none. Scores must not be negative.
    """
    return np.argsort(-score / (effort + 1), kind="stable")


def recall_at_effort(score: Floats, label: Floats, effort: Floats, share: float = 0.2) -> float:
    """Share of positives found when rows are read by score per line until ``share`` of lines is spent."""
    order = _by_density(score, effort)
    spent = np.cumsum(effort[order]) / effort.sum()
    return float(label[order][spent <= share].sum() / label.sum())


def effort_at_recall(score: Floats, label: Floats, effort: Floats, share: float = 0.2) -> float:
    """Share of lines spent, read by score per line, when ``share`` of the positives has been found."""
    order = _by_density(score, effort)
    # Counts, not shares: 0.2 times 10 positives is two of them, and a rounded share may miss that.
    enough = int(np.searchsorted(np.cumsum(label[order]), share * label.sum() - 1e-9))
    return float(effort[order][: enough + 1].sum() / effort.sum())


def popt(score: Floats, label: Floats, effort: Floats) -> float:
    """Popt: how near reading by score per line comes to the best order, 1, from the worst, 0.

    Area under the curve of found positives over spent lines, each as a share, straight between rows:
    ``1 - (best - ours) / (best - worst)``. The best order is by label per line, the densest first, the
    worst is that one turned round (Mende and Koschke, CSMR 2010; Kamei et al., TSE 2013, section 5,
    doi:10.1109/TSE.2012.70). nan where all orders are the same.
    """
    best = np.lexsort((effort, -label))
    ours, top, bottom = (
        _area(label[order], effort[order]) for order in (_by_density(score, effort), best, best[::-1])
    )
    return 1 - (top - ours) / (top - bottom) if top > bottom else float("nan")


def _area(label: Floats, effort: Floats) -> float:
    found, spent = np.r_[0, np.cumsum(label)] / label.sum(), np.r_[0, np.cumsum(effort)] / effort.sum()
    return float(np.trapezoid(found, spent))


def auc_at_equal_size(score: Floats, label: Floats, size: Floats) -> float:
    """Mean AUC within deciles of size, weighted by rows: what the score knows beyond size.

    A decile with labels of one kind has no AUC and does not count; nan where none has one.
    """
    parts = [p for p in np.array_split(np.argsort(size, kind="stable"), 10) if 0 < label[p].sum() < len(p)]
    if not parts:
        return float("nan")
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
    enter as row weights. Gives a list of ``[low, high]``, one for each number of ``statistic``. For
    AUC, AP and capture of several repositories :mod:`riskbot.learn.evaluate.bootstrap` is far quicker.
    """
    block = ((when - when.min()) // (days * 86_400)).astype(int)
    _, block = np.unique(block, return_inverse=True)
    random = np.random.default_rng(seed)
    count = int(block.max()) + 1
    draws = [random.multinomial(count, np.full(count, 1 / count)) for _ in range(times)]
    values = np.array([statistic(draw[block].astype(float)) for draw in draws])
    return np.percentile(values, [2.5, 97.5], axis=0).T.tolist()
