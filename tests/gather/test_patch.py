"""A bare diff to a Change: what is not known is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from make import git, make_commit, make_repository

from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.errors import UsageError
from riskbot.gather.local import Limits, from_range
from riskbot.gather.patch import from_patch
from riskbot.outside.git import Git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "repo", {"a.py": "a\nb\nc\n", "gone.py": "x\n", "m.py": "m\n" * 9})
    (root / "link").symlink_to("a.py")
    make_commit(
        root,
        {
            "a.py": "a\nB\nc\n",
            "gone.py": None,
            "new.py": "n",
            "x.bin": b"\0\1",
            "m.py": None,
            "moved.py": "m\n" * 9,
        },
    )
    return root


def test_a_diff_gives_the_same_files_as_its_repository(root: Path) -> None:
    patch = git(root, "diff", "-M", "--full-index", "HEAD^", "HEAD")
    change = from_patch(patch, "standard input", Limits()).change
    local = from_range(Git.open(root), "HEAD^!", Limits()).change
    assert [(f.status, f.old_path, f.new_path, f.hunks, f.added, f.removed) for f in change.files] == [
        (f.status, f.old_path, f.new_path, f.hunks, f.added, f.removed) for f in local.files
    ]
    assert (change.base, change.head, change.commits, change.charter.texts) == (None, None, (), ())
    assert change.origin == "a diff from standard input"


def test_contents_are_known_where_the_diff_gives_them_whole(root: Path) -> None:
    change = from_patch(git(root, "diff", "-M", "HEAD^", "HEAD"), "x.diff", Limits()).change
    files = {file.path: file for file in change.files}
    assert (files["a.py"].old, files["a.py"].new) == (None, None)
    assert files["gone.py"].old == b"x\n"
    assert files["new.py"].new == b"n"
    assert files["moved.py"].status is FileStatus.RENAMED
    assert {(omission.kind, omission.path) for omission in change.omissions} == {
        (OmissionKind.CONTENT_UNKNOWN, "a.py"),
        (OmissionKind.SYMLINK, "link"),
        (OmissionKind.BINARY, "x.bin"),
    }


def test_there_is_no_history(root: Path) -> None:
    history = from_patch(git(root, "diff", "HEAD^", "HEAD"), "x.diff", Limits()).history()
    assert OmissionKind.NO_HISTORY in {omission.kind for omission in history.omissions}
    assert history.metrics.exp is None


@pytest.mark.parametrize("patch", [b"", b"\n \n"])
def test_an_empty_diff_is_a_usage_error(patch: bytes) -> None:
    with pytest.raises(UsageError, match="is empty"):
        from_patch(patch, "x.diff", Limits())


def test_a_series_of_patches_is_refused() -> None:
    patch = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    with pytest.raises(UsageError, match="as a series of patches does"):
        from_patch(patch * 2, "x.diff", Limits())


def test_the_limits_are_kept(root: Path) -> None:
    patch = git(root, "diff", "HEAD^", "HEAD")
    with pytest.raises(UsageError, match="at most 10 are read"):
        from_patch(patch, "x.diff", Limits(max_patch_bytes=10))
    with pytest.raises(UsageError, match="at most 5 lines"):
        from_patch(patch, "x.diff", Limits(max_lines=5))
    change = from_patch(patch, "x.diff", Limits(max_file_bytes=1)).change
    assert (OmissionKind.TOO_LARGE, "gone.py") in {(o.kind, o.path) for o in change.omissions}
