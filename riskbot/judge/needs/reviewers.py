"""Whom to ask: people whose approval brings the change nearer, the best first, with every reason.

First the members of one smallest set that unlocks it, then others who could stand in. Both are ranked by

1. how near they own what is touched (:class:`~riskbot.judge.owners.Owner` distance; owners before others),
2. how many of the touched lines they lately wrote, halved for every 90 days since, divided by one more than
   the review requests that already wait for them, where that is known,
3. how few such requests they have,
4. a hash of the change's id and theirs: the same for ever, and spread over people from change to change.

Whoever is interested in the change is never named.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from riskbot.domain.verdict import Clause, Suggestion
from riskbot.judge.bench import Bench
from riskbot.judge.needs.need import CHECK, Ask, Both, Either, Need, Never, asks, met
from riskbot.judge.needs.unlock import LIMIT, smallest
from riskbot.judge.people.directory import ANYONE_ENTITLED
from riskbot.judge.people.who import Person
from riskbot.judge.predicate import counted
from riskbot.judge.predicates.owning import named
from riskbot.judge.tree import Ruling

MOST = 5
HALF_LIFE_DAYS = 90
#: Of so many paths the owners are looked up, in the order of the files.
PATHS = 500
_FAR = 1 << 20
_MANY_LINES = 1 << 40

_Rank = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What a verdict says of the way out: see :class:`~riskbot.domain.verdict.Verdict`."""

    unlocking: tuple[tuple[str, ...], ...] = ()
    unlocking_note: str = ""
    suggested: tuple[Suggestion, ...] = ()


@dataclass(slots=True)
class _Owned:
    """What somebody owns of the change: how many paths, and how near the nearest."""

    paths: int = 0
    distance: int = _FAR


@dataclass(slots=True)
class _Wrote:
    """What somebody lately wrote of the touched lines; ``weight``: thousandths of lines, halved by age."""

    lines: int = 0
    weight: int = 0
    last: datetime | None = None


def advise(bench: Bench, ruling: Ruling, *, limit: int = LIMIT) -> Advice:
    """Say who could unlock the change, and whom to ask. A change that needs nobody gets no advice."""
    if ruling.need is None or met(ruling.need):
        return Advice()
    standing = Standing(bench)
    found = smallest(ruling.need, limit=limit, rank=standing.rank)
    known = {person.name for ask in asks(ruling.need) for person in ask.candidates}
    told = tuple(people for people in found.sets if _in_order(people, known)) or found.sets
    sets = tuple(tuple(person.name for person in people) for people in told)
    return Advice(sets, found.note, _suggested(standing, ruling.clause, ruling.need, told))


def _in_order(people: tuple[Person, ...], known: set[str]) -> bool:
    """Say whether of people without a name the second is only there beside the first: they are all alike."""
    names = {person.name for person in people}
    before = (person.before for person in people)
    return all(name is None or name in names or name not in known for name in before)


def suggest(bench: Bench, ruling: Ruling) -> tuple[Suggestion, ...]:
    """Name at most five people to ask."""
    return advise(bench, ruling).suggested


def _suggested(
    standing: Standing, root: Clause, need: Need, sets: tuple[tuple[Person, ...], ...]
) -> tuple[Suggestion, ...]:
    """Choose and explain."""
    if not sets:  # something else stands in the way too, but who has to approve beside that is known
        need = _people_only(need)
        sets = smallest(need, limit=1, rank=standing.rank).sets
    # A check cannot be asked, and to ask "anyone" is no suggestion.
    checks = {
        person
        for ask in asks(need)
        for person in ask.candidates
        if ask.role == CHECK or person.name.startswith(ANYONE_ENTITLED)
    }
    first = sorted(
        (person for person in (sets[0] if sets else ()) if person not in checks), key=standing.rank
    )
    helpful = {person for ask in _open(need) for person in ask.candidates if not standing.barred(person)}
    helpful -= checks
    others = sorted(helpful.difference(first), key=standing.rank)
    chosen = [person for person in (*first, *others) if not standing.barred(person)][:MOST]
    towards = _towards(root, {person.name for person in chosen})
    return tuple(
        Suggestion(
            person.name,
            (*_role(person, first), *standing.reasons(person, helpful)),
            towards.get(person.name, ()),
        )
        for person in chosen
    )


def _role(person: Person, first: list[Person]) -> Iterator[str]:
    if person not in first:
        yield "could stand in"
    elif len(first) == 1:
        yield "this one approval is enough"
    else:
        others = ", ".join(one.name for one in first[:MOST] if one != person)
        more = f" and {len(first) - MOST} more" if len(first) > MOST else ""
        yield f"enough together with {others}{more}"


def _people_only(need: Need) -> Need:
    """Leave out what no approval can change."""
    if isinstance(need, Ask | Never):
        return need
    below = tuple(_people_only(one) for one in need.needs)
    kept = tuple(one for one in below if not isinstance(one, Never))
    if isinstance(need, Either):
        return Either(kept) if kept else Never()
    return Both(kept, need.distinct)


def _open(need: Need) -> Iterator[Ask]:
    """Walk the asks whose candidates bring it nearer."""
    if isinstance(need, Never) or met(need):
        return
    if isinstance(need, Ask):
        yield need
    elif isinstance(need, Both) and need.distinct:
        yield from asks(need)
    else:
        for one in need.needs:
            yield from _open(one)


def _towards(root: Clause, names: set[str]) -> dict[str, tuple[str, ...]]:
    """Name, for each person, the clauses that their approval would count towards."""
    found: dict[str, list[str]] = {name: [] for name in names}
    waiting = [root]
    while waiting:
        clause = waiting.pop()
        waiting += reversed(clause.clauses)
        for name in names.intersection(clause.could):
            found[name].append(clause.name)
    return {name: tuple(dict.fromkeys(clauses)) for name, clauses in found.items()}


class Standing:
    """How people stand to a change: what they own of it, wrote of it, and have to review already."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._ranks: dict[Person, _Rank] = {}
        pull = bench.facts.pull
        change = (
            f"{pull.repository}#{pull.number}"
            if pull is not None
            else f"{bench.facts.repository}@{bench.facts.change.head or ''}"
        )
        self._change = change.encode("utf-8", "surrogatepass")

    def rank(self, person: Person) -> _Rank:
        """The order in which to ask: the smallest first."""
        known = self._ranks.get(person)
        if known is None:
            owned, wrote, load = self._owned.get(person), self._wrote.get(person), self._load(person)
            weight = min(wrote.weight, _MANY_LINES) // (1 + load) if wrote is not None else 0
            distance = owned.distance if owned is not None else _FAR
            known = self._ranks[person] = (distance, -weight, load, self._draw(person))
        return known

    def barred(self, person: Person) -> bool:
        """Say whether the person has a part in the change."""
        return person.account in self._bench.interested.accounts

    def reasons(self, person: Person, among: Iterable[Person]) -> Iterator[str]:
        """Explain the rank, factor by factor; a draw is told where it decided."""
        owned, wrote = self._owned.get(person), self._wrote.get(person)
        if owned is not None:
            up = f", through {counted(owned.distance, 'folder')} further up" if owned.distance else ""
            yield f"owns {counted(owned.paths, 'touched path')}{up}"
        if wrote is not None:
            last = f", last on {wrote.last.date().isoformat()}" if wrote.last is not None else ""
            yield f"lately wrote {wrote.lines:,} of the touched lines{last}"
        if (load := self._known_load(person)) is not None:
            yield f"has {counted(load, 'open review request')}"
        rank = self.rank(person)[:-1]
        if any(one != person and self.rank(one)[:-1] == rank for one in among):
            yield "drawn among equals by the change's id"

    def _draw(self, person: Person) -> str:
        who = str(person.account) if person.account is not None else person.name
        return hashlib.sha256(self._change + b"\0" + who.encode("utf-8", "surrogatepass")).hexdigest()

    def _known_load(self, person: Person) -> int | None:
        return self._bench.facts.load.get(str(person.account)) if person.account is not None else None

    def _load(self, person: Person) -> int:
        known = self._known_load(person)
        return self._usual_load if known is None else max(0, known)

    @cached_property
    def _usual_load(self) -> int:
        """The middle of the known loads: what is assumed of whose load is not known."""
        loads = sorted(self._bench.facts.load.values())
        return max(0, loads[len(loads) // 2]) if loads else 0

    @cached_property
    def _wrote(self) -> dict[Person, _Wrote]:
        found: dict[Person, _Wrote] = {}
        for file in self._bench.files:
            for recent in file.recent_authors:
                one = found.setdefault(self._bench.person(recent.account), _Wrote())
                days = HALF_LIFE_DAYS if recent.last_at is None else (self._bench.now - recent.last_at).days
                one.lines += recent.lines
                one.weight += (1000 * min(recent.lines, _MANY_LINES)) >> min(
                    64, max(0, days) // HALF_LIFE_DAYS
                )
                if recent.last_at is not None and (one.last is None or recent.last_at > one.last):
                    one.last = recent.last_at
        return found

    @cached_property
    def _owned(self) -> dict[Person, _Owned]:
        """What everybody owns of the first so many paths; whole numbers, so that no machine rounds."""
        alike: Counter[tuple[tuple[str, int], ...]] = Counter()
        touched = dict.fromkeys(path for file in self._bench.files for path in file.paths)
        for path in list(touched)[:PATHS]:
            owners = self._bench.rosters.owners.of(path).owners
            alike[tuple((owner.name, owner.distance) for owner in owners)] += 1
        found: dict[Person, _Owned] = {}
        for owners_, paths in alike.items():
            near: dict[Person, int] = {}
            for name, distance in owners_:
                for person in self._people(name):
                    near[person] = min(distance, near.get(person, _FAR))
            for person, distance in near.items():
                one = found.setdefault(person, _Owned())
                one.paths += paths
                one.distance = min(one.distance, distance)
        return found

    def _people(self, name: str) -> frozenset[Person]:
        """The people behind an owner's name; the name itself where nobody could look it up."""
        standing = self._bench.standing(named((name,)))
        known = {self._bench.person(account) for account in standing.accounts}
        return frozenset(known | {Person(someone) for someone in standing.someone})
