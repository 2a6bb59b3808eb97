import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from riskbot.learn import measure
from riskbot.learn.measure import Ranking

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=60).filter(
    lambda rows: 0 < sum(label for _, label in rows) < len(rows)
)


def _arrays(rows):
    return np.array([s for s, _ in rows], float), np.array([y for _, y in rows], float)


@given(ROWS)
def test_auc_and_ap_agree_with_scikit_learn_ties_included(rows):
    score, label = _arrays(rows)
    ranking = Ranking(score, label)
    assert ranking.auc() == pytest.approx(roc_auc_score(label, score))
    assert ranking.average_precision() == pytest.approx(average_precision_score(label, score))


@given(ROWS, st.integers(1, 4))
def test_a_weight_is_that_many_rows(rows, times):
    score, label = _arrays(rows)
    weight = np.ones(len(score))
    weight[0] = times
    repeat = np.repeat(np.arange(len(score)), weight.astype(int))
    many = Ranking(score[repeat], label[repeat])
    assert Ranking(score, label).auc(weight) == pytest.approx(many.auc())
    assert Ranking(score, label).capture(0.3, weight) == pytest.approx(many.capture(0.3))


def test_capture_of_tied_rows_is_what_chance_would_capture():
    label = np.array([1.0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert Ranking(np.zeros(10), label).capture(0.2) == pytest.approx(0.2)
    assert Ranking(-np.arange(10.0), label).capture(0.1) == 0.5


def test_calibration_error_of_a_perfect_and_a_wrong_forecast():
    label = np.tile([0.0, 1.0], 500)
    assert measure.calibration_error(np.full(1000, 0.5), label) == pytest.approx(0)
    assert measure.calibration_error(np.full(1000, 0.9), label) == pytest.approx(0.4)
    assert measure.brier(np.full(1000, 0.5), label) == 0.25


def test_the_bootstrap_draws_blocks_and_repeats_itself():
    when = np.arange(100.0) * 86_400
    value = np.random.default_rng(1).normal(size=100)

    def mean(weight):
        return [float(np.average(value, weights=weight))]

    first = measure.block_bootstrap(when, mean, times=200)
    assert first == measure.block_bootstrap(when, mean, times=200)
    assert first[0][0] < value.mean() < first[0][1]


def test_recall_at_effort_counts_what_fits_into_the_budget():
    label, effort = np.array([1.0, 0, 1]), np.array([10.0, 10, 80])
    assert measure.recall_at_effort(np.array([3.0, 2, 1]), label, effort, 0.2) == 0.5


def test_size_alone_knows_little_at_equal_size():
    random = np.random.default_rng(0)
    size = random.integers(0, 1000, 2000).astype(float)
    label = (random.random(2000) < size / 1000).astype(float)
    assert Ranking(size, label).auc() > 0.75
    assert measure.auc_at_equal_size(size, label, size) < 0.65
