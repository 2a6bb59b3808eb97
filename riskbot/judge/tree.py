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
from dataclasses import dataclass, replace
from enum import Enum

from riskbot.domain.assessment import Assessment
from riskbot.domain.verdict import Clause, Outcome, Status
from riskbot.judge.condition import Condition
from riskbot.judge.predicate import Predicate

_ORDER = (Status.ERROR, Status.PENDING, Status.SATISFIED)


class How(Enum):
    """How a group combines its members."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A named clause: one predicate, asked only where ``when`` applies (None: always)."""

    name: str
    predicate: Predicate
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Members under ``all`` or ``any``; never empty."""

    name: str
    how: How
    members: tuple[Group | Leaf, ...]
    when: Condition | None = None


def combine(how: How, statuses: Iterable[Status]) -> Status:
    """Combine the members' statuses as the table says; SKIPPED where all of them are (or there is none)."""
    asked = [_ORDER.index(status) for status in statuses if status is not Status.SKIPPED]
    if not asked:
        return Status.SKIPPED
    return _ORDER[min(asked) if how is How.ALL else max(asked)]


def evaluate(node: Group | Leaf, assessment: Assessment) -> Clause:
    """Ask every clause of the tree. Nothing is cut short, so that the verdict explains all of it."""
    if node.when is not None and not node.when.applies(assessment.change):
        return Clause(node.name, Status.SKIPPED, node.when.otherwise())
    if isinstance(node, Leaf):
        answer = node.predicate.ask(assessment)
        return Clause(node.name, answer.status, answer.reason, answer.evidence)
    clauses = tuple(evaluate(member, assessment) for member in node.members)
    status = combine(node.how, (clause.status for clause in clauses))
    return Clause(node.name, status, _sentence(node.how, status, clauses), clauses=clauses)


def conclude(root: Clause) -> tuple[Outcome, Clause]:
    """Turn the root's status into the outcome; a root that is skipped becomes an error."""
    if root.status is Status.SKIPPED:
        reason = "No clause of the policy applies to this change, so the policy has not judged it."
        root = replace(root, status=Status.ERROR, reason=reason)
    outcomes = {Status.SATISFIED: Outcome.ALLOWED, Status.PENDING: Outcome.HELD}
    return outcomes.get(root.status, Outcome.UNDECIDED), root


def leaves(node: Group | Leaf) -> Iterator[Leaf]:
    """Walk the named clauses, in the order they are written."""
    if isinstance(node, Leaf):
        yield node
        return
    for member in node.members:
        yield from leaves(member)


def may_skip(node: Group | Leaf) -> bool:
    """Say whether some change makes the whole node drop out."""
    if node.when is not None:
        return True
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
