"""The rules that riskbot ships: each with its twin, each fired by it, each documented."""

from __future__ import annotations

import importlib.resources
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from riskbot.detect.authorship.detector import DISCLOSURE_MISSING
from riskbot.detect.charter import _ALL as CHARTER_RULES
from riskbot.detect.rules import load
from riskbot.detect.text import _RULES as TEXT_RULES
from riskbot.outside.semgrep import scan

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
FILES = sorted(RULES.rglob("*.yaml"))
PACK = load(RULES)


def test_there_are_at_least_twelve() -> None:
    assert len(FILES) >= 12
    assert len(PACK.rules) == len(FILES)


def test_semgreps_own_test_passes() -> None:
    semgrep = Path(sys.executable).parent / "semgrep"
    done = subprocess.run(
        [semgrep, "test", "--experimental", RULES], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(FILES)}/{len(FILES)}: ✓ All tests passed" in done.stdout


def test_plain_semgrep_reads_the_rules_too(tmp_path: Path) -> None:
    """The rule files are of use without riskbot; plain `semgrep scan` reads YAML more strictly than its core."""
    (tmp_path / "a.py").write_text("def f(x):\n    return eval(x)\n")
    semgrep = Path(sys.executable).parent / "semgrep"
    options = ("--metrics=off", "--disable-version-check", "--json", "--quiet", "--config", RULES)
    done = subprocess.run([semgrep, "scan", *options, "a.py"], cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    answer = json.loads(done.stdout)
    assert answer["errors"] == []
    assert any(row["check_id"].endswith("eval-of-variable") for row in answer["results"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_twin_marks_three_bad_and_three_good_lines_and_has_async_and_an_alias(file: Path) -> None:
    twin = file.with_suffix(".py").read_text()
    assert len(re.findall(rf"# ruleid: {file.stem}$", twin, re.MULTILINE)) >= 3
    assert len(re.findall(rf"# ok: {file.stem}$", twin, re.MULTILINE)) >= 3
    assert not re.findall(r"# (?:todo\w+|ruleid|ok): (?!" + file.stem + "$)", twin, re.MULTILINE)
    assert "async def" in twin
    assert re.search(r"^(?:from \S+ )?import .*\bas\b|^from \S+ import", twin, re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rule_fires_on_its_twin_through_riskbots_own_door(file: Path) -> None:
    content = file.with_suffix(".py").read_bytes()
    done = scan([content], PACK.merged, seconds=60)
    lines = content.split(b"\n")
    marked = {n + 1 for n, line in enumerate(lines, 1) if line.strip() == f"# ruleid: {file.stem}".encode()}
    found = {content.count(b"\n", 0, match.start) + 1 for match in done.matches if match.rule == file.stem}
    assert marked <= found
    assert not done.troubles


def test_every_rule_is_valid_by_the_schema_that_semgrep_ships() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    folder = importlib.resources.files("semgrep")
    schemas = list(Path(str(folder)).rglob("rule_schema_v1.yaml"))
    assert schemas, "the semgrep wheel no longer carries its rule schema"
    validator = jsonschema.Draft7Validator(yaml.safe_load(schemas[0].read_text()))
    merged = json.loads(PACK.merged)
    assert [error.message for error in validator.iter_errors(merged)] == []


def test_messages_say_what_why_and_how() -> None:
    for rule in PACK.rules.values():
        assert rule.help.count(". ") >= 2, rule.id
        assert 60 <= len(rule.help) <= 500, rule.id
        assert len(rule.title) <= 80, rule.id


def test_every_rule_has_its_row_in_the_docs_and_no_other_has() -> None:
    page = (ROOT / "docs" / "rules.md").read_text()
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (\w+) \| (\w+) \|", page, re.MULTILINE)
    shipped = [*PACK.rules.values(), *TEXT_RULES, *CHARTER_RULES, DISCLOSURE_MISSING]
    expected = {(rule.id, rule.severity.value, rule.confidence.value) for rule in shipped}
    assert set(rows) == expected
    assert len(rows) == len(expected)
