import pytest

from learn.evaluate.make_rows import NAMES, make_rows
from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import ablation, report
from riskbot.learn.evaluate.baselines import Boosting
from riskbot.learn.evaluate.rows import split_by_time

QUICK = Boosting(rounds=40, threads=1)
FAMILIES = {"size": ("la", "ld"), "past": ("churn",), "idle": ("depth", "nuc")}


@pytest.fixture(scope="module")
def ablated():
    train, test = split_by_time(make_rows(2400), 0.6)
    heard = []
    scored = ablation.ablate(train, test, FAMILIES, settings=QUICK, seeds=(0,), told=heard.append)
    return scored, heard


def test_leaving_out_what_matters_costs_and_what_does_not_is_free(ablated):
    summary = ablation.summary(report.figures(ablated[0], times=60), FAMILIES)
    assert summary["past"]["lost_auc"] > 0.05
    assert summary["past"]["lost_auc_95"][0] > 0
    assert abs(summary["idle"]["lost_auc"]) < 0.02
    low, high = summary["idle"]["lost_auc_95"]
    assert low < 0.01
    assert high > -0.01
    assert summary["past"]["alone_auc"] > 0.65
    assert summary["idle"]["alone_auc"] < 0.6
    assert summary["size"]["features"] == 2


def test_a_family_that_was_not_mined_is_not_told_of(ablated):
    summary = ablation.summary(report.figures(ablated[0], times=10), {**FAMILIES, "structure": ("asserts",)})
    assert set(summary) == set(FAMILIES)


def test_every_fit_is_told_and_scored(ablated):
    scored, heard = ablated
    assert heard == list(scored.scores)
    assert heard[:3] == ["all features", "without size", "size alone"]
    assert scored.ours == "all features"


@pytest.mark.parametrize("family", [(), ("nonsense",), NAMES])
def test_a_family_that_leaves_nothing_to_compare_is_refused(family):
    rows = make_rows(100)
    with pytest.raises(EvaluationError, match="family odd"):
        ablation.ablate(rows, rows, {"odd": family}, settings=QUICK)
