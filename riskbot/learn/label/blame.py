"""Blame without asking git again and again: which commit wrote each line, carried forward along the history.

``git blame`` walks back from one file for every question. Here every version of a file gets its line
authorship once, from its parent's by the patch between them (the *annotation graph* of Kim, Zimmermann, Pan
and Whitehead, ASE 2006, from which AG-SZZ has its name): one pass over the patches answers all questions.

Two authorships are kept for a version. ``plain`` is what ``git blame -w -M`` (renames) says. ``seen`` looks
through what changes no behaviour: edits of looks only (comments, quotes, line breaks, trailing commas), lines
that were moved within a commit, and the one-for-one line replacements of bulk commits.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from riskbot.learn.label.code import look, same_looks
from riskbot.learn.label.patches import FilePatch, Hunk

UNKNOWN = 0
"""The commit number of a line whose writer is not known."""
MOVED = 3
"""So many lines with code in a row must be the same for a block to count as moved."""
_MOST_MOVED = 20_000

Numbers: TypeAlias = "array[int]"


@dataclass(frozen=True, slots=True)
class Authorship:
    """The number of the commit that wrote each line of a version of a file; both ways of seeing it."""

    plain: Numbers
    seen: Numbers


NOBODY = Authorship(array("I"), array("I"))


@dataclass(slots=True)
class Versions:
    """The authorship of every version of a file that some later commit still starts from."""

    needed: Counter[str]
    """For each blob, how often a commit starts from it: what nobody needs any more is forgotten."""
    _kept: dict[str, dict[str, Authorship]] = field(default_factory=dict)

    def get(self, path: str, blob: str) -> Authorship:
        """Return the authorship of ``blob``, as it was at ``path`` if it lay at more than one place."""
        places = self._kept.get(blob)
        if not places:
            return NOBODY
        return places.get(path) or next(reversed(places.values()))

    def put(self, path: str, blob: str, lines: Authorship) -> None:
        """Keep the authorship of a version if anyone will ask."""
        if self.needed[blob] > 0:
            self._kept.setdefault(blob, {})[path] = lines

    def used(self, blob: str) -> None:
        """Count one use; after the last one the version is forgotten."""
        self.needed[blob] -= 1
        if self.needed[blob] <= 0:
            self._kept.pop(blob, None)


Moves: TypeAlias = "dict[tuple[bytes, ...], Numbers]"


def moves(files: Sequence[FilePatch], before: Sequence[Sequence[Authorship]]) -> Moves:
    """Find the blocks that a commit took away, with who wrote them: what it adds elsewhere may be the same.

    ``before`` has the authorship of each file's parents. Blocks are found by their first :data:`MOVED` lines.
    """
    found: Moves = {}
    removed = sum(len(hunk.removed) for file in files for hunk in file.hunks)
    if not any(hunk.added for file in files for hunk in file.hunks) or not MOVED <= removed <= _MOST_MOVED:
        return found
    for file, lines in zip(files, before, strict=True):
        for hunk in file.hunks:
            if len(hunk.removed) < MOVED:
                continue
            seen = _cut(lines[0].seen, hunk.start - 1, len(hunk.removed))
            pairs = [(text, seen[at]) for at, text in enumerate(look(hunk.removed)) if text]
            for at in range(len(pairs) - MOVED + 1):
                block = tuple(text for text, _ in pairs[at : at + MOVED])
                found[block] = array("I", (number for _, number in pairs[at : at + MOVED]))
    return found


def after(
    file: FilePatch, before: Sequence[Authorship], number: int, moved: Moves, *, bulk: bool
) -> Authorship:
    """Return the authorship of a file after commit ``number``, from that of its parents' versions."""
    if len(before) > 1:
        return _merged(file, before, number)
    old = before[0]
    plain, seen, at = array("I"), array("I"), 0
    for hunk in file.hunks:
        start = hunk.start - 1 if hunk.removed else hunk.start
        plain += _cut(old.plain, at, start - at)
        seen += _cut(old.seen, at, start - at)
        at = start + len(hunk.removed)
        written = array("I", [number]) * len(hunk.added)
        plain += written
        seen += _look_through(hunk, _cut(old.seen, start, len(hunk.removed)), written, moved, bulk=bulk)
    plain += old.plain[at:]
    seen += old.seen[at:]
    return Authorship(plain, plain if plain == seen else seen)


def _cut(lines: Numbers, start: int, count: int) -> Numbers:
    """Return ``count`` numbers from ``start``, unknown beyond the end."""
    cut = lines[start : start + count]
    return cut if len(cut) == count else cut + array("I", [UNKNOWN]) * (count - len(cut))


def _look_through(hunk: Hunk, old: Numbers, written: Numbers, moved: Moves, *, bulk: bool) -> Numbers:
    """Return who wrote the added lines of a hunk, seen through what changes no behaviour."""
    if hunk.removed and hunk.added:
        if bulk and len(hunk.removed) == len(hunk.added):
            return old
        if (places := same_looks(hunk.removed, hunk.added)) is not None:
            return array("I", (old[place] for place in places))
    return _moved_in(hunk, written, moved) if moved and len(hunk.added) >= MOVED else written


def _moved_in(hunk: Hunk, written: Numbers, moved: Moves) -> Numbers:
    lines = [(at, text) for at, text in enumerate(look(hunk.added)) if text]
    result = written[:]
    for first in range(len(lines) - MOVED + 1):
        block = lines[first : first + MOVED]
        if writers := moved.get(tuple(text for _, text in block)):
            for (at, _), writer in zip(block, writers, strict=True):
                result[at] = writer
    return result


def _merged(file: FilePatch, before: Sequence[Authorship], number: int) -> Authorship:
    """Return the authorship after a merge: each line from the first parent that has it, else the merge's."""
    sides: list[Numbers] = []
    for view in ([old.plain for old in before], [old.seen for old in before]):
        lines, at = array("I"), 0
        for hunk in file.merged:
            starts = [start - 1 for start, _ in hunk.sides]
            lines += _cut(view[0], at, starts[0] - at)
            at = starts[0] + hunk.sides[0][1]
            own = [_cut(view[side], starts[side], hunk.sides[side][1]) for side in range(len(view))]
            lines.extend(own[side][place] if side >= 0 else number for side, place in hunk.origins)
        sides.append(lines + view[0][at:])
    return Authorship(sides[0], sides[1])
