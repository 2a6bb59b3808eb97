"""The smallest sets of people: against trying every set, on needs made at random, and fast where it is large."""

import time
from itertools import combinations

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.judge.needs.hunt import Hunt
from riskbot.judge.needs.lacking import Crowd, boil, order
from riskbot.judge.needs.need import MET, Ask, Both, Either, Need, Never, asks, met
from riskbot.judge.needs.unlock import Unlocking, smallest
from riskbot.judge.people.who import Person

ANN, BOB, CAT, DAN, EVE, FAY = PEOPLE = [
    Person(name, at) for at, name in enumerate(("ann", "bob", "cat", "dan", "eve", "fay"), 1)
]


def ask(*candidates: Person, count: int = 1, counted: tuple[Person, ...] = (), role: str = "devs") -> Ask:
    return Ask(role, count, frozenset(counted), frozenset(candidates))


SEC = Person("@acme/sec")  # where no directory could look it up: as many people as are asked for
CROWD = [*PEOPLE, SEC]


@st.composite
def some_ask(draw):
    counted = draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2))
    candidates = draw(st.frozensets(st.sampled_from(CROWD), max_size=5))
    return Ask(draw(st.sampled_from(["a", "b"])), draw(st.integers(1, 3)), counted, candidates - counted)


NEEDS = st.recursive(
    st.one_of(some_ask(), some_ask(), some_ask(), st.just(Never("it is too large"))),
    lambda below: st.one_of(
        st.builds(Both, st.lists(below, min_size=1, max_size=4).map(tuple), st.booleans()),
        st.builds(Either, st.lists(below, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=7,
)


def everybody(need: Need) -> frozenset[Person]:
    return frozenset().union(*(one.candidates for one in asks(need)))


def by_trying_all(need: Need) -> list[tuple[Person, ...]]:
    people = sorted(everybody(need), key=order)
    for size in range(len(people) + 1):
        found = [chosen for chosen in combinations(people, size) if met(need, frozenset(chosen))]
        if found:
            return found
    return []


@settings(max_examples=1500, deadline=None)
@given(NEEDS)
def test_the_smallest_sets_are_those_that_trying_every_set_finds(need):
    expected = by_trying_all(need)
    got = smallest(need, limit=1000)
    if expected == [()]:
        assert got == Unlocking((), "No further approval is needed.")
    else:
        assert list(got.sets) == expected
        assert bool(got.note) == (not expected)


@settings(max_examples=500, deadline=None)
@given(NEEDS, st.integers(1, 3))
def test_with_a_limit_some_of_them_are_shown_and_the_rest_is_counted(need, limit):
    expected = by_trying_all(need)
    got = smallest(need, limit=limit)
    assert set(got.sets) <= set(expected)
    if expected and expected != [()]:
        assert len(got.sets) == min(limit, len(expected))
        rest = len(expected) - len(got.sets)
        assert got.note == (
            ""
            if not rest
            else f"There are {rest} more sets of this size."
            if rest > 1
            else "There is 1 more set of this size."
        )


@settings(max_examples=500, deadline=None)
@given(NEEDS)
def test_greed_always_finds_a_set_that_is_enough_and_has_nobody_to_spare(need):
    crowd = Crowd(need)
    part = boil(need, crowd)
    if isinstance(part, bool):
        return
    hunt = Hunt(part, crowd)
    (chosen,) = hunt.sets([hunt.greedy()], 1)
    assert met(need, frozenset(chosen))
    for one in chosen:
        assert not met(need, frozenset(chosen) - {one})


def test_one_person_who_serves_both_is_the_smallest_set_unless_distinct_people_are_asked():
    security, developers = ask(DAN, role="sec"), ask(BOB, DAN)
    assert smallest(Both((security, developers))).sets == ((DAN,),)
    assert smallest(Both((security, developers), distinct=True)).sets == ((BOB, DAN),)


def test_the_cheaper_alternative_is_shown():
    two, one = ask(ANN, BOB, CAT, count=2), ask(DAN)
    assert smallest(Either((two, one))) == Unlocking(((DAN,),), "")


@pytest.mark.parametrize(
    ("need", "note"),
    [
        (MET, "No further approval is needed."),
        (ask(counted=(ANN,)), "No further approval is needed."),
        (Never("The risk is red."), "Nobody's approval is enough. The risk is red."),
        (Never(""), "Nobody's approval is enough."),
        (ask(role="sec"), "Nobody's approval is enough. For sec, 1 must approve, and nobody can."),
        (
            Both((ask(ANN), ask(ANN, BOB, count=3))),
            "Nobody's approval is enough. For devs, 3 must approve, and 2 can.",
        ),
        (
            Both((ask(ANN), ask(ANN, role="sec")), distinct=True),
            "Nobody's approval is enough. Distinct people are asked for, and there are not enough.",
        ),
        (
            Either((Never("No label"), ask(role="sec"))),
            "Nobody's approval is enough. No label. For sec, 1 must approve, and nobody can.",
        ),
    ],
)
def test_why_there_is_no_set(need, note):
    assert smallest(need) == Unlocking((), note)


def _owners(groups: int, people: int, size: int, step: int) -> Both:
    """Owner groups of ``size`` among ``people``, each ``step`` after the one before; and any two developers."""
    crowd = [Person(f"p{number:03}", number + 1) for number in range(people)]
    owners = [
        ask(*(crowd[(at * step + each * each) % people] for each in range(size)), role=f"owners {at}")
        for at in range(groups)
    ]
    return Both((*owners, ask(*crowd, count=2)))


@pytest.mark.parametrize(
    ("groups", "people", "size", "step"),
    [
        (100, 500, 5, 5),
        (100, 500, 8, 7),
        (100, 500, 12, 37),
        (100, 500, 40, 11),
        (100, 500, 3, 2),
        (100, 60, 6, 13),
    ],
)
def test_a_hundred_groups_of_owners_are_searched_in_a_moment(groups, people, size, step):
    need = _owners(groups, people, size, step)
    got = smallest(need)
    assert got.sets
    assert len(got.sets) <= 20
    for chosen in got.sets:
        assert met(need, frozenset(chosen))
    assert seconds(lambda: smallest(need)) < 0.15  # 50 ms on a machine that does nothing else


def test_a_thousand_alternatives_for_distinct_people_are_no_recursion():
    either = tuple(Either((ask(one, role="a"), ask(other, role="b"))) for one in PEOPLE for other in PEOPLE)
    assert not met(Both(either * 50, distinct=True), frozenset(PEOPLE))
    assert smallest(Both(either * 50, distinct=True)).note.startswith("Nobody's approval is enough.")


def test_distinct_people_asked_for_within_alternatives_many_times_over_are_found_in_a_moment():
    crowd = [Person(f"p{number:02}", number + 1) for number in range(60)]
    need = ask(*crowd[:5])
    for level in range(14):  # deeper than a policy may nest
        more = ask(*crowd[level * 3 : level * 3 + 3])
        need = Either((Both((need, more), distinct=True), ask(*crowd[:9], count=99)))
    begun = time.process_time()
    assert met(need, frozenset(crowd))
    assert time.process_time() - begun < 1  # 10 ms on a machine that does nothing else


def test_a_count_of_hundreds_is_no_deep_search():
    crowd = [Person(f"p{number:03}", number + 1) for number in range(900)]
    halves = Both((ask(*crowd[:600], count=400), ask(*crowd[300:], count=400)))
    got = smallest(halves)
    assert met(halves, frozenset(got.sets[0]))


def test_the_order_of_clauses_and_people_changes_nothing():
    need = Both((ask(ANN, BOB), ask(CAT, DAN), ask(EVE, FAY, ANN, count=2)))
    turned = Both(
        tuple(
            Ask(one.role, one.count, one.counted, frozenset(sorted(one.candidates, reverse=True)))
            for one in reversed(need.needs)
        )
    )
    assert smallest(need) == smallest(turned)


def test_a_team_that_nobody_could_look_up_is_distinct_people_at_once():
    assert smallest(Both((ask(ANN, SEC), ask(SEC)), distinct=True)).sets == ((SEC,),)


def test_whoever_is_asked_for_by_name_also_stands_for_anyone_where_no_directory_is_known():
    anyone, security = Person("anyone entitled"), Person("@acme/sec")
    assert smallest(Both((ask(anyone), ask(security)))).sets == ((security,),)
    second = Person.nameless("anyone entitled", 2)
    two = ask(anyone, second, count=2)
    assert smallest(Both((two, ask(security)))).sets == ((security, anyone), (security, second))
