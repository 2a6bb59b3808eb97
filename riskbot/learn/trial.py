"""What was tried on the train rows, and how the fixed model does on the test rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskbot.assess.features import TRANSFORMS, Transform
from riskbot.learn import measure
from riskbot.learn.measure import SHARES, Floats, Ranking
from riskbot.learn.metrics import CHOSEN, NAMES, Fit, Rows, fit

FUTURE = ("exp", "rexp", "sexp")
"""Columns whose published values hold what was only known later (see the card)."""
PEOPLE = ("ndev", *FUTURE)
STARTS = (0.40, 0.55, 0.70, 0.85)
WIDTH = 0.15


def _without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in NAMES if name not in names)


def _plain(names: tuple[str, ...]) -> list[Transform]:
    return [Transform("identity")] * len(names)


def candidates(rows: Rows) -> dict[str, Fit]:
    """Fit everything that was compared."""
    days = [Transform("log1p") if name == "age" else TRANSFORMS[name] for name in CHOSEN]
    nine = _without("ndev", "nuc", *FUTURE)
    return {
        "lines added alone": fit(rows, ("la",)),
        "fourteen raw": fit(rows, NAMES, _plain(NAMES), 1.0),
        "fourteen": fit(rows, NAMES),
        "without exp, rexp, sexp": fit(rows, _without(*FUTURE)),
        "without any metric of people": fit(rows, _without(*PEOPLE)),
        "also without nuc": fit(rows, nine),
        "chosen (also without ld, lt)": fit(rows),
        "chosen, weaker penalty (C=1)": fit(rows, penalty=1.0),
        "chosen, age in days": fit(rows, transforms=days),
        "chosen without entropy": fit(rows, tuple(name for name in CHOSEN if name != "entropy")),
        "chosen without ns": fit(rows, tuple(name for name in CHOSEN if name != "ns")),
        "la, nf, fix, age": fit(rows, ("la", "nf", "fix", "age")),
    }


def selection(train: Rows) -> dict[str, Any]:
    """Compare the candidates inside the train rows: fit on the past, rank the next 15 %, four times."""
    found: dict[str, list[list[float]]] = {}
    for start in STARTS:
        cut, end = int(len(train) * start), int(len(train) * (start + WIDTH))
        later = train[cut:end]
        for name, model in candidates(train[:cut]).items():
            ranking = Ranking(model.logit(later), later.label)
            numbers = [ranking.auc(), ranking.average_precision(), ranking.capture(0.1)]
            found.setdefault(name, []).append(numbers)
    return {
        name: {
            "auc_by_fold": [round(fold[0], 4) for fold in folds],
            **dict(zip(("auc", "ap", "capture_10"), np.mean(folds, axis=0).round(4).tolist(), strict=True)),
        }
        for name, folds in found.items()
    }


def ranked(score: Floats, rows: Rows) -> dict[str, Any]:
    """Measure one ranking of rows."""
    ranking = Ranking(score, rows.label)
    return {
        "auc": ranking.auc(),
        "ap": ranking.average_precision(),
        "capture": {f"{share:.0%}": ranking.capture(share) for share in SHARES},
        "lift": {f"{share:.0%}": ranking.capture(share) / share for share in SHARES},
        "auc_at_equal_size": measure.auc_at_equal_size(score, rows.label, rows.column("la")),
        "recall_at_20%_effort": measure.recall_at_effort(
            score - score.min(), rows.label, rows.column("la") + rows.column("ld")
        ),
    }


def intervals(score: Floats, rows: Rows) -> dict[str, Any]:
    """Give 95 % intervals, drawing weeks: AUC, and the paired differences to lines added alone."""
    ours, lines = Ranking(score, rows.label), Ranking(rows.column("la"), rows.label)

    def statistic(weight: Floats) -> list[float]:
        pairs = [(r.auc(weight), r.capture(0.1, weight), r.capture(0.3, weight)) for r in (ours, lines)]
        return [pairs[0][0], *(a - b for a, b in zip(*pairs, strict=True))]

    names = ("auc", "auc_minus_la", "capture_10_minus_la", "capture_30_minus_la")
    return dict(zip(names, measure.block_bootstrap(rows.when, statistic), strict=True))


def report(found: Fit, fitted: Rows, test: Rows) -> dict[str, Any]:
    """Measure the fixed model and the baselines on the test rows."""
    logit = found.logit(test)
    probability = 1 / (1 + np.exp(-logit))
    prior = {name: float(np.mean(fitted.label[_of(fitted, name)])) for name in sorted(set(fitted.repository))}
    others = candidates(fitted)
    baselines: dict[str, Any] = {
        "lines added alone": ranked(test.column("la"), test),
        "random (expected)": {"auc": 0.5, "ap": float(test.label.mean())},
        "project prior": ranked(np.array([prior[name] for name in test.repository]), test),
    }
    names = ("fourteen raw", "fourteen", "without exp, rexp, sexp", "without any metric of people")
    baselines |= {name: ranked(others[name].logit(test), test) for name in names}
    return {
        "rows": len(test),
        "base_rate": float(test.label.mean()),
        "model": ranked(probability, test) | _calibration(probability, test),
        "intervals_95": intervals(logit, test),
        "interval_method": "bootstrap of weeks by author date, 2,000 draws, percentiles",
        "baselines": baselines,
        "by_project": {name: _project(logit, test, _of(test, name)) for name in sorted(set(test.repository))},
        "reliability": measure.reliability(probability, test.label),
    }


def as_served(found: Fit, test: Rows) -> dict[str, Any]:
    """Measure the fixed model on the test rows as riskbot itself measures them, beside lines added alone."""
    logit = found.logit(test)
    probability = 1 / (1 + np.exp(-logit))
    return {
        "rows": len(test),
        "base_rate": float(test.label.mean()),
        "model": ranked(probability, test) | _calibration(probability, test),
        "lines added alone": ranked(test.column("la"), test),
        "intervals_95": intervals(logit, test),
    }


def _calibration(probability: Floats, rows: Rows) -> dict[str, float]:
    return {
        "brier": measure.brier(probability, rows.label),
        "ece": measure.calibration_error(probability, rows.label),
        "mean_probability": float(probability.mean()),
    }


def _of(rows: Rows, name: str) -> Any:
    return np.array([repository == name for repository in rows.repository])


def _project(score: Floats, rows: Rows, part: Any) -> dict[str, Any]:
    label = rows.label[part]
    return {
        "rows": int(part.sum()),
        "base_rate": float(label.mean()),
        "auc": Ranking(score[part], label).auc(),
        "auc_la": Ranking(rows.column("la")[part], label).auc(),
    }
