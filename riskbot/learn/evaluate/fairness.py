"""Fairness: what the score says about authors who are new in a repository, at the same label."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskbot.learn import measure
from riskbot.learn.evaluate.report import wilson
from riskbot.learn.evaluate.scored import Scored
from riskbot.learn.measure import Floats, Ranking

NEW = 10
"""An author with fewer earlier changes in the repository is called new."""
TOP = 90.0
"""Above this percentile a change is among the riskiest tenth."""


def by_experience(scored: Scored, name: str | None = None, experience: str = "exp") -> dict[str, Any]:
    """Compare new authors with regulars, by one ranking (the model unless named).

    For each group: rows, base rate, AUC within it, mean probability against the observed rate, calibration
    error; and among its harmless and its harmful changes apart, the mean percentile and the share in the
    riskiest tenth. Percentiles are among the rows of the same repository. An author's changes before are
    unknown in some rows: these are a group of their own.
    """
    rows, score = scored.rows, scored.scores[name or scored.ours]
    percentile = percentiles(score, rows.repository)
    before = rows.columns((experience,))[:, 0]
    groups = {
        f"new (fewer than {NEW} changes)": before < NEW,
        "regular": before >= NEW,
        "unknown": ~np.isfinite(before),
    }
    return {
        title: _group(score[mine], rows.label[mine], percentile[mine])
        for title, mine in groups.items()
        if mine.any()
    }


def _group(score: Floats, label: Floats, percentile: Floats) -> dict[str, Any]:
    mixed = 0 < label.sum() < len(label)
    found: dict[str, Any] = {
        "rows": len(label),
        "base_rate": float(label.mean()),
        "base_rate_95": wilson(float(label.mean()), len(label)),
        "mean_probability": float(score.mean()),
        "ece": measure.calibration_error(score, label),
        "auc": Ranking(score, label).auc() if mixed else None,
    }
    for title, value in (("harmless", 0), ("harmful", 1)):
        mine = percentile[label == value]
        if len(mine):
            found[title] = {
                "rows": len(mine),
                "mean_percentile": float(mine.mean()),
                "in_riskiest_tenth": float((mine > TOP).mean()),
                "in_riskiest_tenth_95": wilson(float((mine > TOP).mean()), len(mine)),
            }
    return found


def percentiles(score: Floats, repository: Any) -> Floats:
    """Give each row's percentile among the rows of its repository, 0 to 100; ties share the middle."""
    found = np.empty(len(score))
    for name in np.unique(repository):
        mine = repository == name
        ranked = np.sort(score[mine])
        below = np.searchsorted(ranked, score[mine], side="left")
        upto = np.searchsorted(ranked, score[mine], side="right")
        found[mine] = 50 * (below + upto) / mine.sum()
    return found
