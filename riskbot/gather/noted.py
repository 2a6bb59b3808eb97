"""The diffs of commits that bear notes, since notes count lines in the commit's own version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Final

from riskbot.domain.change import Commit, FileDiff
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather.diff import iter_files
from riskbot.gather.limits import Limits
from riskbot.outside.git import Git

MAX_FAILURES: Final = 50
"""After so many commits of which an object is missing, the rest is left out."""

_ID_LINE: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n\Z")
# --always: a commit that changes nothing has its line too.
_SHAPE: Final = ("--always", "-r", "-p", "-U0", "--root", "--full-index", "--diff-algorithm=myers")

Patch = tuple[FileDiff, ...]


def patches(
    git: Git,
    commits: Iterable[Commit],
    noted: Iterable[tuple[str, bytes]],
    limits: Limits,
    omitted: list[str],
) -> tuple[tuple[str, Patch], ...]:
    """Read the diffs of the single-parent commits (and roots) that bear notes, in the order of ``commits``.

    ``omitted`` is told what could not be read; that is left out, so it cannot pass for an empty diff.
    """
    bearing = {name for name, _ in noted}
    ids = [commit.id for commit in commits if commit.id in bearing and len(commit.parents) < 2]
    if not ids:
        return ()
    found = _all(git, ids, limits)
    unread = [name for name in ids if name not in found]
    if unread:
        omitted.append(
            f"{len(unread):,} diffs of commits with notes were not read, {unread[0][:12]} the first"
        )
    return tuple((name, found[name]) for name in ids if name in found)


def _all(git: Git, ids: Sequence[str], limits: Limits) -> dict[str, Patch]:
    """Read what can be read, and go on behind each commit of which an object is missing.

    git ends at the first object that is not here and does not say whose it is: the commit whose diff it wrote
    last, or the one behind it. Alone each shows which.
    """
    found: dict[str, Patch] = {}
    at = failures = 0
    while at < len(ids) and failures <= MAX_FAILURES:
        read, whole = _read(git, ids[at:], limits)
        found |= {name: patch for name, patch in read if patch is not None}
        if whole:
            break
        failures += 1
        at += len(read)
        alone, whole = _read(git, ids[at : at + 1], limits)
        found |= {name: patch for name, patch in alone if whole and patch is not None}
        at += 1
    return found


def _read(git: Git, ids: Sequence[str], limits: Limits) -> tuple[list[tuple[str, Patch | None]], bool]:
    """Read diffs within the limits, in the order of ``ids``; what is no diff that can be read is None.

    False where git failed: then without the last that it wrote, which may be cut off.
    """
    found: list[tuple[str, Patch | None]] = []
    left = limits.max_lines
    command = (*bound(limits), "diff-tree", "--stdin", *_SHAPE, "-M", f"-l{limits.rename_limit}")
    try:
        with git.stream(*command, stdin="".join(f"{name}\n" for name in ids).encode()) as output:
            for name, lines in _parted(output, limits.max_patch_bytes):
                left -= len(lines)
                if left < 0:
                    break
                found.append((name, _patch(lines)))
    except EvaluationError:
        return found[:-1], False
    return found, True


def _patch(lines: list[bytes]) -> Patch | None:
    """Read one diff; None where it is cut off, or holds a path that leads out of the tree."""
    try:
        return tuple(iter_files(lines))
    except UsageError:
        return None


def bound(limits: Limits) -> tuple[str, str]:
    """Keep git from comparing large blobs: they count as binary (git-config(1), core.bigFileThreshold)."""
    return "-c", f"core.bigFileThreshold={limits.max_file_bytes}"


def _parted(output: IO[bytes], most: int) -> Iterator[tuple[str, list[bytes]]]:
    """Part the output at the commits' ids, which stand alone on their lines; at most ``most`` bytes of it."""
    name, lines = "", list[bytes]()
    for line in chain(output, [b""]):
        most -= len(line)
        if most < 0:
            return
        if not line or _ID_LINE.match(line):
            if name:
                yield name, lines
            name, lines = line.decode().strip(), []
        else:
            lines.append(line)
