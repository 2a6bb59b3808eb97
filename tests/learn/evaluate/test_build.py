from dataclasses import replace

import numpy as np
import pytest

from learn.evaluate.make_rows import NAMES, make_rows
from riskbot.assess.features import PEOPLE
from riskbot.learn.evaluate import build
from riskbot.learn.evaluate.document import SWITCHED
from riskbot.learn.evaluate.rows import split_by_time
from riskbot.learn.evaluate.scored import OURS, TEXT, TREES
from riskbot.learn.train.blend import Blend, TreesConfig, fit_trees

CONFIG = TreesConfig(rounds=30, least=20, threads=1)


def _rankings(names, rows):
    blend = Blend(fit_trees(rows, names, CONFIG), slope=1.0, shift=0.0, weight=0.5)
    return build.Rankings({}, blend, blend, (1.0, 0.0), lambda rows: np.full(len(rows), np.nan))


@pytest.fixture(scope="module")
def halves():
    rows = make_rows(1200)
    risky = rows.columns(("exp",))[:, 0] < 3  # newcomers, in these rows, are riskier
    return split_by_time(rows.labelled(np.maximum(rows.label, risky.astype(float))), 0.5)


def test_ours_with_experience_switched_off_is_ours_of_authors_that_nobody_knows(halves):
    train, test = halves
    scores = _rankings(NAMES, train).scores(test)
    assert list(scores) == [OURS, SWITCHED, TREES, TEXT]
    unknown = np.where(np.isin(NAMES, PEOPLE), np.nan, test.matrix)
    again = _rankings(NAMES, train).scores(replace(test, matrix=unknown))
    assert (scores[SWITCHED] == again[OURS]).all()
    assert SWITCHED not in again  # nothing to switch off
    assert (scores[SWITCHED] != scores[OURS]).any()


def test_trees_that_know_nothing_of_the_author_have_no_switch(halves):
    train, test = halves
    scores = _rankings(("la", "churn"), train).scores(test)
    assert list(scores) == [OURS, TREES, TEXT]


def test_rows_are_drawn_at_random_but_the_same_again(halves):
    rows = halves[0]
    which = rows.repository != "owner/name3"
    each = build.drawn(rows, which, 40, 1, each=True)
    assert {name: int(n) for name, n in zip(*np.unique(rows.repository[each], return_counts=True), strict=True)} == {
        "owner/name0": 40, "owner/name1": 40, "owner/name2": 40,
    }  # fmt: skip
    assert (each == build.drawn(rows, which, 40, 1, each=True)).all()
    assert (np.diff(each) > 0).all()
    assert len(build.drawn(rows, which, 50, 1, each=False)) == 50
    assert len(build.drawn(rows, which, 10_000, 1, each=False)) == which.sum()
