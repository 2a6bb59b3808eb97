"""Further ways to an approval that should not be: malformed facts, machines of approvers, emergencies, includes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    DEPENDABOT,
    ERIN,
    H1,
    NOW,
    POLICY,
    account,
    added,
    approve,
    at,
    bot,
    case,
    changed,
    codes,
    comment,
    commit,
    counting,
    deleted,
    expect,
    joins,
    judged,
    label,
    modified,
    oid,
    opened_by,
    pulled,
    pushed_by,
    with_commits,
    with_files,
)
from riskbot.domain.change import FileStatus
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import BreakGlass, File, Queue
from riskbot.judge.language.declarations import Include
from riskbot.judge.language.policy import load

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED
OWN = "owners approve"


@pytest.mark.parametrize(
    "file",
    [
        File(status=FileStatus.MODIFIED),
        File(status=FileStatus.RENAMED, new_path="free/x.py"),
        File(status=FileStatus.RENAMED, old_path="free/x.py"),
        File(status=FileStatus.ADDED, old_path="free/x.py"),
        File(status=FileStatus.DELETED),
        File(status=FileStatus.COPIED, old_path="free/x.py"),
    ],
    ids=["no path", "renamed from where", "renamed to where", "added where", "deleted what", "copied where"],
)
def test_a_file_whose_path_is_missing_is_not_known(file: File) -> None:
    expect(judged(case(with_files(file), approve(BOB))), UNDECIDED, blocks=["files_unknown"])


@pytest.mark.parametrize(
    "path",
    ["/secure/x.py", "./secure/x.py", "free/../secure/x.py", "secure//x.py", "secure/./x.py", "secure/"],
)
def test_a_path_that_git_cannot_have_is_not_matched_but_refused(path: str) -> None:
    expect(judged(case(with_files(added(path)), approve(BOB))), UNDECIDED, blocks=["files_unknown"])


@pytest.mark.parametrize("status", [FileStatus.ADDED, FileStatus.TYPE_CHANGED])
def test_an_unknown_mode_may_be_a_links(status: FileStatus) -> None:
    old = None if status is FileStatus.ADDED else "secure"
    file = File(status=status, old_path=old, new_path="secure")
    expect(judged(case(with_files(file), approve(BOB))), HELD, open_=[OWN], unlock=[["dave"]])


TWO = POLICY.replace("count: 1", "count: 2") + 'reviews: {bots: ["al-bot"]}\n'


def test_a_reviewer_and_their_machine_are_one_person() -> None:
    facts = case(bot(30, "al-bot", controller=BOB), joins(30, "acme/devs"), approve(BOB), approve(30))
    verdict = judged(facts, TWO)
    expect(verdict, HELD, open_=["a developer approves"], unlock=[["carol"]])


def test_also_through_a_chain_of_machines() -> None:
    chain = (
        bot(30, "al-bot", controller=31),
        bot(31, "middle-bot", controller=BOB),
        joins(30, "acme/devs"),
    )
    expect(judged(case(*chain, approve(BOB), approve(30)), TWO), HELD, unlock=[["carol"]])


def test_an_independent_machine_that_the_policy_names_is_a_second_voice() -> None:
    facts = case(bot(30, "al-bot"), joins(30, "acme/devs"), approve(BOB), approve(30))
    expect(judged(facts, TWO), ALLOWED, counts=["bob", "al-bot"])


EMERGENCY = POLICY + ('break_glass: {people: ["@acme/gov"], reviewers: ["@acme/sec"], review_within: 48h}\n')
GLASS = pulled(break_glass=(BreakGlass(by=ERIN, reason="the shop is down, incident 17", head=H1, at=at(30)),))


def test_an_emergency_does_not_let_the_queue_smuggle_something_in() -> None:
    queue = Queue(head=oid("G"), tree=oid("g"), recomputed_tree=oid("other"), members=(7,))
    facts = case(GLASS)
    facts = case(GLASS, lambda _: _with_queue(facts, queue))
    assert judged(facts, EMERGENCY).outcome is not ALLOWED


def _with_queue(facts: object, queue: Queue) -> object:
    return pulled(queue=queue)(facts)  # type: ignore[arg-type]


def test_an_emergency_in_the_future_is_none_yet() -> None:
    later = BreakGlass(
        by=ERIN, reason="the shop is down, incident 17", head=H1, at=NOW + timedelta(minutes=1)
    )
    assert judged(case(pulled(break_glass=(later,))), EMERGENCY).outcome is HELD


def test_a_machine_declares_no_emergency() -> None:
    facts = case(
        bot(30, "pager[bot]"),
        joins(30, "acme/gov"),
        pulled(break_glass=(BreakGlass(by=30, reason="the shop is down, 17", head=H1, at=at(30)),)),
    )
    assert judged(facts, EMERGENCY).outcome is HELD


def test_the_review_that_is_owed_is_not_the_declarers_own() -> None:
    verdict = judged(case(GLASS, joins(ERIN, "acme/sec"), approve(ERIN)), EMERGENCY)
    (owed,) = verdict.obligations
    assert not owed.met
    (owed,) = judged(case(GLASS, approve(DAVE)), EMERGENCY).obligations
    assert owed.met


INNER = b"""\
version: 1
name: inner
requires: {clause: a developer approves, approvals: {from: ["@acme/devs"]}}
"""
OUTER = b"""\
version: 1
name: outer
include: [{policy: inner, repository: acme/policies, ref: v1, path: inner.yml}]
flows:
  - flow: dependencies
    bots: ["dependabot[bot]"]
    owner: ["@acme/sec"]
    paths: [package-lock.json]
requires:
  all: [{include: inner}]
"""
WHERE = Include(policy="inner", repository="acme/policies", ref="v1", path="inner.yml")
UPDATE = (
    bot(DEPENDABOT, "dependabot[bot]"),
    opened_by(DEPENDABOT),
    with_commits(commit(H1, author=DEPENDABOT)),
    pushed_by(DEPENDABOT),
    with_files("package-lock.json"),
)


def test_an_included_policy_knows_the_automations_that_the_including_one_registers() -> None:
    outer = load(OUTER, file="outer.yml", source="a test", included={WHERE: INNER})
    expect(judged(case(*UPDATE, approve(BOB)), outer), ALLOWED, counts=["bob"])
    bare = load(
        OUTER.replace(b'["dependabot[bot]"]', b'["renovate[bot]"]'),
        file="outer.yml",
        source="a test",
        included={WHERE: INNER},
    )
    expect(judged(case(*UPDATE, approve(BOB)), bare), HELD, blocks=["initiator_unknown"])


def test_an_included_policy_blocks_by_its_own_rules() -> None:
    lax = OUTER + b"authors: {unattributed: one-more}\n"
    outer = load(lax, file="outer.yml", source="a test", included={WHERE: INNER})
    facts = case(with_commits(commit(H1, author=None)), approve(BOB), approve(CAROL))
    expect(judged(facts, outer), HELD, blocks=["unattributed"])


def test_nobody_approves_by_label_or_comment_where_the_policy_does_not_say_so() -> None:
    facts = case(label("approved", BOB), label("lgtm", ERIN), comment(BOB, f"/approve {H1}"))
    expect(judged(facts), HELD, counts=[])


def test_a_commit_without_parents_is_no_update_of_anything() -> None:
    root = commit(H1, author=BOB, parents=(), recomputed_tree=oid(f"tree {H1}"))
    expect(judged(case(with_commits(root), approve(BOB))), HELD, ignores={"bob": "interested"})


def test_one_person_twice_in_a_team_counts_once() -> None:
    facts = case(joins(BOB, "acme/devs", since=at(-600)), approve(BOB))
    expect(judged(facts, POLICY.replace("count: 1", "count: 2")), HELD, unlock=[["carol"]])


def test_a_deleted_policy_file_is_owned_like_a_changed_one() -> None:
    verdict = judged(case(with_files(deleted(".riskbot/policy.yml"), "src/a.py"), approve(BOB)))
    expect(verdict, HELD, open_=[OWN], unlock=[["erin"]])


def test_more_commits_than_the_forge_counts_are_no_less() -> None:
    facts = case(changed(declared_commits=0, declared_files=0), approve(BOB))
    assert counting(judged(facts)) == {"bob"}


def test_a_login_with_the_sign_of_a_team_is_nobody() -> None:
    facts = case(account(8, "acme/devs"), approve(8))
    verdict = judged(facts)
    assert verdict.outcome is HELD
    assert "bob" in {who for one in verdict.unlocking for who in one}


def test_the_approver_cannot_be_made_interested_silently() -> None:
    """Whoever is barred by nothing but a line in a message is told so, and can be freed."""
    from judge.make_facts import coauthored, email

    facts = case(
        with_commits(commit(H1, **coauthored(*(f"<{email(one)}>" for one in (BOB, CAROL))))), approve(BOB)
    )
    verdict = judged(facts)
    assert verdict.outcome is HELD
    assert "coauthor_unconfirmed" in codes(verdict.flags)
    assert verdict.unlocking == ()
    assert verdict.unlocking_note


def test_an_executable_bit_is_a_change() -> None:
    assert judged(case(with_files(modified("secure/x", new_mode="100755")), approve(BOB))).outcome is HELD


def test_alice_has_no_way_alone() -> None:
    """Everything that one person with write can do to her own pull request, at once."""
    facts = case(
        approve(ALICE),
        label("approved", ALICE),
        comment(ALICE, f"/approve {H1}"),
        pulled(ban_lifts=(), assigned_by=(ALICE,)),
    )
    for extra in ("", "reviews: {commands: true}\n", "authors: {lift_coauthor_ban: [anyone]}\n"):
        assert judged(facts, POLICY + extra).outcome is HELD
