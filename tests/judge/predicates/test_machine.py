"""What part a machine may have: each category by itself, and never less strict for not having looked."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Authorship, Permission, Sign
from riskbot.judge.language.policy import load
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    DAVE,
    H1,
    MALLORY,
    account,
    agent_run,
    approve,
    assessed,
    bot,
    case,
    commit,
    joins,
    opened_by,
    pulled,
    pushed_by,
    with_commits,
    with_files,
)
from tests.judge.predicates.asked import asked, heard, policy

HUMAN = {"attested": False, "declared": False, "inferred": False}


def seen(**categories: bool | None):
    return assessed(authorship=Authorship(**{**HUMAN, **categories}))


@pytest.mark.parametrize(
    ("part", "attested", "declared", "status"),
    [
        ("forbidden", True, False, Status.PENDING),
        ("forbidden", True, True, Status.PENDING),
        ("forbidden", False, True, Status.SATISFIED),  # declared is another category
        ("forbidden", None, False, Status.ERROR),
        ("disclosed", True, False, Status.PENDING),
        ("disclosed", True, None, Status.PENDING),
        ("disclosed", True, True, Status.SATISFIED),
        ("disclosed", False, False, Status.SATISFIED),
        ("disclosed", None, False, Status.ERROR),
        ("disclosed", None, True, Status.SATISFIED),
        ("sponsored", False, True, Status.SATISFIED),
        ("sponsored", True, False, Status.SATISFIED),  # alice opened it and answers for it
        ("sponsored", None, False, Status.SATISFIED),
    ],
)
def test_what_is_attested(part, attested, declared, status):
    clause = asked(case(seen(attested=attested, declared=declared)), f"machine: {{attested: {part}}}")
    assert clause.status is status


def test_the_reasons():
    assert asked(case(seen(attested=True)), "machine: {attested: forbidden}").reason == (
        "The forge or a signature vouches that a machine took part, which is forbidden here."
    )
    assert asked(case(seen(attested=None)), "machine: {attested: forbidden}").reason == (
        "Nobody looked whether a machine took part (attested), which is forbidden here."
    )
    assert asked(case(seen(assisted=True)), "machine: {assisted: forbidden}").reason == (
        "Suggestions of a machine were taken over, which is forbidden here."
    )
    assert asked(case(seen(automation=True)), "machine: {automation: forbidden}").reason == (
        "A bot that is no language model took part, which is forbidden here."
    )


def test_nobody_looked_at_all():
    assert asked(case(), "machine: {declared: forbidden}").status is Status.ERROR
    assert asked(replace(case(), assessment=None), "machine: {attested: forbidden}").status is Status.ERROR


def test_an_agents_run_is_attested_whatever_the_code_looks_like():
    clause = asked(
        case(seen(), agent_run(None, ALICE, source="the run's record")), "machine: {attested: forbidden}"
    )
    assert clause.status is Status.PENDING
    assert clause.evidence == ("attested: a run of an agent (the run's record)",)
    declared = case(seen(), agent_run(None, ALICE, attested=False))
    assert asked(declared, "machine: {attested: forbidden}").status is Status.SATISFIED
    assert asked(declared, "machine: {declared: forbidden}").status is Status.PENDING


def test_hiding_the_sign_gains_nothing():
    """S15: what is forbidden when attested is not allowed by stripping the trailer."""
    for declared in (False, None, True):
        clause = asked(case(seen(attested=True, declared=declared)), "machine: {attested: forbidden}")
        assert clause.status is Status.PENDING


def test_the_evidence_is_told_by_category():
    signs = (
        Sign(what="Assisted-by: x", channel="trailer", commit=H1),
        Sign(what="signed by the app", channel="app", spoofable=False),
        Sign(what="even spacing", channel="style"),
    )
    facts = case(assessed(authorship=Authorship(attested=True, declared=True, inferred=True, evidence=signs)))
    clause = asked(facts, "machine: {attested: forbidden, declared: forbidden}")
    assert clause.evidence == ("declared: Assisted-by: x, in " + H1[:12], "attested: signed by the app")


# Sponsors -------------------------------------------------------------------------------------------------

BY_AGENT = (
    bot(AGENT, "acme-agent[bot]"),
    opened_by(AGENT),
    pushed_by(AGENT),
    with_commits(commit(H1, AGENT)),
    seen(attested=True),
)
SPONSORED = 'machine: {attested: sponsored, sponsors: ["@acme/devs"]}'


def test_the_initiator_sponsors_what_they_asked_for():
    """To sponsor is to answer for it; that somebody else reads it, approvals ask."""
    clause = asked(case(*BY_AGENT, agent_run(AGENT, ALICE)), SPONSORED)
    assert clause.status is Status.SATISFIED
    assert "alice sponsors it: asked an agent for it." in clause.reason


@pytest.mark.parametrize(
    "steps",
    [
        (agent_run(AGENT, MALLORY),),  # not among the sponsors
        (agent_run(AGENT, ALICE, attested=False),),  # anybody can write that into a trailer
        (agent_run(AGENT, ALICE), account(ALICE, "alice", permission=Permission.READ)),
        (agent_run(AGENT, ALICE), account(ALICE, "alice", active=False)),
        (joins(AGENT, "acme/devs"), agent_run(AGENT, AGENT)),
    ],
)
def test_nobody_else_sponsors_by_asking(steps):
    assert asked(case(*BY_AGENT, *steps), SPONSORED).status is Status.PENDING


def test_a_sponsor_may_approve_instead():
    steps = (*BY_AGENT, agent_run(AGENT, MALLORY))
    waiting = heard(case(*steps, approve(DAVE)), SPONSORED)
    assert waiting.outcome is Outcome.HELD
    assert set(waiting.unlocking) == {("alice",), ("bob",), ("carol",)}
    assert heard(case(*steps, approve(BOB)), SPONSORED).outcome is Outcome.ALLOWED


def test_where_nobody_looked_a_sponsor_is_asked_too():
    strict = 'machine: {declared: sponsored, sponsors: ["@acme/sec"]}'
    clause = asked(case(seen(declared=None)), strict)
    assert clause.status is Status.PENDING
    assert clause.could == ("dave",)
    assert clause.reason == (
        "Nobody looked whether a machine took part, so one of @acme/sec must answer for it or approve it."
    )
    assert asked(case(seen(declared=None), approve(DAVE)), strict).status is Status.SATISFIED


def test_a_refusal_in_one_category_is_not_mended_by_a_sponsor_in_another():
    both = "machine: {attested: forbidden, declared: sponsored}"
    verdict = heard(case(seen(attested=True, declared=True), approve(BOB)), both)
    assert (verdict.outcome, verdict.unlocking) == (Outcome.HELD, ())


def test_only_where_the_paths_are_touched():
    clause = "machine: {paths: [src/auth/**], attested: forbidden}"
    assert asked(case(seen(attested=True)), clause).status is Status.SATISFIED
    assert asked(case(seen(attested=True), with_files("src/auth/a.py")), clause).status is Status.PENDING


ORDER = ["allowed", "disclosed", "sponsored", "forbidden"]


@pytest.mark.parametrize("category", ["attested", "declared"])
def test_looking_less_never_allows_more(category):
    """A category that nobody looked at is never better than one where nothing was found."""
    for part, other in itertools.product(ORDER[1:], (True, False, None)):
        others = {name: other for name in ("attested", "declared") if name != category}
        clause = f"machine: {{{category}: {part}}}"
        base = (pulled(opened_by=MALLORY), approve(CAROL)) if part == "sponsored" else ()
        found = {
            value: asked(case(*base, seen(**{**others, category: value})), clause).status
            for value in (True, False, None)
        }
        if found[None] is Status.SATISFIED:
            assert found[False] is Status.SATISFIED


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("machine: {inferred: forbidden}", "is a guess, which must not hold"),
        ("machine: {}", "asks nothing"),
        ("machine: {attested: allowed}", "asks nothing"),
        ("machine: {attested: forbidden, sponsors: [bob]}", "never be asked"),
        ("machine: {attested: never}", "'never' is not known here"),
        ("machine: {inferred: disclosed}", "is a guess, which must not hold"),
        ("machine: {inferred: sponsored}", "is a guess, which must not hold"),
        ("machine: {inferred: signed-off}", "is a guess, which must not hold"),
        ("machine: {automation: disclosed}", "'disclosed' is not known here"),
        ("machine: {assisted: disclosed}", "'disclosed' is not known here"),
        ("machine: {tools: {}}", "either allowed or forbidden"),
        ("machine: {tools: {allow: [a], forbid: [b]}}", "either allowed or forbidden"),
        ("machine: {tools: {allow: []}}", "a list of at least 1"),
        ("machine: {share: {at_most: 1}}", "< 1"),
        ("machine: {lines: {at_most: 0}}", ">= 1"),
        ("machine: {tier: {at_least: B}}", "asks nothing"),
        ("machine: {tier: {at_least: D}, declared: forbidden}", "'D' is not known here"),
        ("machine: {inferred: noted, sponsors: [bob]}", "never be asked"),
    ],
)
def test_what_means_nothing_is_refused(clause, says):
    with pytest.raises(ConfigError, match=says):
        load(policy(clause).encode(), file="p.yml", source="a test")
