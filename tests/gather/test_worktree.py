"""What is staged and what is not committed, without touching the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from make import git, make_commit, make_repository

from riskbot.domain.change import Change, FileStatus, OmissionKind
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather import diff
from riskbot.gather.local import Limits, from_staged, from_worktree
from riskbot.outside.git import Git

TEXT = "".join(f"line {n}\n" for n in range(40))


def worktree(root: Path, **limits: int) -> Change:
    return from_worktree(Git.open(root), Limits(**limits)).change


def staged(root: Path) -> Change:
    return from_staged(Git.open(root), Limits()).change


def summary(change: Change) -> list[tuple[str, str]]:
    return [(file.path, file.status.value) for file in change.files]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repo", {"a.py": TEXT, "b.py": "b\n", ".gitignore": "*.log\n"})


def test_only_what_is_staged_is_staged(root: Path) -> None:
    (root / "a.py").write_text(TEXT + "staged\n")
    git(root, "add", "a.py")
    (root / "a.py").write_text(TEXT + "later\n")
    (root / "new.py").write_text("new\n")
    change = staged(root)
    assert summary(change) == [("a.py", "modified")]
    assert change.files[0].new == (TEXT + "staged\n").encode()
    assert (change.head, change.base, change.commits) == (
        None,
        git(root, "rev-parse", "HEAD").decode().strip(),
        (),
    )
    assert "what is staged, against HEAD" in change.origin


def test_the_work_tree_has_tracked_and_untracked_files_but_no_ignored_ones(root: Path) -> None:
    (root / ".git" / "info" / "exclude").write_text("*.tmp\n")
    (root / "a.py").write_text(TEXT + "x\n")
    (root / "b.py").unlink()
    for name in ("new.py", "x.log", "y.tmp", "folder/deep.py", "-x", "sp ace\n.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(f"{name}\n")
    (root / "staged.py").write_text("s\n")
    git(root, "add", "staged.py")
    change = worktree(root)
    assert summary(change) == [
        ("-x", "added"),
        ("a.py", "modified"),
        ("b.py", "deleted"),
        ("folder/deep.py", "added"),
        ("new.py", "added"),
        ("sp ace\n.py", "added"),
        ("staged.py", "added"),
    ]
    for file in change.files:
        assert diff.apply(file.hunks, file.old or b"") == (file.new or b"")


def test_renames_are_found_in_the_work_tree(root: Path) -> None:
    (root / "a.py").rename(root / "moved.py")
    change = worktree(root)
    assert (change.files[0].status, change.files[0].old_path) == (FileStatus.RENAMED, "a.py")


def test_the_repository_is_left_as_it_was(root: Path) -> None:
    (root / "a.py").write_text("changed\n")
    (root / "new.py").write_text("new\n")

    def everything() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in (root / ".git").rglob("*") if path.is_file()}

    before = everything()
    worktree(root)
    with pytest.raises(UsageError, match="nothing to check"):
        staged(root)
    assert everything() == before


def test_from_a_folder_below_everything_counts(root: Path) -> None:
    (root / "folder").mkdir()
    (root / "b.py").write_text("c\n")
    assert summary(worktree(root / "folder")) == [("b.py", "modified")]


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo")
    (root / "a.py").write_text("a\n")
    change = worktree(root)
    assert summary(change) == [("a.py", "added")]
    assert (change.base, change.charter.revision) == (None, None)
    assert "against the empty tree" in change.origin
    with pytest.raises(UsageError, match="nothing to check"):
        staged(root)
    git(root, "add", "a.py")
    assert summary(staged(root)) == [("a.py", "added")]


def test_nothing_changed_is_a_usage_error(root: Path) -> None:
    os.utime(root / "a.py", (1, 1))  # a new time is no change
    for gather in (worktree, staged):
        with pytest.raises(UsageError, match="nothing to check"):
            gather(root)


def test_a_change_within_the_clocks_grain_is_seen(root: Path) -> None:
    """git tells such changes by the index's own time, which the copy must keep."""
    git(root, "config", "core.trustctime", "false")
    git(root, "config", "core.checkStat", "minimal")
    moment = 1_700_000_000
    os.utime(root / "b.py", (moment, moment))
    git(root, "update-index", "--refresh")
    (root / "b.py").write_text("c\n")
    os.utime(root / "b.py", (moment, moment))
    os.utime(root / ".git" / "index", (moment, moment))
    assert summary(worktree(root)) == [("b.py", "modified")]


def test_links_lead_nowhere(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.py").write_text("secret\n")
    (root / "out").symlink_to(secret)
    (root / "b.py").unlink()
    (root / "b.py").symlink_to("/etc/passwd")
    change = worktree(root)
    assert summary(change) == [("b.py", "type-changed"), ("out", "added")]
    assert {omission.kind for omission in change.omissions} == {OmissionKind.SYMLINK}
    assert not any(file.new for file in change.files)


def test_what_is_neither_file_nor_link_is_said(root: Path) -> None:
    (root / "b.py").unlink()
    os.mkfifo(root / "b.py")
    change = worktree(root)
    assert [(o.kind, o.path) for o in change.omissions] == [(OmissionKind.NOT_SCANNED, "b.py")]


def test_a_file_that_may_not_be_read_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As os.access tells it: root, who runs this test in containers, may read everything."""
    (root / "a.py").write_text("x\n")
    (root / "new.py").write_text("y\n")
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not path.endswith(b"a.py") and access(path, mode))
    change = worktree(root)
    assert [(o.kind, o.path) for o in change.omissions] == [(OmissionKind.NOT_SCANNED, "a.py")]
    assert summary(change) == [("new.py", "added")]


def test_a_folder_that_became_a_link_lost_its_files(root: Path, tmp_path: Path) -> None:
    make_commit(root, {"folder/x.py": "x\n", "folder/y.py": "y\n"})
    (root / "folder").rename(tmp_path / "elsewhere")
    (root / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "x.py").write_text("not in the repository\n")
    deleted = [("folder/x.py", "deleted"), ("folder/y.py", "deleted")]
    assert summary(worktree(root)) == [("folder", "added"), *deleted]
    (root / ".git" / "info" / "exclude").write_text("folder\n")
    assert summary(worktree(root)) == deleted


def test_files_outside_the_sparse_part_count_once_they_are_there(root: Path) -> None:
    make_commit(root, {"in/a.py": "a\n", "out/b.py": "b\n"})
    git(root, "sparse-checkout", "set", "in")
    with pytest.raises(UsageError, match="nothing to check"):
        worktree(root)
    (root / "out").mkdir()
    (root / "out" / "b.py").write_text("changed\n")
    assert summary(worktree(root)) == [("out/b.py", "modified")]


def test_what_git_could_not_add_is_an_error_that_says_so(root: Path) -> None:
    make_commit(root, {".gitattributes": "*.txt working-tree-encoding=UTF-16\n"})
    (root / "a.txt").write_bytes(b"\xff")
    with pytest.raises(EvaluationError, match=r"a\.txt.*`git add` would fail"):
        worktree(root)


def test_a_repository_inside_is_said(root: Path) -> None:
    make_repository(root / "inner", {"x": "x\n"})
    change = worktree(root)
    assert [(o.kind, o.path) for o in change.omissions] == [(OmissionKind.SUBMODULE, "inner/")]


def test_a_moved_submodule_is_said(root: Path, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", {"x": "x\n"})
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "sub")
    make_commit(root, {})
    make_commit(root / "sub", {"x": "y\n"})
    change = worktree(root)
    assert summary(change) == [("sub", "modified")]
    assert change.files[0].new_blob == git(root / "sub", "rev-parse", "HEAD").decode().strip()
    assert [omission.kind for omission in change.omissions] == [OmissionKind.SUBMODULE]


def test_large_files_are_neither_copied_nor_silent(root: Path) -> None:
    (root / "big").write_bytes(b"x" * 5000)
    (root / "b.py").write_text("c\n")
    change = worktree(root, max_file_bytes=1000)
    assert summary(change) == [("b.py", "modified")]
    assert [(o.kind, o.path) for o in change.omissions] == [(OmissionKind.TOO_LARGE, "big")]


def test_a_file_over_a_folder_and_a_folder_over_a_file(root: Path) -> None:
    make_commit(root, {"d/x.py": "x\n"})
    (root / "d" / "x.py").unlink()
    (root / "d").rmdir()
    (root / "d").write_text("now a file\n")
    (root / "b.py").unlink()
    (root / "b.py").mkdir()
    (root / "b.py" / "y.py").write_text("y\n")
    assert summary(worktree(root)) == [
        ("b.py", "deleted"),
        ("b.py/y.py", "added"),
        ("d", "added"),
        ("d/x.py", "deleted"),
    ]


def test_unresolved_conflicts_are_a_usage_error_where_they_are_staged(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "side")
    make_commit(root, {"b.py": "side\n"})
    git(root, "checkout", "-q", "main")
    make_commit(root, {"b.py": "main\n"})
    with pytest.raises(AssertionError):
        git(root, "merge", "side")
    with pytest.raises(UsageError, match="unresolved conflicts"):
        staged(root)
    assert b"<<<<<<<" in (worktree(root).files[0].new or b"")


def test_line_endings_are_read_as_a_commit_would(root: Path) -> None:
    make_commit(root, {".gitattributes": "*.py text eol=crlf\n"})
    (root / "b.py").write_bytes(b"b\r\n")
    (root / "c.py").write_bytes(b"c\r\n")
    change = worktree(root)
    assert [(file.path, file.new) for file in change.files] == [("c.py", b"c\n")]


def test_filters_are_not_run_and_that_is_said(root: Path, tmp_path: Path) -> None:
    make_commit(root, {".gitattributes": "*.dat filter=trap\n"})
    sprung = tmp_path / "sprung"
    for key in ("clean", "smudge", "process"):
        git(root, "config", f"filter.trap.{key}", f"touch {sprung}; cat")
    git(root, "config", "core.fsmonitor", f"touch {sprung}; true")
    (root / "x.dat").write_text("data\n")
    change = worktree(root)
    assert summary(change) == [("x.dat", "added")]
    assert [(o.kind, o.path) for o in change.omissions] == [(OmissionKind.CONTENT_UNKNOWN, "x.dat")]
    assert not sprung.exists()


def test_a_split_index_is_read(root: Path) -> None:
    git(root, "update-index", "--split-index")
    (root / "b.py").write_text("c\n")
    git(root, "add", "b.py")
    assert summary(staged(root)) == [("b.py", "modified")]


def test_the_index_that_a_hook_names_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``git commit FILE`` gives its hooks an index of its own."""
    other = root / ".git" / "next-index"
    (root / "b.py").write_text("c\n")
    git(root, "read-tree", "HEAD", env={"GIT_INDEX_FILE": str(other)})
    git(root, "add", "b.py", env={"GIT_INDEX_FILE": str(other)})
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    assert summary(from_staged(Git.open(Path()), Limits()).change) == [("b.py", "modified")]


def test_a_bare_repository_has_nothing_staged(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(root), "bare.git")
    for gather in (worktree, staged):
        with pytest.raises(UsageError, match="has no work tree"):
            gather(tmp_path / "bare.git")


def test_the_charter_is_heads_not_the_work_trees(root: Path) -> None:
    make_commit(root, {"pyproject.toml": "head\n"})
    (root / "pyproject.toml").write_text("mine\n")
    git(root, "add", "pyproject.toml")
    for gather in (worktree, staged):
        assert gather(root).charter.text("pyproject.toml") == b"head\n"
