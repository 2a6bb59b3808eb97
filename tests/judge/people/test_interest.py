"""Who is interested: each ground by itself, what is not known, and how a ban is lifted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from judge.make_facts import (
    ACTIONS,
    AGENT,
    ALICE,
    B0,
    B1,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    H2,
    NOW,
    RITA,
    Step,
    account,
    agent_run,
    at,
    bot,
    case,
    changed,
    coauthored,
    commit,
    email,
    oid,
    opened_by,
    pulled,
    push,
    pushed_by,
    signature,
    with_commits,
)
from riskbot.domain.verdict import Grade
from riskbot.facts.document import BanLift, Facts, Merge, Push, Suggestion, Trailer, Verification
from riskbot.judge.language.declarations import AuthorRules, Flow, ReviewRules, Tolerance
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested, interested
from riskbot.judge.people.who import Who
from riskbot.written.glob import Glob

WEB_FLOW = 40
AGENTS: tuple[Step, ...] = (
    bot(AGENT, "acme-agent[bot]"),
    opened_by(AGENT),
    with_commits(commit(H1, author=AGENT)),
    pushed_by(AGENT),
)


def found(
    *steps: Step,
    authors: AuthorRules | None = None,
    reviews: ReviewRules | None = None,
    flows: tuple[Flow, ...] = (),
    facts: Facts | None = None,
) -> Interested:
    facts = facts or case(*steps)
    rules, says = authors or AuthorRules(), reviews or ReviewRules()
    return interested(facts, rules, says, flows, Directory(facts, {}), now=NOW)


def roles(who: Interested, account: int) -> set[str]:
    return {ground.role for ground in who.accounts.get(account, ())}


def blocks(who: Interested) -> list[str]:
    return [note.code for note in who.blocks]


def flags(who: Interested) -> list[str]:
    return [note.code for note in who.flags]


def test_s01_the_opener() -> None:
    who = found()
    assert set(who.accounts) == {ALICE}
    assert roles(who, ALICE) == {"opener", "pusher", "author", "committer"}
    assert (who.blocks, who.flags, who.more) == ((), (), 0)


def test_s02_a_contributor() -> None:
    who = found(push(H2, commit(H2, author=BOB, parents=(H1,)), by=BOB))
    assert roles(who, BOB) == {"pusher", "author", "committer"}


def test_s06_the_initiator_of_an_agent() -> None:
    who = found(*AGENTS, agent_run(AGENT, ALICE))
    assert roles(who, ALICE) == {"initiator"}
    assert roles(who, AGENT) >= {"agent", "opener"}
    assert who.blocks == ()
    assert roles(found(*AGENTS, pulled(assigned_by=(BOB,))), BOB) == {"initiator"}


def test_s07_a_borrowed_name_is_seen_by_the_push() -> None:
    who = found(pushed_by(BOB))
    assert [(one.role, one.grade) for one in who.accounts[BOB]] == [("pusher", Grade.ATTESTED)]
    assert BOB not in found().accounts  # the twin: nothing that the forge knows tells it


@pytest.mark.parametrize(
    "text",
    [
        f"Co-authored-by: Bob <{email(BOB)}>",
        f"co-AUTHORED-by:Bob<{email(BOB).upper()}>",
        f"  Co-authored-by : Bob < {email(BOB)} >",
        f"* Co-authored-by: {email(BOB)}",
        f"Co-developed-by: Bob <{email(BOB)}>",
        "Co-authored-by: Bob <2+bob@users.noreply.github.com>",
        "Co-authored-by: Bob <bob@users.noreply.github.com>",
        "Co-authored-by: Bob <2+BOB@Users.NoReply.GitHub.com>",
        f"Co-authored-by: Bob <x@y.example> <{email(BOB)}>\r",
    ],
)
def test_s08_a_co_author(text: str) -> None:
    who = found(with_commits(commit(H1, message=f"Mend it\n\n{text}\n")))
    assert [(one.role, one.grade) for one in who.accounts[BOB]] == [("co-author", Grade.DECLARED)]
    assert "coauthor_unconfirmed" in flags(who)


@pytest.mark.parametrize("key", ["Signed-off-by", "Reviewed-by", "Assisted-by", "Tested-by", "Helped-by"])
def test_other_trailers_make_nobody_interested(key: str) -> None:
    line = f"{key}: Bob <{email(BOB)}>"
    trailer = Trailer(key=key, value=f"Bob <{email(BOB)}>")
    assert BOB not in found(with_commits(commit(H1, message=line, trailers=(trailer,)))).accounts


def test_a_co_author_whom_nobody_knows() -> None:
    who = found(with_commits(commit(H1, **coauthored("X <x@nowhere.example>"))))
    assert set(who.strangers) == {"x@nowhere.example"}
    assert flags(who) == ["coauthor_unknown"]
    assert who.blocks == ()


def test_many_co_authors_take_time_in_proportion_and_one_flag() -> None:
    message = "".join(f"Co-authored-by: X <x{n}@nowhere.example>\n" for n in range(20_000))
    who = found(with_commits(commit(H1, message=message + "<" * 100_000 + " " * 100_000)))
    assert len(who.strangers) == 20_000
    assert flags(who) == ["coauthor_unknown"]


LIFT = AuthorRules(lift_coauthor_ban=(Who.parse("@acme/gov"),))


def lift(**fields: object) -> Step:
    values = {"person": BOB, "by": ERIN, "reason": "He was away.", "head": H1, "at": at(60), **fields}
    return pulled(ban_lifts=(BanLift(**values),))  # type: ignore[arg-type]


WEAPON = with_commits(commit(H1, **coauthored(f"Bob <{email(BOB)}>")))


def test_s09_a_ban_by_co_author_line_can_be_lifted() -> None:
    who = found(WEAPON, lift(), authors=LIFT)
    assert BOB not in who.accounts
    assert flags(who) == ["ban_lifted"]
    assert BOB in found(WEAPON, lift()).accounts  # no policy said who may


@pytest.mark.parametrize(
    "fields",
    [
        {"by": DAVE},
        {"by": BOB},
        {"by": ALICE},
        {"by": 99},
        {"reason": " \n"},
        {"head": H2},
        {"at": NOW.replace(year=2027)},
    ],
    ids="-".join,
)
def test_s09_but_only_by_whom_and_for_what_the_policy_says(fields: dict[str, object]) -> None:
    assert BOB in found(WEAPON, lift(**fields), authors=LIFT).accounts


def test_s09_who_lifts_must_have_no_part_and_be_able() -> None:
    both = with_commits(commit(H1, **coauthored(f"B <{email(BOB)}>", f"E <{email(ERIN)}>")))
    assert BOB in found(both, lift(), authors=LIFT).accounts
    away = account(ERIN, "erin", active=False)
    assert BOB in found(WEAPON, away, lift(), authors=LIFT).accounts
    anyone = AuthorRules(lift_coauthor_ban=(Who.parse("anyone"),))
    assert BOB in found(WEAPON, lift(by=RITA), authors=anyone).accounts
    assert BOB not in found(WEAPON, lift(by=CAROL), authors=anyone).accounts
    machine = bot(AGENT, "acme-agent[bot]")
    assert BOB in found(WEAPON, machine, lift(by=AGENT), authors=anyone).accounts


@pytest.mark.parametrize("part", [pushed_by(BOB), pulled(assigned_by=(BOB,)), agent_run(None, BOB)])
def test_s09_no_other_ground_can_be_lifted(part: Step) -> None:
    assert BOB in found(WEAPON, part, lift(), authors=LIFT).accounts


@pytest.mark.parametrize(
    "made",
    [
        commit(H1, author=None),
        commit(H1, committer=None),
        replace(commit(H1), author=signature(None, "alice@users.noreply.github.com")),
        replace(commit(H1), author=signature(None, "999+alice@users.noreply.github.com")),
        commit(H1, author=None, in_head=False),
    ],
    ids=["author", "committer", "login only", "unknown id", "earlier head"],
)
def test_s10_an_unattributed_commit(made: object) -> None:
    steps = (with_commits(made), pushed_by(ALICE))  # type: ignore[arg-type]
    assert blocks(found(*steps)) == ["unattributed"]
    more = found(*steps, authors=AuthorRules(unattributed="one-more"))
    assert (blocks(more), more.more) == ([], 1)


def test_s10_an_address_of_two_accounts_bars_both_and_attributes_nothing() -> None:
    shared = account(8, "eve", emails=(email(BOB),))
    made = replace(commit(H1), author=signature(None, email(BOB)))
    who = found(shared, with_commits(made))
    assert {BOB, 8} <= set(who.accounts)
    assert blocks(who) == ["unattributed"]


def test_s10_the_forges_own_committer_is_nobody_only_where_it_signed() -> None:
    forge = signature(None, "noreply@github.com")
    made = replace(commit(H1), committer=forge, verification=Verification.VERIFIED)
    assert found(with_commits(made)).blocks == ()
    for other in (None, Verification.NONE, Verification.INVALID):
        assert blocks(found(with_commits(replace(made, verification=other)))) == ["unattributed"]
    assert blocks(found(with_commits(replace(made, signer=BOB)))) == ["unattributed"]
    assert blocks(found(with_commits(replace(made, author=forge)))) == ["unattributed"]


def test_s10_a_commit_of_an_attested_run_is_its_initiators() -> None:
    made = with_commits(commit(H1, author=None))
    assert found(made, agent_run(None, ALICE, commits=(H1,))).blocks == ()
    assert blocks(found(made, agent_run(None, ALICE, commits=(H2,)))) == ["unattributed"]
    declared = agent_run(None, ALICE, attested=False, commits=(H1,))
    assert blocks(found(made, declared)) == ["unattributed"]


def test_s11_a_side_branch() -> None:
    side = commit(oid("X"), author=BOB)
    merge = commit(H2, parents=(H1, side.id), tree=oid("m"), recomputed_tree=oid("m"))
    assert roles(found(push(H2, side, merge)), BOB) == {"author", "committer"}


def test_s12_a_borrowed_token_is_its_owners() -> None:
    assert roles(found(pushed_by(BOB)), BOB) == {"pusher"}


def applied(lines: int = 1, **fields: object) -> Step:
    values = {"parents": (H1,), "verification": Verification.VERIFIED, "author": BOB, **fields}
    made = commit(H2, committer=WEB_FLOW, suggestions=(Suggestion(by=BOB, lines=lines),), **values)  # type: ignore[arg-type]
    return push(H2, made)


def test_s13_an_applied_suggestion() -> None:
    web_flow = account(WEB_FLOW, "web-flow", permission=None)
    small = ReviewRules(suggestions=Tolerance(lines=3))
    assert roles(found(web_flow, applied()), BOB) == {"suggestion", "author"}
    assert found(web_flow, applied()).tolerable == {}
    assert found(web_flow, applied(3), reviews=small).tolerable == {BOB: 3}
    assert found(web_flow, applied(4), reviews=small).tolerable == {}
    refuted = applied(verification=Verification.INVALID)
    assert found(web_flow, refuted, reviews=small).tolerable == {}
    assert found(web_flow, applied(), pushed_by(ALICE, BOB), reviews=small).tolerable == {}


def test_s14_a_shared_agent() -> None:
    assert blocks(found(*AGENTS)) == ["initiator_unknown"]
    two = found(*AGENTS, authors=AuthorRules(unknown_initiator="two-humans"))
    assert (blocks(two), two.more) == ([], 1)


@pytest.mark.parametrize(
    ("known", "step"),
    [
        (True, agent_run(AGENT, ALICE)),
        (True, agent_run(None, ALICE)),
        (True, pulled(assigned_by=(ALICE,))),
        (True, bot(AGENT, "acme-agent[bot]", controller=CAROL)),
        (False, agent_run(AGENT, None)),
        (False, agent_run(AGENT, ALICE, attested=False)),
        (False, agent_run(AGENT, AGENT)),
        (False, agent_run(ACTIONS, ALICE)),
        (False, bot(AGENT, "acme-agent[bot]", controller=AGENT)),
    ],
)
def test_s14_what_makes_the_initiator_known(known: bool, step: Step) -> None:
    assert (blocks(found(*AGENTS, step)) == []) is known


def test_s14_one_assignment_does_not_answer_for_two_bots() -> None:
    second = (bot(ACTIONS, "github-actions[bot]"), push(H2, by=ACTIONS))
    who = found(*AGENTS, *second, pulled(assigned_by=(ALICE,)))
    assert blocks(who) == ["initiator_unknown"]


def test_s14_a_registered_flow_answers_for_its_bots() -> None:
    flow = Flow(
        flow="updates", bots=(Who.parse("acme-agent[bot]"),), owner=(Who.parse("erin"),), paths=(Glob("**"),)
    )
    assert found(*AGENTS, flows=(flow,)).blocks == ()
    assert ERIN not in found(*AGENTS, flows=(flow,)).accounts


def test_an_unknown_opener_blocks() -> None:
    assert blocks(found(opened_by(None))) == ["initiator_unknown"]


def test_s15_without_a_sign_the_committer_answers() -> None:
    assert found().blocks == ()


def test_s16_bots_of_the_interested_and_controllers_of_bots_transitively() -> None:
    who = found(
        bot(30, "al-bot", controller=31),
        account(31, "svc", controller=ALICE),
        account(32, "other", controller=CAROL),
    )
    assert set(who.accounts) == {ALICE, 31, 30}
    up = found(bot(30, "al-bot", controller=31), account(31, "svc", controller=BOB), pushed_by(30))
    assert BOB in up.accounts


def test_s18_a_human_on_a_bots_branch() -> None:
    assert roles(found(*AGENTS, agent_run(AGENT, CAROL), push(H2)), ALICE) >= {"pusher", "author"}


def test_s21_earlier_heads_count() -> None:
    who = found(with_commits(commit(H1, author=BOB)), push(H2, rewrite=True))
    assert roles(who, BOB) == {"author", "committer"}


M = oid("M")


def merge(**fields: object) -> Step:
    values = {"author": BOB, "parents": (H1, B1), "tree": oid("t"), "recomputed_tree": oid("t"), **fields}
    return push(M, commit(M, **values), by=BOB, merge_base=B1)  # type: ignore[arg-type]


def test_s22_a_reproduced_update_adds_nobody() -> None:
    assert set(found(merge()).accounts) == {ALICE}


@pytest.mark.parametrize(
    "fields",
    [
        {"recomputed_tree": None},
        {"recomputed_tree": oid("other")},
        {"tree": None, "recomputed_tree": None},
        {"parents": (H1,)},
        {"parents": (H1, B0, H1)} | {"tree": oid("x")},
        {"message": f"Merge\n\nCo-authored-by: B <{email(BOB)}>"},
    ],
)
def test_s23_any_other_merge_is_its_makers(fields: dict[str, object]) -> None:
    assert BOB in found(merge(**fields)).accounts


def test_s22_a_push_of_more_than_the_update_counts() -> None:
    own = commit(oid("own"), parents=(H1,))
    update = commit(M, author=BOB, parents=(own.id, B1), tree=oid("t"), recomputed_tree=oid("t"))
    assert roles(found(push(M, own, update, by=BOB)), BOB) == {"pusher"}


def test_s22_an_update_of_an_older_head_undoes_what_came_after_it() -> None:
    """Whoever forces it over a newer head has chosen what the branch holds."""
    update = commit(M, author=BOB, parents=(H1, B1), tree=oid("t"), recomputed_tree=oid("t"))
    assert BOB not in found(push(M, update, by=BOB)).accounts
    assert roles(found(push(H2), push(M, update, by=BOB, rewrite=True)), BOB) == {"pusher"}


def test_auto_merge_is_no_part() -> None:
    assert BOB not in found(pulled(merge=Merge(auto_merge_by=BOB))).accounts


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("pushers_unknown", pulled(pushes=None)),
        ("pushers_unknown", pulled(pushes=())),
        ("pushers_unknown", pushed_by(None)),
        ("pushers_unknown", pulled(pushes=(Push(by=ALICE, after=H2),))),
        ("commits_unknown", changed(commits=None)),
    ],
)
def test_what_nobody_looked_at(code: str, step: Step) -> None:
    assert blocks(found(step)) == [code]
    assert code not in blocks(found(step, pulled(reviews=None)))


def test_an_earlier_head_that_nobody_is_known_to_have_pushed() -> None:
    facts = case(push(H2))
    assert facts.pull is not None
    assert facts.pull.pushes is not None
    last = facts.pull.pushes[-1:]
    assert blocks(found(facts=replace(facts, pull=replace(facts.pull, pushes=last)))) == ["pushers_unknown"]


def test_without_a_directory_nothing_blocks_and_addresses_are_kept() -> None:
    facts = case(
        with_commits(
            replace(commit(H1), author=signature(None, "Bob@Acme.Example")),
            replace(commit(H2), author=signature(None, "5+Erin@users.noreply.github.com")),
        )
    )
    who = found(facts=replace(facts, accounts=None, teams=None, pull=None))
    assert set(who.strangers) == {
        "bob@acme.example",
        "5+erin@users.noreply.github.com",
        "erin",
    }
    assert (who.blocks, who.flags, who.more) == ((), (), 0)


def test_a_verified_signature_ties_the_author() -> None:
    signed = commit(H1, author=BOB, verification=Verification.VERIFIED, signer=BOB)
    grades = {one.role: one.grade for one in found(with_commits(signed)).accounts[BOB]}
    assert grades == {"author": Grade.SIGNED, "committer": Grade.SIGNED, "signer": Grade.SIGNED}
    other = commit(H1, verification=Verification.VERIFIED, signer=BOB)
    assert roles(found(with_commits(other)), BOB) == {"signer"}


def test_s22_a_clean_merge_of_two_of_the_changes_own_commits_is_no_update() -> None:
    side = commit(oid("X"))
    joined = commit(M, author=BOB, parents=(H1, side.id), tree=oid("t"), recomputed_tree=oid("t"))
    assert roles(found(push(M, side, joined, by=ALICE)), BOB) == {"author", "committer"}
