"""What must hold of every clause about machines, over generated knowledge of who wrote a change."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    BOB,
    H1,
    H2,
    MALLORY,
    agent_run,
    applied,
    approve,
    assessed,
    case,
    commit,
    judged,
    opened_by,
    with_commits,
    with_files,
)
from riskbot.domain.authorship import Tier
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Authorship, CommitAuthorship, Correction, Facts, Share, Sign, Tool, Trailer
from riskbot.judge.language.policy import Policy, load
from tests.judge.predicates.asked import policy

CLAUSES = (
    "machine: {attested: forbidden, declared: forbidden}",
    "machine: {attested: disclosed, declared: disclosed}",
    "machine: {attested: signed-off, assisted: signed-off}",
    "machine: {declared: sponsored, assisted: sponsored, automation: forbidden, inferred: asked, sponsors: [bob]}",
    "machine: {tools: {allow: [claude]}, inferred: noted}",
    "machine: {tools: {forbid: [devin]}, tier: {at_least: B}}",
    "machine: {share: {at_most: 0.4}, agent_signoff: forbidden}",
    "machine: {lines: {at_most: 3, counting: possible}}",
    "machine: {paths: [keys/**], attested: forbidden, declared: forbidden, assisted: forbidden}",
)
#: What a policy asks only of a change in which a machine took part.
CONDITIONS = (
    "{machine: [attested, declared, assisted]}",
    "{machine: {tools: [devin], share: {at_least: 0.4}}}",
    "{machine: {disclosed: false, tier: {at_least: A}}}",
)
lawful = settings(max_examples=60, deadline=None)


@cache
def policies() -> tuple[Policy, ...]:
    asked = [policy(clause) for clause in CLAUSES]
    asked += [
        policy("approvals: {count: 2}").replace("  clause: it", f"  clause: it\n  if: {one}")
        for one in CONDITIONS
    ]
    asked = [
        text.replace("requires:\n", "requires:\n  all:\n  - {clause: open, unopposed: {}}\n")
        .replace("  clause: it", "  - clause: it")
        .replace("\n  if:", "\n    if:")
        .replace("\n  machine:", "\n    machine:")
        .replace("\n  approvals:", "\n    approvals:")
        for text in asked
    ]
    return tuple(load(text.encode(), file="p.yml", source="a test") for text in asked)


maybe = st.sampled_from((True, False, False, None))
tools = st.sampled_from(("claude", "devin", "")).flatmap(
    lambda name: st.sampled_from(Tier).map(lambda tier: (Tool(tool=name, tier=tier),) if name else ())
)
shares = st.one_of(
    st.none(),
    st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda two: Share(low=min(two), high=max(two), lines=10)),
)


@st.composite
def commits(draw: st.DrawFn, name: str) -> CommitAuthorship:
    return CommitAuthorship(
        commit=name,
        category="none",
        attested=draw(maybe),
        declared=draw(maybe),
        assisted=draw(maybe),
        automation=draw(maybe),
        tools=draw(tools),
        disclosed=draw(st.booleans()),
        files=draw(st.sampled_from((None, (), ("src/a.py",), ("keys/k.py",)))),
        agent_signoffs=draw(st.sampled_from(((), ("Agent <agent@example.org>",)))),
    )


@st.composite
def told(draw: st.DrawFn) -> Authorship:
    listed = (draw(commits(H1)), draw(commits(H2)))
    whole = {
        key: True if any(getattr(one, key) for one in listed) else draw(maybe)
        for key in ("attested", "declared", "assisted", "automation")
    }
    sign = Sign(what="claude/x", channel="branch", tool="claude", tier=Tier.C)
    return Authorship(
        **whole,
        inferred=draw(maybe),
        disclosed=draw(maybe),
        share=draw(shares),
        tools=draw(st.sampled_from((None, (), (Tool(tool="claude", tier=Tier.B),)))),
        commits=draw(st.sampled_from((None, listed))),
        evidence=draw(st.sampled_from(((), (sign,)))),
    )


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    trailer = draw(st.sampled_from(((), (Trailer(key="Signed-off-by", value="A <a@example.org>"),))))
    steps = [
        assessed(authorship=draw(told())),
        with_commits(commit(H2, trailers=trailer), commit(H1, parents=(H2,), trailers=trailer)),
        with_files(*draw(st.sampled_from((("src/a.py",), ("src/a.py", "keys/k.py"))))),
        opened_by(draw(st.sampled_from((ALICE, MALLORY)))),
    ]
    if draw(st.booleans()):
        steps.append(approve(BOB))
    return case(*steps)


rules = st.sampled_from(range(len(CLAUSES) + len(CONDITIONS))).map(lambda n: policies()[n])


def known(facts: Facts) -> Authorship:
    assert facts.assessment is not None
    assert facts.assessment.authorship is not None
    return facts.assessment.authorship


def never_unlocks(before: Facts, after: Facts, rule: Policy) -> None:
    if judged(after, rule).outcome is Outcome.ALLOWED:
        assert judged(before, rule).outcome is Outcome.ALLOWED


@lawful
@given(cases(), rules, st.sampled_from((True, False, None)))
def test_a_guess_changes_no_outcome(facts: Facts, rule: Policy, inferred: bool | None) -> None:
    other = applied(facts, assessed(authorship=replace(known(facts), inferred=inferred)))
    first, second = judged(facts, rule), judged(other, rule)
    assert (first.outcome, first.root, first.unlocking) == (second.outcome, second.root, second.unlocking)


@lawful
@given(
    cases(),
    rules,
    st.sampled_from(
        ("human", "none", "unknown", "inferred", "assisted", "automation", "declared", "mixed", "attested")
    ),
    st.sampled_from((H1, H2)),
    st.sampled_from(("", "claude", "devin")),
)
def test_a_correction_unlocks_nothing(facts: Facts, rule: Policy, says: str, of: str, tool: str) -> None:
    correction = Correction(commit=of, says=says, tool=tool)
    after = applied(facts, assessed(authorship=replace(known(facts), corrections=(correction,))))
    never_unlocks(facts, after, rule)


@lawful
@given(cases(), rules, st.booleans(), st.sampled_from(((), (H1,), (H2,))))
def test_an_agents_run_unlocks_nothing(
    facts: Facts, rule: Policy, attested: bool, of: tuple[str, ...]
) -> None:
    never_unlocks(facts, applied(facts, agent_run(None, None, attested=attested, commits=of)), rule)


@lawful
@given(cases(), rules, st.sampled_from(("attested", "declared", "assisted", "automation")))
def test_forgetting_what_was_found_unlocks_nothing(facts: Facts, rule: Policy, key: str) -> None:
    now = known(facts)
    none = {key: None}
    listed = None if now.commits is None else tuple(replace(one, **none) for one in now.commits)
    after = applied(facts, assessed(authorship=replace(now, **none, commits=listed)))
    never_unlocks(facts, after, rule)


@lawful
@given(cases(), rules, st.sampled_from(("share", "tools")))
def test_forgetting_how_much_and_which_unlocks_nothing(facts: Facts, rule: Policy, key: str) -> None:
    never_unlocks(facts, applied(facts, assessed(authorship=replace(known(facts), **{key: None}))), rule)


@lawful
@given(cases(), rules)
def test_forgetting_which_files_unlocks_nothing(facts: Facts, rule: Policy) -> None:
    now = known(facts)
    listed = None if now.commits is None else tuple(replace(one, files=None) for one in now.commits)
    never_unlocks(facts, applied(facts, assessed(authorship=replace(now, commits=listed))), rule)
