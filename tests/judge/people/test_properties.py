"""What holds for every pull request: the ban only grows, nobody approves their own, more noes never help."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

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
from judge.make_facts import oid
from riskbot.facts.document import Commit, Facts, ReviewState
from riskbot.judge.declarations import AuthorRules, ReviewRules

many = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def with_commits(facts: Facts, made: tuple[Commit, ...]) -> Facts:
    return replace(facts, change=replace(facts.change, commits=made))


@many
@given(pulls(), review_rules, author_rules, trailers, st.data())
def test_p1_a_trailer_never_helps(facts, rules, authors, trailer, data) -> None:
    made = facts.change.commits
    assume(made)
    nth = data.draw(st.integers(0, len(made) - 1))
    changed = replace(made[nth], trailers=(*made[nth].trailers, trailer))
    after = with_commits(facts, (*made[:nth], changed, *made[nth + 1 :]))
    never_easier(outcome(facts, rules, authors), outcome(after, rules, authors))


@many
@given(pulls(), review_rules, author_rules, emails, st.data())
def test_p1_an_address_in_a_message_never_helps(facts, rules, authors, address, data) -> None:
    made = facts.change.commits
    assume(made)
    nth = data.draw(st.integers(0, len(made) - 1))
    changed = replace(made[nth], message=f"{made[nth].message}\nco-authored-by: A B <{address}>")
    after = with_commits(facts, (*made[:nth], changed, *made[nth + 1 :]))
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
@given(pulls(), review_rules, author_rules, st.data())
def test_p3_removing_an_approval_never_helps(facts, rules, authors, data) -> None:
    given_ = [one for one in facts.pull.reviews if one.state is ReviewState.APPROVED and not one.dismissed]
    assume(given_)
    gone = data.draw(st.sampled_from(given_))
    rest = tuple(one for one in facts.pull.reviews if one != gone)
    after = replace(facts, pull=replace(facts.pull, reviews=rest))
    never_easier(outcome(facts, rules, authors), outcome(after, rules, authors))


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


@many
@given(pulls(), review_rules, author_rules)
def test_the_same_facts_give_the_same_people(facts, rules, authors) -> None:
    assert outcome(facts, rules, authors) == outcome(facts, rules, authors)
