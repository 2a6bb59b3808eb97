"""A repository's own rules: semgrep's plain format, read at the base, nothing skipped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from make import git, make_change, make_commit, make_repository

from riskbot import toolbox
from riskbot.detect.charter import CharterDetector
from riskbot.detect.rules import load, load_own
from riskbot.detect.rules.languages import of_file, of_rule
from riskbot.detect.rules.paths import Paths
from riskbot.detect.semgrep import SemgrepDetector
from riskbot.domain.change import Charter, OmissionKind
from riskbot.domain.errors import ConfigError, UsageError
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.outside.git import Git
from riskbot.settings import Settings

PLAIN = """\
rules:
  - id: no-print
    languages: [python]
    severity: WARNING
    message: Output goes to print. Use the logger.
    pattern: print(...)
  - id: image-pinned
    languages: [dockerfile]
    severity: CRITICAL
    message: The image floats.
    pattern: FROM $IMAGE
    metadata: {cwe: "CWE-1357: x", category: security, confidence: HIGH, source: anywhere}
    paths: {include: [deploy/*]}
"""
FILE = "house/rules.yml"


def read(text: str, taken: frozenset[str] = frozenset(), tmp_path: Path | None = None):
    return load_own([(FILE, text.encode())], taken, cache=tmp_path)


def test_plain_rules_load_with_sensible_defaults(tmp_path: Path) -> None:
    pack = read(PLAIN, tmp_path=tmp_path)
    first, second = pack.rules.values()
    assert (first.severity, first.confidence, first.category, first.pack) == (
        Severity.MEDIUM,
        Confidence.MEDIUM,
        Category.SECURITY,
        "own",
    )
    assert (second.severity, second.confidence, second.cwe) == (
        Severity.CRITICAL,
        Confidence.HIGH,
        ("CWE-1357: x",),
    )
    assert pack.languages == {"no-print": ("python",), "image-pinned": ("dockerfile",)}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("id: no-print", "id: eval-of-variable", 2, "Another rule has the id 'eval-of-variable'"),
        ("id: image-pinned", "id: no-print", 7, "Another rule has the id 'no-print'"),
        ("[python]", "[pyton]", 3, "Did you mean 'python'"),
        ("severity: WARNING", "severity: WARN", 4, "Did you mean 'WARNING'"),
        ("    pattern: print(...)\n", "", 2, "has no pattern"),
        ("pattern: print", "patern: print", 6, "'patern' is unknown"),
        ("paths: {include", "paths: {includes", 13, "'includes' is unknown"),
        ("    pattern: print", "    min-version: 9.0.0\n    pattern: print", 6, "'min-version' is unknown"),
        ("id: no-print", "id: no print", 2, "The id may hold"),
        ("rules:", "rules: [", 2, "not YAML"),
    ],
)
def test_every_error_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in PLAIN
    with pytest.raises(ConfigError, match=words) as caught:
        read(PLAIN.replace(old, new, 1), frozenset({"eval-of-variable"}), tmp_path)
    assert caught.value.file == FILE
    assert caught.value.line == line


def test_they_run_with_the_shipped_ones_and_only_where_their_paths_say(tmp_path: Path) -> None:
    shipped = load(Path(__file__).parents[2] / "rules")
    pack = shipped.joined(read(PLAIN, frozenset(shipped.rules), tmp_path))
    image = "FROM python\n"
    change = make_change(
        {
            "a.py": (None, "print(eval(x))\n"),
            "deploy/Dockerfile": (None, image),
            "other/Dockerfile": (None, image),
        }
    )
    detection = SemgrepDetector(tmp_path, pack=pack).run(change)
    own = {
        (one.rule, one.location.path)
        for one in detection.findings
        if one.rule in ("no-print", "image-pinned")
    }
    assert own == {("no-print", "a.py"), ("image-pinned", "deploy/Dockerfile")}
    assert any(one.rule == "eval-of-variable" for one in detection.findings)


def test_they_are_read_at_the_base_wherever_the_settings_name_them(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {FILE: PLAIN, "house/no-print.py": "x", "a.py": "x = 1\n"})
    base = git(root, "rev-parse", "HEAD").decode().strip()
    make_commit(root, {FILE: "rules: broken\n"})
    settings = Settings(rules=("house",))
    pack = toolbox.own_rules(settings, Charter(base), Git.open(root))
    assert {"no-print", "image-pinned", "eval-of-variable"} <= set(pack.rules)
    with pytest.raises(UsageError, match="names nowhere, which is not in the repository"):
        toolbox.own_rules(Settings(rules=("nowhere",)), Charter(base), Git.open(root))


def test_the_default_folder_counts_where_it_is_and_its_twins_do_not() -> None:
    texts = ((".riskbot/rules/a.yaml", PLAIN.encode()), (".riskbot/rules/a.test.yaml", b"no: rule\n"))
    pack = toolbox.own_rules(Settings(), Charter("a" * 40, texts), None)
    assert "no-print" in pack.rules
    assert toolbox.own_rules(Settings(), Charter("a" * 40), None) is None


def test_a_change_to_them_is_a_change_to_the_charter() -> None:
    change = make_change({"house/a.yaml": ("x\n", "y\n"), "houses/a.yaml": ("x\n", "y\n")})
    found = CharterDetector(("house",)).run(change).findings
    assert [(one.rule, one.location.path) for one in found] == [("charter-changed", "house/a.yaml")]


@pytest.mark.parametrize(
    ("path", "content", "languages"),
    [
        ("a/Dockerfile.dev", b"", ("dockerfile",)),
        ("x.YML", b"", ("yaml",)),
        ("run", b"#!/usr/bin/env -S bash\n", ("bash",)),
        ("run", b"#! /bin/sh -e\n", ("bash",)),
        ("run", b"#!/usr/bin/node\n", ("javascript",)),
        ("a.h", b"", ("c", "cpp")),
        ("a.tsx", b"", ("typescript",)),
        ("Makefile", b"", ()),
        ("a.py.txt", b"", ()),
    ],
)
def test_files_are_classified_by_name_and_first_line(path: str, content: bytes, languages: tuple) -> None:
    assert of_file(path, content) == languages


def test_semgreps_other_names_for_languages_are_known() -> None:
    assert [of_rule(name) for name in ("py", "sh", "regex", "hcl", "cobol")] == [
        *("python", "bash", "generic", "terraform"),
        None,
    ]


@pytest.mark.parametrize(
    ("globs", "path", "covers"),
    [
        (("*.py",), "a/b.py", True),
        (("tests",), "a/tests/b.py", True),
        (("/tests",), "a/tests/b.py", False),
        (("a/*",), "a/b/c.py", True),
        (("a/*.py",), "a/b/c.py", False),
        (("a/**/c.py",), "a/c.py", True),
        (("a/**/c.py",), "a/x/y/c.py", True),
        ((".github/workflows/*.y*ml",), ".github/workflows/ci.yml", True),
        (("[ab].py",), "b.py", True),
        (("[!ab].py",), "b.py", False),
        (("a?.py",), "a/.py", False),
    ],
)
def test_globs_mean_what_semgreps_mean(globs: tuple, path: str, covers: bool) -> None:
    assert Paths(globs).cover(path) is covers
    assert Paths((), globs).cover(path) is not covers


def test_a_yaml_file_that_no_rule_speaks_of_is_not_read() -> None:
    """A broken one elsewhere is nobody's omission; one that a rule speaks of is."""
    broken = "a: [1\n  b: {{ template }\n"
    change = make_change({"data/x.yaml": (None, broken), ".github/workflows/x.yml": (None, broken)})
    detection = SemgrepDetector(Path(__file__).parents[2] / "rules").run(change)
    assert [one.path for one in detection.omissions] == [".github/workflows/x.yml"]
    assert {one.kind for one in detection.omissions} <= {OmissionKind.NOT_SCANNED, OmissionKind.PARTLY_PARSED}
