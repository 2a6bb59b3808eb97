"""A local repository to a Change: commits, files, contents, and the charter of the base.

Each ``from_...`` says which two trees are meant; one road reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from riskbot.domain.change import Change, Provenance
from riskbot.domain.errors import UsageError
from riskbot.gather import history, provenance, ranges, surroundings
from riskbot.gather.charter import read_charter
from riskbot.gather.commits import read_commits
from riskbot.gather.limits import Gathered, Limits
from riskbot.gather.trees import read_files
from riskbot.outside import gitsnapshot
from riskbot.outside.git import Git
from riskbot.outside.gitsnapshot import Snapshot

__all__ = ["Gathered", "Limits", "from_commits", "from_push", "from_range", "from_staged", "from_worktree"]


def from_push(git: Git, limits: Limits) -> Gathered:
    """Gather what a push would send: HEAD since its upstream, or since the remote's default branch.

    Raises UsageError where neither is known, or where nothing would be sent.
    """
    return _from(git, ranges.upstream(git), limits)


def from_range(git: Git, spec: str, limits: Limits) -> Gathered:
    """Gather the range ``spec``, from the merge base; see :func:`riskbot.gather.ranges.parse`."""
    return _from(git, ranges.parse(git, spec), limits)


def from_commits(git: Git, base: str | None, head: str, origin: str, limits: Limits) -> Gathered:
    """Gather from the commit ``base`` (None: the empty tree) to the commit ``head``, both ids.

    ``base`` is taken as it is: give the merge base. Raises UsageError where the two are one.
    """
    head = git.resolve(head)
    base = None if base is None else git.resolve(base)
    if base == head:
        raise UsageError(f"There is nothing to check: {origin} holds no commits.")
    commits = (head,) if base is None else (head, f"^{base}")
    return _from(git, ranges.Range(base, head, commits, origin), limits)


def from_staged(git: Git, limits: Limits) -> Gathered:
    """Gather what is staged, against HEAD (against the empty tree before the first commit)."""
    return _from_snapshot(git, gitsnapshot.staged(git), "what is staged", "Stage something first.", limits)


def from_worktree(git: Git, limits: Limits) -> Gathered:
    """Gather everything not committed, untracked files that are not ignored too, against HEAD."""
    snapshot = gitsnapshot.worktree(
        git, max_file_bytes=limits.max_file_bytes, max_total_bytes=limits.max_total_bytes
    )
    return _from_snapshot(git, snapshot, "the working tree", "Change something first.", limits)


def _from(git: Git, chosen: ranges.Range, limits: Limits) -> Gathered:
    change = Change(_name(git), chosen.base, chosen.head, chosen.origin)
    commits, omissions = read_commits(git, list(chosen.commits), chosen.base, limits)
    change = replace(change, commits=commits, omissions=omissions)
    counting = provenance.count(git, commits, chosen.commits, limits)

    def beside(change: Change) -> Provenance:
        return provenance.read(git, change, chosen.name, counting, limits)

    return _gather(git, change, chosen.head, limits, beside)


def _from_snapshot(git: Git, snapshot: Snapshot, what: str, mend: str, limits: Limits) -> Gathered:
    base = git.head()
    against = "the empty tree" if base is None else f"HEAD ({base[:12]})"
    origin = f"{what}, against {against}"
    change = Change(_name(git), base, None, origin, omissions=snapshot.omissions)
    gathered = _gather(git, change, snapshot.tree, limits, lambda _: provenance.of_branch(git))
    if not gathered.change.files and not gathered.change.omissions:
        raise UsageError(f"There is nothing to check: {what} is the same as {against}.", mend=mend)
    return gathered


def _gather(
    git: Git, change: Change, new: str, limits: Limits, beside: Callable[[Change], Provenance]
) -> Gathered:
    """Read the files and the charter of a change whose ends are known; ``new`` is its new tree.

    The history begins to be read as soon as the files are known, while everything else goes on: ``beside``
    reads what lies beside the commits meanwhile, and the surroundings are read.
    """
    with git.blobs() as blobs:
        charter = read_charter(git, change.base, blobs, limits)
        files, omissions = read_files(git, change.base or git.empty_tree, new, blobs, limits)
    change = replace(change, files=files, charter=charter, omissions=change.omissions + omissions)
    past = history.start(git, change)
    around = surroundings.read(git, new, files)
    return Gathered(replace(change, provenance=beside(change), surroundings=around), past)


def _name(git: Git) -> str:
    """Name the repository for readers: its folder's name."""
    return git.root.name.removesuffix(".git") or git.root.name
