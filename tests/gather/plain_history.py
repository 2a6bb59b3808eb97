"""The plain slow definition of the history metrics: straight from the words, a git call for every fact.

Shares nothing with riskbot: git's porcelain is asked commit by commit, with porcelain's quoting switched off
by ``-z``, and lines are counted in contents.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from pathlib import Path

from make import git

DAY = 86_400


@dataclass
class Plain:
    """One commit, asked from git piece by piece. ``files``: (path, old path or None, added, removed)."""

    id: str
    author: str
    authored_at: int
    committed_at: int
    message: str
    files: list[tuple[str, str | None, int, int]]


def show(root: Path, commit: str, form: str) -> str:
    return (
        git(root, "show", "-s", "--use-mailmap", f"--format={form}", commit)
        .decode(errors="replace")
        .removesuffix("\n")
    )


def lines(root: Path, commit: str, path: str) -> int:
    content = git(root, "show", f"{commit}:{path}")
    if b"\0" in content:  # binary: it has no lines
        return 0
    return len(content.split(b"\n")) - content.endswith(b"\n") if content else 0


def plain(root: Path, commit: str) -> Plain:
    files = []
    shown = git(root, "show", "--format=", "--name-status", "-z", "-M", commit)
    words = shown.decode("utf-8", "surrogateescape").split("\0")
    words = [word for word in words if word]
    while words:
        status = words.pop(0)[0]
        old = words.pop(0)
        path = words.pop(0) if status == "R" else old
        patch = git(root, "--literal-pathspecs", "show", "--format=", "-M", "-U0", commit, "--", path, old)
        body = [line for hunk in patch.split(b"\n@@ ")[1:] for line in hunk.split(b"\n")[1:]]
        added = sum(line.startswith(b"+") for line in body)
        removed = sum(line.startswith(b"-") for line in body)
        files.append((path, None if status == "A" else old, added, removed))
    return Plain(
        id=commit,
        author=show(root, commit, "%aN"),
        authored_at=int(show(root, commit, "%at")),
        committed_at=int(show(root, commit, "%ct")),
        message=show(root, commit, "%B"),
        files=files,
    )


def top(path: str) -> str:
    return path.split("/", maxsplit=1)[0] if "/" in path else ""


def metrics(root: Path, commit: Plain, before: list[Plain]) -> dict[str, float]:
    """Compute the fourteen metrics of ``commit`` after the commits ``before``, each from its words."""
    paths = [path for path, _, _, _ in commit.files]
    changed = [added + removed for _, _, added, removed in commit.files if added + removed]
    pasts = []  # for each file that was there: the earlier commits that touched its path
    for _, old, _, _ in commit.files:
        past = [c for c in before if old is not None and any(old in file[:2] for file in c.files)]
        if past:
            pasts.append(past)
    own = [c for c in before if c.author == commit.author]
    now = commit.committed_at
    days = [now // DAY - c.committed_at // DAY for c in own for _ in c.files]
    return {
        "ns": len({top(path) for path in paths}),
        "nd": len({path.rpartition("/")[0] for path in paths}),
        "nf": len(paths),
        "entropy": sum(-c / sum(changed) * log2(c / sum(changed)) for c in changed),
        "la": sum(file[2] for file in commit.files),
        "ld": sum(file[3] for file in commit.files),
        "lt": sum(lines(root, f"{commit.id}^", old) for _, old, _, _ in commit.files if old is not None),
        "fix": float("fixes #" in commit.message.lower()),
        "ndev": len({c.author for past in pasts for c in past}),
        "age": sum(max(0, now - max(c.authored_at for c in past)) / DAY for past in pasts)
        / (len(pasts) or 1),
        "nuc": sum(len(past) for past in pasts),
        "exp": len(days),
        "rexp": sum(1 / (1 + max(0, day)) for day in days),
        "sexp": len({f[0] for c in own for f in c.files if top(f[0]) in {top(path) for path in paths}}),
    }
