"""Swaps: what the text score does when its input is changed in ways that a reader of code would notice.

A model that scores a change the same with added and deleted lines exchanged has learned words, not changes
(as ReDef reports of fine-tuned encoders, arXiv 2509.09192).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from riskbot.learn.evaluate.rows import Chunk, Rows
from riskbot.learn.measure import Floats, Ranking

GATES = (0.05, 0.10, 0.50)
PATH = " : "
"""Stands between the subject and the path in the first text of a chunk."""
_MARK = re.compile(r"(?=\[(?:ADD|DEL|CTX)\])")
_OTHER = {"[ADD]": "[DEL]", "[DEL]": "[ADD]", "[CTX]": "[CTX]"}

Swap = Callable[[Chunk], Chunk]
TextScorer = Callable[[Sequence[Sequence[Chunk]]], Floats]
"""Gives the score (any monotone scale) of each change from its chunks; [] must be possible."""


def without_message(chunk: Chunk) -> Chunk:
    """Drop the subject, keep the path."""
    _, found, path = chunk[0].rpartition(PATH)
    return (PATH + path if found else chunk[0], chunk[1])


def signs_exchanged(chunk: Chunk) -> Chunk:
    """Turn added lines into deleted ones and the other way round."""
    return chunk[0], re.sub(r"\[(?:ADD|DEL|CTX)\]", lambda mark: _OTHER[mark[0]], chunk[1])


def lines_shuffled(chunk: Chunk) -> Chunk:
    """Shuffle the lines of a chunk with their marks, the same way each time."""
    lines = [line for line in _MARK.split(chunk[1]) if line]
    random.Random(chunk[1]).shuffle(lines)  # noqa: S311 -- an order, no secret
    return chunk[0], "".join(lines)


SWAPS: dict[str, Swap] = {
    "message dropped": without_message,
    "added and deleted exchanged": signs_exchanged,
    "lines shuffled": lines_shuffled,
}


def swapped(rows: Rows, scorer: TextScorer) -> dict[str, Any]:
    """Measure the text score as it is and after each swap.

    For each: AUC after it, the rank correlation (Spearman) with the score as it is, the mean and the
    greatest absolute change, and the share of changes that leave or enter each gate.
    """
    plain = scorer(rows.texts)
    found: dict[str, Any] = {"as it is": {"auc": Ranking(plain, rows.label).auc()}}
    for name, swap in SWAPS.items():
        score = scorer([[swap(chunk) for chunk in chunks] for chunks in rows.texts])
        found[name] = {"auc": Ranking(score, rows.label).auc(), **moved(plain, score)}
    return found


def moved(before: Floats, after: Floats) -> dict[str, Any]:
    """Say how far a score moved: also fits two precisions of one model."""
    first, second = _ranks(before), _ranks(after)
    constant = first.std() == 0 or second.std() == 0
    return {
        "rank_correlation": None if constant else float(np.corrcoef(first, second)[0, 1]),
        "mean_change": float(np.mean(after - before)),
        "mean_absolute_change": float(np.mean(np.abs(after - before))),
        "greatest_change": float(np.max(np.abs(after - before))),
        "crossed": {f"{gate:.0%}": _crossed(before, after, gate) for gate in GATES},
    }


def _ranks(score: Floats) -> Floats:
    _, group, count = np.unique(score, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[group])


def _crossed(before: Floats, after: Floats, gate: float) -> float:
    """Give the share of changes on another side of a gate that holds the riskiest ``gate`` of ``before``."""
    threshold = np.quantile(before, 1 - gate)
    return float(np.mean((before >= threshold) != (after >= threshold)))
