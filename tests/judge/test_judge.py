"""``judge``: pure, and closed when in doubt."""

from __future__ import annotations

import ast
import math
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.make_bench import facts_of, judged
from riskbot.domain.assessment import Band
from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.domain.verdict import Outcome
from riskbot.facts import read, write
from riskbot.facts.document import Finding
from riskbot.judge.cases import Facts, FindingFacts, assess
from riskbot.judge.language import policy
from riskbot.judge.tree import Group, How

DEFAULT = policy.load(
    (Path(__file__).parents[2] / "policies" / "default.yml").read_bytes(),
    file="default.yml",
    source="bundled",
)
ONLY_DOCS = policy.load(
    b"version: 1\nname: docs\nrequires: {clause: a, if: {paths: [docs/**]}, analysed: {}}\n",
    file="docs.yml",
    source="a test",
)

facts = st.builds(
    Facts,
    band=st.sampled_from(Band),
    findings=st.lists(
        st.builds(
            FindingFacts,
            severity=st.sampled_from(Severity),
            confidence=st.sampled_from(Confidence),
            category=st.sampled_from([Category.SECURITY, Category.GOVERNANCE]),
            introduced=st.booleans(),
            on_changed_lines=st.booleans(),
            suppressed=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    omissions=st.lists(st.sampled_from(OmissionKind), max_size=3).map(tuple),
    failures=st.lists(st.sampled_from(["semgrep", "structure"]), max_size=2).map(tuple),
)


@given(facts)
def test_the_same_facts_give_the_same_verdict(given_facts):
    """Also when they were written down and read again meanwhile."""
    full = assess(given_facts)
    again = read(write(pickle.loads(pickle.dumps(full))), "again.json")
    assert judged(full, DEFAULT) == judged(again, DEFAULT)


@given(facts)
def test_the_order_of_findings_and_omissions_does_not_matter(given_facts):
    found = assess(given_facts).assessment
    turned = facts_of(given_facts, findings=found.findings[::-1])
    assert judged(given_facts, DEFAULT).root == judged(turned, DEFAULT).root


@given(facts, st.sampled_from(["semgrep", "history"]))
def test_a_failure_never_helps(given_facts, step):
    failed = judged(replace_facts(given_facts, failures=(*given_facts.failures, step)), DEFAULT)
    assert failed.outcome is Outcome.UNDECIDED
    assert judged(given_facts, DEFAULT).outcome is not Outcome.UNDECIDED or given_facts.failures


@given(facts, st.sampled_from(OmissionKind))
def test_an_omission_never_helps(given_facts, kind):
    before = judged(given_facts, DEFAULT)
    after = judged(replace_facts(given_facts, omissions=(*given_facts.omissions, kind)), DEFAULT)
    assert not _waits(after) or _waits(before)


def replace_facts(old: Facts, **new: object) -> Facts:
    return Facts(**{name: getattr(old, name) for name in Facts.__struct_fields__} | new)


def _waits(verdict):
    """Nothing but approvals is lacking."""
    return verdict.awaits and not verdict.mendable


TOLERATED = {OmissionKind.BINARY, OmissionKind.SHALLOW_HISTORY, OmissionKind.NO_HISTORY}


@given(facts)
def test_the_default_policy_allows_exactly_what_its_page_says(given_facts):
    severe = any(
        finding.severity >= Severity.HIGH
        and finding.introduced
        and (finding.confidence >= Confidence.MEDIUM or finding.category is Category.GOVERNANCE)
        for finding in given_facts.findings
    )
    calm = given_facts.band is not Band.RED and not severe and set(given_facts.omissions) <= TOLERATED
    verdict = judged(given_facts, DEFAULT)
    assert verdict.outcome is (Outcome.UNDECIDED if given_facts.failures else Outcome.HELD)
    assert _waits(verdict) is (calm and not given_facts.failures)


@pytest.mark.parametrize("where", [("app.py", None), ("gone.py", 3), ("b", 9)])
def test_a_severe_finding_counts_wherever_it_points(where):
    path, line = where
    moved = facts_of(findings=(Finding(rule="case", severity=Severity.HIGH, path=path, line=line),))
    assert judged(moved, DEFAULT).outcome is Outcome.HELD


@pytest.mark.parametrize("percentile", [math.nan, math.inf, -math.inf, -0.5, 100.5])
def test_a_score_that_is_no_number_is_never_allowed(percentile):
    verdict = judged(facts_of(percentile=percentile), DEFAULT)
    assert verdict.outcome is not Outcome.ALLOWED
    assert "the risk is not red" in {clause.name for clause in verdict.mendable}


def test_a_tree_without_members_is_not_allowed():
    for how in How:
        empty = replace(DEFAULT, requires=Group("nothing", how, ()))
        assert judged(Facts(), empty).outcome is Outcome.UNDECIDED


def test_a_policy_of_which_nothing_applies_decides_nothing():
    assert judged(Facts(files=("src/a.py",)), ONLY_DOCS).outcome is Outcome.UNDECIDED
    assert judged(Facts(files=("docs/a.md",)), ONLY_DOCS).outcome is Outcome.ALLOWED


def test_the_verdict_names_its_policy_and_what_it_is_of():
    verdict = judged(Facts(), DEFAULT)
    assert (verdict.policy.name, verdict.policy.source) == ("default", "bundled")
    assert len(verdict.policy.sha256) == 64
    assert verdict.subject.head == assess(Facts()).change.head


@pytest.mark.parametrize("module", ["os", "time", "random", "pathlib", "subprocess", "socket"])
def test_the_judge_imports_nothing_that_could_make_it_impure(module):
    """Its own modules, that is: what yaml and msgspec import for themselves is not its doing."""
    import riskbot.judge

    for path in Path(riskbot.judge.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert module not in {alias.name for alias in node.names}, path
            if isinstance(node, ast.ImportFrom):
                assert node.module != module, path


def test_the_judge_never_asks_what_time_it_is():
    import riskbot.judge

    for path in Path(riskbot.judge.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"utcnow", "today", "fromtimestamp"}, path
                owner = node.value
                assert not (
                    node.attr == "now" and isinstance(owner, ast.Name) and owner.id in {"datetime", "date"}
                ), path
