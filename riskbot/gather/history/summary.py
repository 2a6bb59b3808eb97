"""Each file over a range of commits: the process metrics that are usual in defect prediction.

The same quantities as PyDriller's process metrics (https://pydriller.readthedocs.io/en/latest/processmetrics.html),
so that values can be compared file by file: renames are followed towards the newest name, merges do not
count. Hunks are not among them: the log's line counts do not tell them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from riskbot.gather.history.log import Entry, Touch
from riskbot.gather.history.walk import entries
from riskbot.outside.git import Git

MINOR = 20
"""Who changed less than 1/20 of a file's changed lines is a minor contributor (Bird et al., FSE 2011)."""


@dataclass(slots=True)
class FileSummary:
    """One file (by its newest name) over the range; a list has one number for each commit, newest first."""

    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    contributions: Counter[str] = field(default_factory=Counter)

    @property
    def commits(self) -> int:
        """How many commits touched the file."""
        return len(self.added)

    @property
    def contributors(self) -> int:
        """How many authors touched the file."""
        return len(self.contributions)

    @property
    def minor_contributors(self) -> int:
        """How many of them changed less than 5 % of the lines that were changed."""
        total = self.contributions.total()
        return sum(lines * MINOR < total for lines in self.contributions.values())

    @property
    def experience(self) -> float | None:
        """The main contributor's part of all changed lines, 0 to 1; None where no line changed."""
        total = self.contributions.total()
        return max(self.contributions.values()) / total if total else None

    @property
    def churns(self) -> list[int]:
        """Lines added minus lines removed, for each commit."""
        return [added - removed for added, removed in zip(self.added, self.removed, strict=True)]


@dataclass(slots=True)
class RangeSummary:
    """All files of the range by path, and how many files each commit touched (newest first)."""

    files: dict[str, FileSummary] = field(default_factory=dict)
    change_sets: list[int] = field(default_factory=list)

    def add(self, touch: Touch, renamed: dict[str, str], identity: str) -> None:
        """Count one file of one commit."""
        path = renamed.get(touch.path, touch.path)
        if touch.source is not None and touch.source != touch.path:
            renamed[touch.source] = path
        summary = self.files.get(path)
        if summary is None:
            summary = self.files[path] = FileSummary()
        summary.added.append(touch.added or 0)
        summary.removed.append(touch.removed or 0)
        summary.contributions[identity] += (touch.added or 0) + (touch.removed or 0)


def _name(entry: Entry) -> str:
    return entry.author


def summarise(
    git: Git, tip: str, *, base: str | None = None, identity: Callable[[Entry], str] = _name
) -> RangeSummary:
    """Summarise ``base..tip`` (commit ids), or all that is reachable from ``tip``, in one walk.

    ``identity`` says who an entry's author is: by default the name after the mailmap.
    """
    summary, renamed = RangeSummary(), dict[str, str]()
    with entries(git, tip, base=base, oldest_first=False) as log:
        for entry in log:
            summary.change_sets.append(len(entry.touches))
            for touch in entry.touches:
                summary.add(touch, renamed, identity(entry))
    return summary
