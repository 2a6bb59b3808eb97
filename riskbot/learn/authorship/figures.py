"""What the chosen model does: contrasts, false alarms by era, repository, author and size, and robustness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskbot.learn.authorship.changed import CHANGES
from riskbot.learn.authorship.config import Evaluate
from riskbot.learn.authorship.data import PURE, SERVED_LINES, Mask, Rows, Texts
from riskbot.learn.authorship.groups import AGENT, EARLY, LATE, MODERN, NOTED, PROXY
from riskbot.learn.authorship.measures import Strata, auc, by, joined, rate
from riskbot.learn.measure import Floats

FEWEST = 30
"""A repository's share of false alarms is told from so many commits on."""
NEWCOMER = 5
"""Who has fewer commits before is a newcomer to the repository."""
_SIZES = ((20, 50), (50, 100), (100, 200), (200, 601))
_ERAS = (EARLY, LATE, PROXY, MODERN)


@dataclass(frozen=True)
class Measured:
    """Commits with at least 20 added lines, and what models that never saw their repository give them.

    ``probability``: calibrated; ``low``, ``high``: between them the model keeps silent.
    """

    rows: Rows
    probability: Floats
    low: float
    high: float

    @property
    def flagged(self) -> Mask:
        """Which rows would be called inferred."""
        return np.asarray(self.probability >= self.high)

    def part(self, which: Mask) -> Measured:
        """Give some of the rows."""
        return Measured(self.rows.part(which), self.probability[which], self.low, self.high)


def contrasts(one: Measured, config: Evaluate) -> dict[str, Any]:
    """Measure how well agents are told from others, from the easiest to the decisive contrast."""
    rows = one.rows

    def strata(which: Mask, agent: Mask, stratum: Texts) -> dict[str, Any]:
        part = Strata(one.probability[which], agent[which].astype(float), stratum[which], author[which])
        return part.told(config.bootstrap)

    agent, author = rows.groups(AGENT), joined(rows.repository, rows.author)
    modern, noted = agent | rows.groups(MODERN), rows.groups(NOTED)
    pure, empty = noted & (rows.noted >= PURE), noted & (rows.noted == 0)
    same = joined(rows.repository, rows.author, rows.month)
    wide = pure | empty | rows.groups(MODERN)
    return {
        "early": _plain(one, agent, rows.groups(EARLY)),
        "late": _plain(one, agent, rows.groups(LATE)),
        "people": _plain(one, agent, rows.people),
        "within_late": strata(agent | rows.groups(LATE), agent, rows.repository),
        "same_year": strata(modern, agent, joined(rows.repository, rows.year)),
        "same_author": strata(modern, agent, same),
        "gold": strata(pure | empty, pure, same),
        "unnoted": strata(wide, pure, same),
    }


def _plain(one: Measured, agent: Mask, others: Mask) -> dict[str, Any]:
    both = agent | others
    return {
        "auc": auc(one.probability[both], agent[both].astype(float)),
        "agents": int(agent.sum()),
        "others": int(others.sum()),
    }


def alarms(one: Measured) -> dict[str, Any]:
    """Count false alarms on people's commits by era, year, repository, author, place and size."""
    rows, flagged = one.rows, one.flagged
    late, proxy = rows.groups(LATE), rows.groups(PROXY)
    people = rows.people | proxy
    return {
        "eras": by(flagged, rows.group, np.ones(len(rows), dtype=bool), _ERAS),
        "years": by(flagged, rows.year, people),
        "late_repositories": _many(by(flagged, rows.repository, late)),
        "proxy_repositories": _many(by(flagged, rows.repository, proxy)),
        "authors": by(flagged, _standing(rows), late, ("newcomer", "known")),
        "clocks": by(flagged, _clock(rows.zone), late),
        "sizes": by(flagged, _size(rows.lines), late, [_named(*size) for size in _SIZES]),
    }


def _many(rates: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: told for name, told in rates.items() if told["rows"] >= FEWEST}


def worst(rates: Mapping[str, dict[str, Any]]) -> tuple[str, dict[str, Any]] | None:
    """Name where the greatest share is flagged."""
    known = [(name, told) for name, told in rates.items() if told["rate"] is not None]
    return max(known, key=lambda pair: (pair[1]["rate"], pair[0]), default=None)


def found(one: Measured) -> dict[str, Any]:
    """Count what of the agents' commits is flagged, by tool and size, and how often nothing is said."""
    rows, flagged = one.rows, one.flagged
    agent = rows.groups(AGENT)
    silent = (one.probability > one.low) & (one.probability < one.high)
    tools = {name: told for name, told in by(flagged, rows.tool, agent).items() if told["rows"] >= FEWEST}
    return {
        "all": rate(flagged[agent]),
        "tools": tools,
        "sizes": by(flagged, _size(rows.lines), agent, [_named(*size) for size in _SIZES]),
        "silent": by(silent, rows.group, np.ones(len(rows), dtype=bool), (AGENT, *_ERAS)),
    }


def robustness(one: Measured) -> dict[str, Any]:
    """Compare scores before and after a change of names, comments or layout; ``one`` holds both."""
    rows = one.rows
    plain = {(rows.repository[at], rows.commit[at]): at for at in np.flatnonzero(rows.change == "")}
    told = {}
    for kind in CHANGES:
        pairs = [
            (plain[key], at)
            for at in np.flatnonzero(rows.change == kind)
            if (key := (rows.repository[at], rows.commit[at])) in plain
        ]
        before, after = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        agent = rows.group[before] == AGENT
        told[kind] = {
            name: _shift(one, before[which], after[which])
            for name, which in (("agents", agent), ("people", ~agent))
        }
    return told


def _shift(one: Measured, before: Any, after: Any) -> dict[str, Any]:
    if not len(before):
        return {"rows": 0}
    moved = one.probability[after] - one.probability[before]
    return {
        "rows": len(before),
        "mean": float(moved.mean()),
        "mean_absolute": float(np.abs(moved).mean()),
        "quantiles": [float(value) for value in np.percentile(moved, (5, 50, 95))],
        "flagged_before": float(one.flagged[before].mean()),
        "flagged_after": float(one.flagged[after].mean()),
        "unmoved": float((np.abs(moved) < 1e-9).mean()),
    }


def _standing(rows: Rows) -> Texts:
    return np.where(rows.earlier < NEWCOMER, "newcomer", "known")


def _clock(zone: Floats) -> Texts:
    """Name roughly where an author's clock stood; UTC itself is often a server's."""
    return np.select(
        [zone == 0, zone < -120, zone <= 240],  # minutes east
        ["UTC", "the Americas", "Europe and Africa"],
        "Asia and Oceania",
    )


def _size(lines: Floats) -> Texts:
    return np.select([lines < high for _, high in _SIZES], [_named(*size) for size in _SIZES], "more")


def _named(low: int, high: int) -> str:
    return f"{low} to {high - 1}" if low >= SERVED_LINES else f"under {high}"
