"""Whom to ask: never the interested, first who unlocks it, then by ownership, authorship, load and a fixed draw."""

from datetime import timedelta

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
    MALLORY,
    NOW,
    account,
    approve,
    case,
    commit,
    joins,
    modified,
    pulled,
    with_commits,
    with_files,
)
from riskbot.facts.document import Facts, RecentAuthor
from riskbot.judge import judge
from riskbot.judge.bench import Bench
from riskbot.judge.language.policy import load
from riskbot.judge.needs.reviewers import Advice, advise
from riskbot.judge.owners import Nobody, Rosters
from riskbot.judge.owners.reading import read
from riskbot.judge.tree import evaluate

OWNED = """\
version: 1
name: owned
owners: {fallback: ["@acme/gov"]}
requires:
  all:
    - clause: a developer approves
      approvals: {count: 1, from: ["@acme/devs"]}
    - clause: owners approve
      owners: {}
"""
ANYBODY = """\
version: 1
name: anybody
requires:
  clause: somebody approves
  approvals: {count: 1}
"""


def advised(facts: Facts, policy: str = OWNED) -> Advice:
    chosen = load(policy.encode(), file="policy.yml", source="the test")
    bench = Bench(facts, chosen.rules, read(facts.texts, "codeowners"), NOW)
    return advise(bench, evaluate(chosen.requires, bench))


def asked(advice: Advice) -> list[str]:
    return [one.who for one in advice.suggested]


def wrote(facts: Facts, *recent: RecentAuthor) -> Facts:
    files = tuple(replace(file, recent_authors=recent) for file in facts.change.files or ())
    return replace(facts, change=replace(facts.change, files=files))


def test_the_members_of_a_smallest_set_come_first_and_say_so():
    advice = advised(case(with_files("src/a.py", "secure/key.py"), joins(DAVE, "acme/devs")))
    assert advice.unlocking == (("dave",),)
    first, *others = advice.suggested
    assert first.who == "dave"
    assert first.reasons[0] == "this one approval is enough"
    assert first.clauses == ("a developer approves", "owners approve")
    assert [one.who for one in others] == sorted(("bob", "carol"), key=asked(advice).index)
    assert all(one.reasons[0] == "could stand in" for one in others)


def test_a_set_of_two_names_the_other():
    advice = advised(case(with_files("src/a.py", "secure/key.py")))
    assert set(advice.unlocking) == {("bob", "dave"), ("carol", "dave")}
    dave = next(one for one in advice.suggested if one.who == "dave")
    other = next(one for one in advice.suggested[:2] if one.who != "dave")
    assert dave.reasons[0] == f"enough together with {other.who}"


def test_what_is_met_is_asked_of_nobody():
    assert advised(case(approve(BOB))) == Advice()
    assert asked(advised(case(with_files("src/a.py", "secure/key.py"), approve(BOB)))) == ["dave"]


@pytest.mark.parametrize("interested", [BOB, CAROL])
def test_the_interested_are_never_asked(interested):
    facts = case(with_commits(commit(H1), commit("c" * 40, author=interested, parents=(H1,))))
    advice = advised(facts, ANYBODY)
    assert not {"alice", {BOB: "bob", CAROL: "carol"}[interested]} & set(asked(advice))
    assert advice.suggested


def test_who_may_only_read_is_not_asked():
    assert "rita" not in asked(advised(case(), ANYBODY))


def test_owners_come_before_others():
    advice = advised(case(with_files("secure/key.py")), ANYBODY)
    assert asked(advice)[0] == "dave"
    assert "owns 1 touched path" in advice.suggested[0].reasons


def test_recent_authors_come_first_and_old_work_weighs_less():
    facts = case()
    lately = RecentAuthor(account=CAROL, lines=10, last_at=NOW - timedelta(days=3))
    long_ago = RecentAuthor(account=BOB, lines=30, last_at=NOW - timedelta(days=400))
    advice = advised(wrote(facts, lately, long_ago))
    assert asked(advice) == ["carol", "bob"]
    assert "lately wrote 10 of the touched lines, last on 2026-02-28" in advice.suggested[0].reasons
    just_now = replace(long_ago, last_at=NOW - timedelta(days=4))
    assert asked(advised(wrote(facts, lately, just_now))) == ["bob", "carol"]


def test_who_has_much_to_review_comes_later():
    facts = replace(case(), load={str(BOB): 9, str(CAROL): 1})
    advice = advised(facts)
    assert asked(advice) == ["carol", "bob"]
    assert "has 1 open review request" in advice.suggested[0].reasons
    assert asked(advised(replace(facts, load={str(BOB): 0, str(CAROL): 1}))) == ["bob", "carol"]


def test_whose_load_is_not_known_counts_as_usual():
    facts = replace(case(joins(DAVE, "acme/devs")), load={str(BOB): 0, str(CAROL): 4, str(ERIN): 2})
    assert asked(advised(facts)) == ["bob", "dave", "carol"]


def test_ties_are_broken_by_the_change_and_not_by_the_alphabet():
    orders = {number: tuple(asked(advised(case(pulled(number=number))))) for number in range(1, 40)}
    assert set(orders.values()) == {("bob", "carol"), ("carol", "bob")}
    again = {number: tuple(asked(advised(case(pulled(number=number))))) for number in range(1, 40)}
    assert orders == again
    assert "drawn among equals by the change's id" in advised(case()).suggested[0].reasons


def test_at_most_five_are_asked():
    facts = case(
        *(account(100 + n, f"dev{n}") for n in range(20)), *(joins(100 + n, "acme/devs") for n in range(20))
    )
    advice = advised(facts)
    assert len(advice.suggested) == 5
    assert len(advice.unlocking) == 20
    assert advice.unlocking_note == "There are 2 more sets of this size."
    assert advice.unlocking[0] == (advice.suggested[0].who,)


def test_where_something_else_stands_in_the_way_nobody_unlocks_it_and_reviewers_are_still_known():
    text = OWNED + "    - clause: the risk is low\n      risk: {band: {at_most: green}}\n"
    facts = case()
    red = replace(facts, assessment=replace(facts.assessment, band="red", percentile=99.5))
    red = replace(red, assessment=replace(red.assessment, band=type(facts.assessment.band)("red")))
    advice = advised(red, text)
    assert advice.unlocking == ()
    assert advice.unlocking_note.startswith("Nobody's approval is enough. ")
    assert set(asked(advice)) == {"bob", "carol"}


def test_without_a_directory_names_are_asked():
    facts = replace(case(), accounts=None, teams=None, pull=None)
    advice = advised(facts)
    assert advice.unlocking == (("@acme/devs",),)
    assert asked(advice) == ["@acme/devs"]


PATHS = st.lists(
    st.sampled_from(["src/a.py", "src/b.py", "secure/key.py", ".github/x.yml"]), min_size=1, unique=True
)


@settings(max_examples=500, deadline=None)
@given(
    PATHS,
    st.lists(st.sampled_from([ALICE, BOB, CAROL, DAVE, ERIN, MALLORY]), max_size=3),
    st.lists(st.sampled_from([BOB, CAROL, DAVE, ERIN, MALLORY]), max_size=2, unique=True),
    st.dictionaries(st.sampled_from([str(BOB), str(CAROL), str(DAVE)]), st.integers(0, 9)),
)
def test_nobody_interested_is_ever_suggested_or_in_a_set(paths, authors, approvers, load):
    commits = [commit(H1), *(commit(f"{n:040x}", author=who) for n, who in enumerate(authors, 1))]
    facts = case(with_files(*map(modified, paths)), with_commits(*commits), *map(approve, approvers))
    facts = replace(facts, load=load)
    names = {account.login for account in facts.accounts or () if account.id in {ALICE, *authors}}
    advice = advised(facts)
    assert not names & set(asked(advice))
    assert not names & {who for people in advice.unlocking for who in people}
    assert len(set(asked(advice))) == len(advice.suggested) <= 5
    assert advice == advised(facts)
    # Whoever is first asked is in the first set, or there is none.
    if advice.unlocking:
        size = min(5, len(advice.unlocking[0]))
        assert set(asked(advice)[:size]) <= set(advice.unlocking[0])


def test_people_without_a_name_are_told_once_and_anyone_is_no_suggestion():
    """A local check without a directory: two clauses ask for one and for two of whoever is entitled."""
    rules = load(
        b"""\
version: 1
name: two
requires:
  all:
    - clause: one
      approvals: {count: 1}
    - any:
        - clause: calm
          risk: {band: {at_most: yellow}}
        - clause: two
          approvals: {count: 2}
""",
        file="p",
        source="p",
    )
    facts = replace(case(), pull=None, accounts=None, teams=None)
    verdict = judge(facts, rules, Rosters(Nobody()), NOW)
    assert verdict.unlocking == (("anyone entitled",),)
    assert verdict.suggested == ()
