"""The tables of a run: where mining and labelling left them, their hashes, and the changes put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import UsageError
from riskbot.learn.config import Config
from riskbot.learn.manifest import digest
from riskbot.learn.reading import pinned
from riskbot.learn.run.clones import LABELS, MINED, versions

if TYPE_CHECKING:
    from riskbot.learn.dataset import Corpus, Parts


def needed(path: Path, step: str, config: Config) -> Path:
    """Return a path that an earlier step made; raises UsageError naming that step where it is not there."""
    if not path.exists():
        raise UsageError(
            f"{path} is not there.", mend=f"Run `riskbot learn {step} --config {config.file}` first."
        )
    return path


def tables(config: Config) -> tuple[list[Path], list[Path]]:
    """Return the mined tables and the labels of the run's repositories."""
    files = [f"{one.stem}.parquet" for one in config.repositories]
    return (
        [needed(config.out / MINED / file, "mine", config) for file in files],
        [needed(config.out / LABELS / file, "label", config) for file in files],
    )


def pins(config: Config, *more: Path) -> dict[str, Any]:
    """Return what every step after labelling depends on: tables, label and split, and ``more`` files."""
    mined, labels = tables(config)
    inputs = {path.relative_to(config.out).as_posix(): digest(path) for path in (*mined, *labels, *more)}
    return {"inputs": inputs, "label": pinned(config.label), "split": pinned(config.split)} | versions()


def corpus(config: Config) -> tuple[Corpus, Parts]:
    """Load the usable changes, and say which of them do what.

    Raises UsageError where the configuration gives no dates to split by.
    """
    from riskbot.learn.dataset import load, split

    dates = config.split
    train, calibrate = _date(config, "train_until"), _date(config, "calibrate_until")
    mined, labels = tables(config)
    latency = config.label.latency_days
    found = load(mined, labels, latency_days=latency)
    parts = split(
        found,
        train_until=train,
        calibrate_until=calibrate,
        latency_days=latency,
        test_until=dates.test_until,
        validation=dates.validation,
    )
    return found, parts


def _date(config: Config, name: str) -> Any:
    found = getattr(config.split, name)
    if found is None:
        raise UsageError(
            f"{config.file}: split.{name} is not given.",
            mend="Write the dates under [split], as the example in docs/learn.md.",
        )
    return found


def labelled(config: Config, corpus: Corpus, which: Any, *, until: float = float("inf")) -> Any:
    """Give the rows of a part with the label that is learnt, as known at ``until``."""
    part = corpus.part(which)
    return part.rows.labelled(part.label(config.label.source, until=until, linked=config.label.linked))
