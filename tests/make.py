"""Builders for tests: nouns made by hand, and real git repositories in temporary folders."""

from __future__ import annotations

import difflib
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

from riskbot.domain.change import Change, FileDiff, FileStatus, Hunk, Line, LineKind

GIT_ENV = {
    "PATH": os.environ.get("PATH", ""),
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Alice Example",
    "GIT_AUTHOR_EMAIL": "alice@example.org",
    "GIT_COMMITTER_NAME": "Alice Example",
    "GIT_COMMITTER_EMAIL": "alice@example.org",
    "GIT_AUTHOR_DATE": "2024-05-01T12:00:00+00:00",
    "GIT_COMMITTER_DATE": "2024-05-01T12:00:00+00:00",
    "LC_ALL": "C.UTF-8",
}


def git(
    root: Path, *arguments: str | bytes, env: dict[str, str] | None = None, stdin: bytes | None = None
) -> bytes:
    """Run git in ``root`` with a scrubbed environment and return its output."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        env=GIT_ENV | (env or {}),
        input=stdin,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"git {arguments} failed: {done.stderr.decode(errors='replace')}")
    return done.stdout


def make_repository(root: Path, files: dict[str, str | bytes] | None = None, message: str = "start") -> Path:
    """Create a repository at ``root`` on branch ``main``, with one commit of ``files`` if there are any."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    if files is not None:
        make_commit(root, files, message)
    return root


def make_commit(
    root: Path,
    files: dict[str, str | bytes | None],
    message: str = "change",
    *,
    author: str = "Alice Example <alice@example.org>",
    when: str = "2024-05-01T12:00:00+00:00",
) -> str:
    """Write ``files`` (None deletes), commit everything and return the commit's id."""
    for name, content in files.items():
        path = root / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(root, "add", "-A")
    name, _, email = author.rstrip(">").partition(" <")
    env = {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": email,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
    }
    git(root, "commit", "-q", "--allow-empty", "-m", message, env=env)
    return git(root, "rev-parse", "HEAD").decode().strip()


def _as_bytes(content: str | bytes | None) -> bytes | None:
    return content.encode() if isinstance(content, str) else content


def make_hunks(old: bytes, new: bytes, context: int = 3) -> tuple[Hunk, ...]:
    """Diff two contents with difflib, into hunks as git would describe them."""
    before = re.findall(rb"[^\n]*\n|[^\n]+", old)
    after = re.findall(rb"[^\n]*\n|[^\n]+", new)
    hunks = []
    for group in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_grouped_opcodes(context):
        lines: list[Line] = []
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                lines += [
                    Line(LineKind.CONTEXT, a + 1, b + 1, before[a])
                    for a, b in zip(range(a1, a2), range(b1, b2), strict=True)
                ]
            else:
                lines += [Line(LineKind.REMOVED, a + 1, None, before[a]) for a in range(a1, a2)]
                lines += [Line(LineKind.ADDED, None, b + 1, after[b]) for b in range(b1, b2)]
        a1, a2, b1, b2 = group[0][1], group[-1][2], group[0][3], group[-1][4]
        hunks.append(
            Hunk(a1 + 1 if a2 > a1 else a1, a2 - a1, b1 + 1 if b2 > b1 else b1, b2 - b1, "", tuple(lines))
        )
    return tuple(hunks)


def make_file(
    path: str, old: str | bytes | None, new: str | bytes | None, *, old_path: str | None = None
) -> FileDiff:
    """Build the FileDiff of one text file; None for a side that does not exist."""
    before, after = _as_bytes(old), _as_bytes(new)
    if before is None:
        status = FileStatus.ADDED
    elif after is None:
        status = FileStatus.DELETED
    else:
        status = FileStatus.RENAMED if old_path else FileStatus.MODIFIED
    hunks = make_hunks(before or b"", after or b"")
    return FileDiff(
        status=status,
        old_path=None if before is None else (old_path or path),
        new_path=None if after is None else path,
        old_mode=None if before is None else "100644",
        new_mode=None if after is None else "100644",
        hunks=hunks,
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
        old=before,
        new=after,
    )


def make_change(files: dict[str, tuple[str | bytes | None, str | bytes | None]], **fields: object) -> Change:
    """Build a Change from ``{path: (before, after)}``; further fields override the defaults."""
    change = Change(
        repository="example",
        base="b" * 40,
        head="a" * 40,
        origin="made for a test",
        files=tuple(make_file(path, old, new) for path, (old, new) in files.items()),
    )
    return replace(change, **fields)  # type: ignore[arg-type]
