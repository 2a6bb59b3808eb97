"""Which commits become examples of what, and what is kept of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from make import git, make_commit

from riskbot.learn.authorship import groups, table
from riskbot.learn.authorship.commits import read, references
from riskbot.learn.authorship.config import Mine
from riskbot.learn.authorship.diffs import diffs
from riskbot.learn.authorship.mine import mine
from riskbot.outside.git import Git

from .made import ANN, CLAUDE, add_note, code, make_history

ALL = Mine(changed=2)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_history(tmp_path / "root")


def rows(root: Path, out: Path, limits: Mine = ALL) -> list[dict]:
    mine(Git.open(root), "acme/shop", out / "t.parquet", limits)
    return table.read([out / "t.parquet"]).to_pylist()


def test_groups_are_told_by_signs_and_by_the_date(root, tmp_path):
    found = Counter(row["group"] for row in rows(root, tmp_path) if not row["change"])
    assert found == {"early": 2, "late": 2, "proxy": 1, "agent": 2, "modern": 2}


def test_a_row_says_when_how_much_and_nobodys_name(root, tmp_path):
    found = rows(root, tmp_path)
    (last,) = (row for row in found if row["group"] == "agent" and row["earlier"] == 4 and not row["change"])
    assert (last["tool"], last["tier"], last["lines"], last["files"]) == ("claude", "B", 32, 1)
    assert last["zone"] == -300
    assert last["m.bullets"] == 2
    assert last["m.body_lines"] == 2, "the trailer is cut out"
    assert last["s.comment_inline"] == pytest.approx(30 / 32)
    assert "ann" not in str([value for key, value in last.items() if key != "repository"]).lower()


def test_the_same_patch_counts_once_and_limits_hold(root, tmp_path):
    twice = make_commit(
        root, {"g.py": code(30)}, f"one\n\n{CLAUDE}", author=ANN, when="2025-04-01T12:00:00+00:00"
    )
    git(root, "checkout", "-q", "-b", "other", f"{twice}~1")
    make_commit(root, {"g.py": code(30)}, f"two\n\n{CLAUDE}", author=ANN, when="2025-04-02T12:00:00+00:00")
    assert sum(row["group"] == "agent" and not row["change"] for row in rows(root, tmp_path)) == 3
    few = rows(root, tmp_path, replace(ALL, agent=1, late=0))
    assert Counter(row["group"] for row in few if not row["change"])["agent"] == 1
    assert not any(row["group"] == "late" for row in few)


def test_changed_twins_stand_beside_their_commits(root, tmp_path):
    found = rows(root, tmp_path)
    kinds = Counter((row["group"], row["change"]) for row in found if row["change"])
    assert kinds[("agent", "stripped")] == kinds[("late", "renamed")] == 2
    bare = next(row for row in found if row["change"] == "stripped")
    assert bare["s.comment_inline"] == 0


def test_notes_say_what_share_of_the_lines_an_agent_wrote(root, tmp_path):
    noted = make_commit(root, {"h.py": code(40)}, "with a note", author=ANN, when="2025-04-03T12:00:00+00:00")
    add_note(root, noted, "h.py", "1-16")
    (row,) = (row for row in rows(root, tmp_path) if row["group"] == "noted")
    assert row["noted"] == 0.5


def test_all_branches_are_read_and_notes_are_no_code(root):
    git_door = Git.open(root)
    before = references(git_door)
    head = git(root, "rev-parse", "HEAD").decode().strip()
    add_note(root, head, "f.py", "1-2")
    assert references(Git.open(root)) == before == [head]
    git(root, "checkout", "-q", "-b", "other")
    git(root, "tag", "-a", "v1", "-m", "v1")
    make_commit(root, {"z.py": "x = 1\n"}, "z")
    assert len(references(Git.open(root))) == 2


def test_modern_commits_follow_the_agents_months(root):
    read_all = read(Git.open(root), references(Git.open(root)))
    listed = groups.drawn(read_all, Mine(modern=1, tries=1))
    assert [groups.month(one.commit.committed_at) for one in listed["modern"]] == ["2025-03"]
    assert groups.drawn([one for one in read_all if not one.tool], Mine())["modern"]


def test_diffs_count_lines_as_the_commit_has_them(root):
    name = make_commit(root, {"a0.py": code(0).replace("part 3\n", "part three\n") + "y = 1"}, "change")
    (found,) = diffs(Git.open(root), [name])
    assert found.added == {"a0.py": [(5, "    total = total + 0 * 3  # part three"), (33, "y = 1")]}
    after = make_commit(root, {"a0.py": code(0) + "y = 1\n++ 2\nz = 3"}, "change")
    (found,) = diffs(Git.open(root), [after])
    assert [text for _, text in found.added["a0.py"]][-2:] == ["++ 2", "z = 3"]


def test_a_table_of_other_features_is_refused(root, tmp_path):
    from riskbot.domain.errors import EvaluationError

    rows(root, tmp_path)
    told = pq.read_table(tmp_path / "t.parquet")
    pq.write_table(told.drop_columns(["s.blank"]), tmp_path / "other.parquet")
    with pytest.raises(EvaluationError, match="other features"):
        table.read([tmp_path / "other.parquet"])
