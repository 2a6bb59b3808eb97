"""What the base says of findings: applied by day, nothing dropped, nothing that governs silenced."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.adjust import EXPIRED, NOTHING, PROTECTED, Adjustments, Suppression, adjust
from riskbot.detect.rules.adjustments import read
from riskbot.detect.rules.paths import Paths
from riskbot.detect.rules.tables import tables
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Category, Confidence, Detection, Finding, Location, Rule, Severity

DAY = dt.date(2027, 3, 31)
KNOWN = {"eval-of-variable", "sql-from-string", *PROTECTED}
SOUND = '[[suppress]]\nrule = "sql-from-string"\nreason = "by hand"\nuntil = 2027-03-31\n'


def finding(rule: str = "sql-from-string", path: str = "scripts/a.py", **fields: object) -> Finding:
    whole = Finding(
        rule=rule,
        detector="semgrep",
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        category=Category.SECURITY,
        location=Location(path, 3),
        message="m",
        fingerprint="f",
    )
    return replace(whole, **fields)


def detection(*findings: Finding) -> Detection:
    rule = Rule("sql-from-string", "t", "h", Severity.CRITICAL, Confidence.HIGH, Category.SECURITY)
    return Detection(findings, rules=(rule,))


def test_without_adjustments_nothing_changes() -> None:
    seen = detection(finding())
    assert adjust(seen, NOTHING, DAY) is seen


def test_a_severity_of_the_base_holds_for_the_finding_and_its_rule() -> None:
    done = adjust(
        detection(finding(), finding("other")), Adjustments((("sql-from-string", Severity.LOW),)), DAY
    )
    assert [one.severity for one in done.findings] == [Severity.LOW, Severity.CRITICAL]
    assert done.rules[0].severity is Severity.LOW


@pytest.mark.parametrize(
    ("today", "silent"), [(DAY - dt.timedelta(1), True), (DAY, True), (DAY + dt.timedelta(1), False)]
)
def test_a_suppression_counts_to_its_last_day_and_is_then_told(today: dt.date, silent: bool) -> None:
    one = Suppression("sql-from-string", "by hand", DAY, Paths(("scripts/**",)), line=7)
    done = adjust(detection(finding(), finding(path="app/b.py")), Adjustments((), (one,)), today)
    inside, outside, *over = done.findings
    assert outside.suppressed_by is None
    assert inside.suppressed_by == (".riskbot/rules.toml:7 until 2027-03-31: by hand" if silent else None)
    assert [(each.rule, each.severity, each.location.line, each.introduced) for each in over] == [
        (EXPIRED.id, Severity.LOW, 7, True)
    ] * (not silent)
    assert (EXPIRED in done.rules) is not silent


def test_one_that_is_over_and_hid_nothing_here_is_no_news_of_this_change() -> None:
    one = Suppression("sql-from-string", "by hand", DAY)
    (told,) = adjust(Detection(), Adjustments((), (one,)), DAY + dt.timedelta(9)).findings
    assert not told.introduced
    assert "2027-03-31" in told.message


def test_the_words_of_the_author_stay_behind_those_of_the_base() -> None:
    one = Suppression("sql-from-string", "by hand", DAY, line=1)
    silenced = finding(suppressed_by="nosemgrep comment on line 3")
    (done,) = adjust(detection(silenced), Adjustments((), (one,)), DAY).findings
    assert done.suppressed_by == (
        ".riskbot/rules.toml:1 until 2027-03-31: by hand; nosemgrep comment on line 3"
    )


@given(st.lists(st.sampled_from(["sql-from-string", "eval-of-variable", "x"])), st.dates())
def test_no_finding_is_ever_lost(rules: list[str], today: dt.date) -> None:
    seen = tuple(finding(rule) for rule in rules)
    entries = (Suppression("sql-from-string", "a", DAY), Suppression("x", "b", DAY, Paths(("nowhere",))))
    done = adjust(Detection(seen), Adjustments((("x", Severity.INFO),), entries), today).findings
    assert [one.rule for one in done][: len(rules)] == rules
    assert len(done) == len(rules) + (2 if today > DAY else 0)


def test_a_whole_file_is_read() -> None:
    text = '[severity]\neval-of-variable = "low"\n\n' + SOUND.replace(
        "reason", 'paths = ["a/**", "b.py"]\nreason'
    )
    done = read(text.encode(), KNOWN)
    assert done.severities == (("eval-of-variable", Severity.LOW),)
    assert done.suppressions == (
        Suppression("sql-from-string", "by hand", DAY, Paths(("a/**", "b.py")), line=4),
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[severities]\n", 1, "Did you mean 'severity'"),
        ('[severity]\neval-of-variabel = "low"\n', 2, "Did you mean 'eval-of-variable'"),
        ('[severity]\neval-of-variable = "lo"\n', 2, "is no severity. Did you mean 'low'"),
        ("[severity]\neval-of-variable = 3\n", 2, "Write one of: info"),
        ('[severity]\n\ncharter-changed = "low"\n', 3, "cannot be suppressed or given another severity"),
        (SOUND.replace("sql-from-string", "charter-changed"), 2, "watches over what governs"),
        (SOUND.replace("sql-from-string", "zones-weakened"), 2, "watches over what governs"),
        (SOUND + SOUND.replace("sql-from-string", "sql"), 6, "There is no rule 'sql'"),
        (SOUND + "\n" + SOUND.replace('reason = "by hand"\n', ""), 6, "'reason' is missing"),
        (SOUND.replace("by hand", " "), 3, "reason must be a text"),
        (SOUND.replace("until = 2027-03-31\n", ""), 1, "'until' is missing"),
        (SOUND.replace("2027-03-31", '"soon"'), 4, "until must be a day"),
        (SOUND.replace("2027-03-31", "2027-03-31T12:00:00Z"), 4, "until must be a day"),
        (SOUND + "path = 'a'\n", 5, "Did you mean 'paths'"),
        (SOUND + "paths = []\n", 5, "at least one"),
        (SOUND + "paths = 'a'\n", 5, "a list of globs"),
        ("suppress = 3\n", 1, "list"),
        ("severity = 3\n", 1, "severity must be a table"),
        ("[severity\n", 1, "not TOML"),
        ("a = '\xff'\n", None, "not TOML"),
    ],
)
def test_every_error_has_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(ConfigError, match=words.replace("[", r"\[")) as caught:
        read(text.encode("latin-1"), KNOWN)
    assert caught.value.line == line
    assert str(caught.value).startswith(".riskbot/rules.toml")


def test_what_is_protected_exists() -> None:
    assert tables().keys() >= PROTECTED
