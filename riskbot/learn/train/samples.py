"""Samples for the encoder: which changes it learns from, and what the trees say of each without the text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.measure import Floats
from riskbot.learn.train.blend import sampled
from riskbot.learn.train.data import Sample

REST = 0.1
"""Of changes that touch no source code, so many times fewer are drawn: the trees know them to be harmless."""


def samples(
    rows: Rows, offset: Floats, code: NDArray[np.bool_], *, ratio: float = 1.5, seed: int = 1
) -> list[Sample]:
    """Choose the changes to learn from: all positives, ``ratio`` times as many others, in random order.

    ``offset`` holds the trees' out-of-fold logits, [rows]. Drawing makes positives commoner; the offsets are
    raised by exactly that much, apart for changes with and without source code, so that the encoder need not
    learn it.
    """
    found: list[tuple[int, float]] = []
    for which, share in ((code, ratio), (~code, ratio * REST)):
        places = np.flatnonzero(which)
        label = rows.label[places]
        if label.sum() and label.sum() < len(label):
            chosen, shift = sampled(label, share, seed)
            found += [(int(places[at]), shift) for at in chosen]
    order = np.random.default_rng(seed).permutation(len(found))
    return [_sample(rows, found[at][0], float(offset[found[at][0]]) + found[at][1]) for at in order]


def plain(rows: Rows, offset: Floats, chosen: Sequence[int]) -> list[Sample]:
    """Give chosen changes as they are, to watch the training by."""
    return [_sample(rows, int(at), float(offset[at])) for at in chosen]


def _sample(rows: Rows, at: int, offset: float) -> Sample:
    return Sample(str(rows.ids[at]), list(rows.texts[at]), float(rows.label[at]), offset)
