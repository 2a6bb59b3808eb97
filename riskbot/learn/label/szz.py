"""SZZ: the commits that wrote the lines which a repair takes away (Sliwerski, Zimmermann, Zeller, MSR 2005).

The variants are those that Rosa et al. compared (ICSE 2021, arXiv 2102.03300), computed together in one pass
over the patches of the whole history.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from riskbot.learn.label.blame import UNKNOWN, Authorship, Versions, after, moves
from riskbot.learn.label.code import carries_code, is_production, pathspecs
from riskbot.learn.label.patches import Detail, FilePatch, Patch, patches, spaced
from riskbot.outside.git import Git


class Variant(Enum):
    """Whom a repair blames."""

    B = "b"
    """Every commit that wrote a line which the repair takes away."""
    AG = "ag"
    """The same, seen through changes of looks, moves and bulk edits; no merges, no bulk commits."""
    R = "r"
    """Of AG's commits the most recent one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is traced and blamed.

    A repair that touches more than ``files`` files or takes away more than ``lines`` lines with code mixes
    other work in and is not traced. A commit that touches more than ``bulk`` files is not blamed by AG and R.
    """

    files: int = 10
    lines: int = 300
    bulk: int = 50


LIMITS = Limits()
"""What is done unless something else is asked for."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What the tracing must know of a commit."""

    committed_at: int
    merge: bool


@dataclass(frozen=True, slots=True)
class Blamed:
    """``commit`` is blamed by the repair ``fix`` in ``variant``."""

    fix: str
    commit: str
    variant: Variant


def trace(
    git: Git,
    tip: str,
    repairs: set[str],
    commits: Mapping[str, Commit],
    *,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Blamed]:
    """Yield whom the ``repairs`` (commit ids that ``tip`` reaches) blame, oldest repair first.

    ``commits`` describes every commit of the history. ``progress`` is told (commits read, commits in all).
    Raises EvaluationError where git fails.
    """
    specs, needed, total = _survey(git, tip)
    tracer = _Tracer(Versions(needed), commits, limits, _reindented(git, repairs, specs))
    for done, patch in enumerate(patches(git, tip, specs), 1):
        yield from tracer.step(patch, traced=patch.commit in repairs)
        if progress is not None:
            progress(done, total)


def _reindented(git: Git, repairs: set[str], specs: list[str]) -> dict[str, dict[str, array[int]]]:
    """Return by repair and file the lines (from 0) with code that it takes away, changes or indents anew."""
    return {
        patch.commit: {file.source: array("I", _faulty(file)) for file in patch.files}
        for patch in spaced(git, sorted(repairs), specs)
    }


def _survey(git: Git, tip: str) -> tuple[list[str], Counter[str], int]:
    """Return the pathspecs to read, how often each blob is a commit's start, and the number of commits.

    Files of which a version is missing (a partial clone) are left out.
    """
    specs = pathspecs()
    specs += [f":(exclude,literal){path}" for path in sorted(_missing(git, tip, specs))]
    needed: Counter[str] = Counter()
    total = 0
    for patch in patches(git, tip, specs, Detail.RENAMES):
        total += 1
        needed.update(blob for file in patch.files for blob in file.blobs)
    return specs, needed, total


def _missing(git: Git, tip: str, specs: list[str]) -> set[str]:
    """Return the paths with a version whose object is not here."""
    places: dict[str, set[str]] = {}
    for patch in patches(git, tip, specs, Detail.FILES):
        for file in patch.files:
            for blob in (*file.blobs, file.blob):
                places.setdefault(blob, set()).add(file.path)
    places.pop("", None)
    sizes = git.sizes(places)
    return {path for blob, paths in places.items() if sizes[blob] is None for path in paths}


@dataclass(slots=True)
class _Tracer:
    """The state of the one pass: who wrote which line, by the number of the commit."""

    versions: Versions
    commits: Mapping[str, Commit]
    limits: Limits
    reindented: Mapping[str, Mapping[str, Sequence[int]]]
    names: list[str] = field(default_factory=lambda: [""])
    bulk: set[int] = field(default_factory=set)

    def step(self, patch: Patch, *, traced: bool) -> Iterator[Blamed]:
        """Read one commit: whom it blames if it is to be ``traced``, and what its files are like after it."""
        number = len(self.names)
        self.names.append(patch.commit)
        bulk = len(patch.files) > self.limits.bulk
        if bulk:
            self.bulk.add(number)
        before = [
            [self.versions.get(file.source, blob) if blob else _EMPTY for blob in file.blobs]
            for file in patch.files
        ]
        if traced:
            yield from self.blame(patch, before)
        moved = moves(patch.files, before)
        for file, lines in zip(patch.files, before, strict=True):
            if file.blob and self.versions.needed[file.blob] > 0:
                self.versions.put(file.path, file.blob, after(file, lines, number, moved, bulk=bulk))
        for file in patch.files:
            for blob in file.blobs:
                self.versions.used(blob)

    def blame(self, patch: Patch, before: Sequence[Sequence[Authorship]]) -> Iterator[Blamed]:
        """Yield whom a repair blames, by each variant.

        One that only indents lines anew, say below a new condition, is about these lines.
        """
        production = [
            (file, lines[0])
            for file, lines in zip(patch.files, before, strict=True)
            if is_production(file.source)
        ]
        if len(production) > self.limits.files:
            return
        faulty: list[Sequence[int]] = [list(_faulty(file)) for file, _ in production]
        if not any(faulty):
            known = self.reindented.get(patch.commit, {})
            faulty = [known.get(file.source, ()) for file, _ in production]
        if sum(map(len, faulty)) > self.limits.lines:
            return
        plain: set[int] = set()
        seen: set[int] = set()
        for (_, lines), places in zip(production, faulty, strict=True):
            plain.update(_at(lines.plain, places))
            seen.update(_at(lines.seen, places))
        now = self.commits[patch.commit].committed_at
        yield from self.named(patch.commit, Variant.B, sorted(plain - {UNKNOWN}))
        sound = sorted(one for one in seen - {UNKNOWN} if self.sound(one, now))
        yield from self.named(patch.commit, Variant.AG, sound)
        latest = sorted(sound, key=lambda one: (self.commits[self.names[one]].committed_at, one))[-1:]
        yield from self.named(patch.commit, Variant.R, latest)

    def sound(self, number: int, now: int) -> bool:
        """Say whether a commit can be to blame: no merge, no bulk edit, not newer than the repair."""
        commit = self.commits[self.names[number]]
        return not commit.merge and number not in self.bulk and commit.committed_at <= now

    def named(self, fix: str, variant: Variant, numbers: Sequence[int]) -> Iterator[Blamed]:
        """Yield the commits of ``numbers`` by their ids."""
        for number in numbers:
            yield Blamed(fix, self.names[number], variant)


_EMPTY = Authorship(array("I"), array("I"))


def _faulty(file: FilePatch) -> Iterator[int]:
    """Yield the lines (from 0) with code that the commit takes away or changes."""
    for hunk in file.hunks:
        for at, line in enumerate(hunk.removed, hunk.start - 1):
            if carries_code(line):
                yield at


def _at(lines: array[int], places: Sequence[int]) -> Iterator[int]:
    """Yield the writers of the lines at ``places``, as far as they are known."""
    return (lines[place] for place in places if place < len(lines))
