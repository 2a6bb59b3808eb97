"""The author, contributors, changes of mind, stale approvals, policies edited in the pull request, initiators."""

from __future__ import annotations

import pytest

from judge.make_facts import (
    AGENT,
    ALICE,
    B0,
    BOB,
    CAROL,
    ERIN,
    H1,
    H2,
    MALLORY,
    POLICY,
    Step,
    account,
    added,
    agent_run,
    approve,
    at,
    bot,
    case,
    clauses,
    commit,
    expect,
    interested,
    judged,
    modified,
    object_,
    opened_by,
    push,
    pushed_by,
    review,
    text,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import ReviewState

HELD, ALLOWED = Outcome.HELD, Outcome.ALLOWED
DEV, OWN = "a developer approves", "owners approve"


def test_an_independent_developer_allows_the_ordinary_case() -> None:
    expect(judged(case(approve(BOB))), ALLOWED, counts=["bob"], open_=[], unlock=[])


def test_nobody_has_approved_yet() -> None:
    verdict = judged(case())
    expect(verdict, HELD, counts=[], open_=[DEV, OWN], unlock=[["bob"], ["carol"]])
    assert clauses(verdict)[DEV].could == ("bob", "carol")


def test_s01_the_author_approves_her_own() -> None:
    verdict = judged(case(approve(ALICE)))
    expect(verdict, HELD, counts=[], ignores={"alice": "interested"}, unlock=[["bob"], ["carol"]])
    assert {"opener", "author", "committer", "pusher"} <= interested(verdict)["alice"]


def test_s01_under_another_spelling_of_her_login() -> None:
    expect(
        judged(case(account(ALICE, "ALICE"), approve(ALICE))), HELD, counts=[], unlock=[["bob"], ["carol"]]
    )


def test_s01_after_her_login_was_taken_by_another_account() -> None:
    """Accounts are numbers: whoever has the name "alice" now is not the author."""
    facts = case(account(ALICE, "alice-old"), account(8, "alice"), approve(ALICE), approve(8))
    expect(judged(facts), HELD, ignores={"alice-old": "interested"}, open_=[DEV, OWN])


BOBS_COMMIT = push(H2, commit(H2, author=BOB, parents=(H1,)), by=BOB)


def test_s02_a_contributor_approves() -> None:
    verdict = judged(case(BOBS_COMMIT, approve(BOB, H2)))
    expect(verdict, HELD, counts=[], ignores={"bob": "interested"}, unlock=[["carol"]])


def test_s02_and_somebody_else_does_too() -> None:
    facts = case(BOBS_COMMIT, approve(BOB, H2), approve(CAROL, H2))
    expect(judged(facts), ALLOWED, counts=["carol"], ignores={"bob": "interested"})


def test_s03_a_change_of_mind() -> None:
    verdict = judged(case(approve(BOB), object_(BOB)))
    expect(verdict, HELD, counts=[], open_=[DEV, OWN])


def test_s03_a_comment_is_no_opinion() -> None:
    verdict = judged(case(approve(BOB), object_(BOB), review(BOB, ReviewState.COMMENTED)))
    expect(verdict, HELD, counts=[], open_=[DEV, OWN])


def test_s03_a_comment_does_not_take_an_approval_back() -> None:
    expect(judged(case(approve(BOB), review(BOB, ReviewState.COMMENTED))), ALLOWED, counts=["bob"])


def test_s03_an_approval_after_the_objection_counts() -> None:
    expect(judged(case(object_(BOB), approve(BOB))), ALLOWED, counts=["bob"])


@pytest.mark.parametrize("turn", [1, -1])
def test_s03_at_the_same_second_the_objection_wins(turn: int) -> None:
    steps = [approve(BOB, when=at(60)), object_(BOB, when=at(60))][::turn]
    expect(judged(case(*steps)), HELD, counts=[])


def test_s04_an_approval_of_an_earlier_head() -> None:
    verdict = judged(case(approve(BOB), push(H2)))
    expect(verdict, HELD, counts=[], ignores={"bob": "stale"}, unlock=[["bob"], ["carol"]])


FREE = POLICY.replace("count: 1", "count: 2")


@pytest.mark.parametrize(
    "governing",
    [".riskbot/policy.yml", ".github/CODEOWNERS", ".riskbot/readability", ".github/workflows/ci.yml"],
)
def test_s05_what_governs_is_edited_in_the_pull_request(governing: str) -> None:
    edited = with_files("src/a.py", governing)
    verdict = judged(case(edited, approve(BOB)))
    expect(verdict, HELD, counts=["bob"], open_=[OWN], unlock=[["erin"]])
    expect(judged(case(edited, approve(BOB), approve(ERIN))), ALLOWED, counts=["bob", "erin"])


def test_s05_a_change_of_what_governs_is_told() -> None:
    expect(judged(case(with_files(".riskbot/policy.yml"))), HELD, flags=["governing_change"])


def test_s05_another_policy_file_at_the_head_is_owned_too() -> None:
    verdict = judged(case(with_files(modified("src/a.py"), added(".riskbot/other.yml")), approve(BOB)))
    expect(verdict, HELD, unlock=[["erin"]])


def test_s05_the_policy_text_among_the_facts_is_not_what_judges() -> None:
    """Whatever text stands in the facts under the policy's path: the policy is the one that was given."""
    lax = case(text(".riskbot/policy.yml", "version: 1\nname: lax\nrequires: {clause: x, analysed: {}}\n"))
    assert judged(lax).outcome is judged(case()).outcome is HELD


def agents_work(*more: Step) -> tuple[Step, ...]:
    """The agent opened it and wrote it all."""
    return (
        bot(AGENT, "acme-agent[bot]"),
        opened_by(AGENT),
        with_commits(commit(H1, author=AGENT, parents=(B0,))),
        pushed_by(AGENT),
        *more,
    )


def test_s06_the_initiator_of_an_agent_approves() -> None:
    facts = case(*agents_work(agent_run(AGENT, ALICE), approve(ALICE)))
    verdict = judged(facts)
    expect(verdict, HELD, counts=[], ignores={"alice": "interested"}, unlock=[["bob"], ["carol"]])
    assert "initiator" in interested(verdict)["alice"]


def test_s06_somebody_else_approves_the_agents_work() -> None:
    verdict = judged(case(*agents_work(agent_run(AGENT, ALICE), approve(BOB))))
    expect(verdict, ALLOWED, counts=["bob"])
    assert verdict.accountable == ("alice (asked an agent for it)",)


def test_s06_whoever_assigned_the_work_to_the_agent_is_its_initiator() -> None:
    from judge.make_facts import pulled

    verdict = judged(case(*agents_work(pulled(assigned_by=(ALICE,)), approve(ALICE))))
    expect(verdict, HELD, counts=[], ignores={"alice": "interested"}, unlock=[["bob"], ["carol"]])


def test_an_approval_of_somebody_in_no_team_is_no_developers() -> None:
    verdict = judged(case(approve(MALLORY)))
    expect(verdict, HELD, open_=[DEV, OWN], unlock=[["bob"], ["carol"]])
