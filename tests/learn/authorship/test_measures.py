"""AUCs within strata, rates, erasing a year, and the gate."""

from __future__ import annotations

import numpy as np
import pytest

from riskbot.learn.authorship.gate import gate, passed
from riskbot.learn.authorship.measures import Strata, auc, by, joined, rate
from riskbot.learn.authorship.views import Scaler, erasure, explained


def strata(score, label, stratum) -> Strata:
    texts = np.array(stratum, dtype=str)
    return Strata(
        np.array(score, dtype=float),
        np.array(label, dtype=float),
        texts,
        texts,
    )


def test_only_pairs_of_one_stratum_count():
    # Over all rows the score is perfect; within each stratum it is the wrong way round in one and a tie in one.
    one = strata([1, 2, 8, 8, 9], [1, 0, 1, 0, 1], ["a", "a", "b", "b", "c"])
    assert one.auc() == pytest.approx((0 + 0.5) / 2)
    assert [list(rows) for rows in one.parts()] == [[0, 1], [2, 3]]
    assert strata([1, 2], [1, 1], ["a", "a"]).auc() is None


def test_strata_weigh_with_their_pairs():
    one = strata([3, 1, 2, 0, 9, 1], [1, 1, 0, 0, 0, 1], ["a", "a", "a", "a", "b", "b"])
    assert one.auc() == pytest.approx((4 * 0.75 + 0) / 5)


def test_an_interval_is_drawn_over_authors():
    random = np.random.default_rng(3)
    label = np.tile([0.0, 1.0], 200)
    score = label + random.normal(size=400)
    clusters = np.repeat([f"c{at}" for at in range(100)], 4)
    many = Strata(score, label, np.full(400, "s"), clusters).told(300)
    low, high = many["interval"]
    assert low < many["auc"] < high
    assert many["authors"] == 100
    assert (many["agents"], many["others"], many["strata"]) == (200, 200, 1)
    # One author is no reason to be sure: then commits are drawn.
    alone = Strata(score, label, np.full(400, "s"), np.full(400, "c")).told(300)
    assert alone["authors"] == 1
    assert alone["interval"][0] < alone["auc"] < alone["interval"][1]
    # What one author alone has written moves together.
    copied = Strata(np.repeat(score, 5), np.repeat(label, 5), np.full(2000, "s"), np.repeat(clusters, 5))
    wide = copied.told(300)["interval"]
    assert wide[1] - wide[0] == pytest.approx(high - low, rel=0.25)
    assert strata([1.0], [1.0], ["a"]).told(10)["interval"] is None


def test_rates_have_wilsons_interval():
    found = rate(np.array([True] * 5 + [False] * 95))
    assert found["rate"] == 0.05
    assert found["interval"] == pytest.approx([0.0215, 0.1118], abs=1e-3)
    assert rate(np.array([], dtype=bool))["rate"] is None
    flagged, key = np.array([True, False, True]), np.array(["x", "x", "y"])
    told = by(flagged, key, np.array([True, True, False]), ("x", "y"))
    assert (told["x"]["rate"], told["y"]["rows"]) == (0.5, 0)


def test_auc_is_unknown_without_both_kinds():
    assert auc(np.array([1.0, 2.0]), np.array([0.0, 1.0])) == 1
    assert auc(np.array([1.0]), np.array([1.0])) is None
    assert list(joined(np.array(["a"]), np.array(["b"]))) == ["a | b"]


def test_erasing_leaves_a_line_nothing_to_tell_the_year_by():
    random = np.random.default_rng(1)
    year = random.uniform(2010, 2022, 500)
    noise = random.normal(size=(500, 6))
    values = noise + np.outer(year - 2016, [0.5, -0.3, 0, 0, 0.2, 0])
    scaled = Scaler.fit(values)(values)
    weight = np.ones(500)
    assert explained(scaled, year, weight) > 0.7
    left = scaled @ erasure(scaled, year, weight, 3)
    assert explained(left, year, weight) < 0.05
    assert np.linalg.matrix_rank(left) >= 3, "not all is gone"


def figures(gold=(0.7, [0.66, 0.74]), era=0.05, repository=0.08, others=99) -> dict:
    part = {
        "contrasts": {
            name: {"auc": gold[0], "interval": gold[1], "agents": 99, "others": others}
            for name in ("gold", "same_author")
        },
        "alarms": {
            "eras": {name: {"rate": era} for name in ("early", "late", "proxy")},
            "late_repositories": {"a/b": {"rate": repository}},
            "proxy_repositories": {"c/d": {"rate": era}},
        },
    }
    return {"threshold": {"nominal": 0.05}, "training": part, "measuring": part}


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        (figures(), True),
        (figures(gold=(0.7, [0.64, 0.74])), False),
        (figures(gold=(0.7, None)), False),
        (figures(others=29), False),
        (figures(era=0.11), False),
        (figures(repository=0.11), False),
    ],
)
def test_the_gate_asks_for_all_of_it(told, holds):
    tests = gate(told)
    assert passed(tests) is holds
    assert sum(not one.passed for one in tests) in ({0} if holds else {1, 2, 3, 4})


def test_what_could_not_be_measured_has_not_passed():
    told = figures()
    told["measuring"]["alarms"]["proxy_repositories"] = {}
    told["training"]["alarms"]["proxy_repositories"] = {}
    found = [one for one in gate(told) if not one.passed]
    assert [one.found for one in found] == ["could not be measured"]
