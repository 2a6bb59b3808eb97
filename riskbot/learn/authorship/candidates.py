"""What was tried: which features, seen how, against which negatives, learnt by what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskbot.detect.authorship.style.features import era, names
from riskbot.learn.authorship.config import Fit
from riskbot.learn.authorship.data import SAID, Corpus, Mask, Rows
from riskbot.learn.authorship.groups import LATE, MODERN
from riskbot.learn.authorship.views import Scaler, against_author, against_repository, erasure
from riskbot.learn.measure import Floats


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to learn.

    ``columns``: all code features, ``plain`` (without those of an era), ``message``, or ``both`` (plain and
    message). ``view``: raw, repository, author or erased. ``negatives``: people, late, or months (unlabelled
    commits of the same months: noisy). ``learner``: trees or linear. ``served``: it needs nothing but the
    added lines, so riskbot could serve it.
    """

    name: str
    columns: str
    view: str
    negatives: str
    learner: str

    @property
    def served(self) -> bool:
        """Say whether riskbot could serve it."""
        return (
            self.view in {"raw", "erased"} and self.columns in {"all", "plain"} and self.learner == "linear"
        )


def candidates() -> tuple[Candidate, ...]:
    """List what is tried."""
    rows = (
        ("all", "raw", "people", "trees"),
        ("all", "raw", "people", "linear"),
        ("plain", "raw", "people", "trees"),
        ("plain", "raw", "people", "linear"),
        ("plain", "raw", "late", "trees"),
        ("plain", "raw", "late", "linear"),
        ("plain", "erased", "people", "trees"),
        ("plain", "erased", "people", "linear"),
        ("all", "erased", "people", "linear"),
        ("plain", "repository", "people", "trees"),
        ("plain", "author", "people", "trees"),
        ("plain", "raw", "months", "trees"),
        ("plain", "raw", "months", "linear"),
        ("all", "raw", "months", "linear"),
        ("plain", "repository", "months", "trees"),
        ("plain", "author", "months", "trees"),
        ("message", "raw", "months", "trees"),
        ("both", "raw", "months", "trees"),
    )
    return tuple(Candidate(", ".join(row), *row) for row in rows)


def negatives(rows: Rows, kind: str) -> Mask:
    """Say which rows a candidate learns as not an agent's."""
    if kind == "months":
        return rows.groups(MODERN)
    return rows.groups(LATE) if kind == "late" else rows.people


def columns(kind: str) -> list[int]:
    """Give which of the columns (code first, then message and outline) a candidate reads."""
    code, late = len(names()), era()
    plain = [at for at, name in enumerate(names()) if name not in late]
    said = list(range(code, code + len(SAID) + 3))
    return {"all": list(range(code)), "plain": plain, "message": said, "both": plain + said}[kind]


def views(corpus: Corpus) -> dict[str, Floats]:
    """Compute every view of all rows once: code, then message and outline."""
    rows = corpus.rows
    repository = against_repository(rows, corpus.plain)
    author = against_author(rows, corpus.plain, repository)
    seen = {"raw": rows.code, "erased": rows.code, "repository": repository, "author": author}
    return {name: np.c_[code, rows.said] for name, code in seen.items()}


def weights(rows: Rows, label: Floats) -> Floats:
    """Let both kinds weigh the same within each repository, so that none is learnt by its name.

    A repository weighs as the square root of its rows: large ones count more, but not as much more.
    """
    found = np.zeros(len(rows))
    for name in np.unique(rows.repository):
        own = rows.repository == name
        for kind in (0.0, 1.0):
            which = own & (label == kind)
            if which.any():
                found[which] = np.sqrt(own.sum()) / (2 * which.sum())
    scaled: Floats = found * len(rows) / found.sum()
    return scaled


Scorer = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Line:
    """A weighted sum of scaled features: ``weight`` for each of ``columns``, and ``intercept``; in logits."""

    columns: list[int]
    scaler: Scaler
    weight: Floats
    intercept: float

    def __call__(self, values: Floats) -> Floats:
        """Score rows of all columns."""
        return np.asarray(self.scaler(values[:, self.columns]) @ self.weight + self.intercept)


def fit(one: Candidate, rows: Rows, values: Floats, config: Fit) -> Scorer:
    """Fit a candidate on rows that are an agent's or of its negatives; the others are left out."""
    chosen = rows.agent | negatives(rows, one.negatives)
    used = columns(one.columns)
    some, told = rows.part(chosen), values[chosen]
    label = some.agent.astype(float)
    weight = weights(some, label)
    scaler = Scaler.fit(told[:, used])
    projection = np.eye(len(used))
    if one.view == "erased":
        people = rows.people
        years = rows.when[people] / (365.25 * 86_400)
        known = np.ones(int(people.sum()))
        projection = erasure(scaler(values[people][:, used]), years, known, config.erased)
    if one.learner == "linear":
        return _line(used, scaler, projection, (told, label, weight), config)
    return _trees(used, scaler if one.view == "erased" else None, projection, (told, label, weight), config)


def _line(used: list[int], scaler: Scaler, projection: Floats, data: Any, config: Fit) -> Line:
    from sklearn.linear_model import LogisticRegression

    told, label, weight = data
    learner = LogisticRegression(C=0.02, max_iter=1000, random_state=config.seed)
    learner.fit(scaler(told[:, used]) @ projection, label, sample_weight=weight)
    return Line(used, scaler, projection @ learner.coef_[0], float(learner.intercept_[0]))


def _trees(used: list[int], scaler: Scaler | None, projection: Floats, data: Any, config: Fit) -> Scorer:
    import lightgbm

    told, label, weight = data

    def prepared(values: Floats) -> Floats:
        own = values[:, used]
        return own if scaler is None else scaler(own) @ projection

    settings = {
        "objective": "binary",
        "num_leaves": 12,
        "learning_rate": 0.05,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 20.0,
        "seed": config.seed,
        "num_threads": config.threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(prepared(told), label, weight=weight), config.rounds)
    return lambda values: np.asarray(booster.predict(prepared(values), raw_score=True))
