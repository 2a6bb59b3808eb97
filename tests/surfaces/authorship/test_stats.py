"""`riskbot authorship stats`: counting, and the picture."""

from __future__ import annotations

import csv
import io
import json
import struct
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from make import git, make_commit, make_repository

from riskbot.domain.schemas import portable
from riskbot.report.authored import shares
from riskbot.surfaces import cli

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two plain commits in 2025, one of an agent's and a merge in 2026, and that one rebased beside it."""
    root = make_repository(tmp_path_factory.mktemp("stats") / "shop")
    make_commit(root, {"a": "1\n"}, "one", when="2025-11-05T00:00:00+00:00")
    make_commit(root, {"a": "2\n"}, "two", when="2025-12-31T23:59:59+00:00")
    git(root, "checkout", "-q", "-b", "side")
    make_commit(root, {"b": "1\n"}, f"three\n\n{CLAUDE}", when="2026-02-01T00:00:00+00:00")
    git(root, "checkout", "-q", "main")
    env = {"GIT_COMMITTER_DATE": "2026-03-01T00:00:00+00:00"}
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side", env=env)
    git(root, "checkout", "-q", "-b", "again", "main~1")
    git(root, "cherry-pick", "side", env=env)
    git(root, "checkout", "-q", "main")
    return root


def said(capsysbinary, *arguments: str, code: int = 0) -> str:
    assert cli.main(["authorship", "stats", *arguments]) == code
    return capsysbinary.readouterr().out.decode()


def counts(capsysbinary, root, *arguments: str) -> dict:
    found = json.loads(said(capsysbinary, "--repo", str(root), "--format", "json", *arguments))
    jsonschema.validate(found, portable(shares.schema()))
    return found


def test_the_history_of_head_by_month(root, capsysbinary):
    found = counts(capsysbinary, root)
    assert (found["repository"], found["by"]) == ("shop", "month")
    told = [(one["period"], one["commits"], one["categories"]["declared"]) for one in found["periods"]]
    assert told == [("2025-11", 1, 0), ("2025-12", 1, 0), ("2026-01", 0, 0), ("2026-02", 1, 1)]
    assert found["total"]["merges"] == 1
    assert found["total"]["agents"] == {"claude": 1}


def test_everything_and_the_same_change_once(root, capsysbinary):
    assert counts(capsysbinary, root, "--all")["total"]["categories"]["declared"] == 2
    found = counts(capsysbinary, root, "--all", "--dedup")["total"]
    assert (found["categories"]["declared"], found["repeated"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "commits"),
    [
        (("--since", "2026-01-01"), 1),
        (("--until", "2025-12-01"), 1),
        (("--since", "2025-12-31T23:59:59+00:00", "--until", "2026-02-01"), 1),
        (("--since", "2025-12-31T23:59:59+02:00", "--until", "2026-02-02"), 2),
        (("main~1",), 2),
        (("main~1..side",), 1),
        (("again", "--by", "year"), 3),
    ],
)
def test_which_commits(root, capsysbinary, arguments, commits):
    assert counts(capsysbinary, root, *arguments)["total"]["commits"] == commits


def test_a_list(root, capsysbinary, tmp_path):
    (tmp_path / "ids").write_text("side\nmain\nnowhere\n")
    found = counts(capsysbinary, root, "--commits", str(tmp_path / "ids"), "--by", "quarter")
    assert found["total"]["categories"]["declared"] == 1
    assert found["total"]["categories"]["unknown"] == found["total"]["undated"] == 1
    assert [one["period"] for one in found["periods"]] == ["2026-Q1"]


def test_bars_and_csv(root, capsysbinary):
    text = said(capsysbinary, "--repo", str(root))
    assert "2026-02" in text
    assert "100 %" in text
    assert "3 commits: 1 declared, 2 without a sign." in text
    assert "1 merge left out." in text
    rows = csv.DictReader(io.StringIO(said(capsysbinary, "--repo", str(root), "--format", "csv")))
    assert {(row["period"], row["commits"]) for row in rows if row["name"] == "claude"} >= {("2026-02", "1")}


def test_nobody_is_counted(root, capsysbinary):
    for format_ in ("text", "json", "csv"):
        text = said(capsysbinary, "--repo", str(root), "--format", format_)
        assert "Alice" not in text
        assert "example.org" not in text


def test_svg(root, tmp_path, capsysbinary):
    said(capsysbinary, "--repo", str(root), "--plot", str(tmp_path / "p.svg"))
    text = (tmp_path / "p.svg").read_text()
    assert ET.fromstring(text).tag.endswith("svg")
    assert "2026-02: claude, 1" in text


def test_png(root, tmp_path, capsysbinary):
    Image = pytest.importorskip("PIL.Image")
    said(capsysbinary, "--repo", str(root), "--plot", str(tmp_path / "p.PNG"))
    data = (tmp_path / "p.PNG").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1920, 1280)
    colours = {colour for _, colour in Image.open(io.BytesIO(data)).getcolors(1 << 20)}
    assert {(255, 255, 255), (0, 158, 115), (0, 114, 178)} <= colours, "paper, declared, the first tool"


def test_png_without_pillow_says_what_to_do(root, tmp_path, capsysbinary, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "PIL", None)
    assert cli.main(["authorship", "stats", "--repo", str(root), "--plot", str(tmp_path / "p.png")]) == 2
    assert "riskbot[plot]" in capsysbinary.readouterr().err.decode()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--plot", "p.jpg"), "ends neither in .svg nor in .png"),
        (("--since", "yesterday"), "is no day"),
        (("--by", "week"), "invalid choice"),
    ],
)
def test_wrong_options(root, capsysbinary, arguments, words):
    with pytest.raises(SystemExit) as ended:
        cli.main(["authorship", "stats", "--repo", str(root), *arguments])
    assert ended.value.code == 2
    assert words in capsysbinary.readouterr().err.decode()


def test_a_range_and_all_do_not_go_together(root, capsysbinary):
    assert cli.main(["authorship", "stats", "main", "--all", "--repo", str(root)]) == 2
    assert "cannot be combined" in capsysbinary.readouterr().err.decode()


def test_a_repository_without_a_commit(tmp_path, capsysbinary):
    root = make_repository(tmp_path / "empty")
    assert "0 commits" in said(capsysbinary, "--all", "--repo", str(root))
