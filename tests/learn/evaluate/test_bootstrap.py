import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from riskbot.learn.evaluate import bootstrap
from riskbot.learn.measure import Ranking

MONTH = 28 * 86_400


def _rows(count=400, repositories=3, seed=0, *, levels=20):
    random = np.random.default_rng(seed)
    score = random.integers(0, levels, count).astype(float)
    label = (random.random(count) < (1 + score) / (2 * levels)).astype(float)
    repository = np.array([f"r{i}" for i in random.integers(0, repositories, count)])
    return score, label, repository, random.uniform(0, 30 * MONTH, count)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 30))
def test_each_draw_is_the_measure_of_the_rows_that_it_repeats(seed, levels):
    score, label, repository, when = _rows(60, seed=seed, levels=levels)
    blocks = bootstrap.blocks(repository, when, times=5, seed=seed)
    drawn = blocks.measure(score, label)
    for i in range(5):
        repeat = np.repeat(np.arange(60), blocks.draws[blocks.block, i].astype(int))
        s, y = score[repeat], label[repeat]
        if 0 < y.sum() < len(y):
            assert drawn["auc"][i] == pytest.approx(roc_auc_score(y, s))
            assert drawn["ap"][i] == pytest.approx(average_precision_score(y, s))
            assert drawn["capture_10%"][i] == pytest.approx(Ranking(s, y).capture(0.1))


def test_a_block_is_a_month_of_one_repository_and_each_repository_keeps_its_number_of_blocks():
    _, _, repository, when = _rows()
    blocks = bootstrap.blocks(repository, when, times=50)
    owner = {}
    for row, block in enumerate(blocks.block):
        owner.setdefault(block, set()).add(repository[row])
        same = when[blocks.block == block]
        assert same.max() - same.min() <= MONTH
    assert all(len(names) == 1 for names in owner.values())
    for name in ("r0", "r1", "r2"):
        mine = [block for block, names in owner.items() if names == {name}]
        assert (blocks.draws[mine].sum(axis=0) == len(mine)).all()


def test_drawing_repositories_leaves_some_out_and_widens_the_interval():
    score, label, repository, when = _rows(2000, repositories=5)
    score[repository == "r0"] = -score[repository == "r0"]  # one repository that the ranking gets wrong
    within = bootstrap.blocks(repository, when, times=300).measure(score, label)
    over = bootstrap.blocks(repository, when, times=300, draw_repositories=True).measure(score, label)
    assert np.std(over["auc"]) > 2 * np.std(within["auc"])


def test_intervals_hold_the_point_and_repeat_themselves():
    score, label, repository, when = _rows(1500)
    blocks = bootstrap.blocks(repository, when, times=400)
    point, drawn = bootstrap.point(score, label), blocks.measure(score, label)
    for name, (low, high) in bootstrap.intervals(drawn).items():
        assert low < point[name] < high, name
    again = bootstrap.blocks(repository, when, times=400).measure(score, label)
    assert bootstrap.intervals(again) == bootstrap.intervals(drawn)


def test_paired_intervals_are_those_of_the_difference_and_the_ratio_in_each_draw():
    score, label, repository, when = _rows(1500)
    blocks = bootstrap.blocks(repository, when, times=200)
    ours = blocks.measure(score, label)
    worse = blocks.measure(score + np.random.default_rng(9).normal(0, 8, 1500), label)
    low, high = bootstrap.difference(ours, worse)["auc"]
    assert 0 < low < high
    assert [low, high] == pytest.approx(np.percentile(ours["auc"] - worse["auc"], [2.5, 97.5]))
    share = ours["capture_10%"] / worse["capture_10%"]
    assert bootstrap.ratio(ours, worse)["capture_10%"] == pytest.approx(np.percentile(share, [2.5, 97.5]))
    assert bootstrap.difference(ours, ours)["auc"] == [0, 0]
    assert bootstrap.ratio(ours, ours)["auc"] == [1, 1]


def test_pairing_makes_the_interval_of_a_difference_narrower_than_unpaired_draws_would():
    score, label, repository, when = _rows(1500)
    near = score + np.random.default_rng(9).normal(0, 1, 1500)
    one = bootstrap.blocks(repository, when, times=300)
    other = bootstrap.blocks(repository, when, times=300, seed=1)
    paired = np.std(one.measure(score, label)["auc"] - one.measure(near, label)["auc"])
    assert paired < 0.5 * np.std(one.measure(score, label)["auc"] - other.measure(near, label)["auc"])


def test_draws_without_a_positive_are_left_out_and_too_many_of_them_give_no_interval():
    score, _, repository, when = _rows(200, repositories=1)
    label = np.zeros(200)
    label[np.argmax(when)] = 1.0
    drawn = bootstrap.blocks(repository, when, times=100).measure(score, label)
    assert np.isnan(drawn["auc"]).any()
    assert bootstrap.interval(drawn["auc"]) is None
    assert bootstrap.ratio(drawn, drawn)["ap"] is None


def test_part_measures_one_repository_and_macro_is_their_mean():
    score, label, repository, when = _rows(900)
    blocks = bootstrap.blocks(repository, when, times=30)
    parts = {name: blocks.measure(score, label, repository == name) for name in ("r0", "r1", "r2")}
    mine = repository == "r1"
    repeat = np.repeat(np.flatnonzero(mine), blocks.draws[blocks.block[mine], 7].astype(int))
    assert parts["r1"]["auc"][7] == pytest.approx(roc_auc_score(label[repeat], score[repeat]))
    assert bootstrap.macro(parts)["auc"] == pytest.approx(np.mean([p["auc"] for p in parts.values()], axis=0))


def test_macro_leaves_out_what_a_draw_could_not_measure():
    drawn = {name: np.array([np.nan, 1.0, np.nan]) for name in bootstrap.MEASURES}
    other = {name: np.array([0.5, 0.5, np.nan]) for name in bootstrap.MEASURES}
    assert bootstrap.macro({"a": drawn, "b": other})["auc"] == pytest.approx([0.5, 0.75, np.nan], nan_ok=True)


def test_two_thousand_draws_of_thirty_thousand_rows_take_seconds():
    score, label, repository, when = _rows(30_000, repositories=8, levels=10**9)
    start = time.process_time()
    bootstrap.blocks(repository, when, times=200).measure(score, label)
    assert time.process_time() - start < 2  # a tenth of the draws; measured 0.25 s
