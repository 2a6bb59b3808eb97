"""Rule files are read strictly, merged once, and a cache that is not right is not used."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from riskbot.detect import rules as module
from riskbot.detect.rules import Pack, load
from riskbot.domain.errors import ConfigError, EvaluationError
from riskbot.domain.finding import Category, Confidence, Severity

GOOD = """\
rules:
  - id: my-rule
    languages: [python]
    severity: ERROR
    message: It is wrong. It matters; mend it.
    metadata:
      category: security
      cwe:
        - "CWE-95: Eval Injection"
      confidence: HIGH
      likelihood: LOW
      impact: HIGH
      subcategory: [vuln]
      technology: [python]
      references:
        - https://example.org
      owasp:
        - "A03:2021 - Injection"
      risk_dimension: security
      llm_pitfall: 8
    pattern: eval(...)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rule = tmp_path / "rules" / "security" / "my-rule.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text(GOOD)
    rule.with_suffix(".py").write_text("")
    return tmp_path / "rules"


def cached(cache: Path) -> list[Path]:
    return sorted(cache.glob("*.json"))


def test_a_rule_becomes_what_a_reader_is_told(folder: Path, tmp_path: Path) -> None:
    pack = load(folder, cache=tmp_path / "cache")
    rule = pack.rules["my-rule"]
    assert (rule.title, rule.help) == ("It is wrong", "It is wrong. It matters; mend it.")
    assert (rule.severity, rule.confidence, rule.category) == (
        Severity.HIGH,
        Confidence.HIGH,
        Category.SECURITY,
    )
    assert (rule.cwe, rule.references) == (("CWE-95: Eval Injection",), ("https://example.org",))
    assert [entry["id"] for entry in json.loads(pack.merged)["rules"]] == ["my-rule", "riskbot-canary"]


def test_high_impact_and_likelihood_make_an_error_critical(folder: Path, tmp_path: Path) -> None:
    rule = folder / "security/my-rule.yaml"
    rule.write_text(GOOD.replace("likelihood: LOW", "likelihood: HIGH"))
    assert load(folder, cache=tmp_path / "c").rules["my-rule"].severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("id: my-rule", "id: other", 2, "must be the file's name, 'my-rule'"),
        ("    severity: ERROR\n", "", 2, "'severity' is missing"),
        ("severity: ERROR", "severity: error", 4, "one of: ERROR, WARNING, INFO"),
        ("[python]", "[python, pyhton]", 3, "The language 'pyhton' is unknown. Did you mean 'python'"),
        ("[python]", "python", 3, "A list"),
        ("message: It", "massage: It", 5, "'massage' is unknown"),
        ("[python]", "[python, java]", 3, r"The twin my-rule\.java is missing"),
        ("    pattern:", "    paths: {includes: [a]}\n    pattern:", 21, "'includes' is unknown"),
        ("    pattern:", "    detector: limits\n    pattern:", 3, "'languages' is unknown"),
        ("    pattern:", "    min-version: 9.0.0\n    pattern:", 21, "'min-version' is unknown"),
        ("message: It", "message: $X", 5, "cannot hold a metavariable"),
        ("category: security", "category: dangerous", 7, "must be one of"),
        ('      cwe:\n        - "CWE-95: Eval Injection"\n', "", 7, "'cwe' is missing"),
        ("CWE-95: Eval Injection", "CWE 95", 9, "of the form"),
        ("confidence: HIGH", "confidence: high", 10, "LOW, MEDIUM, HIGH"),
        ("      impact: HIGH\n", "", 7, "'impact' is missing"),
        ("[vuln]", "[bug]", 13, "vuln, audit, secure default"),
        ("[vuln]", "[]", 13, "at least one"),
        ("https://", "http://", 16, "https address"),
        ("risk_dimension: security", "risk_dimension: danger", 19, "must be one of"),
        ("risk_dimension: security", "dimension: security", 19, "'dimension' is unknown"),
        ('      owasp:\n        - "A03:2021 - Injection"\n', "", 7, "'owasp' is missing"),
        ("A03:2021 - Injection", "Injection", 18, "of the form"),
        ("llm_pitfall: 8", "llm_pitfall: 21", 20, "whole number from 1 to 20"),
        ("llm_pitfall: 8", "llm_pitfall: eight", 20, "whole number from 1 to 20"),
        ("impact: HIGH", "impact: HIGH\n      impact: LOW", 13, "stands here twice"),
        ("impact: HIGH", "impact: HIGH\n      impacts: LOW", 13, "'impacts' is unknown"),
        ("rules:", "rules: [", 0, "not YAML"),
        ("rules:", "rule:", 1, "'rule' is unknown"),
        ("It is wrong.", "\x01", 0, "not YAML"),
    ],
)
def test_every_error_names_file_and_line(  # noqa: PLR0917 - the table's columns
    folder: Path, tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    rule = folder / "security/my-rule.yaml"
    assert old in GOOD
    rule.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError, match=words) as caught:
        load(folder, cache=tmp_path / "cache")
    assert caught.value.line == line or not line  # where YAML itself breaks off is the parser's affair
    assert str(caught.value).startswith(f"{rule}:{caught.value.line}:")
    assert not cached(tmp_path / "cache")


@pytest.mark.parametrize(
    "content", ["", "[]", "rules: []", GOOD + GOOD.partition("\n")[2], "rules: 1", "\xff"]
)
def test_files_of_another_shape_are_refused(folder: Path, tmp_path: Path, content: str) -> None:
    (folder / "security/my-rule.yaml").write_text(content, encoding="latin-1")
    with pytest.raises(ConfigError):
        load(folder, cache=tmp_path / "cache")


def test_a_missing_twin_a_second_id_and_a_stray_ending_are_errors(folder: Path, tmp_path: Path) -> None:
    rule = folder / "security/my-rule.yaml"
    again = folder / "more/security/my-rule.yaml"
    again.parent.mkdir(parents=True)
    again.write_text(GOOD)
    with pytest.raises(ConfigError, match=r"twin my-rule\.py is missing"):
        load(folder, cache=tmp_path / "cache")
    again.with_suffix(".py").write_text("")
    with pytest.raises(ConfigError, match="second rule has the id my-rule"):
        load(folder, cache=tmp_path / "cache")
    rule.rename(rule.with_suffix(".yml"))
    with pytest.raises(ConfigError, match=r"must end in \.yaml"):
        load(folder, cache=tmp_path / "cache")


def test_no_rules_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no rule"):
        load(tmp_path)


def test_a_warm_cache_reads_no_yaml(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = load(folder, cache=tmp_path / "cache")
    monkeypatch.setattr(module, "_read", lambda *_: pytest.fail("the sources were read again"))
    assert load(folder, cache=tmp_path / "cache") == cold


def test_an_edited_source_makes_a_new_file(folder: Path, tmp_path: Path) -> None:
    load(folder, cache=tmp_path / "cache")
    (folder / "security/my-rule.yaml").write_text(GOOD.replace("It matters", "It hurts"))
    assert "hurts" in load(folder, cache=tmp_path / "cache").rules["my-rule"].help
    assert len(cached(tmp_path / "cache")) == 2


def _empty(path: Path, _good: bytes) -> None:
    path.write_bytes(b"")


def _cut(path: Path, good: bytes) -> None:
    path.write_bytes(good[:-20])


def _edited(path: Path, good: bytes) -> None:
    path.write_bytes(good.replace(b"eval(...)", b"evil(...)"))


def _open_to_others(path: Path, _good: bytes) -> None:
    path.chmod(0o666)


def _link(path: Path, good: bytes) -> None:
    other = path.with_suffix(".other")
    other.write_bytes(good)
    path.unlink()
    path.symlink_to(other)


def _fifo(path: Path, _good: bytes) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("harm", [_empty, _cut, _edited, _open_to_others, _link, _fifo])
def test_a_cache_file_that_is_not_right_is_built_again(folder: Path, tmp_path: Path, harm) -> None:
    cold = load(folder, cache=tmp_path / "cache")
    (path,) = cached(tmp_path / "cache")
    good = path.read_bytes()
    harm(path, good)
    assert load(folder, cache=tmp_path / "cache") == cold
    assert path.read_bytes() == good
    assert not path.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_cache_that_cannot_be_written_costs_only_time(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert isinstance(load(folder, cache=tmp_path / "cache"), Pack)


def test_the_default_cache_is_the_users(folder: Path) -> None:
    load(folder)
    assert cached(Path(os.environ["XDG_CACHE_HOME"]) / "riskbot" / "rules")
