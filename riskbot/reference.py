"""A repository's own recent changes, scored once a month, to compare a change with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from riskbot.assess import LinearModel
from riskbot.domain.errors import EvaluationError
from riskbot.gather.history.recent import COUNT, anchor, recent
from riskbot.outside import cache
from riskbot.outside.git import Git


def own_scores(git: Git, base: str, model: LinearModel, *, folder: Path | None = None) -> tuple[float, ...]:
    """Score the repository's last changes before the month of ``base``: probabilities, oldest first.

    The same base and model always give the same scores: a commit's id fixes its whole past. So they are
    kept (``folder`` overrides where), and only the first check of a month walks the history. Empty where
    the past is hidden or cannot be read; then the model's own reference serves.
    """
    tip = anchor(git, base)
    if tip is None:
        return ()
    name = hashlib.sha256(f"{tip} {model.id.sha256} {COUNT}".encode()).hexdigest()
    path = (folder or cache.folder("references")) / f"{name}.json"
    kept = cache.read(path)
    if kept is None:
        try:
            scores = [model.probability(metrics) for metrics in recent(git, tip)]
        except EvaluationError:
            return ()
        kept = json.dumps(scores).encode()
        cache.write(path, kept)
    return tuple(json.loads(kept))
