"""Agents, bots and automations: who asked for it, who controls it, and whether a flow is what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from judge.make_facts import (
    ACTIONS,
    AGENT,
    ALICE,
    B0,
    BOB,
    CAROL,
    DAVE,
    DEPENDABOT,
    H1,
    H2,
    NOW,
    POLICY,
    Step,
    account,
    added,
    agent_run,
    approve,
    assessed,
    bot,
    case,
    changed,
    clauses,
    commit,
    expect,
    interested,
    joins,
    judged,
    opened_by,
    pulled,
    push,
    pushed_by,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Authorship, Dependency, Permission, Sign

HELD, ALLOWED = Outcome.HELD, Outcome.ALLOWED
DEV, OWN = "a developer approves", "owners approve"

AGENTS_WORK: tuple[Step, ...] = (
    bot(AGENT, "acme-agent[bot]"),
    opened_by(AGENT),
    with_commits(commit(H1, author=AGENT, parents=(B0,))),
    pushed_by(AGENT),
)


def test_s14_a_shared_agent_identity_blocks() -> None:
    verdict = judged(case(*AGENTS_WORK, approve(BOB)))
    expect(verdict, HELD, blocks=["initiator_unknown"], unlock=[])


TWO_HUMANS = POLICY + "authors: {unknown_initiator: two-humans}\n"


def test_s14_or_costs_two_humans() -> None:
    expect(judged(case(*AGENTS_WORK, approve(BOB)), TWO_HUMANS), HELD, counts=["bob"])
    both = case(*AGENTS_WORK, approve(BOB), approve(CAROL))
    expect(judged(both, TWO_HUMANS), ALLOWED, counts=["bob", "carol"])


def test_s14_a_run_record_without_an_initiator_does_not_help() -> None:
    facts = case(*AGENTS_WORK, agent_run(AGENT, None), approve(BOB))
    expect(judged(facts), HELD, blocks=["initiator_unknown"])


def test_s14_a_record_that_is_only_declared_bans_but_does_not_vouch() -> None:
    """Whoever forges it must gain nothing: carol, named by it, is barred; bob may still be the initiator."""
    verdict = judged(case(*AGENTS_WORK, agent_run(AGENT, CAROL, attested=False), approve(BOB)))
    expect(verdict, HELD, blocks=["initiator_unknown"])
    assert "carol" in interested(verdict)


def test_s14_a_record_of_another_agent_does_not_help() -> None:
    facts = case(*AGENTS_WORK, bot(23, "other-agent[bot]"), agent_run(23, ALICE), approve(BOB))
    expect(judged(facts), HELD, blocks=["initiator_unknown"])


def test_s14_the_controller_of_a_bot_is_interested() -> None:
    facts = case(*AGENTS_WORK, bot(AGENT, "acme-agent[bot]", controller=BOB), approve(BOB))
    verdict = judged(facts)
    assert verdict.outcome is HELD
    assert "bob" in interested(verdict)


def test_s14_a_chain_of_controllers_is_followed_to_its_end() -> None:
    chain = (bot(AGENT, "acme-agent[bot]", controller=24), account(24, "svc-agents", controller=BOB))
    verdict = judged(case(*AGENTS_WORK, *chain, approve(BOB), agent_run(AGENT, ALICE)))
    expect(verdict, HELD, counts=[], unlock=[["carol"]])
    assert "bob" in interested(verdict)


def test_s14_a_circle_of_controllers_ends() -> None:
    circle = (bot(AGENT, "acme-agent[bot]", controller=24), account(24, "svc-agents", controller=AGENT))
    assert judged(case(*AGENTS_WORK, *circle, approve(BOB))).outcome is HELD


def test_s14_an_agent_that_only_pushed_into_a_persons_pull_request_needs_an_initiator_too() -> None:
    made = commit(H2, author=AGENT, parents=(H1,))
    facts = case(bot(AGENT, "acme-agent[bot]"), push(H2, made, by=AGENT), approve(BOB, H2))
    verdict = judged(facts)
    expect(verdict, HELD, blocks=["initiator_unknown"])


def test_s15_an_agents_traces_stripped() -> None:
    expect(judged(case(approve(BOB))), ALLOWED, counts=["bob"])


def test_s15_signs_are_present_and_alice_asked() -> None:
    signs = Authorship(
        attested=True, declared=True, evidence=(Sign(what="a trailer", channel="trailer", commit=H1),)
    )
    facts = case(assessed(authorship=signs), agent_run(None, ALICE, commits=(H1,)), approve(BOB))
    verdict = judged(facts)
    expect(verdict, ALLOWED, counts=["bob"])
    assert verdict.accountable == ("alice (asked an agent for it)",)


@pytest.mark.parametrize(
    "puppet",
    [
        bot(30, "al-bot"),
        account(30, "al-bot", controller=ALICE),
        account(30, "al-bot", controller=CAROL),
        bot(30, "al-bot[bot]", controller=ALICE),
    ],
    ids=["bot", "alice-controls", "carol-controls", "app"],
)
def test_s16_a_puppet_bot(puppet: Step) -> None:
    facts = case(puppet, joins(30, "acme/devs"), approve(30))
    verdict = judged(facts)
    expect(verdict, HELD, counts=[], open_=[DEV, OWN], unlock=[["bob"], ["carol"]])
    (opinion,) = verdict.opinions
    assert opinion.code in {"bot", "interested"}


NAMED = POLICY + 'reviews: {bots: ["al-bot"]}\n'


def test_s16_a_bot_that_the_policy_names_counts() -> None:
    facts = case(bot(30, "al-bot"), joins(30, "acme/devs"), approve(30))
    expect(judged(facts, NAMED), ALLOWED, counts=["al-bot"])


def test_s16_even_named_not_where_its_controller_is_interested() -> None:
    facts = case(bot(30, "al-bot", controller=ALICE), joins(30, "acme/devs"), approve(30))
    expect(judged(facts, NAMED), HELD, counts=[], open_=[DEV, OWN])


def test_s16_even_named_not_where_it_wrote_some_of_it() -> None:
    facts = case(
        bot(30, "al-bot"),
        joins(30, "acme/devs"),
        with_commits(commit(H1, author=30)),
        agent_run(30, ALICE),
        approve(30),
    )
    expect(judged(facts, NAMED), HELD, counts=[])


def test_s17_a_workflow_approves() -> None:
    facts = case(bot(ACTIONS, "github-actions[bot]"), joins(ACTIONS, "acme/devs"), approve(ACTIONS))
    expect(judged(facts), HELD, counts=[], ignores={"github-actions[bot]": "bot"}, open_=[DEV, OWN])


def test_s17_an_organisation_account_is_nobody() -> None:
    from riskbot.facts.document import AccountType

    facts = case(account(31, "acme", type=AccountType.ORGANIZATION), joins(31, "acme/devs"), approve(31))
    expect(judged(facts), HELD, counts=[])


FLOWS = """\
flows:
  - flow: dependencies
    bots: ["dependabot[bot]"]
    owner: ["@acme/sec"]
    paths: ["**/package-lock.json", "package-lock.json"]
    packages: {allow: [left-pad], older_than: 3d}
"""
EITHER = f"""\
version: 1
name: flows
{FLOWS}owners: {{fallback: ["@acme/gov"]}}
requires:
  any:
    - clause: it is the dependency flow
      flow: {{flows: [dependencies]}}
    - all:
        - clause: a developer approves
          approvals: {{from: ["@acme/devs"]}}
        - clause: owners approve
          owners: {{}}
"""
FLOW = "it is the dependency flow"


def bump(name: str = "left-pad", hours: float | None = 1, **fields: object) -> tuple[Step, ...]:
    """The ordinary pull request of a bot: one lockfile, one dependency, published so many hours ago."""
    published = None if hours is None else NOW - timedelta(hours=hours)
    moved = Dependency(name=name, ecosystem="npm", before="1.0.0", after="1.0.1", published_at=published)
    return (
        bot(DEPENDABOT, "dependabot[bot]"),
        opened_by(DEPENDABOT),
        with_commits(commit(H1, author=DEPENDABOT)),
        pushed_by(DEPENDABOT),
        with_files("package-lock.json"),
        assessed(dependencies=(moved,), **fields),
    )


def test_s18_the_flow_itself_is_fine() -> None:
    verdict = judged(case(*bump()), EITHER)
    expect(verdict, ALLOWED)
    assert clauses(verdict)[FLOW].status is Status.SATISFIED
    assert verdict.accountable == ("@acme/sec (answers for the flow dependencies)",)


HUMAN = (
    *bump(),
    push(H2, commit(H2, author=ALICE, parents=(H1,))),
    with_files("package-lock.json", "src/a.py"),
)


def test_s18_a_human_on_a_bots_branch() -> None:
    verdict = judged(case(*HUMAN, approve(ALICE, H2)), EITHER)
    expect(verdict, HELD, counts=[], ignores={"alice": "interested"}, unlock=[["bob"], ["carol"]])
    expect(judged(case(*HUMAN, approve(BOB, H2)), EITHER), ALLOWED, counts=["bob"], open_=[FLOW])


def test_s18_a_human_push_voids_the_flow_even_where_the_diff_keeps_its_shape() -> None:
    facts = case(*bump(), push(H2, commit(H2, author=ALICE, parents=(H1,))))
    verdict = judged(facts, EITHER)
    expect(verdict, HELD, open_=[FLOW, DEV, OWN])
    assert "alice" in interested(verdict)


def test_s18_a_human_push_of_the_bots_own_commit_voids_it() -> None:
    facts = case(*bump(), pushed_by(ALICE))
    assert judged(facts, EITHER).outcome is HELD


def test_s18_a_human_who_was_there_before_a_force_push_voids_it() -> None:
    facts = case(
        *bump(),
        push(H2, commit(H2, author=ALICE, parents=(H1,))),
        push("3" * 40, commit("3" * 40, author=DEPENDABOT), by=DEPENDABOT, rewrite=True),
    )
    assert judged(facts, EITHER).outcome is HELD


@pytest.mark.parametrize(
    "files",
    [
        with_files("package-lock.json", "src/a.py"),
        with_files(added("package-lock.json")),
        with_files("package-lock.json.sh"),
        with_files(),
    ],
    ids=["one more", "added", "look-alike", "none"],
)
def test_s18_the_shape_of_the_diff_is_kept(files: Step) -> None:
    verdict = judged(case(*bump(), files), EITHER)
    assert verdict.outcome is HELD
    assert clauses(verdict)[FLOW].status is Status.PENDING


def test_s18_a_mode_change_is_out_of_shape() -> None:
    from judge.make_facts import modified

    link = modified("package-lock.json", new_mode="120000")
    assert judged(case(*bump(), with_files(link)), EITHER).outcome is HELD


def test_s18_whoever_opens_it_under_the_bots_name_is_not_the_bot() -> None:
    """A login is not an account: the bot is the one that the directory knows under that name."""
    facts = case(*bump(), with_commits(commit(H1, author=DEPENDABOT)), opened_by(ALICE))
    assert judged(facts, EITHER).outcome is HELD


def test_s18_a_user_account_named_like_the_bot_is_not_it() -> None:
    facts = case(*bump(), account(DEPENDABOT, "dependabot"))
    assert judged(facts, EITHER).outcome is HELD


ONLY = f"version: 1\nname: flows\n{FLOWS}requires:\n  clause: {FLOW}\n  flow: {{flows: [dependencies]}}\n"


@pytest.mark.parametrize("policy", [EITHER, ONLY])
def test_s19_a_bot_as_a_carrier(policy: str) -> None:
    verdict = judged(case(*bump("evil-lib")), policy)
    assert verdict.outcome is HELD
    assert clauses(verdict)[FLOW].could == ("dave",)
    expect(judged(case(*bump("evil-lib"), approve(DAVE)), policy), ALLOWED, counts=["dave"])


def test_s19_on_the_allow_list_or_past_the_age_gate() -> None:
    expect(judged(case(*bump("left-pad")), ONLY), ALLOWED)
    expect(judged(case(*bump("evil-lib", hours=72)), ONLY), ALLOWED)
    expect(judged(case(*bump("evil-lib", hours=71.99)), ONLY), HELD)


def test_s19_an_unknown_age_is_no_age() -> None:
    expect(judged(case(*bump("evil-lib", hours=None)), ONLY), HELD, unlock=[["dave"]])


def test_s19_unknown_dependencies_are_not_none() -> None:
    expect(judged(case(*bump(), assessed(dependencies=None)), ONLY), HELD, unlock=[["dave"]])


def test_s19_a_publication_in_the_future_is_not_old() -> None:
    expect(judged(case(*bump("evil-lib", hours=-1000)), ONLY), HELD)


def test_s19_one_bad_package_among_good_ones() -> None:
    deps = (
        Dependency(name="left-pad", before="1", after="2", published_at=NOW),
        Dependency(name="evil-lib", before="1", after="2", published_at=NOW),
    )
    expect(judged(case(*bump(), assessed(dependencies=deps)), ONLY), HELD)


def test_s19_an_unregistered_bot_is_an_agent_whose_initiator_is_unknown() -> None:
    facts = case(*bump(), approve(BOB))
    expect(judged(facts), HELD, blocks=["initiator_unknown"])


def test_a_bot_with_admin_is_still_a_bot() -> None:
    facts = case(bot(30, "al-bot", permission=Permission.ADMIN), joins(30, "acme/devs"), approve(30))
    expect(judged(facts), HELD, ignores={"al-bot": "bot"})


def test_the_agent_itself_never_approves_its_work() -> None:
    facts = case(*AGENTS_WORK, joins(AGENT, "acme/devs"), agent_run(AGENT, ALICE), approve(AGENT))
    verdict = judged(facts, POLICY + 'reviews: {bots: ["acme-agent[bot]"]}\n')
    expect(verdict, HELD, ignores={"acme-agent[bot]": "interested"})


def test_who_asked_in_a_comment_is_not_lost_when_commits_are() -> None:
    facts = case(*AGENTS_WORK, agent_run(AGENT, ALICE), pulled(assigned_by=(BOB,)), approve(BOB))
    expect(judged(facts), HELD, counts=[], unlock=[["carol"]])


def test_commits_that_nobody_pushed_yet_do_not_hide_the_agent() -> None:
    assert judged(case(*AGENTS_WORK, changed(commits=None, declared_commits=None))).outcome is not ALLOWED
