"""The rules that riskbot ships: each with its twin, each found by it, each documented."""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from riskbot.detect.rules import load, rule_files
from riskbot.detect.rules.twins import Marks, run, twins_of
from riskbot.domain.finding import Category
from riskbot.surfaces.rules import cases

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
FILES = rule_files(RULES)
PACK = load(RULES)
PACKS = ("llm-pitfalls", "privacy", "reliability", "scraping", "security", "supply-chain")
TWINS = [
    twin
    for file in FILES
    if file.stem in PACK.languages
    for twin in twins_of(file, PACK.languages[file.stem])
]


def _table():
    """Load benchmarks/rules_table.py, which is no package."""
    spec = importlib.util.spec_from_file_location("rules_table", ROOT / "benchmarks" / "rules_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_at_least_ninety_in_six_packs() -> None:
    assert len(PACK.rules) == len(FILES) >= 90
    counts = Counter(rule.pack for rule in PACK.rules.values())
    assert tuple(sorted(counts)) == PACKS
    assert counts["security"] >= 30
    assert counts["scraping"] >= 10


def test_all_twenty_pitfalls_have_a_rule() -> None:
    facts = [yaml.safe_load(file.read_bytes())["rules"][0]["metadata"] for file in FILES]
    assert {one["llm_pitfall"] for one in facts if "llm_pitfall" in one} == set(range(1, 21))


def test_every_twin_comes_out_as_it_says() -> None:
    """All at once, through riskbot's own door and with its filter."""
    results = run([file for file in FILES if file.stem in PACK.languages])
    assert {result.rule: result.misses for result in results if result.misses} == {}
    assert {result.rule for result in results} == set(PACK.languages)


@pytest.mark.slow
def test_every_case_of_a_native_rule_comes_out_as_it_says() -> None:
    results = cases.run(FILES, lambda _rule: None)
    assert {result.rule: result.misses for result in results if result.misses} == {}
    assert {result.rule for result in results} == set(PACK.detectors)
    assert [result.rule for result in results if result.tried < 4] == []


def test_semgreps_own_test_agrees_with_ours() -> None:
    """One rule of each shape is enough: that the two decide alike is what is asked here."""
    semgrep = Path(sys.executable).parent / "semgrep"
    for name in ("sql-from-string", "tls-verification-off"):
        (file,) = (one for one in FILES if one.stem == name)
        command = [semgrep, "test", "--experimental", "--config", file, file.with_suffix(".py")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr


def test_plain_semgrep_reads_the_rules_too(tmp_path: Path) -> None:
    """The rule files are of use without riskbot: plain semgrep reads YAML more strictly than its core."""
    (tmp_path / "a.py").write_text("def f(x):\n    return eval(x)\n")
    rules = [yaml.safe_load(file.read_bytes())["rules"][0] for file in FILES if file.stem in PACK.languages]
    (tmp_path / "all.json").write_text(json.dumps({"rules": rules}))
    semgrep = Path(sys.executable).parent / "semgrep"
    options = ("--metrics=off", "--disable-version-check", "--json", "--quiet", "--config", "all.json")
    done = subprocess.run([semgrep, "scan", *options, "a.py"], cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    answer = json.loads(done.stdout)
    assert answer["errors"] == []
    assert any(row["check_id"].endswith("eval-of-variable") for row in answer["results"])


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.file.name)
def test_a_twin_marks_three_bad_and_three_good_lines(twin) -> None:
    text = twin.content.decode()
    marks = Marks.of(text, twin.rule)
    # A Dockerfile runs as one user, whom its last stage names: it has one such line at most.
    assert len(marks.bad) >= (1 if twin.file.suffix == ".dockerfile" else 3)
    assert len(marks.good) >= 3
    assert not re.findall(r"(?:#|//) ?(?:todo\w+|ruleid|ok): (?!" + twin.rule + r"\s*$)", text, re.MULTILINE)


def test_every_rule_is_valid_by_the_schema_that_semgrep_ships() -> None:
    jsonschema = pytest.importorskip("jsonschema")
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
        assert not re.search(r"!(?![=r])", re.sub(r"`[^`]*`", "", rule.help)), rule.id


def test_security_rules_name_their_weakness() -> None:
    for rule in PACK.rules.values():
        if rule.category is Category.SECURITY:
            assert rule.cwe, rule.id
            assert rule.owasp, rule.id


def test_no_title_is_said_twice() -> None:
    counts = Counter(rule.title for rule in PACK.rules.values())
    assert [title for title, count in counts.items() if count > 1] == []


def test_the_pages_are_those_of_the_rules() -> None:
    """Run `python benchmarks/rules_table.py` where this fails."""
    table = _table()
    docs = (ROOT / "docs" / "rules.md").read_text()
    assert table.page(docs, PACK) == docs
    assert (RULES / "README.md").read_text() == table.readme(PACK)
    assert json.loads((RULES / "measured.json").read_text()) == table.measured(PACK)


def test_records_are_of_rules_that_are_there_and_add_up() -> None:
    for name, record in _table().records().items():
        assert name in PACK.rules
        assert 0 <= record["precise"] <= record["judged"] <= max(record["hits"], record["judged"]), name
