"""A part is never judged as the whole, whoever approves."""

from typing import Any

import pytest
from msgspec.structs import replace

from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Facts, Queue
from tests.judge.make_facts import BOB, H1, approve, case, judged, oid


def with_change(**fields: Any) -> Facts:
    facts = case(approve(BOB))
    return replace(facts, change=replace(facts.change, **fields))


def with_pull(**fields: Any) -> Facts:
    facts = case(approve(BOB))
    assert facts.pull is not None
    return replace(facts, pull=replace(facts.pull, **fields))


def test_the_whole_is_allowed() -> None:
    verdict = judged(case(approve(BOB)))
    assert verdict.outcome is Outcome.ALLOWED
    assert not verdict.blocks


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (with_change(files=None), "files_unknown"),
        (with_change(declared_files=2), "truncated"),
        (with_change(declared_commits=251), "truncated"),
        (with_change(head=oid("elsewhere")), "truncated"),
        (with_change(head=None), "head_unknown"),
        (with_change(commits=None), "commits_unknown"),
        (with_pull(declared_reviews=2), "truncated"),
        (with_pull(pushes=None), "pushers_unknown"),
        (with_pull(queue=Queue(head=oid("G"), members=(7,))), "queue_not_recomputed"),
    ],
)
def test_what_is_not_whole_is_undecided(facts: Facts, code: str) -> None:
    verdict = judged(facts)
    assert verdict.outcome is Outcome.UNDECIDED
    assert code in {block.code for block in verdict.blocks}
    assert not verdict.unlocking


@pytest.mark.parametrize(
    "queue",
    [
        Queue(head=oid("G"), tree=oid("a"), recomputed_tree=oid("b"), members=(7, 9)),
        Queue(head=oid("G"), tree=oid("a"), recomputed_tree=oid("a"), members=(9,)),
    ],
)
def test_a_queue_that_holds_something_else_is_held(queue: Queue) -> None:
    verdict = judged(with_pull(queue=queue))
    assert verdict.outcome is Outcome.HELD
    assert {block.code for block in verdict.blocks} == {"queue_differs"}
    assert not verdict.unlocking


def test_a_queue_that_holds_what_was_approved_is_allowed() -> None:
    queue = Queue(head=oid("G"), tree=oid("a"), recomputed_tree=oid("a"), members=(7, 9))
    assert judged(with_pull(queue=queue)).outcome is Outcome.ALLOWED


def test_fewer_declared_than_listed_is_no_truncation() -> None:
    assert judged(with_change(declared_files=0)).outcome is Outcome.ALLOWED


def test_a_policy_about_the_change_alone_does_not_ask_who_made_it() -> None:
    policy = """\
version: 1
name: calm
requires:
  clause: the risk is not red
  risk: {band: {at_most: yellow}}
"""
    assert judged(with_pull(pushes=None, reviews=()), policy).outcome is Outcome.ALLOWED
    assert judged(with_change(declared_files=9), policy).outcome is Outcome.UNDECIDED


def test_the_head_named_is_the_one_judged() -> None:
    assert judged(case()).subject.head == H1
