"""Clauses that can never matter: moot, contradictory, redundant, or never the one that is needed."""

from __future__ import annotations

from collections.abc import Iterator

from riskbot.domain.assessment import Band
from riskbot.judge.condition import Condition
from riskbot.judge.lint.branches import Asks, asks
from riskbot.judge.lint.found import Found, Severity, at
from riskbot.judge.lint.implied import Groups, implies
from riskbot.judge.predicates.risk import Risk
from riskbot.judge.tree import Group, How, Included, Leaf, Node, leaves

MAX_LEAVES = 300


def unreachable(requires: Node, groups: Groups) -> Iterator[Found]:
    """Find what can never matter. Comparing clauses is quadratic, so huge policies are not compared."""
    yield from _moot(requires, ())
    yield from _contradictory(requires, ())
    if sum(1 for _ in leaves(requires)) <= MAX_LEAVES:
        yield from _idle(requires, groups)


def _moot(node: Node, ceilings: tuple[Leaf, ...]) -> Iterator[Found]:
    """Find what applies only where another clause has said no already."""
    if node.when is not None:
        for ceiling in ceilings:
            if ceiling is not node and _above(node.when, ceiling):
                yield at(
                    node.mark,
                    "unreachable_clause",
                    Severity.WARNING,
                    f"{node.name!r} applies only where {ceiling.name!r} already holds the change, so it never"
                    " decides.",
                    "Relax the limit, or remove this clause.",
                )
                break
        if isinstance(node, Leaf) and _above(node.when, node):
            yield at(
                node.mark,
                "never_satisfied",
                Severity.WARNING,
                f"Wherever {node.name!r} applies, its own limit is passed: it can only hold.",
                "If that is meant, ask for the limit without the condition.",
            )
    if isinstance(node, Included):
        yield from _moot(node.requires, ceilings)
    if isinstance(node, Group):
        if node.how is How.ALL:
            own = (member for member in node.members if isinstance(member, Leaf) and member.when is None)
            ceilings += tuple(leaf for leaf in own if isinstance(leaf.predicate, Risk))
        for member in node.members:
            yield from _moot(member, ceilings)


def _above(when: Condition, ceiling: Leaf) -> bool:
    """Say whether everything the condition lets in is above the limit of a risk clause."""
    risk = ceiling.predicate
    if not isinstance(risk, Risk):
        return False
    band: Band | None = when.band.at_least if when.band is not None else None
    if band is not None and risk.band is not None and band > risk.band.at_most:
        return True
    floor = when.percentile.at_least if when.percentile is not None else None
    return floor is not None and risk.percentile is not None and floor >= risk.percentile.below


def _contradictory(node: Node, around: tuple[Condition, ...]) -> Iterator[Found]:
    """Find conditions that cannot hold together with those around them: branches that exclude each other."""
    if node.when is not None:
        if any(_apart(node.when, other) for other in around):
            yield at(
                node.mark,
                "unreachable_clause",
                Severity.WARNING,
                f"{node.name!r} never applies: its branches and those of the condition around it exclude each"
                " other.",
                "Name a branch that both have.",
            )
        around += (node.when,)
    if isinstance(node, Included):
        yield from _contradictory(node.requires, around)
    if isinstance(node, Group):
        for member in node.members:
            yield from _contradictory(member, around)


def _apart(one: Condition, other: Condition) -> bool:
    """Say whether no branch is in both; only where that is plain, since two patterns are not compared."""
    if one.branches is None or other.branches is None:
        return False
    for a in one.branches:
        for b in other.branches:
            plain = [glob.pattern for glob in (a, b) if not set(glob.pattern) & set("*?")]
            if not plain or (a.matches(plain[0]) and b.matches(plain[0])):
                return False
    return True


def _idle(node: Node, groups: Groups) -> Iterator[Found]:
    """Compare the members of every group."""
    if isinstance(node, Included):
        yield from _idle(node.requires, groups)
    if not isinstance(node, Group):
        return
    for at_, member in enumerate(node.members):
        for other_at, other in enumerate(node.members):
            if other_at != at_ and _covers(node, member, other, groups, later=at_ > other_at):
                yield _said(node, member, other)
                break
        yield from _idle(member, groups)


def _covers(group: Group, member: Node, other: Node, groups: Groups, *, later: bool) -> bool:
    """Say whether ``other`` makes ``member`` idle; of two that say the same, the later one is."""
    if group.how is How.ALL:
        if group.distinct and asks(member) is not Asks.NOBODY:
            return False  # counted apart, so that two of them ask more than one
        if other.when is not None and other.when != member.when:
            return False
        return implies(other, member, groups) and (later or not implies(member, other, groups))
    return implies(member, other, groups) and (later or not implies(other, member, groups))


def _said(group: Group, member: Node, other: Node) -> Found:
    if group.how is How.ALL:
        message = f"{member.name!r} never decides: wherever it is asked, {other.name!r} asks as much or more."
        return at(member.mark, "redundant_clause", Severity.WARNING, message, "Remove one of the two.")
    message = f"The alternative {member.name!r} is never needed: {other.name!r} is enough wherever it is."
    mend = "Remove it; or, if both are meant to hold, put them under 'all'."
    return at(member.mark, "unreachable_branch", Severity.WARNING, message, mend)
