"""Mining a real repository into a table."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from make import make_commit, make_repository

from riskbot.assess.features import NAMES
from riskbot.domain.errors import EvaluationError
from riskbot.learn.mine import FEATURE, SCHEMA, Limits, mine, read
from riskbot.outside.git import Git

ANN, BOT = "Ann <ann@example.org>", "dependabot[bot] <bot@example.org>"
CODE = "def f(x):\n    return x\n"


def day(number: int) -> str:
    return f"{1_700_000_000 + number * 86_400} +0000"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "root")
    make_commit(root, {"a.py": CODE, "docs/a.md": "a\n"}, "start", author=ANN, when=day(0))
    first = make_commit(root, {"a.py": CODE + "y = 1\n"}, "add y (#3)", author=ANN, when=day(1))
    make_commit(
        root, {"a.py": CODE}, f'Revert "add y"\n\nThis reverts commit {first}.', author=ANN, when=day(2)
    )
    make_commit(root, {"a.py": CODE + "y = 1\n"}, "add y again", author=ANN, when=day(3))
    make_commit(root, {"requirements.txt": "x==1\n"}, "Bump x", author=BOT, when=day(4))
    make_commit(root, {}, "nothing", author=ANN, when=day(5))
    make_commit(root, {f"lib/{n}.txt": "x\n" for n in range(150)}, "import lib", author=ANN, when=day(6))
    make_commit(root, {"api_pb2.py": "x = 1\n"}, "generate", author=ANN, when=day(7))
    make_commit(
        root,
        {"docs/a.md": "b\n"},
        "docs\n\n(cherry picked from commit " + "a" * 40 + ")",
        author=ANN,
        when=day(8),
    )
    make_commit(root, {"docs/a.md": "c\n"}, "more docs", author=ANN, when=day(9))
    return root


def table(root: Path, out: Path, limits: Limits | None = None) -> pa.Table:
    git = Git.open(root)
    mine(git, "me/root", git.head() or "", out, limits or Limits())
    return read([out])


def test_a_row_is_what_was_known_and_why_not_to_learn_from_it(root: Path, tmp_path: Path):
    rows = table(root, tmp_path / "t.parquet").to_pylist()
    assert [row["skip"] for row in rows] == [
        *("", "", "revert", "duplicate", "bot", "empty", "bulk", "generated", "cherry-pick", ""),
    ]
    start, add, revert, *_, docs = rows
    assert (add["la"], add["ld"], add["parent"]) == (1, 0, start["commit"])
    assert revert["reverts"] == add["commit"]
    assert add["f.la"] == 1
    assert add["f.past_new_share"] == 0
    assert add["f.defs_changed"] == 0
    assert add["chunks"] == [
        {
            "path": "a.py",
            "old_start": 1,
            "old_count": 2,
            "new_start": 1,
            "new_count": 3,
            "first": "add y : a . py",
            "second": "[CTX] def f(x):[CTX] return x[ADD] y = 1",
        }
    ]
    assert (docs["code"], docs["f.defs_changed"], add["code"]) == (False, None, True)
    assert len(start["author"]) == 12
    assert "Ann" not in start["author"]


def test_what_was_not_computed_is_unknown_and_the_limits_hold(root: Path, tmp_path: Path):
    found = table(
        root, tmp_path / "t.parquet", Limits(newest=3, until=1_700_000_000 + 3 * 86_400, structure=0.0)
    )
    assert found.column("message").to_pylist()[-1] == "add y again\n"
    assert found.num_rows == 3
    assert found.column("f.defs_changed").null_count == 3
    assert found.column("f.nuc").to_pylist() == [1, 2, 3]  # the past before the first mined one counts


def test_the_schema_names_every_feature(root: Path, tmp_path: Path):
    found = table(root, tmp_path / "t.parquet")
    assert found.schema.names == SCHEMA.names
    assert [name.removeprefix(FEATURE) for name in found.schema.names if name.startswith(FEATURE)] == list(
        NAMES
    )


def test_a_run_that_breaks_off_leaves_what_was_there(root: Path, tmp_path: Path):
    out = tmp_path / "t.parquet"
    before = table(root, out)

    def stop(done: int, _of: int) -> None:
        if done:
            raise KeyboardInterrupt

    git = Git.open(root)
    with pytest.raises(KeyboardInterrupt):
        mine(git, "me/root", git.head() or "", out, Limits(newest=1), progress=stop)
    assert read([out]).equals(before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["root", "t.parquet"]


def test_tables_of_other_features_and_damaged_ones_are_refused(tmp_path: Path):
    old = tmp_path / "old.parquet"
    pq.write_table(pa.table({"commit": ["a"]}), old)
    with pytest.raises(EvaluationError, match="version none"):
        read([old])
    old.write_bytes(b"nothing")
    with pytest.raises(EvaluationError, match=r"old\.parquet"):
        read([old])
