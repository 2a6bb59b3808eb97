"""The step ``mine``: a table of changes for each repository."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from riskbot.learn.config import Config
from riskbot.learn.crew import Place
from riskbot.learn.reading import pinned
from riskbot.learn.run.clones import MINED, Clone, clones
from riskbot.learn.steps import Step, Unit, Watcher
from riskbot.outside.git import Git


def run(config: Config, watcher: Watcher, *, again: bool = False) -> None:
    """Mine every repository of the run that has changed since it was mined."""
    units = [_unit(clone, config.mine.structure) for clone in clones(config)]
    Step("mine", config.out / MINED).run(units, watcher, workers=config.mine.workers, again=again)


def _unit(clone: Clone, structure: float) -> Unit:
    pins = clone.pins() | {"limits": pinned(clone.repository), "structure": structure}
    return Unit(clone.repository.name, pins, partial(_mine, clone, structure))


def _mine(clone: Clone, structure: float, place: Place) -> dict[str, Any]:
    from riskbot.learn.mine import Limits, mine

    repository = clone.repository
    limits = Limits(newest=repository.newest or 0, since=clone.since, until=clone.until, structure=structure)
    git = Git.open(Path(repository.path))
    told = mine(git, repository.name, clone.tip, place.out / clone.file, limits, progress=place.report)
    used = told.rows.pop("", 0)
    return {"used": used, "left out": dict(sorted(told.rows.items())), "structured": told.structured}
