"""The order of a judgement: what stands beside the policy's tree, and what is said when."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from riskbot.domain.verdict import Clause, Outcome, Verdict
from riskbot.facts.document import BreakGlass, Facts, Queue
from riskbot.judge.language.declarations import Include
from riskbot.judge.language.policy import load
from tests.judge.make_facts import (
    ALICE,
    BOB,
    H1,
    POLICY,
    approve,
    at,
    case,
    changed,
    codes,
    commit,
    judged,
    oid,
    pulled,
    text,
    with_commits,
)

SWAPPED = pulled(queue=Queue(head=oid("G"), tree=oid("a"), recomputed_tree=oid("b"), members=(7,)))
NOBODYS = with_commits(commit(H1, author=None))
GLASS = pulled(break_glass=(BreakGlass(by=BOB, reason="the shop is down", head=H1, at=at(10)),))
EMERGENCY = POLICY + 'break_glass: {people: ["@acme/devs"], reviewers: ["dave"], review_within: 2d}\n'
NOTHING = "version: 1\nname: nothing\nrequires: {clause: a, if: {paths: [docs/**]}, approvals: {}}\n"


def walked(clause: Clause) -> Iterator[Clause]:
    yield clause
    for below in clause.clauses:
        yield from walked(below)


def clauses_about(verdict: Verdict, code: str) -> list[Clause]:
    """The clauses whose evidence tells that code."""
    return [one for one in walked(verdict.root) if any(line.startswith(f"{code}:") for line in one.evidence)]


def unproposed(facts: Facts) -> Facts:
    """The same before anything was proposed."""
    return replace(facts, pull=None)


def test_what_is_swapped_in_the_queue_is_told_once() -> None:
    verdict = judged(case(SWAPPED, approve(BOB)))
    assert len(clauses_about(verdict, "queue_differs")) == 1


def test_an_emergency_that_opens_nothing_does_not_say_that_it_does() -> None:
    verdict = judged(case(SWAPPED, GLASS), EMERGENCY)
    assert verdict.outcome is Outcome.HELD
    (emergency,) = (one for one in walked(verdict.root) if one.name == "break-glass")
    assert emergency.status.value == "pending"
    assert judged(case(GLASS), EMERGENCY).outcome is Outcome.ALLOWED


def test_before_anything_is_proposed_unknown_makers_hold_nothing() -> None:
    """Also where a directory is known: there is nothing to approve yet, so nobody to mistake for its maker."""
    verdict = judged(unproposed(case(NOBODYS)))
    assert not verdict.blocks
    assert verdict.awaits
    assert codes(judged(case(NOBODYS)).blocks) == {"unattributed"}


def test_policies_included_by_included_ones_block_by_their_own_rules_too() -> None:
    where = {
        name: Include(policy=name, repository="acme/policies", ref="v1", path=f"{name}.yml")
        for name in ("middle", "inner")
    }

    def including(name: str, inner: str) -> bytes:
        return (
            f"version: 1\nname: {name}\nauthors: {{unattributed: one-more}}\n"
            f"include: [{{policy: {inner}, repository: acme/policies, ref: v1, path: {inner}.yml}}]\n"
            f"requires: {{all: [{{include: {inner}}}]}}\n"
        ).encode()

    inner = b"version: 1\nname: inner\nrequires: {clause: a developer, approvals: {from: ['@acme/devs']}}\n"
    texts = {where["middle"]: including("middle", "inner"), where["inner"]: inner}
    outer = load(including("outer", "middle"), file="outer.yml", source="a test", included=texts)
    verdict = judged(case(NOBODYS, approve(BOB)), outer)
    assert verdict.outcome is Outcome.HELD
    assert codes(verdict.blocks) == {"unattributed"}


def test_a_policy_that_asks_nothing_decides_nothing_whatever_stands_beside_it() -> None:
    for steps in ((), (SWAPPED,), (NOBODYS,)):
        verdict = judged(case(*steps, approve(BOB)), NOTHING)
        assert verdict.outcome is Outcome.UNDECIDED, steps


def test_whom_to_ask_is_told_of_what_is_held_only() -> None:
    for facts in (case(approve(BOB)), case(changed(declared_files=9))):
        verdict = judged(facts)
        assert verdict.outcome is not Outcome.HELD
        assert (verdict.unlocking, verdict.unlocking_note, verdict.suggested) == ((), "", ())
    assert judged(case()).suggested


def test_a_deceptive_line_in_a_roster_is_told_as_well() -> None:
    reading = POLICY + "    - clause: it is readable\n      readability: {roster: .riskbot/readers}\n"
    roster = text(".riskbot/readers", "*.py @acme/devs\n# a\u2028* @mallory\n")
    flags = judged(case(roster, approve(BOB)), reading).flags
    (one,) = [flag for flag in flags if flag.code == "control_char"]
    assert one.reason.startswith(".riskbot/readers:2")


def test_whoever_opened_it_is_told_as_interested_by_name() -> None:
    assert [(one.who, one.account) for one in judged(case()).interested] == [("alice", ALICE)]
