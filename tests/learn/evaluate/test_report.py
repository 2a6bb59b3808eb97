import json
import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import report
from riskbot.learn.evaluate.baselines import KAMEI_NAME
from riskbot.learn.evaluate.scored import OURS, Scored


@pytest.fixture(scope="module")
def figures(scored):
    return report.figures(scored, times=100)


def test_every_ranking_is_measured_over_all_rows(scored, figures):
    for name, score in scored.scores.items():
        found = figures["rankings"][name]
        assert found["auc"] == pytest.approx(roc_auc_score(scored.rows.label, score), abs=1e-6)
        assert found["ap"] == pytest.approx(average_precision_score(scored.rows.label, score), abs=1e-6)
        low, high = found["intervals_95"]["capture_10%"]
        assert low < found["capture"]["10%"] < high
        assert found["lift"]["10%"] == pytest.approx(10 * found["capture"]["10%"], abs=1e-5)


def test_the_model_is_compared_with_each_other_ranking(scored, figures):
    against = figures["against"][KAMEI_NAME]
    rankings = figures["rankings"]
    assert against["difference"]["auc"] == pytest.approx(
        rankings[OURS]["auc"] - rankings[KAMEI_NAME]["auc"], abs=2e-6
    )
    assert against["ratio"]["capture_5%"] == pytest.approx(
        rankings[OURS]["capture"]["5%"] / rankings[KAMEI_NAME]["capture"]["5%"], abs=1e-5
    )
    low, high = against["difference_95"]["auc"]
    assert 0 < low < against["difference"]["auc"] < high
    assert set(figures["against"]) == set(scored.scores) - {OURS}


def test_the_set_says_its_size_its_time_and_its_ceiling(scored, figures):
    base = scored.rows.label.mean()
    assert figures["rows"] == 2000
    assert figures["base_rate"] == pytest.approx(base, abs=1e-6)
    assert figures["ceiling"]["5%"] == pytest.approx(min(1, 0.05 / base), abs=1e-6)
    assert figures["from"] < figures["to"]
    assert figures["about"] == "synthetic rows"


def test_repositories_have_figures_of_their_own_and_macro_is_their_mean(scored, figures):
    table = figures["per_repository"]
    assert sum(row["rows"] for row in table.values()) == 2000
    mine = scored.rows.repository == "owner/name1"
    assert table["owner/name1"][OURS]["auc"] == pytest.approx(
        roc_auc_score(scored.rows.label[mine], scored.scores[OURS][mine]), abs=1e-6
    )
    mean = np.mean([row[OURS]["auc"] for row in table.values()])
    assert figures["macro"][OURS]["auc"] == pytest.approx(mean, abs=1e-5)
    low, high = figures["over_repositories"]["intervals_95"]["auc"]
    assert low < figures["rankings"][OURS]["auc"] < high


def test_a_repository_with_few_positives_is_counted_but_not_measured(scored):
    label = scored.rows.label.copy()
    mine = np.flatnonzero(scored.rows.repository == "owner/name0")
    label[mine] = 0
    label[mine[:3]] = 1
    few = report.figures(replace(scored, rows=scored.rows.labelled(label)), times=50)
    assert few["per_repository"]["owner/name0"]["positives"] == 3
    assert OURS not in few["per_repository"]["owner/name0"]
    assert OURS in few["per_repository"]["owner/name1"]


def test_a_single_repository_needs_no_table(scored):
    mine = scored.rows.repository == "owner/name0"
    alone = Scored("one", scored.rows.part(mine), {k: v[mine] for k, v in scored.scores.items()})
    assert "per_repository" not in report.figures(alone, times=50)


def test_figures_are_plain_json_and_repeat_themselves(scored, figures):
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert report.figures(scored, times=100) == figures


def test_bins_of_reliability_have_score_intervals(figures):
    for row in figures["reliability"]:
        low, high = row["observed_95"]
        assert low < row["observed"] < high
    assert sum(row["rows"] for row in figures["reliability"]) == 2000


@pytest.mark.parametrize(
    ("rate", "count", "low", "high"), [(0.0, 10, 0.0, 0.2775), (0.5, 100, 0.4038, 0.5962), (1, 1, 0.2065, 1)]
)
def test_wilson_agrees_with_published_values(rate, count, low, high):
    assert report.wilson(rate, count) == pytest.approx([low, high], abs=2e-4)


def test_what_could_not_be_measured_is_null():
    assert report.rounded({"a": [math.nan, np.float64(0.12345678)], "b": (1, "x", None)}) == {
        "a": [None, 0.123457],
        "b": [1, "x", None],
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ours": "nobody"}, "no score named nobody"),
        ({"scores": {OURS: np.zeros(3)}}, "scores 3 rows"),
        ({"scores": {OURS: np.full(2000, 1.5)}}, "no probabilities"),
        ({"scores": {OURS: np.full(2000, np.nan)}}, "no probabilities"),
    ],
)
def test_scores_that_do_not_fit_are_refused(scored, change, message):
    with pytest.raises(EvaluationError, match=message):
        replace(scored, **change)


def test_a_set_without_a_positive_is_refused(scored):
    with pytest.raises(EvaluationError, match="same label"):
        replace(scored, rows=scored.rows.labelled(np.zeros(2000)))
