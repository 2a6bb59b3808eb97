"""Break-glass: by whom, with what reason, for which head; and the review that is owed afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from riskbot.domain.verdict import Status
from riskbot.facts.document import BreakGlass, Facts, Permission
from riskbot.judge.bench import Bench
from riskbot.judge.breakglass import Emergency, standing
from riskbot.judge.owners import Nobody, Rosters
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    H2,
    MALLORY,
    NOW,
    Step,
    account,
    approve,
    at,
    bot,
    case,
    codes,
    joins,
    leaves,
    policy,
    push,
)

RULE = 'break_glass: {people: ["@acme/devs"], reviewers: ["@acme/gov", dave], review_within: 2d}'
WHY = "The shop is down since 11:40"
DUE = at(100) + timedelta(days=2)


def broken(by: int = BOB, reason: str = WHY, head: str = H1, when: datetime | None = None) -> Step:
    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        entry = BreakGlass(by=by, reason=reason, head=head, at=when or at(100))
        return replace(facts, pull=replace(facts.pull, break_glass=(*facts.pull.break_glass, entry)))

    return step


def glass(*steps: Step, rule: str = RULE, now: datetime = NOW, whole: bool = True) -> Emergency:
    of = policy(f"version: 1\nname: x\n{rule}\nrequires:\n  clause: a\n  analysed: {{}}\n")
    found = standing(Bench(case(*steps), of.rules, Rosters(Nobody()), now), whole=whole)
    assert found is not None
    assert found.clause.status is (Status.SATISFIED if found.opens else Status.PENDING)
    return found


def test_somebody_entitled_opens_it_and_a_review_is_owed():
    found = glass(broken())
    assert found.opens
    assert found.clause.reason == f"bob declared an emergency at 2026-03-02T13:40:00+00:00: {WHY}"
    (owed,) = found.obligations
    assert owed.what == f"a review of {H1[:12]} after the emergency that bob declared"
    assert (owed.who, owed.due, owed.met) == (("@acme/gov", "dave"), "2026-03-04T13:40:00+00:00", False)
    assert codes(found.flags) == {"break_glass"}


def test_nobody_declared_one():
    of = policy(f"version: 1\nname: x\n{RULE}\nrequires:\n  clause: a\n  analysed: {{}}\n")
    assert standing(Bench(case(), of.rules, Rosters(Nobody()), NOW)) is None
    assert standing(Bench(replace(case(), pull=None), of.rules, Rosters(Nobody()), NOW)) is None


def test_a_policy_without_the_rule_has_no_glass():
    found = glass(broken(), rule="about: none")
    assert not found.opens
    assert found.clause.reason == "Somebody declared an emergency, but the policy knows no break-glass."


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((broken(MALLORY),), "mallory: They were not among those who may."),
        ((broken(99),), "id:99: They were not among those who may."),
        ((joins(MALLORY, "acme/devs", since=at(101)), broken(MALLORY)), "not among"),
        ((leaves(BOB, "acme/devs", at(99)), broken()), "not among"),
        ((broken(reason=""),), "no reason"),
        ((broken(reason="   \n\t  "),), "no reason"),
        ((broken(reason="prod down!"),), "no reason"),
        ((broken(reason="." * 500),), "no reason"),
        ((broken(reason="\u200b" * 20),), "no reason"),
        ((broken(head=H2),), f"another head, {H2[:12]}"),
        ((broken(), push(H2)), f"another head, {H1[:12]}"),
        ((broken(when=NOW + timedelta(seconds=1)),), "lies in the future"),
        ((bot(AGENT, "acme-agent[bot]"), joins(AGENT, "acme/devs"), broken(AGENT)), "A machine cannot"),
        ((bot(AGENT, "al", controller=ALICE), joins(AGENT, "acme/devs"), broken(AGENT)), "A machine cannot"),
    ],
)
def test_what_does_not_count(steps, says):
    found = glass(*steps)
    assert not found.opens
    assert found.obligations == ()
    assert says in " ".join(found.clause.evidence)


@pytest.mark.parametrize("fields", [{"active": False}, {"permission": Permission.READ}, {"permission": None}])
def test_whoever_may_do_nothing_now_opens_nothing_but_the_review_stays_owed(fields):
    found = glass(account(BOB, "bob", **fields), broken())
    assert not found.opens
    assert [one.met for one in found.obligations] == [False]


def test_rotas_turn_and_what_is_owed_stays():
    found = glass(broken(), leaves(BOB, "acme/devs", at(200)))
    assert found.opens
    assert len(found.obligations) == 1


def test_facts_that_are_not_whole_are_no_emergency():
    found = glass(broken(), whole=False)
    assert not found.opens
    assert found.clause.reason == "An emergency was declared, but it does not mend facts that are not whole."
    assert len(found.obligations) == 1


def test_somebody_with_a_part_in_it_may_declare_one_but_never_in_silence():
    found = glass(broken(ALICE))
    assert found.opens
    assert codes(found.flags) == {"break_glass", "break_glass_by_interested"}


@pytest.mark.parametrize(
    ("steps", "now", "met", "flags"),
    [
        ((), DUE - timedelta(seconds=1), False, set()),
        ((), DUE, False, {"review_overdue"}),
        ((approve(ERIN),), NOW, True, set()),
        ((approve(DAVE),), NOW, True, set()),
        ((approve(CAROL),), NOW, False, set()),  # not a reviewer
        ((approve(ERIN, when=DUE),), DUE + timedelta(days=1), True, {"review_late"}),
        ((approve(ERIN, when=DUE + timedelta(hours=1)),), DUE, False, {"review_overdue"}),  # not yet given
        ((joins(BOB, "acme/gov"), approve(BOB)), NOW, False, set()),  # whoever broke it
        ((joins(ALICE, "acme/gov"), approve(ALICE)), NOW, False, set()),  # the author
        ((approve(ERIN, H2),), NOW, False, set()),
    ],
)
def test_the_review_that_is_owed(steps, now, met, flags):
    found = glass(broken(), *steps, now=now)
    assert [one.met for one in found.obligations] == [met]
    assert codes(found.flags) - {"break_glass"} == flags


def test_two_who_declared_it_do_not_review_each_other_and_the_first_sets_the_time():
    both = (broken(CAROL, when=at(200)), broken(BOB), joins(BOB, "acme/gov"), joins(CAROL, "acme/gov"))
    found = glass(*both, approve(BOB), approve(CAROL))
    assert [(one.met, one.due) for one in found.obligations] == [(False, DUE.isoformat())]


def test_the_reason_is_shown_on_one_line_with_nothing_hidden():
    found = glass(broken(reason="down\n\x1b[31m since\u202e this morning " + "x" * 9000))
    assert "\n" not in found.clause.reason
    assert found.clause.reason.isprintable()
    assert len(found.clause.reason) < 400


def test_a_span_beyond_the_calendar_is_no_traceback():
    late = datetime.max.replace(tzinfo=NOW.tzinfo)
    assert glass(broken(when=late), now=late).opens


PIECES: dict[str, Step] = {
    "mallory": broken(MALLORY),
    "no reason": broken(reason="urgent"),
    "other head": broken(head=H2),
    "future": broken(when=NOW + timedelta(days=1)),
    "approval": approve(ERIN),
    "push": push(H2),
}


@settings(max_examples=500, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(sorted(PIECES)), max_size=6, unique=True).filter(
        set({"mallory", "no reason", "future"}).intersection
    )
)
def test_no_heap_of_bad_declarations_opens(pieces):
    steps = [PIECES[piece] for piece in pieces]
    if "push" in pieces and "other head" in pieces:
        return  # then it is the head
    assert not glass(*steps).opens
