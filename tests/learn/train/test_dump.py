import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.assess.trees import Trees
from riskbot.learn.train.dump import plain

np = pytest.importorskip("numpy")
lightgbm = pytest.importorskip("lightgbm")

NAMES = ["a", "b", "c", "d"]
QUIET = {"verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1, "min_data_in_leaf": 5}


def _rows(count=400, missing=0.2, seed=3):
    dice = np.random.default_rng(seed)
    rows = dice.normal(size=(count, 4)) * [1, 10, 1e-3, 1e6]
    rows[:, 3] = rows[:, 3].round()
    rows[dice.random(rows.shape) < missing] = np.nan
    rows[:, 2] = np.nan_to_num(rows[:, 2])  # one feature that is never unknown in training
    labels = (np.nan_to_num(rows[:, 0]) + 0.1 * np.nan_to_num(rows[:, 1]) + dice.normal(size=count)) > 0.3
    return rows, labels.astype(float)


def _fit(rows, labels, rounds=30, **more):
    data = lightgbm.Dataset(rows, labels, feature_name=NAMES, **more.pop("data", {}))
    return lightgbm.train({"objective": "binary", **QUIET, **more}, data, rounds)


ROWS, LABELS = _rows()
BOOSTER = _fit(ROWS, LABELS)
TREES = Trees.parse(json.loads(json.dumps(plain(BOOSTER.dump_model()))))


def _values(row):
    return {name: None if math.isnan(value) else float(value) for name, value in zip(NAMES, row, strict=True)}


def test_the_sums_are_lightgbms_own():
    expected = BOOSTER.predict(ROWS, raw_score=True)
    for row, raw in zip(ROWS, expected, strict=True):
        assert TREES.logit(_values(row)) == pytest.approx(raw, abs=1e-9)


@given(st.lists(st.none() | st.floats(-1e7, 1e7) | st.just(0.0), min_size=4, max_size=4))
def test_the_sums_are_lightgbms_own_for_rows_never_seen(row):
    """Unknown values take the default direction, and count as 0 where training had none of them."""
    array = np.array([[math.nan if value is None else value for value in row]])
    assert TREES.logit(dict(zip(NAMES, row, strict=True))) == pytest.approx(
        BOOSTER.predict(array, raw_score=True)[0], abs=1e-9
    )


def test_a_value_on_the_threshold_goes_where_lightgbm_sends_it():
    at = {(tree.feature[0], tree.threshold[0]) for tree in TREES.trees if tree.feature[0] >= 0}
    assert at
    for feature, threshold in at:
        for value in (threshold, math.nextafter(threshold, math.inf), math.nextafter(threshold, -math.inf)):
            row = [0.0] * 4
            row[feature] = value
            expected = BOOSTER.predict(np.array([row]), raw_score=True)[0]
            assert TREES.logit(_values(row)) == pytest.approx(expected, abs=1e-9)


def test_the_roots_are_the_mean_of_the_training_rows():
    """So a contribution says how far a change is from the average one."""
    assert TREES.base == pytest.approx(float(np.mean(BOOSTER.predict(ROWS, raw_score=True))), abs=1e-9)


def test_a_calibration_is_folded_in():
    folded = Trees.parse(plain(BOOSTER.dump_model(), scale=0.5))
    values = _values(ROWS[0])
    assert folded.logit(values) == pytest.approx(0.5 * TREES.logit(values), abs=1e-12)


def test_a_tree_without_a_split_is_its_constant():
    booster = _fit(ROWS, LABELS, rounds=1, min_data_in_leaf=1000)
    trees = Trees.parse(plain(booster.dump_model()))
    assert trees.logit({}) == pytest.approx(booster.predict(ROWS[:1], raw_score=True)[0], abs=1e-9)
    assert trees.contributions({}) == {}


def test_what_plain_trees_cannot_say_is_refused():
    rows = np.nan_to_num(ROWS)
    rows[:, 1] = np.abs(rows[:, 1]).round() % 7
    labels = np.isin(rows[:, 1], (2, 5)).astype(float)
    for booster, word in (
        (_fit(rows, labels, data={"categorical_feature": ["b"]}), "categorical"),
        (_fit(np.where(np.abs(rows) < 0.5, 0.0, rows), LABELS, zero_as_missing=True), "zero"),
        (_fit(rows, LABELS, linear_tree=True), "linear"),
        (_fit(rows, rows[:, 1] % 3, objective="multiclass", num_class=3), "one tree"),
        (_fit(rows, LABELS, boosting="rf", bagging_freq=1, bagging_fraction=0.5), "one tree"),
    ):
        with pytest.raises(ValueError, match=f"(?i){word}"):
            plain(booster.dump_model())
