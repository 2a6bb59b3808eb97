"""The smallest sets of people whose approval would unlock a change, from its need alone.

Parts of the need that share nobody are searched one by one (:mod:`riskbot.judge.needs.hunt`), and their
answers multiplied. Where the search would take too long, greed answers instead, and the note says that it
may not be the smallest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from riskbot.judge.needs.hunt import Hunt, Work
from riskbot.judge.needs.lacking import Crowd, Every, Part, Rank, boil, opened, order
from riskbot.judge.needs.need import Ask, Either, Need, Never, asks, met
from riskbot.judge.people.who import Person

LIMIT = 20
#: How many parts of the need are looked at: for the size of the sets, and then for all of that size.
SEARCH = 30_000
DRAW = 10_000
_UNTOLD = 1_000_000


@dataclass(frozen=True, slots=True)
class Unlocking:
    """The smallest sets, all of one size, each in the order of names; what a reader must know beside them.

    No set: ``note`` says that nothing is lacking, or why nobody's approval is enough.
    """

    sets: tuple[tuple[Person, ...], ...]
    note: str


def smallest(need: Need, *, limit: int = LIMIT, rank: Rank = order) -> Unlocking:
    """Find the smallest sets of further people whose approval meets the need; at most ``limit`` of them.

    Of people who differ in nothing that is asked, the first in ``rank`` are shown first.
    """
    if met(need):
        return Unlocking((), "No further approval is needed.")
    need = opened(need)
    crowd = Crowd(need, rank)
    part = boil(need, crowd)
    if isinstance(part, bool):
        return Unlocking((), _impossible(need))
    work, spare = Work(SEARCH), Work(DRAW)
    hunts = sorted((Hunt(one, crowd) for one in _parted(part)), key=lambda hunt: len(hunt.sizes))
    found = [(hunt, hunt.run(work, spare)) for hunt in hunts]
    choices = [hunt.sets(one.mixes, limit) for hunt, one in found]
    sets = [
        tuple(sorted((person for part in chosen for person in part), key=order))
        for chosen in islice(product(*choices), limit)
    ]
    there_are = math.prod(hunt.count(one.mixes) for hunt, one in found)
    smallest_ = all(one.smallest for _, one in found)
    known = all(one.all_ for _, one in found)
    sets.sort(key=lambda people: sorted((rank(person), order(person)) for person in people))
    return Unlocking(tuple(sets), _note(there_are - len(sets), proven=smallest_, known=known))


def _parted(part: Part) -> list[Part]:
    """Part what must all be met into groups that share nobody."""
    if not isinstance(part, Every):
        return [part]
    groups: list[tuple[int, list[Part]]] = []
    for one in part.parts:
        people, together = one.people, [one]
        apart = []
        for others, members in groups:
            if others & people:
                people |= others
                together = members + together
            else:
                apart.append((others, members))
        groups = [*apart, (people, together)]
    return [members[0] if len(members) == 1 else Every(tuple(members), people) for people, members in groups]


def _note(more: int, *, proven: bool, known: bool) -> str:
    """Say what the sets shown are not."""
    if not proven:
        return "There are too many ways to look through: a smaller set may exist."
    if more >= _UNTOLD or (more and not known):
        return "There are more sets of this size."
    if not known:
        return "There may be more sets of this size."
    if more:
        return f"There {'is 1 more set' if more == 1 else f'are {more:,} more sets'} of this size."
    return ""


def _impossible(need: Need) -> str:
    """Say why nobody's approval is enough, with the first few causes."""
    causes = list(dict.fromkeys(islice(_causes(need), 3)))
    return " ".join(["Nobody's approval is enough.", *causes])


def _causes(need: Need) -> Iterator[str]:
    """Yield, in words, what no approval can change."""
    if isinstance(need, Never):
        if need.reason:
            yield need.reason if need.reason.endswith((".", "!", "?")) else f"{need.reason}."
    elif isinstance(need, Ask):
        able = len(need.counted | need.candidates)
        if able < need.count:
            yield f"For {need.role}, {need.count} must approve, and {able or 'nobody'} can."
    elif isinstance(need, Either):
        if not any(_possible(one) for one in need.needs):
            for one in need.needs:
                yield from _causes(one)
    else:
        lost = [one for one in need.needs if not _possible(one)]
        for one in lost:
            yield from _causes(one)
        if not lost and not _possible(need):
            yield "Distinct people are asked for, and there are not enough."


def _possible(need: Need) -> bool:
    """Say whether it could be met if everybody approved."""
    return met(need, frozenset[Person]().union(*(ask.candidates for ask in asks(need))))
