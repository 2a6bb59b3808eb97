"""Each predicate by itself: both sides of every limit, the numbers in the reason, bounded evidence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.make_bench import bench
from riskbot.domain.assessment import Band
from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.domain.verdict import Status
from riskbot.facts.document import Omission
from riskbot.judge.cases import Facts, FindingFacts
from riskbot.judge.predicates.analysed import Analysed
from riskbot.judge.predicates.findings import ConfidenceLimit, Findings, SeverityLimit
from riskbot.judge.predicates.risk import BandLimit, PercentileLimit, Risk

SATISFIED, PENDING, ERROR = Status.SATISFIED, Status.PENDING, Status.ERROR


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("limit", Band)
def test_a_band_is_allowed_up_to_the_limit(band, limit):
    answer = Risk(band=BandLimit(limit)).ask(bench(Facts(band=band)))
    assert answer.status is (SATISFIED if list(Band).index(band) <= list(Band).index(limit) else PENDING)
    assert f"The change is {band.value}" in answer.reason
    assert f"at most {limit.value}" in answer.reason


@pytest.mark.parametrize(
    ("percentile", "status", "shown"),
    [(94.999, SATISFIED, "94.9"), (95.0, PENDING, "95"), (100.0, PENDING, "100")],
)
def test_a_percentile_must_stay_below_the_limit(percentile, status, shown):
    answer = Risk(percentile=PercentileLimit(95)).ask(bench(Facts(percentile=percentile)))
    assert answer.status is status
    assert (
        answer.reason == f"The change is green at percentile {shown}; the policy allows below percentile 95."
    )


def test_with_two_limits_both_must_hold():
    risk = Risk(band=BandLimit(Band.YELLOW), percentile=PercentileLimit(95))
    assert risk.ask(bench(Facts(band=Band.GREEN, percentile=96))).status is PENDING
    assert risk.ask(bench(Facts(band=Band.RED, percentile=10))).status is PENDING
    assert risk.ask(bench(Facts(band=Band.YELLOW, percentile=10))).status is SATISFIED


@pytest.mark.parametrize("percentile", [math.nan, math.inf, -1.0, 100.5])
def test_a_score_that_is_no_percentile_is_an_error(percentile):
    broken = bench(percentile=percentile)
    assert Risk(band=BandLimit(Band.RED)).ask(broken).status is ERROR


def test_a_raised_band_says_why():
    raised = bench(Facts(band=Band.RED), band_note="raised: nobody read b.py")
    assert Risk(band=BandLimit(Band.YELLOW)).ask(raised).evidence == ("raised: nobody read b.py",)


findings = st.builds(
    FindingFacts,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    category=st.sampled_from(Category),
    introduced=st.booleans(),
    on_changed_lines=st.booleans(),
    suppressed=st.booleans(),
)


@given(st.lists(findings, max_size=8), st.integers(0, 3))
def test_by_default_new_unsuppressed_findings_on_changed_lines_count(facts, limit):
    answer = Findings(at_most=limit).ask(bench(Facts(findings=tuple(facts))))
    number = sum(fact.introduced and fact.on_changed_lines and not fact.suppressed for fact in facts)
    assert answer.status is (SATISFIED if number <= limit else PENDING)
    assert answer.reason.startswith(f"{number} new unsuppressed finding")
    assert len(answer.evidence) == number


@given(st.lists(findings, max_size=8), st.sampled_from(Severity), st.sampled_from(Confidence))
def test_severity_and_confidence_are_two_axes(facts, severity, confidence):
    every = Findings(at_most=0, introduced="any", on_changed_lines="any", suppressed="any")
    limited = Findings(
        at_most=0,
        severity=SeverityLimit(severity),
        confidence=ConfidenceLimit(confidence),
        introduced="any",
        on_changed_lines="any",
        suppressed="any",
    )
    case = bench(Facts(findings=tuple(facts)))
    assert len(every.ask(case).evidence) == len(facts)
    counted = [
        fact
        for fact in facts
        if list(Severity).index(fact.severity) >= list(Severity).index(severity)
        and list(Confidence).index(fact.confidence) >= list(Confidence).index(confidence)
    ]
    assert len(limited.ask(case).evidence) == len(counted)


@pytest.mark.parametrize("mark", ["introduced", "on_changed_lines", "suppressed"])
@pytest.mark.parametrize(("wanted", "number"), [(True, 1), (False, 1), ("any", 2)])
def test_each_mark_can_be_asked_for_both_ways_or_not_at_all(mark, wanted, number):
    both = [FindingFacts(severity=Severity.LOW, **{mark: side}) for side in (True, False)]
    answer = Findings(at_most=9, **{mark: wanted}).ask(bench(Facts(findings=tuple(both))))
    assert len(answer.evidence) == number


def test_categories_limit_what_counts():
    facts = tuple(FindingFacts(severity=Severity.LOW, category=category) for category in Category)
    answer = Findings(at_most=0, categories=(Category.PRIVACY, Category.GOVERNANCE)).ask(
        bench(Facts(findings=facts))
    )
    assert len(answer.evidence) == 2
    assert "2 new unsuppressed privacy/governance findings" in answer.reason


def test_rules_limit_what_counts():
    facts = tuple(
        FindingFacts(severity=Severity.LOW, rule=rule)
        for rule in ("zone-flow", "zone-flow", "zones-weakened", "eval")
    )
    one = Findings(at_most=0, rules=("zone-flow",)).ask(bench(Facts(findings=facts)))
    assert len(one.evidence) == 2
    assert "(on changed lines, of the rule zone-flow)" in one.reason
    two = Findings(at_most=0, rules=("zone-flow", "zones-weakened")).ask(bench(Facts(findings=facts)))
    assert len(two.evidence) == 3
    assert Findings(at_most=0, rules=("zone",)).ask(bench(Facts(findings=facts))).status is SATISFIED


def test_a_failed_step_makes_a_count_unknown_but_not_a_limit_already_passed():
    one = (FindingFacts(severity=Severity.HIGH),)
    failed = bench(Facts(findings=one, failures=("semgrep",)))
    assert Findings(at_most=0).ask(failed).status is PENDING
    answer = Findings(at_most=1).ask(failed)
    assert answer.status is ERROR
    assert "semgrep failed, so there may be more" in answer.reason


def test_evidence_starts_with_the_worst_and_says_how_many_more():
    facts = (*(FindingFacts(severity=Severity.LOW),) * 30, FindingFacts(severity=Severity.CRITICAL))
    evidence = Findings(at_most=0).ask(bench(Facts(findings=facts))).evidence
    assert evidence[0] == "app.py:31 case (critical severity, high confidence)"
    assert len(evidence) == 11
    assert evidence[-1] == "and 21 more"


def test_evidence_names_who_asked_for_silence():
    facts = (FindingFacts(severity=Severity.HIGH, suppressed=True),)
    answer = Findings(at_most=0, suppressed=True).ask(bench(Facts(findings=facts)))
    assert answer.evidence == ("app.py:1 case (high severity, high confidence, suppressed by the case)",)


@pytest.mark.parametrize("kind", OmissionKind)
def test_an_omission_holds_unless_its_kind_is_tolerated(kind):
    left_out = bench(Facts(omissions=(kind,)))
    assert Analysed().ask(left_out).status is PENDING
    assert Analysed(tolerate=(kind,)).ask(left_out).status is SATISFIED
    others = tuple(other for other in OmissionKind if other is not kind)
    assert Analysed(tolerate=others).ask(left_out).status is PENDING


def test_a_failure_is_an_error_whatever_is_tolerated():
    answer = Analysed(tolerate=tuple(OmissionKind)).ask(bench(Facts(failures=("structure",))))
    assert answer.status is ERROR
    assert answer.evidence == ("structure: as the case says",)


def test_what_was_left_out_is_named_and_what_is_tolerated_counted():
    omissions = (
        Omission(kind=OmissionKind.UNPARSABLE, step="structure", reason="a syntax error", path="bad.py"),
        Omission(kind=OmissionKind.BINARY, step="gather", reason="not text", path="logo.png"),
    )
    answer = Analysed(tolerate=(OmissionKind.BINARY,)).ask(bench(omissions=omissions))
    assert answer.reason == "The analysis has 1 gap; 1 tolerated."
    assert answer.evidence == ("bad.py: unparsable (structure: a syntax error)",)


@given(st.floats(0, 100), st.floats(0.001, 100))
def test_the_percentile_shown_is_on_the_same_side_of_the_limit(percentile, limit):
    risk = Risk(percentile=PercentileLimit(limit))
    reason = risk.ask(bench(Facts(percentile=percentile))).reason
    shown = float(reason.partition("at percentile ")[2].partition(";")[0])
    assert (shown < limit) == (percentile < limit)
    assert shown <= percentile < shown + 0.1001
