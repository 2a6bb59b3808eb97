"""Who merges or deploys has no other part in it."""

import pytest

from judge.make_facts import (
    ACTIONS,
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    Step,
    approve,
    bot,
    case,
    pulled,
)
from judge.predicates.asked import asked, policy, told
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Status
from riskbot.facts.document import Merge
from riskbot.judge.language.policy import load

SOX = "separation: {merger: [author, approver], deployer: [author, approver, merger]}"


def merge(**fields: object) -> Step:
    return pulled(merge=Merge(**fields))  # type: ignore[arg-type]


def test_before_the_merge_it_says_who_may_not() -> None:
    clause = asked(case(approve(BOB)), SOX)
    assert clause.status is Status.SATISFIED
    assert "alice (author), bob (approver) may not merge it" in clause.reason
    assert "may not deploy it" in clause.reason


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"merged": True, "by": CAROL}, Status.SATISFIED),
        ({"merged": True, "by": CAROL, "deployed_by": DAVE}, Status.SATISFIED),
        ({"merged": True, "by": ALICE}, Status.PENDING),
        ({"merged": True, "by": BOB}, Status.PENDING),
        ({"merged": True, "by": CAROL, "auto_merge_by": ALICE}, Status.PENDING),
        ({"auto_merge_by": ALICE}, Status.PENDING),
        ({"auto_merge_by": BOB}, Status.PENDING),
        ({"auto_merge_by": CAROL}, Status.SATISFIED),
        ({"merged": True, "by": CAROL, "deployed_by": CAROL}, Status.PENDING),
        ({"merged": True, "by": CAROL, "deployed_by": BOB}, Status.PENDING),
        ({"merged": True, "by": CAROL, "deployed_by": ALICE}, Status.PENDING),
        ({"merged": True, "by": CAROL, "auto_merge_by": DAVE, "deployed_by": DAVE}, Status.PENDING),
        ({"merged": True}, Status.ERROR),
    ],
)
def test_each_hand_is_another(fields: dict[str, object], status: Status) -> None:
    assert asked(case(approve(BOB), merge(**fields)), SOX).status is status


def test_it_says_who_did_what_and_why_that_is_barred() -> None:
    clause = asked(case(approve(BOB), merge(merged=True, by=ALICE)), SOX)
    assert clause.reason.startswith("alice merged it and is an author of it (")
    assert "opener" in told(clause)
    assert clause.could == ()
    clause = asked(case(approve(BOB), merge(merged=True, by=CAROL, deployed_by=DAVE)), SOX)
    assert "carol merged it and is no author or approver." in clause.reason


def test_a_machine_acts_for_whoever_controls_it() -> None:
    facts = case(approve(BOB), merge(merged=True, by=ACTIONS))
    assert asked(bot(ACTIONS, "ship[bot]")(facts), SOX).status is Status.SATISFIED
    clause = asked(bot(ACTIONS, "ship[bot]", controller=BOB)(facts), SOX)
    assert clause.status is Status.PENDING
    assert "bob merged it through ship[bot] and is an approver of it" in told(clause)


def test_only_what_is_asked() -> None:
    merged = case(approve(BOB), merge(merged=True, by=BOB))
    assert asked(merged, "separation: {merger: [author]}").status is Status.SATISFIED
    assert asked(merged, "separation: {deployer: [author]}").status is Status.SATISFIED
    unknown = case(merge(merged=True))
    assert asked(unknown, "separation: {deployer: [author]}").status is Status.SATISFIED
    assert asked(unknown, "separation: {deployer: [merger]}").status is Status.ERROR


def test_unknown_reviews_leave_the_approvers_unknown() -> None:
    facts = case(merge(merged=True, by=ERIN), pulled(reviews=None))
    assert asked(facts, SOX).status is Status.ERROR
    assert asked(case(pulled(reviews=None)), SOX).status is Status.SATISFIED


@pytest.mark.parametrize("wrong", ["{}", "{merger: []}", "{merger: [merger]}", "{deployer: [reviewer]}"])
def test_what_is_not_the_language_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError):
        load(policy(f"separation: {wrong}").encode(), file="p.yml", source="p.yml")
