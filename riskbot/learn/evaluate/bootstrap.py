"""Bootstrap of rankings by blocks of time within repositories, many draws at once.

Rows of one repository in one month resemble one another (the same feature, the same author, the same fix
that blames them), so blocks are drawn, not rows. A draw is a weight for every block, and the same draws
serve every ranking, so differences and ratios of two rankings are paired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskbot.learn.measure import SHARES, Curve, Floats, Ranking

DAYS = 28
TIMES = 2000
AT_ONCE = 64
"""Draws worked on together: 64 for 30,000 rows take 15 MB and stay near the processor."""

Drawn = dict[str, Floats]
"""A value for every draw, by the name of the measure."""


def name_of(share: float) -> str:
    """Name a share as the report does: 0.05 is "5%"."""
    return f"{share:.0%}"


MEASURES = ("auc", "ap", *(f"capture_{name_of(share)}" for share in SHARES))


def point(score: Floats, label: Floats) -> dict[str, float]:
    """Give the measures of the rows themselves, named as those of the draws."""
    return {name: float(value) for name, value in _measured(Ranking(score, label).curve()).items()}


def _measured(curve: Curve) -> Drawn:
    values = (curve.auc(), curve.average_precision(), *(curve.capture(share) for share in SHARES))
    return dict(zip(MEASURES, values, strict=True))


@dataclass(frozen=True)
class Blocks:
    """Blocks of rows and how often each draw takes them.

    ``block``: the block of each row; ``draws``: [blocks, draws], times taken.
    """

    block: NDArray[np.intp]
    draws: Floats

    def measure(self, score: Floats, label: Floats, part: NDArray[np.bool_] | None = None) -> Drawn:
        """Measure a ranking in every draw; ``part`` keeps to some of the rows (one repository)."""
        block = self.block if part is None else self.block[part]
        if part is not None:
            score, label = score[part], label[part]
        ranking = Ranking(score, label)
        block = block[ranking.order]
        times = self.draws.shape[1]
        pieces = []
        for start in range(0, times, AT_ONCE):
            weights = self.draws[:, start : start + AT_ONCE][block]
            pieces.append(_measured(ranking.curve_of_ranked(weights)))
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in MEASURES}


def blocks(
    repository: NDArray[np.str_],
    when: Floats,
    *,
    days: int = DAYS,
    times: int = TIMES,
    seed: int = 0,
    draw_repositories: bool = False,
) -> Blocks:
    """Cut the rows into blocks of ``days`` within each repository, and draw them with replacement.

    Each repository's blocks are drawn among themselves, as many as it has, so every draw holds every
    repository. With ``draw_repositories`` the repositories are drawn first: the interval then also says
    how much hangs on which repositories were measured.
    """
    random = np.random.default_rng(seed)
    block = np.empty(len(when), dtype=np.intp)
    drawn: list[Floats] = []
    names = np.unique(repository)
    for name in names:
        mine = repository == name
        age = ((when[mine] - when[mine].min()) // (days * 86_400)).astype(np.intp)
        _, own = np.unique(age, return_inverse=True)
        block[mine] = own + sum(len(part) for part in drawn)
        count = int(own.max()) + 1
        drawn.append(random.multinomial(count, np.full(count, 1 / count), size=times).T.astype(float))
    if draw_repositories:
        count = len(names)
        often = random.multinomial(count, np.full(count, 1 / count), size=times).astype(float)
        drawn = [part * often[:, i] for i, part in enumerate(drawn)]
    return Blocks(block, np.concatenate(drawn))


def interval(values: Floats) -> list[float] | None:
    """Give the 95 % percentile interval; None where fewer than 9 in 10 draws could be measured."""
    known = values[np.isfinite(values)]
    if len(known) < 0.9 * len(values):
        return None
    return [float(value) for value in np.percentile(known, (2.5, 97.5))]


def intervals(drawn: Mapping[str, Floats]) -> dict[str, list[float] | None]:
    """Give the interval of every measure."""
    return {name: interval(values) for name, values in drawn.items()}


def difference(ours: Mapping[str, Floats], theirs: Mapping[str, Floats]) -> dict[str, list[float] | None]:
    """Give the interval of ours less theirs, draw by draw; both must come from the same blocks."""
    return {name: interval(ours[name] - theirs[name]) for name in ours}


def ratio(ours: Mapping[str, Floats], theirs: Mapping[str, Floats]) -> dict[str, list[float] | None]:
    """Give the interval of ours over theirs, draw by draw; None where theirs is often 0."""
    found = {}
    for name in ours:
        known = theirs[name] > 0
        values = np.divide(ours[name], theirs[name], out=np.full_like(ours[name], np.nan), where=known)
        found[name] = interval(values)
    return found


def macro(parts: Mapping[str, Drawn]) -> Drawn:
    """Give each draw's mean over repositories, of those that have a value in it."""
    found: Drawn = {}
    for name in MEASURES:
        values = np.stack([drawn[name] for drawn in parts.values()])
        known = np.isfinite(values)
        count = known.sum(axis=0)
        total = np.where(known, values, 0).sum(axis=0)
        found[name] = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return found
