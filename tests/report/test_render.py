"""One door to all formats."""

from __future__ import annotations

import subprocess
import sys

import pytest
from make_verdict import make_verdict

from riskbot.domain.verdict import Outcome
from riskbot.report import FORMATS, render


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_writes_lines_and_the_same_ones_each_time(format_):
    first, second = render(make_verdict(), format_), render(make_verdict(), format_)
    assert first == second
    assert first.endswith("\n")


def test_an_unknown_format_is_named():
    with pytest.raises(ValueError, match=r"'html'.*text, json, sarif, markdown, jsonl"):
        render(make_verdict(), "html")


def test_importing_the_package_imports_no_formatter_and_no_library():
    code = "import sys, riskbot.report; print(sorted({'rich', 'msgspec', 'pygments', 'riskbot.report.text'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_formatter_brings_in_a_highlighter():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from make_verdict import make_verdict\nfrom riskbot.report import FORMATS, render\n"
        "for each in FORMATS: render(make_verdict(), each, color=True, explain=True)\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'pygments'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_outcome_has_its_exit_code():
    assert {each: each.exit_code for each in Outcome} == {
        Outcome.ALLOWED: 0,
        Outcome.HELD: 1,
        Outcome.UNDECIDED: 3,
    }
