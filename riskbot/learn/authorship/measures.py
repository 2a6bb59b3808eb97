"""Measures within strata, rates with intervals, and the bootstrap over authors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskbot.learn.authorship.data import Mask, Texts
from riskbot.learn.measure import Floats, Ranking

_Z = 1.959964
FEW_AUTHORS = 10


def joined(*texts: Texts) -> Texts:
    """Make one text of several, row by row: the name of a stratum or a cluster."""
    return np.array([" | ".join(parts) for parts in zip(*texts, strict=True)], dtype=str)


def auc(score: Floats, label: Floats) -> float | None:
    """Give the area under the ROC curve; None without both kinds."""
    return None if not 0 < label.sum() < len(label) else Ranking(score, label).auc()


@dataclass(frozen=True)
class Strata:
    """An AUC over pairs of one stratum: agents against people of the same repository and year, say.

    Each stratum counts with its pairs. Authors are drawn in the bootstrap, with all their rows, since these
    resemble one another; where there are fewer than ten, commits are: of one author nothing can be drawn.
    """

    score: Floats
    label: Floats
    stratum: Texts
    author: Texts

    def parts(self) -> Iterator[NDArray[np.intp]]:
        """Give the rows of each stratum that has both kinds."""
        for name in np.unique(self.stratum):
            rows = np.flatnonzero(self.stratum == name)
            if 0 < self.label[rows].sum() < len(rows):
                yield rows

    def auc(self) -> float | None:
        """Give the mean over all pairs; None where there is none."""
        found = self._weighted(np.ones((len(self.score), 1)))
        return None if found is None else float(found[0])

    def _weighted(self, weight: Floats) -> Floats | None:
        above, pairs = np.zeros(weight.shape[1]), np.zeros(weight.shape[1])
        for rows in self.parts():
            own, label = weight[rows], self.label[rows]
            count = own[label == 1].sum(axis=0) * own[label == 0].sum(axis=0)
            area = Ranking(self.score[rows], label).curve(own).auc()
            above += np.nan_to_num(area) * count
            pairs += count
        if not pairs.any():
            return None
        result: Floats = np.divide(above, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
        return result

    def told(self, times: int, seed: int = 0) -> dict[str, Any]:
        """Give the AUC with its 95 % interval over draws of clusters, and what it stands on."""
        listed = list(self.parts())
        rows = np.concatenate(listed) if listed else np.array([], dtype=np.intp)
        label = self.label[rows]
        found: dict[str, Any] = {
            "auc": self.auc(),
            "interval": None,
            "agents": int(label.sum()),
            "others": int(len(label) - label.sum()),
            "strata": len(listed),
            "authors": len(np.unique(self.author[rows])),
        }
        if not listed:
            return found
        names, which = np.unique(self.author[rows], return_inverse=True)
        if len(names) < FEW_AUTHORS:
            which = np.arange(len(rows))
        weight = np.zeros((len(self.label), times))
        weight[rows] = _draws(int(which.max()) + 1, times, seed)[which]
        drawn = self._weighted(weight)
        known = np.array([]) if drawn is None else drawn[np.isfinite(drawn)]
        if len(known) >= 0.9 * times:
            found["interval"] = [float(value) for value in np.percentile(known, (2.5, 97.5))]
        return found


def _draws(count: int, times: int, seed: int) -> Floats:
    """Draw ``count`` things with replacement: how often each comes, [things, draws]."""
    random = np.random.default_rng(seed)
    return random.multinomial(count, np.full(count, 1 / count), size=times).T.astype(float)


def rate(flagged: Mask) -> dict[str, Any]:
    """Give the share that is flagged with Wilson's 95 % interval (doi 10.1080/01621459.1927.10502953)."""
    count, hits = len(flagged), int(flagged.sum())
    if not count:
        return {"rows": 0, "flagged": 0, "rate": None, "interval": None}
    share, extra = hits / count, _Z**2 / count
    middle = (share + extra / 2) / (1 + extra)
    half = _Z * math.sqrt(share * (1 - share) / count + extra / (4 * count)) / (1 + extra)
    interval = [max(0.0, middle - half), min(1.0, middle + half)]
    return {"rows": count, "flagged": hits, "rate": share, "interval": interval}


def by(flagged: Mask, key: Texts, which: Mask, order: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Give the rate for each value of ``key`` among some rows, in ``order`` or sorted."""
    listed = order or [str(name) for name in np.unique(key[which])]
    return {name: rate(flagged[which & (key == name)]) for name in listed}
