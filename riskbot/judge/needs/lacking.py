"""A need, boiled down to what is still lacking: people as bits of a number, and nothing that is met already.

What approvals can no longer change is decided here: a part that is met drops out, one that too few people
are left for is impossible, and one that another part implies ("anybody", beside "an owner") is dropped too.
None of that loses a smallest set (:mod:`riskbot.judge.needs.unlock`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from riskbot.judge.needs.need import Ask, Both, Either, Need, Never, asks, met
from riskbot.judge.people.directory import ANYONE_ENTITLED
from riskbot.judge.people.who import Person

#: Above so many asks side by side, none is looked for that another implies: that takes their square.
MANY = 300


@dataclass(frozen=True, slots=True, eq=False)
class Lack:
    """At least ``left`` more of ``people``; there are as many."""

    left: int
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """All of the parts."""

    parts: tuple[Part, ...]
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class One:
    """Any one of the parts."""

    parts: tuple[Part, ...]
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """``need`` itself, with distinct people; ``floor`` is the same without that, which is less.

    ``slots``: how many more people than have approved it takes at the least. ``told``: the asks below it,
    as candidates and counted, which is what makes people differ.
    """

    need: Both
    floor: Every
    people: int
    slots: int
    told: tuple[int, ...]


Part = Lack | Every | One | Apart


def order(person: Person) -> tuple[str, int]:
    """The order in which people are shown and tried."""
    return person.name, person.account or 0


#: What people are ordered by before their names.
Rank = Callable[[Person], Any]


class Crowd:
    """Everybody whom a need names, each as one bit: the first in rank is the lowest."""

    def __init__(self, need: Need, rank: Rank = order) -> None:
        groups = {group for ask in asks(need) for group in (ask.candidates, ask.counted)}
        self.people = sorted(frozenset[Person]().union(*groups), key=lambda one: (rank(one), order(one)))
        self._index = {person: 1 << number for number, person in enumerate(self.people)}
        self._bits: dict[frozenset[Person], int] = {}

    def bits(self, group: frozenset[Person]) -> int:
        """The bits of a group of them."""
        if group not in self._bits:
            self._bits[group] = sum(self._index[person] for person in group)
        return self._bits[group]

    def named(self, bits: int) -> tuple[Person, ...]:
        """The people behind the bits, in order."""
        found = []
        while bits:
            low = bits & -bits
            found.append(self.people[low.bit_length() - 1])
            bits ^= low
        return tuple(found)


def opened(need: Need) -> Need:
    """Let everybody known by name only stand for *anyone entitled* as well, where no directory says who may.

    Otherwise an owner who is asked for anyway would be asked for beside "anyone".
    """
    names = {person for ask in asks(need) for person in ask.candidates if person.account is None}
    if not any(person.name.startswith(ANYONE_ENTITLED) for person in names):
        return need
    return _opened(need, frozenset(names))


def _opened(need: Need, names: frozenset[Person]) -> Need:
    if isinstance(need, Never):
        return need
    if isinstance(need, Ask):
        open_ = any(person.name.startswith(ANYONE_ENTITLED) for person in need.candidates)
        return replace(need, candidates=need.candidates | names) if open_ else need
    below = tuple(_opened(one, names) for one in need.needs)
    return Both(below, need.distinct) if isinstance(need, Both) else Either(below)


def boil(need: Need, crowd: Crowd) -> Part | bool:
    """Say what is lacking: True for nothing, False for what nobody can give."""
    if isinstance(need, Ask):
        return _ask(need, crowd)
    if isinstance(need, Never):
        return False
    if isinstance(need, Either):
        return _either([boil(one, crowd) for one in need.needs])
    if need.distinct:
        return _apart(need, crowd)
    return _both([boil(one, crowd) for one in need.needs])


def _ask(ask: Ask, crowd: Crowd) -> Part | bool:
    left = ask.count - len(ask.counted)
    if left <= 0:
        return True
    people = crowd.bits(ask.candidates) & ~crowd.bits(ask.counted)
    return Lack(left, people) if people.bit_count() >= left else False


def _either(parts: Sequence[Part | bool]) -> Part | bool:
    if any(part is True for part in parts):
        return True
    flat: list[Part] = []
    for part in parts:
        if not isinstance(part, bool):
            flat += part.parts if isinstance(part, One) else (part,)
    if len(flat) < 2:
        return flat[0] if flat else False
    return One(tuple(flat), _people(flat))


def _both(parts: Sequence[Part | bool]) -> Part | bool:
    if any(part is False for part in parts):
        return False
    flat: list[Part] = []
    for part in parts:
        if not isinstance(part, bool):
            flat += part.parts if isinstance(part, Every) else (part,)
    if not flat:
        return True
    lacks = _without_implied([part for part in flat if isinstance(part, Lack)])
    flat = [*lacks, *(part for part in flat if not isinstance(part, Lack))]
    return flat[0] if len(flat) == 1 else Every(tuple(flat), _people(flat))


def _without_implied(lacks: list[Lack]) -> list[Lack]:
    """Drop what another lack implies: at least as many, of some of the same people."""
    most: dict[int, Lack] = {}
    for lack in lacks:
        if lack.people not in most or most[lack.people].left < lack.left:
            most[lack.people] = lack
    kept = sorted(most.values(), key=lambda lack: lack.people.bit_count())
    if len(kept) > MANY:
        return kept
    return [
        lack
        for number, lack in enumerate(kept)
        if not any(other.people & ~lack.people == 0 and other.left >= lack.left for other in kept[:number])
    ]


def _apart(need: Both, crowd: Crowd) -> Part | bool:
    if met(need):
        return True
    told = tuple(crowd.bits(group) for ask in asks(need) for group in (ask.candidates, ask.counted))
    candidates = frozenset[Person]().union(*(ask.candidates for ask in asks(need)))
    if not met(need, candidates):
        return False
    lacking = [part for one in need.needs if not isinstance(part := boil(one, crowd), bool)]
    counted = frozenset[Person]().union(*(ask.counted for ask in asks(need)))
    people = 0
    for candidate_bits in told[::2]:
        people |= candidate_bits
    floor = Every(tuple(lacking), _people(lacking))
    # A team that no directory could look up is several people (as asked in riskbot.judge.needs.assignment).
    teams = frozenset(one for one in candidates if one.account is None)
    slots = 0 if teams else sum(map(_slots, need.needs)) - len(counted)
    return Apart(need, floor, people, slots, (*told, crowd.bits(teams)))


def _slots(need: Need) -> int:
    """How many people it takes at the least."""
    if isinstance(need, Ask):
        return need.count
    if isinstance(need, Never):
        return 0
    each = [_slots(one) for one in need.needs]
    if isinstance(need, Either):
        return min(each, default=0)
    return sum(each) if need.distinct else max(each, default=0)


def _people(parts: Iterable[Part]) -> int:
    bits = 0
    for part in parts:
        bits |= part.people
    return bits
