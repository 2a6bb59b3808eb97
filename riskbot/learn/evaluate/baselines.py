"""Baselines, fitted on the same training rows as the model: what a learned score has to beat.

Each takes training rows and gives a :data:`~riskbot.learn.evaluate.rows.Scorer`, a probability for every
row. Choices inside a baseline (transform, penalty, rounds) are made on later training rows, never on rows
that are measured: a baseline that was not given its best chance proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.rows import Rows, Scorer, split_by_time
from riskbot.learn.measure import Floats, Ranking

KAMEI = ("ns", "nd", "nf", "entropy", "la", "ld", "lt", "fix", "ndev", "age", "nuc", "exp", "rexp", "sexp")
"""The 14 change metrics of Kamei et al. (TSE 2013, doi:10.1109/TSE.2012.70)."""
KAMEI_NAME = "logistic regression, Kamei 14"
"""The baseline that stands for what is in use: the one that ratios are taken to."""
BOOSTING_NAME = "gradient boosting, all features"
EARLY = 0.8
"""Share of the training rows, by time, that candidates are fitted on; the rest says which is stronger."""
PENALTIES = (0.01, 1.0)
"""scikit-learn's C, the inverse strength of the L2 penalty."""
UNLOGGED = frozenset({"entropy", "fix"})
"""Metrics that enter as they are, as in the metrics model: bounded, or yes and no."""


@dataclass(frozen=True)
class Design:
    """How columns enter a linear model: transformed, standardised, the unknown at the training mean (0)."""

    names: tuple[str, ...]
    logged: bool
    center: Floats
    spread: Floats

    @classmethod
    def of(cls, rows: Rows, names: Sequence[str], *, logged: bool) -> Design:
        """Take means and spreads from training rows; a column unknown in all of them stays at 0."""
        values = _transformed(rows, tuple(names), logged=logged)
        known = np.isfinite(values)
        count = np.maximum(known.sum(axis=0), 1)
        center = np.where(known, values, 0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, values - center, 0) ** 2).sum(axis=0) / count)
        return cls(tuple(names), logged, center, np.where(spread > 0, spread, 1.0))

    def __call__(self, rows: Rows) -> Floats:
        """Give the design matrix, [rows, names], without unknowns."""
        values = (_transformed(rows, self.names, logged=self.logged) - self.center) / self.spread
        return np.where(np.isfinite(values), values, 0.0)


def _transformed(rows: Rows, names: tuple[str, ...], *, logged: bool) -> Floats:
    values = np.array(rows.columns(names), dtype=float)
    if logged:
        logs = [i for i, name in enumerate(names) if name not in UNLOGGED]
        values[:, logs] = np.sign(values[:, logs]) * np.log1p(np.abs(values[:, logs]))
    return values


def regression(values: Any, label: Floats, penalty: float) -> Any:
    """Fit scikit-learn's logistic regression on a dense or sparse design."""
    from sklearn.linear_model import LogisticRegression

    if not 0 < label.sum() < len(label):
        raise EvaluationError(
            f"The {len(label):,} training rows are all of one kind; a baseline needs positives and others.",
            mend="Check the labels: a source may be missing, or the time at which labels are read too early.",
        )
    return LogisticRegression(C=penalty, max_iter=2000).fit(values, label)


def lines_added(train: Rows) -> Scorer:
    """Rank by lines added alone (LApredict, Zeng et al., ISSTA 2021): a regression on log(1 + la)."""
    model = regression(np.log1p(train.la)[:, None], train.label, 1.0)
    return lambda rows: _probability(model, np.log1p(rows.la)[:, None])


def project_prior(train: Rows) -> Scorer:
    """Give each repository's own rate on the training rows, the rate of all where it has none there."""
    rates = {name: float(train.label[train.repository == name].mean()) for name in train.repositories()}
    overall = float(train.label.mean())
    return lambda rows: np.array([rates.get(str(name), overall) for name in rows.repository])


def logistic(train: Rows, names: Sequence[str] = KAMEI) -> Scorer:
    """Fit a logistic regression on named metrics, raw or logged: what ranks later training rows better."""
    early, late = split_by_time(train, EARLY)

    def fitted(rows: Rows, logged: bool, penalty: float) -> Scorer:
        design = Design.of(rows, names, logged=logged)
        model = regression(design(rows), rows.label, penalty)
        return lambda other: _probability(model, design(other))

    best = max(product((True, False), PENALTIES), key=lambda choice: _strength(fitted(early, *choice), late))
    return fitted(train, *best)


def _strength(scorer: Scorer, late: Rows) -> float:
    return Ranking(scorer(late), late.label).auc()


def _probability(model: Any, values: Any) -> Floats:
    return np.asarray(model.predict_proba(values)[:, 1])


@dataclass(frozen=True)
class Boosting:
    """Settings of the boosted trees; ``rounds`` None finds their number on later training rows."""

    rounds: int | None = None
    most: int = 600
    leaves: int = 31
    rate: float = 0.05
    least: int = 50
    seed: int = 0
    threads: int = 2

    def fit(
        self, values: Floats, label: Floats, rounds: int, check: tuple[Floats, Floats] | None = None
    ) -> Any:
        """Fit LightGBM; NaN is unknown to it too. ``check``: values and labels to stop early on."""
        import lightgbm

        settings: dict[str, Any] = {
            "objective": "binary",
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "min_data_in_leaf": self.least,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "seed": self.seed,
            "num_threads": self.threads,
            "deterministic": True,
            "force_row_wise": True,
            "metric": "auc",
            "verbosity": -1,
        }
        data = lightgbm.Dataset(values, label)
        if check is None:
            return lightgbm.train(settings, data, rounds)
        stop = lightgbm.early_stopping(50, verbose=False)
        sets = [lightgbm.Dataset(check[0], check[1], reference=data)]
        return lightgbm.train(settings, data, rounds, valid_sets=sets, callbacks=[stop])

    def count(self, train: Rows, names: Sequence[str]) -> int:
        """Give the rounds to fit: as set, or those that rank later training rows best."""
        if self.rounds is not None:
            return self.rounds
        early, late = split_by_time(train, EARLY)
        check = (late.columns(names), late.label)
        found = self.fit(early.columns(names), early.label, self.most, check)
        return max(1, int(found.best_iteration))


def boosting(train: Rows, names: Sequence[str] | None = None, settings: Boosting | None = None) -> Scorer:
    """Fit gradient-boosted trees on all features, or on the named ones."""
    settings = settings or Boosting()
    chosen = tuple(names or train.names)
    model = settings.fit(train.columns(chosen), train.label, settings.count(train, chosen))
    return lambda rows: np.asarray(model.predict(rows.columns(chosen), num_threads=settings.threads))


def given(score: Floats) -> Scorer:
    """Give scores made elsewhere (the transformer, the blend), in the order of the rows measured."""

    def scorer(rows: Rows) -> Floats:
        if len(score) != len(rows):
            raise EvaluationError(f"{len(score):,} scores were given for {len(rows):,} rows.")
        return score

    return scorer


FITTED: dict[str, Callable[[Rows], Scorer]] = {
    "lines added alone": lines_added,
    "project prior": project_prior,
    KAMEI_NAME: logistic,
    BOOSTING_NAME: boosting,
}
"""The baselines that read no text, by the name that the report gives them."""
