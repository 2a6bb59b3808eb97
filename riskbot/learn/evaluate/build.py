"""Build the measured sets of a run: chosen rows, their labels, and every ranking's score of them.

Everything that is compared is fitted on the same rows, the fit part, and sees the same measured rows. The
rows of a repository are a random draw at their natural rate where there are more than are measured: what
takes time is the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskbot.assess.features import PEOPLE
from riskbot.learn.dataset import Corpus, Parts
from riskbot.learn.evaluate import ablation, targets
from riskbot.learn.evaluate.baselines import FITTED, Boosting, regression
from riskbot.learn.evaluate.document import SWITCHED
from riskbot.learn.evaluate.rows import Rows, Scorer
from riskbot.learn.evaluate.scored import OURS, TEXT, TREES, Scored
from riskbot.learn.evaluate.targets import CODE, PLAIN
from riskbot.learn.evaluate.words import NAME as WORDS
from riskbot.learn.evaluate.words import tfidf
from riskbot.learn.measure import Floats
from riskbot.learn.train.blend import Blend, raw

TextScores = Callable[[Rows], Floats]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measure:
    """How much is measured: rows of each validation repository, of the later slice, and for TF-IDF."""

    cross: int = 1_500
    later: int = 8_000
    words: int = 30_000
    seed: int = 1


def drawn(rows: Rows, which: Mask, most: int, seed: int, *, each: bool) -> NDArray[np.intp]:
    """Choose at most ``most`` rows of a mask at random (of every repository where ``each``), in order."""
    random = np.random.default_rng(seed)
    places = np.flatnonzero(which)
    groups = [places[rows.repository[places] == name] for name in np.unique(rows.repository[places])]
    kept = [
        group if len(group) <= most else random.choice(group, most, replace=False)
        for group in (groups if each else [places])
    ]
    return np.sort(np.concatenate(kept)) if kept else places


@dataclass(frozen=True)
class Rankings:
    """What is compared, fitted: scorers without text, and our blend of trees and text."""

    scorers: Mapping[str, Scorer]
    blend: Blend
    alone: Blend
    text: tuple[float, float]
    texts: TextScores

    @classmethod
    def fitted(
        cls,
        train: Rows,
        later: Rows,
        blend: Blend,
        texts: TextScores,
        *,
        measure: Measure,
        told: Callable[[str], None] = lambda _: None,
    ) -> Rankings:
        """Fit every baseline on ``train``; ``later``, the calibration rows, calibrates the text alone."""
        from riskbot.learn.train.blend import stack

        scorers: dict[str, Scorer] = {}
        for name, make in FITTED.items():
            told(name)
            scorers[name] = make(train)
        told(WORDS)
        some = drawn(train, np.ones(len(train), bool), measure.words, measure.seed, each=False)
        scorers[WORDS] = tfidf(train.part(some))
        told(TEXT)
        words = texts(later)
        center = float(np.nanmean(words))
        found = regression(np.nan_to_num(words - center)[:, None], later.label, 1e6)
        slope, shift = float(found.coef_[0, 0]), float(found.intercept_[0])
        return cls(scorers, blend, stack(blend.booster, later), (slope, shift - slope * center), texts)

    def scores(self, rows: Rows) -> dict[str, Floats]:
        """Give every ranking's probability of rows, ours first.

        Where our trees know something of the author, ours without that is among them: as served with the
        switch off, so the same trees, to whom it is unknown.
        """
        words = self.texts(rows)
        trees = raw(self.blend.booster, rows)
        blind = raw(self.blend.booster, _without(rows, PEOPLE))
        switched = {SWITCHED: _sigmoid(self.blend.combined(blind, words))} if (blind != trees).any() else {}
        slope, shift = self.text
        mean = float(np.nanmean(words)) if np.isfinite(words).any() else 0.0
        return {
            OURS: _sigmoid(self.blend.combined(trees, words)),
            **switched,
            TREES: _sigmoid(self.alone.combined(trees)),
            TEXT: _sigmoid(shift + slope * np.where(np.isfinite(words), words, mean)),
            **{name: scorer(rows) for name, scorer in self.scorers.items()},
        }


def _without(rows: Rows, names: Sequence[str]) -> Rows:
    """Make some features unknown."""
    return replace(rows, matrix=np.where(np.isin(rows.names, names), np.nan, rows.matrix))


def _sigmoid(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)))


def sets(
    corpus: Corpus, parts: Parts, rankings: Rankings, measure: Measure, *, source: str, linked: bool
) -> list[Scored]:
    """Score what is measured: the repositories never trained on, by four labels, and the later slice.

    ``source`` and ``linked`` are the label that was trained on.
    """
    found = []
    if parts.cross.any():
        chosen = drawn(corpus.rows, parts.cross, measure.cross, measure.seed, each=True)
        part = corpus.part(chosen)
        scores = rankings.scores(part.rows)
        labels = {
            targets.CROSS: (part.label(source, linked=linked), f"label {source}"),
            PLAIN: (part.label("b"), "label b: every commit that a repair blames"),
            targets.STRICT: (part.label("r", linked=True), "label r of repairs that name an issue"),
            targets.REVERTS: (part.label("revert"), "label: the commit was reverted"),
        }
        found += [_scored(name, part.rows, label, scores, about) for name, (label, about) in labels.items()]
        code = part.code
        if code.any() and not code.all():
            only = {name: score[code] for name, score in scores.items()}
            label = part.label(source, linked=linked)[code]
            about = f"label {source}; only changes that touch source code"
            found.append(_scored(CODE, part.rows.part(code), label, only, about))
    if parts.later.any():
        chosen = drawn(corpus.rows, parts.later, measure.later, measure.seed, each=False)
        part = corpus.part(chosen)
        scores, label = rankings.scores(part.rows), part.label(source, linked=linked)
        about = f"label {source}; later commits of the training repositories"
        found += [
            _scored(name, part.rows, label, scores, about) for name in (targets.LATER, targets.CALIBRATION)
        ]
    return [one for one in found if one is not None]


def _scored(name: str, rows: Rows, label: Floats, scores: dict[str, Floats], about: str) -> Scored | None:
    if not 0 < label.sum() < len(label):
        return None
    return Scored(name, rows.labelled(label), scores, about)


def ablated(
    train: Rows,
    test: Rows,
    families: Mapping[str, tuple[str, ...]],
    told: Callable[[str], None],
    seeds: Sequence[int] = ablation.SEEDS,
) -> Scored:
    """Leave out each family of features that has a known value, with settings like the shipped trees'."""
    known: Any = np.isfinite(train.matrix).any(axis=0)
    names = tuple(name for name, here in zip(train.names, known, strict=True) if here)
    told_families = {
        name: kept
        for name, members in families.items()
        if (kept := tuple(one for one in members if one in names))
    }
    settings = Boosting(rounds=400, leaves=8, rate=0.05, least=100)
    return ablation.ablate(
        _only(train, names), _only(test, names), told_families, settings=settings, seeds=seeds, told=told
    )


def _only(rows: Rows, names: tuple[str, ...]) -> Rows:
    return replace(rows, matrix=rows.columns(names), names=names)
