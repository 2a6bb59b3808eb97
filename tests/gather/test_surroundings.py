"""What lies around a change: the tree's modules and manifests, read within limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from clock import seconds
from make import git, make_commit, make_repository

from riskbot.domain.change import Change, Surroundings
from riskbot.gather import surroundings
from riskbot.gather.local import Limits, from_commits, from_range, from_staged, from_worktree
from riskbot.outside.git import Git

FILES = {
    "app/__init__.py": "",
    "app/core.py": "X = 1\n",
    "app/fast.pyx": "",
    "pyproject.toml": "[project]\nname = 'app'\n",
    "requirements/test.txt": "pytest\n",
    "web/package.json": "{}",
    "notes.md": "a\n",
}


def around(change: Change) -> Surroundings:
    assert change.surroundings is not None
    return change.surroundings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repo", FILES)


def gather(root: Path) -> Change:
    return from_range(Git.open(root), "HEAD^!", Limits()).change


def test_the_heads_modules_and_manifests(root: Path) -> None:
    make_commit(root, {"app/new.py": "", "app/core.py": None})
    found = around(gather(root))
    assert found.modules == ("app/__init__.py", "app/fast.pyx", "app/new.py")
    assert found.manifests == (
        ("pyproject.toml", b"[project]\nname = 'app'\n"),
        ("requirements/test.txt", b"pytest\n"),
    )
    assert (found.omitted, found.opaque) == ((), ())


@pytest.mark.parametrize(
    ("files", "asked"),
    [
        ({"notes.md": "b\n"}, False),
        ({"app/core.py": None}, False),
        ({"requirements/test.txt": "pytest==8\n"}, True),
        ({"web/package.json": '{"a": 1}'}, True),
        ({"pyproject.toml": None}, True),
    ],
)
def test_only_what_asks_for_it_costs_anything(
    root: Path, files: dict[str, str | bytes | None], asked: bool
) -> None:
    make_commit(root, files)
    assert (gather(root).surroundings is not None) is asked


def test_of_the_index_and_the_working_tree(root: Path) -> None:
    (root / "app/untracked.py").write_text("")
    assert "app/untracked.py" in around(from_worktree(Git.open(root), Limits()).change).modules
    git(root, "add", "app/untracked.py")
    (root / "app/later.py").write_text("")
    found = around(from_staged(Git.open(root), Limits()).change).modules
    assert "app/untracked.py" in found
    assert "app/later.py" not in found


def test_a_first_commit_has_surroundings_too(root: Path) -> None:
    change = from_commits(Git.open(root), None, "HEAD", "the first", Limits()).change
    assert "app/core.py" in around(change).modules


def test_links_and_submodules_are_opaque(root: Path) -> None:
    (root / "linked").symlink_to("app")
    (root / "link.py").symlink_to("app/core.py")
    git(root, "add", "-A")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lib")
    git(root, "commit", "-q", "-m", "links")
    (root / "app/new.py").write_text("")
    git(root, "add", "app/new.py")
    git(root, "commit", "-q", "-m", "new")
    found = around(gather(root))
    assert found.opaque == ("link.py", "linked", "vendor/lib")
    assert "link.py" not in found.modules


def test_what_is_over_the_limits_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "MAX_MANIFEST_BYTES", 10)
    monkeypatch.setattr(surroundings, "MAX_MANIFESTS", 2)
    make_commit(root, {"app/new.py": "", "setup.cfg": "[a]\n"})
    found = around(gather(root))
    assert found.manifests == (("setup.cfg", b"[a]\n"),)
    assert found.omitted == ("only 2 of 3 manifests were read", "pyproject.toml: 23 bytes are over the limit")


def test_what_a_partial_clone_lacks_is_said(root: Path, tmp_path: Path) -> None:
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{root}", "part")
    make = tmp_path / "part"
    tree = git(make, "rev-parse", "HEAD^{tree}").decode().strip()
    change = from_commits(Git.open(root), None, "HEAD", "the first", Limits()).change
    found = surroundings.read(Git.open(make), tree, change.files)
    assert found is not None
    assert found.modules
    assert found.manifests == ()
    assert "pyproject.toml: its content is not in this clone" in found.omitted


def test_a_tree_that_is_missing_is_said(root: Path) -> None:
    change = from_commits(Git.open(root), None, "HEAD", "the first", Limits()).change
    found = surroundings.read(Git.open(root), "1" * 40, change.files)
    assert found is not None
    assert found.modules == ()
    assert found.omitted[0].startswith("the tree could not be read")


def test_it_is_quick(tmp_path: Path) -> None:
    files = {f"pkg/part{n % 40}/module{n}.py": f"X = {n}\n" for n in range(1_500)}
    root = make_repository(tmp_path / "big", {**files, "pyproject.toml": "[project]\nname = 'a'\n"})
    change = from_commits(Git.open(root), None, "HEAD", "the first", Limits()).change
    handle = Git.open(root)
    tree = git(root, "rev-parse", "HEAD^{tree}").decode().strip()
    assert seconds(lambda: surroundings.read(handle, tree, change.files)) < 0.1
