"""What git alone can tell about people: merges done again, and who last wrote the touched lines.

Both only ever help a verdict to say more. So they are bounded in number and time, and what could not be
worked out is left out: a merge that nobody did again counts as its maker's work, lines that nobody looked
up as nobody's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from riskbot.domain.change import Commit, FileDiff, FileStatus
from riskbot.domain.errors import EvaluationError
from riskbot.outside.background import Background
from riskbot.outside.git import Git
from riskbot.outside.gitcommand import version

MAX_MERGES = 50
MAX_FILES = 20
MAX_LINES = 2_000
SECONDS = 2.0

# git-merge-tree(1): --write-tree came with 2.38.
_MERGES_IN_MEMORY = (2, 38)
# git-blame(1), "incremental output": a commit's header, then its fields, those of its author once.
_HEADER = re.compile(rb"([0-9a-f]{40,64}) \d+ \d+ (\d+)")


@dataclass(frozen=True, slots=True)
class Wrote:
    """Whose address last wrote how many of a file's touched lines; ``last_at`` in seconds since 1970."""

    email: str
    lines: int
    last_at: int


def redone(
    git: Git, commits: Iterable[Commit], *, seconds: float = SECONDS, most: int | None = None
) -> dict[str, str]:
    """Merge the two parents of each merge again, without its own result: the tree that comes out, by commit.

    Left out are merges that do not go cleanly or have more than two parents, all with a git before 2.38, and
    those for which there is no time.
    """
    merges = [commit for commit in commits if len(commit.parents) == 2]
    if not merges or version() < _MERGES_IN_MEMORY:
        return {}
    end = time.monotonic() + seconds
    trees = {}
    for commit in merges[: MAX_MERGES if most is None else most]:
        said = _said(git, end, "merge-tree", "--write-tree", "--no-messages", *commit.parents)
        if said:
            trees[commit.id] = said.decode().strip()
    return trees


def recent_authors(
    git: Git, base: str, files: Iterable[FileDiff], *, seconds: float = SECONDS
) -> Mapping[str, tuple[Wrote, ...]]:
    """Say who last wrote the lines of the base that the change removes or replaces, by the file's old path.

    The addresses are what the commits say, through the mailmap at the base: good for a hint, not for a proof.
    """
    end = time.monotonic() + seconds
    edges = git.shallow_edges()
    left = MAX_LINES
    found = {}
    for file, lines in islice(_touched(files), MAX_FILES):
        if left <= 0:
            break
        ranges = [f"-L{first},{last}" for first, last in _ranges(lines[:left])]
        left -= len(lines)
        path = file.encode("utf-8", "surrogateescape")
        mailmap = ("-c", f"mailmap.blob={base}:.mailmap")
        said = _said(git, end, *mailmap, "blame", "--incremental", *ranges, base, "--", path)
        if said is not None:
            found[file] = _wrote(said, edges)
    return found


def _said(git: Git, end: float, *arguments: str | bytes) -> bytes | None:
    """Run git until ``end`` at most; None where it failed or there was no time."""
    left = end - time.monotonic()
    if left <= 0:
        return None
    try:
        return b"".join(Background(git, *arguments, seconds=left).finish())
    except (TimeoutError, EvaluationError):
        return None


def _touched(files: Iterable[FileDiff]) -> Iterator[tuple[str, list[int]]]:
    """Yield old paths with the numbers of the lines removed there; the source of a copy loses none."""
    for file in files:
        copied = file.old_path is None or file.status is FileStatus.COPIED
        lines = [] if copied else sorted(file.removed_lines())
        if file.old_path is not None and lines:
            yield file.old_path, lines


def _ranges(lines: list[int]) -> Iterator[tuple[int, int]]:
    """Join sorted numbers that follow one another."""
    first = last = lines[0]
    for line in lines[1:]:
        if line != last + 1:
            yield first, last
            first = line
        last = line
    yield first, last


def _wrote(said: bytes, edges: frozenset[str]) -> tuple[Wrote, ...]:
    """Read git's answer; what a shallow clone blames on its first commits is nobody's."""
    lines: dict[str, int] = {}
    authors: dict[str, tuple[str, int]] = {}
    commit, email = "", ""
    for line in said.split(b"\n"):
        if match := _HEADER.fullmatch(line):
            commit = match[1].decode()
            lines[commit] = lines.get(commit, 0) + int(match[2])
        elif line.startswith(b"author-mail "):
            email = (
                line[len(b"author-mail ") :].decode("utf-8", "replace").removeprefix("<").removesuffix(">")
            )
        elif line.startswith(b"author-time "):
            seconds = line[len(b"author-time ") :]
            authors[commit] = (email, int(seconds) if seconds.isdigit() and len(seconds) < 12 else 0)
    sums: dict[str, tuple[int, int]] = {}
    for one, count in lines.items():
        if one not in edges and one in authors:
            email, at = authors[one]
            before, last = sums.get(email, (0, 0))
            sums[email] = (before + count, max(last, at))
    return tuple(Wrote(email, *sums[email]) for email in sorted(sums))
