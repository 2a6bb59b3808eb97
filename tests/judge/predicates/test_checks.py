"""S41: only the named app's word about exactly the head counts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Check
from tests.judge.make_facts import BOB, H1, H2, approve, case, pulled, push
from tests.judge.predicates.asked import asked, heard, told

CLAUSE = "checks: {name: ci, app: 17}"


def ran(
    conclusion: str | None = "success", app: int | None = 17, commit: str = H1, name: str = "ci"
) -> Check:
    return Check(name=name, commit=commit, conclusion=conclusion, app=app)


@pytest.mark.parametrize(
    ("checks", "status"),
    [
        ((ran(),), Status.SATISFIED),
        ((ran(), ran()), Status.SATISFIED),
        ((ran(), ran("failure")), Status.PENDING),  # nobody says which run is the later one
        ((ran(None),), Status.PENDING),
        ((ran("neutral"),), Status.PENDING),
        ((ran("skipped"),), Status.PENDING),
        ((ran("SUCCESS"),), Status.PENDING),
        ((ran(app=18),), Status.PENDING),
        ((ran(app=None),), Status.PENDING),  # a commit status: anybody's word
        ((ran(commit=H2),), Status.PENDING),
        ((ran(commit=H1[:12]),), Status.PENDING),
        ((ran(name="CI"),), Status.PENDING),
        ((ran("failure", app=None), ran()), Status.SATISFIED),  # nor can it spoil
        ((), Status.PENDING),
    ],
)
def test_what_counts(checks, status):
    assert asked(case(pulled(checks=checks)), CLAUSE).status is status


def test_a_forged_status_is_told():
    clause = asked(case(pulled(checks=(ran(app=None), ran(app=18)))), CLAUSE)
    assert told(clause) == (
        f"App 17 reported no check 'ci' on the head {H1[:12]}."
        f" Not counted: a commit status on {H1[:12]}. Not counted: app 18 on {H1[:12]}."
    )


def test_a_push_leaves_the_check_behind():
    facts = case(pulled(checks=(ran(),)), push(H2))
    assert asked(facts, CLAUSE).status is Status.PENDING


def test_no_approval_stands_for_a_check_and_what_nobody_looked_at_is_an_error():
    verdict = heard(case(approve(BOB)), CLAUSE)
    assert (verdict.outcome, verdict.unlocking) == (Outcome.HELD, ())
    assert asked(case(pulled(checks=None)), CLAUSE).status is Status.ERROR


def test_before_it_is_proposed_the_check_can_still_run():
    clause = asked(replace(case(), pull=None), CLAUSE)
    assert clause.status is Status.PENDING
    assert clause.could == ("app 17 (ci)",)
