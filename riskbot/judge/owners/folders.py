"""What the owners files of a tree of folders have in common, whatever is written in them.

Whose a path is depends on the folders above it that have an owners file. Under another spelling that some
file systems take for the same (letter case, Unicode normal form), or as a link in the place of a folder, a
path stands in for others; :func:`guarding` finds the owners of all of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from riskbot.judge.owners import Lint, Ownership
from riskbot.written.glob import folded

#: More owners than this for one path serve nobody; the nearest are kept.
MAX_OWNERS = 500

#: At most so many ownerships guard one path; what is beyond makes the last one say that it is not all.
MAX_GUARDS = 200

#: At most so many lints of one file are repeated with every path that it governs.
MAX_PATH_LINTS = 10

# Characters that hide text from a reviewer: controls, line ends other than "\n", zero-width and bidirectional
# ones, lone surrogates and non-characters. Tab and blank are not among them.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\uffff\U0001fffe\U0001ffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)

# Those that some reader takes for the end of a line: Java's \R, Python's splitlines, YAML 1.1.
LINE_END = re.compile("[\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")


def hidden_lint(file: str, line: int, match: re.Match[str]) -> Lint:
    """Say which character of a line cannot be seen."""
    character = match[0]
    if character == "\ufeff" and line == 1 and match.start() == 0:
        return Lint("bom", "The file starts with a byte order mark; save it without.", file, line, 1)
    message = f"The character U+{ord(character):04X} cannot be seen by a reviewer; remove it."
    return Lint("control_char", message, file, line, match.start() + 1)


def parent(folder: str) -> str:
    """The folder above, "" for the root's children."""
    return folder.rpartition("/")[0]


class Folders:
    """The folders that have an owners file, findable by spelling and by place. "" is the root."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._exact = frozenset(folders)
        self._folded: dict[str, list[str]] = {}
        for folder in sorted(self._exact):
            self._folded.setdefault(folded(folder), []).append(folder)
        self._sorted = sorted(self._folded)
        self._above: dict[str, tuple[str, ...]] = {}
        self._respelled: dict[str, tuple[tuple[int, str], ...]] = {}
        self._places: set[str] = set()
        for place in self._sorted:
            while place and place not in self._places:
                self._places.add(place)
                place = parent(place)  # noqa: PLW2901

    def above(self, folder: str) -> tuple[str, ...]:
        """The folders that have an owners file, from ``folder`` itself up."""
        found = self._above.get(folder)
        if found is None:
            names = [folder]
            while names[-1]:
                names.append(parent(names[-1]))
            found = self._above[folder] = tuple(name for name in names if name in self._exact)
        return found

    def respelled(self, path: str) -> Iterator[str]:
        """The path in each folder that is spelled otherwise but may be the same, deepest first."""
        folder = parent(path)
        others = self._respelled.get(folder)
        if others is None:
            others = self._respelled[folder] = tuple(self._other_spellings(folder))
        for length, other in others:
            yield other + path[length:]

    def _other_spellings(self, folder: str) -> Iterator[tuple[int, str]]:
        """Other spellings of a folder and those above it, with the length of its own."""
        while folder:
            for other in self._folded.get(folded(folder), ()):
                if other != folder:
                    yield len(folder), other
            folder = parent(folder)

    def below(self, path: str, *, itself: bool) -> Iterator[str]:
        """The folders in the place of ``path`` or beneath it; ``itself``: under its own spelling too."""
        place = folded(path)
        if place not in self._places:
            return
        if place in self._folded:
            yield from (folder for folder in self._folded[place] if itself or folder != path)
        for at in range(bisect_left(self._sorted, f"{place}/"), len(self._sorted)):
            name = self._sorted[at]
            if not name.startswith(f"{place}/"):
                break
            yield from (folder for folder in self._folded[name] if itself or not _inside(folder, path))


def _inside(folder: str, path: str) -> bool:
    return folder.startswith(f"{path}/")


def placed(ownership: Ownership, path: str) -> Ownership:
    """The same ownership, of that path: what ``dataclasses.replace`` does, in a fraction of its time."""
    return Ownership(
        path,
        ownership.owners,
        ownership.file,
        ownership.line,
        ownership.pattern,
        ownership.everyone,
        ownership.required,
        ownership.lints,
        ownership.closed,
    )


def guarding(
    of: Callable[[str, bool], Ownership],
    within: Callable[[str], Iterable[Ownership]],
    folders: Folders,
    path: str,
    *,
    odd_mode: bool,
) -> tuple[Ownership, ...]:
    """Collect every ownership that a change of ``path`` must satisfy, the path's own first, each once.

    ``of(path, folding)`` says who owns a path, with the rules matched under folding or not;
    ``within(folder)`` gives the ownerships of a folder's rules. Their ``path`` does not matter.
    """
    first = of(path, False)
    found = {id(first): first}
    for ownership in _others(of, within, folders, path, odd_mode=odd_mode):
        found[id(ownership)] = ownership
        if len(found) > MAX_GUARDS:
            message = f"More than {MAX_GUARDS} sets of owners guard this path; the rest is left out."
            closed = Ownership(path, lints=(Lint("too_many_guards", message, first.file or ""),), closed=True)
            return (*_distinct(found.values(), path), closed)
    if len(found) == 1:
        return (placed(first, path),)
    return _distinct(found.values(), path)


def _others(
    of: Callable[[str, bool], Ownership],
    within: Callable[[str], Iterable[Ownership]],
    folders: Folders,
    path: str,
    *,
    odd_mode: bool,
) -> Iterator[Ownership]:
    yield of(path, True)
    for other in folders.respelled(path):
        yield of(other, False)
        yield of(other, True)
    if odd_mode:
        # The folder that was here may have had no owners file of its own.
        yield of(f"{path}/", False)
    for folder in folders.below(path, itself=odd_mode):
        yield from within(folder)


def _distinct(ownerships: Iterable[Ownership], path: str) -> tuple[Ownership, ...]:
    """One of each demand."""
    found: dict[tuple[object, ...], Ownership] = {}
    for one in ownerships:
        groups = frozenset(frozenset(owner.name for owner in group) for group in one.required)
        key = (frozenset(one.names), one.everyone, one.closed, groups)
        found.setdefault(key, placed(one, path))
    return tuple(found.values())
