"""What a road does to the scores of an evaluation set, compared with the reference's."""

from __future__ import annotations

import numpy as np

from riskbot.learn.measure import Floats, Ranking, calibration_error
from riskbot.learn.quantize.data import EvaluationSet
from riskbot.learn.quantize.roads import Scores
from riskbot.learn.quantize.table import Quality

GATES = (5, 10, 50)
"""Percent of changes that are held: at a weekend, in a code yellow, in a code red."""


def quality(evaluation: EvaluationSet, scores: Scores, reference: Scores) -> Quality:
    """Compare a road's chunk scores [chunks] with the reference's [chunks]."""
    ours, theirs = (evaluation.logits(one.astype(np.float64)) for one in (scores, reference))
    rank, base = (Ranking(logit, evaluation.label) for logit in (ours, theirs))
    probability, before = _probability(ours), _probability(theirs)
    return Quality(
        auc=rank.auc(),
        ap=rank.average_precision(),
        auc_drop=base.auc() - rank.auc(),
        ap_drop=base.average_precision() - rank.average_precision(),
        largest=float(np.abs(probability - before).max()),
        ece=calibration_error(probability, evaluation.label),
        sides={str(gate): _sides(ours, theirs, gate) for gate in GATES},
    )


def _sides(ours: Floats, theirs: Floats, gate: int) -> float:
    threshold = float(np.quantile(theirs, 1 - gate / 100))
    return float(np.mean((ours >= threshold) != (theirs >= threshold)))


def _probability(logit: Floats) -> Floats:
    probability: Floats = 1 / (1 + np.exp(-np.clip(logit, -700, 700)))
    return probability
