"""Reading every patch of a history, merges included, from one ``git log``.

Asked for: ``-p --unified=0 -w -M -c --raw -z --full-index`` (git-log(1), "GENERATING PATCH TEXT WITH -P",
"COMBINED DIFF FORMAT"). A merge shows only the files that differ from all its parents: the others are, blob
by blob, some parent's. Paths keep their bytes (``surrogateescape``). Line contents stay bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import IO

from riskbot.domain.errors import EvaluationError
from riskbot.outside.git import Git

LARGEST = "1m"
"""Files beyond this are data, not source: git treats them as binary (``core.bigFileThreshold``)."""

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_SIDE = re.compile(rb"-(\d+),\d+")
_INDEX = re.compile(rb"index ([0-9a-f,]+)\.\.([0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines ``start`` (from 1; the line before, where ``removed`` is empty) replaced by others."""

    start: int
    removed: Sequence[bytes]
    new_start: int
    added: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class MergeHunk:
    """A place where a merge differs from a parent: ``sides`` are (first line from 1, count) of each parent.

    ``origins`` has for each line of the result the parent (from 0) that has it and its line's offset in
    that parent's side, or -1 for a line that no parent has.
    """

    sides: Sequence[tuple[int, int]]
    origins: Sequence[tuple[int, int]]


@dataclass(slots=True)
class FilePatch:
    """One file of a commit: ``blobs`` of each parent, ``blob`` of the result, empty where there is none."""

    path: str
    source: str
    blobs: tuple[str, ...]
    blob: str
    hunks: list[Hunk] = field(default_factory=list)
    merged: list[MergeHunk] = field(default_factory=list)


@dataclass(slots=True)
class Patch:
    """What one commit did to the traced files."""

    commit: str
    files: list[FilePatch]


class Detail(Enum):
    """How much of a patch is read."""

    FILES = ("--no-renames",)
    """Which files changed; no content is looked at."""
    RENAMES = ("-M", "-l400")
    """The same with renames followed, exactly as with lines."""
    SPACED = (*RENAMES, "-p", "--unified=0", "--full-index")
    """Everything."""
    LINES = (*SPACED, "-w")
    """The same, but lines in which only space changed are as they were."""


def patches(git: Git, tip: str, pathspecs: Sequence[str], detail: Detail = Detail.LINES) -> Iterator[Patch]:
    """Yield the patch of every commit up to ``tip`` that touches ``pathspecs``, parents before children.

    Raises EvaluationError where git fails, say because an object is missing.
    """
    command = [
        *("-c", f"core.bigFileThreshold={LARGEST}", "log", "--topo-order", "--reverse", "--full-history"),
        *("-c", "--raw", "-z", "--no-abbrev", "--format=%x01%H", *detail.value, tip, "--", *pathspecs),
    ]
    with git.stream(*command) as out:
        yield from _Reader(out).patches()


def spaced(git: Git, commits: Iterable[str], pathspecs: Sequence[str]) -> Iterator[Patch]:
    """Yield the patches of ``commits`` alone, with the lines in which only space changed, in no fixed order.

    Merges have none. Raises EvaluationError where git fails.
    """
    names = "".join(f"{name}\n" for name in commits).encode()
    if not names:  # git would take HEAD instead
        return
    command = [
        *("-c", f"core.bigFileThreshold={LARGEST}", "log", "--no-walk=unsorted", "--no-merges", "--stdin"),
        *("--raw", "-z", "--no-abbrev", "--format=%x01%H", *Detail.SPACED.value, "--", *pathspecs),
    ]
    with git.stream(*command, stdin=names) as out:
        yield from _Reader(out).patches()


class _Reader:
    """A cursor over git's output; it reads lines and NUL-ended tokens, whichever comes next."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.data, self.at = out, b"", 0

    def more(self) -> bool:
        chunk = self.out.read(1 << 20)
        self.data, self.at = self.data[self.at :] + chunk, 0
        return bool(chunk)

    def peek(self) -> bytes:
        """Return the next byte, empty at the end."""
        if self.at >= len(self.data):
            self.more()
        return self.data[self.at : self.at + 1]

    def until(self, end: bytes) -> bytes:
        """Return what comes before ``end`` and step over it."""
        seen = self.at
        while (found := self.data.find(end, seen)) < 0:
            seen = len(self.data) - self.at
            if not self.more():
                raise EvaluationError("git log ended in the middle of a patch.")
        token, self.at = self.data[self.at : found], found + 1
        return token

    def patches(self) -> Iterator[Patch]:
        while (byte := self.peek()) == b"\1":
            commit = self.until(b"\0")[1:].decode("ascii")
            patch = Patch(commit, self.files())
            self.bodies(patch.files)
            yield patch
        if byte:
            raise EvaluationError(f"git log gave something unexpected: {self.data[self.at :][:80]!r}.")

    def files(self) -> list[FilePatch]:
        """Read the raw records: ``:<modes> <blobs> <status>``, one colon more for each further parent."""
        found = []
        while self.peek() in {b"\n", b"\0", b":"}:
            if self.peek() != b":":
                self.at += 1
                continue
            words = self.until(b"\0").decode("ascii").split(" ")
            parents = words[0].count(":")
            path = source = _text(self.until(b"\0"))
            if parents == 1 and words[-1][0] in "RC":
                path = _text(self.until(b"\0"))
            if words[-1] == "T":  # a symbolic link became a file or the other way: git shows it gone and new
                words[parents + 1 : 2 * parents + 1] = [""] * parents
            blobs = [_blob(name) for name in words[parents + 1 : 2 * parents + 2]]
            found.append(FilePatch(path, source, tuple(blobs[:-1]), blobs[-1]))
        return found

    def bodies(self, files: list[FilePatch]) -> None:
        """Read the patch texts and give their hunks to the files they belong to, known by their blobs.

        What belongs to none (the other half of a change of type) is read past.
        """
        waiting: dict[tuple[tuple[str, ...], str], list[FilePatch]] = {}
        for file in reversed(files):
            waiting.setdefault((file.blobs, file.blob), []).append(file)
        current = stray = FilePatch("", "", (), "")
        while self.peek() not in {b"\1", b""}:
            line = self.until(b"\n")
            if line.startswith(b"@@"):
                self.hunk(line, current)
            elif match := _INDEX.match(line):
                old = tuple(_blob(name) for name in match[1].decode("ascii").split(","))
                same = waiting.get((old, _blob(match[2].decode("ascii"))))
                current = same.pop() if same else stray

    def hunk(self, line: bytes, file: FilePatch) -> None:
        if match := _HUNK.match(line):
            count, new_count = int(match[2] or 1), int(match[4] or 1)
            removed = self.lines(count)
            file.hunks.append(Hunk(int(match[1]), removed, int(match[3]), self.lines(new_count)))
        else:
            file.merged.append(self.merge_hunk(line))

    def lines(self, count: int) -> list[bytes]:
        found = [self.until(b"\n")[1:] for _ in range(count)]
        if count and self.peek() == b"\\":
            self.until(b"\n")
        return found

    def merge_hunk(self, line: bytes) -> MergeHunk:
        """Read a hunk of a combined diff.

        Its body ends where a line does not begin with marks: git miscounts in the header at a file's end.
        Unlike elsewhere a start is that of the first line also where the count is 0.
        """
        width = len(line) - len(line.lstrip(b"@")) - 1
        starts = [int(start) for start in _SIDE.findall(line[: line.index(b"@", width + 1)])[:width]]
        taken = [0] * width
        origins = []
        while self.peek() in {b" ", b"+", b"-"}:
            marks = self.until(b"\n")[:width]
            if b"-" in marks:
                having = [side for side in range(width) if marks[side : side + 1] == b"-"]
            else:
                having = [side for side in range(width) if marks[side : side + 1] == b" "]
                origins.append((having[0], taken[having[0]]) if having else (-1, 0))
            for side in having:
                taken[side] += 1
        return MergeHunk(list(zip(starts, taken, strict=True)), origins)


def _blob(name: str) -> str:
    return name if name.strip("0") else ""


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
