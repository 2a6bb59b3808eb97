"""Whether a request for changes stands, and what lifts it."""

from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    approve,
    at,
    case,
    dismissed,
    leaves,
    object_,
    pulled,
)
from judge.predicates.asked import asked, told
from riskbot.domain.verdict import Status
from riskbot.facts.document import ReviewState, Team

ANYBODY = "unopposed: {}"
DEVS = 'unopposed: {from: ["@acme/devs"]}'


def test_an_objection_stands_until_its_author_approves() -> None:
    assert asked(case(), ANYBODY).status is Status.SATISFIED
    facts = case(object_(BOB), approve(CAROL))
    clause = asked(facts, ANYBODY)
    assert clause.status is Status.PENDING
    assert clause.reason == "1 objection stands: bob."
    assert clause.could == ("bob",)
    assert "bob objects" in told(clause)
    assert asked(approve(BOB)(facts), ANYBODY).status is Status.SATISFIED


def test_every_objector_is_named() -> None:
    clause = asked(case(object_(BOB), object_(DAVE)), ANYBODY)
    assert clause.reason == "2 objections stand: bob, dave."
    assert clause.could == ("bob", "dave")


def test_dismissing_ones_own_veto_or_by_the_author() -> None:
    def veto(by: int) -> Status:
        return asked(case(dismissed(BOB, ReviewState.CHANGES_REQUESTED, by)), ANYBODY).status

    assert veto(ERIN) is Status.SATISFIED
    assert veto(ALICE) is Status.PENDING


def test_only_the_objections_of_those_named() -> None:
    assert asked(case(object_(DAVE)), DEVS).status is Status.SATISFIED
    assert asked(case(object_(BOB)), DEVS).status is Status.PENDING


def test_taking_the_objector_out_of_the_team_lifts_nothing() -> None:
    facts = case(object_(BOB, when=at(20)), leaves(BOB, "acme/devs", at(30)))
    assert asked(facts, DEVS).status is Status.PENDING


def test_an_unread_team_is_an_error_where_somebody_objects() -> None:
    facts = replace(case(), teams=(Team(name="acme/devs"),))
    assert asked(facts, DEVS).status is Status.SATISFIED
    assert asked(object_(BOB)(facts), DEVS).status is Status.ERROR


def test_unknown_reviews_are_no_silence() -> None:
    assert asked(case(pulled(reviews=None)), ANYBODY).status is Status.PENDING
    assert asked(replace(case(), pull=None), ANYBODY).status is Status.SATISFIED
