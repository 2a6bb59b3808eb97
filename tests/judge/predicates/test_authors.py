"""Who may author what: everybody with a hand in it must be named, bots by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Suggestion, Team
from riskbot.judge.language.policy import load
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    DEPENDABOT,
    H1,
    H2,
    MALLORY,
    agent_run,
    approve,
    bot,
    case,
    changed,
    coauthored,
    commit,
    joins,
    opened_by,
    pulled,
    push,
    pushed_by,
    renamed,
    with_commits,
    with_files,
)
from tests.judge.predicates.asked import asked, heard, policy, told

DEVS = 'authors: {people: ["@acme/devs"]}'
LOCKS = 'authors: {paths: ["**/*.lock"], people: ["@acme/devs"], bots: ["dependabot[bot]"]}'


def test_those_who_are_named_may():
    clause = asked(case(), DEVS)
    assert clause.status is Status.SATISFIED
    assert clause.reason == "Everybody who had a hand in it is among @acme/devs."


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((opened_by(MALLORY),), "mallory (opener) is not among them."),
        ((pushed_by(MALLORY),), "mallory (pusher) is not among them."),
        ((with_commits(commit(H1, MALLORY)),), "mallory (author, committer)"),
        ((with_commits(commit(H1, ALICE, MALLORY)),), "mallory (committer)"),
        ((with_commits(commit(H1, **coauthored("M <mallory@acme.example>"))),), "mallory (co-author)"),
        ((with_commits(commit(H1, suggestions=(Suggestion(by=MALLORY, lines=1),))),), "mallory (suggestion)"),
        ((agent_run(None, MALLORY),), "mallory (initiator)"),
        ((agent_run(None, MALLORY, attested=False),), "mallory (initiator)"),
        ((pulled(assigned_by=(MALLORY,)),), "mallory (initiator)"),
        ((with_commits(commit(H1, **coauthored("X <x@y.example>"))),), "Nobody knows whose x@y.example is"),
        (
            (push(H2, commit(H2, MALLORY)), push(H1, commit("c" * 40), rewrite=True)),
            "mallory",
        ),  # an earlier head
    ],
)
def test_anybody_else_with_a_hand_in_it_may_not(steps, says):
    clause = asked(case(*steps), DEVS)
    assert clause.status is Status.PENDING
    assert says in told(clause)


def test_no_approval_makes_an_author():
    verdict = heard(case(opened_by(MALLORY), approve(BOB), approve(CAROL)), DEVS)
    assert (verdict.outcome, verdict.unlocking) == (Outcome.HELD, ())


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (("src/a.py",), Status.SATISFIED),
        (("a.lock",), Status.PENDING),
        (("A.LOCK",), Status.PENDING),
        ((renamed("x/a.lock", "x/a.txt"),), Status.PENDING),
        ((renamed("x/a.txt", "x/a.lock"),), Status.PENDING),
        (("src/a.py", "x/y/z.lock"), Status.PENDING),
    ],
)
def test_only_where_the_paths_are_touched(files, status):
    assert asked(case(opened_by(MALLORY), with_files(*files)), LOCKS).status is status


def test_files_that_are_not_known_are_touched():
    assert asked(case(opened_by(MALLORY), changed(files=None)), LOCKS).status is not Status.SATISFIED


def test_a_bot_must_be_named_as_one():
    steps = (
        bot(DEPENDABOT, "dependabot[bot]"),
        bot(AGENT, "acme-agent[bot]"),
        joins(AGENT, "acme/devs"),
        with_files("a.lock"),
    )
    ours = case(*steps, opened_by(DEPENDABOT), pushed_by(DEPENDABOT), with_commits(commit(H1, DEPENDABOT)))
    assert asked(ours, LOCKS).status is Status.SATISFIED
    other = case(*steps, opened_by(AGENT), pushed_by(AGENT), with_commits(commit(H1, AGENT)))
    assert "acme-agent[bot]" in told(asked(other, LOCKS)), "a team does not name a bot"
    puppet = case(bot(AGENT, "al", controller=ALICE), joins(AGENT, "acme/devs"), opened_by(AGENT))
    assert "al (opener) is not among them." in told(asked(puppet, DEVS))
    with pytest.raises(ConfigError, match="write it under bots"):
        load(policy('authors: {people: ["dependabot[bot]"]}').encode(), file="p.yml", source="a test")


@pytest.mark.parametrize(
    "step", [opened_by(None), pulled(pushes=None), pulled(pushes=()), pushed_by(None), changed(commits=None)]
)
def test_what_is_not_known_is_an_error(step):
    assert asked(case(step), DEVS).status is Status.ERROR


def test_a_team_that_could_not_be_read_is_an_error():
    facts = replace(case(), teams=(Team(name="acme/devs", members=None),))
    clause = asked(facts, DEVS)
    assert clause.status is Status.ERROR
    assert "unread_team" in told(clause)


def test_on_ones_own_machine_it_is_asked_later():
    alone = replace(case(), pull=None, accounts=None, teams=None)
    clause = asked(alone, DEVS)
    assert clause.status is Status.SATISFIED
    assert clause.reason == "Only @acme/devs may author this; who you are is asked once it is proposed."


def test_with_a_directory_it_is_refused_before_the_push():
    alone = replace(case(with_commits(commit(H1, MALLORY))), pull=None)
    assert asked(alone, DEVS).status is Status.PENDING


MORE = {
    "trailer": lambda who: with_commits(commit(H1, **coauthored(f"M <{who}@acme.example>"))),
    "opener": lambda who: opened_by({"mallory": MALLORY, "rita": 7}[who]),
    "run": lambda who: agent_run(None, {"mallory": MALLORY, "rita": 7}[who], attested=False),
}


@settings(max_examples=500, deadline=None)
@given(
    more=st.lists(st.tuples(st.sampled_from(sorted(MORE)), st.sampled_from(["mallory", "rita"])), min_size=1),
    approvers=st.sets(st.integers(1, 7)),
)
def test_one_stranger_is_enough_to_refuse(more, approvers):
    steps = [MORE[what](who) for what, who in more]
    facts = case(*steps, *(approve(one) for one in sorted(approvers)))
    assert asked(facts, DEVS).status is not Status.SATISFIED
