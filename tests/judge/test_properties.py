"""What must hold of every verdict, over generated pull requests, owners files and policies.

Each test says with its number which law it is. A generated case is a handful of commits by known and unknown
people, pushes, reviews in every state with dismissals, and files in and out of owned folders.
"""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from dataclasses import replace as with_
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from judge.make_facts import (
    AGENT,
    ALICE,
    B0,
    BOB,
    CODEOWNERS,
    ERIN,
    H1,
    NAMES,
    POLICY,
    added,
    agent_run,
    applied,
    approve,
    assessed,
    at,
    bot,
    case,
    changed,
    coauthored,
    codeowners,
    commit,
    deleted,
    email,
    joins,
    judged,
    modified,
    oid,
    opened_by,
    policy,
    pulled,
    push,
    renamed,
    rosters,
    text,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Clause, Outcome, Status, Verdict
from riskbot.facts.document import Authorship, Dismissal, Facts, File, Label, Review, ReviewState, Trailer
from riskbot.judge.language.policy import Policy, load
from riskbot.judge.tree import How, combine, conclude

ALLOWED = Outcome.ALLOWED
POLICIES = Path(__file__).parents[2] / "policies"
lawful = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])

STRICTER = """\
    - clause: nobody objects
      unopposed: {}
    - clause: two of two kinds
      distinct: true
      all:
        - clause: one of the developers
          approvals: {from: ["@acme/devs"]}
        - clause: one of anybody
          approvals: {count: 1}
"""


@cache
def policies() -> tuple[Policy, ...]:
    """Policies of every temper."""
    written = (
        POLICY,
        POLICY + "reviews: {carry_over: [same-content, clean-rebase, clean-update], commands: true}\n",
        POLICY + "authors: {unattributed: one-more, unknown_initiator: two-humans}\n",
        POLICY + STRICTER,
        POLICY.replace("all:", "any:", 1),
        POLICY.replace("owners: {}", "owners: {author_counts: true, unowned: fallback}"),
    )
    shipped = ("default", "sox", "slsa-l4", "open-source")
    return (
        *map(policy, written),
        *(load((POLICIES / f"{one}.yml").read_bytes(), file=one, source="bundled") for one in shipped),
    )


people = st.sampled_from(sorted(NAMES))
# Mostly alice, whose work it is; sometimes another's, or nobody knows whose.
writers = st.sampled_from([*[ALICE] * 8, BOB, 3, None])
names = st.sampled_from(["src", "secure", "free", "a.py", "b.py", "x.sql", "Secure", "caf\u00e9", ".riskbot"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)


@st.composite
def files(draw: st.DrawFn) -> File:
    """A file that is added, modified, deleted or renamed, sometimes a link."""
    path = draw(paths)
    return draw(
        st.sampled_from(
            [
                modified(path),
                added(path),
                added(path, "120000"),
                deleted(path),
                renamed(path, draw(paths)),
            ]
        )
    )


@st.composite
def reviews(draw: st.DrawFn, number: int) -> Review:
    """One word of somebody's, of this head or of another, here or elsewhere."""
    state = draw(st.sampled_from([ReviewState.APPROVED] * 4 + list(ReviewState)))
    taken_back = state is ReviewState.DISMISSED
    return Review(
        id=number,
        by=draw(people),
        state=state,
        commit=draw(st.sampled_from([H1] * 5 + [B0])),
        at=at(draw(st.integers(1, 4)) * 10),
        dismissed=Dismissal(by=draw(people), was=draw(st.sampled_from(list(ReviewState))), at=at(90))
        if taken_back
        else None,
        pull=draw(st.sampled_from([None] * 6 + [8])),
    )


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    """A pull request."""
    before = [
        commit(oid(f"C{n}"), draw(writers), parents=(B0,), **_declared(draw))
        for n in range(draw(st.integers(0, 2)))
    ]
    last = commit(H1, draw(writers), parents=(B0, *(one.id for one in before)), **_declared(draw))
    told = tuple(draw(reviews(n + 1)) for n in range(draw(st.integers(0, 5))))
    steps = [
        with_commits(*before, last),
        with_files(*draw(st.lists(files(), min_size=1, max_size=3))),
        pulled(reviews=told, declared_reviews=len(told)),
        opened_by(draw(st.sampled_from([ALICE, ALICE, BOB]))),
    ]
    if draw(st.booleans()):
        steps += [bot(AGENT, "acme-agent[bot]"), agent_run(AGENT, draw(people), attested=draw(st.booleans()))]
    if draw(st.booleans()):
        steps.append(joins(draw(people), draw(st.sampled_from(["acme/devs", "acme/sec"]))))
    return case(*steps)


def _declared(draw: st.DrawFn) -> dict[str, object]:
    """The trailers of a commit."""
    return coauthored(*(email(one) for one in draw(st.lists(people, max_size=1))))


rules = st.integers(0, 9).map(lambda n: policies()[n])


@st.composite
def approved(draw: st.DrawFn) -> Facts:
    """A case in which enough people say yes for many of the policies: what then takes the yes away?"""
    facts = draw(cases())
    return applied(
        facts, *(approve(who, when=at(50), id=100 + who) for who in draw(st.sets(people))), _counted
    )


def _counted(facts: Facts) -> Facts:
    assert facts.pull is not None
    return applied(facts, pulled(declared_reviews=len(facts.pull.reviews or ())))


either = st.one_of(cases(), approved())


def never_unlocks(before: Facts, after: Facts, rule: Policy) -> None:
    """Whatever made ``after`` of ``before``, it did not bring the approval."""
    if judged(after, rule).outcome is ALLOWED:
        assert judged(before, rule).outcome is ALLOWED


@lawful
@given(either, rules, people, st.integers(0, 2))
def test_p1_what_a_change_says_of_its_makers_never_unlocks(
    facts: Facts, rule: Policy, who: int, how: int
) -> None:
    commits = facts.change.commits or ()
    first = commits[0]
    if how == 0:
        line = Trailer(key="Co-authored-by", value=f"<{email(who)}>")
        more = (replace(first, trailers=(*first.trailers, line)), *commits[1:])
    elif how == 1:
        more = (commit(oid("more"), who, parents=(B0,)), *commits)
    else:
        more = (commit(oid("more"), ALICE, None, parents=(B0,)), *commits)
    never_unlocks(facts, applied(facts, with_commits(*more)), rule)


@lawful
@given(either, rules)
def test_p2_nobody_with_a_part_in_it_counts_or_is_asked(facts: Facts, rule: Policy) -> None:
    verdict = judged(facts, rule)
    part = {one.who for one in verdict.interested}
    assert not part & {one.who for one in verdict.opinions if one.counts and one.state == "APPROVED"}
    assert not part & {who for one in verdict.unlocking for who in one}
    assert not part & {one.who for one in verdict.suggested}
    assert not part & set(_could(verdict.root))


def _could(clause: Clause) -> list[str]:
    return [*clause.could, *(who for below in clause.clauses for who in _could(below))]


@lawful
@given(approved(), rules, st.data())
def test_p3_removing_an_approval_never_unlocks(facts: Facts, rule: Policy, data: st.DataObject) -> None:
    assert facts.pull is not None
    told = facts.pull.reviews or ()
    approvals = [one for one in told if one.state is ReviewState.APPROVED]
    assume(approvals)
    gone = data.draw(st.sampled_from(approvals))
    without = tuple(one for one in told if one is not gone)
    never_unlocks(facts, applied(facts, pulled(reviews=without, declared_reviews=len(without))), rule)


@lawful
@given(either, rules, people, st.integers(0, 6), st.sampled_from([H1, B0]))
def test_p4_another_objection_never_unlocks(facts: Facts, rule: Policy, who: int, tens: int, of: str) -> None:
    assert facts.pull is not None
    objection = Review(id=999, by=who, state=ReviewState.CHANGES_REQUESTED, commit=of, at=at(tens * 10))
    told = (*(facts.pull.reviews or ()), objection)
    never_unlocks(facts, applied(facts, pulled(reviews=told, declared_reviews=len(told))), rule)


@lawful
@given(either, rules, st.randoms(use_true_random=False), st.booleans())
def test_p5_the_order_of_what_happened_at_one_time_does_not_matter(
    facts: Facts, rule: Policy, chance: object, renumbered: bool
) -> None:
    assert facts.pull is not None
    told = [replace(one, at=at(60)) for one in facts.pull.reviews or ()]
    labels = tuple(Label(name="x", by=who, at=at(60)) for who in (ALICE, ERIN))
    first = applied(facts, pulled(reviews=tuple(told), labels=labels))
    chance.shuffle(told)  # type: ignore[attr-defined]
    if renumbered:
        told = [replace(one, id=number) for number, one in enumerate(told, start=1)]
    second = applied(
        first,
        pulled(reviews=tuple(told), labels=labels[::-1]),
    )
    second = replace(
        second,
        accounts=(second.accounts or ())[::-1],
        teams=(second.teams or ())[::-1],
        texts=second.texts[::-1],
    )
    assert judged(first, rule) == judged(second, rule)


@lawful
@given(approved(), rules, st.sampled_from(["files", "commits", "reviews"]), st.data())
def test_p6_a_part_is_never_judged_as_the_whole(
    facts: Facts, rule: Policy, which: str, data: st.DataObject
) -> None:
    assert facts.pull is not None
    if which == "reviews":
        told = facts.pull.reviews or ()
        assume(told)
        cut = pulled(reviews=_shortened(told, data))
    else:
        cut = changed(**{which: _shortened(getattr(facts.change, which), data)})
    verdict = judged(applied(facts, cut), rule)
    assert verdict.outcome is not ALLOWED
    assert "truncated" in {note.code for note in verdict.blocks}


def _shortened(listed: tuple[object, ...], data: st.DataObject) -> tuple[object, ...]:
    gone = data.draw(st.integers(0, len(listed) - 1))
    return (*listed[:gone], *listed[gone + 1 :])


@lawful
@given(either, rules)
def test_p7_the_same_facts_give_the_same_verdict(facts: Facts, rule: Policy) -> None:
    assert judged(facts, rule) == judged(facts, rule)


_REPLAY = """
import sys
sys.path[:0] = ["tests", "."]
from judge.make_facts import *
from judge.test_properties import policies
facts = case(approve(BOB), approve(CAROL), object_(DAVE), joins(MALLORY, "acme/sec"), label("a", ERIN),
    with_files("secure/a.py", "src/b.py", "x/Secure"), codeowners("/x/ @ghost @rita @alice"))
print([judged(facts, rule) for rule in policies()])
"""


def test_p7_whatever_the_machine_it_is_replayed_on() -> None:
    seen = set()
    for seed, zone, locale in (
        ("0", "UTC", "C"),
        ("1", "Asia/Tokyo", "C.UTF-8"),
        ("77", "America/Lima", "POSIX"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", _REPLAY],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    assert b"ghost" in seen.pop()


owners_lines = st.lists(
    st.tuples(
        st.one_of(
            paths.map(lambda path: f"/{path}/"),
            paths.map(lambda path: f"/{path}"),
            st.sampled_from(["*", "*.py", "secure/", "**/a.py", "/src/*", "caf\u00e9/"]),
        ),
        st.sampled_from(["@acme/devs", "@acme/sec", "@acme/gov", "@bob", "@ghost", "@rita", "@alice", ""]),
    ),
    max_size=6,
).map(lambda lines: tuple(f"{pattern} {owner}" for pattern, owner in lines))


@lawful
@given(owners_lines, paths, paths, st.sets(people))
def test_p8_a_rename_never_shrinks_whom_it_needs(
    lines: tuple[str, ...], old: str, new: str, who: set[int]
) -> None:
    assume(old != new)
    steps = (codeowners(*lines), *(approve(one) for one in sorted(who)))
    moved = judged(case(with_files(renamed(old, new)), *steps))
    if moved.outcome is ALLOWED:
        assert judged(case(with_files(modified(old)), *steps)).outcome is ALLOWED
        assert judged(case(with_files(deleted(old)), *steps)).outcome is ALLOWED
        assert judged(case(with_files(added(new)), *steps)).outcome is ALLOWED


@lawful
@given(owners_lines, paths, st.sets(people), st.integers(0, 4))
@example((), "secure/x.py", {BOB}, 0)
def test_p9_another_case_or_normal_form_never_shrinks_it(
    lines: tuple[str, ...], path: str, who: set[int], how: int
) -> None:
    form = (
        str.upper,
        str.swapcase,
        str.title,
        lambda one: unicodedata.normalize("NFD", one),
        lambda one: unicodedata.normalize("NFD", one).upper(),
    )[how]
    steps = (codeowners(*lines), *(approve(one) for one in sorted(who)))
    spelled = judged(case(with_files(added(form(path))), *steps))
    if spelled.outcome is ALLOWED:
        assert judged(case(with_files(added(path)), *steps)).outcome is ALLOWED


@lawful
@given(either, rules, st.text(max_size=200))
def test_p10_what_governs_at_the_head_is_nowhere_in_a_judgement(
    facts: Facts, rule: Policy, body: str
) -> None:
    """A file of the facts has no bytes; the policy is given apart; only one owners file of the base is read."""
    assert not {"text", "content", "data", "lines", "patch"} & set(File.__struct_fields__)
    before = judged(facts, rule)
    governed = applied(
        facts, text(".riskbot/policy.yml", body), text("CODEOWNERS", body), text("docs/CODEOWNERS", body)
    )
    after = judged(governed, rule)
    assert _but_what_it_touches(after) == _but_what_it_touches(before)


def _but_what_it_touches(verdict: Verdict) -> Verdict:
    """The verdict without the flag that names the governing files among those touched."""
    return with_(verdict, flags=tuple(one for one in verdict.flags if one.code != "governing_change"))


@lawful
@given(either, rules, st.sampled_from([".riskbot/policy.yml", ".github/CODEOWNERS", ".riskbot/readability"]))
def test_p10_touching_what_governs_never_unlocks(facts: Facts, rule: Policy, path: str) -> None:
    more = (*(facts.change.files or ()), modified(path))
    never_unlocks(facts, applied(facts, with_files(*more)), rule)


S, P, K, E = Status.SATISFIED, Status.PENDING, Status.SKIPPED, Status.ERROR
Tree = Status | tuple[How, list["Tree"]]


def trees(*leaves: Status) -> st.SearchStrategy[Tree]:
    """Nested groups over these statuses."""
    return st.recursive(
        st.sampled_from(leaves),
        lambda below: st.tuples(st.sampled_from(How), st.lists(below, min_size=1, max_size=4)),
        max_leaves=12,
    )


def come_to(tree: Tree) -> Status:
    """What a tree comes to."""
    if isinstance(tree, Status):
        return tree
    how, members = tree
    return combine(how, map(come_to, members))


def dual(tree: Tree) -> Tree:
    """The tree with "all" for "any" and "satisfied" for "pending", each the other way round."""
    if isinstance(tree, Status):
        return {S: P, P: S}.get(tree, tree)
    how, members = tree
    return (How.ANY if how is How.ALL else How.ALL, [dual(one) for one in members])


def dropped(tree: Tree) -> Tree | None:
    """The tree without what was skipped; None where nothing is left."""
    if isinstance(tree, Status):
        return None if tree is K else tree
    how, members = tree
    left = [one for one in map(dropped, members) if one is not None]
    return (how, left) if left else None


@lawful
@given(trees(S, P, K))
def test_p11_de_morgan_holds_over_satisfied_and_pending(tree: Tree) -> None:
    assert come_to(dual(tree)) is {S: P, P: S, K: K}[come_to(tree)]


@lawful
@given(trees(S, P, K, E))
def test_p11_what_is_skipped_drops_out_and_never_satisfies_on_its_own(tree: Tree) -> None:
    left = dropped(tree)
    status = come_to(tree)
    assert status is (K if left is None else come_to(left))
    outcome, root = conclude(Clause("root", status, ""))
    if left is None:
        assert (outcome, root.status) == (Outcome.UNDECIDED, E)


def worsened(tree: Tree, by: Status) -> Tree:
    """The tree with every error turned into something else."""
    if isinstance(tree, Status):
        return by if tree is E else tree
    how, members = tree
    return (how, [worsened(one, by) for one in members])


@lawful
@given(trees(S, P, E))
def test_p11_an_error_is_never_an_approval(tree: Tree) -> None:
    """What is satisfied in spite of an error would be so if the error had been a plain no."""
    if come_to(tree) is S:
        assert come_to(worsened(tree, P)) is S
    assert (conclude(Clause("root", come_to(tree), ""))[0] is ALLOWED) == (come_to(tree) is S)


@lawful
@given(either, rules)
def test_what_is_said_to_unlock_does_and_nothing_smaller(facts: Facts, rule: Policy) -> None:
    """The smallest sets are sets that unlock: their approvals allow it, and with one fewer they do not."""
    verdict = judged(facts, rule)
    ids = {name: id_ for id_, name in NAMES.items()}
    for one in verdict.unlocking[:3]:
        votes = [approve(ids[who], when=at(200), id=500 + ids[who]) for who in one]
        assert judged(applied(facts, *votes, _counted), rule).outcome is ALLOWED, one
        for left_out in range(len(votes)):
            fewer = (*votes[:left_out], *votes[left_out + 1 :])
            assert judged(applied(facts, *fewer, _counted), rule).outcome is not ALLOWED, one


@lawful
@given(either, rules)
def test_nothing_unlocks_what_is_blocked(facts: Facts, rule: Policy) -> None:
    verdict = judged(facts, rule)
    if verdict.blocks:
        assert verdict.outcome is not ALLOWED
        everybody = [approve(who, when=at(300), id=700 + who) for who in NAMES]
        assert judged(applied(facts, *everybody, _counted), rule).outcome is not ALLOWED


@lawful
@given(either, rules, st.integers(0, 2))
def test_a_push_never_unlocks(facts: Facts, rule: Policy, how: int) -> None:
    """Whoever pushes whatever: approvals of the earlier head do not become more."""
    head = oid("next")
    moves = (
        push(head),
        push(head, commit(head, BOB, parents=(H1,)), by=BOB),
        push(head, rewrite=True),
    )
    never_unlocks(facts, applied(facts, moves[how]), rule)


def test_the_ordinary_case_can_be_allowed_by_every_policy() -> None:
    """Else none of the laws above would say anything."""
    looked = Authorship(
        attested=False, declared=False, assisted=False, automation=False, inferred=False, tools=(), commits=()
    )
    ordinary = case(approve(BOB), approve(3), assessed(authorship=looked))
    told = {rule.id.name: judged(ordinary, rule).outcome for rule in policies()}
    assert set(told.values()) == {ALLOWED}, told


def test_generated_cases_are_of_every_outcome() -> None:
    seen: set[Outcome] = set()

    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @given(either, rules)
    def look(facts: Facts, rule: Policy) -> None:
        seen.add(judged(facts, rule).outcome)

    look()
    assert {Outcome.ALLOWED, Outcome.HELD} <= seen


def test_the_owners_of_these_tests_are_those_of_the_case() -> None:
    roster = rosters(case(), policy()).owners
    assert [roster.of(path).names for path in ("a.py", "secure/x")] == [("@acme/devs",), ("@acme/sec",)]
    assert "* @acme/devs" in CODEOWNERS
