"""`riskbot rules`: list, explain, validate and test, as somebody at a terminal has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from make import make_commit, make_repository

from riskbot.surfaces.cli import main

OWN = """\
rules:
  - id: no-print
    languages: [python]
    severity: WARNING
    message: Output goes to print. Use the logger.
    pattern: print(...)
"""
ADJUSTED = """\
[severity]
no-print = "high"

[[suppress]]
rule = "eval-of-variable"
paths = ["scripts/**"]
reason = "a calculator"
until = 2099-01-31
"""
RULE = """\
rules:
  - id: ci-changed
    detector: charter
    severity: WARNING
    message: The checks change. That matters to every later change; have a look at it.
    metadata:
      category: maintainability
      confidence: HIGH
      likelihood: LOW
      impact: HIGH
      subcategory: [audit]
      technology: [git]
      references: [https://example.org]
      risk_dimension: governance
"""
CASES = """\
- name: a workflow is new
  after: {".github/workflows/a.yml": "on: push\\n"}
  finds: [{path: .github/workflows/a.yml, line: 1}]
- name: a workflow goes
  before: {".github/workflows/a.yml": "on: push\\n"}
  after: {a.py: ""}
  finds: [{path: .github/workflows/a.yml, side: old}]
- name: code is no check
  before: {a.py: "x = 1\\n"}
  after: {a.py: "x = 2\\n"}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_repository(
        tmp_path / "r", {".riskbot/rules/own.yaml": OWN, ".riskbot/rules.toml": ADJUSTED, "a.py": "x = 1\n"}
    )
    monkeypatch.chdir(made)
    return made


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_list_shows_shipped_tabled_and_own_rules_and_what_is_changed(root, capsys) -> None:
    assert main(["rules", "list"]) == 0
    out = said(capsys)
    assert "no-print" in out
    assert "high here, medium by itself" in out
    assert "suppressed in scripts/** until 2099-01-31: a calculator (.riskbot/rules.toml:4)" in out
    assert "charter-changed" in out


def test_list_as_json_for_one_pack(root, capsys) -> None:
    assert main(["rules", "list", "--pack", "own", "--format", "json"]) == 0
    (rule,) = json.loads(said(capsys))["rules"]
    assert (rule["id"], rule["severity"], rule["default_severity"]) == ("no-print", "high", "medium")
    assert (rule["engine"], rule["languages"]) == ("semgrep", ["python"])


def test_an_unknown_pack_or_rule_gets_a_hint(root, capsys) -> None:
    assert main(["rules", "list", "--pack", "securty"]) == 2
    assert "Did you mean 'security'?" in capsys.readouterr().err
    assert main(["rules", "explain", "eval-of-variabel"]) == 2
    assert "Did you mean 'eval-of-variable'?" in capsys.readouterr().err
    assert main(["rules", "test", "eval-of-variabel"]) == 2


def test_without_a_repository_the_shipped_ones_are_listed(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "list", "--pack", "llm-pitfalls"]) == 0
    assert "eval-of-variable" in said(capsys)
    assert main(["rules", "list", "--rev", "HEAD"]) == 2


def test_rules_are_those_of_the_revision(root, capsys) -> None:
    make_commit(root, {".riskbot/rules/own.yaml": None, ".riskbot/rules.toml": None})
    assert main(["rules", "list", "--pack", "own"]) == 2
    assert main(["rules", "list", "--pack", "own", "--rev", "HEAD~1"]) == 0


def test_explain_says_everything(root, capsys) -> None:
    assert main(["rules", "explain", "sql-from-string"]) == 0
    out = said(capsys)
    for words in (
        "CWE-89",
        "https://cwe.mitre.org/data/definitions/89.html",
        "A03:2021",
        "Found",
        "Not found",
    ):
        assert words in out
    assert main(["rules", "explain", "eval-of-variable", "--format", "json"]) == 0
    document = json.loads(said(capsys))
    assert document["suppressions"][0]["paths"] == ["scripts/**"]
    assert "eval(" in document["examples"]["Found"]


def test_explain_shows_a_case_of_a_native_rule(root, capsys) -> None:
    assert main(["rules", "explain", "dependency-added"]) == 0
    out = said(capsys)
    assert "found by the dependencies detector" in out
    assert "+ " in out


def test_validate_names_what_is_wrong_and_goes_on(tmp_path, capsys) -> None:
    (tmp_path / "good.yaml").write_text(OWN)
    (tmp_path / "shape.yaml").write_text(OWN.replace("no-print", "b").replace("WARNING", "WARN"))
    assert main(["rules", "validate", str(tmp_path)]) == 1
    assert f"{tmp_path}/shape.yaml:4:15: 'WARN' is no severity." in said(capsys)
    (tmp_path / "shape.yaml").write_text(OWN.replace("no-print", "b").replace("print(...)", "print(("))
    assert main(["rules", "validate", str(tmp_path), "--format", "json"]) == 1
    document = json.loads(said(capsys))
    assert document["rules"] == 2
    assert [one.partition(":")[0] for one in document["problems"]] == ["b"]
    (tmp_path / "shape.yaml").unlink()
    assert main(["rules", "validate", str(tmp_path)]) == 0


def test_a_twin_that_lies_is_named_with_its_line(tmp_path, capsys) -> None:
    shipped = Path(__file__).parents[3] / "rules" / "security" / "tempfile-mktemp"
    (tmp_path / "tempfile-mktemp.yaml").write_bytes(shipped.with_suffix(".yaml").read_bytes())
    lines = shipped.with_suffix(".py").read_text().splitlines()
    first = next(at for at, line in enumerate(lines) if "# ruleid:" in line)
    lines[first] = lines[first].replace("# ruleid:", "# ok:")
    last = next(at for at, line in reversed(list(enumerate(lines))) if "# ok:" in line)
    lines[last] = lines[last].replace("# ok:", "# ruleid:")
    twin = tmp_path / "tempfile-mktemp.py"
    twin.write_text("\n".join(lines) + "\n")
    assert main(["rules", "test", str(tmp_path)]) == 1
    out = said(capsys)
    assert f"{twin}:{first + 2}: found, though it is marked ok" in out
    assert f"{twin}:{last + 2}: not found, though it must be" in out


def test_cases_run_through_the_real_detector(tmp_path, capsys) -> None:
    (tmp_path / "ci-changed.yaml").write_text(RULE)
    (tmp_path / "ci-changed.cases.yaml").write_text(CASES)
    assert main(["rules", "test", str(tmp_path), "--format", "json"]) == 0
    (rule,) = json.loads(said(capsys))["rules"]
    assert (rule["rule"], rule["tried"], rule["misses"]) == ("ci-changed", 3, [])
    (tmp_path / "ci-changed.cases.yaml").write_text(CASES.replace("line: 1", "line: 2"))
    assert main(["rules", "test", str(tmp_path)]) == 1
    out = said(capsys)
    assert "'a workflow is new': not found at .github/workflows/a.yml:2" in out
    assert "'a workflow is new': found at .github/workflows/a.yml:1, though it must not be" in out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("finds: [{path: .github/workflows/a.yml, line: 1}]", "find: []", "'find' is unknown"),
        ("line: 1", "line: one", "A whole number"),
        ("side: old", "side: left", "The side must be one of"),
        ("- name: code is no check\n", "- name: code is no check\n  name: x\n", "stands here twice"),
        ('  before: {a.py: "x = 1\\n"}\n  after: {a.py: "x = 2\\n"}\n', "", "before the change, after it"),
    ],
)
def test_cases_are_read_strictly(tmp_path, capsys, old, new, words) -> None:
    assert old in CASES
    (tmp_path / "ci-changed.yaml").write_text(RULE)
    (tmp_path / "ci-changed.cases.yaml").write_text(CASES.replace(old, new, 1))
    assert main(["rules", "test", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert f"{tmp_path}/ci-changed.cases.yaml:" in error


def test_a_native_rule_needs_a_detector_that_there_is(tmp_path, capsys) -> None:
    (tmp_path / "ci-changed.yaml").write_text(RULE.replace("detector: charter", "detector: chart"))
    (tmp_path / "ci-changed.cases.yaml").write_text(CASES)
    assert main(["rules", "test", str(tmp_path)]) == 1
    assert "there is no detector 'chart'" in said(capsys)
