"""Whose word counts, on what, and why another's does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from judge.make_facts import (
    ACTIONS,
    ALICE,
    B0,
    B1,
    BOB,
    CAROL,
    ERIN,
    H1,
    H2,
    NOW,
    RITA,
    Step,
    account,
    approve,
    at,
    bot,
    case,
    changed,
    comment,
    commit,
    dismissed,
    joins,
    leaves,
    object_,
    oid,
    pulled,
    push,
    pushed_by,
    review,
    with_commits,
)
from riskbot.facts.document import BaseChange, Dismissal, Facts, Head, Replay, ReviewState, Tally
from riskbot.judge.language.declarations import AuthorRules, ReviewRules
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import interested
from riskbot.judge.people.opinions import Ballot, ballot, settle
from riskbot.judge.people.who import Who

APPROVED, OBJECTED = ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED
STICKY = ReviewRules(carry_over=("same-content", "clean-rebase", "clean-update"))


def said(*steps: Step, rules: ReviewRules | None = None, facts: Facts | None = None) -> Ballot:
    facts, rules = facts or case(*steps), rules or ReviewRules()
    directory = Directory(facts, {})
    who = interested(facts, AuthorRules(), rules, (), directory, now=NOW)
    return ballot(facts, rules, directory, who, NOW)


def codes(found: Ballot) -> dict[str, str]:
    return {one.who: one.code for one in found.opinions}


def flags(found: Ballot) -> list[str]:
    return [note.code for note in found.flags]


@pytest.mark.parametrize(
    ("step", "who", "code"),
    [
        (approve(BOB), "bob", ""),
        (approve(ALICE), "alice", "interested"),
        (approve(RITA), "rita", "no_permission"),
        (approve(99), "id:99", "unknown_account"),
        (approve(BOB, H2), "bob", "stale"),
        (approve(BOB, H1[:12]), "bob", "stale"),
        (approve(BOB, pull=8), "bob", "other_pull"),
        (approve(BOB, repository=101), "bob", "other_pull"),
        (approve(BOB, pull=7, repository=100), "bob", ""),
        (approve(BOB, base_ref="sandbox"), "bob", "base_changed"),
        (approve(BOB, base_ref="main"), "bob", ""),
        (approve(BOB, when=NOW + timedelta(seconds=1)), "bob", "future"),
        (approve(BOB, when=NOW), "bob", ""),
        (object_(BOB), "bob", "changes_requested"),
        (dismissed(BOB, APPROVED, CAROL), "bob", "dismissed"),
    ],
)
def test_each_reason(step: Step, who: str, code: str) -> None:
    found = said(step)
    assert codes(found) == {who: code}
    (opinion,) = found.opinions
    assert opinion.counts is (not code)
    assert bool(opinion.reason) is bool(code)


def test_s02_what_bars_a_person_is_said_first() -> None:
    assert codes(said(pushed_by(BOB), approve(BOB), push(H2))) == {"bob": "interested"}


@pytest.mark.parametrize("state", [ReviewState.COMMENTED, ReviewState.PENDING])
def test_s03_what_is_no_opinion(state: ReviewState) -> None:
    assert said(review(BOB, state)).opinions == ()
    assert codes(said(approve(BOB), review(BOB, state))) == {"bob": ""}


def test_s03_the_newest_opinion_holds() -> None:
    found = said(approve(BOB), object_(BOB))
    assert codes(found) == {"bob": "changes_requested"}
    assert set(found.objections) == {BOB}
    assert codes(said(object_(BOB), approve(BOB))) == {"bob": ""}


@pytest.mark.parametrize("order", [1, -1])
def test_words_of_the_same_time_are_read_strictly(order: int) -> None:
    both = [approve(BOB, when=at(60)), object_(BOB, when=at(60))]
    assert set(said(*both[::order]).objections) == {BOB}
    struck = [approve(BOB, when=at(60)), dismissed(BOB, APPROVED, CAROL, at=at(60))]
    assert codes(said(*struck[::order])) == {"bob": "dismissed"}


def test_s04_s20_content_is_compared_and_not_time() -> None:
    assert codes(said(approve(BOB), push(H2))) == {"bob": "stale"}
    assert codes(said(push(H2, when=at(10)), approve(BOB, H1, when=at(99)))) == {"bob": "stale"}
    assert codes(said(push(H2, when=at(99)), approve(BOB, H2, when=at(50)))) == {"bob": ""}


def test_approving_other_content_takes_nothing_back() -> None:
    facts = (push(H2), approve(BOB, H2, when=at(60)), approve(BOB, H1, when=at(70)))
    found = said(*facts)
    assert (codes(found), found.approvals[BOB]) == ({"bob": ""}, at(60))
    assert said(*facts, object_(BOB, H1, when=at(65))).approvals == {}


@pytest.mark.parametrize(
    "puppet",
    [bot(30, "al-bot"), account(30, "al-bot", controller=CAROL), bot(ACTIONS, "github-actions[bot]")],
)
def test_s16_s17_machines_count_only_if_named(puppet: Step) -> None:
    facts = case(puppet)
    (machine,) = (one for one in facts.accounts or () if one.id in {30, ACTIONS})
    voted = approve(machine.id)(facts)
    named = ReviewRules(bots=(Who.parse(machine.login),))
    assert codes(said(facts=voted)) == {machine.login: "bot"}
    assert codes(said(facts=voted, rules=named)) == {machine.login: ""}
    objecting = object_(machine.id)(facts)
    assert said(facts=objecting).objections == {}
    assert set(said(facts=objecting, rules=named).objections) == {machine.id}


TREE = oid(f"tree {H1}")
SAME = push(H2, commit(H2, tree=TREE), rewrite=True, tree=TREE)


def test_s21_same_content() -> None:
    assert codes(said(approve(BOB), SAME, rules=STICKY)) == {"bob": ""}
    assert codes(said(approve(BOB), SAME)) == {"bob": "stale"}
    elsewhere = push(H2, commit(H2, tree=TREE, parents=(B1,)), rewrite=True, tree=TREE, merge_base=B1)
    assert codes(said(approve(BOB), elsewhere, rules=STICKY)) == {"bob": "stale"}
    unknown = changed(heads=(Head(commit=H1, tree=TREE), Head(commit=H2, tree=TREE, merge_base=B0)))
    assert codes(said(approve(BOB), SAME, unknown, rules=STICKY)) == {"bob": "stale"}


def test_s21_a_head_that_was_once_compared_with_another_base_is_not_the_same() -> None:
    twice = changed(
        heads=(
            Head(commit=H1, tree=TREE, merge_base=B0),
            Head(commit=H1, tree=TREE, merge_base=B1),
            Head(commit=H2, tree=TREE, merge_base=B0),
        )
    )
    assert codes(said(approve(BOB), SAME, twice, rules=STICKY)) == {"bob": "stale"}


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("rebase", {}, ""),
        ("rebase", {"tree": None}, "stale"),
        ("rebase", {"tree": oid("x")}, "stale"),
        ("rebase", {"onto": B0}, "stale"),
        ("rebase", {"commit": oid("x")}, "stale"),
        ("update", {}, ""),
    ],
)
def test_s22_s23_a_replay_carries_an_approval(kind: str, fields: dict[str, str], code: str) -> None:
    values = {"commit": H1, "onto": B1, "tree": TREE, **fields}
    moved = push(H2, commit(H2, parents=(H1, B1), tree=TREE), merge_base=B1, tree=TREE)
    replays = changed(replays=(Replay(kind=kind, **values),))  # type: ignore[arg-type]
    assert codes(said(approve(BOB), moved, replays, rules=STICKY)) == {"bob": code}
    only = ReviewRules(carry_over=("same-content",))
    assert codes(said(approve(BOB), moved, replays, rules=only)) == {"bob": "stale"}


def test_s23_an_update_whose_merge_base_is_not_told_is_read_from_the_merge() -> None:
    replays = changed(replays=(Replay(kind="update", commit=H1, onto=B1, tree=TREE),))
    moved = push(H2, commit(H2, parents=(H1, B1), tree=TREE), tree=TREE)
    only = ReviewRules(carry_over=("clean-update",))
    assert codes(said(approve(BOB), moved, replays, rules=only)) == {"bob": ""}
    other = push(H2, commit(H2, parents=(H1,), tree=TREE), tree=TREE)
    assert codes(said(approve(BOB), other, replays, rules=only)) == {"bob": "stale"}


@pytest.mark.parametrize(("minute", "code"), [(59, ""), (60, "base_changed"), (61, "base_changed")])
def test_s24_pointed_at_another_base(minute: int, code: str) -> None:
    moved = BaseChange(before="sandbox", after="main", at=at(minute))
    assert codes(said(approve(BOB, when=at(60)), pulled(base_changes=(moved,)))) == {"bob": code}


def test_s24_the_same_head_on_another_merge_base() -> None:
    assert codes(said(approve(BOB), changed(base=B1))) == {"bob": "base_changed"}


def test_s24_a_word_about_a_sibling_hides_none_about_this_one() -> None:
    assert codes(said(approve(BOB), object_(BOB, pull=8))) == {"bob": ""}
    assert said(object_(BOB, pull=8)).objections == {}


def test_s36_a_former_member_is_told_where_no_clause_counts_the_approval() -> None:
    for step, code in (
        (leaves(BOB, "acme/devs", at(30)), "former_member"),
        (joins(BOB, "acme/sec", since=at(30)), "fresh_member"),
        (pulled(), "not_asked"),
    ):
        facts = case(step, approve(BOB, when=at(60)))
        found = said(facts=facts)
        assert set(found.approvals) == {BOB}
        (uncounted,) = settle(found, frozenset(), facts, Directory(facts, {}))
        assert (uncounted.counts, uncounted.code) == (False, code)
        assert settle(found, frozenset({BOB}), facts, Directory(facts, {})) == found.opinions


def test_s37_a_fresh_member() -> None:
    sock = (account(8, "sock"), joins(8, "acme/devs", since=at(10), changed_by=ALICE), approve(8))
    found = said(*sock)
    assert flags(found) == ["fresh_member"]
    assert "sock was added to acme/devs by alice" in found.flags[0].reason
    assert flags(said(*sock, pulled(opened_at=None))) == []
    assert flags(said(account(8, "sock"), joins(8, "acme/devs", since=at(-1)), approve(8))) == []


@pytest.mark.parametrize(
    ("who", "stands", "flag"),
    [
        (ALICE, True, ["veto_dismissed_by_interested"]),
        (30, True, ["veto_dismissed_by_bot"]),
        (None, True, ["veto_dismissed_by_unknown"]),
        (99, True, ["veto_dismissed_by_unknown"]),
        (ERIN, False, []),
        (BOB, False, []),
    ],
)
def test_s39_who_can_lift_a_veto(who: int | None, stands: bool, flag: list[str]) -> None:
    found = said(bot(30, "sweeper"), approve(BOB), dismissed(BOB, OBJECTED, who))
    assert codes(found) == {"bob": "dismissed"}
    assert (bool(found.objections), flags(found)) == (stands, flag)


def test_s39_a_dismissal_that_says_nothing_may_have_been_of_a_veto() -> None:
    nothing = review(BOB, ReviewState.DISMISSED)
    assert set(said(nothing).objections) == {BOB}
    unknown = review(BOB, ReviewState.DISMISSED, dismissed=Dismissal(by=ALICE, at=at(90)))
    assert set(said(unknown).objections) == {BOB}


def test_s39_a_dismissal_written_beside_the_old_state_is_one() -> None:
    gone = Dismissal(by=CAROL, at=at(90))
    assert codes(said(approve(BOB, dismissed=gone))) == {"bob": "dismissed"}
    assert said(object_(BOB, dismissed=gone)).objections == {}
    assert set(said(object_(BOB, dismissed=replace(gone, by=ALICE))).objections) == {BOB}
    assert set(said(object_(BOB, dismissed=replace(gone, at=NOW + timedelta(1)))).objections) == {BOB}


def test_who_may_object() -> None:
    assert set(said(object_(ALICE)).objections) == {ALICE}
    assert said(object_(RITA)).objections == {}
    assert set(said(object_(99)).objections) == {99}
    assert set(said(account(8, "eight", permission=None), object_(8)).objections) == {8}
    assert set(said(object_(BOB), push(H2)).objections) == {BOB}


COMMANDS = ReviewRules(commands=True)


def test_s40_a_command_is_an_approval() -> None:
    assert codes(said(comment(BOB, f"/approve {H1}"), rules=COMMANDS)) == {"bob": ""}
    assert codes(said(comment(BOB, f"/approve {H1[:12]}"), rules=COMMANDS)) == {"bob": ""}
    assert said(comment(BOB, f"/approve {H1}")).opinions == ()
    assert said(comment(BOB, f"/approve {H1}", edited=True), rules=COMMANDS).opinions == ()
    assert codes(said(comment(BOB, f"/approve {H1}"), push(H2), rules=COMMANDS)) == {"bob": "stale"}


def test_s40_cancelling_takes_back_approvals_and_no_veto() -> None:
    cancel = comment(BOB, "/approve cancel", when=at(90))
    assert codes(said(approve(BOB), cancel, rules=COMMANDS)) == {"bob": "dismissed"}
    vetoed = said(object_(BOB), cancel, rules=COMMANDS)
    assert set(vetoed.objections) == {BOB}
    assert codes(said(cancel, approve(BOB, when=at(91)), rules=COMMANDS)) == {"bob": ""}
    assert codes(said(cancel, rules=COMMANDS)) == {"bob": "dismissed"}


def test_comments_that_nobody_read_are_told() -> None:
    assert flags(said(pulled(comments=None), rules=COMMANDS)) == ["comments_unknown"]
    assert flags(said(pulled(comments=None))) == []


def test_s47_quick_and_mutual_approvals_are_told() -> None:
    tallies = (
        Tally(author=ALICE, approver=BOB, approvals=10),
        Tally(author=BOB, approver=ALICE, approvals=5),
    )
    found = said(pulled(tallies=tallies), approve(BOB, when=at(1 / 30)))
    assert flags(found) == ["quick_approval", "reciprocal"]
    assert found.opinions[0].seconds_after_opening == 2
    assert flags(said(pulled(tallies=tallies[:1]), approve(BOB))) == []


def test_without_reviews_nothing_is_known() -> None:
    for facts in (case(pulled(reviews=None)), replace(case(), pull=None)):
        found = said(facts=facts)
        assert (found.known, found.opinions, found.approvals) == (False, (), {})


def test_without_a_directory_nobody_counts_and_vetoes_do() -> None:
    facts = replace(case(approve(BOB), object_(CAROL)), accounts=None, teams=None)
    found = said(facts=facts)
    assert codes(found) == {"id:2": "unknown_account", "id:3": "changes_requested"}
    assert set(found.objections) == {CAROL}


def test_s21_the_contributor_of_an_earlier_head_is_interested() -> None:
    found = said(
        with_commits(commit(H1, author=BOB)), SAME, approve(BOB, H2), approve(CAROL, H1), rules=STICKY
    )
    assert codes(found) == {"bob": "interested", "carol": ""}
