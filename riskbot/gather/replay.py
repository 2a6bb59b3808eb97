"""Replay a history: each wanted commit as the Change it was, with its past. For learning and bulk scoring.

One walk over the log measures the past (:mod:`riskbot.gather.history.walk`); beside it, git writes the wanted
commits' patches in the same order. So a commit costs its own diff and nothing is asked twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from riskbot.domain.change import (
    Actor,
    Change,
    Commit,
    FileDiff,
    FileStatus,
    History,
    Metrics,
    Omission,
    OmissionKind,
)
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.domain.spread import entropy, spread
from riskbot.gather.diff import iter_files
from riskbot.gather.history.log import Entry
from riskbot.gather.history.walk import Measured, pathspecs, walk
from riskbot.gather.limits import Limits
from riskbot.outside.git import Blobs, Git

LIMITS = Limits(max_lines=20_000, max_files=500)
"""A commit beyond these is an import of a tree or a mass edit: its files are counted, its lines not read."""
_MARK = b"\x01"
_FORMAT = "--format=%x01%H%x00%T%x00%P%x00%cN%x00%cE"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One commit: what the log says of it, the change, and whether it was too large to be read.

    The change's files have no contents but those that the diff itself holds; :func:`filled` adds them.
    ``patch`` identifies the diff wherever it is applied (as git-patch-id(1) does: line numbers and white
    space are left out); empty where there is no text.
    """

    measured: Measured
    change: Change
    patch: str
    oversized: bool = False


def order(git: Git, tip: str, also: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[str]:
    """List the commits that are no merges, from the root to ``tip``, in the order of a replay.

    What the commits in ``also`` reach is listed too (branches that were never merged). Paths in ``exclude``
    do not exist (:func:`riskbot.gather.missing.missing_paths`), nor do commits that touch nothing else.
    """
    options = ("--no-merges", "--full-history", "--date-order", "--reverse", "--format=%H")
    return git.run("log", *options, tip, *also, "--", *pathspecs(exclude)).decode().split()


def replay(
    git: Git,
    tip: str,
    wanted: Sequence[str],
    *,
    limits: Limits = LIMITS,
    also: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Iterator[Replayed]:
    """Replay the ``wanted`` commits (ids, a part of :func:`order` in that order), each with its past.

    Raises EvaluationError where git fails, or a commit is not in that history in its turn.
    """
    asked, given = frozenset(wanted), 0
    with ExitStack() as stack:
        patches = _patches(git, wanted, limits, exclude, stack)
        wants = asked.__contains__
        for measured in walk(git, tip, files=lambda entry: wants(entry.id), exclude=exclude, also=also):
            if measured.entry.id in asked:
                yield _replayed(git, tip, measured, next(patches, None), limits)
                given += 1
    if given < len(wanted):
        raise EvaluationError(f"{wanted[given]} is not in the history of {tip[:12]}, or it is a merge.")


def filled(change: Change, blobs: Blobs, *, max_bytes: int = 1_000_000) -> Change:
    """Add the contents of the Python files, up to ``max_bytes`` each; a longer one stays unknown."""
    return replace(change, files=tuple(_filled(file, blobs, max_bytes) for file in change.files))


def _filled(file: FileDiff, blobs: Blobs, max_bytes: int) -> FileDiff:
    if not file.is_python or file.binary or file.is_symlink or file.is_submodule:
        return file
    sides = [None if blob is None else blobs.read(blob) for blob in (file.old_blob, file.new_blob)]
    if any(side is not None and len(side) > max_bytes for side in sides):
        return file
    return replace(file, old=sides[0], new=sides[1])


@dataclass(frozen=True, slots=True)
class _Patch:
    """One commit of the second log: header fields and the files, None where there was too much."""

    id: str
    tree: str
    parents: tuple[str, ...]
    committer: Actor
    files: tuple[FileDiff, ...] | None


def _patches(
    git: Git, wanted: Sequence[str], limits: Limits, exclude: Sequence[str], stack: ExitStack
) -> Iterator[_Patch]:
    options = ("-r", "-p", "-M", "-C", f"-l{limits.rename_limit}", "--full-index", "--unified=3")
    out = stack.enter_context(
        git.stream(
            *("log", "--no-walk=unsorted", "--stdin", "--root", "--diff-algorithm=myers", *options, _FORMAT),
            "--",
            *pathspecs(exclude),
            stdin="".join(f"{one}\n" for one in wanted).encode(),
        )
    )
    head: bytes | None = None
    lines: list[bytes] = []
    for line in out:
        # Every line of a patch begins with a character of its own, never with this one.
        if line.startswith(_MARK):
            if head is not None:
                yield _patch(head, lines, limits)
            head, lines = line, []
        elif len(lines) <= limits.max_lines:
            lines.append(line)
    if head is not None:
        yield _patch(head, lines, limits)


def _patch(head: bytes, lines: list[bytes], limits: Limits) -> _Patch:
    words = head[1:].rstrip(b"\n").split(b"\0")
    name, tree, parents, committer, email = (word.decode("utf-8", "replace") for word in words)
    files = None
    if len(lines) <= limits.max_lines:
        try:
            files = tuple(iter_files(lines))
        except UsageError as problem:
            raise EvaluationError(f"The diff of {name} cannot be read: {problem.message}") from problem
    return _Patch(name, tree, tuple(parents.split()), Actor(committer, email), files)


def _replayed(git: Git, tip: str, measured: Measured, patch: _Patch | None, limits: Limits) -> Replayed:
    entry = measured.entry
    if patch is None or patch.id != entry.id:
        raise EvaluationError(f"git did not give the diff of {entry.id} in its turn.", mend="Run `git fsck`.")
    oversized = patch.files is None or len(patch.files) > limits.max_files
    files = _counted(entry) if oversized or patch.files is None else patch.files
    reason = "the commit is too large to be read line by line"
    change = Change(
        repository=str(git.root),
        base=patch.parents[0] if patch.parents else None,
        head=entry.id,
        origin=f"commit {entry.id[:12]} of the history up to {tip[:12]}",
        commits=(_commit(entry, patch),),
        files=files,
        history=History(
            measured.metrics if oversized else _as_shown(measured.metrics, files),
            measured.files,
            repair_share=measured.repair_share,
            at=entry.committed_at,
        ),
        omissions=(Omission(OmissionKind.TOO_LARGE, "gather", reason),) if oversized else (),
    )
    return Replayed(measured, change, "" if oversized else patch_id(files), oversized)


def _as_shown(metrics: Metrics, files: tuple[FileDiff, ...]) -> Metrics:
    """Count as the diff does, where a copied file has only what differs from its source.

    The log knows no copies; a check measures the diff.
    """
    ns, nd, nf = spread([file.path for file in files])
    return replace(
        metrics,
        ns=ns,
        nd=nd,
        nf=nf,
        entropy=entropy(file.added + file.removed for file in files),
        la=sum(file.added for file in files),
        ld=sum(file.removed for file in files),
    )


def _commit(entry: Entry, patch: _Patch) -> Commit:
    return Commit(
        id=entry.id,
        tree=patch.tree,
        parents=patch.parents,
        author=Actor(entry.author, entry.email),
        committer=patch.committer,
        authored_at=entry.authored_at,
        committed_at=entry.committed_at,
        message=entry.message,
    )


def _counted(entry: Entry) -> tuple[FileDiff, ...]:
    """Say of each file what the log counted, without its lines."""
    files = []
    for touch in entry.touches:
        status = FileStatus.ADDED if touch.old_blob is None else FileStatus.MODIFIED
        status = FileStatus.DELETED if touch.new_blob is None else status
        old = None if touch.old_blob is None else (touch.source or touch.path)
        new = None if touch.new_blob is None else touch.path
        added, removed = touch.added or 0, touch.removed or 0
        files.append(FileDiff(status, old, new, added=added, removed=removed, binary=touch.added is None))
    return tuple(file for file in files if file.old_path is not None or file.new_path is not None)


def patch_id(files: Iterable[FileDiff]) -> str:
    """Hash what a diff adds and removes, by file, without line numbers and white space; empty for nothing."""
    digest, anything = hashlib.sha256(), False
    for file in files:
        digest.update(b"\0" + file.path.encode("utf-8", "surrogateescape") + b"\0")
        for hunk in file.hunks:
            for line in hunk.lines:
                if line.old is None or line.new is None:
                    anything = True
                    digest.update(line.kind.value.encode() + b"".join(line.raw.split()) + b"\n")
    return digest.hexdigest()[:40] if anything else ""
