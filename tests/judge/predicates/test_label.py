"""S44: a label is a key only in an entitled hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Permission
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    ERIN,
    MALLORY,
    NOW,
    RITA,
    account,
    approve,
    at,
    bot,
    case,
    joins,
    label,
    leaves,
    pulled,
)
from tests.judge.predicates.asked import asked, heard, told

KEY = 'label: {name: auto-approve, set_by: ["@acme/gov"]}'
NAMED = 'label: {name: auto-approve, set_by: [erin, "acme-agent[bot]", rita]}'


def test_the_authors_own_label_opens_nothing():
    clause = asked(case(label("auto-approve", ALICE), joins(ALICE, "acme/gov")), KEY)
    assert clause.status is Status.PENDING
    assert told(clause) == (
        "The label 'auto-approve' does not count as it was set; @acme/gov may set it."
        " Not counted: alice set it and has a part in the change."
    )


def test_an_entitled_hand_opens():
    clause = asked(case(label("auto-approve", ERIN)), KEY)
    assert clause.status is Status.SATISFIED
    assert clause.reason == "erin set the label 'auto-approve'."


def test_no_approval_stands_for_the_label():
    verdict = heard(case(approve(ERIN), approve(BOB)), KEY)
    assert verdict.outcome is Outcome.HELD
    assert verdict.unlocking == ()
    assert verdict.root.reason == "The label 'auto-approve' is not on; @acme/gov may set it."


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((label("auto-approve", BOB),), "bob is not among those who may set it."),
        ((label("auto-approve", None),), "nobody knows who set it."),
        ((label("auto-approve", 99),), "id:99 is not an active account."),
        ((label("auto-approve", MALLORY), joins(MALLORY, "acme/gov", since=at(31))), "mallory is not among"),
        (
            (label("auto-approve", MALLORY), joins(MALLORY, "acme/gov"), leaves(MALLORY, "acme/gov", at(60))),
            "mallory is not",
        ),
        ((label("auto-approve", RITA), joins(RITA, "acme/gov")), "rita may not label here."),
        (
            (account(ERIN, "erin", active=False), label("auto-approve", ERIN)),
            "erin is not an active account.",
        ),
        ((bot(AGENT, "acme-agent[bot]"), joins(AGENT, "acme/gov"), label("auto-approve", AGENT)), "is a bot"),
        (
            (bot(AGENT, "al", controller=ALICE), joins(AGENT, "acme/gov"), label("auto-approve", AGENT)),
            "al set it and has a part",
        ),
    ],
)
def test_nobody_else_opens(steps, why):
    clause = asked(case(*steps), KEY)
    assert clause.status is Status.PENDING
    assert why in told(clause)


def test_a_bot_that_is_named_itself_may_set_it_but_permission_is_asked_of_everybody():
    agent = bot(AGENT, "acme-agent[bot]", permission=Permission.TRIAGE)
    assert asked(case(agent, label("auto-approve", AGENT)), NAMED).status is Status.SATISFIED
    assert asked(case(label("auto-approve", RITA)), NAMED).status is Status.PENDING


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"removed_by": CAROL, "removed_at": at(40)}, Status.PENDING),
        ({"removed_by": None, "removed_at": at(40)}, Status.PENDING),
        ({"removed_by": CAROL, "removed_at": NOW + timedelta(hours=1)}, Status.SATISFIED),
    ],
)
def test_it_must_still_be_on(fields, status):
    assert asked(case(label("auto-approve", ERIN, **fields)), KEY).status is status


def test_a_label_that_is_set_later_is_not_on_yet():
    assert asked(case(label("auto-approve", ERIN)), KEY, at(29)).status is Status.PENDING


def test_what_nobody_looked_at_is_an_error():
    assert asked(case(pulled(labels=None)), KEY).status is Status.ERROR


def test_before_it_is_proposed_there_is_no_label():
    from msgspec.structs import replace

    clause = asked(replace(case(), pull=None, accounts=None, teams=None), KEY)
    assert clause.status is Status.PENDING
    assert clause.reason == "It is not proposed yet; @acme/gov may then set 'auto-approve'."
    assert clause.could == ("@acme/gov",), "so that a missing label is no reason not to propose it"


def test_one_entitled_label_is_enough_beside_another():
    facts = case(label("auto-approve", ALICE), label("auto-approve", ERIN))
    assert asked(facts, KEY).status is Status.SATISFIED
