"""Registered flows: whose bot, in what shape, with which inputs; and everything that voids them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.domain.change import FileStatus
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Dependency, File, Push, Signature, Suggestion, Verification
from riskbot.judge.cases.loader import load as load_cases
from riskbot.judge.cases.runner import verdict_of
from riskbot.judge.language.policy import load
from tests.judge.make_facts import (
    ACTIONS,
    ALICE,
    B0,
    B1,
    BOB,
    CAROL,
    DAVE,
    DEPENDABOT,
    H1,
    H2,
    H3,
    NAMES,
    NOW,
    Step,
    account,
    added,
    agent_run,
    approve,
    assessed,
    at,
    bot,
    case,
    changed,
    coauthored,
    commit,
    deleted,
    modified,
    oid,
    opened_by,
    pulled,
    push,
    pushed_by,
    renamed,
    with_commits,
    with_files,
)
from tests.judge.predicates.asked import asked, heard, policy, told

CLAUSE = "flow: {flows: [deps]}"
PACKAGES = "packages: {allow: [left-pad], older_than: 7d}"


def flows(more: str = PACKAGES) -> str:
    tail = f", {more}" if more else ""
    return (
        "[{flow: deps, bots: ['dependabot[bot]'], owner: ['@acme/sec'],"
        f" paths: ['**/package-lock.json', locks/**]{tail}}}]"
    )


def dependency(name: str = "axios", days: float | None = 30, **fields: object) -> Dependency:
    when = None if days is None else NOW - timedelta(days=days)
    return Dependency(name=name, ecosystem="npm", before="1", after="2", published_at=when, **fields)


ORDINARY: tuple[Step, ...] = (
    bot(DEPENDABOT, "dependabot[bot]"),
    opened_by(DEPENDABOT),
    pushed_by(DEPENDABOT),
    with_commits(commit(H1, DEPENDABOT)),
    with_files("package-lock.json"),
    assessed(dependencies=(dependency(),)),
)


def flow(*steps: Step, more: str = PACKAGES, now=NOW):
    return asked(case(*ORDINARY, *steps), CLAUSE, now, flows=flows(more))


def test_the_bots_own_change_in_shape_with_old_packages_is_the_flow():
    clause = flow()
    assert clause.status is Status.SATISFIED
    assert clause.reason == "The change is exactly the flow 'deps'."


def test_whoever_answers_for_it_is_told():
    assert heard(case(*ORDINARY), CLAUSE, flows=flows()).accountable == (
        "@acme/sec (answers for the flow deps)",
    )


# S18: a human on a bot's branch ---------------------------------------------------------------------------


def test_a_humans_push_voids_it_for_ever():
    clause = flow(push(H2, commit(H2, DEPENDABOT, parents=(H1,)), by=ALICE))
    assert clause.status is Status.PENDING
    assert told(clause) == (
        "The change is not the flow 'deps', so the ordinary rules apply."
        " deps: alice had a part in it (pusher) and is none of the flow's bots."
    )
    back = flow(
        push(H2, commit(H2, ALICE, parents=(H1,)), by=ALICE),
        push(H3, commit(H3, DEPENDABOT, parents=(B0,)), by=DEPENDABOT, rewrite=True),
    )
    assert back.status is Status.PENDING


def test_voided_the_ordinary_rules_decide():
    """S18: alice pushes onto the bot's branch; her approval never counts, bob's does."""
    source = f"""\
version: 1
name: s18
flows: {flows()}
requires:
  any:
    - clause: the flow
      {CLAUSE}
    - clause: a developer approves
      approvals: {{count: 1, from: ["@acme/devs"]}}
"""
    from tests.judge.make_facts import judged

    steps = (*ORDINARY, push(H2, by=ALICE), with_files("package-lock.json", "src/a.py"))
    own = judged(case(*steps, approve(ALICE, H2)), source)
    assert own.outcome is Outcome.HELD
    assert set(own.unlocking) == {("bob",), ("carol",)}
    assert judged(case(*steps, approve(BOB, H2)), source).outcome is Outcome.ALLOWED
    assert judged(case(*ORDINARY), source).outcome is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((opened_by(ALICE),), "alice had a part in it (opener)"),
        ((opened_by(None),), "Nobody knows who opened it."),
        ((pulled(pushes=None),), "Nobody knows who pushed all of it."),
        ((pulled(pushes=()),), "Nobody knows who pushed all of it."),
        ((pushed_by(None),), "Nobody knows who pushed all of it."),
        ((pulled(pushes=(Push(by=DEPENDABOT, after=H2),)),), "Nobody knows who pushed all of it."),
        ((with_commits(commit(H1, ALICE)),), "alice had a part in it (author, committer)"),
        ((with_commits(commit(H1, DEPENDABOT, BOB)),), "bob had a part in it (committer)"),
        ((with_commits(commit(H1, None)),), "somebody@nowhere.example"),
        ((with_commits(),), "commits are not known"),
        ((changed(commits=None),), "commits are not known"),
        ((changed(declared_commits=2),), "Only 1 of its 2 commits are known."),
        (
            (with_commits(commit(H1, DEPENDABOT, **coauthored("Bob <bob@acme.example>"))),),
            "bob had a part in it",
        ),
        ((with_commits(commit(H1, DEPENDABOT, **coauthored("X <x@y.example>"))),), "x@y.example"),
        (
            (with_commits(commit(H1, DEPENDABOT, suggestions=(Suggestion(by=CAROL, lines=1),))),),
            "carol had a part in it (suggestion)",
        ),
        ((agent_run(DEPENDABOT, CAROL),), "carol had a part in it (initiator)"),
        ((agent_run(DEPENDABOT, CAROL, attested=False),), "carol had a part in it (initiator)"),
        (
            (bot(ACTIONS, "github-actions[bot]"), pushed_by(ACTIONS)),
            "github-actions[bot] had a part in it (pusher)",
        ),
        ((pulled(assigned_by=(BOB,)),), "bob had a part in it (initiator)"),
        (
            (with_commits(commit(H1, DEPENDABOT, signer=BOB, verification=Verification.VERIFIED)),),
            "bob had a part",
        ),
    ],
)
def test_anybody_else_or_nobody_known_voids_it(steps, says):
    clause = flow(*steps)
    assert clause.status is not Status.SATISFIED
    assert says in told(clause)


def test_a_suggestion_that_a_reviewer_is_forgiven_voids_it_all_the_same():
    suggested = with_commits(commit(H1, DEPENDABOT, suggestions=(Suggestion(by=CAROL, lines=1),)))
    clause = asked(case(*ORDINARY, suggested), CLAUSE, flows=flows(), reviews="{suggestions: {lines: 3}}")
    assert clause.status is Status.PENDING


WEB_FLOW = 30


def by_forge(**fields: object):
    made = commit(H1, DEPENDABOT)
    from msgspec.structs import replace

    return replace(
        made, committer=Signature(name="GitHub", email="noreply@github.com", account=WEB_FLOW), **fields
    )


@pytest.mark.parametrize("signer", [None, WEB_FLOW])
def test_the_forge_may_commit_what_it_signs(signer):
    forge = account(WEB_FLOW, "web-flow")
    signed = by_forge(verification=Verification.VERIFIED, signer=signer)
    assert flow(forge, with_commits(signed)).status is Status.SATISFIED
    assert flow(forge, with_commits(by_forge())).status is not Status.SATISFIED
    assert (
        flow(forge, with_commits(by_forge(verification=Verification.INVALID))).status is not Status.SATISFIED
    )
    assert flow(forge, with_commits(signed), pushed_by(WEB_FLOW)).status is not Status.SATISFIED


def test_an_update_of_the_branch_that_was_recomputed_is_nobodys_work():
    tree = oid("merged")
    merge = commit(H2, ALICE, parents=(H1, B1), tree=tree, recomputed_tree=tree)
    assert flow(push(H2, merge, by=ALICE, merge_base=B1)).status is Status.SATISFIED
    evil = commit(H2, ALICE, parents=(H1, B1), tree=tree, recomputed_tree=oid("other"))
    assert flow(push(H2, evil, by=ALICE, merge_base=B1)).status is Status.PENDING


def test_a_person_among_the_bots_is_no_automation():
    for name in ("alice", "'@acme/devs'", "anyone"):
        declared = flows("").replace("'dependabot[bot]'", name)
        clause = asked(case(with_files("package-lock.json")), CLAUSE, flows=declared)
        assert clause.status is Status.PENDING
        assert "alice is a person's account" in told(clause)
    machine_user = (account(DEPENDABOT, "dependabot", controller=BOB), *ORDINARY[1:])
    declared = flows("").replace("'dependabot[bot]'", "dependabot")
    assert asked(case(*machine_user), CLAUSE, flows=declared).status is Status.SATISFIED


# The shape ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (modified("src/a.py"), "src/a.py is outside the flow's paths."),
        (modified("Package-Lock.json"), "outside"),  # letter for letter: a grant folds nothing
        (modified("PACKAGE-LOCK.JSON"), "outside"),
        (added("package-lock.json"), "package-lock.json is added."),
        (deleted("package-lock.json"), "is deleted."),
        (renamed("src/a.py", "package-lock.json"), "src/a.py is outside"),
        (renamed("package-lock.json", "src/a.py"), "src/a.py is outside"),
        (renamed("src/a.py", "package-lock.json", FileStatus.COPIED), "src/a.py is outside"),
        (modified("package-lock.json", new_mode="120000"), "a link or a submodule"),
        (modified("locks", old_mode="040000", new_mode="160000"), "a link or a submodule"),
        (modified("package-lock.json", new_mode="100755"), "another mode"),
        (modified("package-lock.json", new_mode=None), "The mode of package-lock.json is not known."),
        (File(status=FileStatus.MODIFIED), "A path of ? is not known."),
    ],
)
def test_a_file_out_of_shape_voids_it(file, says):
    clause = flow(with_files("package-lock.json", file))
    assert clause.status is Status.PENDING
    assert says in told(clause)


def test_other_statuses_where_the_flow_allows_them():
    more = "statuses: [added, deleted, renamed]"
    for file in (added("locks/a"), deleted("locks/a"), renamed("locks/a", "locks/b")):
        assert flow(with_files(file), more=more).status is Status.SATISFIED
    assert flow(with_files(added("locks/run", mode="100755")), more=more).status is Status.PENDING
    assert flow(with_files(renamed("locks/a", "b")), more=more).status is Status.PENDING
    half = File(status=FileStatus.RENAMED, new_path="locks/b", old_mode="100644", new_mode="100644")
    assert flow(with_files(half), more=more).status is not Status.SATISFIED


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("max_files: 2", Status.SATISFIED),
        ("max_files: 1", Status.PENDING),
        ("max_lines: 8", Status.SATISFIED),  # two files of 3 + 1 lines
        ("max_lines: 7", Status.PENDING),
    ],
)
def test_size(more, status):
    assert flow(with_files("package-lock.json", "locks/a"), more=more).status is status


def test_lines_that_nobody_counted_are_not_few():
    blob = modified("locks/blob", added=0, removed=0)
    assert flow(with_files(blob), more="max_lines: 100").status is Status.PENDING
    assert flow(with_files(blob), more="").status is Status.SATISFIED


@pytest.mark.parametrize(
    "step", [with_files(), changed(files=None), with_files("package-lock.json", declared=2)]
)
def test_files_that_are_not_known_are_not_in_shape(step):
    assert flow(step).status is not Status.SATISFIED


# S19: a bot as carrier ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dependencies", "more", "says"),
    [
        (
            (dependency("evil-lib", days=1 / 24),),
            PACKAGES,
            "evil-lib 2 is not on the list, and was published less than 7d ago",
        ),
        ((dependency("evil-lib", days=None),), PACKAGES, "nobody knows when it was published"),
        ((dependency("evil-lib", days=-1),), PACKAGES, "published less than 7d ago"),
        (
            (dependency("evil-lib", days=30),),
            "packages: {allow: [left-pad]}",
            "evil-lib 2 is not on the list.",
        ),
        ((dependency(), dependency("evil-lib", days=0)), PACKAGES, "evil-lib"),
        ((dependency("Left-Pad", days=0),), PACKAGES, "Left-Pad"),
        (None, PACKAGES, "Nobody looked which dependencies it moves."),
    ],
)
def test_inputs_that_are_not_trusted_need_the_flows_owner(dependencies, more, says):
    steps = (*ORDINARY, assessed(dependencies=dependencies))
    verdict = heard(case(*steps, approve(BOB)), CLAUSE, flows=flows(more))
    assert verdict.outcome is Outcome.HELD
    assert verdict.unlocking == (("dave",),)
    assert says in told(verdict.root)
    assert heard(case(*steps, approve(DAVE)), CLAUSE, flows=flows(more)).outcome is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("dependencies", "more"),
    [
        ((dependency("left-pad", days=0),), PACKAGES),
        ((dependency(days=7),), PACKAGES),
        ((), PACKAGES),
        (None, ""),
    ],
)
def test_inputs_that_are_trusted(dependencies, more):
    assert flow(assessed(dependencies=dependencies), more=more).status is Status.SATISFIED


def test_the_owners_approval_never_mends_a_void_flow():
    verdict = heard(case(*ORDINARY, push(H2, by=ALICE), approve(DAVE, H2)), CLAUSE, flows=flows())
    assert verdict.outcome is Outcome.HELD
    assert verdict.unlocking == ()


def test_any_of_several_flows_is_enough():
    two = flows("").replace("[{", "[{flow: other, bots: [bob], owner: [dave], paths: ['**']}, {", 1)
    facts = case(*ORDINARY)
    assert asked(facts, "flow: {flows: [other, deps]}", flows=two).status is Status.SATISFIED
    clause = asked(case(), "flow: {flows: [other, deps]}", flows=two)
    assert clause.reason == "The change is none of these flows, so the ordinary rules apply."


def test_before_it_is_proposed_it_is_no_flow():
    from msgspec.structs import replace

    clause = asked(replace(case(*ORDINARY), pull=None), CLAUSE, flows=flows())
    assert clause.status is Status.PENDING
    assert "It is not proposed yet" in told(clause)


def test_a_flow_that_is_not_declared_is_refused():
    with pytest.raises(ConfigError, match=r"There is no flow 'dep' here.*Did you mean 'deps'"):
        load(policy("flow: {flows: [dep]}", flows=flows()).encode(), file="p.yml", source="a test")


def test_many_reasons_are_cut():
    clause = flow(with_files(*(f"src/{number}.py" for number in range(500))))
    assert len(clause.evidence) <= 11


# Nothing added to it makes a change the flow --------------------------------------------------------------

SPOILS: dict[str, Step] = {
    "push": push(H2, commit(H2, DEPENDABOT, parents=(H1,)), by=ALICE),
    "opener": opened_by(ALICE),
    "file": with_files("package-lock.json", "src/a.py"),
    "author": with_commits(commit(H1, BOB)),
    "unknown files": changed(files=None),
    "fresh package": assessed(dependencies=(dependency(days=0),)),
    "unknown packages": assessed(dependencies=None),
    "initiator": agent_run(DEPENDABOT, CAROL),
    "pushes": pulled(pushes=None),
}


@settings(max_examples=500, deadline=None)
@given(
    spoils=st.lists(st.sampled_from(sorted(SPOILS)), min_size=1, max_size=4, unique=True),
    approver=st.sampled_from(sorted(NAMES)),
)
def test_one_flaw_is_enough_whatever_comes_with_it(spoils, approver):
    steps = [SPOILS[spoil] for spoil in spoils]
    assert flow(*steps).status is not Status.SATISFIED
    if set(spoils) - {"fresh package", "unknown packages"}:
        head = H2 if "push" in spoils else H1
        assert flow(*steps, approve(approver, head, when=at(100))).status is not Status.SATISFIED


@pytest.mark.parametrize(
    ("requires", "mendable"),
    [
        ("any: [{clause: f, flow: {flows: [u]}}, {clause: a, approvals: {}}]", []),
        ("all: [{clause: f, flow: {flows: [u]}}, {clause: a, approvals: {}}]", ["f"]),
        ("any: [{clause: f, flow: {flows: [u]}}, {clause: r, analysed: {}}]", ["f", "r"]),
    ],
)
def test_a_flow_that_it_is_not_is_nothing_to_mend_where_approvals_are_enough(
    requires: str, mendable: list[str]
) -> None:
    """Nobody can make their own change a machine's, so this must not refuse every push."""
    flows = "flows: [{flow: u, bots: ['d[bot]'], owner: [bob], paths: [x]}]"
    loaded = load(
        f"version: 1\nname: p\n{flows}\nrequires: {{{requires}}}\n".encode(), file="p.yml", source="p"
    )
    text = b"people: {bob: write}\ncases: [{case: c, facts: {omissions: [binary]}, expect: held}]"
    (one,) = load_cases(text, "p.cases.yml")
    assert [clause.name for clause in verdict_of(one, loaded).mendable] == mendable
