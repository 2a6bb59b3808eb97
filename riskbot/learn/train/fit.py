"""The step ``train``: fit the trees, then the encoder, alone or on what they leave unexplained.

``OUT/train/`` then holds::

    trees.txt    LightGBM's own text of the trees, fitted on the fit part
    encoder/     the fine-tuned checkpoint with its tokenizer and finetune.json
    fit.json     which rows, labels, features and settings it was made with

The blend of both comes later, from the quantized encoder, because that is what is served.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskbot.assess.features import FAMILIES, NAMES, PEOPLE
from riskbot.domain.errors import UsageError
from riskbot.learn.dataset import Corpus, Parts
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.measure import Floats, Ranking
from riskbot.learn.train import blend
from riskbot.learn.train.blend import TreesConfig
from riskbot.learn.train.data import Sample
from riskbot.learn.train.finetune import FinetuneConfig, Finetuned, finetune
from riskbot.learn.train.keeper import Progress
from riskbot.learn.train.samples import plain, samples

TREES, ENCODER, FIT = "trees.txt", "encoder", "fit.json"
WATCHED = 1_500
"""So many later changes are watched while the encoder learns."""


@dataclass(frozen=True, slots=True)
class FitConfig:
    """What is learnt from which label, and how.

    ``source`` and ``linked`` choose the label (:class:`riskbot.learn.dataset.Corpus`); ``people``: learn from
    the features that say something of the author, too; ``residual``: the encoder's loss has the trees'
    out-of-fold logits as its offset, else only how common positives are among changes with and without
    source code; ``ratio``: so many others for each positive that the encoder sees.
    """

    source: str = "r"
    linked: bool = False
    people: bool = False
    residual: bool = True
    ratio: float = 1.5
    trees: TreesConfig = field(default_factory=TreesConfig)
    encoder: FinetuneConfig = field(default_factory=FinetuneConfig)


def usable(rows: Rows, *, people: bool) -> tuple[str, ...]:
    """Choose the features to fit on: those known for at least one change, of the author only if asked."""
    known: Any = np.isfinite(rows.matrix).any(axis=0)
    told = dict(zip(rows.names, known, strict=True))
    return tuple(name for name in NAMES if told.get(name) and (people or name not in PEOPLE))


def fit(
    corpus: Corpus,
    parts: Parts,
    config: FitConfig,
    out: Path,
    *,
    more: Sequence[Sample] = (),
    progress: Callable[[Progress], None] | None = None,
    cache: Path | None = None,
) -> Finetuned:
    """Fit trees and encoder into ``out``; an interrupted fine-tuning goes on from its last checkpoint.

    ``more`` are further samples for the encoder, from elsewhere, with offsets of their own. Raises UsageError
    where a part is empty.
    """
    for name in ("fit", "calibrate"):
        if not getattr(parts, name).any():
            raise UsageError(
                f"No change is in the part {name!r}.",
                mend="Move the dates under [split], or mine more history.",
            )
    out.mkdir(parents=True, exist_ok=True)
    chosen = usable(corpus.rows, people=config.people)
    early = corpus.part(parts.fit)
    rows = early.rows.labelled(early.label(config.source, until=parts.known, linked=config.linked))
    booster = blend.fit_trees(rows, chosen, config.trees)
    (out / TREES).write_text(booster.model_to_string(), encoding="utf-8")
    unseen = blend.out_of_fold(rows, chosen, config.trees)
    told = {
        "source": config.source,
        "linked": config.linked,
        "features": list(chosen),
        "families": {name: [one for one in members if one in chosen] for name, members in FAMILIES.items()},
        "rows": len(rows),
        "positives": int(rows.label.sum()),
        "repositories": rows.repositories(),
        "more_samples": len(more),
        "out_of_fold_auc": Ranking(unseen, rows.label).auc(),
        "trees": asdict(config.trees),
    }
    (out / FIT).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    offset = unseen if config.residual else rates(rows.label, early.code)
    taught = [*samples(rows, offset, early.code, ratio=config.ratio, seed=config.encoder.seed), *more]
    order = np.random.default_rng(config.encoder.seed).permutation(len(taught))
    watched = _watched(corpus, parts, booster, config)
    return finetune(
        [taught[at] for at in order], watched, config.encoder, out / ENCODER, progress=progress, cache=cache
    )


def _watched(corpus: Corpus, parts: Parts, booster: Any, config: FitConfig) -> list[Sample]:
    """Choose later changes of source code, at their natural rate, to watch the encoder by."""
    later = corpus.part(parts.calibrate & corpus.code)
    rows = later.rows.labelled(later.label(config.source, until=parts.known, linked=config.linked))
    if not 0 < rows.label.sum() < len(rows):
        return []
    random = np.random.default_rng(config.encoder.seed)
    chosen = random.choice(len(rows), min(WATCHED, len(rows)), replace=False)
    offset = blend.raw(booster, rows) if config.residual else rates(rows.label, later.code)
    return plain(rows, offset, [int(at) for at in chosen])


def rates(label: Floats, code: NDArray[np.bool_]) -> Floats:
    """Give each row the logit of how common positives are among its like: with source code, or without."""
    found = np.zeros(len(label))
    for which in (code, ~code):
        count = label[which].sum() + 0.5  # never 0 or 1
        found[which] = np.log(count / (which.sum() + 1 - count))
    return found


def load_trees(out: Path) -> Any:
    """Load the trees that :func:`fit` wrote; gives LightGBM's booster."""
    import lightgbm

    return lightgbm.Booster(model_str=(out / TREES).read_text(encoding="utf-8"))
