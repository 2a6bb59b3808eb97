"""Ways to an approval through what facts leave out, through machines of people, and through links."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    H1,
    H2,
    POLICY,
    WEB_FLOW,
    account,
    added,
    applied,
    approve,
    bot,
    case,
    changed,
    codes,
    commit,
    counting,
    deleted,
    dismissed,
    expect,
    ignored,
    joins,
    judged,
    modified,
    opened_by,
    pulled,
    push,
    pushed_by,
    renamed,
    with_commits,
    with_files,
)
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Facts, Merge, ReviewState, Suggestion, Verification
from riskbot.judge.language.declarations import Include
from riskbot.judge.language.policy import load
from riskbot.written.glob import Glob

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED
ROBOT = 60
TOLERANT = POLICY + "reviews: {suggestions: {lines: 3}}\n"


def test_a_login_that_ends_with_bot_is_a_machine_whatever_its_type() -> None:
    facts = case(account(ROBOT, "helper[bot]"), joins(ROBOT, "acme/devs"), approve(ROBOT))
    verdict = judged(facts)
    expect(verdict, HELD, ignores={"helper[bot]": "bot"})


def test_a_machine_of_no_known_type_cannot_lift_a_veto() -> None:
    source = POLICY + "    - clause: nobody objects\n      unopposed: {}\n"
    facts = case(
        account(ROBOT, "helper[bot]"),
        approve(BOB),
        dismissed(CAROL, ReviewState.CHANGES_REQUESTED, ROBOT),
    )
    expect(judged(facts, source), HELD, open_=["nobody objects"], flags=["veto_dismissed_by_bot"])


def test_an_opener_whom_the_facts_do_not_have_may_be_a_machine() -> None:
    facts = case(opened_by(99), pushed_by(ALICE), approve(BOB))
    verdict = judged(facts)
    expect(verdict, HELD, blocks=["initiator_unknown"])
    assert "id:99" in verdict.blocks[0].reason
    expect(judged(applied(facts, account(99, "zoe"))), ALLOWED, counts=["bob"])


def test_texts_that_nobody_looked_for_are_not_texts_that_are_not_there() -> None:
    facts = case(approve(BOB))
    unseen = judged(replace(facts, texts=None))
    expect(unseen, UNDECIDED, blocks=["texts_unknown"])
    expect(judged(replace(facts, texts=())), ALLOWED, counts=["bob"])


def test_a_file_told_twice_is_one_file() -> None:
    twice = case(with_files("src/a.py", "src/a.py", "src/b.py"), approve(BOB))
    expect(judged(twice), UNDECIDED, blocks=["truncated"])
    expect(judged(applied(twice, changed(declared_files=2))), ALLOWED)


def test_commits_that_do_not_reach_the_merge_base_are_not_all_of_them() -> None:
    """Even where the forge's own count is not known."""
    facts = applied(case(push(H2), approve(BOB, H2)), changed(declared_commits=None))
    expect(judged(facts), ALLOWED)
    listed = (facts.change.commits or ())[1:]
    expect(judged(applied(facts, changed(commits=listed))), UNDECIDED, blocks=["truncated"])


@pytest.mark.parametrize(
    "file",
    [
        modified("secure", old_mode=None, new_mode=None),
        replace(added("secure"), new_mode=None),
        replace(deleted("secure"), old_mode=None),
        replace(renamed("free", "secure"), old_mode=None, new_mode=None),
    ],
)
def test_what_may_be_a_link_asks_the_owners_of_the_folder_in_whose_place_it_stands(file: object) -> None:
    facts = case(with_files(file), approve(BOB))  # type: ignore[arg-type]
    expect(judged(facts), HELD, open_=["owners approve"], counts=["bob"])
    expect(judged(applied(facts, approve(DAVE))), ALLOWED)


KEYS = POLICY + (
    "    - clause: keys are seen by security\n      if: {paths: [secure/keys/**]}\n"
    '      approvals: {from: ["@acme/sec"]}\n'
)


def test_a_link_above_what_a_pattern_names_is_under_it() -> None:
    facts = case(with_files(added("lib", "120000")), approve(BOB))
    source = KEYS.replace("secure/keys", "lib/keys")
    expect(judged(facts, source), HELD, open_=["keys are seen by security"], flags=["link_mode"])
    expect(judged(applied(facts, with_files(added("lib"))), source), ALLOWED)


@pytest.mark.parametrize(
    ("pattern", "path", "beneath"),
    [
        ("a/b/**", "a", True),
        ("a/b/**", "a/b", True),
        ("a/b/c", "a/b", True),
        ("a/b", "a/b", False),
        ("a/b/**", "b", False),
        ("a/b/**", "a/b/c", False),
        ("**/keys/x", "y/keys", True),
        ("**/x/keys/z", "y/x", True),
        ("**/*.sql", "y", False),
        ("**", "y", False),
        ("a/**/b/c", "a/x/b", True),
        ("a/**/b/c", "a/x", False),
        ("a*/?/c", "ab/x", True),
    ],
)
def test_a_pattern_names_the_folders_above_what_it_matches(pattern: str, path: str, beneath: bool) -> None:
    assert Glob(pattern).names_beneath(path) is beneath


def suggested(by: int) -> Facts:
    """A change whose head is one suggested line, taken by the forge."""
    taken = commit(
        H2,
        by,
        WEB_FLOW,
        parents=(H1,),
        suggestions=(Suggestion(by=by, lines=1),),
        verification=Verification.VERIFIED,
    )
    return case(account(WEB_FLOW, "web-flow"), push(H2, taken), approve(BOB, H2))


def test_a_small_suggestion_does_not_excuse_the_part_that_a_bot_of_theirs_has() -> None:
    own = applied(suggested(BOB), bot(ROBOT, "bobs-bot", controller=BOB), opened_by(ROBOT))
    expect(judged(own, TOLERANT), HELD, ignores={"bob": "interested"})
    expect(judged(suggested(BOB), TOLERANT), ALLOWED, flags=["suggestion_tolerated"])


def test_whoever_is_tolerated_had_a_hand_in_it_all_the_same() -> None:
    clause = '    - clause: who may write\n      authors: {people: ["@acme/devs"]}\n'
    source = POLICY + clause + "reviews: {suggestions: {lines: 3}}\n"
    facts = applied(suggested(DAVE), account(9, "frank"), joins(9, "acme/sec"))
    expect(judged(facts, source), HELD, open_=["who may write"], flags=["suggestion_tolerated"])


SEPARATE = POLICY + (
    "    - clause: whoever merges did nothing else\n      separation: {merger: [author, approver]}\n"
    "reviews: {bots: [bobs-bot]}\n"
)


def test_a_merge_through_a_machine_of_ones_machine_is_ones_own() -> None:
    facts = case(
        approve(BOB),
        bot(ROBOT, "bobs-bot", controller=ROBOT + 1),
        bot(ROBOT + 1, "relay", controller=BOB),
        pulled(merge=Merge(merged=True, by=ROBOT)),
    )
    expect(judged(facts, SEPARATE), HELD, open_=["whoever merges did nothing else"])


def test_whoever_merges_must_not_have_approved_through_a_machine_either() -> None:
    facts = case(
        account(BOB, "bob", active=False),
        bot(ROBOT, "bobs-bot", controller=BOB),
        joins(ROBOT, "acme/devs"),
        approve(ROBOT),
        pulled(merge=Merge(merged=True, by=BOB)),
    )
    expect(judged(facts, SEPARATE), HELD, open_=["whoever merges did nothing else"])


WHERE = Include(policy="inner", repository="acme/policies", ref="v1", path="inner.yml")
INNER = b"""\
version: 1
name: inner
reviews: {suggestions: {lines: 3}}
requires:
  clause: somebody approves
  approvals: {}
"""
OUTER = b"""\
version: 1
name: outer
include: [{policy: inner, repository: acme/policies, ref: v1, path: inner.yml}]
requires:
  all: [{include: inner}]
"""


def test_an_included_policy_tolerates_nobody_whom_the_including_one_bars() -> None:
    outer = load(OUTER, file="outer.yml", source="a test", included={WHERE: INNER})
    verdict = judged(suggested(BOB), outer)
    expect(verdict, HELD, ignores={"bob": "interested"})
    assert not {"bob"} & {who for group in verdict.unlocking for who in group}
    lenient = OUTER.replace(b"name: outer", b"name: outer\nreviews: {suggestions: {lines: 3}}")
    kind = load(lenient, file="outer.yml", source="a test", included={WHERE: INNER})
    assert counting(judged(suggested(BOB), kind)) == {"bob"}


def test_what_nobody_knows_of_modes_does_not_rule_a_flow_out() -> None:
    source = (
        POLICY.replace(
            "requires:", "flows: [{flow: deps, bots: ['d[bot]'], owner: [erin], paths: [a.lock]}]\nrequires:"
        )
        + "    - clause: a flow is seen\n      if: {flows: [deps]}\n      approvals: {from: [carol]}\n"
    )
    machine = commit(H1, ROBOT)
    facts = case(
        bot(ROBOT, "d[bot]"),
        opened_by(ROBOT),
        pushed_by(ROBOT),
        with_commits(machine),
        with_files(modified("a.lock", old_mode=None, new_mode=None)),
        approve(BOB),
    )
    verdict = judged(facts, source)
    assert verdict.outcome is HELD
    assert "not_asked" not in ignored(verdict).values()
    assert not codes(verdict.blocks)


def test_a_base_branch_without_a_name_is_refused_and_not_taken_for_another_branch() -> None:
    with pytest.raises(ConfigError, match="base_ref"):
        judged(case(pulled(base_ref=""), approve(BOB)))
