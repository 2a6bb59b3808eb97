"""How far the features tell the year in which people wrote, and what is left when that is taken out."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskbot.detect.authorship.style.features import era, names
from riskbot.learn.authorship.candidates import columns
from riskbot.learn.authorship.config import Fit
from riskbot.learn.authorship.data import Corpus
from riskbot.learn.authorship.views import Scaler, erasure, explained

_SHOWN = 12


def years(corpus: Corpus, config: Fit) -> dict[str, Any]:
    """Regress the year on the features of people's commits: all, without those of an era, and erased.

    ``features`` are those that go most with the year (correlation), whether they are marked as of an era.
    """
    rows = corpus.rows
    people = corpus.plain & rows.people
    code, when = rows.code[people], rows.when[people] / (365.25 * 86_400)
    weight = np.ones(len(when))
    found: dict[str, Any] = {"rows": len(when)}
    for kind in ("all", "plain"):
        values = code[:, columns(kind)]
        scaled = Scaler.fit(values)(values)
        found[kind] = explained(scaled, when, weight)
        if kind == "plain":
            projection = erasure(scaled, when, weight, config.erased)
            found["erased"] = explained(scaled @ projection, when, weight)
    scaled = Scaler.fit(code)(code)
    with np.errstate(all="ignore"):
        together = [float(np.nan_to_num(np.corrcoef(column, when)[0, 1])) for column in scaled.T]
    order = sorted(range(len(together)), key=lambda at: -abs(together[at]))
    found["features"] = [
        {"name": names()[at], "correlation": together[at], "era": names()[at] in era()}
        for at in order[:_SHOWN]
    ]
    return found
