"""Every story of up to five events by two users, against the oracle."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from judge.make_facts import ALICE, BOB, CAROL, ERIN, NOW, at, case, oid
from judge.people.oracle import judge
from riskbot.facts.document import Dismissal, Review, ReviewState
from riskbot.judge.language.declarations import AuthorRules, ReviewRules
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import interested
from riskbot.judge.people.opinions import ballot

USERS = {"bob": BOB, "carol": CAROL}
HEADS = [oid(f"head {number}") for number in range(6)]
STATES = {
    "yes": ReviewState.APPROVED,
    "no": ReviewState.CHANGES_REQUESTED,
    "remark": ReviewState.COMMENTED,
}
EVENTS = [
    ("push",),
    *((what, who) for what in STATES for who in USERS),
    *(("strike", who, part) for who in USERS for part in (True, False)),
]
FACTS = case()
DIRECTORY = Directory(FACTS, {})
INTERESTED = interested(FACTS, AuthorRules(), ReviewRules(), (), DIRECTORY, now=NOW)


def told(story: tuple[tuple, ...]) -> tuple[str, list[Review]]:
    """The story as the forge would tell it at its end: states are changed in place."""
    head, reviews = 0, []
    for minute, (what, *rest) in enumerate(story):
        if what == "push":
            head += 1
            continue
        user = USERS[rest[0]]
        if what != "strike":
            reviews.append(
                Review(id=minute + 1, by=user, state=STATES[what], commit=HEADS[head], at=at(minute))
            )
            continue
        open_ = (ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED)
        index = next(
            (
                nth
                for nth in reversed(range(len(reviews)))
                if reviews[nth].by == user and reviews[nth].state in open_
            ),
            None,
        )
        if index is not None:
            by = ALICE if rest[1] else ERIN
            old = reviews[index]
            dismissal = Dismissal(by=by, was=old.state, at=at(minute))
            reviews[index] = replace(old, state=ReviewState.DISMISSED, dismissed=dismissal)
    return HEADS[head], reviews


def heard(story: tuple[tuple, ...]) -> tuple[set[int], set[int]]:
    head, reviews = told(story)
    facts = replace(
        FACTS,
        change=replace(FACTS.change, head=head, heads=(), commits=()),
        pull=replace(FACTS.pull, reviews=tuple(reviews)),
    )
    found = ballot(facts, ReviewRules(), DIRECTORY, INTERESTED, NOW)
    counting = {one.account for one in found.opinions if one.counts}
    assert counting == set(found.approvals)
    return counting, set(found.objections)


@pytest.mark.slow
@pytest.mark.parametrize("length", range(6))
def test_every_story(length: int) -> None:
    count = 0
    for story in itertools.product(EVENTS, repeat=length):
        truth = judge(list(story))
        wanted = ({USERS[who] for who in truth.approve}, {USERS[who] for who in truth.object})
        assert heard(story) == wanted, story
        count += 1
    assert count == 11**length


def test_the_oracle_knows_the_stories_that_it_was_written_for() -> None:
    """So that a mistake made in both places would be seen."""
    assert judge([("yes", "bob")]).approve == {"bob"}
    assert judge([("yes", "bob"), ("no", "bob")]).approve == set()
    assert judge([("yes", "bob"), ("remark", "bob")]).approve == {"bob"}
    assert judge([("yes", "bob"), ("push",)]).approve == set()
    struck = judge([("yes", "bob"), ("no", "bob"), ("strike", "bob", True)])
    assert (struck.approve, struck.object) == (set(), {"bob"})
    assert judge([("no", "bob"), ("strike", "bob", False)]).object == set()
