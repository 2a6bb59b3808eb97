import numpy as np
import pytest

from learn.quantize import make
from riskbot.learn.quantize.data import EvaluationSet
from riskbot.learn.quantize.quality import quality


def _set(labels):
    count = len(labels)
    return EvaluationSet([("a", "b")] * count, np.arange(count), np.array(labels, float), np.zeros(count))


def test_the_same_scores_lose_nothing():
    evaluation = make.evaluation()
    scores = np.linspace(-2, 2, len(evaluation.pairs), dtype=np.float32)
    found = quality(evaluation, scores, scores)
    assert (found.auc_drop, found.ap_drop, found.largest) == (0, 0, 0)
    assert found.sides == {"5": 0, "10": 0, "50": 0}


def test_what_is_lost_is_the_references_minus_the_roads():
    evaluation = _set([0, 0, 1, 1])
    best, swapped = np.float32([-2, -1, 1, 2]), np.float32([-2, 1, -1, 2])
    found = quality(evaluation, swapped, best)
    assert found.auc == pytest.approx(0.75)
    assert found.auc_drop == pytest.approx(0.25)
    assert found.ap_drop == pytest.approx(1 - (1 + 2 / 3) / 2)
    assert found.largest == pytest.approx(1 / (1 + np.exp(-1)) - 1 / (1 + np.exp(1)))
    assert found.sides["50"] == 0.5


def test_a_gate_keeps_the_references_threshold():
    scores = np.arange(100, dtype=np.float32) / 10
    found = quality(_set([0, 1] * 50), scores + np.float32(0.15), scores)
    # Two more are over each threshold. Had the road thresholds of its own, none would change side.
    assert found.sides == {
        "5": pytest.approx(0.02, abs=0.011),
        "10": pytest.approx(0.02, abs=0.011),
        "50": 0.02,
    }
    assert found.auc_drop == 0


def test_calibration_is_of_the_probabilities():
    evaluation = _set([0, 1] * 50)
    assert quality(evaluation, np.zeros(100, np.float32), np.zeros(100, np.float32)).ece == pytest.approx(0)
    sure = np.full(100, 50, np.float32)
    assert quality(evaluation, sure, sure).ece == pytest.approx(0.5)
