"""What cannot be read is an omission, what only looks different is no alarm, and no bytes make it crash."""

from __future__ import annotations

import ast
import inspect
import textwrap
import tokenize
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make import make_change

from riskbot.detect.structure import StructureDetector, compare, guards, signatures
from riskbot.domain.change import Change, FileDiff, FileStatus, OmissionKind
from riskbot.domain.finding import Detection, Severity, Side

REAL = [inspect.getsource(module) for module in (compare, guards, signatures, textwrap)]


def run(path: str, old: str | bytes | None, new: str | bytes | None) -> Detection:
    return StructureDetector().run(make_change({path: (old, new)}))


def kinds(detection: Detection) -> list[OmissionKind]:
    return [omission.kind for omission in detection.omissions]


# ---- what could not be looked at


def test_a_bare_diff_is_content_unknown():
    file = FileDiff(FileStatus.MODIFIED, "a.py", "a.py")
    detection = StructureDetector().run(Change("r", None, None, "diff", files=(file,)))
    assert [(o.kind, o.step, o.path) for o in detection.omissions] == [
        (OmissionKind.CONTENT_UNKNOWN, "structure", "a.py")
    ]


HOSTILE = {
    "not python": b"def f(:\n",
    "null bytes": b"x = 1\0\n",
    "unknown encoding": b"# -*- coding: klingon -*-\nx = 1\n",
    "wrong encoding": b"x = '\xff\xfe'\n",
    "deep brackets": b"x = " + b"(" * 3000 + b"1" + b")" * 3000 + b"\n",
    "deep operators": b"x = " + b"not " * 30000 + b"a\n",
    "deep attributes": b"x = a" + b".b" * 30000 + b"\n",
    "newer than libcst": b'x = ("b" t"{a}")\n',
    "too large": b"x = 1\n" * 400_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_cannot_be_read_is_an_omission_and_the_others_go_on(raw: bytes):
    change = make_change({"good.py": ("def f():\n    return 1\n", "")})
    bad = FileDiff(FileStatus.ADDED, None, "bad.py", new=raw)
    detection = StructureDetector().run(Change("r", None, None, "t", files=(bad, *change.files)))
    assert [o.path for o in detection.omissions] == ["bad.py"]
    assert "structure.public-api-removed" in {f.rule for f in detection.findings}


def test_a_function_of_one_enormous_line_is_left_out_alone():
    long = f"def f():\n    return [{'1, ' * 100_000}]\n\ndef g():\n    return 2\n"
    detection = run("a.py", "def f():\n    return 1\n\ndef g():\n    return 1\n", long)
    assert kinds(detection) == [OmissionKind.PARTLY_PARSED]
    assert "`g`" in " ".join(f.message for f in detection.findings if f.rule == "structure.constant-changed")


def test_a_number_of_thousands_of_digits_is_compared_as_text():
    assert run("a.py", "def f():\n    return 1\n", f"def f():\n    return {'9' * 9000}\n").findings


def test_other_files_are_not_looked_at():
    detection = run("notes.txt", "a\n", "b\n")
    assert detection == Detection()


def test_a_script_is_python_by_its_first_line():
    head = "#!/usr/bin/env python3\n"
    assert run("bin/tool", head + "SIZE = 1\n", head + "SIZE = 2\n").findings


# ---- where things are


def test_lines_point_into_the_right_side():
    old = "x = 0\n\nclass A:\n    def f(self):\n        assert self.a\n        return eval\n"
    new = "class A:\n    def f(self):\n        return eval(self)\n"
    found = {f.rule: f.location for f in run("a.py", old, new).findings}
    assert (found["structure.assert-removed"].side, found["structure.assert-removed"].line) == (Side.OLD, 5)
    assert (found["structure.new-dynamic-code"].side, found["structure.new-dynamic-code"].line) == (
        Side.NEW,
        3,
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"# coding: latin-1\n# \xe9\n"])
def test_encodings_and_line_ends_do_not_move_lines(end: str, head: bytes):
    old, new = "A = 1\n\nSIZE = 1\n".replace("\n", end), "A = 1\n\nSIZE = 2\n".replace("\n", end)
    (finding,) = run("a.py", head + old.encode(), head + new.encode()).findings
    assert (finding.location.line, finding.on_changed_line) == (3 + head.count(b"\n"), True)


def test_lines_ended_by_cr_count_as_git_counts_them():
    (finding,) = run("a.py", b"A = 1\rSIZE = 1\r", b"A = 1\rSIZE = 2\r").findings
    assert finding.location.line == 1


def test_a_fingerprint_stays_when_lines_move():
    one = run("a.py", "SIZE = 1\n", "SIZE = 2\n").findings[0]
    two = run("a.py", "\n\n\nSIZE = 1\n", "\n\n\nSIZE = 2\n").findings[0]
    assert (one.fingerprint, one.location.line) != (two.fingerprint, two.location.line)
    assert one.fingerprint == two.fingerprint


def test_equal_findings_of_a_file_have_fingerprints_of_their_own():
    body = "def f(a):\n    if a:\n        assert a.b\n        g()\n        assert a.b\n    return a\n"
    found = run("a.py", body, body.replace("        assert a.b\n", "")).findings
    prints = [f.fingerprint for f in found if f.rule == "structure.assert-removed"]
    assert len(prints) == len(set(prints)) == 2


@pytest.mark.skipif("__import__('sys').version_info >= (3, 12)", reason="this interpreter knows the syntax")
def test_syntax_newer_than_the_interpreter_is_read_by_libcst():
    old = "type A = int\n\nclass C[T]:\n    def f(self, a):\n        assert a\n        return f'{'x'}'\n"
    found = {
        f.rule: f.location.line for f in run("a.py", old, old.replace("        assert a\n", "")).findings
    }
    assert found["structure.assert-removed"] == 5


# ---- what is no alarm

CODE = '''
import os
import re
from typing import Any

LIMITS = {"a": 1, "b": [1, 2, 3]}

def load(path, retries=3, *, strict=True):
    """Read it."""
    if not path or (strict and retries < 0):
        raise ValueError("no path")
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return None

class Thing(object):
    """A thing."""
    size = 10
    def grow(self, by): self.size += by; return self.size
'''
HARMLESS = {
    "unparsed and written again": ast.unparse(ast.parse(CODE)),
    "comments": CODE.replace("    try:", "    # careful here\n    try:  # now"),
    "docstrings": CODE.replace("Read it.", "Read it all.").replace('    """A thing."""\n', ""),
    "annotations": CODE.replace("path, retries=3", "path: str, retries: int = 3").replace("size = 10", "size: int = 10"),
    "sorted imports": CODE.replace("import os\nimport re\n", "import re\nimport os\n"),
    "another order": CODE[: CODE.index("def load")] + CODE[CODE.index("class Thing") :] + "\n" + CODE[CODE.index("def load") : CODE.index("class Thing")],
}  # fmt: skip


@pytest.mark.parametrize("new", HARMLESS.values(), ids=HARMLESS)
def test_a_change_of_looks_is_no_alarm(new: str):
    detection = run("pkg/a.py", CODE, new)
    assert [f.message for f in detection.findings if f.severity > Severity.INFO] == []
    assert detection.omissions == ()


def test_a_function_moved_to_another_file_is_said_once_and_nothing_else():
    function = CODE[CODE.index("def load") : CODE.index("class Thing")]
    change = make_change(
        {"pkg/_a.py": (CODE, CODE.replace(function, "")), "pkg/_b.py": ("x = 1\n", f"x = 1\n\n{function}")}
    )
    found = StructureDetector().run(change).findings
    assert [(f.rule, f.severity, f.location.path) for f in found] == [
        ("structure.moved", Severity.INFO, "pkg/_b.py")
    ]
    assert "Nothing in them changed" in found[0].message


def test_an_edit_hidden_in_a_move_is_found():
    function = CODE[CODE.index("def load") : CODE.index("class Thing")]
    edited = function.replace("except OSError", "except Exception")
    change = make_change({"pkg/a.py": (CODE, CODE.replace(function, "")), "pkg/b.py": (None, edited)})
    assert "structure.exception-broadened" in {f.rule for f in StructureDetector().run(change).findings}


def test_trying_the_same_call_again_is_not_absorbing_its_error():
    new = "def f(a):\n    try:\n        b = get(a)\n    except TypeError:\n        b = get(a, 'x')\n    return b\n"
    detection = run("a.py", "def f(a):\n    b = get(a)\n    return b\n", new)
    assert "structure.exception-absorbed" not in {f.rule for f in detection.findings}


def test_one_edit_made_in_several_functions_is_one_finding():
    old = "def f(a, b):\n    if a and b:\n        g()\n\n\ndef h(a, b):\n    if a and b:\n        g()\n"
    found = [f for f in run("a.py", old, old.replace(" and ", " or ")).findings if "loosened" in f.rule]
    assert [[e.what for e in f.evidence] for f in found] == [["in `f`", "in `h`"]]


def test_the_summary_counts_what_happened():
    change = make_change(
        {
            "a.py": (
                "def f(a):\n    assert a\n\ndef g():\n    pass\n",
                "def f(a):\n    if a: b()\n    if b: a()\n",
            )
        }
    )
    (shape,) = StructureDetector().run(change).shapes
    assert (shape.changed, shape.removed, shape.asserts) == (1, 1, -1)


# ---- whatever the bytes

edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12) | st.sampled_from([b"\n", b"\\\n", b"(", b"'''", b"\t", b"\r", b"\x0c", b"class A:", b"; ", b"lambda: ", b"@", b"#"])),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(REAL), edits)
def test_no_edit_of_real_code_makes_it_raise(source: str, changes: list[tuple[float, int, bytes]]):
    old = new = source.encode()[:6000].rpartition(b"\n\n\n")[0] + b"\n"
    for place, length, text in changes:
        start = int(place * len(new))
        new = new[:start] + text + new[start + length :]
    for before, after in ((old, new), (new, old)):
        file = FileDiff(FileStatus.MODIFIED, "pkg/a.py", "pkg/a.py", old=before, new=after)
        detection = StructureDetector().run(Change("r", None, None, "t", files=(file,)))
        assert before == after or detection.findings or detection.omissions or _means_the_same(before, after)


def _means_the_same(before: bytes, after: bytes) -> bool:
    """Both parse: silence is then a judgement, not a failure to look."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a docstring means nothing either
            return bool(ast.parse(before)) and bool(ast.parse(after))
    except (SyntaxError, ValueError, tokenize.TokenError):
        return False


def test_a_message_begins_with_a_capital_or_a_name():
    (finding,) = (
        StructureDetector().run(make_change({"a.py": ("x = 1\n", "x = eval(input())\n")})).findings[:1]
    )
    assert finding.message[0].isupper() or finding.message[0] == "`"
