"""Which messages count as repairs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.learn.label.fixes import Repair, repair, subject


@pytest.mark.parametrize(
    "message",
    [
        "Fix crash on empty input",
        "Fixed a bug in the parser (#12)",
        "worker: handle deadlock at shutdown",
        "Bugfix: retries were counted twice",
        "prevent KeyError in lookup",
        "Correct off-by-one in slices",
        "fix(core): wrong order of arguments",
        "regression in 2.1: paths were lost",
        "Avoid memory leak in pool",
        "CVE-2020-1234: escape names",
    ],
)
def test_words_of_repair_in_the_subject(message):
    assert repair(message) is Repair.WORDS


@pytest.mark.parametrize(
    "message",
    [
        "Fix typo in the guide",
        "fixes a few typos",
        "Fix flake8 errors",
        "fix tests on windows",
        "Fixed failing test in test_multi",
        "fix CI",
        "Fix the build",
        "Fix whitespace",
        "docs: fix malformed list",
        "[tests] fix crash of the runner",
        "changelog: fix the entry",
        "Fix changelog",
        "formatting fixes",
        "fix mypy errors",
        "Fix docstring of crash()",
        'Revert "Fix crash"',
        "Merge branch 'fix-crash'",
        "Add prefix to suffixes",
        "Debug output for the fixer",
        "Add feature (#123)",
        "Tidy up",
        "",
        "   \n\n",
    ],
)
def test_what_is_no_repair(message):
    assert repair(message) is Repair.NONE


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Handle empty names\n\nFixes #12", Repair.LINKED),
        ("Handle empty names\n\nCloses-Bug: #1234567", Repair.LINKED),
        ("Handle empty names (#12)", Repair.NONE),
        ("Fix empty names (#12)", Repair.WORDS),
        ("Handle empty names\n\nThis fixes the crash", Repair.NONE),
        ("Fix typo\n\nFixes #12", Repair.NONE),
    ],
)
def test_an_issue_counts_in_the_body_and_words_only_in_the_subject(message, expected):
    assert repair(message) is expected


@given(st.text(max_size=2000))
def test_any_message_can_be_read(message):
    assert repair(message) in Repair
    assert len(subject(message)) <= 300


@pytest.mark.parametrize(
    "piece", ["fix ", "fix a ", "a.b-", "bug:", "fix:\t", "type ", "lp: ", "[docs(", "éfix"]
)
def test_long_messages_take_no_long_time(piece):
    begin = time.process_time()
    repair(piece * 200_000)
    assert time.process_time() - begin < 1
