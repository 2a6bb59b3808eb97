"""The blend on synthetic changes with a known signal."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from riskbot.assess.trees import Trees
from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.measure import Ranking, calibration_error
from riskbot.learn.train.blend import (
    TreesConfig,
    fit_trees,
    folds,
    out_of_fold,
    quantiles,
    raw,
    sampled,
    stack,
    tempered,
)

CONFIG = TreesConfig(rounds=40, least=20, threads=1, folds=3)
NAMES = ("la", "nf", "age")


def rows(count: int, seed: int = 0, repositories: int = 6) -> tuple[Rows, np.ndarray]:
    """Make changes whose risk depends on ``la``, on ``age`` (sometimes unknown) and on a text score."""
    random = np.random.default_rng(seed)
    matrix = random.lognormal(2, 1, (count, 3))
    matrix[random.random(count) < 0.3, 2] = np.nan
    text = random.normal(0, 1, count)
    logit = np.log(matrix[:, 0]) - 3.5 - 0.5 * np.isnan(matrix[:, 2]) + text
    label = (random.random(count) < 1 / (1 + np.exp(-logit))).astype(float)
    names = np.array([f"r{one}" for one in random.integers(0, repositories, count)])
    ids = np.array([str(at) for at in range(count)])
    made = Rows(
        matrix, NAMES, label, np.arange(count, dtype=float), names, ids, matrix[:, 0], np.zeros(count)
    )
    return made, text


def test_the_text_adds_what_the_trees_do_not_know_and_the_result_is_calibrated():
    (fit, _), (later, text), (test, words) = rows(4000), rows(4000, 1), rows(4000, 2)
    booster = fit_trees(fit, NAMES, CONFIG)
    alone, both = stack(booster, later), stack(booster, later, text)
    assert both.weight == pytest.approx(1, abs=0.3)
    assert alone.weight == 0
    gain = Ranking(both.logit(test, words), test.label).auc() - Ranking(alone.logit(test), test.label).auc()
    assert gain > 0.05
    assert calibration_error(1 / (1 + np.exp(-both.logit(test, words))), test.label) < 0.03


def test_a_text_that_only_knows_its_own_repositories_is_heard_less_elsewhere():
    (fit, _), (later, text), (abroad, words) = rows(4000), rows(4000, 1), rows(4000, 2)
    blend = stack(fit_trees(fit, NAMES, CONFIG), later, text)
    noise = np.random.default_rng(3).normal(0, 1, len(words))
    unheard = tempered(blend, later, text, abroad, noise)
    assert unheard.weight < 0.3 * blend.weight
    assert calibration_error(1 / (1 + np.exp(-unheard.logit(later, text))), later.label) < 0.02
    heard = tempered(blend, later, text, abroad, words)
    assert heard.weight == pytest.approx(blend.weight, rel=0.05)
    assert heard.slope == pytest.approx(blend.slope, rel=0.05)
    trees_only = stack(blend.booster, later)
    assert tempered(trees_only, later, text, abroad, words) == trees_only


def test_what_is_written_scores_like_what_was_fitted():
    (fit, _), (later, text) = rows(2000), rows(1000, 1)
    text[::7] = math.nan
    found = stack(fit_trees(fit, NAMES, CONFIG), later, text)
    told = json.loads(json.dumps(found.document()))
    trees = Trees.parse(told)
    expected = found.logit(later, text)
    for at in range(0, 1000, 50):
        values = {
            name: None if math.isnan(x) else float(x) for name, x in zip(NAMES, later.matrix[at], strict=True)
        }
        words = 0.0 if math.isnan(text[at]) else told["text"]["weight"] * (text[at] - told["text"]["center"])
        assert told["intercept"] + trees.logit(values) + words == pytest.approx(expected[at], abs=1e-9)


def test_no_row_is_scored_by_trees_that_saw_its_repository():
    made, _ = rows(3000)
    fold = folds(made, 3)
    for name in made.repositories():
        assert len(set(fold[made.repository == name])) == 1
    assert sorted(set(fold)) == [0, 1, 2]
    logits = out_of_fold(made, NAMES, CONFIG)
    held = fold == 1
    booster = fit_trees(made.part(~held), NAMES, CONFIG)
    assert np.array_equal(logits[held], raw(booster, made.part(held)))
    one, _ = rows(90, repositories=1)
    assert sorted(set(folds(one, 3))) == [0, 1, 2]
    assert (np.diff(folds(one, 3)) >= 0).all()  # blocks of time


def test_a_text_that_points_the_wrong_way_is_left_out():
    (fit, _), (later, text) = rows(2000), rows(2000, 1)
    booster = fit_trees(fit, NAMES, CONFIG)
    assert stack(booster, later, -text).weight == 0
    assert stack(booster, later, np.full(2000, math.nan)).weight == 0


def test_a_sample_keeps_all_positives_and_says_by_how_much_its_logits_are_higher():
    label = np.array([1.0] * 100 + [0.0] * 900)
    chosen, shift = sampled(label, 2.0, seed=3)
    assert label[chosen].sum() == 100
    assert len(set(chosen)) == len(chosen) == 300
    assert shift == pytest.approx(math.log(900 / 200))
    assert not np.array_equal(chosen, np.sort(chosen))
    with pytest.raises(EvaluationError):
        sampled(np.ones(5), 1.0, seed=0)


def test_calibration_needs_both_kinds_of_rows():
    made, _ = rows(500)
    with pytest.raises(EvaluationError, match="all of one kind"):
        stack(fit_trees(made, NAMES, CONFIG), made.part(made.label == 1))


def test_quantiles_ascend():
    found = quantiles(np.random.default_rng(0).random(5000), 100)
    assert len(found) == 100
    assert found == sorted(found)
    assert found[49] == pytest.approx(0.5, abs=0.03)
