"""What holds for every clause about people, whatever the facts."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    H2,
    MALLORY,
    NAMES,
    NOW,
    RITA,
    Step,
    account,
    approve,
    assessed,
    at,
    bot,
    case,
    coauthored,
    codeowners,
    commit,
    joins,
    judged,
    object_,
    policy,
    pulled,
    push,
    renamed,
    review,
    rosters,
    signature,
    with_files,
)
from riskbot import facts as documents
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Facts, Merge, Permission, ReviewState, Team, Zone
from riskbot.judge.bench import Bench
from riskbot.judge.needs.need import asks, met
from riskbot.judge.predicates import PREDICATES

CLAUSES = (
    'approvals: {count: 2, from: ["@acme/devs", dave]}',
    "approvals: {outside_author_teams: true}",
    "approvals: {permission: maintain}",
    "owners: {}",
    "owners: {count: 2, unowned: fallback}",
    "owners: {author_counts: true, outside_author_teams: true}",
    'readability: {paths: ["**/*.py"], from: [bob, carol, alice]}',
    "stewards: {}",
    "unopposed: {}",
    "separation: {merger: [author, approver], deployer: [author, approver, merger]}",
)


def everything(how: str, *, distinct: bool = False) -> str:
    """A policy of all the clauses."""
    lines = ["version: 1", "name: all-of-it", "reviews: {member_for: 1h}", "owners: {fallback: [erin]}"]
    lines += ["requires:", f"  {how}:"]
    for number, clause in enumerate(CLAUSES):
        lines += [f"    - clause: c{number}", f"      {clause}"]
    return "\n".join([*lines, "  distinct: true" if distinct else "", ""])


ALL, ANY, DISTINCT = everything("all"), everything("any"), everything("all", distinct=True)

PEOPLE = st.sampled_from([ALICE, BOB, CAROL, DAVE, ERIN, MALLORY, RITA])
TEAMS = st.sampled_from(["acme/devs", "acme/sec", "acme/gov"])
COMMITS = st.sampled_from([H1, H2])
MINUTES = st.integers(1, 600)


def stepped(make: Any, *drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.builds(make, *drawn)


STEPS: st.SearchStrategy[Step] = st.one_of(
    stepped(approve, PEOPLE, COMMITS),
    stepped(approve, PEOPLE, COMMITS),
    stepped(object_, PEOPLE, COMMITS),
    stepped(review, PEOPLE, st.sampled_from(ReviewState)),
    stepped(lambda who: push(H2, commit(H2, parents=(H1,), author=who), by=who), PEOPLE),
    stepped(
        lambda who: push(H2, commit(H2, parents=(H1,), **coauthored(f"X <{NAMES[who]}@acme.example>"))),
        PEOPLE,
    ),
    stepped(lambda who, team, when: joins(who, team, at(when)), PEOPLE, TEAMS, MINUTES),
    stepped(
        lambda files: with_files(*files),
        st.lists(
            st.sampled_from(["src/a.py", "secure/x.py", "pay/x.py", "solo/y"]).map(
                lambda path: renamed(path, "free/z.py")
            ),
            min_size=1,
            max_size=3,
            unique_by=lambda file: file.old_path,
        ),
    ),
    stepped(
        lambda who: codeowners(f"/pay/ @{who}", "/solo/ @alice", "/secure/ @acme/sec @ghost"),
        st.sampled_from(["bob", "acme/sec", "nobody"]),
    ),
    stepped(
        lambda who: assessed(zones=(Zone(name="pay", stewards=(who,)),)), st.sampled_from(["dave", "ghost"])
    ),
    stepped(lambda who, by: pulled(merge=Merge(merged=True, by=who, auto_merge_by=by)), PEOPLE, PEOPLE),
    stepped(
        lambda who, level: account(who + 30, f"extra{who}", permission=level),
        PEOPLE,
        st.sampled_from(Permission),
    ),
    stepped(lambda who: bot(who + 50, f"bot{who}", controller=who), PEOPLE),
    st.just(pulled(reviews=None)),
    st.just(lambda facts: replace(facts, teams=(*(facts.teams or ()), Team(name="acme/unread")))),
    st.just(lambda facts: replace(facts, accounts=None, teams=None)),
)
FACTS = st.lists(STEPS, max_size=7).map(lambda steps: _built(steps))  # noqa: PLW0108


def _built(steps: list[Step]) -> Facts:
    facts = case()
    for step in steps:
        try:
            made = step(facts)
            documents.read(documents.write(made), "facts.json")
        except (TypeError, ConfigError):  # adding to what is unknown by now, or a second time
            continue
        facts = made
    return facts


def bench(facts: Facts, source: str = ALL) -> Bench:
    read = policy(source)
    return Bench(facts, read.rules, rosters(facts, read), NOW)


def predicates() -> list[Any]:
    return [leaf.predicate for leaf in policy(ALL).requires.members]  # type: ignore[union-attr]


@settings(max_examples=500, deadline=None)
@given(FACTS)
def test_p2_nobody_interested_is_counted_or_asked(facts: Facts) -> None:
    before = bench(facts)
    for predicate in predicates():
        need = predicate.ask(before).need
        for ask in asks(need) if need is not None else ():
            people = {person.account for person in ask.counted | ask.candidates}
            assert not people & before.interested.accounts.keys()
            assert not ask.counted & ask.candidates


@settings(max_examples=500, deadline=None)
@given(FACTS)
def test_a_clause_is_satisfied_exactly_where_its_need_is_met(facts: Facts) -> None:
    before = bench(facts)
    for predicate in predicates():
        answer = predicate.ask(before)
        assert answer.status is not Status.SKIPPED
        assert answer.reason.endswith(".")
        if answer.need is not None:
            assert (answer.status is Status.SATISFIED) == met(answer.need)


@settings(max_examples=500, deadline=None)
@given(FACTS, st.data())
def test_p3_removing_an_approval_never_approves(facts: Facts, data: st.DataObject) -> None:
    given_ = [
        one for one in (facts.pull.reviews if facts.pull else None) or () if one.state is ReviewState.APPROVED
    ]
    if not given_:
        return
    gone = data.draw(st.sampled_from(given_))
    assert facts.pull is not None
    rest = tuple(one for one in facts.pull.reviews or () if one != gone)
    less = replace(facts, pull=replace(facts.pull, reviews=rest))
    before, after = bench(facts), bench(less)
    # Separation asks that who approved did nothing else, so it alone can be glad of fewer.
    for predicate in predicates()[:-1]:
        if predicate.ask(before).status is not Status.SATISFIED:
            assert predicate.ask(after).status is not Status.SATISFIED


@settings(max_examples=500, deadline=None)
@given(FACTS, PEOPLE)
def test_p4_another_objection_never_approves(facts: Facts, who: int) -> None:
    if facts.pull is None or facts.pull.reviews is None:
        return
    more = object_(who, when=at(900))(facts)
    for source in (ALL, ANY, DISTINCT):
        if judged(facts, source).outcome is not Outcome.ALLOWED:
            assert judged(more, source).outcome is not Outcome.ALLOWED
    before, after = bench(facts), bench(more)
    for predicate in predicates():
        if predicate.ask(before).status is not Status.SATISFIED:
            assert predicate.ask(after).status is not Status.SATISFIED


@settings(max_examples=500, deadline=None)
@given(FACTS, st.lists(PEOPLE, min_size=1, max_size=3), st.booleans())
def test_p1_what_the_change_says_of_its_makers_never_approves(
    facts: Facts, who: list[int], as_author: bool
) -> None:
    commits = facts.change.commits or ()
    said = coauthored(*(f"Somebody <{NAMES[one]}@acme.example>" for one in who))
    fields = said if not as_author else {"author": signature(who[0])}
    more = replace(
        facts, change=replace(facts.change, commits=(*commits[:-1], replace(commits[-1], **fields)))
    )
    if as_author and not (facts.accounts and commits[-1].author.account in {ALICE, None}):
        return
    before, after = bench(facts), bench(more)
    if not set(before.interested.accounts) <= set(after.interested.accounts):
        return  # it took somebody's name out as well
    for predicate in predicates():
        if predicate.ask(before).status is not Status.SATISFIED:
            assert predicate.ask(after).status is not Status.SATISFIED


@pytest.mark.parametrize("name", sorted(PREDICATES))
def test_every_predicate_has_a_schema(name: str) -> None:
    schema = msgspec.json.schema(PREDICATES[name], schema_hook=lambda kind: {"title": kind.__name__})
    assert schema["$defs"]
