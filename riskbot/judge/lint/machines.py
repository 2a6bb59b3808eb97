"""Clauses about machines that contradict themselves or one another, or that reward hiding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from riskbot.judge.lint.found import Found, Severity, at
from riskbot.judge.predicates.machine import Machine
from riskbot.judge.tree import Group, How, Included, Leaf, Node, leaves

_STRICTNESS: Final = ("allowed", "disclosed", "signed-off", "sponsored", "forbidden")


def machines(requires: Node) -> Iterator[Found]:
    """Look at every machine clause by itself, and at those that hold together."""
    for leaf in leaves(requires):
        if isinstance(leaf.predicate, Machine):
            yield from _idle(leaf, leaf.predicate)
            yield from _rewarding(leaf, leaf.predicate)
    yield from _no_tool(requires)


def _idle(leaf: Leaf, clause: Machine) -> Iterator[Found]:
    """Find limits that never decide, as another key of the clause refuses all that they could."""
    agents = clause.attested == clause.declared == "forbidden"
    keys: dict[str, object] = {"share": clause.share, "lines": clause.lines}
    if clause.assisted == "forbidden":
        keys["tools"] = clause.tools
    idle = [key for key, value in keys.items() if value is not None] if agents else []
    if idle:
        message = f"{leaf.name!r} forbids every agent, so that its {' and '.join(idle)} never decides."
        yield at(leaf.mark, "idle_limit", Severity.WARNING, message, f"Remove {' and '.join(idle)}.")
    tiered = clause.tier is not None and clause.tier.at_least == "A"
    low = [key for key in ("declared", "assisted", "automation") if getattr(clause, key) != "allowed"]
    if tiered and low:
        message = (
            f"{leaf.name!r} looks only at evidence of tier A, which makes a change attested: {', '.join(low)}"
            " seldom or never applies."
        )
        yield at(leaf.mark, "idle_limit", Severity.WARNING, message, "Write tier: {at_least: B}.")


def _rewarding(leaf: Leaf, clause: Machine) -> Iterator[Found]:
    """Find what is worse to declare than to be caught with: then whoever says nothing fares better."""
    if _STRICTNESS.index(clause.declared) > _STRICTNESS.index(clause.attested):
        message = (
            f"{leaf.name!r} asks more of a change that declares a machine's part than of one for which the"
            " forge vouches: taking the trailer out would help."
        )
        mend = f"Write attested: {clause.declared} beside it."
        yield at(leaf.mark, "rewards_hiding", Severity.WARNING, message, mend)
    if clause.attested == "disclosed" and clause.declared == "forbidden":
        message = f"{leaf.name!r} asks to disclose what it then forbids."
        yield at(leaf.mark, "contradictory", Severity.ERROR, message, "Forbid both, or ask to disclose both.")


def _no_tool(node: Node) -> Iterator[Found]:
    """Find lists of tools that together leave none, where all of them must hold."""
    if isinstance(node, Included):
        yield from _no_tool(node.requires)
    if not isinstance(node, Group):
        return
    if node.how is How.ALL:
        listed = [
            (member, member.predicate.tools)
            for member in node.members
            if isinstance(member, Leaf)
            and member.when is None
            and isinstance(member.predicate, Machine)
            and member.predicate.tools is not None
            and member.predicate.paths is None
        ]
        left: set[str] | None = None
        for _, tools in listed:
            if tools.allow is not None:
                names = {name.casefold() for name in tools.allow}
                left = names if left is None else left & names
        for _, tools in listed:
            if left is not None and tools.forbid is not None:
                left -= {name.casefold() for name in tools.forbid}
        if left is not None and not left:
            last = listed[-1][0]
            message = f"Together with the clauses beside it, {last.name!r} leaves no tool that may be used."
            mend = "If that is meant, write attested: forbidden and declared: forbidden."
            yield at(last.mark, "no_tool_left", Severity.WARNING, message, mend)
    for member in node.members:
        yield from _no_tool(member)
