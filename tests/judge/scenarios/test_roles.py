"""Labels as keys, two hats, sole owners, rings, freezes, mergers and emergencies: roles, and judgement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    H2,
    NOW,
    POLICY,
    approve,
    assessed,
    at,
    case,
    clauses,
    codeowners,
    expect,
    joins,
    judged,
    label,
    opened_by,
    pulled,
    push,
    with_files,
)
from riskbot.domain.assessment import Band
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import BreakGlass, Merge, Tally

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED
OWN = "owners approve"

LABELLED = """\
version: 1
name: labelled
requires:
  any:
    - clause: it is labelled
      label: {name: auto-approve, set_by: ["@acme/gov"]}
    - clause: a developer approves
      approvals: {from: ["@acme/devs"]}
"""
KEY = "it is labelled"


def test_s44_a_label_as_a_key() -> None:
    verdict = judged(case(label("auto-approve", ALICE)), LABELLED)
    expect(verdict, HELD, open_=[KEY, "a developer approves"])


def test_s44_set_by_somebody_entitled() -> None:
    verdict = judged(case(label("auto-approve", ERIN)), LABELLED)
    expect(verdict, ALLOWED)
    assert clauses(verdict)[KEY].status is Status.SATISFIED


@pytest.mark.parametrize(
    "fields",
    [
        {"by": None},
        {"by": BOB},
        {"by": ERIN, "removed_by": BOB, "removed_at": at(40)},
        {"by": ERIN, "name": "auto-approve-not"},
    ],
    ids=["unknown", "not entitled", "taken off", "another"],
)
def test_s44_anything_else_opens_nothing(fields: dict[str, object]) -> None:
    name = fields.pop("name", "auto-approve")
    facts = case(label(name, **fields))  # type: ignore[arg-type]
    assert judged(facts, LABELLED).outcome is HELD


def test_s44_put_back_on_by_the_author() -> None:
    facts = case(
        label("auto-approve", ERIN, removed_by=ERIN, removed_at=at(40)), label("auto-approve", ALICE)
    )
    assert judged(facts, LABELLED).outcome is HELD


def test_s44_entitled_but_with_a_part_in_it() -> None:
    facts = case(opened_by(ERIN), label("auto-approve", ERIN))
    assert judged(facts, LABELLED).outcome is HELD


def test_s44_labels_that_nobody_could_read() -> None:
    assert judged(case(pulled(labels=None)), LABELLED).outcome is not ALLOWED


TWO_HATS = """\
version: 1
name: hats
requires:
  distinct: DISTINCT
  all:
    - clause: security approves
      approvals: {from: ["@acme/sec"]}
    - clause: a developer approves
      approvals: {from: ["@acme/devs"]}
"""


def test_s45_two_hats() -> None:
    facts = case(joins(DAVE, "acme/devs"), approve(DAVE))
    distinct = TWO_HATS.replace("DISTINCT", "true")
    expect(judged(facts, distinct), HELD, counts=["dave"], unlock=[["bob"], ["carol"]])
    expect(judged(facts, TWO_HATS.replace("DISTINCT", "false")), ALLOWED, counts=["dave"])
    facts = case(joins(DAVE, "acme/devs"), approve(DAVE), approve(BOB))
    expect(judged(facts, distinct), ALLOWED, counts=["bob", "dave"])


def test_s45_the_other_way_of_dividing_the_roles_is_found() -> None:
    """Dave could be either; bob only a developer. Whoever approved first must not matter."""
    facts = case(joins(DAVE, "acme/devs"), approve(BOB), approve(DAVE))
    expect(judged(facts, TWO_HATS.replace("DISTINCT", "true")), ALLOWED, counts=["bob", "dave"])


def test_s46_the_sole_owner_is_the_author() -> None:
    owned = codeowners("/solo/ @alice")
    verdict = judged(case(owned, with_files("solo/x.py"), approve(BOB)))
    expect(verdict, HELD, counts=["bob"], open_=[OWN], unlock=[["erin"]])
    assert any("sole_owner" in piece for piece in clauses(verdict)[OWN].evidence), clauses(verdict)[OWN]
    expect(judged(case(owned, with_files("solo/x.py"), approve(BOB), approve(ERIN))), ALLOWED)
    expect(judged(case(owned, with_files("solo/x.py"), approve(ALICE), approve(BOB))), HELD, open_=[OWN])


def test_s47_a_rubber_stamp_ring_is_recorded() -> None:
    ring = (
        Tally(author=ALICE, approver=BOB, approvals=10),
        Tally(author=BOB, approver=ALICE, approvals=10),
    )
    verdict = judged(case(approve(BOB, when=at(2 / 60)), pulled(tallies=ring)))
    expect(verdict, ALLOWED, counts=["bob"], flags=["reciprocal", "quick_approval"])
    (opinion,) = verdict.opinions
    assert opinion.seconds_after_opening == 2


FREEZE = """\
version: 1
name: frozen
requires:
  clause: no freeze
  freeze:
    zone: Europe/Berlin
    windows: [{from: "2026-12-20T00:00", until: "2027-01-03T00:00"}, {days: [sat, sun], from: "00:00", until: "24:00"}]
    percentile: {below: 50}
    escalation: ["@acme/gov"]
"""


@pytest.mark.parametrize(
    ("moment", "frozen"),
    [
        (datetime(2026, 12, 19, 22, 59, 59, tzinfo=UTC), True),  # a Saturday in Berlin
        (datetime(2026, 12, 22, 12, tzinfo=UTC), True),
        (datetime(2026, 12, 17, 12, tzinfo=UTC), False),
        (datetime(2027, 1, 2, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 4, 12, tzinfo=UTC), False),
        # Friday 23:00 in Berlin (summer: UTC+2) and one second before and after midnight.
        (datetime(2026, 6, 5, 21, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 5, 22, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 7, 21, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 7, 22, 0, 0, tzinfo=UTC), False),
    ],
    ids=str,
)
def test_a_freeze_at_its_boundaries(moment: datetime, *, frozen: bool) -> None:
    verdict = judged(case(assessed(percentile=50.0)), FREEZE, now=moment)
    assert verdict.outcome is (HELD if frozen else ALLOWED)
    if frozen:
        calm = judged(case(assessed(percentile=49.99)), FREEZE, now=moment)
        assert calm.outcome is ALLOWED
        escalated = judged(case(assessed(percentile=99.0), approve(ERIN)), FREEZE, now=moment)
        assert escalated.outcome is ALLOWED
        assert judged(case(assessed(percentile=99.0), approve(BOB)), FREEZE, now=moment).outcome is HELD


DUTIES = POLICY + "    - clause: duties are apart\n      separation: {merger: [author, approver]}\n"
APART = "duties are apart"


@pytest.mark.parametrize(
    ("merge", "outcome"),
    [
        (Merge(), ALLOWED),
        (Merge(merged=True, by=CAROL), ALLOWED),
        (Merge(merged=True, by=ALICE), HELD),
        (Merge(merged=True, by=BOB), HELD),
        (Merge(auto_merge_by=ALICE), HELD),
        (Merge(merged=True, by=None), UNDECIDED),
    ],
    ids=["not yet", "a third", "author", "approver", "author asked", "unknown"],
)
def test_duties_are_apart(merge: Merge, outcome: Outcome) -> None:
    verdict = judged(case(approve(BOB), pulled(merge=merge)), DUTIES)
    expect(verdict, outcome, open_=[] if outcome is ALLOWED else [APART])


EMERGENCY = POLICY + (
    'break_glass: {people: ["@acme/gov", "@acme/devs"], reviewers: ["@acme/sec"], review_within: 48h}\n'
)


def broken(by: int, head: str = H1, reason: str = "the shop is down, ticket 17") -> BreakGlass:
    return BreakGlass(by=by, reason=reason, head=head, at=at(60))


def test_an_emergency_is_let_through_and_a_review_is_owed() -> None:
    verdict = judged(case(pulled(break_glass=(broken(ERIN),))), EMERGENCY)
    assert verdict.outcome is ALLOWED
    (owed,) = verdict.obligations
    assert owed.who
    assert owed.due == "2026-03-04T13:00:00+00:00"
    assert not owed.met


@pytest.mark.parametrize(
    "declared",
    [broken(DAVE), broken(ERIN, head=H2), broken(ERIN, reason=" "), broken(99)],
    ids=["not entitled", "another head", "no reason", "unknown"],
)
def test_an_emergency_that_is_none(declared: BreakGlass) -> None:
    verdict = judged(case(pulled(break_glass=(declared,))), EMERGENCY)
    assert verdict.outcome is HELD


def test_an_emergency_ends_with_the_head_it_was_declared_for() -> None:
    assert judged(case(pulled(break_glass=(broken(ERIN),)), push(H2)), EMERGENCY).outcome is HELD


def test_no_policy_no_emergency() -> None:
    assert judged(case(pulled(break_glass=(broken(ERIN),)))).outcome is HELD


def test_an_emergency_does_not_make_a_part_the_whole() -> None:
    facts = case(pulled(break_glass=(broken(ERIN),)), with_files("a.py", declared=2))
    assert judged(facts, EMERGENCY).outcome is UNDECIDED


RISKY = POLICY + (
    "    - clause: two look at what is risky\n"
    "      if: {band: {at_least: yellow}}\n"
    "      approvals: {count: 2}\n"
    "    - clause: somebody from outside looks at what is red\n"
    "      if: {band: {at_least: red}}\n"
    "      approvals: {outside_author_teams: true}\n"
)


@pytest.mark.parametrize(
    ("band", "unlock"),
    [(Band.GREEN, None), (Band.YELLOW, {"carol", "dave", "erin", "mallory"}), (Band.RED, None)],
)
def test_what_the_risk_asks_for(band: Band, unlock: set[str] | None) -> None:
    verdict = judged(case(assessed(band=band, percentile=99.0), approve(BOB)), RISKY)
    if band is Band.GREEN:
        expect(verdict, ALLOWED)
    elif unlock is not None:
        expect(verdict, HELD, unlock=[[who] for who in unlock])
    else:
        expect(verdict, HELD, unlock=[["dave"], ["erin"], ["mallory"]])


def test_what_is_not_assessed_asks_for_the_most() -> None:
    from msgspec.structs import replace

    facts = replace(case(approve(BOB)), assessment=None)
    verdict = judged(facts, RISKY)
    assert verdict.outcome is HELD


def test_an_approver_cannot_be_interested_and_counted_at_once() -> None:
    facts = case(approve(BOB), approve(CAROL), approve(ALICE), pulled(assigned_by=(CAROL,)))
    verdict = judged(facts, now=NOW)
    expect(verdict, ALLOWED, counts=["bob"])
