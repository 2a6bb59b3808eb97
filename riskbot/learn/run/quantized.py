"""The step ``quantize``: every road measured on the trained encoder, the best of them taken."""

from __future__ import annotations

import shutil
from functools import partial
from typing import Any

from riskbot.domain.errors import EvaluationError
from riskbot.learn.config import Config
from riskbot.learn.crew import Place
from riskbot.learn.reading import pinned
from riskbot.learn.run import tables
from riskbot.learn.run.trained import TRAINED
from riskbot.learn.steps import Step, Unit, Watcher

QUANTIZED = "quantized"
SCALED = 500
"""So many training changes give the chunks that static scales are set by."""


def run(config: Config, watcher: Watcher, *, again: bool = False) -> None:
    """Quantize the trained encoder, if it or what it is measured on has changed."""
    from riskbot.learn.train.fit import ENCODER, TREES

    trained = config.out / TRAINED
    encoder = tables.needed(trained / ENCODER, "train", config)
    files = [*sorted(path for path in encoder.rglob("*") if path.is_file()), trained / TREES]
    pins = tables.pins(config, *files) | {"quantize": pinned(config.quantize)}
    unit = Unit("encoder", pins, partial(_quantize, config))
    Step("quantize", config.out / QUANTIZED).run([unit], watcher, again=again)


def _quantize(config: Config, place: Place) -> dict[str, Any]:
    from riskbot.learn.evaluate.build import drawn
    from riskbot.learn.quantize import quantize
    from riskbot.learn.train.fit import ENCODER

    corpus, parts = tables.corpus(config)
    seed = config.train.seed
    taught = corpus.rows.part(drawn(corpus.rows, parts.fit, SCALED, seed, each=False))
    rows = tables.labelled(config, corpus, parts.calibrate, until=parts.known)
    measured = rows.part(drawn(rows, rows.label >= 0, config.quantize.changes, seed, each=False))
    try:
        table = quantize(
            config.out / TRAINED / ENCODER,
            [pair for chunks in taught.texts for pair in chunks],
            _evaluation(config, measured),
            place.out,
            place.kept,
            threads=config.quantize.threads,
            runs=config.quantize.runs,
            only=config.quantize.roads,
            progress=lambda _road, done, roads: place.report(done, roads),
        )
    except EvaluationError as problem:
        # Why each road failed is worth keeping, though nothing can be taken.
        for path in place.out.glob("table.*"):
            shutil.move(path, place.out.parent / path.name)
        message = problem.message.replace(str(place.out), str(place.out.parent))
        raise EvaluationError(message, mend=problem.mend) from problem
    return {"taken": table.picked, "roads": len(table.rows)}


def _evaluation(config: Config, rows: Any) -> Any:
    """Give changes that trained nothing, with what the trees say of them."""
    import numpy as np

    from riskbot.learn.quantize import EvaluationSet
    from riskbot.learn.train.blend import raw
    from riskbot.learn.train.fit import load_trees

    texts = [list(chunks) for chunks in rows.texts]
    return EvaluationSet(
        [pair for chunks in texts for pair in chunks],
        np.repeat(np.arange(len(texts)), [len(chunks) for chunks in texts]).astype(np.int64),
        rows.label,
        raw(load_trees(config.out / TRAINED), rows),
    )
