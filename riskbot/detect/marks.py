"""Marks that every finding needs, taken from the diff itself and not from what a detector believes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from riskbot.domain.change import Change, FileDiff
from riskbot.domain.finding import Finding, Location, Side


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """The lines of one file that the change touched: added ones on the new side, removed ones on the old."""

    new: frozenset[int]
    old: frozenset[int]

    @classmethod
    def of(cls, file: FileDiff) -> ChangedLines:
        """Read them from the file's hunks."""
        return cls(file.added_lines(), file.removed_lines())

    def touch(self, location: Location) -> bool:
        """Tell whether the location overlaps a changed line of its side; a whole file always does."""
        if location.line is None:
            return True
        lines = self.new if location.side is Side.NEW else self.old
        last = location.line if location.end_line is None else max(location.line, location.end_line)
        span = range(location.line, last + 1)
        few, many = (span, lines) if len(span) < len(lines) else (lines, span)
        return any(line in many for line in few)


def mark_changed(findings: tuple[Finding, ...], change: Change) -> tuple[Finding, ...]:
    """Set ``on_changed_line`` of every finding from the diff.

    A finding in a file that the change does not touch lies on no changed line.
    """
    files = {Side.NEW: {f.new_path: f for f in change.files}, Side.OLD: {f.old_path: f for f in change.files}}
    known: dict[int, ChangedLines] = {}
    marked = []
    for finding in findings:
        where = finding.location
        # The path of a deleted file has no new side, yet detectors name it so: it is whichever exists.
        file = files[where.side].get(where.path) or files[Side.OLD].get(where.path)
        if file is not None and id(file) not in known:
            known[id(file)] = ChangedLines.of(file)
        touched = file is not None and known[id(file)].touch(where)
        marked.append(
            finding if touched == finding.on_changed_line else replace(finding, on_changed_line=touched)
        )
    return tuple(marked)
