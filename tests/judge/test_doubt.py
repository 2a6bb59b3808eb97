"""What unknown origins cost, whatever the clauses ask."""

from judge.make_facts import BOB, CAROL, H1, H2, Step, approve, case, clauses, commit, judged, push
from riskbot.domain.verdict import Outcome
from riskbot.judge.doubt import NAME

OWNERS_ONLY = """\
version: 1
name: owners-only
authors: {unattributed: one-more}
requires:
  clause: owners approve
  owners: {}
"""

UNKNOWN: Step = push(H2, commit(H2, parents=(H1,), author=None))


def test_one_approval_is_too_few_for_a_commit_that_nobody_is_known_to_have_made() -> None:
    verdict = judged(case(UNKNOWN, approve(BOB, H2)), OWNERS_ONLY)
    assert verdict.outcome is Outcome.HELD
    clause = clauses(verdict)[NAME]
    assert clause.reason.startswith("1 of 2 approvals: bob.")
    assert "carol" in clause.could
    assert ("carol",) in verdict.unlocking


def test_two_independent_ones_are_enough() -> None:
    verdict = judged(case(UNKNOWN, approve(BOB, H2), approve(CAROL, H2)), OWNERS_ONLY)
    assert verdict.outcome is Outcome.ALLOWED


def test_where_nothing_is_unknown_nothing_is_added() -> None:
    verdict = judged(case(approve(BOB)), OWNERS_ONLY)
    assert verdict.outcome is Outcome.ALLOWED
    assert NAME not in clauses(verdict)
