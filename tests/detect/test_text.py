"""The added lines as text: what cannot be seen, and what asks for silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.detect.suppressions import nosem_for, suppression_in
from riskbot.detect.text import TextDetector
from riskbot.domain.finding import Severity


def look(path: str, old: str | bytes | None, new: str | bytes, *, bare: bool = False):
    file = make_file(path, old, new)
    if bare:
        file = replace(file, old=None, new=None)
    return TextDetector().run(replace(make_change({}), files=(file,)))


def brief(*arguments: object, **options: object) -> list[tuple[str, int]]:
    return [(f.rule, f.location.line) for f in look(*arguments, **options).findings]


@pytest.mark.parametrize("control", ["\u202a", "\u202e", "\u2066", "\u2069"])
@pytest.mark.parametrize("bare", [False, True])
def test_bidi_controls_are_named_in_any_file(control: str, bare: bool) -> None:
    for path in ("a.py", "a.js", "Makefile"):
        detection = look(path, "x\n", f"x\ny{control}\n", bare=bare)
        (finding,) = [f for f in detection.findings if f.rule == "unicode-bidi"]
        assert (finding.severity, finding.location.line) == (Severity.HIGH, 2)
        assert f"U+{ord(control):04X}" in finding.message
        assert control not in finding.message


def test_bidi_in_prose_is_low_and_on_old_lines_nothing() -> None:
    assert look("a.md", None, "\u202ex\n").findings[0].severity is Severity.LOW
    assert brief("a.py", "# \u202e\n", "# \u202e\nx = 1\n") == []
    assert brief("a.py", None, "# עברית without controls\n") == []


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("\uff4f\uff53.system(x)", Severity.HIGH),
        ("\U0001d41eval(x)", Severity.HIGH),
        ("\u017fystem = 1", Severity.HIGH),
        ("\u212bngstrom = 1", Severity.LOW),
        ("p\u0430ypal = 1", Severity.MEDIUM),
        ("état = 1", None),
        ("имя = 1", None),
        ("名前 = 1", None),
        ("x = '\uff4f\uff53'", None),
        ("x = 1  # \uff4f\uff53", None),
        ("os.system(x)", None),
    ],
)
def test_names_that_are_not_what_they_look_like(line: str, severity: Severity | None, bare: bool) -> None:
    found = look("a.py", None, f"{line}\n", bare=bare).findings
    assert [(f.rule, f.severity) for f in found] == (
        [("unicode-confusable-identifier", severity)] if severity else []
    )
    assert brief("a.txt", None, f"{line}\n", bare=bare) == []


def test_a_name_inside_a_long_string_is_known_from_the_whole_file() -> None:
    assert brief("a.py", '"""\nx\n"""\n', '"""\nx\n\uff4f\uff53\n"""\n') == []
    assert brief("a.py", None, "def f(:\n  \uff4f\uff53\n") == [("unicode-confusable-identifier", 2)]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "eval(x)  # nosem"),
        ("a.py", "eval(x)  # nosemgrep: eval-of-variable"),
        ("a.py", "import x  # noqa: F401"),
        ("a.py", "# ruff: noqa"),
        ("a.py", "# flake8: noqa"),
        ("a.py", "x = y()  # type: ignore[no-any-return]"),
        ("a.py", "if x:  # pragma: no cover"),
        ("a.py", "x()  # comment first, then  # nosec B101"),
        ("a.py", "# pylint: disable=invalid-name"),
        ("a.js", "x() // eslint-disable-line"),
        ("a.ts", "// @ts-ignore"),
        ("a.go", "x() //nolint:errcheck"),
        ("a.yml", "x: 1  # nosemgrep"),
    ],
)
def test_a_new_suppression_is_a_finding(path: str, line: str) -> None:
    (finding,) = look(path, "x\n", f"x\n{line}\n").findings
    assert (finding.rule, finding.severity, finding.introduced) == ("suppression-added", Severity.LOW, True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "x = 'ends in # noqa'\n"),
        ("a.py", '"""\nwrite # noqa behind the line\n"""\n'),
        ("a.py", "x = 1  # an ordinary comment\n"),
        ("a.md", "Write `# noqa` behind the line.\n"),
        ("a.py", "noqa = 1\n"),
    ],
)
def test_what_only_speaks_of_suppressions_is_none(path: str, text: str) -> None:
    assert brief(path, None, text) == []


def test_a_moved_suppression_is_carried_as_not_introduced() -> None:
    old = "import a  # noqa\nx = 1\ny = 2\n"
    (finding,) = look("a.py", old, "x = 1\ny = 2\nif x:\n    import a  # noqa\n").findings
    assert (finding.introduced, finding.location.line) == (False, 4)
    twice = look("a.py", old, "x = 1\ny = 2\nimport a  # noqa\nimport a  # noqa\n").findings
    assert sorted(f.introduced for f in twice) == [False, True]


def test_a_carriage_return_inside_a_line_of_python() -> None:
    assert brief("a.py", None, b"# quiet\reval(a)\r\n") == [("lone-carriage-return", 1)]
    assert brief("a.py", None, b"x = 1\r\ny = 2\r\n") == []


def test_a_flood_is_bounded_and_told() -> None:
    detection = look("a.py", None, "# \u202e\n" * 5000)
    assert len(detection.findings) == 200
    assert [omission.path for omission in detection.omissions] == ["a.py"]
    assert len({finding.fingerprint for finding in detection.findings}) == 200


def test_links_are_not_text() -> None:
    link = replace(make_file("a.py", None, "\uff4f\uff53\u202e"), new_mode="120000")
    assert TextDetector().run(replace(make_change({}), files=(link,))).findings == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_it(old: str, new: str) -> None:
    for path in ("a.py", "b.txt"):
        data = [
            side.encode("utf-8", "surrogateescape") if side.isprintable() else side.encode("utf-8", "replace")
            for side in (old, new)
        ]
        detection = look(path, data[0], data[1])
        assert all(finding.on_changed_line for finding in detection.findings)


@given(st.text(), st.integers(-2, 5))
def test_suppression_readers_take_any_line(text: str, line: int) -> None:
    assert suppression_in(text) is None or isinstance(suppression_in(text), str)
    found = nosem_for(text.split("\n"), line, "rule")
    assert found is None or found in {line, line - 1}


def test_a_line_without_end_is_read_in_time() -> None:
    assert suppression_in("#" * 1_000_000 + "noqa") is None
    assert nosem_for(["# " * 500_000 + "nosem"], 1, "rule") is None
