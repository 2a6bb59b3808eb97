"""Replaying a history: each commit as the change that a check of it would have seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from make import git as run
from make import make_commit, make_repository

from riskbot.assess.features import numbers
from riskbot.detect.structure import StructureDetector
from riskbot.domain.change import FileStatus, LineKind, OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.gather.limits import Limits
from riskbot.gather.local import from_commits
from riskbot.gather.missing import missing_paths
from riskbot.gather.replay import filled, order, patch_id, replay
from riskbot.outside.git import Git

ANN, BOB = "Ann <ann@example.org>", "Bob <bob@example.org>"
CODE = "def f(x):\n    if x:\n        return 1\n    return 2\n"


def day(number: int) -> str:
    return f"{1_700_000_000 + number * 86_400} +0000"


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """A history in one line, with what changes have: a new file, a rename, a deletion, a repair."""
    root = make_repository(tmp_path / "line")
    make_commit(root, {"src/a.py": CODE, "README.md": "# x\n"}, "start", author=ANN, when=day(0))
    make_commit(root, {"src/a.py": CODE + "y = 1\n"}, "add y", author=BOB, when=day(3))
    make_commit(root, {"src/a.py": CODE + "y = 2\n"}, "Fix crash in y, fixes #7", author=ANN, when=day(5))
    run(root, "mv", "src/a.py", "src/b.py")
    make_commit(root, {"src/b.py": CODE + "y = 3\n"}, "move a to b", author=BOB, when=day(9))
    make_commit(root, {"README.md": None, "src/b.py": CODE}, "remove y", author=ANN, when=day(20))
    return root


def opened(root: Path) -> tuple[Git, str, list[str]]:
    git = Git.open(root)
    tip = git.head()
    assert tip
    return git, tip, order(git, tip)


def test_only_the_wanted_commits_come_each_with_all_that_precedes_it(line: Path):
    git, tip, ids = opened(line)
    assert len(ids) == 5
    wanted = [ids[1], ids[4]]
    one, two = replay(git, tip, wanted)
    assert [one.change.head, two.change.head] == wanted
    assert one.change.base == ids[0]
    assert [f.commits for f in one.change.history.files] == [1]
    last = {f.path: f for f in two.change.history.files}["src/b.py"]
    assert last.commits == 1  # a rename begins a new past


def test_a_file_s_past_tells_repairs_and_what_they_followed(line: Path):
    git, tip, ids = opened(line)
    moved = next(iter(replay(git, tip, [ids[3]])))
    (past,) = moved.change.history.files
    assert (past.commits, past.repairs, past.fixes, past.shaken) == (3, 1, 1, 1)
    assert past.own_commits == 1  # Bob made one of them
    assert past.last_repaired_at == 1_700_000_000 + 5 * 86_400
    assert moved.change.history.repair_share == pytest.approx(1 / 3)


def test_every_number_is_the_one_that_a_check_of_the_same_commit_gets(line: Path):
    git, tip, ids = opened(line)
    for one in replay(git, tip, ids[1:]):
        with git.blobs() as blobs:
            ours = filled(one.change, blobs)
        gathered = from_commits(git, one.change.base, one.change.head or "", "", Limits())
        theirs = replace(gathered.change, history=gathered.history())
        detector = StructureDetector()
        assert numbers(ours, detector.run(ours)) == numbers(theirs, detector.run(theirs))
        assert [(f.status, f.path, f.hunks) for f in ours.files] == [
            (f.status, f.path, f.hunks) for f in theirs.files
        ]


def test_what_is_too_large_is_counted_but_not_read(line: Path):
    make_commit(line, {"big.txt": "x\n" * 50}, "big", author=ANN, when=day(30))
    git, tip, ids = opened(line)
    (one,) = replay(git, tip, [ids[-1]], limits=Limits(max_lines=20))
    assert one.oversized
    assert one.patch == ""
    assert [(f.path, f.added, f.hunks) for f in one.change.files] == [("big.txt", 50, ())]
    assert one.change.omissions[0].kind is OmissionKind.TOO_LARGE


def test_lines_that_look_like_the_mark_of_the_next_commit_are_lines(line: Path):
    text = "\x01" + "a" * 40 + "\x00b\nplain\n"
    make_commit(line, {"odd\n\x01name.txt": text.replace("\x00", "")}, "\x01odd", author=ANN, when=day(31))
    git, tip, ids = opened(line)
    (one,) = replay(git, tip, [ids[-1]])
    (file,) = one.change.files
    assert file.path == "odd\n\x01name.txt"
    assert file.status is FileStatus.ADDED
    assert [each.kind for each in file.hunks[0].lines] == [LineKind.ADDED] * 2


def test_a_patch_has_the_same_id_wherever_it_is_applied(tmp_path: Path):
    ids = []
    for name, before in (("one", "a\nb\nc\n"), ("two", "0\n0\n0\na\nb\nc\n")):
        root = make_repository(tmp_path / name)
        make_commit(root, {"f.py": before}, when=day(0))
        make_commit(root, {"f.py": before.replace("b", "x   = 1")}, when=day(1))
        git, tip, all_ids = opened(root)
        (one,) = replay(git, tip, all_ids[1:])
        ids.append(one.patch)
        assert one.patch == patch_id(one.change.files)
    assert ids[0] == ids[1] != ""


def test_an_unknown_commit_is_an_error(line: Path):
    git, tip, _ = opened(line)
    with pytest.raises(EvaluationError, match=r"f{40}|git failed"):
        list(replay(git, tip, ["f" * 40]))
    with pytest.raises(EvaluationError, match="in its turn"):
        list(replay(git, tip, list(reversed(order(git, tip)))))


def test_contents_that_are_not_in_the_clone_are_named_and_left_out(line: Path):
    make_commit(
        line, {"data/model é.bin": "x" * 99, "src/b.py": CODE + "z = 1\n"}, "data", author=ANN, when=day(40)
    )
    blob = run(line, "rev-parse", "HEAD:data/model é.bin").decode().strip()
    git, tip, ids = opened(line)
    assert missing_paths(git, tip) == ()
    (line / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert missing_paths(git, tip) == ("data/model é.bin",)
    with pytest.raises(EvaluationError):
        list(replay(git, tip, ids[-1:]))
    (one,) = replay(git, tip, ids[-1:], exclude=missing_paths(git, tip))
    assert [file.path for file in one.change.files] == ["src/b.py"]
