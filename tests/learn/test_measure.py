import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, matthews_corrcoef, roc_auc_score

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


@given(ROWS, st.sampled_from([0.05, 0.1, 0.3, 0.5]))
def test_capture_mcc_and_false_alarms_are_means_over_the_orders_of_ties(rows, share):
    score, label = _arrays(rows)
    random = np.random.default_rng(0)
    ranking = Ranking(score, label)
    found, alarms = [], []
    for _ in range(300):
        order = np.lexsort((random.random(len(score)), -score))
        # A cut inside a row takes that part of it, as the measure says of ties.
        taken = np.clip(share * len(score) - np.arange(len(score)), 0, 1)
        found.append((taken * label[order]).sum() / label.sum())
        alarms.append(np.argmax(label[order] == 1))
    spread = 5 * np.std(found) / np.sqrt(300) + 1e-9
    assert ranking.capture(share) == pytest.approx(np.mean(found), abs=spread)
    assert ranking.initial_false_alarms() == pytest.approx(
        np.mean(alarms), abs=5 * np.std(alarms) / np.sqrt(300) + 1e-9
    )


@given(st.lists(st.booleans(), min_size=10, max_size=60).filter(lambda y: 0 < sum(y) < len(y)))
def test_mcc_without_ties_agrees_with_scikit_learn(labels):
    label = np.array(labels, float)
    score = -np.arange(len(label), dtype=float)
    gated = int(0.3 * len(label))
    marked = np.arange(len(label)) < gated
    assert Ranking(score, label).mcc(gated / len(label)) == pytest.approx(matthews_corrcoef(label, marked))


def test_lift_is_capture_over_share():
    label = np.array([1.0] * 2 + [0] * 18)
    assert Ranking(-np.arange(20.0), label).lift(0.1) == pytest.approx(10)


@settings(max_examples=40)
@given(ROWS, st.integers(0, 2**32 - 1))
def test_many_draws_at_once_are_each_draw_by_itself(rows, seed):
    score, label = _arrays(rows)
    weights = np.random.default_rng(seed).integers(0, 3, (len(score), 7)).astype(float)
    ranking = Ranking(score, label)
    curve = ranking.curve(weights)
    for draw in range(7):
        weight = weights[:, draw]
        repeat = np.repeat(np.arange(len(score)), weight.astype(int))
        s, y = score[repeat], label[repeat]
        if 0 < y.sum() < len(y):
            assert curve.auc()[draw] == pytest.approx(roc_auc_score(y, s))
            assert curve.average_precision()[draw] == pytest.approx(average_precision_score(y, s))
            assert curve.capture(0.3)[draw] == pytest.approx(Ranking(s, y).capture(0.3))
            assert ranking.average_precision(weight) == pytest.approx(average_precision_score(y, s))
        elif not y.sum():
            assert np.isnan(curve.capture(0.3)[draw])
        else:
            assert np.isnan(curve.auc()[draw])


EFFORT_ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 30)), min_size=3, max_size=40
).filter(
    lambda rows: (
        0 < sum(label for _, label, _ in rows) < len(rows) and any(e for _, label, e in rows if label)
    )
)


def _area_by_hand(rows):
    """Sum the trapezoids under found positives over spent lines, one row at a time."""
    positives, lines = sum(y for _, y, _ in rows), sum(e for _, _, e in rows)
    found = area = 0.0
    for _, y, e in rows:
        area += e / lines * (found + y / positives / 2)
        found += y / positives
    return area


@given(EFFORT_ROWS)
def test_popt_is_the_literal_definition(rows):
    def actual(row):
        return math.inf if row[1] and not row[2] else row[1] / max(row[2], 1)

    ours = _area_by_hand(sorted(rows, key=lambda row: -row[0] / (row[2] + 1)))
    best = _area_by_hand(sorted(rows, key=lambda row: -actual(row)))
    worst = _area_by_hand(sorted(rows, key=actual))
    score, label, effort = (np.array(column, float) for column in zip(*rows, strict=True))
    value = measure.popt(score, label, effort)
    if best - worst > 1e-9:
        assert value == pytest.approx((ours - worst) / (best - worst))
        assert -1e-9 <= value <= 1 + 1e-9


def test_popt_of_the_best_and_the_worst_order():
    label, effort = np.array([1.0, 0, 1, 0]), np.array([1.0, 5, 20, 50])
    assert measure.popt(label * (effort + 1) / effort, label, effort) == pytest.approx(1)
    assert measure.popt((1 - label) * 1e6 + effort**2, label, effort) == pytest.approx(0, abs=0.01)


@given(EFFORT_ROWS, st.sampled_from([0.2, 0.5, 1.0]))
def test_effort_at_recall_is_the_literal_definition(rows, share):
    spent = found = 0
    positives, lines = sum(y for _, y, _ in rows), sum(e for _, _, e in rows)
    for _, y, e in sorted(rows, key=lambda row: -row[0] / (row[2] + 1)):
        spent, found = spent + e, found + y
        if found >= share * positives - 1e-9:
            break
    score, label, effort = (np.array(column, float) for column in zip(*rows, strict=True))
    assert measure.effort_at_recall(score, label, effort, share) == pytest.approx(spent / lines)


FORECASTS = st.lists(
    st.tuples(st.integers(0, 20), st.booleans(), st.integers(0, 50)), min_size=20, max_size=80
).filter(lambda rows: 0 < sum(label for _, label, _ in rows) < len(rows))


@given(FORECASTS, st.integers(1, 15))
def test_brier_and_calibration_error_are_the_literal_definitions(rows, bins):
    probability, label, _ = (np.array(column, float) for column in zip(*rows, strict=True))
    probability /= 20
    assert measure.brier(probability, label) == pytest.approx(brier_score_loss(label, probability))
    ranked = sorted(zip(probability, label, strict=True), key=lambda pair: pair[0])
    error = at = 0
    for number in range(bins):  # the first bins are larger by one where the rows do not divide
        size = len(ranked) // bins + (number < len(ranked) % bins)
        part = ranked[at : at + size]
        at += size
        error += abs(sum(p for p, _ in part) - sum(y for _, y in part))
    assert measure.calibration_error(probability, label, bins) == pytest.approx(error / len(ranked))


@given(FORECASTS)
def test_auc_at_equal_size_is_the_weighted_mean_over_deciles(rows):
    score, label, size = (np.array(column, float) for column in zip(*rows, strict=True))
    order = sorted(range(len(rows)), key=lambda row: size[row])
    found, at = [], 0
    for number in range(10):
        part = order[at : at + len(rows) // 10 + (number < len(rows) % 10)]
        at += len(part)
        if len(set(label[part])) == 2:
            found += [roc_auc_score(label[part], score[part])] * len(part)
    expected = np.mean(found) if found else np.nan
    assert measure.auc_at_equal_size(score, label, size) == pytest.approx(expected, nan_ok=True)
