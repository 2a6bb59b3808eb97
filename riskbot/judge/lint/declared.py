"""What a policy declares: groups and flows that nobody uses, a missing fallback, nobody asked at all."""

from __future__ import annotations

from collections.abc import Iterator

from riskbot.judge.language.policy import Policy
from riskbot.judge.lint.branches import Asks, asks
from riskbot.judge.lint.found import Found, Severity, at
from riskbot.judge.lint.implied import people_of
from riskbot.judge.predicates.flow import Flow
from riskbot.judge.predicates.owners import Owners
from riskbot.judge.predicates.readability import Readability
from riskbot.judge.tree import Group, Included, Leaf, leaves
from riskbot.judge.tree import Node as Clause
from riskbot.written.marked import Mark, Node


def declarations(policy: Policy, root: Node) -> Iterator[Found]:
    """Look at the declarations; ``root`` is the policy's text with its places."""
    yield from _unused_groups(policy, root)
    yield from _unused_flows(policy, root)
    yield from _fallback(policy)
    if all(asks(leaf) is Asks.NOBODY for leaf in leaves(policy.requires)):
        message = "No clause asks for a person: whoever writes a change can land it alone."
        yield at(root.mark, "asks_nobody", Severity.WARNING, message, "Add an approvals or owners clause.")
    yield from _distinct(policy.requires)
    yield from _own_review(policy, root)


def place(root: Node, *path: str) -> Mark:
    """Find where something is written, as far down as it is."""
    mark = root.mark
    node: Node | None = root
    for key in path:
        if node is None or not isinstance(node.value, dict) or key not in node.value:
            break
        mark = node.keys[key]
        node = node.value[key]
    return mark


def texts(node: Node) -> Iterator[str]:
    """Walk every text in a file but the keys."""
    if isinstance(node.value, str):
        yield node.value
    elif isinstance(node.value, tuple):
        for below in node.value:
            yield from texts(below)
    elif isinstance(node.value, dict):
        for below in node.value.values():
            yield from texts(below)


def _unused_groups(policy: Policy, root: Node) -> Iterator[Found]:
    used = set(texts(root))
    for name in policy.rules.groups or {}:
        if f"group:{name}" not in used:
            mark = place(root, "groups", name)
            message = f"The group {name!r} is used nowhere."
            yield at(mark, "unused_group", Severity.WARNING, message, f"Write group:{name}, or remove it.")


def _unused_flows(policy: Policy, root: Node) -> Iterator[Found]:
    used: set[str] = set()
    for node in _own(policy.requires):
        if isinstance(node, Leaf) and isinstance(node.predicate, Flow):
            used |= set(node.predicate.flows)
        used |= set(node.when.flows or ()) if node.when is not None else set()
    entries = root.value.get("flows") if isinstance(root.value, dict) else None
    listed = entries.value if entries is not None and isinstance(entries.value, tuple) else ()
    for flow, entry in zip(policy.rules.flows, listed, strict=False):
        if flow.flow not in used:
            message = f"No clause and no condition speaks of the flow {flow.flow!r}."
            mend = f"Write a clause with flow: {{flows: [{flow.flow}]}}, or remove it."
            yield at(entry.mark, "unused_flow", Severity.WARNING, message, mend)


def _fallback(policy: Policy) -> Iterator[Found]:
    if policy.rules.owners.fallback:
        return
    for leaf in leaves(policy.requires):
        if isinstance(leaf.predicate, Owners) and leaf.predicate.unowned == "fallback":
            message = f"{leaf.name!r} asks the fallback people about what nobody owns, but there are none."
            yield at(leaf.mark, "no_fallback", Severity.ERROR, message, "Name them: owners: {fallback: […]}.")
            return
    asking = [leaf for leaf in leaves(policy.requires) if isinstance(leaf.predicate, Owners | Readability)]
    if asking:
        message = "Where every owner of a file is unknown, powerless or its author, nobody can step in."
        mend = 'Name who may: owners: {fallback: ["@organisation/team"]}.'
        yield at(asking[0].mark, "no_fallback", Severity.WARNING, message, mend)


def _distinct(node: Clause) -> Iterator[Found]:
    if isinstance(node, Included):
        yield from _distinct(node.requires)
    if isinstance(node, Group):
        if node.distinct and sum(asks(member) is not Asks.NOBODY for member in node.members) < 2:
            message = "Distinct people are asked, but at most one clause below asks for any."
            yield at(node.mark, "idle_distinct", Severity.WARNING, message, "Remove distinct.")
        for member in node.members:
            yield from _distinct(member)


def _own_review(policy: Policy, root: Node) -> Iterator[Found]:
    rule = policy.rules.break_glass
    if rule is None:
        return
    groups = policy.rules.groups or {}
    who, reviewers = people_of(rule.people, groups), people_of(rule.reviewers, groups)
    if who is not None and who == reviewers and len(who) == 1 and next(iter(who))[0].value == "login":
        message = "The only one who may break the glass is the only one to review it afterwards."
        mark = place(root, "break_glass", "reviewers")
        yield at(mark, "own_review", Severity.ERROR, message, "Name somebody else as reviewer.")


def _own(node: Clause) -> Iterator[Clause]:
    """Walk the nodes of the policy itself, not those of what it includes."""
    yield node
    if isinstance(node, Group):
        for member in node.members:
            yield from _own(member)
