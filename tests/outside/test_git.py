"""The door to git: finds repositories, reads objects, and lets no setting change what it reads."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from make import git, make_commit, make_repository

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather.local import Limits, from_range
from riskbot.outside import gitcommand
from riskbot.outside.git import Git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repo", {"a.py": "a = 1\n", "folder/b.py": "b = 1\n"})


def head(root: Path) -> str:
    return git(root, "rev-parse", "HEAD").decode().strip()


def test_opens_from_the_top_and_from_a_folder_below(repository: Path) -> None:
    for path in (repository, repository / "folder"):
        opened = Git.open(path)
        assert opened.root == repository
        assert not opened.bare
        assert not opened.is_shallow()
        assert not opened.is_partial()
        assert opened.head() == head(repository)


def test_opens_a_linked_worktree(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"))
    opened = Git.open(tmp_path / "linked")
    assert opened.root == tmp_path / "linked"
    assert opened.sizes([head(repository)])[head(repository)]


def test_opens_a_bare_repository_and_the_git_folder(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    for path in (tmp_path / "bare.git", repository / ".git"):
        opened = Git.open(path)
        assert opened.bare
        assert opened.resolve("HEAD") == head(repository)


def test_opens_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    root = make_repository(tmp_path / 'we "quote": #odd', {"a": "a\n"})
    assert Git.open(root).sizes([head(root)])[head(root)]


def test_opens_a_sha256_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main", "--object-format=sha256", "repo")
    commit = make_commit(tmp_path / "repo", {"a": "a\n"})
    opened = Git.open(tmp_path / "repo")
    assert len(commit) == 64
    assert from_range(opened, "HEAD^!", Limits()).change.files[0].new == b"a\n"


def test_a_folder_without_repository_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git repository"):
        Git.open(tmp_path)


def test_a_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        Git.open(tmp_path / "none")


def test_missing_git_is_an_evaluation_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gitcommand.version.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(EvaluationError, match="git was not found"):
        Git.open(repository)


def test_old_git_is_an_evaluation_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho git version 2.17.1\n")
    fake.chmod(0o755)
    gitcommand.version.cache_clear()
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with pytest.raises(EvaluationError, match=r"needs git 2\.32 or newer.*2\.17\.1"):
        Git.open(repository)
    gitcommand.version.cache_clear()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_says_how_to_trust_it(repository: Path) -> None:
    (repository / "folder").mkdir(exist_ok=True)
    for path in (repository, repository / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(UsageError, match="belongs to another user") as caught:
        Git.open(repository / "folder")
    assert f"safe.directory {shlex.quote(str(repository))}`" in caught.value.mend


def test_a_hooks_relative_variables_are_honoured_here(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other-index")
    opened = Git.open(Path())
    assert opened.root == repository
    assert opened.index == repository / ".git" / "other-index"
    assert opened.head() == head(repository)


def test_a_work_tree_that_is_elsewhere_is_found(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    opened = Git.open(Path())
    assert (opened.root, opened.bare) == (repository, False)


@pytest.mark.parametrize("start", ["repository", "elsewhere"])
def test_a_work_tree_that_the_settings_put_elsewhere_is_found(
    repository: Path, tmp_path: Path, start: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    git(repository, "config", "core.worktree", str(elsewhere))
    if start == "elsewhere":
        (elsewhere / ".git").write_text(f"gitdir: {repository / '.git'}\n")
    opened = Git.open(repository if start == "repository" else elsewhere)
    assert (opened.root, opened.bare) == (elsewhere, False)
    assert opened.head() == opened.resolve("HEAD")


def test_a_line_break_in_the_path_is_refused(repository: Path, tmp_path: Path) -> None:
    repository.rename(tmp_path / "two\nlines")
    with pytest.raises(UsageError, match="line break"):
        Git.open(tmp_path / "two\nlines")


def test_a_current_folder_that_is_gone_is_a_usage_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(UsageError, match="current folder is gone"):
        Git.open(repository)


def test_variables_of_one_repository_do_not_leak_into_another(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(tmp_path / "other", {"x": "x\n"}, "another")
    monkeypatch.chdir(repository)
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository))
    assert Git.open(other).root == other


def test_objects_in_quarantine_are_read(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a push is received its objects lie in a folder of their own (git-receive-pack(1))."""
    quarantine = tmp_path / "quarantine"
    quarantine.mkdir()
    env = {
        "GIT_OBJECT_DIRECTORY": str(quarantine),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repository / ".git" / "objects"),
    }
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=b"new\n", env=env).decode().strip()
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(repository)
    assert Git.open(Path()).sizes([blob, head(repository)])[blob] == 4
    assert Git.open(Path()).sizes([head(repository)])[head(repository)]


def test_resolve_knows_what_gitrevisions_knows(repository: Path) -> None:
    commit = head(repository)
    git(repository, "tag", "-a", "-m", "t", "v1")
    opened = Git.open(repository)
    assert {opened.resolve(name) for name in ("HEAD", "main", "v1", commit[:10], "HEAD^{/start}")} == {commit}


@pytest.mark.parametrize(
    "name", ["nothing", "HEAD:a.py", "HEAD^{tree}", "-h", "--all", "", "a\0b", "a\nb", "^HEAD"]
)
def test_resolve_refuses_what_is_no_commit(repository: Path, name: str) -> None:
    with pytest.raises(UsageError):
        Git.open(repository).resolve(name)


def test_resolve_refuses_an_ambiguous_name(repository: Path) -> None:
    git(repository, "branch", "twice")
    make_commit(repository, {"c": "c\n"})
    git(repository, "tag", "twice")
    git(repository, "config", "core.warnAmbiguousRefs", "false")
    with pytest.raises(UsageError, match="ambiguous") as caught:
        Git.open(repository).resolve("twice")
    assert "refs/heads/" in caught.value.mend


def test_stream_reports_a_failure_only_where_the_output_was_wanted(repository: Path) -> None:
    opened = Git.open(repository)
    with pytest.raises(EvaluationError, match="bad object"), opened.stream("log", "0" * 39 + "1") as output:
        output.read()
    with opened.stream("log", head(repository)) as output:
        output.read(1)
    with pytest.raises(ZeroDivisionError), opened.stream("log", head(repository)):
        raise ZeroDivisionError


def test_a_stream_left_early_leaves_no_process(repository: Path) -> None:
    script = "import time\nwhile True: time.sleep(1)"
    fake = repository / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f"#!{sys.executable}\nprint('x', flush=True)\n{script}\n")
    fake.chmod(0o755)
    opened = Git.open(repository)
    opened.hermetic["PATH"] = str(fake.parent)
    before = _children()
    with opened.stream("log") as output:
        assert output.readline() == b"x\n"
    assert _children() == before


def _children() -> set[str]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,comm=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    return {line.strip() for line in listed.stdout.splitlines() if not line.strip().endswith("ps")}


def test_sizes_and_blobs_tell_missing_objects(repository: Path) -> None:
    opened = Git.open(repository)
    blob = git(repository, "rev-parse", "HEAD:a.py").decode().strip()
    assert opened.sizes([blob, "1" * 40]) == {blob: 6, "1" * 40: None}
    assert opened.sizes([]) == {}
    with opened.blobs() as blobs:
        assert blobs.read(blob) == b"a = 1\n"
        assert blobs.read("1" * 40) is None
        assert blobs.read(blob) == b"a = 1\n"


def test_a_damaged_object_counts_as_missing(repository: Path) -> None:
    make_commit(repository, {"a.py": "a = 2\n", "c.py": "c\n"})
    blob = git(repository, "rev-parse", "HEAD:a.py").decode().strip()
    path = repository / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"not zlib")
    opened = Git.open(repository)
    with opened.blobs() as blobs:
        assert blobs.read(blob) is None
    change = from_range(opened, "HEAD^!", Limits()).change
    assert [(o.kind.value, o.path) for o in change.omissions] == [("missing-object", "a.py")]
    assert [(file.path, file.new) for file in change.files] == [("a.py", None), ("c.py", b"c\n")]


def test_the_scratch_folder_goes_with_the_object(repository: Path) -> None:
    opened = Git.open(repository)
    scratch = opened.scratch
    assert scratch.is_dir()
    del opened
    assert not scratch.exists()


def test_an_unwritable_temporary_folder_is_an_evaluation_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(EvaluationError, match="temporary folder"):
        Git.open(repository)


HOSTILE = """
[core]
	fsmonitor = {trap}
	hooksPath = {hooks}
	quotePath = false
	pager = {trap}
	attributesFile = {attributes}
	sshCommand = {trap}
	abbrev = 4
[color]
	ui = always
	diff = always
[diff]
	noprefix = true
	mnemonicPrefix = true
	renames = false
	algorithm = patience
	suppressBlankEmpty = true
	interHunkContext = 50
	context = 0
	submodule = log
	external = {trap}
	orderFile = {attributes}
	wsErrorHighlight = all
	colorMoved = zebra
	ignoreSubmodules = all
	relative = true
[diff "trap"]
	command = {trap}
	textconv = {trap}
	binary = true
	xfuncname = "^x"
[filter "trap"]
	clean = {trap}
	smudge = {trap}
	process = {trap}
	required = true
[log]
	showSignature = true
	mailmap = false
	date = relative
[gpg]
	program = {trap}
[i18n]
	logOutputEncoding = UTF-16
[alias]
	log = !{trap}
	diff-tree = !{trap}
[pager]
	log = {trap}
[mailmap]
	file = {mailmap}
[remote "origin"]
	url = ext::{trap}
	promisor = true
	partialclonefilter = blob:none
[uploadpack]
	packObjectsHook = {trap}
"""


def _hostile(root: Path, tmp_path: Path) -> Path:
    """Set every trap that a repository's own settings can set; return the file that would tell of it."""
    sprung = tmp_path / "sprung"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho sprung >> {sprung}\necho lies\n")
    trap.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman"):
        (hooks / name).write_bytes(trap.read_bytes())
        (hooks / name).chmod(0o755)
    attributes = tmp_path / "attributes"
    attributes.write_text("* diff=trap filter=trap -text\n*.py binary\n")
    mailmap = tmp_path / "mailmap"
    mailmap.write_text("Nobody <nobody@example.org> <alice@example.org>\n")
    with (root / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(trap=trap, hooks=hooks, attributes=attributes, mailmap=mailmap))
    for place in (root / ".git" / "info" / "attributes", root / ".gitattributes"):
        place.write_text("* diff=trap filter=trap\n*.py binary -diff\n")
    return sprung


def _with_history(root: Path) -> Path:
    make_repository(root, {"old name.py": "".join(f"line {n}\n" for n in range(60)), "ä.py": "a\n\nb\n"})
    content = (
        "".join(f"line {n}\n" for n in range(60))
        .replace("line 5\n", "five\n")
        .replace("line 20\n", "twenty\n")
    )
    make_commit(root, {"old name.py": None, "new name.py": content, "ä.py": "a\n\nc\n", "x.bin": b"\0\1"})
    return root


def test_hostile_settings_change_nothing_and_start_nothing(tmp_path: Path) -> None:
    plain = _with_history(tmp_path / "plain" / "repo")
    hostile = _with_history(tmp_path / "hostile" / "repo")
    sprung = _hostile(hostile, tmp_path)
    expected = from_range(Git.open(plain), "HEAD^!", Limits()).change
    found = from_range(Git.open(hostile), "HEAD^!", Limits()).change
    assert [file.status.value for file in expected.files] == ["renamed", "added", "modified"]
    assert len(expected.files[0].hunks) == 2
    assert found == expected
    assert not sprung.exists()


def test_replaced_and_grafted_objects_do_not_count(repository: Path) -> None:
    first = head(repository)
    make_commit(repository, {"a.py": "a = 2\n"})
    real = git(repository, "rev-parse", "HEAD:a.py").decode().strip()
    fake = git(repository, "hash-object", "-w", "--stdin", stdin=b"harmless\n").decode().strip()
    git(repository, "replace", real, fake)
    git(repository, "replace", "--graft", "HEAD")
    change = from_range(Git.open(repository), "HEAD^!", Limits()).change
    assert change.base == first
    assert change.files[0].new == b"a = 2\n"
