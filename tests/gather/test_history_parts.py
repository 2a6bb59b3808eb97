"""The parts of history: what a fix is, what a log is, and git in the background."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from make import make_repository

from riskbot.domain.errors import EvaluationError
from riskbot.gather.history.fix import says_fix
from riskbot.gather.history.log import parse
from riskbot.outside.background import Background
from riskbot.outside.git import Git


@pytest.mark.parametrize(
    ("message", "fix"),
    [
        ("Closes-Bug: #1234567", True),
        ("partial-bug: 1234567", True),
        ("Something\n\nFixes #12", True),
        ("resolve owner/repo#3 at last", True),
        ("Fix: https://example.org/o/r/issues/5", True),
        ("bug 1234 again", True),
        ("lp:123456", True),
        ("Fix a typo (#12)", False),
        ("debug 12", False),
        ("bug" + " " * 19_000 + "x", False),  # takes seconds where spaces are matched twice
        ("prefix #12", False),
        ("", False),
    ],
)
def test_a_fix_names_what_it_fixes(message: str, fix: bool) -> None:
    assert says_fix(message) is fix


def test_a_log_that_is_none_is_an_error() -> None:
    for garbage in (
        b"garbage",
        b"garbage\0",
        b"\1abc\0",
        b"\1a\0a\0b\x001 1\0m\0:\0",
    ):
        with pytest.raises(EvaluationError):
            list(parse([garbage]))


def test_a_background_process_ends_when_its_time_is_over(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)  # git waits for a writer that never comes
    running = Background(Git.open(make_repository(tmp_path / "r")), "hash-object", str(fifo), seconds=0.05)
    with pytest.raises(TimeoutError):
        list(running.finish())
