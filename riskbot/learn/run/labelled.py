"""The step ``label``: which commits of each repository were blamed or reverted, by whom, known since when."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from riskbot.learn.config import Config
from riskbot.learn.crew import Place
from riskbot.learn.run.clones import LABELS, Clone, clones
from riskbot.learn.steps import Step, Unit, Watcher
from riskbot.outside.git import Git


def run(config: Config, watcher: Watcher, *, again: bool = False) -> None:
    """Label every repository of the run that has changed since it was labelled."""
    units = [_unit(clone) for clone in clones(config)]
    Step("label", config.out / LABELS).run(units, watcher, workers=config.label.workers, again=again)


def _unit(clone: Clone) -> Unit:
    # Repairs of before `since` blame only commits of before it, which are not read either.
    pins = clone.pins() | {"since": clone.since}
    return Unit(clone.repository.name, pins, partial(_label, clone))


def _label(clone: Clone, place: Place) -> dict[str, Any]:
    from riskbot.learn.label import label, write

    git = Git.open(Path(clone.repository.path))
    events = list(label(git, clone.tip, since=clone.since, progress=place.report))
    write(place.out / clone.file, clone.repository.name, events)
    blamed = {source: set[str]() for source in sorted({event.source for event in events})}
    for event in events:
        blamed[event.source].add(event.commit)
    return {source: len(commits) for source, commits in blamed.items()}
