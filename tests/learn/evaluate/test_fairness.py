from dataclasses import replace

import numpy as np
import pytest

from riskbot.learn.evaluate import fairness
from riskbot.learn.evaluate.scored import OURS


def _with_experience(scored, experience):
    matrix = scored.rows.matrix.copy()
    matrix[:, scored.rows.names.index("exp")] = experience
    return replace(scored, rows=replace(scored.rows, matrix=matrix))


def test_a_score_that_punishes_new_authors_shows_at_equal_label(scored):
    new = np.arange(2000) % 3 == 0
    fair = _with_experience(scored, np.where(new, 1.0, 100.0))
    hard = replace(fair, scores=fair.scores | {OURS: np.where(new, 0.9, 0.1) * fair.scores[OURS]})
    for case, least, most in ((fair, -6, 6), (hard, 25, 100)):
        found = fairness.by_experience(case)
        first, second = found["new (fewer than 10 changes)"], found["regular"]
        gap = first["harmless"]["mean_percentile"] - second["harmless"]["mean_percentile"]
        assert least < gap < most
    assert first["harmless"]["in_riskiest_tenth"] > 0.2 > second["harmless"]["in_riskiest_tenth"]


def test_groups_add_up_and_unknown_is_one_of_them(scored):
    experience = np.where(np.arange(2000) % 4 == 0, np.nan, 50.0)
    found = fairness.by_experience(_with_experience(scored, experience))
    assert set(found) == {"regular", "unknown"}
    assert found["unknown"]["rows"] == 500
    assert sum(group["harmless"]["rows"] + group["harmful"]["rows"] for group in found.values()) == 2000


def test_percentiles_are_within_the_repository_and_ties_share_the_middle():
    score = np.array([1.0, 2, 2, 3, 10, 20])
    repository = np.array(["a"] * 4 + ["b"] * 2)
    assert fairness.percentiles(score, repository) == pytest.approx([12.5, 50, 50, 87.5, 25, 75])
