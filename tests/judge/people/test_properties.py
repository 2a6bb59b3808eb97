"""What holds for every pull request: the ban only grows, nobody approves their own, more noes never help."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from judge.make_facts import oid
from judge.people.make_people import (
    author_rules,
    commits,
    emails,
    never_easier,
    outcome,
    pulls,
    review_rules,
    reviews,
    trailers,
)
from riskbot.facts.document import Commit, Facts, ReviewState
from riskbot.judge.language.declarations import AuthorRules, ReviewRules

pytestmark = pytest.mark.slow

many = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_commits(facts: Facts, made: tuple[Commit, ...]) -> Facts:
    return replace(facts, change=replace(facts.change, commits=made))


@many
@given(pulls(), review_rules, author_rules, st.tuples(trailers, emails, st.integers(0, 5)))
def test_p1_a_trailer_or_an_address_never_helps(facts, rules, authors, more) -> None:
    trailer, address, nth = more
    made = facts.change.commits
    old = made[nth % len(made)]
    message = f"{old.message}\nco-authored-by: A B <{address}>" if nth % 2 else old.message
    new = replace(old, trailers=(*old.trailers, trailer), message=message)
    after = with_commits(facts, tuple(new if one is old else one for one in made))
    never_easier(outcome(facts, rules, authors), outcome(after, rules, authors))


@many
@given(pulls(), review_rules, author_rules, commits(oid("another")))
def test_p1_a_commit_never_helps(facts, rules, authors, another) -> None:
    after = with_commits(facts, (*facts.change.commits, another))
    never_easier(outcome(facts, rules, authors), outcome(after, rules, authors))


@many
@given(pulls(), review_rules, author_rules)
def test_p2_nobody_approves_their_own(facts, rules, authors) -> None:
    found, said = outcome(facts, rules, authors)
    assert not set(said.approvals) & set(found.accounts)
    assert {one.account for one in said.opinions if one.counts} == set(said.approvals)


@many
@given(pulls(), review_rules, author_rules, reviews(ReviewState.APPROVED))
def test_p3_removing_an_approval_never_helps(facts, rules, authors, approval) -> None:
    before = replace(
        facts, pull=replace(facts.pull, reviews=(*facts.pull.reviews, replace(approval, id=100)))
    )
    never_easier(outcome(before, rules, authors), outcome(facts, rules, authors))


@many
@given(pulls(), review_rules, author_rules, reviews(ReviewState.CHANGES_REQUESTED))
def test_p4_a_request_for_changes_never_helps(facts, rules, authors, objection) -> None:
    more = (*facts.pull.reviews, replace(objection, id=100))
    after = replace(facts, pull=replace(facts.pull, reviews=more))
    never_easier(outcome(facts, rules, authors), outcome(after, rules, authors))


@many
@given(pulls(), review_rules, author_rules, st.data())
def test_p5_the_order_of_telling_is_nothing(
    facts: Facts, rules: ReviewRules, authors: AuthorRules, data
) -> None:
    """All events may be told in any order, not only those of one time: each carries its own."""
    lists = ("pushes", "reviews", "comments", "ban_lifts", "agent_runs", "base_changes")
    mixed = {name: tuple(data.draw(st.permutations(getattr(facts.pull, name)))) for name in lists}
    heads = tuple(data.draw(st.permutations(facts.change.heads)))
    after = replace(facts, pull=replace(facts.pull, **mixed), change=replace(facts.change, heads=heads))
    assert outcome(facts, rules, authors) == outcome(after, rules, authors)
