"""SARIF: valid, honest about what was not seen, within what code scanning takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from make import make_change, make_file
from make_verdict import (
    AUTH_NEW,
    AUTH_OLD,
    make_assessment,
    make_calm_verdict,
    make_failure,
    make_finding,
    make_shop_change,
    make_verdict,
)

from report.strategies import verdicts
from riskbot.domain.change import LineKind
from riskbot.domain.finding import Category, Confidence, Rule, Severity
from riskbot.domain.verdict import Outcome
from riskbot.report import render, sarif

ROOT = Path(__file__).parents[2]
MULTITOOL = ROOT / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "data/sarif-2.1.0.json").read_bytes())
)


def run_of(verdict) -> dict:
    log = json.loads(render(verdict, "sarif"))
    SCHEMA.validate(log)
    return log["runs"][0]


def places(value):
    """Every physical location of a run."""
    if isinstance(value, dict):
        if "artifactLocation" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from places(each)


def check(run: dict) -> None:
    """Assert what the schema cannot: the rules SARIF1002, 1004, 1007 and 1009 of Microsoft's validator."""
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
    for place in places(run):
        assert re.fullmatch(r"(?:%[0-9A-F]{2}|[A-Za-z0-9_.~/-])+", place["artifactLocation"]["uri"])
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        region = place.get("region", {"startLine": 1})
        assert region.get("endLine", region["startLine"]) >= region["startLine"] >= 1
    for note in run["invocations"][0]["toolExecutionNotifications"]:
        described = run["tool"]["driver"]["notifications"][note["descriptor"]["index"]]
        assert described["id"] == note["descriptor"]["id"]
        assert note["message"]["text"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in rules)


@pytest.mark.parametrize("verdict", [make_verdict(), make_calm_verdict()])
def test_the_log_is_valid(verdict):
    check(run_of(verdict))


@settings(max_examples=60, deadline=None)
@given(verdicts())
def test_whatever_the_words_the_log_is_valid_and_says_them(verdict):
    run = run_of(verdict)
    check(run)
    assert len(run["results"]) == len(verdict.assessment.findings)


@pytest.mark.skipif(not MULTITOOL.exists(), reason="npm install @microsoft/sarif-multitool-linux@5.7.0")
def test_microsofts_validator_finds_no_error(tmp_path):
    log, found = tmp_path / "riskbot.sarif", tmp_path / "found.sarif"
    log.write_text(render(make_verdict(), "sarif"), encoding="utf-8")
    subprocess.run(
        [MULTITOOL, "validate", log, "--output", found, "--log", "ForceOverwrite"],
        check=True, capture_output=True, env=dict(os.environ),
    )  # fmt: skip
    results = json.loads(found.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    assert [each["ruleId"] for each in results if each.get("level", "warning") == "error"] == []


def result_of(run: dict, rule: str) -> dict:
    return next(each for each in run["results"] if each["ruleId"] == rule)


def test_old_new_and_silenced_findings_are_told_apart():
    run = run_of(make_verdict())
    assert [each["baselineState"] for each in run["results"]] == ["new"] * 4 + ["unchanged", "new"]
    assert result_of(run, "py.weak-hash")["suppressions"] == [
        {"kind": "inSource", "justification": "a nosem comment on line 15"}
    ]
    assert "suppressions" not in result_of(run, "check-removed")


def test_fingerprints_are_there_for_riskbot_and_for_github():
    finding = make_finding()
    prints = result_of(run_of(make_verdict()), "py.sql-from-text")["partialFingerprints"]
    assert prints == {
        "riskbot/v1": finding.fingerprint,
        "primaryLocationLineHash": f"{finding.fingerprint}:1",
    }


def test_rules_carry_help_tags_and_a_score_for_security_only():
    rules = {each["id"]: each for each in run_of(make_verdict())["tool"]["driver"]["rules"]}
    assert rules["py.sql-from-text"]["properties"]["security-severity"] == "8.0"
    assert rules["py.sql-from-text"]["properties"]["tags"] == ["security", "external/cwe/cwe-089"]
    assert "security-severity" not in rules["except-swallows"]["properties"]
    assert "Why it matters" in rules["except-swallows"]["help"]["markdown"]
    assert rules["tests-removed"]["help"]["text"].startswith("tests-removed (tests)")


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        ("critical", "error", 9.5),
        ("high", "error", 8.0),
        ("medium", "warning", 5.5),
        ("low", "note", 2.5),
        ("info", "note", 1.0),
    ],
)
def test_each_severity_has_its_level_and_lies_in_githubs_range(severity, level, score):
    finding = make_finding(severity=Severity(severity))
    run = run_of(make_verdict(make_assessment(make_shop_change(), findings=(finding,))))
    assert run["results"][0]["level"] == level
    assert float(run["tool"]["driver"]["rules"][0]["properties"]["security-severity"]) == score


def test_failures_and_omissions_are_notifications_and_the_run_was_not_successful():
    run = run_of(make_verdict(make_assessment(failures=(make_failure(),))))
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert [
        (each["level"], each["descriptor"]["id"]) for each in invocation["toolExecutionNotifications"]
    ] == [
        ("error", "failure"),
        ("warning", "omission"),
    ]
    assert run_of(make_verdict())["invocations"][0]["executionSuccessful"] is True
    assert run_of(make_verdict(outcome=Outcome.UNDECIDED))["invocations"][0]["exitCode"] == 3


def test_a_removed_line_points_to_where_it_would_stand_now():
    file = make_file("a.py", AUTH_OLD, AUTH_NEW)
    assert sarif.line_now(file, 1) == 1
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is LineKind.CONTEXT:
                assert sarif.line_now(file, line.old) == line.new
    shorter = make_file("a.py", "a\nb\nc\nd\n" + "x\n" * 20, "a\nd\n" + "x\n" * 20)
    assert [sarif.line_now(shorter, n) for n in (1, 2, 3, 4, 5, 24)] == [1, 2, 2, 2, 3, 22]
    assert sarif.line_now(make_file("a.py", "a\n", ""), 1) == 1


@pytest.mark.parametrize("repository", ["https://user:secret@host.example/o/r", "https://host.example/o/r"])
def test_the_repository_is_named_without_its_credentials(repository):
    run = run_of(make_verdict(make_assessment(replace(make_shop_change(), repository=repository))))
    assert run["versionControlProvenance"][0]["repositoryUri"] == "https://host.example/o/r"
    assert "versionControlProvenance" not in run_of(make_verdict())


def test_a_message_cannot_hold_a_link():
    finding = make_finding(message="see [this](https://evil.example)")
    run = run_of(make_verdict(make_assessment(make_shop_change(), findings=(finding,))))
    assert run["results"][0]["message"]["text"] == "see \\[this\\](https://evil.example)"


def test_github_limits_are_kept_and_what_was_cut_is_said(monkeypatch):
    monkeypatch.setattr(sarif, "MOST_RESULTS", 30)
    monkeypatch.setattr(sarif, "MOST_SHOWN", 20)
    findings = tuple(make_finding(line=n, severity=Severity.LOW) for n in range(1, 40))
    worst = make_finding("worst", severity=Severity.CRITICAL)
    run = run_of(make_verdict(make_assessment(make_change({}), findings=(*findings, worst), omissions=())))
    assert len(run["results"]) == 30
    assert run["results"][0]["ruleId"] == "worst"
    notes = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes == [
        "40 findings; only the worst 30 are in this file.",
        "GitHub shows the first 20 of these 30 results.",
    ]


def test_a_rule_has_at_most_twenty_tags():
    rule = Rule(
        "many",
        "Many",
        "Help.",
        Severity.LOW,
        Confidence.LOW,
        Category.SECURITY,
        tuple(f"CWE-{n}" for n in range(1, 40)),
    )
    finding = make_finding("many")
    run = run_of(make_verdict(make_assessment(make_shop_change(), findings=(finding,), rules=(rule,))))
    assert len(run["tool"]["driver"]["rules"][0]["properties"]["tags"]) == 20
