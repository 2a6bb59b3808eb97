"""Scores of rows by models that never saw their repository; and which candidate is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from riskbot.learn.authorship.candidates import Candidate, Scorer, candidates, fit, views
from riskbot.learn.authorship.config import Fit
from riskbot.learn.authorship.data import SERVED_LINES, Corpus, Rows
from riskbot.learn.authorship.groups import AGENT, EARLY, LATE, MODERN, PROXY
from riskbot.learn.authorship.measures import Strata, auc, joined
from riskbot.learn.measure import Floats

NOMINAL = 0.05


def folds(rows: Rows, training: frozenset[str], count: int) -> dict[str, int]:
    """Deal whole repositories to folds, the largest first, each to the fold with the fewest rows."""
    sizes = {name: int((rows.repository == name).sum()) for name in sorted(training)}
    filled, found = [0] * count, {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        at = filled.index(min(filled))
        found[name] = at
        filled[at] += sizes[name]
    return found


def score(
    one: Candidate, corpus: Corpus, values: Floats, config: Fit, training: frozenset[str]
) -> tuple[Floats, Scorer]:
    """Score all rows: those that train by models of the other folds, the rest by the final one.

    Gives the scores (logits) and the final model.
    """
    rows = corpus.rows
    dealt = folds(rows, training, min(config.folds, len(training)))
    fold = np.array([dealt.get(name, -1) for name in rows.repository])
    usable = corpus.plain & (fold >= 0)
    final = fit(one, rows.part(usable), values[usable], config)
    scores = final(values)
    for held in range(max(fold) + 1):
        learnt = usable & (fold != held)
        if (fold == held).any():
            scores[fold == held] = fit(one, rows.part(learnt), values[learnt], config)(values[fold == held])
    return scores, final


def table(
    corpus: Corpus, config: Fit, training: frozenset[str], progress: Callable[[int, int], None]
) -> tuple[dict[str, dict[str, Any]], dict[str, tuple[Floats, Scorer]]]:
    """Fit and measure every candidate on the training repositories, each held out."""
    seen = views(corpus)
    listed, told, made = candidates(), {}, {}
    held = corpus.plain & np.isin(corpus.rows.repository, sorted(training))
    held &= corpus.rows.lines >= SERVED_LINES
    for done, one in enumerate(listed):
        progress(done, len(listed))
        made[one.name] = score(one, corpus, seen[one.view], config, training)
        told[one.name] = {"served": one.served} | figures(corpus.rows.part(held), made[one.name][0][held])
    return told, made


def chosen(told: dict[str, dict[str, Any]]) -> str:
    """Choose what best tells agents from others of the same repository and year, of what could be served.

    Only the training repositories were looked at, each held out.
    """
    served = [name for name, one in told.items() if one["served"]]
    return max(served, key=lambda name: (told[name]["same_year"] or 0.0, name))


def figures(rows: Rows, scores: Floats) -> dict[str, Any]:
    """Measure scores of held-out rows: AUCs, and what a threshold of one era does to the next."""
    agent = rows.groups(AGENT)

    def against(*groups: str) -> float | None:
        both = agent | rows.groups(*groups)
        return auc(scores[both], agent[both].astype(float))

    def within(*groups: str) -> float | None:
        both = agent | rows.groups(*groups)
        some, label = rows.part(both), agent[both].astype(float)
        return Strata(scores[both], label, some.repository, some.author).auc()

    modern = agent | rows.groups(MODERN)
    some = rows.part(modern)
    year = Strata(
        scores[modern], agent[modern].astype(float), joined(some.repository, some.year), some.author
    )
    people = scores[rows.people]
    cut = float(np.quantile(people, 1 - NOMINAL))
    early = float(np.quantile(scores[rows.groups(EARLY)], 1 - NOMINAL))
    return {
        "early": against(EARLY),
        "late": against(LATE),
        "people": against(EARLY, LATE),
        "within_late": within(LATE),
        "same_year": year.auc(),
        "found": float((scores[agent] >= cut).mean()),
        "late_flagged": float((scores[rows.groups(LATE)] >= cut).mean()),
        "proxy_flagged": float((scores[rows.groups(PROXY)] >= cut).mean()),
        "late_flagged_by_early": float((scores[rows.groups(LATE)] >= early).mean()),
    }
