"""Every rule finds what it is for, leaves its neighbour alone, and is in the documentation."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from make import make_change, make_file

from riskbot.detect.structure import StructureDetector
from riskbot.detect.structure.rules import RULES
from riskbot.domain.change import Change

from .cases import CASES, Case

DOCS = Path(__file__).parents[3] / "docs" / "structure.md"
RENAME = "structure.module-renamed"  # a file's fate, not a text's: tested by itself


def run(change: Change) -> set[str]:
    return {finding.rule for finding in StructureDetector().run(change).findings}


@pytest.mark.parametrize("case", CASES, ids=[case.rule for case in CASES])
def test_finds_what_it_is_for(case: Case):
    assert f"structure.{case.rule}" in run(make_change({case.path: case.hit}))


@pytest.mark.parametrize("case", CASES, ids=[case.rule for case in CASES])
def test_leaves_its_neighbour_alone(case: Case):
    assert f"structure.{case.rule}" not in run(make_change({case.path: case.miss}))


def test_a_renamed_public_module_is_said_and_a_private_one_is_not():
    public = make_file("pkg/new.py", "x = 1\n", "x = 1\n", old_path="pkg/old.py")
    private = make_file("pkg/_new.py", "x = 1\n", "x = 1\n", old_path="pkg/_old.py")
    assert RENAME in run(replace(make_change({}), files=(public,)))
    assert RENAME not in run(replace(make_change({}), files=(private,)))


def test_every_rule_has_its_cases():
    assert {f"structure.{case.rule}" for case in CASES} | {RENAME} == set(RULES)


def test_documentation_and_table_agree():
    rows = re.findall(r"^\| `(structure\.[a-z-]+)` \| (\w+) \| (\w+) \|", DOCS.read_text(), re.MULTILINE)
    assert sorted(rows) == sorted((r.id, r.severity.value, r.confidence.value) for r in RULES.values())


def test_findings_carry_the_rules_that_fired_and_no_others():
    detection = StructureDetector().run(make_change({"pkg/a.py": CASES[0].hit}))
    assert {rule.id for rule in detection.rules} == {finding.rule for finding in detection.findings}
