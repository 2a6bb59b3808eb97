"""Free alternatives: ways through an ``any`` that ask nobody, beside others that ask people."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from riskbot.judge.lint.found import Found, Severity, at
from riskbot.judge.people.who import WhoKind
from riskbot.judge.predicates.approvals import Approvals
from riskbot.judge.predicates.authors import Authors
from riskbot.judge.predicates.flow import Flow
from riskbot.judge.predicates.label import Label
from riskbot.judge.predicates.owners import Owners
from riskbot.judge.predicates.readability import Readability
from riskbot.judge.predicates.stewards import Stewards
from riskbot.judge.tree import Group, How, Included, Leaf, Node

_MEND = (
    "Ask people here too (under an 'all'), or make it a condition: if: {band: {at_least: …}} around the"
    " clauses that ask people."
)


class Asks(IntEnum):
    """Whether another person has to do something: nobody, perhaps nobody, or always somebody."""

    NOBODY = 0
    PERHAPS = 1
    SOMEBODY = 2


def asks(node: Node) -> Asks:
    """Say what a node asks of people other than those with a part in the change."""
    if isinstance(node, Leaf):
        return _leaf(node)
    if isinstance(node, Included):
        return asks(node.requires)
    found = [
        min(asks(member), Asks.PERHAPS) if member.when is not None else asks(member)
        for member in node.members
    ]
    return max(found, default=Asks.NOBODY) if node.how is How.ALL else min(found, default=Asks.NOBODY)


def free_branches(node: Node, *, asked: bool = False) -> Iterator[Found]:
    """Find the alternatives that ask nobody where a sibling asks somebody.

    ``asked``: clauses around it ask somebody in any case, so that nobody gets through alone.
    """
    if isinstance(node, Included):
        yield from free_branches(node.requires, asked=asked)
        return
    if isinstance(node, Leaf):
        yield from _anyone(node)
        return
    if node.how is How.ANY and any(asks(member) is not Asks.NOBODY for member in node.members):
        for member in node.members:
            yield from _free(member, asked=asked)
    for member in node.members:
        beside = node.how is How.ALL and any(
            other is not member and other.when is None and asks(other) is Asks.SOMEBODY
            for other in node.members
        )
        yield from free_branches(member, asked=asked or beside)


def _leaf(leaf: Leaf) -> Asks:
    predicate = leaf.predicate
    # A registered flow is no way for people: a human hand in it voids it.
    if isinstance(predicate, Approvals | Label | Flow):
        return Asks.SOMEBODY
    if isinstance(predicate, Owners):
        strict = predicate.unowned == "fallback" and not predicate.author_counts and predicate.paths is None
        return Asks.SOMEBODY if strict else Asks.PERHAPS
    if isinstance(predicate, Readability | Stewards):
        return Asks.PERHAPS
    return Asks.NOBODY


def _free(member: Node, *, asked: bool) -> Iterator[Found]:
    named, what = _named(member), asks(member)
    if what is Asks.NOBODY and not asked:
        yield at(
            member.mark,
            "free_branch",
            Severity.ERROR,
            f"The alternative {named} asks nobody, though others beside it ask people: who wrote the change"
            " can take it alone.",
            _MEND,
        )
    elif what is Asks.NOBODY:
        # Who wrote it is no property that the change could be given: a fair reason to ask for less.
        fair = isinstance(member, Leaf) and isinstance(member.predicate, Authors)
        yield at(
            member.mark,
            "free_branch",
            Severity.NOTE if fair else Severity.WARNING,
            f"The alternative {named} asks nobody, so it stands in for the people beside it; only clauses"
            " elsewhere ask people then.",
            _MEND,
        )
    elif what is Asks.PERHAPS:
        yield at(
            member.mark,
            "maybe_free_branch",
            Severity.WARNING,
            f"The alternative {named} asks nobody where the change touches nothing of theirs, or"
            " where its author counts.",
            "Put an approvals clause beside it under an 'all', or write unowned: fallback.",
        )


def _anyone(leaf: Leaf) -> Iterator[Found]:
    predicate = leaf.predicate
    if isinstance(predicate, Label) and any(who.kind is WhoKind.ANYONE for who in predicate.set_by):
        yield at(
            leaf.mark,
            "label_by_anyone",
            Severity.WARNING,
            f"Anybody who may write can set {predicate.name!r}, and a label is bound to no content.",
            "Name who may set it, or ask for an approval.",
        )


def _named(node: Node) -> str:
    if isinstance(node, Group):
        inner = ", ".join(repr(member.name) for member in node.members[:3])
        return f"{node.name} {inner}"
    return repr(node.name)
