"""How much of a change is read, and what gathering hands over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from riskbot.domain.change import Change, History


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep time and memory in hand; what lies beyond one becomes an Omission or a UsageError.

    ``max_file_bytes``: a larger side of a file is not read at all. ``max_total_bytes``: contents kept, in
    git's order of paths. ``max_patch_bytes`` and ``max_lines``: bytes and lines of diff kept (a larger
    diff given by hand is refused). ``max_files``: a change of more is refused. ``max_commits``: commits
    listed. ``rename_limit``: git looks for renames among at most so many files on each side
    (git-diff(1), ``-l``). ``max_charter_bytes``: one governing file.
    """

    max_file_bytes: int = 4 << 20
    max_total_bytes: int = 128 << 20
    max_patch_bytes: int = 64 << 20
    max_lines: int = 500_000
    max_files: int = 50_000
    max_commits: int = 10_000
    rename_limit: int = 1_000
    max_charter_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Gathered:
    """A change, and its history as a promise: git reads the past in the background until it is called."""

    change: Change
    history: Callable[[], History]
