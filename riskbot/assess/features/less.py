"""Less: the numbers of size that a change would have without one of its hunks, for every hunk.

The same numbers as :mod:`riskbot.assess.features.size` gives for the change built anew, from running sums:
a constant amount of work for each hunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from riskbot.assess import kinds
from riskbot.assess.features import size
from riskbot.assess.features.kamei import churn
from riskbot.assess.kinds import Kind
from riskbot.domain.change import Change, FileDiff, FileStatus

_CODE = frozenset({Kind.SOURCE, Kind.TEST, Kind.MIGRATION})
_NAMES = {kind: f"{name}_files" for name, kind in size.KINDS.items()}
_STATUS = {
    FileStatus.ADDED: "new_files",
    FileStatus.DELETED: "gone_files",
    FileStatus.RENAMED: "moved_files",
    FileStatus.COPIED: "moved_files",
}


def vanishes(file: FileDiff) -> bool:
    """Say whether the file would be untouched without its only hunk."""
    whole = file.status in {FileStatus.ADDED, FileStatus.DELETED}
    return len(file.hunks) == 1 and (
        whole or (file.status is FileStatus.MODIFIED and file.old_mode == file.new_mode)
    )


class Sizes:
    """The sums over a whole change that the numbers are made from."""

    def __init__(self, change: Change) -> None:
        self.files = change.files
        self.whole = size.measure(change)
        self.kinds = [kinds.kind(file.path) for file in change.files]
        self.hunks = [[(hunk.added, hunk.removed) for hunk in file.hunks] for file in change.files]
        self.churns = [churn(file) for file in change.files]
        self.total = sum(self.churns)
        self.python = sum(n for n, file in zip(self.churns, change.files, strict=True) if file.is_python)
        self.code = sum(n for n, kind in zip(self.churns, self.kinds, strict=True) if kind in _CODE)
        self.added = sum(file.added for file in change.files)
        self.replaced = sum(min(pair) for hunks in self.hunks for pair in hunks)
        self.count = sum(map(len, self.hunks))
        self.sections = Counter(
            (file.path, hunk.section) for file in change.files for hunk in file.hunks if hunk.section
        )
        self.largest_hunks = _Top(sum(pair) for hunks in self.hunks for pair in hunks)
        self.largest_files = _Top(self.churns)
        self.depths = _Top(file.path.count("/") for file in change.files)

    def without(self, at: int, number: int, lt: float | None) -> dict[str, float | None]:
        """Give the numbers without hunk ``number`` of file ``at``; ``lt``: LT then."""
        file, kind, (added, removed) = self.files[at], self.kinds[at], self.hunks[at][number]
        lines = added + removed
        gone = vanishes(file)
        told = dict(self.whole)
        if gone:
            for name in (_NAMES.get(kind), _STATUS.get(file.status), *_new_source(file, kind)):
                _fall(told, name, 1)
            told["depth"] = self.depths.without(file.path.count("/"))
        if kind in {Kind.SOURCE, Kind.TEST}:
            name = "source" if kind is Kind.SOURCE else "test"
            _fall(told, f"{name}_added", added)
            _fall(told, f"{name}_removed", removed)
        total, code = self.total - lines, self.code - lines * (kind in _CODE)
        tests = (told["test_added"] or 0) + (told["test_removed"] or 0)
        known = self.count > 1 or not total
        left = self.added - added
        before = self.whole["relative_churn"]
        section = (file.path, file.hunks[number].section)
        told |= {
            "test_share": tests / code if code else None,
            "python_share": (self.python - lines * file.is_python) / total if total else None,
            "hunks": self.count - 1 if known else None,
            "source_hunks": (self.whole["source_hunks"] or 0) - (kind is Kind.SOURCE) if known else None,
            "largest_hunk": self.largest_hunks.without(lines) if known else None,
            "largest_file": self._largest_file(at, lines, gone=gone) / total if total else None,
            "hunk_sections": (self.whole["hunk_sections"] or 0) - (self.sections[section] == 1),
            "replaced": (self.replaced - min(added, removed)) / left if known and left else None,
            "relative_churn": None if before is None or lt is None else total / (lt + 1),
        }
        return told

    def _largest_file(self, at: int, lines: int, *, gone: bool) -> float:
        others = self.largest_files.without(self.churns[at])
        return others if gone else max(others, self.churns[at] - lines)


class _Top:
    """The largest of some numbers, and the largest without one of them."""

    def __init__(self, numbers: Iterable[int]) -> None:
        ordered = sorted(numbers, reverse=True)
        self.first = ordered[0] if ordered else 0
        self.second = ordered[1] if len(ordered) > 1 else 0

    def without(self, number: int) -> int:
        """Give the largest without ``number``, which is one of them; 0 where none is left."""
        return self.second if number == self.first else self.first


def _new_source(file: FileDiff, kind: Kind) -> tuple[str, ...]:
    return ("new_source",) if kind is Kind.SOURCE and file.status is FileStatus.ADDED else ()


def _fall(told: dict[str, float | None], name: str | None, by: int) -> None:
    if name is not None and (value := told[name]) is not None:
        told[name] = value - by
