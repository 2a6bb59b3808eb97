"""The trees that flows are looked for in: what they list, what they read, what they say of the rest."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from riskbot.detect.flows.trees.revision import FolderTree, OverlayTree, at_revision, empty
from riskbot.detect.flows.trees.tree import MAX_BYTES
from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.errors import UsageError
from riskbot.outside.git import Git
from tests.make import git, make_commit, make_file, make_repository


def kinds(tree) -> dict[str, OmissionKind]:
    return {omission.path: omission.kind for omission in tree.omissions()}


def test_a_revision_lists_python_and_names_contents_as_git_does(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "a = 1\n", "p/b.pyw": "b\n", "c.js": "c\n", "d.pyi": ""})
    opened = Git.open(root)
    with at_revision(opened, opened.resolve("main")) as tree:
        assert tree.paths() == ["a.py", "p/b.pyw"]
        assert tree.files((".js",)) == ["c.js"]
        assert tree.read("a.py") == b"a = 1\n"
        assert tree.read("missing.py") is None
        assert tree.digest("a.py") == git(root, "hash-object", "a.py").decode().strip()
        assert tree.omissions() == ()


def test_a_revision_reads_names_of_any_bytes(tmp_path):
    root = make_repository(tmp_path / "r")
    name = os.fsdecode(b"\xff\n.py")
    make_commit(root, {name: "x = 1\n"})
    opened = Git.open(root)
    with at_revision(opened, opened.resolve("main")) as tree:
        assert tree.paths() == [name]
        assert tree.read(name) == b"x = 1\n"


def test_a_revision_says_what_it_cannot_read(tmp_path):
    root = make_repository(tmp_path / "r", {"big.py": b"#" * (MAX_BYTES + 1), "a.py": "a = 1\n"})
    (root / "link.py").symlink_to("a.py")
    git(root, "add", "-A")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub.py")
    git(root, "update-index", "--add", "--cacheinfo", f"100644,{'2' * 40},gone.py")
    tree_id = git(root, "write-tree", "--missing-ok").decode().strip()
    opened = Git.open(root)
    with at_revision(opened, tree_id) as tree:
        assert tree.paths() == ["a.py", "big.py", "gone.py"]
        assert [tree.read(path) for path in ("a.py", "big.py", "gone.py", "link.py", "sub.py", "a.py")] == [
            b"a = 1\n",
            None,
            None,
            None,
            None,
            b"a = 1\n",
        ]
        assert kinds(tree) == {
            "link.py": OmissionKind.SYMLINK,
            "sub.py": OmissionKind.SUBMODULE,
            "big.py": OmissionKind.TOO_LARGE,
            "gone.py": OmissionKind.MISSING_OBJECT,
        }


def test_a_change_lies_over_its_base(tmp_path):
    files = {"kept.py": "k\n", "edited.py": "old\n", "gone.py": "g\n", "from.py": "m\n", "src.py": "s\n"}
    root = make_repository(tmp_path / "r", files)
    opened = Git.open(root)
    copied = replace(make_file("copy.py", "s\n", "s\n", old_path="src.py"), status=FileStatus.COPIED)
    change = [
        make_file("edited.py", "old\n", "new\n"),
        make_file("gone.py", "g\n", None),
        make_file("to.py", "m\n", "moved\n", old_path="from.py"),
        make_file("added.py", None, "a\n"),
        copied,
    ]
    with at_revision(opened, opened.resolve("main")) as base:
        head = OverlayTree(base, change)
        assert head.paths() == ["added.py", "copy.py", "edited.py", "kept.py", "src.py", "to.py"]
        assert {path: head.read(path) for path in head.paths()} == {
            "added.py": b"a\n",
            "copy.py": b"s\n",
            "edited.py": b"new\n",
            "kept.py": b"k\n",
            "src.py": b"s\n",
            "to.py": b"moved\n",
        }
        assert head.read("gone.py") is head.read("from.py") is None
        assert head.digest("kept.py") == base.digest("kept.py")
        assert head.digest("edited.py") != base.digest("edited.py")


def test_both_sides_of_a_bare_diff():
    copied = replace(make_file("copy.py", "s\n", "s\n", old_path="src.py"), status=FileStatus.COPIED)
    change = [make_file("to.py", "m\n", "moved\n", old_path="from.py"), copied]
    old, new = OverlayTree(empty(), change, new=False), OverlayTree(empty(), change)
    assert (old.paths(), new.paths()) == (["from.py"], ["copy.py", "to.py"])
    assert (old.read("from.py"), new.read("to.py")) == (b"m\n", b"moved\n")


def test_the_same_content_has_the_same_name_in_the_change_and_in_git(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "a\n"})
    opened = Git.open(root)
    blob = git(root, "hash-object", "a.py").decode().strip()
    with at_revision(opened, opened.resolve("main")) as base:
        file = replace(make_file("b.py", None, "a\n"), new_blob=blob)
        head = OverlayTree(base, [file])
        assert head.digest("a.py") == head.digest("b.py")


def test_what_the_change_does_not_tell_is_an_omission():
    link = replace(make_file("l.py", None, "x"), new_mode="120000")
    unknown = replace(make_file("u.py", "x\n", "y\n"), new=None)
    large = make_file("big.py", None, b"#" * (MAX_BYTES + 1))
    binary = replace(make_file("b.py", "x\n", "y\n"), new=None, binary=True)
    head = OverlayTree(empty(), [link, unknown, large, binary])
    assert head.paths() == []
    assert kinds(head) == {
        "l.py": OmissionKind.SYMLINK,
        "u.py": OmissionKind.CONTENT_UNKNOWN,
        "big.py": OmissionKind.TOO_LARGE,
        "b.py": OmissionKind.UNPARSABLE,
    }


def test_a_script_counts_where_the_change_says_that_it_is_python():
    script = make_file("run", None, "#!/usr/bin/env python3\nx = 1\n")
    head = OverlayTree(empty(), [script], is_python=lambda file: file.path == "run")
    assert head.paths() == ["run"]


def test_folders_are_walked_and_what_nobody_means_is_passed_over(tmp_path):
    for name in (
        "src/app/a.py",
        "src/b.pyw",
        "src/c.txt",
        ".hidden/x.py",
        "node_modules/x.py",
        "src/__pycache__/x.py",
        "env/lib/x.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    (tmp_path / "env/pyvenv.cfg").write_text("")
    tree = FolderTree(["."], tmp_path)
    assert tree.paths() == ["src/app/a.py", "src/b.pyw"]
    assert tree.omissions() == ()
    assert FolderTree([".hidden"], tmp_path).paths() == [".hidden/x.py"]
    assert FolderTree(["env"], tmp_path).paths() == ["env/lib/x.py"]


def test_paths_outside_of_the_top_are_shown_in_full(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "a.py").write_text("a = 1\n")
    tree = FolderTree([tmp_path / "a.py"], tmp_path / "here")
    (path,) = tree.paths()
    assert path == str(tmp_path / "a.py").lstrip("/")
    assert tree.shown(path) == str(tmp_path / "a.py")
    assert tree.read(path) == b"a = 1\n"


def test_a_script_that_is_named_is_python(tmp_path):
    (tmp_path / "run").write_text("#!/usr/bin/python3\nx = 1\n")
    (tmp_path / "notes").write_text("python\n")
    assert FolderTree(["run", "notes"], tmp_path).paths() == ["run"]
    assert FolderTree(["."], tmp_path).paths() == []


def test_links_are_followed_nowhere(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/secret.py").write_text("x = 1\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("a = 1\n")
    (root / "in.py").symlink_to("a.py")
    (root / "away").symlink_to(tmp_path / "out")
    tree = FolderTree(["."], root)
    assert tree.paths() == ["a.py"]
    assert kinds(tree) == {"in.py": OmissionKind.SYMLINK, "away": OmissionKind.SYMLINK}
    named = FolderTree(["away"], root)
    assert (named.paths(), kinds(named)) == ([], {"away": OmissionKind.SYMLINK})


def test_a_file_that_turns_into_a_link_is_not_followed(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n")
    (tmp_path / "secret").write_text("s = 1\n")
    tree = FolderTree(["."], tmp_path)
    (tmp_path / "a.py").unlink()
    (tmp_path / "a.py").symlink_to("secret")
    assert tree.read("a.py") is None
    assert kinds(tree) == {"a.py": OmissionKind.SYMLINK}


def test_what_is_no_file_too_large_or_closed_is_an_omission(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "big.py").write_bytes(b"#" * (MAX_BYTES + 1))
    tree = FolderTree(["."], tmp_path)
    assert tree.paths() == ["big.py"]
    assert tree.read("big.py") is None
    assert tree.digest("big.py") == "unreadable"
    assert kinds(tree) == {"pipe.py": OmissionKind.NOT_SCANNED, "big.py": OmissionKind.TOO_LARGE}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_an_omission(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n")
    (tmp_path / "a.py").chmod(0)
    tree = FolderTree(["."], tmp_path)
    assert tree.read("a.py") is None
    assert kinds(tree) == {"a.py": OmissionKind.NOT_SCANNED}


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UsageError, match=r"nothere\.py cannot be read: No such file"):
        FolderTree(["nothere.py"], tmp_path)
