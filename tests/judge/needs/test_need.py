"""Distinct people for distinct roles, against trying every assignment there is."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.judge.needs.need import MET, Ask, Both, Either, Need, Never, asks, assignable, met
from riskbot.judge.people.who import Person

PEOPLE = tuple(Person(name, number) for number, name in enumerate("abcde", 1))
A, B, C, D, E = PEOPLE
NOBODY: frozenset[Person] = frozenset()


def ask(count: int, *people: Person, candidates: tuple[Person, ...] = ()) -> Ask:
    return Ask("role", count, frozenset(people), frozenset(candidates))


def possible(need: Need, people: frozenset[Person]) -> bool:
    """The oracle: whether these people meet the need, trying every way to part them among distinct roles."""
    if isinstance(need, Ask):
        return len((need.counted | need.candidates) & people) >= need.count
    if isinstance(need, Never):
        return False
    if isinstance(need, Either):
        return any(possible(one, people) for one in need.needs)
    if not need.distinct or not need.needs:
        return all(possible(one, people) for one in need.needs)
    return any(
        all(
            possible(one, frozenset(person for person, to in zip(people, given_to, strict=True) if to == at))
            for at, one in enumerate(need.needs)
        )
        for given_to in itertools.product(range(len(need.needs)), repeat=len(people))
    )


pools = st.frozensets(st.sampled_from(PEOPLE), max_size=5)
leaves = st.builds(lambda count, pool: Ask("role", count, pool), st.integers(1, 3), pools) | st.just(Never())
needs = st.recursive(
    leaves,
    lambda inner: (
        st.builds(
            lambda some, distinct: Both(tuple(some), distinct), st.lists(inner, max_size=3), st.booleans()
        )
        | st.builds(lambda some: Either(tuple(some)), st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=5,
)


@settings(max_examples=1000, deadline=None)
@given(needs)
def test_it_agrees_with_trying_everything(need: Need) -> None:
    assert met(need) == possible(need, frozenset(PEOPLE))


@settings(max_examples=500, deadline=None)
@given(needs, pools, pools)
def test_more_approvals_never_unmeet_a_need(
    need: Need, some: frozenset[Person], more: frozenset[Person]
) -> None:
    def asking(one: Need) -> Need:
        if isinstance(one, Ask):
            return Ask(one.role, one.count, candidates=one.counted)
        if isinstance(one, Both):
            return Both(tuple(map(asking, one.needs)), one.distinct)
        return Either(tuple(map(asking, one.needs))) if isinstance(one, Either) else one

    if met(asking(need), some):
        assert met(asking(need), some | more)


def test_one_person_cannot_wear_two_hats() -> None:
    both = (ask(1, D), ask(1, D))
    assert met(Both(both))
    assert not met(Both(both, distinct=True))
    assert met(Both((ask(1, D), ask(1, D, candidates=(B,))), distinct=True), frozenset({B}))


def test_somebody_is_moved_along_where_only_that_makes_room() -> None:
    chain = (ask(1, A, B), ask(1, B, C), ask(1, C), ask(1, A, D))
    assert assignable(chain, NOBODY)
    assert not assignable((ask(1, A, B), ask(1, B, C), ask(1, C), ask(1, A)), NOBODY)


def test_within_one_role_people_are_shared() -> None:
    """One owner may own several paths; only the clauses ask for distinct people."""
    owners = Both((ask(1, A), ask(1, A, B)))
    assert assignable((owners, ask(1, B)), NOBODY)
    assert not assignable((owners, ask(1, A)), NOBODY)


def test_alternatives_are_tried() -> None:
    either = Either((Both((ask(1, A), ask(1, B))), ask(1, C)))
    assert assignable((either, ask(2, A, B)), NOBODY)
    assert not assignable((either, ask(3, A, B, C)), NOBODY)
    assert assignable((MET, ask(1, A)), NOBODY)
    assert not assignable((Never("why"), ask(1, A)), NOBODY)


def test_a_team_that_nobody_looked_up_stands_for_several() -> None:
    team, one = Person("@acme/devs"), Person("bob")
    assert assignable((ask(1, team), ask(1, team)), NOBODY)
    assert not assignable((ask(1, one), ask(1, one)), NOBODY)


@pytest.mark.parametrize("distinct_owners", [10, 400, 2000])
def test_thousands_of_owned_paths_take_no_time(distinct_owners: int) -> None:
    crowd = [Person(f"p{number}", number) for number in range(1, distinct_owners + 1)]
    owned = Both(tuple(ask(1, person, crowd[-1]) for person in crowd))
    begun = time.process_time()
    assert met(Both((owned, ask(1, *crowd[:-1])), distinct=True))
    assert not met(Both((owned, ask(1, crowd[-1]), ask(1, crowd[-1])), distinct=True))
    assert time.process_time() - begun < 1


def test_what_cannot_be_settled_in_time_counts_as_no() -> None:
    """A needle for the search: pairs that hide one another's people, with no way to fill them all."""
    crowd = [Person(f"p{number}", number) for number in range(1, 25)]
    groups = tuple(
        Both(tuple(ask(1, *(crowd[(at * 7 + step * 5 + nth) % 24] for nth in range(6))) for step in range(6)))
        for at in range(14)
    )
    begun = time.process_time()
    met(Both(groups, distinct=True))
    assert time.process_time() - begun < 2
    ways = tuple(Either((ask(1, A), ask(1, B))) for _ in range(30))
    assert not met(Both(ways, distinct=True))
    assert time.process_time() - begun < 4


def test_the_leaves_are_walked_in_order() -> None:
    first, second = ask(1, A), ask(2, B)
    assert list(asks(Both((Either((first, Never())), second)))) == [first, second]
