"""The tree of a policy: and/or over clauses, with four-valued results, and free of "not".

A group drops its skipped members and takes the worst (``all``) or the best (``any``) of the rest, in the
order *error < pending < satisfied*; a group of nothing but skipped members is skipped itself. Symmetric,
so only one order of each pair is shown:

=========  =========  =========  =========
a          b          all        any
=========  =========  =========  =========
satisfied  satisfied  satisfied  satisfied
satisfied  pending    pending    satisfied
satisfied  skipped    satisfied  satisfied
satisfied  error      error      satisfied
pending    pending    pending    pending
pending    skipped    pending    pending
pending    error      error      pending
skipped    skipped    skipped    skipped
skipped    error      error      error
error      error      error      error
=========  =========  =========  =========

An error never satisfies: it only fails to spoil an alternative that is satisfied without it. At the root
"all skipped" is an error, because a policy that asks nothing of a change has not judged it
(:func:`conclude`). Because both operators are a minimum or a maximum, order and nesting do not matter,
and making one clause worse never makes the whole better.

There is no "not": what nobody can evaluate would otherwise satisfy its negation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from riskbot.domain.verdict import Clause, Outcome, Status
from riskbot.judge.bench import Bench, Rules
from riskbot.judge.condition import Condition
from riskbot.judge.needs.need import MET, Both, Either, Need, Never, asks, met
from riskbot.judge.predicate import Answer, Predicate
from riskbot.written.marked import Mark

_ORDER = (Status.ERROR, Status.PENDING, Status.SATISFIED)


class How(Enum):
    """How a group combines its members."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A named clause: one predicate, asked only where ``when`` applies (None: always).

    ``mark`` is where it is written; it is no part of what it says, here as in the other nodes.
    """

    name: str
    predicate: Predicate
    when: Condition | None = None
    mark: Mark | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Members under ``all`` or ``any``; never empty. ``distinct``: no person fills two of its roles."""

    name: str
    how: How
    members: tuple[Node, ...]
    when: Condition | None = None
    distinct: bool = False
    mark: Mark | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Included:
    """Another policy's tree in the place of a clause, judged under that policy's own declarations."""

    name: str
    rules: Rules
    requires: Node
    when: Condition | None = None
    mark: Mark | None = field(default=None, compare=False)


Node = Group | Leaf | Included


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a node came to, and what it still needs of people (None: it was skipped)."""

    clause: Clause
    need: Need | None


def combine(how: How, statuses: Iterable[Status]) -> Status:
    """Combine the members' statuses as the table says; SKIPPED where all of them are (or there is none)."""
    asked = [_ORDER.index(status) for status in statuses if status is not Status.SKIPPED]
    if not asked:
        return Status.SKIPPED
    return _ORDER[min(asked) if how is How.ALL else max(asked)]


def evaluate(node: Node, bench: Bench) -> Ruling:
    """Ask every clause of the tree. Nothing is cut short, so that the verdict explains all of it."""
    if node.when is not None and (why := node.when.otherwise(bench)):
        return Ruling(Clause(node.name, Status.SKIPPED, why), None)
    if isinstance(node, Leaf):
        return _leaf(node, node.predicate.ask(bench))
    if isinstance(node, Included):
        inner = evaluate(node.requires, bench.under(node.rules))
        return Ruling(replace(inner.clause, name=node.name), inner.need)
    rulings = [evaluate(member, bench) for member in node.members]
    clauses = tuple(ruling.clause for ruling in rulings)
    status = combine(node.how, (clause.status for clause in clauses))
    needs = tuple(ruling.need for ruling in rulings if ruling.need is not None)
    if not needs:
        return Ruling(Clause(node.name, status, _sentence(node.how, status, clauses), clauses=clauses), None)
    need: Need = Both(needs, node.distinct) if node.how is How.ALL else Either(needs)
    reason = _sentence(node.how, status, clauses)
    if node.distinct and status is Status.SATISFIED and not met(need):
        status = Status.PENDING
        reason = "Each clause is satisfied, but only by counting one person twice; distinct people are asked."
    return Ruling(Clause(node.name, status, reason, clauses=clauses), need)


def _leaf(leaf: Leaf, answer: Answer) -> Ruling:
    """Make a leaf's clause; one that is not about people needs nothing, or what nobody can give."""
    if answer.need is None:
        need: Need = MET if answer.status is Status.SATISFIED else Never(answer.reason)
        return Ruling(Clause(leaf.name, answer.status, answer.reason, answer.evidence), need)
    could: set[str] = set()
    if answer.status is not Status.SATISFIED:
        lacking = (ask for ask in asks(answer.need) if not met(ask))
        could = {person.name for ask in lacking for person in ask.candidates if person.before is None}
    need = answer.need if answer.status is not Status.ERROR else Never(answer.reason)
    clause = Clause(
        leaf.name,
        answer.status,
        answer.reason,
        answer.evidence,
        could=tuple(sorted(could)),
        settled=answer.settled,
    )
    return Ruling(clause, need)


def conclude(root: Clause) -> tuple[Outcome, Clause]:
    """Turn the root's status into the outcome; a root that is skipped becomes an error."""
    if root.status is Status.SKIPPED:
        reason = "No clause of the policy applies to this change, so the policy has not judged it."
        root = replace(root, status=Status.ERROR, reason=reason)
    outcomes = {Status.SATISFIED: Outcome.ALLOWED, Status.PENDING: Outcome.HELD}
    return outcomes.get(root.status, Outcome.UNDECIDED), root


def leaves(node: Node) -> Iterator[Leaf]:
    """Walk the named clauses, in the order they are written."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Included):
        yield from leaves(node.requires)
    else:
        for member in node.members:
            yield from leaves(member)


def asked(node: Node, bench: Bench) -> Iterator[tuple[Leaf, Bench]]:
    """Walk the clauses that apply to the change, each with the bench that it is asked before."""
    if node.when is not None and not node.when.applies(bench):
        return
    if isinstance(node, Leaf):
        yield node, bench
    elif isinstance(node, Included):
        yield from asked(node.requires, bench.under(node.rules))
    else:
        for member in node.members:
            yield from asked(member, bench)


def benches(node: Node, bench: Bench) -> Iterator[Bench]:
    """Yield the bench, and those of included policies, which may read the facts otherwise."""
    yield bench
    waiting = [(node, bench)]
    while waiting:
        one, before = waiting.pop()
        if isinstance(one, Included):
            under = before.under(one.rules)
            yield under
            waiting.append((one.requires, under))
        elif isinstance(one, Group):
            waiting += [(member, before) for member in one.members]


def may_skip(node: Node) -> bool:
    """Say whether some change makes the whole node drop out."""
    if node.when is not None:
        return True
    if isinstance(node, Included):
        return may_skip(node.requires)
    return isinstance(node, Group) and all(may_skip(member) for member in node.members)


def _sentence(how: How, status: Status, clauses: tuple[Clause, ...]) -> str:
    """Say what a group came to, with the numbers."""
    asked = [clause for clause in clauses if clause.status is not Status.SKIPPED]
    if not asked:
        return "None of its clauses applies to this change."
    good = sum(clause.status is Status.SATISFIED for clause in asked)
    if how is How.ANY:
        need = "one is enough"
    else:
        need = "all must be" if status is not Status.SATISFIED else "as all must be"
    skipped = len(clauses) - len(asked)
    tail = f"; {skipped} did not apply" if skipped else ""
    return f"{good} of {len(asked)} clauses {'is' if good == 1 else 'are'} satisfied, {need}{tail}."
