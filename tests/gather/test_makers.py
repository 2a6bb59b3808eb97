"""Merges done again and the last authors of touched lines, from real repositories."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from riskbot.domain.change import Change, FileStatus
from riskbot.gather import makers
from riskbot.gather.limits import Limits
from riskbot.gather.local import from_range
from riskbot.outside.git import Git
from tests.make import git, make_commit, make_repository

BOB = "Bob Example <bob@example.org>"
CAROL = "Carol Example <carol@example.org>"


def gathered(root: Path, range_: str) -> tuple[Git, Change]:
    repository = Git.open(root)
    return repository, from_range(repository, range_, Limits()).change


def merged(tmp_path: Path, *, theirs: str = "b.py", evil: bool = False) -> tuple[Git, Change]:
    """A branch into which main was merged; ``evil``: with something that neither side had."""
    root = make_repository(tmp_path / "r", {"a.py": "1\n", "b.py": "1\n"})
    git(root, "checkout", "-q", "-b", "topic")
    make_commit(root, {"a.py": "2\n"})
    git(root, "checkout", "-q", "main")
    make_commit(root, {theirs: "3\n"})
    git(root, "checkout", "-q", "topic")
    git(root, "merge", "-q", "--no-ff", "--no-commit", "-s", "ours" if theirs == "a.py" else "ort", "main")
    if evil:
        (root / "b.py").write_text("evil\n")
    git(root, "commit", "-q", "-a", "-m", "up")
    return gathered(root, "main..topic")


def test_a_clean_merge_comes_out_as_it_was(tmp_path: Path) -> None:
    repository, change = merged(tmp_path)
    (merge,) = [one for one in change.commits if len(one.parents) > 1]
    assert makers.redone(repository, change.commits) == {merge.id: merge.tree}


def test_an_evil_merge_comes_out_otherwise(tmp_path: Path) -> None:
    repository, change = merged(tmp_path, evil=True)
    (merge,) = [one for one in change.commits if len(one.parents) > 1]
    found = makers.redone(repository, change.commits)
    assert found[merge.id] != merge.tree


def test_what_cannot_be_done_again_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, change = merged(tmp_path / "conflict", theirs="a.py")
    assert makers.redone(repository, change.commits) == {}
    repository, change = merged(tmp_path / "late")
    assert makers.redone(repository, change.commits, seconds=0) == {}
    monkeypatch.setattr(makers, "version", lambda: (2, 37, 9))
    assert makers.redone(repository, change.commits) == {}
    monkeypatch.undo()
    monkeypatch.setattr(makers, "MAX_MERGES", 0)
    assert makers.redone(repository, change.commits) == {}


def test_nothing_of_it_is_written_to_the_repository(tmp_path: Path) -> None:
    repository, change = merged(tmp_path, evil=True)
    git(repository.root, "prune", "--expire=now")
    before = git(repository.root, "count-objects", "-v")
    assert makers.redone(repository, change.commits)
    assert git(repository.root, "count-objects", "-v") == before


def written(tmp_path: Path) -> Path:
    """Bob wrote two lines, carol the third, alice changes all three and adds one."""
    root = make_repository(tmp_path / "r", {"a.py": "1\n2\n", "same.py": "s\n"}, "start")
    make_commit(root, {"a.py": "b\nb\n"}, author=BOB, when="2024-05-02T12:00:00+00:00")
    make_commit(root, {"a.py": "b\nb\nc\n"}, author=CAROL, when="2024-05-03T12:00:00+00:00")
    make_commit(root, {"a.py": "a\na\na\na\n"}, when="2024-05-04T12:00:00+00:00")
    return root


def test_touched_lines_are_their_last_authors(tmp_path: Path) -> None:
    repository, change = gathered(written(tmp_path), "HEAD~1..HEAD")
    assert change.base is not None
    assert makers.recent_authors(repository, change.base, change.files) == {
        "a.py": (
            makers.Wrote("bob@example.org", 2, 1714651200),
            makers.Wrote("carol@example.org", 1, 1714737600),
        )
    }


def test_the_old_side_of_a_rename_is_asked_and_added_files_are_not(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {"old.py": "".join(f"{n}\n" for n in range(20))})
    git(root, "mv", "old.py", "new.py")
    make_commit(root, {"new.py": "".join(f"{n}\n" for n in range(19)), "more.py": "x\n"})
    repository, change = gathered(root, "HEAD~1..HEAD")
    assert change.base is not None
    found = makers.recent_authors(repository, change.base, change.files)
    assert {path: sum(one.lines for one in wrote) for path, wrote in found.items()} == {"old.py": 1}


def test_the_source_of_a_copy_is_not_touched(tmp_path: Path) -> None:
    repository, change = gathered(written(tmp_path), "HEAD~1..HEAD")
    assert change.base is not None
    copied = replace(change.files[0], status=FileStatus.COPIED, new_path="b.py")
    assert makers.recent_authors(repository, change.base, [copied]) == {}


def test_addresses_go_through_the_mailmap_at_the_base(tmp_path: Path) -> None:
    root = written(tmp_path)
    make_commit(root, {".mailmap": "<alice@new.example> <alice@example.org>\n"})
    make_commit(root, {"a.py": "z\n"}, author=BOB)
    repository, change = gathered(root, "HEAD~1..HEAD")
    assert change.base is not None
    (one,) = makers.recent_authors(repository, change.base, change.files)["a.py"]
    assert one.email == "alice@new.example"


def test_it_is_bounded_in_files_lines_and_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "r", {f"{n}.py": "1\n2\n3\n" for n in range(3)})
    make_commit(root, {f"{n}.py": "x\n" for n in range(3)})
    repository, change = gathered(root, "HEAD~1..HEAD")
    assert change.base is not None

    def lines() -> list[int]:
        assert change.base is not None
        found = makers.recent_authors(repository, change.base, change.files)
        return [one.lines for wrote in found.values() for one in wrote]

    assert lines() == [3, 3, 3]
    monkeypatch.setattr(makers, "MAX_LINES", 4)
    assert lines() == [3, 1]
    monkeypatch.setattr(makers, "MAX_FILES", 1)
    assert lines() == [3]
    assert makers.recent_authors(repository, change.base, change.files, seconds=0) == {}


def test_lines_that_a_shallow_clone_cannot_tell_are_nobodys(tmp_path: Path) -> None:
    root = written(tmp_path)
    git(tmp_path, "clone", "-q", "--depth=3", f"file://{root}", "shallow")
    repository, change = gathered(tmp_path / "shallow", "HEAD~1..HEAD")
    assert change.base is not None
    (one,) = makers.recent_authors(repository, change.base, change.files)["a.py"]
    assert one.email == "carol@example.org"


def test_trailers_are_what_git_takes_for_them(tmp_path: Path) -> None:
    message = (
        "Subject\n\nCo-authored-by: Not one <in@the.middle>\n\nCo-authored-by: Bob\n  <bob@example.org>\n"
        "Signed-off-by: Alice <alice@example.org>\n"
    )
    root = make_repository(tmp_path / "r", {"a": "1\n"})
    make_commit(root, {"a": "2\n"}, message)
    _, change = gathered(root, "HEAD~1..HEAD")
    assert change.commits[0].trailers == (
        ("Co-authored-by", "Bob <bob@example.org>"),
        ("Signed-off-by", "Alice <alice@example.org>"),
    )
    assert change.commits[0].message.startswith("Subject\n\nCo-authored-by: Not one")
