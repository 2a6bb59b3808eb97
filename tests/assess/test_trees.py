import copy
import math
import random

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st

from riskbot.assess.trees import Trees

from .make_trees import forest, forests, stump

NAMES = ("la", "ld", "nf", "x")
NUMBER = st.none() | st.integers(-6, 42).map(float) | st.floats(allow_nan=True, allow_infinity=True)
VALUES = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, NUMBER))


def _of(*trees, names=("a", "b")):
    return Trees.parse({"features": list(names), "trees": list(trees)})


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, -1), (2.0, -1), (2.0000001, 1), (None, 1), (math.nan, 1), (-math.inf, -1), (math.inf, 1)],
)
def test_a_value_up_to_the_threshold_goes_left(value, expected):
    assert _of(stump(0, 2.0, -1.0, 1.0)).logit({"a": value}) == expected


def test_what_is_unknown_goes_where_the_tree_says():
    assert _of(stump(0, 2.0, -1.0, 1.0, missing_left=True)).logit({}) == -1
    assert _of(stump(0, 2.0, -1.0, 1.0)).logit({"b": 5}) == 1


def test_a_step_is_credited_to_the_feature_that_it_splits_on():
    tree = {
        "feature": [0, -1, 1, -1, -1],
        "threshold": [10.0, 0, 3.0, 0, 0],
        "left": [1, -1, 3, -1, -1],
        "right": [2, -1, 4, -1, -1],
        "missing_left": [True, False, True, False, False],
        "value": [0.5, 0.0, 1.0, 0.75, 2.0],
    }
    trees = _of(tree)
    assert trees.base == 0.5
    assert trees.contributions({"a": 11, "b": 4}) == {"a": 0.5, "b": 1.0}
    assert trees.contributions({"a": 11, "b": 3}) == {"a": 0.5, "b": -0.25}
    assert trees.contributions({"a": 1, "b": 4}) == {"a": -0.5, "b": 0.0}


@given(forests(), VALUES)
def test_roots_and_contributions_are_the_sum(told, values):
    trees = Trees.parse(told)
    parts = trees.contributions(values)
    assert set(parts) == trees.used
    assert math.fsum((trees.base, *parts.values())) == pytest.approx(trees.logit(values), abs=1e-12)
    assert parts == trees.contributions(values)


@given(forests(), VALUES, VALUES)
def test_a_move_is_worked_out_as_if_all_were_walked_anew(told, values, moved):
    trees = Trees.parse(told)
    expected = trees.logit(values) - trees.logit({**values, **moved})
    assert trees.moving(values).fall(moved) == pytest.approx(expected, abs=1e-12)


def test_a_move_that_crosses_no_threshold_walks_no_tree(monkeypatch):
    trees = _of(stump(0, 2.0, -1.0, 1.0), stump(1, 5.0, -1.0, 1.0))
    moving = trees.moving({"a": 3.0, "b": 1.0})
    monkeypatch.setattr("riskbot.assess.trees.Tree.leaf", lambda *_: pytest.fail("a tree was walked"))
    assert moving.fall({"a": 9.0, "b": 1.0, "nobody": 4.0}) == 0


def _told():
    return forest(5, list(NAMES), 3)


def _with(column, node, value):
    told = _told()
    told["trees"][1][column][node] = value
    return told


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({**_told(), "features": []}, "feature"),
        ({**_told(), "features": ["la", "la"]}, "distinct"),
        ({**_told(), "features": ["la", 3, "x", "y"]}, "names"),
        ({**_told(), "features": "abcd"}, "names"),
        ({**_told(), "trees": []}, "trees"),
        ({**_told(), "trees": 3}, "trees"),
        ({**_told(), "trees": [3]}, "columns"),
        ({**_told(), "trees": [{}]}, "columns"),
        (_with("threshold", 0, math.nan), "finite"),
        (_with("value", 0, math.inf), "finite"),
        (_with("value", 0, True), "type"),
        (_with("value", 0, "1"), "type"),
        (_with("feature", 0, 4), "not there"),
        (_with("feature", 0, -2), "not there"),
        (_with("feature", 0, 1.0), "type"),
        (_with("feature", 0, -1), "leaf with children"),
        (_with("left", 0, 0), "stand after"),
        (_with("left", 0, 9999), "stand after"),
        (_with("left", 0, 2), "parent"),
        (_with("missing_left", 0, 1), "type"),
    ],
)
def test_what_is_no_tree_is_refused(told, word):
    with pytest.raises(ValueError, match=word):
        Trees.parse(told)


@pytest.mark.parametrize("column", ["feature", "threshold", "left", "right", "missing_left", "value"])
def test_columns_of_unequal_length_are_refused(column):
    told = copy.deepcopy(_told())
    told["trees"][0][column].pop()
    with pytest.raises(ValueError, match="nodes"):
        Trees.parse(told)
    told["trees"][0].pop(column)
    with pytest.raises(ValueError, match="columns"):
        Trees.parse(told)


def test_three_hundred_trees_are_walked_in_a_few_milliseconds():
    dice = random.Random(1)
    names = [f"f{i}" for i in range(90)]
    trees = Trees.parse(forest(7, names, 300, depth=5))
    values = {name: dice.uniform(-5, 40) for name in names}
    assert seconds(lambda: trees.contributions(values), tries=7) < 0.01  # 1 ms on a quiet machine
