"""Who answers for a change: its author, whoever asked the machine, a flow's owner, or nobody known."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from riskbot.facts.document import AccountType, Authorship, Facts
from riskbot.judge.bench import Bench
from riskbot.judge.owners import Nobody, Rosters
from riskbot.judge.people.accountable import accountable
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    H1,
    H2,
    MALLORY,
    NOW,
    account,
    agent_run,
    assessed,
    bot,
    case,
    commit,
    opened_by,
    policy,
    pulled,
    push,
    pushed_by,
    with_commits,
)

DECLARED = assessed(authorship=Authorship(attested=False, declared=True, inferred=False))
INFERRED = assessed(authorship=Authorship(attested=False, declared=False, inferred=True))
AGENTS = (bot(AGENT, "acme-agent[bot]"), opened_by(AGENT), pushed_by(AGENT), with_commits(commit(H1, AGENT)))


def answers(facts: Facts) -> list[str]:
    bench = Bench(facts, policy().rules, Rosters(Nobody()), NOW)
    return [str(one) for one in accountable(bench)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), ["alice (opened it)"]),
        ((with_commits(commit(H1, BOB)),), ["alice (opened it)"]),
        ((INFERRED, pulled(assigned_by=(BOB,))), ["alice (opened it)"]),  # a guess makes nobody else answer
        ((DECLARED,), ["alice (opened it)"]),  # S15: hiding the signs gains nothing
        ((DECLARED, agent_run(None, BOB)), ["bob (asked an agent for it)"]),
        (
            (agent_run(None, BOB), agent_run(None, CAROL)),
            ["bob (asked an agent for it)", "carol (asked an agent for it)"],
        ),
        ((DECLARED, agent_run(None, BOB, attested=False)), ["alice (opened it)"]),  # a trailer names anybody
        ((DECLARED, pulled(assigned_by=(BOB,))), ["bob (assigned it to an agent)"]),
        ((DECLARED, pulled(assigned_by=(BOB,)), agent_run(None, CAROL)), ["carol (asked an agent for it)"]),
        (AGENTS, []),
        ((*AGENTS, agent_run(AGENT, ALICE)), ["alice (asked an agent for it)"]),  # S06
        ((*AGENTS, pulled(assigned_by=(CAROL,))), ["carol (assigned it to an agent)"]),
        ((*AGENTS, push(H2, by=BOB)), ["bob (pushed it)"]),  # S18
        ((*AGENTS, bot(AGENT, "acme-agent[bot]", controller=MALLORY)), ["mallory (opened it)"]),
        (
            (account(AGENT, "al", type=AccountType.USER, controller=ALICE), opened_by(AGENT)),
            ["alice (opened it)"],
        ),
        ((*AGENTS, agent_run(AGENT, AGENT)), []),
        ((opened_by(None),), []),
    ],
)
def test_who_answers(steps, expected):
    assert answers(case(*steps)) == expected


def test_bots_that_control_each_other_are_nobody():
    facts = case(bot(AGENT, "a[bot]", controller=21), bot(21, "b[bot]", controller=AGENT), opened_by(AGENT))
    assert answers(facts) == ["alice (pushed it)"]


def test_before_it_is_proposed_nobody_is_known():
    assert answers(replace(case(), pull=None)) == []
