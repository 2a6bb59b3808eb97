"""Labels: which commits of a history brought a defect, as far as later commits tell.

Two kinds of sources, never mixed: commits that a repair blames (SZZ, three variants), and commits that were
reverted or had to land again. Every event keeps the time at which it became known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from riskbot.learn.label.events import SOURCES, Event, Source, known, read, write
from riskbot.learn.label.fixes import Repair, repair
from riskbot.learn.label.history import history
from riskbot.learn.label.reverts import reverts
from riskbot.learn.label.szz import LIMITS, Commit, Limits, Variant, trace
from riskbot.outside.git import Git

__all__ = ["SOURCES", "Event", "Limits", "Source", "Variant", "known", "label", "read", "write"]


def label(
    git: Git,
    tip: str,
    *,
    since: int | None = None,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Event]:
    """Yield the events of all sources in the history of ``tip`` (a commit id).

    Only repairs and reverts committed at ``since`` (seconds since the epoch) or later are looked for;
    whom they blame may be older. ``progress`` is told (commits read, commits in all). Raises
    EvaluationError where git fails.
    """
    commits = list(history(git, tip))
    begin = since or 0
    yield from (event for event in reverts(commits) if event.known_at >= begin)
    said = {
        commit.id: found
        for commit in commits
        if commit.parents < 2
        and commit.committed_at >= begin
        and (found := repair(commit.message)) is not Repair.NONE
    }
    facts = {commit.id: Commit(commit.committed_at, commit.parents > 1) for commit in commits}
    for blamed in trace(git, tip, set(said), facts, limits=limits, progress=progress):
        known_at = facts[blamed.fix].committed_at
        yield Event(
            blamed.commit, blamed.variant.value, blamed.fix, known_at, said[blamed.fix] is Repair.LINKED
        )
