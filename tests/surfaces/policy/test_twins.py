"""``riskbot policy test``, ``lint`` and ``diff``: what they find, how they say it, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from make import make_repository

from riskbot.surfaces import cli

POLICY = """version: 1
name: t
owners: {fallback: ["@acme/devs"]}
requires:
  all:
    - clause: one approves
      approvals: {count: 1, from: ["@acme/devs"]}
    - clause: calm
      if: {paths: ["src/**"]}
      risk: {band: {at_most: yellow}}
"""
CASES = """people: {bob: write, carol: write}
teams: {acme/devs: [alice, bob, carol]}
cases:
  - case: nobody yet
    facts: {}
    expect: held
    because: [one approves]
  - case: bob did
    facts: {reviews: [bob]}
    expect: allowed
  - case: red
    facts: {reviews: [bob], band: red, files: [src/a.py]}
    expect: held
    because: [calm]
  - case: green in src
    facts: {reviews: [bob], files: [src/a.py]}
    expect: allowed
"""


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / ".riskbot"
    folder.mkdir()
    (folder / "t.yml").write_text(POLICY)
    (folder / "t.cases.yml").write_text(CASES)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize("paths", [[], [".riskbot"], [".riskbot/t.yml"], [".riskbot/t.cases.yml"]])
def test_cases_are_found_wherever_they_are_named(home, capsys, paths):
    assert cli.main(["policy", "test", *paths, "--require-coverage"]) == 0
    assert "4 of 4 cases came out as expected" in capsys.readouterr().out


def test_shipped_cases_run(capsys):
    assert cli.main(["policy", "test", "default"]) == 0
    assert "failed" in capsys.readouterr().out


def test_a_case_that_fails_is_named_with_its_place(home, capsys):
    (home / "t.cases.yml").write_text(CASES.replace("because: [calm]", "because: [one approves]"))
    assert cli.main(["policy", "test"]) == 1
    out = capsys.readouterr().out
    assert "FAIL  red" in out
    assert ".riskbot/t.cases.yml:11:5" in out
    assert "came out as held because of 'calm'" in out


def test_what_is_never_exercised_is_told_and_may_fail(home, capsys):
    (home / "t.cases.yml").write_text(CASES.partition("  - case: red")[0])
    assert cli.main(["policy", "test"]) == 0
    out = capsys.readouterr().out
    assert "never exercised: clause 'calm' satisfied or not satisfied (.riskbot/t.yml:8:7)" in out
    assert cli.main(["policy", "test", "--require-coverage"]) == 1


def test_a_policy_without_cases_is_told(home, capsys):
    (home / "other.yml").write_text(POLICY.replace("name: t", "name: other"))
    (home / "unrelated.yml").write_text("a: b\n")
    assert cli.main(["policy", "test"]) == 0
    out = capsys.readouterr().out
    assert ".riskbot/other.yml: no cases" in out
    assert "unrelated" not in out
    assert cli.main(["policy", "test", "--require-coverage"]) == 1


def test_the_json_has_every_case_and_the_coverage(home, capsys):
    assert cli.main(["policy", "test", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["passed"], told["covered"]) == ("riskbot.policy-test/1", True, True)
    (one,) = told["policies"]
    assert [case["outcome"] for case in one["cases"]] == ["held", "allowed", "held", "allowed"]
    calm = next(row for row in one["coverage"] if row["name"] == "calm")
    assert calm["seen"] == {"pending": 1, "satisfied": 1, "skipped": 2}


@pytest.mark.parametrize("paths", [[], ["nothing.yml"], ["there/"], ["empty"]])
def test_nothing_to_test_is_an_error(tmp_path, monkeypatch, paths):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert cli.main(["policy", "test", *paths]) == 2


def test_a_wrong_file_of_cases_is_an_error_with_its_place(home, capsys):
    (home / "t.cases.yml").write_text(CASES.replace("expect: allowed", "expect: alowed", 1))
    assert cli.main(["policy", "test"]) == 2
    assert ".riskbot/t.cases.yml:10:13" in capsys.readouterr().err


def test_lint_fails_on_errors_and_strictly_on_warnings(home, capsys):
    assert cli.main(["policy", "lint", ".riskbot/t.yml", "--strict"]) == 0
    assert "Nothing found." in capsys.readouterr().out
    (home / "t.yml").write_text(
        POLICY.replace("  all:", "  any:").replace('      if: {paths: ["src/**"]}\n', "")
    )
    assert cli.main(["policy", "lint", ".riskbot/t.yml"]) == 1
    assert ".riskbot/t.yml:8:7: error: The alternative 'calm' asks nobody" in capsys.readouterr().out
    (home / "t.yml").write_text(POLICY.replace("owners:", "groups: {x: [bob]}\nowners:"))
    assert cli.main(["policy", "lint", ".riskbot/t.yml"]) == 0
    assert cli.main(["policy", "lint", ".riskbot/t.yml", "--strict"]) == 1


def test_lint_reads_owners_and_a_directory(home, capsys):
    Path("OWN").write_text("/a/ @acme/devs\n* @ghost\n")
    Path("dir.json").write_text(
        '{"accounts": [{"id": 1, "login": "bob", "permission": "write"}],'
        ' "teams": [{"name": "acme/devs", "members": [{"account": 1}]}]}'
    )
    arguments = ["policy", "lint", ".riskbot/t.yml", "--owners", "OWN", "--directory", "dir.json"]
    assert cli.main([*arguments, "--format", "json"]) == 1
    lints = json.loads(capsys.readouterr().out)["lints"]
    assert {(one["code"], one["file"], one["line"]) for one in lints} == {
        ("author_deadlock", ".riskbot/t.yml", 6),
        ("shadowed", "OWN", 1),
        ("sole_owner", "OWN", 1),
        ("ghost_owner", "OWN", 2),
    }


def test_lint_reads_the_owners_of_a_repository(home, capsys, tmp_path):
    root = make_repository(tmp_path / "repo", {".github/CODEOWNERS": "/a @bob\n* @acme/devs\n", "a": "x\n"})
    assert cli.main(["policy", "lint", ".riskbot/t.yml", "--repo", str(root), "--rev", "main"]) == 0
    out = capsys.readouterr().out
    assert ".github/CODEOWNERS:1:1: warning" in out
    assert "[shadowed]" in out


@pytest.mark.parametrize(
    "arguments",
    [["--owners", "a", "--repo", "b"], ["--rev", "main"], ["--owners", "gone"], ["--directory", "gone"]],
)
def test_lint_says_what_it_cannot_read(home, arguments):
    assert cli.main(["policy", "lint", ".riskbot/t.yml", *arguments]) == 2


def test_diff_shows_which_verdicts_change(home, capsys):
    Path("new.yml").write_text(POLICY.replace("count: 1", "count: 2"))
    arguments = ["policy", "diff", ".riskbot/t.yml", "new.yml", "--cases", ".riskbot"]
    assert cli.main(arguments) == 1
    out = capsys.readouterr().out
    assert "allowed -> held  bob did" in out
    assert "one approves: satisfied -> pending" in out
    assert "4 of 4 verdicts change." in out
    assert cli.main([*arguments[:3], ".riskbot/t.yml", *arguments[4:]]) == 0


def test_diff_marks_what_is_allowed_now(home, capsys):
    Path("new.yml").write_text(POLICY.replace("at_most: yellow", "at_most: red"))
    cli.main(
        ["policy", "diff", ".riskbot/t.yml", "new.yml", "--cases", ".riskbot/t.cases.yml", "--format", "json"]
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["changed"], told["looser"]) == (4, 1, 1)
    (red,) = [one for one in told["verdicts"] if one["changed"]]
    assert (red["name"], red["before"], red["after"]) == ("red", "held", "allowed")
    assert red["clauses"] == [{"name": "calm", "before": "pending", "after": "satisfied"}]


def test_diff_judges_stored_facts(home, capsys, tmp_path):
    from riskbot.facts import write
    from riskbot.judge.cases import load

    stored = tmp_path / "facts.json"
    stored.write_bytes(write(load(CASES.encode(), "c")[2].facts))
    Path("new.yml").write_text(POLICY.replace("at_most: yellow", "at_most: red"))
    arguments = ["policy", "diff", ".riskbot/t.yml", "new.yml", "--facts", str(stored)]
    assert cli.main([*arguments, "--now", "2026-03-04T12:00:00Z"]) == 1
    assert "held -> allowed  acme/shop #7  (allowed now!)" in capsys.readouterr().out


def test_diff_needs_something_to_judge(home):
    assert cli.main(["policy", "diff", ".riskbot/t.yml", ".riskbot/t.yml"]) == 2
