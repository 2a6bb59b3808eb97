"""What a clause needs of people, as a small algebra: counted, combined, and searched for the smallest sets.

A clause about people does not only say yes or no; it says who would have to approve. That is a *need*. The
tree of clauses gives a tree of needs, and whether people suffice is asked of the needs alone
(:func:`met`), so that "who could unlock this" never has to judge again (:mod:`riskbot.judge.needs.unlock`).

There is no "not" here either: more approvals never make a met need unmet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from riskbot.judge.needs.assignment import Budget, Goal, Labels, fits
from riskbot.judge.people.who import Person

#: The role of what an app reports: what is lacking is no person, and nobody can be asked for it.
CHECK = "check"


@dataclass(frozen=True, slots=True)
class Ask:
    """At least ``count`` people for ``role``: ``counted`` have approved, ``candidates`` could still.

    Neither holds anybody interested; the two are disjoint. ``role`` is shown to readers.
    """

    role: str
    count: int
    counted: frozenset[Person] = frozenset()
    candidates: frozenset[Person] = frozenset()


@dataclass(frozen=True, slots=True)
class Both:
    """All of the needs; with ``distinct`` no person is counted for two of them."""

    needs: tuple[Need, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """Any one of the needs."""

    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """What nobody's approval can change."""

    reason: str = ""


Need = Ask | Both | Either | Never

MET = Both(())


def met(need: Need, extra: frozenset[Person] = frozenset()) -> bool:
    """Say whether the need is met by those who have approved, and ``extra`` people who might."""
    if isinstance(need, Ask):
        return len(need.counted | (need.candidates & extra)) >= need.count
    if isinstance(need, Never):
        return False
    if isinstance(need, Either):
        return any(met(one, extra) for one in need.needs)
    if not all(met(one, extra) for one in need.needs):
        return False
    return not need.distinct or assignable(need.needs, extra)


def assignable(needs: tuple[Need, ...], extra: frozenset[Person]) -> bool:
    """Say whether all needs can be met with no person counted twice.

    Each need gets people of its own; within one need a person may still serve several roles, unless it asks
    for distinct people itself. The search is bounded: what it could not settle in time counts as no.
    """
    budget = Budget()
    return any(fits(goals, budget) for goals in _ways([(Both(needs, True), ())], extra, budget, count()))


def _ways(
    open_: list[tuple[Need, Labels]], extra: frozenset[Person], budget: Budget, places: Iterator[int]
) -> Iterator[list[Goal]]:
    """Yield the goals of every way to choose among alternatives that could be met at all."""
    goals: list[Goal] = []
    open_ = list(open_)
    while open_:
        need, labels = open_.pop()
        if isinstance(need, Never) or not budget.spend():
            return
        if isinstance(need, Ask):
            goals.append(Goal(need.counted | (need.candidates & extra), need.count, labels))
        elif isinstance(need, Both):
            place = next(places)
            open_ += [
                (one, (*labels, (place, branch)) if need.distinct else labels)
                for branch, one in enumerate(need.needs)
            ]
        else:
            for one in need.needs:
                if met(one, extra):
                    for rest in _ways([*open_, (one, labels)], extra, budget, places):
                        yield goals + rest
            return
    yield goals


def asks(need: Need) -> Iterator[Ask]:
    """Walk the leaves that ask for people."""
    if isinstance(need, Ask):
        yield need
    elif not isinstance(need, Never):
        for one in need.needs:
            yield from asks(one)
