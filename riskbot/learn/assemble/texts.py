"""Text scores of many changes, by the served model, in processes of their own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from riskbot.assess.chunks import MOST
from riskbot.assess.classifier import MODEL, TOKENIZER, Classifier
from riskbot.assess.model import pooled
from riskbot.learn.evaluate.rows import Chunk, Rows
from riskbot.learn.measure import Floats

_PART = 64
_loaded: dict[str, Classifier] = {}


def text_scores(
    folder: Path,
    rows: Rows,
    *,
    kept: Path | None = None,
    workers: int = 2,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Floats:
    """Give each change's pooled text score, NaN where there is no chunk; [rows].

    ``folder`` holds ``model.onnx`` and ``tokenizer.json``. ``kept`` is a folder in which the scores of these
    rows by this model are kept, and found again. ``progress`` is told (changes done, changes in all).
    """
    place = None if kept is None else kept / f"{_name(folder, rows)}.npy"
    if place is not None and place.is_file():
        return np.asarray(np.load(place, allow_pickle=False), dtype=float)
    found: list[float] = []
    # Not forked: onnxruntime's threads do not survive that.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_score, [str(folder)] * (len(rows) // _PART + 1), _parts(rows)):
            found += part
            progress(len(found), len(rows))
    scores = np.array(found, dtype=float)
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(f".{os.getpid()}.npy")
        np.save(beside, scores)
        beside.replace(place)
    return scores


def _parts(rows: Rows) -> Iterator[list[list[Chunk]]]:
    for start in range(0, len(rows), _PART):
        yield [list(rows.texts[at]) for at in range(start, min(start + _PART, len(rows)))]


def _score(folder: str, changes: Sequence[Sequence[Chunk]]) -> list[float]:
    """Score changes in a worker, which loads the model once."""
    if folder not in _loaded:
        _loaded[folder] = Classifier(
            (Path(folder) / MODEL).read_bytes(), (Path(folder) / TOKENIZER).read_bytes(), threads=1
        )
    model = _loaded[folder]
    scores = (pooled(model.scores(chunks[:MOST])) for chunks in changes)
    return [float("nan") if score is None else score for score in scores]


def _name(folder: Path, rows: Rows) -> str:
    digest = hashlib.sha256((folder / MODEL).read_bytes() + (folder / TOKENIZER).read_bytes())
    digest.update("\0".join(str(one) for one in rows.ids).encode())
    return digest.hexdigest()[:24]
