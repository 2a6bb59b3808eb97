"""Examples: the changes that the score was most wrong about, for a person to look at."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskbot.learn.evaluate.fairness import percentiles
from riskbot.learn.evaluate.scored import Scored

CALM, ALARM = "false calm", "false alarm"


def worst(scored: Scored, *, count: int = 20, each: int = 3) -> list[dict[str, Any]]:
    """Give the harmful changes of the lowest percentile and the harmless ones of the highest.

    ``count`` of each kind, at most ``each`` of one repository, the worst first. Percentiles are among the
    repository's own measured changes.
    """
    rows = scored.rows
    percentile = percentiles(scored.scores[scored.ours], rows.repository)
    found = []
    for kind, label, order in ((CALM, 1, np.argsort(percentile)), (ALARM, 0, np.argsort(-percentile))):
        taken: dict[str, int] = {}
        for at in order[rows.label[order] == label]:
            repository = str(rows.repository[at])
            if taken.get(repository, 0) >= each or sum(taken.values()) >= count:
                continue
            taken[repository] = taken.get(repository, 0) + 1
            found.append(
                {
                    "kind": kind,
                    "repository": repository,
                    "commit": str(rows.ids[at]),
                    "percentile": float(percentile[at]),
                    "probability": float(scored.scores[scored.ours][at]),
                    "lines": int(rows.effort[at]),
                }
            )
    return found
