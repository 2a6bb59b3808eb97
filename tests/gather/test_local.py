"""Local ranges to Changes: every odd case as a real repository."""

from __future__ import annotations

import os
import pickle
import time
import tracemalloc
from pathlib import Path

import pytest
from make import git, make_commit, make_repository

from riskbot.domain.change import Change, FileDiff, FileStatus, OmissionKind
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather import diff
from riskbot.gather.local import Limits, from_commits, from_push, from_range
from riskbot.outside.git import Git

TEXT = "".join(f"line {n}\n" for n in range(40))


def gather(root: Path, spec: str = "HEAD^!", limits: Limits | None = None) -> Change:
    return from_range(Git.open(root), spec, limits or Limits()).change


def head(root: Path, name: str = "HEAD") -> str:
    return git(root, "rev-parse", name).decode().strip()


def by_path(change: Change) -> dict[str, FileDiff]:
    return {file.path: file for file in change.files}


def kinds(change: Change) -> set[tuple[OmissionKind, str | None]]:
    return {(omission.kind, omission.path) for omission in change.omissions}


def check_exact(change: Change) -> None:
    """Each file's hunks make its new content of its old one."""
    for file in change.files:
        if file.old is not None or file.new is not None:
            assert diff.apply(file.hunks, file.old or b"") == (file.new or b"")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repo", {"a.py": TEXT, "b.py": "b\n"})


def test_added_modified_and_deleted_files(root: Path) -> None:
    make_commit(root, {"a.py": TEXT + "end\n", "b.py": None, "c.py": "c\n", "empty": ""})
    change = gather(root)
    check_exact(change)
    files = by_path(change)
    assert list(files) == ["a.py", "b.py", "c.py", "empty"]
    assert [file.status.value for file in files.values()] == ["modified", "deleted", "added", "added"]
    assert (files["a.py"].old, files["a.py"].new) == (TEXT.encode(), (TEXT + "end\n").encode())
    assert (files["b.py"].old, files["b.py"].new, files["b.py"].new_path) == (b"b\n", None, None)
    assert (files["c.py"].old, files["c.py"].new, files["c.py"].old_path) == (None, b"c\n", None)
    assert (files["empty"].new, files["empty"].hunks) == (b"", ())
    assert files["a.py"].new_blob == head(root, "HEAD:a.py")
    assert change.omissions == ()
    assert change.repository == "repo"


def test_the_change_can_be_pickled_and_the_history_is_promised(root: Path) -> None:
    make_commit(root, {"b.py": "c\n"})
    gathered = from_range(Git.open(root), "HEAD^!", Limits())
    assert pickle.loads(pickle.dumps(gathered.change)) == gathered.change
    assert gathered.history().files[0].path == "b.py"


def test_renames_and_copies(root: Path) -> None:
    make_commit(root, {"a.py": TEXT + "x\n", "copy.py": TEXT + "y\n", "b.py": None, "moved/b.py": "b\n"})
    change = gather(root)
    check_exact(change)
    copy, moved = by_path(change)["copy.py"], by_path(change)["moved/b.py"]
    assert (copy.status, copy.old_path, copy.old) == (FileStatus.COPIED, "a.py", TEXT.encode())
    assert (moved.status, moved.old_path, moved.similarity, moved.hunks) == (
        FileStatus.RENAMED,
        "b.py",
        100,
        (),
    )
    assert moved.old == moved.new == b"b\n"
    assert moved.old_blob == moved.new_blob == head(root, "HEAD:moved/b.py")


def test_giving_up_on_renames_is_said(root: Path) -> None:
    files = {f"x{n}.py": "".join(f"{n} {line}\n" for line in range(20)) for n in range(6)}
    make_commit(root, files)
    make_commit(root, dict.fromkeys(files) | {f"y{n}.py": files[f"x{n}.py"] + "more\n" for n in range(6)})
    assert {file.status for file in gather(root).files} == {FileStatus.RENAMED}
    limited = gather(root, limits=Limits(rename_limit=2))
    assert (OmissionKind.NOT_SCANNED, None) in kinds(limited)


def test_mode_changes(root: Path) -> None:
    (root / "b.py").chmod(0o755)
    make_commit(root, {})
    (file,) = gather(root).files
    assert (file.status, file.old_mode, file.new_mode) == (FileStatus.MODIFIED, "100644", "100755")
    assert (file.hunks, file.old, file.new) == ((), b"b\n", b"b\n")


def test_links_are_never_followed(root: Path) -> None:
    (root / "link").symlink_to("/etc/passwd")
    (root / "b.py").unlink()
    (root / "b.py").symlink_to("a.py")
    make_commit(root, {})
    change = gather(root)
    files = by_path(change)
    assert files["b.py"].status is FileStatus.TYPE_CHANGED
    assert [line.raw for line in files["link"].hunks[0].lines] == [b"/etc/passwd"]
    assert all(file.is_symlink and file.old is None and file.new is None for file in files.values())
    assert kinds(change) == {(OmissionKind.SYMLINK, "link"), (OmissionKind.SYMLINK, "b.py")}


def test_submodules_are_said_not_read(root: Path, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", {"x": "x\n"})
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "sub")
    make_commit(root, {})
    change = gather(root)
    file = by_path(change)["sub"]
    assert file.is_submodule
    assert (file.new, file.new_blob) == (None, head(other))
    assert (OmissionKind.SUBMODULE, "sub") in kinds(change)


def test_binary_files_have_no_lines(root: Path) -> None:
    make_commit(
        root, {"x.bin": b"\0\1\2", "late": b"a" * 9000 + b"\0\n", "utf16.py": "x = 1\n".encode("utf-16")}
    )
    change = gather(root)
    files = by_path(change)
    assert kinds(change) == {(OmissionKind.BINARY, "x.bin"), (OmissionKind.UNPARSABLE, "utf16.py")}
    assert files["x.bin"].binary
    assert files["x.bin"].new is None
    assert files["late"].new == b"a" * 9000 + b"\0\n"
    make_commit(root, {"utf16.py": None})
    assert kinds(gather(root)) == {(OmissionKind.BINARY, "utf16.py")}  # it is gone: nothing can run it
    make_commit(root, {"x.bin": None, "y.bin": b"\0\1\2"})
    moved = gather(root)
    assert (moved.files[0].status, moved.files[0].binary, moved.omissions) == (FileStatus.RENAMED, True, ())


def test_no_final_newline_carriage_returns_and_foreign_bytes(root: Path) -> None:
    make_commit(root, {"x": b"a\r\nb\r\n", "y": b"a\nb", "z": b"\xff\xfe\n\xe4\n"})
    make_commit(root, {"x": b"a\nb\r\n", "y": b"a\nb\n", "z": b"\xff\n\xe4"})
    change = gather(root)
    check_exact(change)
    assert [file.new for file in change.files] == [b"a\nb\r\n", b"a\nb\n", b"\xff\n\xe4"]


ODD = [
    b"two words.py",
    b'quo"te.py',
    b"back\\slash.py",
    b"new\nline.py",
    b"tab\there.py",
    "schön ☃.py".encode(),
    b"-rf",
    b"--help.py",
    b"inv\xffalid.py",
    b"a b/a b",
    b" lead",
    b"trail ",
    b":(glob)*",
    b"carriage\r",
    b"esc\x1b[31m",
    b"b/a => b",
]


def _commit_odd(root: Path, content: bytes) -> None:
    for name in ODD:
        path = root / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    make_commit(root, {})


def test_odd_names_come_through_unharmed(root: Path) -> None:
    _commit_odd(root, b"1\n")
    expected = sorted(ODD)
    for step in (b"2\n", b""):
        _commit_odd(root, step)
        change = gather(root)
        assert [file.path.encode("utf-8", "surrogateescape") for file in change.files] == expected
        assert {file.new for file in change.files} == {step}
    for name in ODD:
        (root / os.fsdecode(name)).chmod(0o755)
    make_commit(root, {})
    modes = gather(root)
    assert [file.path.encode("utf-8", "surrogateescape") for file in modes.files] == expected
    assert {file.new_mode for file in modes.files} == {"100755"}


def _branch(root: Path, name: str, files: dict[str, str | bytes | None], start: str = "HEAD") -> str:
    git(root, "checkout", "-q", "-b", name, start)
    return make_commit(root, files, f"on {name}")


def test_a_range_is_taken_from_the_merge_base(root: Path) -> None:
    start = head(root)
    topic = _branch(root, "topic", {"t.py": "t\n"})
    git(root, "checkout", "-q", "main")
    make_commit(root, {"m.py": "m\n"})
    for spec in ("main..topic", "main...topic"):
        change = gather(root, spec)
        assert (change.base, change.head) == (start, topic)
        assert [file.path for file in change.files] == ["t.py"]
        assert [commit.id for commit in change.commits] == [topic]
        assert start[:12] in change.origin
    git(root, "checkout", "-q", "topic")
    for spec in ("main", "main..", "main..."):
        assert gather(root, spec).files == change.files
    git(root, "checkout", "-q", "--detach", "topic")
    assert gather(root, "main").head == topic


def test_a_merge_counts_against_its_first_parent(root: Path) -> None:
    start = head(root)
    side = _branch(root, "side", {"s.py": "s\n"})
    git(root, "checkout", "-q", "main")
    first = make_commit(root, {"m.py": "m\n"})
    git(root, "merge", "-q", "--no-edit", "side")
    change = gather(root, "HEAD^!")
    assert change.base == first
    assert [file.path for file in change.files] == ["s.py"]
    assert change.commits[0].parents == (first, side)
    assert [commit.id for commit in change.commits[1:]] == [side], "what a merge brings is part of it"
    assert len(gather(root, f"{start}..HEAD").commits) == 3


def test_an_octopus_has_all_its_parents(root: Path) -> None:
    start = head(root)
    tips = [_branch(root, name, {f"{name}.py": f"{name}\n"}, start) for name in ("one", "two", "three")]
    git(root, "checkout", "-q", "one")
    git(root, "merge", "-q", "--no-edit", "two", "three")
    change = gather(root, "HEAD^!")
    assert change.commits[0].parents == tuple(tips)
    assert [file.path for file in change.files] == ["three.py", "two.py"]


def test_a_criss_cross_says_that_there_is_more_than_one_base(root: Path) -> None:
    one = _branch(root, "one", {"one.py": "1\n"})
    two = _branch(root, "two", {"two.py": "2\n"}, "main")
    git(root, "merge", "-q", "--no-edit", one)
    git(root, "checkout", "-q", "one")
    git(root, "merge", "-q", "--no-edit", two)
    make_commit(root, {"more.py": "m\n"})
    change = gather(root, "two..one")
    assert "the first of 2 merge bases" in change.origin
    assert change.base in {one, two}


def test_a_root_commit_counts_against_the_empty_tree(root: Path) -> None:
    change = gather(root)
    assert change.base is None
    assert change.charter.revision is None
    assert [file.status for file in change.files] == [FileStatus.ADDED] * 2
    assert [commit.id for commit in change.commits] == [head(root)]


def test_a_commit_without_files_is_a_change(root: Path) -> None:
    make_commit(root, {}, "nothing")
    change = gather(root)
    assert (change.files, len(change.commits)) == ((), 1)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nothing..HEAD", "nothing is unknown"),
        ("HEAD..HEAD", "nothing to check"),
        ("HEAD", "nothing to check"),
        ("main..other", "no common ancestor"),
        ("-x", "is not a range"),
        ("--output=/tmp/x..HEAD", "is not a range"),
        ("", "is not a range"),
        ("a..b..c", "is not a range"),
        ("HEAD:a.py", "is not a commit"),
        ("HEAD..--all", "is not the name"),
    ],
)
def test_bad_ranges_are_usage_errors(root: Path, spec: str, message: str) -> None:
    git(root, "checkout", "-q", "--orphan", "other")
    make_commit(root, {"o": "o\n"})
    git(root, "checkout", "-q", "main")
    with pytest.raises(UsageError, match=message) as caught:
        gather(root, spec)
    assert caught.value.mend
    assert "\n" not in str(caught.value)


def test_commits_carry_messages_names_and_times(root: Path) -> None:
    make_commit(root, {".mailmap": "Real Name <real@example.org> <old@example.org>\n"})
    base = head(root)
    git(root, "config", "i18n.commitEncoding", "ISO-8859-1")
    env = {
        "GIT_AUTHOR_NAME": "Old",
        "GIT_AUTHOR_EMAIL": "old@example.org",
        "GIT_AUTHOR_DATE": "1600000000 +0200",
    }
    message = b"Gr\xfc\xdfe\n\nBody\n\nTrailer: x\n"
    (root / ".mailmap").write_text("Liar <liar@example.org> <old@example.org>\n")
    git(root, "commit", "-q", "-a", "-F", "-", env=env, stdin=message)
    (commit,) = gather(root, f"{base}..HEAD").commits
    assert commit.subject == "Grüße"
    assert commit.message.endswith("Trailer: x\n")
    assert (commit.author.name, commit.author.email) == (
        "Real Name",
        "real@example.org",
    )  # the base's mailmap
    assert commit.committer.name == "Alice Example"
    assert commit.authored_at == 1600000000
    assert commit.tree == head(root, "HEAD^{tree}")


def test_more_commits_than_the_limit_are_an_omission(root: Path) -> None:
    base = head(root)
    for n in range(4):
        make_commit(root, {"b.py": f"{n}\n"})
    change = gather(root, f"{base}..HEAD", Limits(max_commits=3))
    assert len(change.commits) == 3
    assert (OmissionKind.TOO_LARGE, None) in kinds(change)


def test_the_charter_is_read_at_the_merge_base(root: Path) -> None:
    make_commit(root, {"pyproject.toml": "old\n", ".riskbot/policies/x.yml": "x\n", ".riskbotted": "no\n"})
    base = head(root)
    make_commit(root, {"pyproject.toml": "new\n", ".riskbot/policies/y.yml": "y\n"})
    charter = gather(root).charter
    assert charter.revision == base
    assert charter.texts == ((".riskbot/policies/x.yml", b"x\n"), ("pyproject.toml", b"old\n"))
    with pytest.raises(UsageError, match="at most 2 are read"):
        gather(root, limits=Limits(max_charter_bytes=2))


@pytest.mark.parametrize("place", [".riskbot", ".riskbot/settings.toml"])
def test_links_among_the_governing_files_are_refused_not_ignored(root: Path, place: str) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).symlink_to("/etc")
    (root / "pyproject.toml").symlink_to("/etc/passwd")
    make_commit(root, {})
    make_commit(root, {"a.py": TEXT + "x\n"})
    with pytest.raises(UsageError, match=rf"^{place} at the base \w+ is a link"):
        gather(root)
    git(root, "rm", "-q", place)
    make_commit(root, {})
    make_commit(root, {"a.py": TEXT + "y\n"})
    assert gather(root).charter.texts == ()


def test_files_over_the_limit_are_set_aside(root: Path) -> None:
    make_commit(root, {"big.txt": "x" * 2000, "old big": "y" * 2000, "a.py": TEXT})
    make_commit(
        root, {"big.txt": "x" * 3000, "old big": None, "new big": "y" * 2000, "b.py": "c\n", "n.py": "b\n"}
    )
    change = gather(root, limits=Limits(max_file_bytes=1000))
    files = by_path(change)
    assert set(files) == {"big.txt", "new big", "b.py", "n.py"}
    assert (files["big.txt"].hunks, files["big.txt"].new) == ((), None)
    assert (files["new big"].status, files["new big"].old_path) == (FileStatus.RENAMED, "old big")
    assert files["b.py"].new == b"c\n"
    assert {path for kind, path in kinds(change) if kind is OmissionKind.TOO_LARGE} == {
        "big.txt",
        "new big",
        "old big",
    }


def test_contents_and_diff_over_the_limits_are_omissions(root: Path) -> None:
    make_commit(root, {f"f{n}.py": f"{n}\n" * 50 for n in range(6)})
    change = gather(root, limits=Limits(max_total_bytes=250))
    assert sum(file.new is not None for file in change.files) == 2
    assert sum(kind is OmissionKind.TOO_LARGE for kind, _ in kinds(change)) == 4
    for limits in (Limits(max_lines=120), Limits(max_patch_bytes=350)):
        change = gather(root, limits=limits)
        assert len(change.files) == 6
        assert sum(bool(file.hunks) for file in change.files) == 2
        assert sum(kind is OmissionKind.TOO_LARGE for kind, _ in kinds(change)) == 4
    with pytest.raises(UsageError, match="at most 5 are read"):
        gather(root, limits=Limits(max_files=5))


def test_explicit_commits_for_the_hook(root: Path) -> None:
    base = head(root)
    tip = make_commit(root, {"b.py": "c\n"})
    git_ = Git.open(root)
    change = from_commits(git_, base, tip, "a push", Limits()).change
    assert (change.base, change.head, change.origin) == (base, tip, "a push")
    everything = from_commits(git_, None, tip, "a new history", Limits()).change
    assert (everything.base, len(everything.commits), len(everything.files)) == (None, 2, 2)
    with pytest.raises(UsageError, match="nothing to check"):
        from_commits(git_, tip, tip, "a push", Limits())


def _clone(root: Path, to: Path, *options: str) -> Path:
    git(root.parent, "clone", "-q", *options, root.resolve().as_uri(), str(to))
    return to


def test_a_push_is_taken_from_the_upstream(root: Path, tmp_path: Path) -> None:
    clone = _clone(root, tmp_path / "clone")
    with pytest.raises(UsageError, match="nothing to check"):
        from_push(Git.open(clone), Limits())
    make_commit(clone, {"n.py": "n\n"})
    change = from_push(Git.open(clone), Limits()).change
    assert [file.path for file in change.files] == ["n.py"]
    assert "a push would send to origin/main" in change.origin


@pytest.mark.parametrize("known", ["HEAD", "main", "nothing"])
def test_without_upstream_a_push_is_taken_from_the_default_branch(
    root: Path, tmp_path: Path, known: str
) -> None:
    clone = _clone(root, tmp_path / "clone")
    _branch(clone, "topic", {"n.py": "n\n"})
    if known != "HEAD":
        git(clone, "remote", "set-head", "origin", "--delete")
    if known == "nothing":
        git(clone, "update-ref", "-d", "refs/remotes/origin/main")
        with pytest.raises(UsageError, match="cannot tell what a push would send") as caught:
            from_push(Git.open(clone), Limits())
        assert "riskbot check main..HEAD" in caught.value.mend
        return
    change = from_push(Git.open(clone), Limits()).change
    assert [file.path for file in change.files] == ["n.py"]
    assert "origin/main" in change.origin


def test_a_push_before_the_first_commit_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no commit here yet"):
        from_push(Git.open(make_repository(tmp_path / "empty")), Limits())
    with pytest.raises(UsageError, match="no commit here yet"):
        gather(tmp_path / "empty", "HEAD")


def test_a_shallow_clone_says_what_is_hidden(root: Path, tmp_path: Path) -> None:
    make_commit(root, {"b.py": "2\n"})
    _branch(root, "topic", {"t.py": "t\n"}, "HEAD^")
    make_commit(root, {"t.py": "u\n"})
    clone = _clone(root, tmp_path / "clone", "--depth=2", "--branch=topic")
    assert Git.open(clone).is_shallow()
    change = gather(clone, "origin/topic^!")
    assert [file.path for file in change.files] == ["t.py"]
    assert change.omissions == ()
    with pytest.raises(UsageError, match=r"parent of .* is not in this clone") as caught:
        gather(clone, "origin/topic^^!")
    assert "fetch-depth: 0" in caught.value.mend
    one = _clone(root, tmp_path / "one", "--depth=1", "--no-single-branch")
    with pytest.raises(UsageError, match="hidden: this clone is shallow") as caught:
        gather(one, "origin/main..origin/topic")
    assert "git fetch --unshallow" in caught.value.mend
    with pytest.raises(UsageError, match=r"HEAD~9 is unknown.*git fetch --unshallow"):
        gather(one, "HEAD~9..")


def test_a_range_that_reaches_the_edge_of_a_shallow_clone_says_so(root: Path, tmp_path: Path) -> None:
    start = head(root)
    _branch(root, "side", {"s.py": "1\n"})
    make_commit(root, {"s.py": "2\n"})
    make_commit(root, {"s.py": "3\n"})
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "--no-edit", "side")
    clone = _clone(root, tmp_path / "clone", "--depth=2")
    change = gather(clone, f"{start}..HEAD")
    assert any(omission.kind is OmissionKind.SHALLOW_HISTORY for omission in change.omissions)


def test_a_partial_clone_says_what_is_missing_and_fetches_nothing(root: Path, tmp_path: Path) -> None:
    make_commit(root, {"a.py": TEXT + "x\n", "c.py": "c\n", "pyproject.toml": "x\n"})
    make_commit(root, {"a.py": TEXT + "y\n", "d.py": "d\n"})
    git(root, "config", "uploadpack.allowFilter", "true")
    clone = _clone(root, tmp_path / "clone", "--filter=blob:none")
    missing = git(clone, "rev-list", "--objects", "--all", "--missing=print")
    assert Git.open(clone).is_partial()
    change = gather(clone, "HEAD^!")
    assert [(file.path, file.new) for file in change.files] == [("a.py", None), ("d.py", b"d\n")]
    assert (OmissionKind.MISSING_OBJECT, "a.py") in kinds(change)
    with_charter = _clone(root, tmp_path / "bare", "--filter=blob:none", "--bare")
    with pytest.raises(EvaluationError, match=r"pyproject\.toml at the base is not in this clone"):
        gather(with_charter, "HEAD^!")
    assert git(clone, "rev-list", "--objects", "--all", "--missing=print") == missing
    without_trees = _clone(root, tmp_path / "treeless", "--filter=tree:0", "--bare")
    with pytest.raises(EvaluationError, match="clone is partial"):
        gather(without_trees, "HEAD^!")


def test_bare_repositories_and_worktrees_give_the_same_change(root: Path, tmp_path: Path) -> None:
    make_commit(root, {"b.py": "c\n"})
    expected = gather(root)
    bare = _clone(root, tmp_path / "repo.git", "--bare")
    git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked" / "repo"))
    assert gather(bare) == expected
    assert gather(tmp_path / "linked" / "repo") == expected


def test_a_tree_that_leads_out_of_itself_is_refused(root: Path) -> None:
    blob = git(root, "hash-object", "-w", "--stdin", stdin=b"x\n").strip()
    entry = b"100644 ..\0" + bytes.fromhex(blob.decode())
    tree = (
        git(root, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=entry).decode().strip()
    )
    commit = git(root, "commit-tree", tree, "-m", "evil").decode().strip()
    with pytest.raises(EvaluationError, match="leads out of it"):
        gather(root, f"{commit}^!")


def _many(root: Path, count: int) -> str:
    lines = "".join(f"line {n}\n" for n in range(30))
    make_commit(root, {f"d{n % 50}/f{n}.py": f"# {n}\n{lines}" for n in range(count)})
    return make_commit(root, {f"d{n % 50}/f{n}.py": f"# {n}\n{lines}end\n" for n in range(count)})


@pytest.mark.slow
def test_three_thousand_files_take_bounded_memory_and_linear_time(tmp_path: Path) -> None:
    seconds = {}
    for count in (300, 3000):
        root = make_repository(tmp_path / str(count), {"x": "x\n"})
        _many(root, count)
        opened = Git.open(root)
        started = time.perf_counter()
        change = from_range(opened, "HEAD^!", Limits()).change
        seconds[count] = time.perf_counter() - started
        assert len(change.files) == count
        assert all(file.new is not None and file.added == 1 for file in change.files)
    tracemalloc.start()
    from_range(opened, "HEAD^!", Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20
    assert seconds[3000] < 30 * seconds[300]
