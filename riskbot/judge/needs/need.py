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

from riskbot.judge.needs.assignment import MAX_NODES, Budget, Goal, Labels, fits
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


@dataclass(slots=True)
class Meter:
    """How many steps were taken to assign distinct people, for whoever has to bound them."""

    steps: int = 0


def met(need: Need, extra: frozenset[Person] = frozenset(), meter: Meter | None = None) -> bool:
    """Say whether the need is met by those who have approved, and ``extra`` people who might."""
    if isinstance(need, Ask):
        return len(need.counted | (need.candidates & extra)) >= need.count
    if isinstance(need, Never):
        return False
    if isinstance(need, Either):
        return any(met(one, extra, meter) for one in need.needs)
    if not all(met(one, extra, meter) for one in need.needs):
        return False
    return not need.distinct or assignable(need.needs, extra, meter)


def assignable(needs: tuple[Need, ...], extra: frozenset[Person], meter: Meter | None = None) -> bool:
    """Say whether all needs can be met with no person counted twice.

    Each need gets people of its own; within one need a person may still serve several roles, unless it asks
    for distinct people itself. The search is bounded: what it could not settle in time counts as no.
    """
    budget = Budget()
    found = any(fits(goals, budget) for goals in _ways(Both(needs, True), extra, budget))
    if meter is not None:
        meter.steps += MAX_NODES - max(0, budget.left)
    return found


#: What is still to be looked at: a need, where it stands, and the rest.
_Open = tuple[Need, Labels, "_Open"] | None
#: The goals found so far, the last one first.
_Goals = tuple[Goal, "_Goals"] | None


def _ways(need: Need, extra: frozenset[Person], budget: Budget) -> Iterator[list[Goal]]:
    """Yield the goals of every way to choose among alternatives that could be met at all."""
    places = count()
    waiting: list[tuple[_Open, _Goals]] = [((need, (), None), None)]
    while waiting:
        open_, goals = waiting.pop()
        while open_ is not None:
            one, labels, open_ = open_
            if isinstance(one, Never) or not budget.spend():
                break
            if isinstance(one, Ask):
                goals = Goal(one.counted | (one.candidates & extra), one.count, labels), goals
            elif isinstance(one, Both):
                place = next(places)
                for branch, below in enumerate(one.needs):
                    at = (*labels, (place, branch)) if one.distinct else labels
                    open_ = below, at, open_
            else:
                able = [other for other in reversed(one.needs) if _could(other, extra)]
                waiting += [((other, labels, open_), goals) for other in able]
                break
        else:
            yield _listed(goals)


def _could(need: Need, extra: frozenset[Person]) -> bool:
    """Say whether it were met if nowhere distinct people were asked: quick, where nested needs are tried."""
    if isinstance(need, Either):
        return any(_could(one, extra) for one in need.needs)
    if isinstance(need, Both):
        return all(_could(one, extra) for one in need.needs)
    return met(need, extra)


def _listed(goals: _Goals) -> list[Goal]:
    """List them in the order in which they were found."""
    found: list[Goal] = []
    while goals is not None:
        goal, goals = goals
        found.append(goal)
    return found[::-1]


def asks(need: Need) -> Iterator[Ask]:
    """Walk the leaves that ask for people."""
    if isinstance(need, Ask):
        yield need
    elif not isinstance(need, Never):
        for one in need.needs:
            yield from asks(one)
