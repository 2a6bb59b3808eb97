"""The semgrep detector: head against base, nothing silenced, every gap told."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from make import make_change, make_commit, make_file, make_repository

from riskbot.detect import semgrep as module
from riskbot.detect.detector import detect
from riskbot.detect.rules import load_own
from riskbot.detect.semgrep import SemgrepDetector
from riskbot.domain.change import Change, FileStatus, Omission, OmissionKind
from riskbot.domain.errors import ConfigError, EvaluationError
from riskbot.domain.finding import Category, Confidence, Detection, Severity
from riskbot.gather.local import Limits, from_commits
from riskbot.outside.git import Git

RULES = Path(__file__).parents[2] / "rules"
# Rules of the tests' own: what is asked here must not move with the tuning of those that ship.
OWN = """
rules:
  - id: eval-of-variable
    languages: [python]
    severity: ERROR
    message: Text is run. It may be anything; use something else.
    metadata: {confidence: MEDIUM}
    patterns: [{pattern: eval($X)}, {pattern-not: 'eval("...")'}]
  - id: shell-with-variable
    languages: [python]
    severity: ERROR
    message: A shell runs a command that is not a fixed text. It matters; mend it.
    metadata: {confidence: MEDIUM, cwe: ["CWE-78: OS Command Injection"]}
    pattern: os.system($X)
  - id: unsafe-deserialization
    languages: [python]
    severity: ERROR
    message: Data is loaded. It can run code; use JSON.
    pattern: pickle.loads(...)
"""
PACK = load_own([("own.yaml", OWN.encode())], frozenset())
DETECTOR = SemgrepDetector(RULES, pack=PACK)


def look(files: dict, **fields: object) -> Detection:
    return DETECTOR.run(make_change(files, **fields))


def brief(detection: Detection) -> list[tuple]:
    return [(f.location.path, f.location.line, f.rule, f.introduced) for f in detection.findings]


def test_a_finding_says_all_that_its_rule_knows() -> None:
    detection = look({"a.py": ("import os\n", "import os\nos.system(\n    name\n)\n")})
    (finding,) = detection.findings
    assert (finding.location.path, finding.location.line, finding.location.end_line) == ("a.py", 2, 4)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert finding.category is Category.SECURITY
    assert finding.detector == "semgrep"
    assert finding.on_changed_line
    assert finding.introduced
    (rule,) = detection.rules
    assert rule.id == finding.rule == "shell-with-variable"
    assert rule.title == "A shell runs a command that is not a fixed text"
    assert rule.cwe[0].startswith("CWE-78:")


def test_what_the_base_had_is_carried_as_not_introduced() -> None:
    detection = look({"a.py": ("eval(a)\neval(b)\n", "x = 1\neval(a)\neval(c)\n")})
    assert brief(detection) == [("a.py", 2, "eval-of-variable", False), ("a.py", 3, "eval-of-variable", True)]


@pytest.mark.parametrize(
    ("old", "new", "introduced"),
    [
        ("eval(a)\n", "eval(a)\neval(a)\n", {1: False, 2: True}),
        ("x\neval(a)\n", "eval(a)\nx\neval(a)\n", {1: True, 3: False}),
        ("eval(a)\neval(a)\n", "eval(a)\n", {1: False}),
        ("eval(a)\n", "if x:\n    eval( a )\n", {2: True}),
        ("eval(a)\n", "if x:\n    eval(a)\n", {2: False}),
    ],
)
def test_of_equal_matches_the_one_on_the_added_line_is_the_new_one(
    old: str, new: str, introduced: dict
) -> None:
    detection = look({"a.py": (old, new)})
    assert {f.location.line: f.introduced for f in detection.findings} == introduced


def test_bases_are_scanned_only_where_and_by_which_rules_there_is_something_to_compare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[tuple[list[bytes], list[bool]]] = []
    real = module.scan

    def spy(contents: list[bytes], rules: bytes, *, wanted: list[set[str]], **options: object) -> object:
        runs.append((contents, [names == {"eval-of-variable"} for names in wanted]))
        return real(contents, rules, wanted=wanted, **options)

    monkeypatch.setattr(module, "scan", spy)
    files = {"a.py": ("eval(a)\n", "eval(a)\neval(b)\n"), "b.py": ("x = 1\n", "x = 2\n")}
    detection = look(files)
    assert [contents for contents, _ in runs] == [[b"eval(a)\neval(b)\n", b"x = 2\n"], [b"eval(a)\n"]]
    assert runs[1][1] == [True]
    assert brief(detection) == [("a.py", 1, "eval-of-variable", False), ("a.py", 2, "eval-of-variable", True)]


def test_a_change_without_findings_scans_no_base(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    real = module.scan
    monkeypatch.setattr(
        module, "scan", lambda contents, *a, **k: (runs.append(len(contents)), real(contents, *a, **k))[1]
    )
    assert look({"a.py": ("eval(a)\n", "eval('1')\n")}).findings == ()
    assert runs == [1]


def test_a_rename_keeps_the_identity() -> None:
    change = make_change({})
    file = make_file("new.py", "eval(a)\n", "eval(a)\nx = 1\n", old_path="old.py")
    assert brief(DETECTOR.run(replace(change, files=(file,)))) == [("new.py", 1, "eval-of-variable", False)]


def test_a_copy_and_a_deleted_file() -> None:
    assert brief(look({"gone.py": ("eval(a)\n", None)})) == []
    both = look({"a.py": (None, "eval(a)\n"), "b.py": (None, "eval(a)\n")})
    assert brief(both) == [("a.py", 1, "eval-of-variable", True), ("b.py", 1, "eval-of-variable", True)]
    assert both.findings[0].fingerprint != both.findings[1].fingerprint


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("eval(a)  # nosem\n", 1),
        ("eval(a)  # NoSemGrep: eval-of-variable\n", 1),
        ("eval(a)  # nosemgrep: other, rules.eval-of-variable\n", 1),
        ("# nosemgrep\neval(a)\n", 1),
        ("    # nosem: eval-of-variable\neval(a)\n".lstrip(), 1),
        ("eval(a)  # nosemgrep: other-rule\n", None),
        ("x = 1  # nosem\neval(a)\n", None),
        ("# nosem\n\neval(a)\n", None),
        ("eval(a)  # nosemantics here\n", None),
    ],
)
def test_a_nosem_comment_is_shown_and_drops_nothing(text: str, comment: int | None) -> None:
    (finding,) = look({"a.py": (None, text)}).findings
    assert finding.suppressed_by == (comment and f"nosemgrep comment on line {comment}")


@pytest.mark.parametrize(
    ("path", "content", "scanned"),
    [
        ("a.py", "eval(a)\n", True),
        ("a.pyi", "eval(a)\n", True),
        ("a.pyw", "eval(a)\n", True),
        ("A.PY", "eval(a)\n", True),
        ("bin/tool", "#!/usr/bin/env python3\neval(a)\n", True),
        ("bin/tool", "#!/usr/bin/python3.11 -E\neval(a)\n", True),
        ("bin/tool", "#!/usr/bin/env pypy3\neval(a)\n", True),
        ("bin/tool", "#!/bin/sh\neval(a)\n", False),
        ("a.txt", "eval(a)\n", False),
        ("-rf.py", "eval(a)\n", True),
        ("tests/a\nb \udcff'\".py", "eval(a)\n", True),
        ("../../etc/x.py", "eval(a)\n", True),
    ],
)
def test_python_is_known_by_name_or_first_line(path: str, content: str, scanned: bool) -> None:
    detection = look({path: (None, content)})
    assert [f.location.path for f in detection.findings] == [path] * scanned
    assert detection.omissions == ()


def test_ignore_files_of_the_change_have_no_say() -> None:
    files = {".semgrepignore": (None, "*.py\n"), "tests/test_a.py": (None, "eval(a)\n")}
    assert len(look(files).findings) == 1


def test_links_and_submodules_never_reach_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    link = replace(make_file("link.py", None, "/etc/passwd"), new_mode="120000")
    module_file = replace(make_file("sub.py", None, "0" * 40), new_mode="160000")
    became = replace(make_file("was.py", "target.py", "eval(a)\n"), old_mode="120000")
    seen: list[bytes] = []
    real = module.scan
    monkeypatch.setattr(
        module, "scan", lambda contents, *a, **k: (seen.extend(contents), real(contents, *a, **k))[1]
    )
    detection = DETECTOR.run(replace(make_change({}), files=(link, module_file, became)))
    assert seen == [b"eval(a)\n"]
    assert brief(detection) == [("was.py", 1, "eval-of-variable", True)]


def test_unknown_content_is_an_omission_and_a_known_one_is_scanned() -> None:
    bare = replace(make_file("a.py", "x\n", "eval(a)\n"), old=None, new=None)
    known = replace(make_file("b.py", "", "eval(b)\n"), old=None)
    large = replace(make_file("c.py", None, "x\n"), new=None)
    told = Omission(OmissionKind.TOO_LARGE, "gather", "it is over the limit", "c.py")
    change = replace(make_change({}), files=(bare, known, large), omissions=(told,))
    detection = DETECTOR.run(change)
    assert [(o.kind, o.step, o.path) for o in detection.omissions] == [
        (OmissionKind.CONTENT_UNKNOWN, "semgrep", "a.py"),
        (OmissionKind.TOO_LARGE, "semgrep", "c.py"),
    ]
    assert brief(detection) == [("b.py", 1, "eval-of-variable", True)]


def test_a_half_parsed_head_is_told_and_a_half_parsed_base_only_where_it_matters() -> None:
    broken = "class X\n  y === 3 $$ ??\n"
    head = look({"a.py": (None, "eval(a)\n" + broken)})
    assert [(o.kind, o.path) for o in head.omissions] == [(OmissionKind.PARTLY_PARSED, "a.py")]
    assert look({"a.py": (broken, "x = 1\n")}).omissions == ()
    (omission,) = look({"a.py": (broken + "eval(a)\n", "eval(a)\n")}).omissions
    assert omission.reason.startswith("of the base version")


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "utf-16", "punycode"])
def test_an_encoding_that_can_hide_code_is_told(encoding: str) -> None:
    detection = look({"a.py": (None, f"# coding: {encoding}\n# \\u000aeval(a)\n")})
    (omission,) = detection.omissions
    assert omission.kind is OmissionKind.NOT_SCANNED


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "iso-8859-15", "cp1252", "UTF8"])
def test_an_encoding_that_extends_ascii_is_no_omission(encoding: str) -> None:
    detection = look({"a.py": (None, f"#!/usr/bin/python\n# -*- coding: {encoding} -*-\neval(a)\n")})
    assert (len(detection.findings), detection.omissions) == (1, ())


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    detection = look({"a.py": (None, "# é\n".encode("latin-1") + b"# \x00\neval(a)\n")})
    assert brief(detection) == [("a.py", 3, "eval-of-variable", True)]


def test_a_carriage_return_hides_no_code_and_lines_are_gits() -> None:
    detection = look({"a.py": (None, b"x = 1\r\n# quiet\reval(a)\r\neval(b)\r\n")})
    assert [f.location.line for f in detection.findings] == [2, 3]


def test_a_failed_semgrep_is_a_failure_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: object, **_options: object) -> None:
        raise EvaluationError("Semgrep is not installed.", mend="Install it.")

    monkeypatch.setattr(module, "scan", missing)
    detection = look({"a.py": (None, "eval(a)\n")})
    assert [(f.step, f.reason) for f in detection.failures] == [
        ("semgrep", "Semgrep is not installed. Install it.")
    ]


def test_a_broken_rule_file_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("rules: 3\n")
    with pytest.raises(ConfigError):
        SemgrepDetector(tmp_path).run(make_change({"a.py": (None, "x\n")}))


def test_where_no_rule_speaks_of_a_file_semgrep_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "scan", lambda *_args, **_options: pytest.fail("semgrep was started"))
    change = make_change({"a.txt": ("x\n", "y\n"), "b.rs": (None, "fn main() {}\n")})
    assert DETECTOR.run(change) == Detection()


def test_it_runs_in_a_cell_and_the_time_limit_reaches_semgrep() -> None:
    change = make_change({"a.py": (None, "eval(a)\n")})
    assert brief(detect(change, [DETECTOR], seconds=60)) == [("a.py", 1, "eval-of-variable", True)]
    (failure,) = detect(change, [SemgrepDetector(RULES, seconds=0.01, pack=PACK)], seconds=60).failures
    assert failure.reason.startswith("Semgrep did not finish within 0.0")


def test_the_working_tree_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    make_commit(root, {"a.py": "eval(worktree)\n", ".semgrep.yml": "rules: broken\n"})
    monkeypatch.chdir(root)
    change: Change = make_change({"a.py": ("x = 1\n", "eval(change)\n")})
    (finding,) = DETECTOR.run(change).findings
    assert finding.location.line == 1
    assert change.files[0].status is FileStatus.MODIFIED


def test_what_a_test_does_weighs_one_step_less():
    text = "import pickle\n\n\ndef test_f(data):\n    pickle.loads(data)\n"
    change = make_change({"pkg/a.py": (None, text), "tests/test_a.py": (None, text)})
    found = {f.location.path: f.severity.value for f in DETECTOR.run(change).findings}
    assert found == {"pkg/a.py": "high", "tests/test_a.py": "medium"}


def test_a_large_file_that_semgrep_cannot_finish_costs_the_others_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_LARGE", 1000)
    monkeypatch.setattr(module, "_LARGE_SECONDS", 0.01)
    hostile = "eval(g(1))\n" * 200
    detection = look({"a.py": ("", "eval(a)\n"), "b.py": ("", hostile)})
    assert brief(detection) == [("a.py", 1, "eval-of-variable", True)]
    (omission,) = detection.omissions
    assert (omission.kind, omission.path) == (OmissionKind.NOT_SCANNED, "b.py")
    assert "did not finish within" in omission.reason
    assert detection.failures == ()


def test_one_long_line_that_keeps_semgrep_busy_for_minutes_is_stopped_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Semgrep's own limit for a rule does not end this one."""
    monkeypatch.setattr(module, "_LARGE_SECONDS", 2.0)
    busy = "request.args['limit'], " * 30_000
    line = f"from flask import request\nx = [{busy}]\n"
    start = time.monotonic()
    every = replace(DETECTOR, pack=None)
    detection = every.run(make_change({"a.py": ("", "eval(a)\n"), "b.py": ("", line)}))
    assert time.monotonic() - start < 60
    assert brief(detection) == [("a.py", 1, "eval-of-variable", True)]
    (omission,) = detection.omissions
    assert (omission.kind, omission.path) == (OmissionKind.NOT_SCANNED, "b.py")
    assert "did not finish within 2 s" in omission.reason


def test_a_large_file_is_scanned_all_the_same() -> None:
    filler = "# a comment of seventy bytes, so that the file is large but quickly read\n" * 5000
    assert brief(look({"a.py": ("", filler + "eval(a)\n")})) == [("a.py", 5001, "eval-of-variable", True)]


def test_a_file_over_the_limit_is_an_omission_and_a_base_over_it_hides_nothing() -> None:
    huge = "# a comment of seventy bytes, so that the file is large but quickly read\n" * 15_000
    detection = look({"a.py": ("", huge + "eval(a)\n"), "b.py": (huge + "eval(b)\n", "eval(b)\n")})
    assert [(o.kind, o.step, o.path) for o in detection.omissions] == [
        (OmissionKind.TOO_LARGE, "semgrep", "a.py")
    ]
    assert brief(detection) == [("b.py", 1, "eval-of-variable", True)]


@pytest.mark.parametrize(
    "content",
    [
        b"x = " + b"(" * 3000 + b"1" + b")" * 3000 + b"\neval(a)\n",
        b"x = " + b"-" * 20_000 + b"1\neval(a)\n",
        b"x = [" + b"1, " * 300_000 + b"eval(a)]\n",
        b"eval(" * 2000 + b"a" + b")" * 2000 + b"\n",
    ],
    ids=["parentheses", "minus", "one long line", "calls in calls"],
)
def test_deep_nesting_and_long_lines_are_found_or_told(content: bytes) -> None:
    """Whatever the engine makes of it: never nothing at all."""
    detection = DETECTOR.run(make_change({"a.py": (None, content)}))
    found = any(one.rule == "eval-of-variable" for one in detection.findings)
    assert found or detection.omissions or detection.failures


def test_a_file_that_gathering_did_not_read_is_told_by_its_path(tmp_path: Path) -> None:
    """Ten megabytes in one line are over the limit of what is read."""
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    git = Git.open(root)
    base = git.resolve("HEAD")
    make_commit(root, {"a.py": b"x = '" + b"y" * 10_000_000 + b"'; eval(a)\n"})
    change = from_commits(git, base, git.resolve("HEAD"), "a test", Limits()).change
    (omission,) = DETECTOR.run(change).omissions
    assert (omission.kind, omission.path) == (OmissionKind.TOO_LARGE, "a.py")


def test_a_semgrep_that_runs_out_of_memory_is_a_failure() -> None:
    change = make_change({"a.py": (None, "eval(a)\n")})
    detection = detect(change, [DETECTOR], seconds=60, memory_bytes=64 << 20)
    assert not any(finding.rule == "eval-of-variable" for finding in detection.findings)
    assert [failure.step for failure in detection.failures] == ["semgrep"]
