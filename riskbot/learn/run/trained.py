"""The step ``train``: trees on the features, the encoder on what they leave unexplained."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from riskbot.learn.config import Config
from riskbot.learn.crew import Place
from riskbot.learn.manifest import digest
from riskbot.learn.reading import pinned
from riskbot.learn.run import tables
from riskbot.learn.steps import Step, Unit, Watcher

TRAINED = "trained"


def run(config: Config, watcher: Watcher, *, again: bool = False) -> None:
    """Fit what the model is made of, if anything that it depends on has changed."""
    pins = tables.pins(config) | {"train": pinned(config.train), "base": _hashes(_base(config))}
    unit = Unit("model", pins, partial(_train, config))
    Step("train", config.out / TRAINED).run([unit], watcher, again=again)


def _base(config: Config) -> str:
    """Return the base: a folder beside the configuration, where there is one of that name, else the name."""
    folder = config.beside(config.train.base)
    return str(folder) if folder.is_dir() else config.train.base


def _hashes(base: str) -> dict[str, str]:
    """Return the hashes of a base checkpoint that lies in a folder."""
    folder = Path(base)
    if not folder.is_dir():
        return {}
    return {path.name: digest(path) for path in sorted(folder.iterdir()) if path.is_file()}


def _train(config: Config, place: Place) -> dict[str, Any]:
    from riskbot.learn.train.finetune import FinetuneConfig
    from riskbot.learn.train.fit import FitConfig, fit

    corpus, parts = tables.corpus(config)
    chosen = config.train
    base = str(_adapted(config, corpus, parts, place)) if chosen.adapt_minutes else _base(config)
    encoder = FinetuneConfig(
        base=base,
        epochs=chosen.epochs,
        max_minutes=chosen.max_minutes,
        batch=chosen.batch,
        accumulate=chosen.accumulate,
        learning_rate=chosen.learning_rate,
        head_learning_rate=chosen.head_learning_rate,
        freeze_layers=chosen.freeze_layers,
        chunks_per_change=chosen.chunks_per_change,
        seed=chosen.seed,
        threads=chosen.threads,
    )
    settings = FitConfig(
        source=config.label.source,
        linked=config.label.linked,
        people=chosen.author_features,
        residual=chosen.residual,
        ratio=chosen.ratio,
        encoder=encoder,
    )
    made = place.kept / "made"
    done = fit(
        corpus,
        parts,
        settings,
        made,
        progress=lambda told: place.report(told.step, told.planned),
        cache=place.kept / "tokens",
    )
    for path in made.iterdir():
        path.rename(place.out / path.name)
    return {"changes": done.changes, "steps": done.steps, "minutes": round(done.minutes, 1)}


def _adapted(config: Config, corpus: Any, parts: Any, place: Place) -> Path:
    """Adapt the base to the diffs of the training part, once; gives the adapted checkpoint."""
    from riskbot.learn.train.adapt import REPORT, AdaptConfig, adapt

    out = place.kept / "adapted"
    if not (out / REPORT).is_file():
        chosen = config.train
        settings = AdaptConfig(
            base=_base(config), max_minutes=chosen.adapt_minutes, seed=chosen.seed, threads=chosen.threads
        )
        pairs = [pair for chunks in corpus.rows.part(parts.fit).texts for pair in chunks]
        adapt(pairs, settings, out, lambda told: place.report(told.step, told.planned))
    return out
