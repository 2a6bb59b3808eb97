"""Who is entitled: membership when they approved and still, fresh members, permission."""

from __future__ import annotations

from datetime import timedelta

import pytest

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    ERIN,
    LONG_AGO,
    NOW,
    POLICY,
    RITA,
    account,
    approve,
    at,
    case,
    clauses,
    expect,
    joins,
    judged,
    leaves,
    with_files,
)
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Permission

HELD, ALLOWED = Outcome.HELD, Outcome.ALLOWED
DEV, OWN = "a developer approves", "owners approve"
SETTLED = POLICY + "reviews: {member_for: 7d}\n"


def test_s36_a_former_member() -> None:
    verdict = judged(case(leaves(BOB, "acme/devs", at(30)), approve(BOB, when=at(60))))
    expect(verdict, HELD, open_=[DEV, OWN], unlock=[["carol"]])
    assert "bob" not in clauses(verdict)[DEV].could


def test_s36_somebody_who_left_after_approving() -> None:
    """Both then and now: access that was taken away is not to be used any more."""
    verdict = judged(case(leaves(BOB, "acme/devs", at(90)), approve(BOB, when=at(60))))
    expect(verdict, HELD, open_=[DEV, OWN], unlock=[["carol"]])


def test_s36_somebody_who_leaves_tomorrow_still_counts() -> None:
    verdict = judged(case(leaves(BOB, "acme/devs", NOW + timedelta(days=1)), approve(BOB)))
    expect(verdict, ALLOWED, counts=["bob"])


def test_s36_somebody_who_joined_after_approving() -> None:
    facts = case(approve(6, when=at(60)), joins(6, "acme/devs", since=at(90)))
    expect(judged(facts), HELD, open_=[DEV, OWN])


def test_s36_left_and_came_back() -> None:
    facts = case(
        leaves(BOB, "acme/devs", at(30)), joins(BOB, "acme/devs", since=at(90)), approve(BOB, when=at(60))
    )
    expect(judged(facts), HELD, open_=[DEV, OWN])


SOCK = (
    account(8, "sock"),
    joins(8, "acme/devs", since=at(10), changed_by=ALICE),
    approve(8, when=at(60)),
)


def test_s37_a_sock_puppet_is_never_silent() -> None:
    verdict = judged(case(*SOCK))
    expect(verdict, ALLOWED, flags=["fresh_member"])
    (note,) = (note for note in verdict.flags if note.code == "fresh_member")
    assert "sock" in note.reason + " ".join(note.evidence)


def test_s37_with_a_membership_age_it_does_not_count() -> None:
    expect(judged(case(*SOCK), SETTLED), HELD, open_=[DEV, OWN], unlock=[["bob"], ["carol"]])


@pytest.mark.parametrize(("days", "outcome"), [(7, ALLOWED), (6.999, HELD)])
def test_s37_the_age_is_that_at_the_approval(days: float, outcome: Outcome) -> None:
    moment = at(60)
    facts = case(
        account(8, "eight"),
        joins(8, "acme/devs", since=moment - timedelta(days=days)),
        approve(8, when=moment),
    )
    assert judged(facts, SETTLED).outcome is outcome


def test_s37_an_unknown_start_is_no_age() -> None:
    facts = case(account(8, "eight"), joins(8, "acme/devs", since=None), approve(8))  # type: ignore[arg-type]
    expect(judged(facts, SETTLED), HELD, open_=[DEV, OWN])


def test_s37_a_roster_in_the_repository_needs_its_own_review() -> None:
    verdict = judged(case(with_files(".riskbot/readability"), approve(BOB)))
    expect(verdict, HELD, open_=[OWN], unlock=[["erin"]])


def test_s37_old_members_are_not_told() -> None:
    verdict = judged(case(approve(BOB)))
    assert "fresh_member" not in {note.code for note in verdict.flags}


def test_s38_a_reviewer_without_write() -> None:
    verdict = judged(case(joins(RITA, "acme/devs"), approve(RITA)))
    expect(verdict, HELD, open_=[DEV, OWN], unlock=[["bob"], ["carol"]])
    assert "rita" not in clauses(verdict)[DEV].could
    assert {"rita": "no_permission"}.items() <= {
        one.who: one.code for one in verdict.opinions if not one.counts
    }.items()


@pytest.mark.parametrize("permission", [None, Permission.NONE, Permission.READ, Permission.TRIAGE])
def test_s38_what_is_not_known_is_not_write(permission: Permission | None) -> None:
    facts = case(account(8, "eight", permission=permission), joins(8, "acme/devs"), approve(8))
    expect(judged(facts), HELD, counts=[], open_=[DEV, OWN])


@pytest.mark.parametrize("permission", [Permission.WRITE, Permission.MAINTAIN, Permission.ADMIN])
def test_s38_write_and_more_is(permission: Permission) -> None:
    facts = case(account(8, "eight", permission=permission), joins(8, "acme/devs"), approve(8))
    expect(judged(facts), ALLOWED, counts=["eight"])


def test_a_suspended_account_does_not_count() -> None:
    expect(judged(case(account(BOB, "bob", active=False), approve(BOB))), HELD, counts=[])


def test_an_account_that_the_facts_do_not_have_does_not_count() -> None:
    expect(judged(case(approve(99))), HELD, counts=[], open_=[DEV, OWN])


def test_a_directory_without_teams_is_unknown_and_not_empty() -> None:
    from msgspec.structs import replace

    assert judged(replace(case(approve(BOB)), teams=None)).outcome is not ALLOWED


def test_no_directory_at_all_allows_nobody() -> None:
    from msgspec.structs import replace

    assert judged(replace(case(approve(BOB)), accounts=None, teams=None)).outcome is not ALLOWED


def test_two_teams_do_not_make_two_people() -> None:
    source = POLICY.replace("count: 1", "count: 2")
    facts = case(joins(BOB, "acme/sec"), approve(BOB), approve(BOB))
    expect(judged(facts, source), HELD, counts=["bob"], open_=[DEV], unlock=[["carol"]])


def test_permission_is_asked_beside_the_team() -> None:
    source = POLICY.replace('from: ["@acme/devs"]', 'from: ["@acme/devs"], permission: maintain')
    expect(judged(case(approve(BOB)), source), HELD, open_=[DEV])
    facts = case(account(CAROL, "carol", permission=Permission.MAINTAIN), approve(CAROL))
    expect(judged(facts, source), ALLOWED)


def test_a_requirement_from_outside_the_authors_team() -> None:
    source = POLICY.replace('from: ["@acme/devs"]', "outside_author_teams: true")
    expect(judged(case(approve(BOB)), source), HELD, open_=[DEV])
    expect(judged(case(approve(BOB), approve(ERIN)), source), ALLOWED)


def test_a_membership_that_begins_in_the_future_is_none() -> None:
    facts = case(account(8, "eight"), joins(8, "acme/devs", since=NOW + timedelta(days=1)), approve(8))
    expect(judged(facts), HELD, open_=[DEV, OWN])


def test_long_standing_members_are_settled() -> None:
    assert at(0) - LONG_AGO > timedelta(days=700)
    expect(judged(case(approve(BOB)), SETTLED), ALLOWED, counts=["bob"])
