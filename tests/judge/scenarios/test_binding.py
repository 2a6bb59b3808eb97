"""What an approval is bound to: the content, the commit, the pull request, the base, the queue's tree."""

from __future__ import annotations

import pytest

from judge.make_facts import (
    ALICE,
    B0,
    B1,
    BOB,
    CAROL,
    H1,
    H2,
    POLICY,
    Step,
    applied,
    approve,
    at,
    case,
    changed,
    commit,
    dismissed,
    expect,
    interested,
    judged,
    oid,
    pulled,
    push,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import BaseChange, Queue, Replay, ReviewState

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED
STICKY = POLICY + "reviews: {carry_over: [same-content, clean-rebase, clean-update]}\n"
TREE = oid(f"tree {H1}")


@pytest.mark.parametrize("policy", [POLICY, STICKY])
def test_s20_a_late_review_of_old_content(policy: str) -> None:
    facts = case(push(H2, when=at(10)), approve(BOB, H1, when=at(500)))
    expect(judged(facts, policy), HELD, counts=[], ignores={"bob": "stale"})


def test_s20_an_old_approval_of_the_new_head_counts_whatever_the_clock_says() -> None:
    """Clocks are not compared: the commit is."""
    facts = case(push(H2, when=at(100)), approve(BOB, H2, when=at(50)))
    expect(judged(facts), ALLOWED, counts=["bob"])


def same_tree(*approvals: Step) -> tuple[Step, ...]:
    """H1 holds a commit of bob's; alice force-pushes the same tree as one commit of her own."""
    return (
        with_commits(commit(H1, author=BOB)),
        push(H2, commit(H2, tree=TREE), rewrite=True, tree=TREE),
        *approvals,
    )


def test_s21_the_same_content_keeps_an_approval_where_the_policy_says_so() -> None:
    facts = case(*same_tree(approve(CAROL, H1)))
    expect(judged(facts, STICKY), ALLOWED, counts=["carol"])
    expect(judged(facts, POLICY), HELD, counts=[], ignores={"carol": "stale"})


def test_s21_whoever_wrote_an_earlier_head_stays_interested() -> None:
    facts = case(*same_tree(approve(BOB, H2)))
    for policy in (POLICY, STICKY):
        expect(judged(facts, policy), HELD, counts=[], ignores={"bob": "interested"})


def test_s21_the_same_tree_on_another_base_is_another_change() -> None:
    facts = case(
        push(H2, commit(H2, tree=TREE, parents=(B1,)), rewrite=True, tree=TREE, merge_base=B1),
        approve(BOB, H1),
    )
    expect(judged(facts, STICKY), HELD, counts=[], ignores={"bob": "stale"})


def test_s21_an_unknown_tree_equals_nothing() -> None:
    facts = case(push(H2, commit(H2, tree=TREE), rewrite=True, tree=TREE), approve(BOB, H1))
    heads = facts.change.heads
    from msgspec.structs import replace

    lost = tuple(replace(head, tree=None) for head in heads)
    commits = tuple(replace(one, tree=None) for one in facts.change.commits or ())
    bare = applied(facts, changed(heads=lost, commits=commits))
    expect(judged(bare, STICKY), HELD, counts=[])


UPDATE = commit(oid("M"), author=BOB, parents=(H1, B1), tree=oid("merged"), recomputed_tree=oid("merged"))
EVIL = commit(oid("M"), author=BOB, parents=(H1, B1), tree=oid("evil"), recomputed_tree=oid("merged"))
M = UPDATE.id


def test_s22_an_update_merge_by_the_approver() -> None:
    facts = case(push(M, UPDATE, by=BOB, merge_base=B1), approve(BOB, M))
    expect(judged(facts), ALLOWED, counts=["bob"])


def test_s22_who_clicked_it_need_not_be_known() -> None:
    facts = case(push(M, UPDATE, by=None, merge_base=B1), approve(BOB, M))
    expect(judged(facts), ALLOWED, counts=["bob"])
    evil = case(push(M, EVIL, by=None, merge_base=B1), approve(CAROL, M))
    expect(judged(evil), UNDECIDED, blocks=["pushers_unknown"])


@pytest.mark.parametrize("tree", [EVIL, commit(M, author=BOB, parents=(H1, B1))], ids=["other", "unknown"])
def test_s22_whose_tree_differs_or_was_never_recomputed(tree: object) -> None:
    facts = case(push(M, tree, by=BOB, merge_base=B1), approve(BOB, M))  # type: ignore[arg-type]
    verdict = judged(facts)
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"}, unlock=[["carol"]])


def test_s22_a_commit_with_one_parent_is_no_update_merge() -> None:
    plain = commit(M, author=BOB, parents=(H1,), tree=oid("x"), recomputed_tree=oid("x"))
    facts = case(push(M, plain, by=BOB), approve(BOB, M))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "interested"})


def test_s22_a_clean_merge_of_ones_own_side_branch_is_no_update() -> None:
    """The merge is clean, but what it merges is bob's own work and not in the base."""
    x = commit(oid("X"), author=BOB, parents=(B0,))
    merge = commit(M, author=BOB, parents=(H1, x.id), tree=oid("m"), recomputed_tree=oid("m"))
    facts = case(push(M, x, merge, by=BOB), approve(BOB, M))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "interested"})


def test_s22_a_clean_update_does_not_hide_what_else_was_pushed_with_it() -> None:
    own = commit(oid("own"), author=ALICE, parents=(H1,))
    merge = commit(M, author=BOB, parents=(own.id, B1), tree=oid("m"), recomputed_tree=oid("m"))
    facts = case(push(M, own, merge, by=BOB, merge_base=B1), approve(BOB, M))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "interested"})


def test_s23_an_evil_merge() -> None:
    evil = commit(M, author=ALICE, parents=(H1, B1), tree=oid("evil"), recomputed_tree=oid("merged"))
    replay = Replay(kind="update", commit=H1, onto=B1, tree=oid("merged"))
    facts = case(
        approve(BOB, H1),
        push(M, evil, merge_base=B1),
        changed(replays=(replay,)),
        with_files("src/a.py", "src/b.py"),
    )
    for policy in (POLICY, STICKY):
        expect(judged(facts, policy), HELD, counts=[], ignores={"bob": "stale"})


def test_s23_a_clean_one_keeps_the_approval_where_the_policy_says_so() -> None:
    clean = commit(M, author=ALICE, parents=(H1, B1), tree=oid("merged"), recomputed_tree=oid("merged"))
    replay = Replay(kind="update", commit=H1, onto=B1, tree=oid("merged"))
    facts = case(approve(BOB, H1), push(M, clean, merge_base=B1), changed(replays=(replay,)))
    expect(judged(facts, STICKY), ALLOWED, counts=["bob"])
    expect(judged(facts, POLICY), HELD, counts=[], ignores={"bob": "stale"})


@pytest.mark.parametrize(
    "replay",
    [
        Replay(kind="update", commit=H1, onto=B1, tree=None),
        Replay(kind="update", commit=H1, onto=oid("elsewhere"), tree=oid("merged")),
        Replay(kind="update", commit=oid("another"), onto=B1, tree=oid("merged")),
        Replay(kind="update", commit=H1, onto=B1, tree=oid("other")),
    ],
    ids=["conflict", "another base", "another head", "another tree"],
)
def test_s23_a_replay_that_does_not_fit_keeps_nothing(replay: Replay) -> None:
    clean = commit(M, author=ALICE, parents=(H1, B1), tree=oid("merged"), recomputed_tree=oid("merged"))
    facts = case(approve(BOB, H1), push(M, clean, merge_base=B1), changed(replays=(replay,)))
    expect(judged(facts, STICKY), HELD, counts=[], ignores={"bob": "stale"})


def test_s23_a_clean_rebase_keeps_it_and_another_one_does_not() -> None:
    rebased = commit(H2, parents=(B1,), tree=oid("rebased"))
    moved = push(H2, rebased, rewrite=True, merge_base=B1)
    for tree, outcome in ((oid("rebased"), ALLOWED), (oid("other"), HELD), (None, HELD)):
        replay = Replay(kind="rebase", commit=H1, onto=B1, tree=tree)
        facts = case(approve(BOB, H1), moved, changed(replays=(replay,)))
        expect(judged(facts, STICKY), outcome, counts=["bob"] if outcome is ALLOWED else [])


def test_s24_a_sibling_pull_request() -> None:
    facts = case(approve(BOB, pull=8))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "other_pull"})


def test_s24_another_repository() -> None:
    expect(judged(case(approve(BOB, repository=101))), HELD, counts=[], ignores={"bob": "other_pull"})


def test_s24_another_base() -> None:
    expect(judged(case(approve(BOB, base_ref="sandbox"))), HELD, counts=[], ignores={"bob": "base_changed"})


def test_s24_retargeted_after_the_approval() -> None:
    moved = BaseChange(before="sandbox", after="main", at=at(120))
    facts = case(approve(BOB, when=at(60)), pulled(base_changes=(moved,)))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "base_changed"})


def test_s24_retargeted_there_and_back_still_asks_again() -> None:
    there = BaseChange(before="main", after="sandbox", at=at(30))
    back = BaseChange(before="sandbox", after="main", at=at(90))
    facts = case(approve(BOB, when=at(60)), pulled(base_changes=(there, back)))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "base_changed"})


def test_s24_approved_after_the_retargeting() -> None:
    moved = BaseChange(before="sandbox", after="main", at=at(30))
    facts = case(approve(BOB, when=at(60)), pulled(base_changes=(moved,)))
    expect(judged(facts), ALLOWED, counts=["bob"])


def test_s24_the_objection_of_a_sibling_is_no_objection_here() -> None:
    from judge.make_facts import object_

    facts = case(object_(BOB, pull=8), approve(CAROL))
    expect(judged(facts), ALLOWED, counts=["carol"])


def test_s24_an_approval_of_a_sibling_does_not_hide_the_one_given_here() -> None:
    facts = case(approve(BOB), approve(BOB, pull=8))
    expect(judged(facts), ALLOWED, counts=["bob"])


G = oid("G")


def queued(**fields: object) -> Step:
    values = {"head": G, "tree": oid("g"), "recomputed_tree": oid("g"), "members": (7, 9), **fields}
    return pulled(queue=Queue(**values))  # type: ignore[arg-type]


def test_s25_the_queue_holds_what_was_approved() -> None:
    expect(judged(case(approve(BOB), queued())), ALLOWED, counts=["bob"])


def test_s25_the_queue_holds_something_else() -> None:
    verdict = judged(case(approve(BOB), queued(tree=oid("other"))))
    expect(verdict, HELD, blocks=["queue_differs"], unlock=[])


@pytest.mark.parametrize("unknown", [{"recomputed_tree": None}, {"tree": None}])
def test_s25_nobody_recomputed_it(unknown: dict[str, None]) -> None:
    expect(judged(case(approve(BOB), queued(**unknown))), UNDECIDED, blocks=["queue_not_recomputed"])


def test_s25_the_queue_does_not_even_hold_this_pull_request() -> None:
    expect(judged(case(approve(BOB), queued(members=(9,)))), HELD, blocks=["queue_differs"])


def test_s25_dismissed_after_it_was_queued() -> None:
    facts = case(queued(), dismissed(BOB, ReviewState.APPROVED, CAROL))
    expect(judged(facts), HELD, counts=[])


def test_s26_the_verdict_is_of_one_head_and_says_which() -> None:
    before = case(approve(BOB))
    verdict = judged(before)
    subject = verdict.subject
    assert (subject.repository, subject.pull, subject.base_ref) == ("acme/shop", 7, "main")
    assert (subject.base, subject.head) == (B0, H1)
    after = judged(applied(before, push(H2)))
    expect(after, HELD, counts=[], ignores={"bob": "stale"})
    assert after.subject.head == H2


def test_a_review_of_nothing_that_was_ever_a_head() -> None:
    expect(judged(case(approve(BOB, oid("elsewhere")))), HELD, counts=[], ignores={"bob": "stale"})


def test_a_shortened_commit_id_is_not_the_commit() -> None:
    expect(judged(case(approve(BOB, H1[:12]))), HELD, counts=[], ignores={"bob": "stale"})


def test_clicking_update_makes_nobody_interested_and_frees_nobody() -> None:
    """Bob wrote part of it before: a clean update later does not wash that off."""
    facts = case(
        push(H2, commit(H2, author=BOB, parents=(H1,)), by=ALICE),
        push(
            M,
            commit(M, author=BOB, parents=(H2, B1), tree=oid("m"), recomputed_tree=oid("m")),
            by=BOB,
            merge_base=B1,
        ),
        approve(BOB, M),
    )
    verdict = judged(facts)
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"})
    assert "author" in interested(verdict)["bob"]
