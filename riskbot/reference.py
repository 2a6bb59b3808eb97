"""A repository's own recent changes, scored once a month, to compare a change with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from riskbot import bulk
from riskbot.assess import LinearModel, Model
from riskbot.domain.errors import EvaluationError
from riskbot.gather.history.recent import COUNT, anchor, newest, recent
from riskbot.outside import cache
from riskbot.outside.git import Git
from riskbot.workers import cores

READ = 240
"""So many changes a model that reads text is given: 200 are needed, and some may not be readable."""


def own_scores(
    git: Git, base: str, model: Model, load: bulk.Load, *, folder: Path | None = None
) -> tuple[float, ...]:
    """Score the repository's last changes before the month of ``base``: probabilities, oldest first.

    The same base and model always give the same scores: a commit's id fixes its whole past. So they are
    kept (``folder`` overrides where), and only the first check of a month walks the history. ``load`` gives
    the same model again, to other processes. Empty where the past is hidden or cannot be read;
    then the model's own reference serves.
    """
    tip = anchor(git, base)
    if tip is None:
        return ()
    small = isinstance(model, LinearModel)
    # The note tells a model from the same one that may not know the author.
    key = f"{tip} {model.id.sha256} {model.id.note} {COUNT if small else READ}"
    path = (folder or cache.folder("references")) / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    kept = cache.read(path)
    if kept is None:
        try:
            scores = _measured(git, tip, model) if isinstance(model, LinearModel) else _read(git, tip, load)
        except EvaluationError:
            return ()
        kept = json.dumps(scores).encode()
        cache.write(path, kept)
    return tuple(json.loads(kept))


def _measured(git: Git, tip: str, model: LinearModel) -> list[float]:
    return [model.probability(metrics) for metrics in recent(git, tip)]


def _read(git: Git, tip: str, load: bulk.Load) -> list[float]:
    told = bulk.score_commits(git, newest(git, tip, READ), load, jobs=cores())
    return [one.score.probability for one in told if one.score is not None]
