"""A steward of every zone that is touched."""

import pytest
from msgspec.structs import replace

from judge.make_facts import BOB, DAVE, ERIN, Step, approve, assessed, case
from judge.predicates.asked import asked, told
from riskbot.domain.verdict import Status
from riskbot.facts.document import Zone

STEWARDS = "stewards: {}"


def touching(**stewards: tuple[str, ...]) -> Step:
    return assessed(zones=tuple(Zone(name=name, stewards=who) for name, who in stewards.items()))


def test_every_touched_zone_asks_a_steward() -> None:
    facts = case(touching(payments=("dave",), privacy=("@acme/gov",)), approve(DAVE))
    clause = asked(facts, STEWARDS)
    assert clause.status is Status.PENDING
    assert clause.could == ("erin",)
    assert clause.reason == "1 of 2 sets of stewards have approved."
    assert clause.evidence[0].startswith("zone privacy: @acme/gov")
    assert asked(approve(ERIN)(facts), STEWARDS).status is Status.SATISFIED


def test_only_the_zones_named() -> None:
    facts = case(touching(payments=("dave",), privacy=("@acme/gov",)), approve(DAVE))
    assert asked(facts, "stewards: {zones: [payments]}").status is Status.SATISFIED
    assert asked(facts, "stewards: {zones: [privacy]}").status is Status.PENDING
    assert asked(facts, "stewards: {zones: [other]}").status is Status.SATISFIED
    assert asked(case(), STEWARDS).reason == "Nothing that the change touches has stewards."


def test_more_than_one_steward() -> None:
    facts = case(touching(payments=("@acme/devs",)), approve(BOB))
    assert asked(facts, "stewards: {count: 2}").could == ("carol",)


@pytest.mark.parametrize("stewards", [(), ("ghost",), ("alice",), ("rita",), ("group:none",)])
def test_a_zone_without_an_able_steward_is_the_fallbacks(stewards: tuple[str, ...]) -> None:
    facts = case(touching(payments=stewards), approve(BOB))
    assert asked(facts, STEWARDS).status is Status.PENDING
    clause = asked(facts, STEWARDS, owners="{fallback: [erin]}")
    assert clause.status is Status.PENDING
    assert clause.could == ("erin",)


def test_what_was_not_evaluated_is_an_error() -> None:
    assert asked(case(assessed(zones=None)), STEWARDS).status is Status.ERROR
    assert asked(replace(case(), assessment=None), STEWARDS).status is Status.ERROR


def test_a_steward_that_is_no_name_is_an_error() -> None:
    clause = asked(case(touching(payments=("who knows",)), approve(DAVE)), STEWARDS)
    assert clause.status is Status.ERROR
    assert "payments" in told(clause)
