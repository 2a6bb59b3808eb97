"""Which commits are meant: a range as written, or what a push would send, as ids.

A range is always taken from the merge base: what the branch brought, not what happened beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from riskbot.domain.errors import UsageError
from riskbot.outside.git import Git

_NAME_A_RANGE = "Name a range, for example `riskbot check main..HEAD` or `riskbot check HEAD^!`."


@dataclass(frozen=True, slots=True)
class Range:
    """From the commit ``base`` (None: the empty tree) to the commit ``head``, by id.

    ``commits`` selects the commits for git log; ``origin`` says in a line how the range was chosen. ``name``
    is how the head was named, empty where nobody named it.
    """

    base: str | None
    head: str
    commits: tuple[str, ...]
    origin: str
    name: str = ""


def parse(git: Git, spec: str) -> Range:
    """Understand ``A..B``, ``A...B``, ``A`` (up to HEAD) or ``X^!`` (one commit against its first parent).

    ``A..B`` and ``A...B`` mean the same: from the merge base of A and B to B. Raises UsageError for names
    that are unknown or ambiguous, for an empty range, and where there is no common ancestor.
    """
    if spec.startswith("-") or not spec.strip():
        raise UsageError(f"{spec!r} is not a range of commits.", mend=_NAME_A_RANGE)
    if spec.endswith("^!"):
        return _one_commit(git, spec.removesuffix("^!"))
    dots = "..." if "..." in spec else ".."
    left, found, right = spec.partition(dots)
    if ".." in right:
        raise UsageError(f"{spec!r} is not a range of commits.", mend=_NAME_A_RANGE)
    left, right = left or "HEAD", (right if found else "") or "HEAD"
    chosen = _from_merge_base(git, _head(git, left), _head(git, right), f"{left}..{right}")
    return replace(chosen, name=right)


def upstream(git: Git) -> Range:
    """Say what a push would send: HEAD since its upstream, or since the remote's default branch."""
    head = _head(git, "HEAD")
    name = _upstream(git) or _default_branch(git)
    if name is None:
        raise UsageError(
            "riskbot cannot tell what a push would send: the branch has no upstream, and no remote's default"
            " branch is known here.",
            mend=f"{_NAME_A_RANGE} Or set an upstream: `git branch --set-upstream-to=origin/main`.",
        )
    chosen = _from_merge_base(git, git.resolve(name), head, f"what a push would send to {_short(name)}")
    return replace(chosen, name="HEAD")


def _head(git: Git, name: str) -> str:
    """Resolve a name; say it plainly where nothing was committed yet."""
    if name == "HEAD" and git.head() is None:
        raise UsageError(
            "There is no commit here yet.", mend="Commit something, or use --staged or --worktree."
        )
    return git.resolve(name)


def _one_commit(git: Git, name: str) -> Range:
    """Take one commit against its first parent; a root commit against the empty tree.

    A merge brings the commits that it merges: they made the difference to the first parent.
    """
    head = git.resolve(name or "HEAD")
    # The commit itself says its parents; git log would hide those that a shallow clone left out.
    body = git.run("cat-file", "commit", head).partition(b"\n\n")[0]
    parents = [line[7:].decode() for line in body.split(b"\n") if line.startswith(b"parent ")]
    base = parents[0] if parents else None
    if base is not None and git.sizes([base])[base] is None:
        raise UsageError(
            f"The parent of {head[:12]} is not in this clone, so what the commit changed is unknown.",
            mend=_deepen(git),
        )
    against = "its first parent" if len(parents) > 1 else "its parent" if parents else "the empty tree"
    commits = (head, f"^{base}") if len(parents) > 1 else ("--no-walk", head)
    return Range(base, head, commits, f"commit {head[:12]} against {against}", name or "HEAD")


def _from_merge_base(git: Git, left: str, right: str, origin: str) -> Range:
    bases = git.run("merge-base", "--all", left, right, ok=(0, 1)).decode().split()
    if not bases:
        _no_base(git, left, right)
    if bases == [right]:
        raise UsageError(
            f"There is nothing to check: {origin} holds no commits.",
            mend="Commit first, use --staged or --worktree, or name another range such as HEAD^!.",
        )
    said = f"{origin}, from the merge base {bases[0][:12]}"
    if len(bases) > 1:
        said += f" (the first of {len(bases)} merge bases)"
    return Range(bases[0], right, (right, f"^{left}"), said)


def _no_base(git: Git, left: str, right: str) -> None:
    """Raise the UsageError for a range without common ancestor."""
    if git.is_shallow():
        raise UsageError(
            f"The merge base of {left[:12]} and {right[:12]} is hidden: this clone is shallow.",
            mend=_deepen(git),
        )
    raise UsageError(
        f"{left[:12]} and {right[:12]} have no common ancestor, so there is no merge base to compare with.",
        mend="Name a range within one history, or one commit as COMMIT^!.",
    )


def _deepen(git: Git) -> str:
    if not git.is_shallow():
        return "Fetch it, or run `git fsck` to see what is damaged."
    return "Run `git fetch --unshallow`; in GitHub Actions give actions/checkout `fetch-depth: 0`."


def _upstream(git: Git) -> str | None:
    """Return the full name of the upstream of the branch that HEAD is on, if it exists here."""
    asked = ("rev-parse", "--verify", "--quiet", "--symbolic-full-name", "--end-of-options", "@{upstream}")
    answer = os.fsdecode(git.ask(*asked, ok=(0, 1, 128))).strip()
    return answer.splitlines()[-1] if answer else None


def _default_branch(git: Git) -> str | None:
    """Return the full name of the remote's default branch as it was last fetched."""
    listed = os.fsdecode(git.ask("for-each-ref", "--format=%(refname) %(symref)", "refs/remotes"))
    refs = dict(line.split(" ", 1) for line in listed.splitlines())
    for remote in _remotes(git):
        place = f"refs/remotes/{remote}"
        if (target := refs.get(f"{place}/HEAD", "")) in refs:
            return target
        for name in (f"{place}/main", f"{place}/master"):
            if name in refs:
                return name
    return None


def _remotes(git: Git) -> list[str]:
    """Return the remotes, the one that a push would use first."""
    names = os.fsdecode(git.ask("remote")).splitlines()
    branch = os.fsdecode(git.ask("symbolic-ref", "--quiet", "--short", "HEAD", ok=(0, 1))).strip()
    keys = [f"branch.{branch}.pushRemote", "remote.pushDefault", f"branch.{branch}.remote"]
    chosen = [os.fsdecode(git.ask("config", "--get", key, ok=(0, 1))).strip() for key in keys]
    order = [*chosen, "origin"]
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def _short(name: str) -> str:
    return name.removeprefix("refs/remotes/").removeprefix("refs/heads/")
