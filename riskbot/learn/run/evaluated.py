"""The step ``evaluate``: trees and quantized encoder blended into one model, and measured beside baselines.

It leaves ``OUT/evaluation/`` (every measured change with all scores, and the figures) and ``OUT/model/``: the
model as riskbot serves it, with its figures, plots and card.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from riskbot.assess.risk import CALIBRATION
from riskbot.learn.config import Config
from riskbot.learn.crew import Place
from riskbot.learn.manifest import digest
from riskbot.learn.reading import pinned
from riskbot.learn.run import tables
from riskbot.learn.run.quantized import QUANTIZED
from riskbot.learn.run.trained import TRAINED
from riskbot.learn.steps import Step, Unit, Watcher

EVALUATION = "evaluation"
MODEL = "model"


def run(config: Config, watcher: Watcher, *, again: bool = False) -> None:
    """Blend and measure, if anything that this depends on has changed."""
    from riskbot.learn.train.fit import TREES

    quantized = config.out / QUANTIZED
    tables.needed(quantized / "model.onnx", "quantize", config)
    names = ("model.onnx", "tokenizer.json", "table.json")
    files = [config.out / TRAINED / TREES, *(quantized / name for name in names)]
    pins = tables.pins(config, *files) | {"evaluate": pinned(config.evaluate)}
    if config.evaluate.story is not None:
        story = tables.needed(config.beside(config.evaluate.story), "evaluate", config)
        pins |= {"story": digest(story)}
    unit = Unit("model", pins, partial(_evaluate, config))
    Step("evaluate", config.out).run([unit], watcher, again=again)


def _evaluate(config: Config, place: Place) -> dict[str, Any]:
    from riskbot.learn.assemble import Identity, sign, text_scores, write
    from riskbot.learn.evaluate import document, examples, plots, targets
    from riskbot.learn.evaluate.build import drawn
    from riskbot.learn.measure import Floats
    from riskbot.learn.train.blend import stack, tempered
    from riskbot.learn.train.fit import load_trees

    chosen, quantized = config.evaluate, config.out / QUANTIZED
    corpus, parts = tables.corpus(config)

    def texts(rows: Any) -> Floats:
        return text_scores(
            quantized, rows, kept=place.kept / "texts", workers=chosen.workers, progress=place.report
        )

    late = _calibrating(config, corpus, parts)
    words = texts(late)
    blend = stack(load_trees(config.out / TRAINED), late, words)
    if parts.cross.any():
        held = tables.labelled(config, corpus, parts.cross)
        abroad = held.part(drawn(held, held.label >= 0, chosen.cross, chosen.seed, each=True))
        blend = tempered(blend, late, words, abroad, texts(abroad))
    identity = Identity("risk", chosen.version, _reference(late))
    model = place.out / MODEL
    write(quantized, blend, _probability(blend.logit(late, words)), identity, model)

    folder = place.out / EVALUATION
    folder.mkdir()
    stages = count(1)
    sets, ablated, extra = _measured(
        config, (corpus, parts), blend, texts, lambda _: place.report(next(stages), 0)
    )
    document.write(folder, sets, ablated=ablated, extra=extra)
    metrics = document.rebuild(folder, times=chosen.bootstrap)
    document.save(folder / document.METRICS, metrics)
    document.save(model / document.METRICS, metrics)
    cross = next((one for one in sets if one.name == targets.CROSS), None)
    plots.draw(model, metrics, curves=cross, reference=_quantiles(model))
    if cross is not None:  # for whoever writes the card's words
        document.save(folder / "examples.json", {"examples": examples.worst(cross)})
    _card(config, model, metrics)
    sign(model, identity, blend.document()["features"])
    return {"measured sets": len(sets), "calibration changes": len(late)}


def _measured(
    config: Config, data: Any, blend: Any, texts: Any, told: Callable[[str], None]
) -> tuple[Any, Any, dict[str, Any]]:
    """Score what is measured by our model and by every baseline, fitted on the same changes."""
    from riskbot.assess.features import FAMILIES
    from riskbot.learn.evaluate import build, quantized

    corpus, parts = data
    chosen, label = config.evaluate, config.label
    early = tables.labelled(config, corpus, parts.fit, until=parts.known)
    late = _calibrating(config, corpus, parts)
    measure = build.Measure(cross=chosen.cross, later=chosen.later, seed=chosen.seed)
    rankings = build.Rankings.fitted(early, late, blend, texts, measure=measure, told=told)
    sets = build.sets(corpus, parts, rankings, measure, source=label.source, linked=label.linked)
    held = parts.cross if parts.cross.any() else parts.later
    ablated = None
    if held.any():
        test = tables.labelled(config, corpus, held)
        some = test.part(build.drawn(test, test.label >= 0, chosen.later, chosen.seed, each=False))
        if 0 < some.label.sum() < len(some):
            ablated = build.ablated(early, some, FAMILIES, told)
    extra: dict[str, Any] = {
        "families": {name: list(members) for name, members in FAMILIES.items()},
        "quantization": quantized.read(config.out / QUANTIZED / "table.json"),
    }
    if chosen.swaps and held.any() and (found := _swaps(config, tables.labelled(config, corpus, held))):
        extra["swaps"] = found
    return sets, ablated, extra


def _calibrating(config: Config, corpus: Any, parts: Any) -> Any:
    """Draw what the blend and the calibration are fitted on: reading all texts would take hours."""
    from riskbot.learn.evaluate.build import drawn

    chosen = config.evaluate
    rows = tables.labelled(config, corpus, parts.calibrate, until=parts.known)
    return rows.part(drawn(rows, rows.label >= 0, chosen.calibrate, chosen.seed, each=False))


def _swaps(config: Config, rows: Any) -> dict[str, Any]:
    """Change the text of some changes, and see what that does to their score."""
    import numpy as np

    from riskbot.assess.classifier import Classifier
    from riskbot.assess.model import pooled
    from riskbot.learn.evaluate.build import drawn
    from riskbot.learn.evaluate.swaps import swapped

    chosen, folder = config.evaluate, config.out / QUANTIZED
    model = Classifier((folder / "model.onnx").read_bytes(), (folder / "tokenizer.json").read_bytes())

    def scorer(texts: Any) -> Any:
        found = (pooled(model.scores(chunks)) for chunks in texts)
        return np.array([0.0 if score is None else score for score in found])

    some = rows.part(drawn(rows, rows.label >= 0, chosen.swaps, chosen.seed, each=False))
    return swapped(some, scorer) if 0 < some.label.sum() < len(some) else {}


def _card(config: Config, model: Path, metrics: dict[str, Any]) -> None:
    """Write the card, where somebody wrote its words."""
    if config.evaluate.story is None:
        return
    from riskbot.learn.evaluate import card, story

    card.save(model, metrics, story.read(config.beside(config.evaluate.story)))


def _reference(rows: Any) -> str:
    """Say in words what percentiles are measured against."""
    first, last = (datetime.fromtimestamp(when, UTC).date() for when in (rows.when.min(), rows.when.max()))
    names = rows.repositories()
    where = names[0] if len(names) == 1 else f"{len(names)} repositories"
    return f"{len(rows):,} changes of {where}, {first} to {last} (the calibration part)"


def _quantiles(model: Path) -> list[float]:
    """Read the reference that percentiles are measured against from the model just written."""
    found = json.loads((model / CALIBRATION).read_text(encoding="utf-8"))
    return [float(value) for value in found["reference"]]


def _probability(logit: Any) -> Any:
    import numpy as np

    return 1 / (1 + np.exp(-logit))
