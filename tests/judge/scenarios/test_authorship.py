"""Names, trailers, pushes and suggestions: whose work it really is, as far as anybody can know."""

from __future__ import annotations

import pytest

from judge.make_facts import (
    ALICE,
    B0,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    H2,
    NOW,
    POLICY,
    WEB_FLOW,
    account,
    approve,
    at,
    case,
    changed,
    coauthored,
    commit,
    email,
    expect,
    interested,
    judged,
    oid,
    pulled,
    push,
    pushed_by,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import BanLift, Permission, Suggestion, Verification

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED


def test_s07_a_borrowed_name() -> None:
    """Bob pushed what he wrote under alice's name: the forge vouches for the push."""
    verdict = judged(case(pushed_by(BOB), approve(BOB)))
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"}, unlock=[["carol"]])
    assert interested(verdict)["bob"] == {"pusher"}


def test_s07_when_alice_pushes_it_herself_nothing_can_be_seen() -> None:
    expect(judged(case(approve(BOB))), ALLOWED, counts=["bob"])


def test_s08_a_co_author_approves() -> None:
    facts = case(with_commits(commit(H1, **coauthored(f"Bob <{email(BOB)}>"))), approve(BOB))
    verdict = judged(facts)
    expect(verdict, HELD, counts=[], unlock=[["carol"]])
    assert interested(verdict)["bob"] == {"co-author"}


@pytest.mark.parametrize(
    "value",
    [
        f"Bob <{email(BOB).upper()}>",
        f"  Bob   <  {email(BOB)} >  ",
        email(BOB),
        f"Bob {email(BOB)}",
        f"<{email(BOB)}>",
        "Bob <2+bob@users.noreply.github.com>",
        "Bob <2+bobby-as-he-was@users.noreply.github.com>",
        "Bob <bob@users.noreply.github.com>",
        "@bob",
        "bob",
    ],
)
@pytest.mark.parametrize("key", ["Co-authored-by", "co-authored-BY", "CO-AUTHORED-BY"])
def test_s08_however_the_trailer_is_written(value: str, key: str) -> None:
    from riskbot.facts.document import Trailer

    made = commit(H1, trailers=(Trailer(key=key, value=value),), message=f"Mend\n\n{key}: {value}\n")
    expect(judged(case(with_commits(made), approve(BOB))), HELD, counts=[], unlock=[["carol"]])


@pytest.mark.parametrize("key", ["Co-developed-by", "Pair-programmed-with", "Signed-off-by"])
def test_s08_other_words_for_having_had_a_part_at_least_never_help(key: str) -> None:
    from riskbot.facts.document import Trailer

    made = commit(H1, trailers=(Trailer(key=key, value=f"Bob <{email(BOB)}>"),))
    alone = judged(case(with_commits(made)))
    assert alone.outcome is HELD


def test_s08_a_trailer_that_only_the_message_holds() -> None:
    """Whoever filled the facts left the trailers out, or the line stands inside the message."""
    message = f"Mend it\n\nCo-authored-by: Bob <{email(BOB)}>\n\nAnd some more words."
    facts = case(with_commits(commit(H1, message=message)), approve(BOB))
    expect(judged(facts), HELD, counts=[], unlock=[["carol"]])


def test_s08_on_a_commit_of_an_earlier_head_only() -> None:
    facts = case(
        with_commits(commit(H1, **coauthored(f"Bob <{email(BOB)}>"))),
        push(H2, rewrite=True),
        approve(BOB, H2),
    )
    expect(judged(facts), HELD, counts=[], unlock=[["carol"]])


WEAPON = (with_commits(commit(H1, **coauthored(f"Bob <{email(BOB)}>"))), approve(BOB))


def test_s09_a_trailer_as_a_weapon_is_told_and_locks_nobody_else_out() -> None:
    expect(judged(case(*WEAPON)), HELD, ignores={"bob": "interested"}, flags=["coauthor_unconfirmed"])
    expect(judged(case(*WEAPON, approve(CAROL))), ALLOWED, counts=["carol"], flags=["coauthor_unconfirmed"])


LIFTING = POLICY + 'authors: {lift_coauthor_ban: ["@acme/gov"]}\n'


def lift(by: int, head: str = H1, person: int = BOB) -> BanLift:
    return BanLift(person=person, by=by, reason="was on leave that week", head=head, at=at(50))


def test_s09_somebody_entitled_lifts_the_ban_with_a_reason() -> None:
    verdict = judged(case(*WEAPON, pulled(ban_lifts=(lift(ERIN),))), LIFTING)
    expect(verdict, ALLOWED, counts=["bob"])


@pytest.mark.parametrize("by", [ALICE, BOB, CAROL, DAVE])
def test_s09_nobody_else_lifts_it(by: int) -> None:
    expect(judged(case(*WEAPON, pulled(ban_lifts=(lift(by),))), LIFTING), HELD, counts=[])


def test_s09_a_lifted_ban_holds_for_that_head_only() -> None:
    made = commit(H2, parents=(H1,), **coauthored(f"Bob <{email(BOB)}>"))
    facts = case(*WEAPON, pulled(ban_lifts=(lift(ERIN),)), push(H2, made), approve(BOB, H2))
    expect(judged(facts, LIFTING), HELD, counts=[])


def test_s09_no_policy_no_lifting() -> None:
    expect(judged(case(*WEAPON, pulled(ban_lifts=(lift(ERIN),)))), HELD, counts=[])


def test_s09_who_committed_or_pushed_stays_banned_whoever_vouches() -> None:
    facts = case(*WEAPON, pushed_by(BOB), pulled(ban_lifts=(lift(ERIN),)))
    expect(judged(facts, LIFTING), HELD, counts=[])


def test_s10_an_unattributed_commit_blocks() -> None:
    verdict = judged(case(with_commits(commit(H1, author=None)), approve(BOB)))
    expect(verdict, HELD, blocks=["unattributed"], unlock=[])


def test_s10_an_unattributed_committer_blocks_as_well() -> None:
    verdict = judged(case(with_commits(commit(H1, committer=None)), approve(BOB)))
    expect(verdict, HELD, blocks=["unattributed"], unlock=[])


ONE_MORE = POLICY + "authors: {unattributed: one-more}\n"


def test_s10_or_costs_one_more_independent_approval() -> None:
    unknown = with_commits(commit(H1, author=None))
    expect(judged(case(unknown, approve(BOB)), ONE_MORE), HELD, counts=["bob"])
    expect(judged(case(unknown, approve(BOB), approve(CAROL)), ONE_MORE), ALLOWED, counts=["bob", "carol"])


def test_s10_a_commit_of_an_earlier_head_counts_too() -> None:
    facts = case(with_commits(commit(H1, author=None)), push(H2, rewrite=True), approve(BOB, H2))
    expect(judged(facts), HELD, blocks=["unattributed"])


def test_s11_a_side_branch_by_the_second_parent() -> None:
    x = commit(oid("X"), author=BOB, parents=(B0,))
    merge = commit(H2, parents=(H1, x.id))
    verdict = judged(case(push(H2, x, merge), approve(BOB, H2)))
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"}, unlock=[["carol"]])
    assert "author" in interested(verdict)["bob"]


def test_s11_an_octopus_merge() -> None:
    sides = [commit(oid(f"X{n}"), author=who, parents=(B0,)) for n, who in enumerate((BOB, CAROL, ERIN))]
    merge = commit(H2, parents=(H1, *(side.id for side in sides)))
    facts = case(push(H2, *sides, merge), *(approve(who, H2) for who in (BOB, CAROL, ERIN)))
    verdict = judged(facts)
    expect(verdict, HELD, counts=[])
    assert {"bob", "carol", "erin"} <= set(interested(verdict))


def test_s12_a_borrowed_token() -> None:
    verdict = judged(case(push(H2), pushed_by(ALICE, BOB), approve(BOB, H2)))
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"}, unlock=[["carol"]])


def test_s12_a_pusher_of_an_earlier_head_stays_interested() -> None:
    facts = case(pushed_by(BOB), push(H2, rewrite=True), approve(BOB, H2))
    expect(judged(facts), HELD, counts=[], unlock=[["carol"]])


@pytest.mark.parametrize("step", [pushed_by(None), pulled(pushes=None), pulled(pushes=())])
def test_s12_an_unknown_pusher_is_not_nobody(step: object) -> None:
    verdict = judged(case(step, approve(BOB)))  # type: ignore[arg-type]
    expect(verdict, UNDECIDED, blocks=["pushers_unknown"])


def test_s12_a_push_that_is_missing_from_the_list() -> None:
    """The head's own push is not among those known: then its pusher is unknown."""
    facts = case(push(H2), approve(BOB, H2))
    assert facts.pull is not None
    assert facts.pull.pushes is not None
    verdict = judged(case(push(H2), pulled(pushes=facts.pull.pushes[:1]), approve(BOB, H2)))
    expect(verdict, UNDECIDED, blocks=["pushers_unknown"])


TOLERANT = POLICY + "reviews: {suggestions: {lines: 3}}\n"


def suggestion(lines: int = 1, **fields: object) -> tuple[object, ...]:
    made = commit(
        H2,
        author=ALICE,
        committer=WEB_FLOW,
        parents=(H1,),
        suggestions=(Suggestion(by=BOB, lines=lines),),
        verification=Verification.VERIFIED,
        **coauthored(f"Bob <{email(BOB)}>"),
        **fields,
    )
    return (
        account(WEB_FLOW, "web-flow", permission=Permission.NONE),
        push(H2, made),
        approve(BOB, H2),
    )


def test_s13_an_applied_suggestion_makes_its_author_interested() -> None:
    verdict = judged(case(*suggestion()))  # type: ignore[arg-type]
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"}, unlock=[["carol"]])
    assert "suggestion" in interested(verdict)["bob"]


def test_s13_also_where_he_is_the_commits_author() -> None:
    made = commit(
        H2, author=BOB, committer=WEB_FLOW, parents=(H1,), suggestions=(Suggestion(by=BOB, lines=1),)
    )
    facts = case(account(WEB_FLOW, "web-flow", permission=Permission.NONE), push(H2, made), approve(BOB, H2))
    expect(judged(facts), HELD, counts=[], unlock=[["carol"]])


# Where the folder has no owner of its own but everybody's, the tolerance can apply.
def test_s13_a_small_one_may_be_tolerated_and_the_record_says_so() -> None:
    policy = TOLERANT.replace("    - clause: owners approve\n      owners: {}\n", "")
    facts = case(*suggestion(), _no_owners)  # type: ignore[arg-type]
    verdict = judged(facts, policy)
    expect(verdict, ALLOWED, counts=["bob"], flags=["suggestion_tolerated"])


def _no_owners(facts: object) -> object:
    from judge.make_facts import text

    return text(".github/CODEOWNERS", "/secure/ @acme/sec\n")(facts)  # type: ignore[arg-type]


def test_s13_a_larger_one_is_not_tolerated() -> None:
    policy = TOLERANT.replace("    - clause: owners approve\n      owners: {}\n", "")
    facts = case(*suggestion(lines=4), _no_owners)  # type: ignore[arg-type]
    expect(judged(facts, policy), HELD, counts=[], ignores={"bob": "interested"})


def test_s13_many_small_ones_add_up() -> None:
    policy = TOLERANT.replace("    - clause: owners approve\n      owners: {}\n", "")
    made = commit(
        H2,
        committer=WEB_FLOW,
        parents=(H1,),
        suggestions=tuple(Suggestion(by=BOB, lines=2) for _ in range(4)),
    )
    facts = case(
        account(WEB_FLOW, "web-flow", permission=Permission.NONE),
        push(H2, made),
        approve(BOB, H2),
        _no_owners,
    )  # type: ignore[arg-type]
    expect(judged(facts, policy), HELD, counts=[], ignores={"bob": "interested"})


def test_s13_not_where_a_path_is_owned_specially() -> None:
    facts = case(with_files("secure/x.py"), *suggestion(), _no_owners)  # type: ignore[arg-type]
    expect(judged(facts, TOLERANT), HELD, ignores={"bob": "interested"})


def test_s13_not_where_nobody_else_could_approve() -> None:
    policy = TOLERANT.replace("    - clause: owners approve\n      owners: {}\n", "")
    others = tuple(
        account(id_, name, permission=Permission.READ)
        for id_, name in ((3, "carol"), (4, "dave"), (5, "erin"), (6, "mallory"))
    )
    facts = case(*others, *suggestion(), _no_owners)  # type: ignore[arg-type]
    expect(judged(facts, policy), HELD, ignores={"bob": "interested"})


def test_commits_that_nobody_listed_are_not_none() -> None:
    verdict = judged(case(changed(commits=None, declared_commits=None), approve(BOB)))
    expect(verdict, UNDECIDED, blocks=["commits_unknown"])


def test_a_head_without_any_commit_listed_is_not_whole() -> None:
    verdict = judged(case(changed(commits=(), declared_commits=None), approve(BOB)))
    assert verdict.outcome is not ALLOWED
    assert verdict.blocks


def test_an_unknown_opener_is_not_nobody() -> None:
    verdict = judged(case(pulled(opened_by=None), approve(BOB)))
    assert verdict.outcome is not ALLOWED
    assert verdict.blocks


def test_the_ban_holds_whatever_the_time() -> None:
    from datetime import timedelta

    facts = case(push(H2, commit(H2, author=BOB, parents=(H1,))), approve(BOB, H2))
    assert judged(facts, now=NOW + timedelta(days=4000)).outcome is HELD
