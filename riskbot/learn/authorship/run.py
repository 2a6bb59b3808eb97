"""The steps of ``riskbot learn authorship``: mine each repository; fit, measure and publish one model."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from riskbot import __version__
from riskbot.detect.authorship.style.features import VERSION
from riskbot.domain.errors import UsageError
from riskbot.learn.authorship.config import Config, Mine
from riskbot.learn.config import Repository
from riskbot.learn.crew import Place
from riskbot.learn.manifest import digest
from riskbot.learn.reading import pinned
from riskbot.learn.steps import Step, Unit, Watcher
from riskbot.outside.git import Git

MINED = "mined"
MODEL = "model"


def run(config: Config, watcher: Watcher, *, again: bool = False) -> None:
    """Do what is not done already."""
    units = [_mining(one, config.mine) for one in config.repositories]
    Step("mine", config.out / MINED).run(units, watcher, workers=config.mine.workers, again=again)
    files = [config.out / MINED / _file(one) for one in config.repositories]
    pins = {
        "inputs": {path.name: digest(path) for path in files},
        "training": list(config.training),
        "fit": pinned(config.fit),
        "evaluate": pinned(config.evaluate),
        "riskbot": __version__,
    }
    Step("fit", config.out / MODEL).run(
        [Unit("style", pins, partial(_fit, config, files))], watcher, again=again
    )


def _file(repository: Repository) -> str:
    return f"{repository.stem}.parquet"


def _mining(repository: Repository, limits: Mine) -> Unit:
    """Make the unit of a repository; it depends on every reference, since agents work on branches."""
    from riskbot.learn.authorship.changed import formatter

    git = Git.open(Path(repository.path))
    if git.is_shallow() or git.is_partial():
        raise UsageError(
            f"The clone {repository.path} is shallow or partial, so its past is not all there.",
            mend="Clone it whole (git fetch --unshallow), or leave it out of the run.",
        )
    told = git.ask("for-each-ref", "--format=%(refname) %(objectname)")
    pins = {
        "references": hashlib.sha256(told).hexdigest(),
        "limits": pinned(limits),
        "features": VERSION,
        "formatter": formatter(),
        "riskbot": __version__,
    }
    return Unit(repository.name, pins, partial(_mine, repository, limits))


def _mine(repository: Repository, limits: Mine, place: Place) -> dict[str, Any]:
    from riskbot.learn.authorship.mine import mine

    git = Git.open(Path(repository.path))
    return dict(mine(git, repository.name, place.out / _file(repository), limits, progress=place.report))


def _fit(config: Config, files: list[Path], place: Place) -> dict[str, Any]:
    from riskbot.learn.authorship.publish import publish

    return publish(config, files, place)
