"""A repository's own recent changes, to compare a change with them."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime

from riskbot.domain.change import Metrics
from riskbot.gather.history.walk import walk
from riskbot.outside.git import Git

COUNT = 1000


def anchor(git: Git, base: str) -> str | None:
    """Choose where the comparison ends: the last commit on ``base``'s first-parent line before its month.

    The choice depends on ``base`` alone, so that the same change always meets the same reference, and it
    moves once a month (UTC), so that what was computed for it can be kept. None where the past is hidden
    (a shallow or partial clone) or begins only this month.
    """
    if git.is_shallow() or git.is_partial():
        return None
    when = datetime.fromtimestamp(int(git.run("log", "-1", "--format=%ct", base)), UTC)
    month = int(when.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp())
    found = git.run("rev-list", "--first-parent", "-1", f"--before={month - 1}", base).decode().strip()
    return found or None


def newest(git: Git, tip: str, count: int) -> list[str]:
    """List the last ``count`` commits up to ``tip`` that are no merges, oldest first."""
    options = ("--no-merges", "--full-history", "--date-order", f"-{count}", "--format=%H")
    said = git.run("log", *options, tip, "--")
    return said.decode().split()[::-1]


def recent(git: Git, tip: str, count: int = COUNT) -> tuple[Metrics, ...]:
    """Measure the last ``count`` commits up to ``tip`` that are no merges, oldest first.

    Walks the whole past once: a commit's metrics need all that came before it.
    """
    return tuple(measured.metrics for measured in deque(walk(git, tip), maxlen=count))
