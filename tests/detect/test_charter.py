"""A change to what governs changes is named, whichever way it is made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from make import make_change, make_file

from riskbot.detect.charter import CharterDetector
from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.finding import Category, Severity, Side


def look(*files: object):
    return CharterDetector().run(replace(make_change({}), files=files))


def rules(*files: object) -> list[str]:
    return [finding.rule for finding in look(*files).findings]


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".riskbot/policy.yml", "charter-changed"),
        (".riskbot/deep/er\nname", "charter-changed"),
        (".riskbot", "charter-changed"),
        ("CODEOWNERS", "ownership-changed"),
        (".github/CODEOWNERS", "ownership-changed"),
        ("src/api/OWNERS", "ownership-changed"),
        (".github/workflows/test.yml", "ci-changed"),
        (".github/actions/build/action.yml", "ci-changed"),
        (".gitlab-ci.yml", "ci-changed"),
        (".pre-commit-config.yaml", "ci-changed"),
        ("Jenkinsfile", "ci-changed"),
        ("src/riskbot/policy.yml", None),
        ("x.riskbot/policy.yml", None),
        ("docs/CODEOWNERS.md", None),
        (".github/dependabot.yml", None),
        ("src/.github/workflows/x.yml", None),
    ],
)
def test_paths_that_govern(path: str, rule: str | None) -> None:
    for old, new in ((None, "x\n"), ("x\n", "y\n"), ("x\n", None)):
        assert rules(make_file(path, old, new)) == ([rule] if rule else [])


def test_the_finding_says_what_and_where() -> None:
    (finding,) = look(make_file(".riskbot/policy.yml", "a\nb\n", "a\nc\n")).findings
    assert (finding.severity, finding.category) == (Severity.HIGH, Category.GOVERNANCE)
    assert finding.message.startswith(".riskbot/policy.yml is changed. The change touches the rules")
    assert (finding.location.line, finding.location.side) == (2, Side.NEW)
    (gone,) = look(make_file("OWNERS", "a\n", None)).findings
    assert gone.message.startswith("OWNERS is removed.")
    assert (gone.severity, gone.location.side) == (Severity.MEDIUM, Side.OLD)


def test_moving_a_governing_file_away_counts_and_copying_it_does_not() -> None:
    moved = make_file("old-policy.yml", "a\n", "a\n", old_path=".riskbot/policy.yml")
    assert rules(moved) == ["charter-changed"]
    assert rules(replace(moved, status=FileStatus.COPIED)) == []


BASE = "[project]\nname = 'x'\n\n[tool.riskbot]\nlevel = 1\n"


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (BASE, BASE.replace("'x'", "'y'"), False),
        (BASE, BASE.replace("level = 1", "level = 2"), True),
        (BASE, BASE + "[tool.riskbot.more]\nx = 1\n", True),
        (BASE, "[project]\nname = 'x'\n", True),
        (BASE, "tool.riskbot.level = 1\n", False),
        ("", '[tool."risk\\u0062ot"]\nlevel = 9\n', True),
        ("[tool.ruff]\n", "[tool.mypy]\n", False),
        (None, BASE, True),
        (BASE, None, True),
        (None, "[tool.ruff]\n", False),
        (BASE, "[tool.riskbot\n", True),
        ("riskbot [", "riskbot ] [", True),
        (b"# riskbot \xff\n", b"# riskbot \xfe\n", True),
        ("tool = 'riskbot'\n", "tool = 'riskbot'\nx = 1\n", True),
        (BASE, "riskbot = " + "[" * 5000, True),
    ],
)
def test_pyproject_counts_only_where_riskbots_table_changed(old, new, changed: bool) -> None:
    assert rules(make_file("pyproject.toml", old, new)) == ["charter-changed"] * changed
    assert rules(make_file("other/pyproject.toml", old, new)) == []


def test_of_a_bare_diff_only_the_changed_lines_are_known() -> None:
    named = replace(
        make_file("pyproject.toml", BASE, BASE.replace("tool.riskbot", "tool.x")), old=None, new=None
    )
    assert rules(named) == ["charter-changed"]
    other = replace(make_file("pyproject.toml", "a = 1\n", "a = 2\n"), old=None, new=None)
    detection = look(other)
    assert detection.findings == ()
    assert [omission.kind for omission in detection.omissions] == [OmissionKind.CONTENT_UNKNOWN]


def test_an_ordinary_change_has_no_finding() -> None:
    detection = look(make_file("a.py", "x\n", "y\n"))
    assert (detection.findings, detection.omissions, detection.rules) == ((), (), ())
