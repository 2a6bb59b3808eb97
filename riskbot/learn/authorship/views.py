"""Other ways to look at the same features: against the past, or without what tells the year.

``repository``: how far each number lies from those of the repository's commits just before, in their standard
deviations. ``author``: from those of the author's own commits before, where there are enough. ``erased``: the
directions that tell the year of people's commits are projected out, one after another (iterative null-space
projection, Ravfogel et al., ACL 2020, arXiv 2004.07667).
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np

from riskbot.learn.authorship.data import Mask, Rows
from riskbot.learn.measure import Floats

PAST = 100
"""So many of the repository's last mined commits are its past, at least so many are needed."""
FEWEST = 20
OWN = 20
FEWEST_OWN = 3
_FLOOR = 0.05
_CLIP = 4.0


@dataclass(frozen=True, slots=True)
class Scaler:
    """Means and deviations of the features, as they were fitted; what is unknown becomes the mean."""

    center: Floats
    spread: Floats

    @classmethod
    def fit(cls, values: Floats) -> Scaler:
        """Take means and deviations of known values; what never varies has the deviation 1."""
        with np.errstate(all="ignore"):
            center = np.nan_to_num(np.nanmean(values, axis=0))
            spread = np.nan_to_num(np.nanstd(values, axis=0))
        return cls(center, np.where(spread > 0, spread, 1.0))

    def __call__(self, values: Floats) -> Floats:
        """Scale, with nothing further than four deviations from the mean."""
        scaled = (values - self.center) / self.spread
        return np.clip(np.nan_to_num(scaled), -_CLIP, _CLIP)


def against_repository(rows: Rows, plain: Mask) -> Floats:
    """Give each row its distance from its repository's past; NaN where there is too little of it."""
    found = np.full(rows.code.shape, np.nan)
    pasts: defaultdict[str, deque[Floats]] = defaultdict(lambda: deque(maxlen=PAST))
    for at in np.argsort(rows.when, kind="stable"):
        past = pasts[rows.repository[at]]
        if len(past) >= FEWEST:
            found[at] = _distance(rows.code[at], np.array(past))
        if plain[at]:
            past.append(rows.code[at])
    return found


def against_author(rows: Rows, plain: Mask, fallback: Floats) -> Floats:
    """Give each row its distance from its author's past; ``fallback`` where there is too little of it."""
    found = fallback.copy()
    pasts: defaultdict[tuple[str, str], deque[Floats]] = defaultdict(lambda: deque(maxlen=OWN))
    for at in np.argsort(rows.when, kind="stable"):
        past = pasts[rows.repository[at], rows.author[at]]
        if len(past) >= FEWEST_OWN:
            found[at] = _distance(rows.code[at], np.array(past))
        if plain[at]:
            past.append(rows.code[at])
    return found


def _distance(values: Floats, past: Floats) -> Floats:
    known = np.isfinite(past)
    count = known.sum(axis=0)
    total = np.where(known, past, 0).sum(axis=0)
    center = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    square = np.where(known, (past - center) ** 2, 0).sum(axis=0)
    spread = np.sqrt(np.divide(square, count, out=np.zeros(len(total)), where=count > 0))
    result: Floats = (values - center) / (spread + _FLOOR * np.abs(center) + 1e-3)
    return np.clip(result, -10, 10)


def erasure(values: Floats, years: Floats, weight: Floats, directions: int, ridge: float = 10.0) -> Floats:
    """Give the projection [features, features] after which a line through scaled values tells no year."""
    count = values.shape[1]
    projection = np.eye(count)
    target = years - np.average(years, weights=weight)
    for _ in range(directions):
        left = values @ projection
        gram = (left * weight[:, None]).T @ left + ridge * np.eye(count)
        direction = projection @ np.linalg.solve(gram, (left * weight[:, None]).T @ target)
        length = float(np.linalg.norm(direction))
        if length < 1e-9:
            break
        direction = direction / length
        projection = projection @ (np.eye(count) - np.outer(direction, direction))
    return projection


def explained(values: Floats, years: Floats, weight: Floats, ridge: float = 10.0) -> float:
    """Say how much of the years' variance a line through the values explains, on the same rows, 0 to 1."""
    target = years - np.average(years, weights=weight)
    gram = (values * weight[:, None]).T @ values + ridge * np.eye(values.shape[1])
    told = values @ np.linalg.solve(gram, (values * weight[:, None]).T @ target)
    left = np.average((target - told) ** 2, weights=weight)
    return float(max(0.0, 1 - left / np.average(target**2, weights=weight)))
