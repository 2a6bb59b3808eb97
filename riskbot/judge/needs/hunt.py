"""The search for the smallest sets of people who meet one part of a need.

People who differ in nothing that is asked form a class, so the search is over how many of each class. It
deepens one person at a time; every step takes the part that leaves the least choice, tries each class that
could help it and, to meet no set twice, never again the classes that were tried before it. What the parts
lack at the least, added up where they share nobody, cuts off what cannot succeed. Setting people aside who
serve nothing that a more useful one does not also serve finds the size fast; the sets themselves are then
drawn from everybody.

The work is counted (:class:`Work`), not timed, so that the answer is the same on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from riskbot.judge.needs.lacking import Apart, Crowd, Every, Lack, One, Part
from riskbot.judge.needs.need import Meter, met
from riskbot.judge.people.who import Person

#: Deeper than this nothing is searched; greed takes over.
DEEPEST = 150
_IMPOSSIBLE = 1 << 30

#: How many of each class, as (class, number) pairs in the order of classes.
Mix = tuple[tuple[int, int], ...]


class Spent(Exception):  # noqa: N818 (it is no error: there is a second way to an answer)
    """The work that was granted is done."""


@dataclass(slots=True)
class Work:
    """What may still be done, counted in parts looked at."""

    left: int

    def spend(self, amount: int = 1) -> None:
        """Count it, or raise Spent."""
        self.left -= amount
        if self.left < 0:
            raise Spent


@dataclass(frozen=True, slots=True)
class Found:
    """The smallest mixes that were found. ``smallest``: none is smaller; ``all_``: and these are all."""

    mixes: tuple[Mix, ...]
    smallest: bool
    all_: bool


class Hunt:
    """One part of a need, its people sorted into classes, and how many of each are taken."""

    def __init__(self, part: Part, crowd: Crowd) -> None:
        self._part = part
        parts = list(_walk(part))
        self._lacks = [one for one in parts if isinstance(one, Lack)]
        told = [lack.people for lack in self._lacks]
        told += [group for one in parts if isinstance(one, Apart) for group in one.told]
        classes = _refined(part.people, told)
        self._members = [crowd.named(people) for people in classes]
        self.sizes = [len(members) for members in self._members]
        self._number = {id(lack): number for number, lack in enumerate(self._lacks)}
        self._masks = {
            id(one): sum(1 << at for at, people in enumerate(classes) if people & one.people) for one in parts
        }
        self._serves: list[list[int]] = [[] for _ in classes]
        for number, lack in enumerate(self._lacks):
            for each in self._bits(self._masks[id(lack)]):
                self._serves[each].append(number)
        # How many asks each class is told apart by: more than it serves where distinct people are asked.
        self._roles = [sum(1 for group in told if group & people) for people in classes]
        self._left = [lack.left for lack in self._lacks]
        self._taken = [0] * len(classes)
        self._everybody = (1 << len(classes)) - 1
        self._looked = 0

    def run(self, work: Work, spare: Work) -> Found:
        """Find the smallest mixes; ``work`` is for their size, ``spare`` for all of that size."""
        if isinstance(self._part, Lack) and len(self.sizes) == 1:
            return Found((((0, self._part.left),),), smallest=True, all_=True)
        greedy = self.greedy()
        try:
            best = self._best(greedy, work)
        except Spent:
            return Found((greedy,), smallest=False, all_=False)
        mixes: list[Mix] = []
        try:
            self._collect(self._everybody, _size(best), spare, mixes)
        except Spent:
            return Found(tuple(mixes) or (best,), smallest=True, all_=False)
        return Found(tuple(mixes), smallest=True, all_=True)

    def sets(self, mixes: Sequence[Mix], limit: int) -> list[tuple[Person, ...]]:
        """Draw the people of the mixes, at most ``limit`` sets."""
        drawn: list[tuple[Person, ...]] = []
        for mix in mixes:
            choices = [self._choices(each, number, limit) for each, number in mix]
            for chosen in islice(product(*choices), limit - len(drawn)):
                drawn.append(tuple(person for part in chosen for person in part))  # noqa: PERF401
        return drawn

    def count(self, mixes: Sequence[Mix]) -> int:
        """Count the sets of people that the mixes stand for."""
        return sum(math.prod(math.comb(self.sizes[each], number) for each, number in mix) for mix in mixes)

    def greedy(self) -> Mix:
        """Take whoever serves most until it is met, then put back whoever is not needed after all."""
        chosen = self._cover(self._committed(self._part))
        while self._look(self._part, self._everybody)[0]:
            # Only distinctness is left open: whoever serves most roles gives the most room.
            each = max(self._bits(self._free()), key=lambda one: (self._roles[one], -one))
            self._take(each)
            chosen.append(each)
        for each in reversed(chosen[:]):
            self._take(each, -1)
            if self._look(self._part, self._everybody)[0]:
                self._take(each)
        mix = self._mix()
        self._taken = [0] * len(self.sizes)
        self._left = [lack.left for lack in self._lacks]
        return mix

    def _committed(self, part: Part) -> list[int]:
        """The lacks to serve, with the cheapest of all alternatives chosen."""
        if isinstance(part, Lack):
            return [self._number[id(part)]]
        if isinstance(part, One):
            cheap = min(part.parts, key=lambda one: self._look(one, self._everybody)[0])
            return self._committed(cheap)
        below = part.floor if isinstance(part, Apart) else part
        return [lack for one in below.parts for lack in self._committed(one)]

    def _cover(self, wanted: list[int]) -> list[int]:
        """Serve all the wanted lacks, each time by the class that serves most of what is still open."""
        open_ = {lack for lack in wanted if self._left[lack] > 0}
        gain = [len(open_.intersection(serves)) for serves in self._serves]
        chosen = []
        while open_:
            each = max(range(len(gain)), key=gain.__getitem__)
            self._take(each)
            chosen.append(each)
            if self._taken[each] == self.sizes[each]:
                gain[each] = -1
            for lack in open_.intersection(self._serves[each]):
                if self._left[lack] <= 0:
                    open_.remove(lack)
                    for one in self._bits(self._masks[id(self._lacks[lack])]):
                        gain[one] -= 1
        return chosen

    def _best(self, greedy: Mix, work: Work) -> Mix:
        """Find one smallest mix, among the useful classes; no larger than what greed found."""
        most = _size(greedy)
        least, _ = self._look(self._part, self._everybody)
        if least < most > DEEPEST:
            raise Spent
        useful = self._useful(work)
        for size in range(least, most):
            found: list[Mix] = []
            self._collect(useful, size, work, found, first=True)
            if found:
                return found[0]
        return greedy

    def _collect(self, open_: int, size: int, work: Work, found: list[Mix], *, first: bool = False) -> None:
        """Add every mix of ``size`` further people of the open classes that meets the part."""
        before = self._looked
        least, helps = self._look(self._part, open_)
        work.spend(self._looked - before)
        if least > size:
            return
        if least == 0:
            found.append(self._mix())
            return
        for each in self._bits(helps):
            bit = 1 << each
            self._take(each)
            full = self._taken[each] == self.sizes[each]
            try:
                self._collect(open_ & ~bit if full else open_, size - 1, work, found, first=first)
            finally:
                self._take(each, -1)
            if first and found:
                return
            open_ &= ~bit

    def _look(self, part: Part, open_: int) -> tuple[int, int]:
        """How many more people it takes at the least (0: none), and the classes of which one must help."""
        self._looked += 1
        if isinstance(part, Lack):
            left = self._left[self._number[id(part)]]
            if left <= 0:
                return 0, 0
            helps = self._masks[id(part)] & open_
            enough = helps.bit_count() >= left or self._room(helps) >= left
            return (left if enough else _IMPOSSIBLE), helps
        if isinstance(part, One):
            return self._look_one(part, open_)
        if isinstance(part, Apart):
            return self._look_apart(part, open_)
        return self._look_every(part, open_)

    def _look_one(self, part: One, open_: int) -> tuple[int, int]:
        least, helps = _IMPOSSIBLE, 0
        for one in part.parts:
            lacking, useful = self._look(one, open_)
            if lacking == 0:
                return 0, 0
            if lacking < _IMPOSSIBLE:
                least = min(least, lacking)
                helps |= useful
        return least, helps

    def _look_every(self, part: Every, open_: int) -> tuple[int, int]:
        least, helps, fewest = 0, 0, _IMPOSSIBLE
        lacking: list[tuple[int, int, int]] = []
        for one in part.parts:
            each, useful = self._look(one, open_)
            if each == 0:
                continue
            if each == _IMPOSSIBLE:
                return _IMPOSSIBLE, 0
            if useful.bit_count() < fewest:
                helps, fewest = useful, useful.bit_count()
            least = max(least, each)
            touched = self._masks[id(one)] & open_
            lacking.append((touched.bit_count(), touched, each))
        lacking.sort()
        total = used = 0
        for _, touched, each in lacking:
            if not touched & used:
                used |= touched
                total += each
        return max(least, total), helps

    def _look_apart(self, part: Apart, open_: int) -> tuple[int, int]:
        least, helps = self._look_every(part.floor, open_)
        if least == _IMPOSSIBLE:
            return least, helps
        mask = self._masks[id(part)]
        taken = sum(self._taken[each] for each in self._bits(mask))
        if least == 0:
            meter = Meter()
            enough = met(part.need, frozenset(self._people(mask)), meter)
            self._looked += len(part.told) + meter.steps
            if enough:
                return 0, 0
            least, helps = 1, mask & open_
        return (max(least, part.slots - taken) if helps else _IMPOSSIBLE), helps

    def _useful(self, work: Work) -> int:
        """Leave out each class that serves nothing which a larger-hearted one does not also serve.

        Only where the other class has people enough for anything it serves, and nothing distinct is asked of
        it: then there is a smallest mix without the one left out.
        """
        useful = self._everybody
        for each, serves in enumerate(self._serves):
            if self._roles[each] != len(serves):
                continue
            rarest = min(serves, key=lambda lack: self._masks[id(self._lacks[lack])].bit_count())
            served = set(serves)
            for other in self._bits(self._masks[id(self._lacks[rarest])] & ~(1 << each)):
                work.spend()
                more = self._serves[other]
                if (
                    len(more) > len(serves)
                    and self._roles[other] == len(more)
                    and served.issubset(more)
                    and self.sizes[other] >= max(self._left[lack] for lack in more)
                ):
                    useful &= ~(1 << each)
                    break
        return useful

    def _take(self, each: int, number: int = 1) -> None:
        self._taken[each] += number
        for lack in self._serves[each]:
            self._left[lack] -= number

    def _free(self) -> int:
        return sum(1 << each for each, size in enumerate(self.sizes) if self._taken[each] < size)

    def _room(self, classes: int) -> int:
        return sum(self.sizes[each] - self._taken[each] for each in self._bits(classes))

    def _mix(self) -> Mix:
        return tuple((each, number) for each, number in enumerate(self._taken) if number)

    def _people(self, classes: int) -> Iterator[Person]:
        for each in self._bits(classes):
            if self._taken[each]:
                yield from self._members[each][: self._taken[each]]

    def _choices(self, each: int, number: int, limit: int) -> list[tuple[Person, ...]]:
        return list(islice(combinations(self._members[each], number), limit))

    @staticmethod
    def _bits(classes: int) -> Iterator[int]:
        while classes:
            low = classes & -classes
            yield low.bit_length() - 1
            classes ^= low


def _size(mix: Mix) -> int:
    return sum(number for _, number in mix)


def _walk(part: Part) -> Iterator[Part]:
    yield part
    if isinstance(part, Apart):
        yield from _walk(part.floor)
    elif not isinstance(part, Lack):
        for one in part.parts:
            yield from _walk(one)


def _refined(everybody: int, told: Sequence[int]) -> list[int]:
    """Part the people into classes that nothing told apart; by their first member."""
    classes = [everybody]
    for group in told:
        finer = []
        for people in classes:
            inside = people & group
            finer += [half for half in (inside, people ^ inside) if half]
        classes = finer
    return sorted(classes, key=lambda people: people & -people)
