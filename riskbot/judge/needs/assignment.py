"""Distinct people for distinct roles: whether all can be filled with nobody in two that exclude each other.

A role is a :class:`Goal`: so many out of some people. Two goals exclude each other where they stand under
different branches of one place that asks for distinct people; goals of one branch may share people. Where all
goals exclude each other this is a matching and solved exactly by augmenting paths; otherwise it is a search,
and the search has a budget: what it could not settle is answered with no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskbot.judge.people.who import Person

# Where a goal stands: for each place that asks for distinct people, which of its branches.
Labels = tuple[tuple[int, int], ...]

MAX_NODES = 4_000
_MAX_PICKS = 200
_MAX_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Goal:
    """So many of ``people``, in the branches that ``labels`` name."""

    people: frozenset[Person]
    count: int
    labels: Labels

    def excludes(self, other: Goal) -> bool:
        """Say whether one person cannot serve both."""
        branches = dict(other.labels)
        return any(branches.get(place, branch) != branch for place, branch in self.labels)

    def implies(self, other: Goal) -> bool:
        """Say whether whoever serves this serves the other one too."""
        return self.labels == other.labels and self.count >= other.count and self.people <= other.people


class Budget:
    """How many more steps a search may take."""

    __slots__ = ("left",)

    def __init__(self, nodes: int = MAX_NODES) -> None:
        self.left = nodes

    def spend(self) -> bool:
        """Take one step; False where there is none left."""
        self.left -= 1
        return self.left >= 0


def fits(goals: Iterable[Goal], budget: Budget) -> bool:
    """Say whether all goals can be met at once. Out of budget: False."""
    wanted = _fewest([goal for goal in dict.fromkeys(goals) if goal.count > 0])
    if any(len(goal.people) < goal.count for goal in wanted):
        return False
    # Alternatives multiply, and each way costs its goals.
    budget.left -= len(wanted)
    if sum(goal.count for goal in wanted) > _MAX_PICKS and len(wanted) > _MAX_COMPARED:
        return False
    pairs = ((one, other) for at, one in enumerate(wanted) for other in wanted[:at])
    if all(one.excludes(other) for one, other in pairs):
        return _match(wanted)
    ordered = sorted(wanted, key=lambda goal: (len(goal.people) - goal.count, _names(goal.people)))
    return _Search(ordered, budget).run()


def _fewest(goals: list[Goal]) -> list[Goal]:
    """Leave out goals that another one implies, so that a thousand owned files become a few goals."""
    strictest = sorted(goals, key=lambda goal: (len(goal.people), -goal.count))
    kept: list[Goal] = []
    for goal in strictest:
        if not any(one.implies(goal) for one in kept[:_MAX_COMPARED]):
            kept.append(goal)
    return kept


def _names(people: Iterable[Person]) -> list[tuple[str, int]]:
    """Order people the same way every time."""
    return sorted((person.name, person.account or 0) for person in people)


def _shared(person: Person) -> bool:
    """Say whether the name stands for several people: a team that no directory could look up."""
    return person.account is None and ("/" in person.name or " " in person.name)


def _match(goals: Sequence[Goal]) -> bool:
    """Give every goal its people, nobody to two: augmenting paths (Kuhn), one for each place to fill."""
    holder: dict[Person, int] = {}
    rows = [sorted(goal.people, key=lambda one: (one.name, one.account or 0)) for goal in goals]
    for index, goal in enumerate(goals):
        free = sum(_shared(person) for person in goal.people)
        for _ in range(goal.count - free):
            if not _augment(rows, index, holder):
                return False
    return True


def _augment(rows: Sequence[Sequence[Person]], start: int, holder: dict[Person, int]) -> bool:
    """Find somebody for one more place of the goal, moving others along if need be (breadth first)."""
    came: dict[Person, Person | None] = {}
    queue: list[tuple[int, Person | None]] = [(start, None)]
    for index, via in queue:
        for person in rows[index]:
            if person in came or _shared(person) or holder.get(person) == index:
                continue
            came[person] = via
            if person not in holder:
                _move(person, came, holder, start)
                return True
            queue.append((holder[person], person))
    return False


def _move(last: Person, came: dict[Person, Person | None], holder: dict[Person, int], start: int) -> None:
    """Hand the places along the path: each takes over the place of the one it was reached from."""
    person: Person | None = last
    while person is not None:
        before = came[person]
        holder[person] = holder[before] if before is not None else start
        person = before


class _Search:
    """Choose people goal by goal, and go back where it leads nowhere."""

    def __init__(self, goals: Sequence[Goal], budget: Budget) -> None:
        self._goals = goals
        self._budget = budget
        self._branches: dict[Person, dict[int, int]] = {}
        self._roles: dict[Person, tuple[int, ...]] = {}
        for index, goal in enumerate(goals):
            for person in goal.people:
                self._roles[person] = (*self._roles.get(person, ()), index)

    def run(self) -> bool:
        """Say whether some choice meets all goals."""
        return self._meet(0, _MAX_PICKS)

    def _meet(self, at: int, picks: int) -> bool:
        while at < len(self._goals) and self._missing(self._goals[at]) <= 0:
            at += 1
        if at == len(self._goals):
            return True
        if picks == 0:
            return False
        goal = self._goals[at]
        open_ = [
            person for person in goal.people if self._may(person, goal) and not self._serves(person, goal)
        ]
        if len(open_) < self._missing(goal):
            return False
        # Those who serve most goals first; of those who serve the same ones, one is as good as another.
        open_.sort(key=lambda one: (-len(self._roles[one]), one.name, one.account or 0))
        tried: set[tuple[tuple[int, ...], tuple[tuple[int, int], ...]]] = set()
        for person in open_:
            kind = (self._roles[person], tuple(sorted(self._branches.get(person, {}).items())))
            if kind in tried:
                continue
            tried.add(kind)
            if not self._budget.spend():
                return False
            before = self._branches.get(person, {})
            self._branches[person] = before | dict(goal.labels)
            if self._meet(at, picks - 1):
                return True
            self._branches[person] = before
        return False

    def _missing(self, goal: Goal) -> int:
        return goal.count - sum(self._serves(person, goal) for person in goal.people)

    def _serves(self, person: Person, goal: Goal) -> bool:
        """Say whether the person is bound to all the goal's branches already."""
        branches = self._branches.get(person, {})
        return _shared(person) or all(branches.get(place) == branch for place, branch in goal.labels)

    def _may(self, person: Person, goal: Goal) -> bool:
        branches = self._branches.get(person, {})
        return all(branches.get(place, branch) == branch for place, branch in goal.labels)
