"""Dismissals and comment commands: no resurrection, no quoted approval."""

from __future__ import annotations

import pytest

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    ERIN,
    H1,
    H2,
    MALLORY,
    NOW,
    POLICY,
    account,
    approve,
    at,
    bot,
    case,
    comment,
    dismissed,
    expect,
    joins,
    judged,
    object_,
    push,
    review,
)
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Dismissal, ReviewState

HELD, ALLOWED = Outcome.HELD, Outcome.ALLOWED
DEV, OWN, VETO = "a developer approves", "owners approve", "nobody objects"
UNOPPOSED = POLICY + "    - clause: nobody objects\n      unopposed: {}\n"
APPROVED, OBJECTED = ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED


def test_s39_a_dismissed_veto_resurrects_nothing() -> None:
    verdict = judged(case(approve(BOB), dismissed(BOB, OBJECTED, ALICE)))
    expect(verdict, HELD, counts=[], open_=[DEV, OWN], flags=["veto_dismissed_by_interested"])


def test_s39_and_dismissed_by_the_author_it_still_stands() -> None:
    facts = case(dismissed(BOB, OBJECTED, ALICE), approve(CAROL))
    expect(
        judged(facts, UNOPPOSED), HELD, counts=["carol"], open_=[VETO], flags=["veto_dismissed_by_interested"]
    )


def test_s39_dismissed_by_somebody_without_a_part_in_it_the_veto_is_lifted() -> None:
    facts = case(dismissed(BOB, OBJECTED, ERIN), approve(CAROL))
    expect(judged(facts, UNOPPOSED), ALLOWED, counts=["carol"])


@pytest.mark.parametrize("who", [None, MALLORY * 100])
def test_s39_dismissed_by_nobody_knows_whom_it_stands(who: int | None) -> None:
    facts = case(dismissed(BOB, OBJECTED, who), approve(CAROL))
    expect(judged(facts, UNOPPOSED), HELD, counts=["carol"], open_=[VETO])


def test_s39_a_dismissal_without_a_record_of_what_it_was_stands_as_the_worse() -> None:
    lost = review(BOB, ReviewState.DISMISSED, dismissed=Dismissal(by=ALICE, was=None, at=at(90)))
    expect(judged(case(lost, approve(CAROL)), UNOPPOSED), HELD, counts=["carol"], open_=[VETO])
    nothing = review(BOB, ReviewState.DISMISSED)
    expect(judged(case(nothing, approve(CAROL)), UNOPPOSED), HELD, counts=["carol"], open_=[VETO])


def test_s39_a_dismissed_approval_is_no_opinion() -> None:
    facts = case(dismissed(BOB, APPROVED, CAROL))
    expect(judged(facts, UNOPPOSED), HELD, counts=[], open_=[DEV, OWN])


def test_s39_whoever_objects_may_take_it_back_by_approving() -> None:
    facts = case(dismissed(BOB, OBJECTED, ALICE), approve(BOB))
    expect(judged(facts, UNOPPOSED), ALLOWED, counts=["bob"])


def test_s39_one_who_takes_back_his_own_veto_has_no_opinion() -> None:
    facts = case(dismissed(BOB, OBJECTED, BOB), approve(CAROL))
    expect(judged(facts, UNOPPOSED), ALLOWED, counts=["carol"])


def test_s39_also_one_who_has_a_part_in_it_takes_back_their_own_veto() -> None:
    """Nobody else's word is lifted by it; another with a part in it could not."""
    facts = case(push(H2, by=BOB), dismissed(BOB, OBJECTED, BOB, commit=H2), approve(CAROL, H2))
    expect(judged(facts, UNOPPOSED), ALLOWED, counts=["carol"])
    facts = case(push(H2, by=BOB), dismissed(BOB, OBJECTED, ALICE, commit=H2), approve(CAROL, H2))
    expect(
        judged(facts, UNOPPOSED), HELD, counts=["carol"], open_=[VETO], flags=["veto_dismissed_by_interested"]
    )


def test_a_bots_dismissal_lifts_nothing() -> None:
    facts = case(bot(30, "sweeper[bot]"), dismissed(BOB, OBJECTED, 30), approve(CAROL))
    expect(judged(facts, UNOPPOSED), HELD, open_=[VETO])


def test_an_objection_to_an_earlier_head_still_stands() -> None:
    facts = case(object_(BOB), push(H2), approve(CAROL, H2))
    expect(judged(facts, UNOPPOSED), HELD, counts=["carol"], open_=[VETO])


def test_the_authors_own_objection_is_not_lost_nor_anybodys_approval() -> None:
    """An interested person may hold a change; only approving is barred."""
    facts = case(object_(ALICE), approve(BOB))
    assert judged(facts, UNOPPOSED).outcome is HELD


def test_an_objection_of_somebody_without_permission_is_no_veto() -> None:
    from judge.make_facts import RITA

    expect(judged(case(object_(RITA), approve(BOB)), UNOPPOSED), ALLOWED, counts=["bob"])


def test_a_review_from_the_future_is_no_approval() -> None:
    from datetime import timedelta

    facts = case(approve(BOB, when=NOW + timedelta(minutes=1)))
    expect(judged(facts), HELD, counts=[], ignores={"bob": "future"})


def test_a_pending_review_is_not_submitted() -> None:
    expect(judged(case(review(BOB, ReviewState.PENDING))), HELD, counts=[])
    expect(judged(case(approve(BOB), review(BOB, ReviewState.PENDING))), ALLOWED, counts=["bob"])


def test_reviews_that_nobody_could_read_are_not_none() -> None:
    from judge.make_facts import pulled

    verdict = judged(case(pulled(reviews=None)), UNOPPOSED)
    assert verdict.outcome is not ALLOWED


COMMANDS = POLICY + "reviews: {commands: true}\n"


@pytest.mark.parametrize(
    "body",
    [
        "> lgtm :+1:\n\nI do NOT agree",
        "not lgtm",
        "lgtm",
        "LGTM :+1:",
        f"```\n/approve {H1}\n```",
        f"```sh\n\n/approve {H1}\n",
        f"~~~\n/approve {H1}\n~~~",
        f"````\n```\n/approve {H1}\n```\n````",
        f"    /approve {H1}",
        f"\t/approve {H1}",
        f"> /approve {H1}",
        f">/approve {H1}",
        f"  > /approve {H1}",
        f"`/approve {H1}`",
        f"do not /approve {H1}",
        f"/approve {H1} not yet",
        f"<!-- /approve {H1} -->",
        f"<!--\n/approve {H1}\n-->",
        f"<details>\n<pre>\n/approve {H1}\n</pre>\n</details>",
        f"- /approve {H1}",
        "/approve",
        "/approve H1",
        f"/approve {H1[:7]}",
        f"/approve {H2}",
        f"/approve {H1[:-1]}0",
        f"/approved {H1}",
        f"/ approve {H1}",
        f"text\u2028/approve {H1}",
        f"text\x0b/approve {H1}",
        f"text\x85/approve {H1}",
        f"> quoted\n/approve {H1}",
    ],
)
def test_s40_what_is_no_approval(body: str) -> None:
    expect(judged(case(comment(BOB, body)), COMMANDS), HELD, counts=[], open_=[DEV, OWN])


@pytest.mark.parametrize(
    "body",
    [f"/approve {H1}", f"Looks right.\n\n/approve {H1}\n", f"/approve {H1}\r\n", f"> lgtm?\n\n/approve {H1}"],
)
def test_s40_a_command_on_its_own_line_is_one(body: str) -> None:
    expect(judged(case(comment(BOB, body)), COMMANDS), ALLOWED, counts=["bob"])
    expect(judged(case(comment(BOB, body))), HELD, counts=[])


def test_s40_an_edited_comment_is_read_by_nobody() -> None:
    expect(judged(case(comment(BOB, f"/approve {H1}", edited=True)), COMMANDS), HELD, counts=[])


def test_s40_a_review_after_the_command_is_the_newest_word() -> None:
    facts = case(comment(BOB, f"/approve {H1}", when=at(60)), object_(BOB, when=at(70)))
    expect(judged(facts, COMMANDS), HELD, counts=[])


def test_s40_the_author_cannot_by_command_either() -> None:
    facts = case(comment(ALICE, f"/approve {H1}"))
    expect(judged(facts, COMMANDS), HELD, counts=[], ignores={"alice": "interested"})


def test_s40_nor_a_bot() -> None:
    facts = case(bot(30, "al-bot"), joins(30, "acme/devs"), comment(30, f"/approve {H1}"))
    expect(judged(facts, COMMANDS), HELD, counts=[])


def test_s40_a_command_for_an_earlier_head_is_stale() -> None:
    expect(judged(case(comment(BOB, f"/approve {H1}"), push(H2)), COMMANDS), HELD, counts=[])


def test_a_second_account_of_the_same_person_is_another_account() -> None:
    """Out of reach: only a registry can tell that two accounts are one person's."""
    facts = case(account(8, "alice2"), joins(8, "acme/devs"), approve(8))
    expect(judged(facts), ALLOWED)
