"""Limits that a change removes or loosens; the plain cases stand in rules/scraping/limit-removed.cases.yaml."""

from pathlib import Path

import pytest
from make import make_change

from riskbot.detect.limits import LimitsDetector
from riskbot.detect.rules.cases import judge, read_cases
from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Severity, Side

ROOT = Path(__file__).parents[3]
CASES = read_cases(ROOT / "rules/scraping/limit-removed.cases.yaml", "limit-removed")


def look(before, after, path="app.py"):
    return LimitsDetector().run(make_change({path: (before, after)}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_cases_of_the_rule_hold(case):
    paths = {**case.before, **case.after}
    change = make_change({path: (case.before.get(path), case.after.get(path)) for path in paths})
    assert list(judge(case, change, LimitsDetector())) == []


def test_a_finding_says_what_was_and_where():
    before = "@app.get('/p')\ndef people(limit: int = Query(20, le=100)):\n    return rows(limit)\n"
    finding = look(before, before.replace(", le=100", "")).findings[0]
    assert (finding.location.line, finding.location.side) == (2, Side.OLD)
    assert finding.severity is Severity.HIGH
    assert finding.message.startswith(
        "`limit` of `people` is no longer bounded (it was, by `le=100`, at most 100):"
    )


@pytest.mark.parametrize(
    ("most", "severity"), [(1000, Severity.HIGH), (250, Severity.MEDIUM), (150, Severity.LOW)]
)
def test_how_much_is_raised_decides_the_severity(most, severity):
    before = "@app.get('/p')\ndef people(limit: int = Query(20, le=100)):\n    return rows(limit)\n"
    assert [one.severity for one in look(before, before.replace("100", str(most))).findings] == [severity]


def test_the_fingerprint_stays_when_lines_move():
    before = "@limiter.limit('5/minute')\ndef login(request):\n    return token()\n"
    after = "def login(request):\n    return token()\n"
    first = look(before, after).findings[0]
    second = look("x = 1\n\n" + before, "x = 1\n\n" + after).findings[0]
    assert first.fingerprint == second.fingerprint
    assert first.location.line != second.location.line


def test_a_renamed_file_is_compared_with_what_it_was():
    from make import make_file

    before = "@limiter.limit('5/minute')\ndef login(request):\n    return token()\n"
    change = make_change({})
    from dataclasses import replace

    file = make_file("new.py", before, before.split("\n", 1)[1], old_path="old.py")
    findings = LimitsDetector().run(replace(change, files=(file,))).findings
    assert [(one.location.path, one.location.line) for one in findings] == [("old.py", 1)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("def broken(:\n", OmissionKind.UNPARSABLE),
        ("x = " + "(" * 5000 + ")" * 5000 + "\n", OmissionKind.UNPARSABLE),
        ("x = 1\n" * 400_000, OmissionKind.TOO_LARGE),
        (b"x = '\0'\n", OmissionKind.UNPARSABLE),
        (b"# coding: nonsense\nx = 1\n", OmissionKind.UNPARSABLE),
    ],
    ids=["syntax", "depth", "size", "null", "encoding"],
)
def test_what_cannot_be_read_is_an_omission(text, kind):
    detection = look("x = 1\n", text)
    assert [(one.kind, one.step, one.path) for one in detection.omissions] == [(kind, "limits", "app.py")]
    assert detection.findings == ()


def test_an_unknown_content_is_an_omission():
    from dataclasses import replace

    change = make_change({"app.py": ("x = 1\n", "x = 2\n")})
    bare = replace(change, files=(replace(change.files[0], old=None, new=None),))
    assert [one.kind for one in LimitsDetector().run(bare).omissions] == [OmissionKind.CONTENT_UNKNOWN]


def test_long_chains_are_read_without_recursion():
    chain = "x = " + " + ".join(["1"] * 800) + "\n"
    before = "@limiter.limit('5/minute')\ndef login(request):\n    return token()\n"
    detection = look(before + chain, before.split("\n", 1)[1] + chain)
    assert len(detection.findings) == 1


def test_more_findings_than_anyone_reads_are_cut_and_said():
    before = "".join(f"@limiter.limit('5/minute')\ndef f{n}(request):\n    return {n}\n" for n in range(250))
    detection = look(before, before.replace("@limiter.limit('5/minute')\n", ""))
    assert len(detection.findings) == 200
    assert [one.kind for one in detection.omissions] == [OmissionKind.NOT_SCANNED]


def test_other_files_are_no_concern():
    assert look("le=100", "", path="notes.txt").omissions == ()
    assert look("@limiter.limit('5/minute')\ndef f(): pass\n", "def f(): pass\n", path="x.pyi").findings == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def f(request):\n    n = min(size, 100)\n    return n\n",
            "def f(request):\n    return request.n\n",
        ),
        ("def f(a):\n    return min(width, 100)\n", "def f(a):\n    return width\n"),
        ("class A(Pages):\n    max_page_size = 10\n", "class A(OurPages):\n    pass\n"),
        ("class A:\n    rate = '10/minute'\n", "class A:\n    pass\n"),
        ("MAX_RETRIES = 3\n", "MAX_RETRIES = 30\n"),
        ("MAX_PAGE_SIZE = 30\n", "x = 1\n"),
        ("@app.get('/p')\ndef f(le=100):\n    return le\n", "@app.get('/p')\ndef f(le):\n    return le\n"),
        ("@lru_cache(10)\ndef f(): pass\n", "def f(): pass\n"),
    ],
)
def test_what_looks_like_a_limit_and_is_none(before, after):
    assert look(before, after).findings == ()
