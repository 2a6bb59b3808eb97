"""``riskbot policy population``: S43 from a real repository and verdicts on file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from make import git, make_commit, make_repository

from riskbot.gather import makers
from riskbot.surfaces import cli


def verdict(path: Path, head: str, outcome: str = "allowed", **subject: object) -> Path:
    """Write one verdict, with what the report needs of it."""
    of = {"repository": "acme/shop", "pull": 7, "base_ref": "main", "base": None, "head": head} | subject
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"schema": "riskbot.verdict/1", "outcome": outcome, "subject": of, "more": 1}))
    return path


def merge(root: Path, name: str, content: str, *, evil: bool = False) -> tuple[str, str]:
    """Land a branch by a merge: its head, and the merge."""
    git(root, "switch", "-q", "-c", name)
    head = make_commit(root, {f"{name}.py": content}, f"work on {name}")
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "--no-commit", name)
    if evil:
        (root / f"{name}.py").write_text("evil\n")
    return head, make_commit(root, {}, f"merge {name}")


def ask(tmp_path: Path, *more: str) -> tuple[int, Any]:
    out = tmp_path / "out.json"
    asked = ["policy", "population", "--repo", str(tmp_path / "r"), "--repository", "acme/shop"]
    asked += ["--branch", "main", "--format", "json", "--output", str(out), "--verdicts", str(tmp_path / "v")]
    code = cli.main([*asked, *more])
    return code, json.loads(out.read_text()) if code < 2 else None


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "r", {"a.py": "a = 1\n"})


def test_what_was_judged_and_allowed_is_covered_and_what_went_round_is_not(
    root: Path, tmp_path: Path
) -> None:
    start = git(root, "rev-parse", "HEAD").decode().strip()
    head, _ = merge(root, "good", "1\n")
    direct = make_commit(root, {"a.py": "a = 2\n"}, "straight to main")
    held, overruled = merge(root, "held", "1\n")
    verdict(tmp_path / "v" / "1.json", head)
    verdict(tmp_path / "v" / "2.json", held, "held")
    code, found = ask(tmp_path, "--since", start)
    assert (code, found["commits"], found["tip"]) == (1, 3, overruled)
    assert {(one["commit"], one["code"]) for one in found["exceptions"]} == {
        (direct, "no_verdict"),
        (overruled, "not_allowed"),
    }
    verdict(tmp_path / "v" / "3.json", held)
    verdict(tmp_path / "v" / "4.json", direct)
    assert ask(tmp_path, "--since", start)[0] == 0


def test_an_evil_merge_is_not_covered_by_the_verdict_of_what_it_merged(root: Path, tmp_path: Path) -> None:
    start = git(root, "rev-parse", "HEAD").decode().strip()
    head, landed = merge(root, "good", "1\n", evil=True)
    verdict(tmp_path / "v" / "1.json", head)
    code, found = ask(tmp_path, "--since", start)
    assert (code, [one["commit"] for one in found["exceptions"]]) == (1, [landed])


def test_nor_is_one_that_nobody_can_do_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = git(root, "rev-parse", "HEAD").decode().strip()
    head, _ = merge(root, "good", "1\n")
    verdict(tmp_path / "v" / "1.json", head)
    assert ask(tmp_path, "--since", start)[0] == 0
    monkeypatch.setattr(makers, "version", lambda: (2, 37))
    assert ask(tmp_path, "--since", start)[0] == 1


@pytest.mark.parametrize(
    "subject", [{"base_ref": "sandbox"}, {"repository": "mallory/shop"}, {"base_ref": None}]
)
def test_a_verdict_for_elsewhere_covers_nothing(
    root: Path, tmp_path: Path, subject: dict[str, object]
) -> None:
    verdict(tmp_path / "v" / "1.json", git(root, "rev-parse", "HEAD").decode().strip(), **subject)
    code, found = ask(tmp_path)
    assert (code, [one["code"] for one in found["exceptions"]]) == (1, ["other_base"])


def test_the_last_verdict_of_a_head_holds(root: Path, tmp_path: Path) -> None:
    head = git(root, "rev-parse", "HEAD").decode().strip()
    one, other = verdict(tmp_path / "allowed", head), verdict(tmp_path / "held", head, "held")
    assert ask(tmp_path, "--verdicts", str(other), str(one))[0] == 0
    assert ask(tmp_path, "--verdicts", str(one), str(other))[0] == 1


def test_in_words(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = git(root, "rev-parse", "HEAD").decode().strip()
    other = verdict(tmp_path / "other.json", "f" * 40)
    asked = ["policy", "population", "--repo", str(root), "--repository", "acme/shop", "--branch", "main"]
    assert cli.main([*asked, "--verdicts", str(other)]) == 1
    assert capsys.readouterr().out == (
        f"{head}  no_verdict  start\n    {head[:12]} landed on main and nobody judged it.\n"
        "1 of 1 commits landed without a verdict that allowed them.\n"
    )


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "riskbot.facts/1"}', "[1]", '"\xff"'])
def test_what_is_no_verdict_is_told(
    root: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "v").write_bytes(text.encode("latin-1"))
    assert ask(tmp_path)[0] == 2
    assert "This is no verdict" in capsys.readouterr().err


def test_a_part_is_never_taken_for_the_whole(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_commit(root, {"a.py": "a = 2\n"})
    root.rename(tmp_path / "whole")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/whole", "r")
    verdict(tmp_path / "v" / "1.json", "f" * 40)
    assert ask(tmp_path)[0] == 2
    assert "Fetch the whole history" in capsys.readouterr().err
    assert ask(tmp_path, "--since", "HEAD")[0] == 2
    assert "Nothing landed there" in capsys.readouterr().err
