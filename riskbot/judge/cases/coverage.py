"""What the cases of a policy never show: a clause on either side, an alternative that decides, a flow.

A clause is exercised when some case satisfies it and some case does not; one with an ``if`` also when some
case skips it, and any other ``if`` when it is seen to apply and not to. An alternative under ``any`` is
exercised when, in some case, it is the only one satisfied; a flow when some case is that flow and some case
is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from riskbot.domain.verdict import Clause, Status, Verdict
from riskbot.facts.document import Facts
from riskbot.judge import flows
from riskbot.judge.bench import Bench
from riskbot.judge.cases.loader import Case
from riskbot.judge.cases.runner import rosters_of, verdict_of
from riskbot.judge.language.policy import Policy
from riskbot.judge.tree import Group, How, Included, Leaf, Node
from riskbot.written.marked import Mark


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to exercise, and what the cases made of it; ``missing`` is what none of them shows."""

    name: str
    kind: str
    mark: Mark | None
    seen: Counter[str] = field(default_factory=Counter)
    wanted: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What no case shows."""
        return tuple(what for what, any_of in self.wanted if not any(self.seen[one] for one in any_of))


_BOTH = (("satisfied", frozenset({"satisfied"})), ("not satisfied", frozenset({"pending", "error"})))
_SKIPPED = ("skipped", frozenset({"skipped"}))
_FLOW = (("valid", frozenset({"valid"})), ("void", frozenset({"void"})))
_APPLIES = (("applied", frozenset({"applied"})), _SKIPPED)
_DECIDES = (("deciding alone", frozenset({"deciding"})),)


def coverage(policy: Policy, judged: Iterable[tuple[Case, Verdict]]) -> tuple[Row, ...]:
    """Count what the verdicts say of every clause, alternative and flow, in policy order."""
    rows = dict(_rows(policy))
    for case, verdict in judged:
        root = _found(policy.requires, verdict.root)
        if root is not None:
            for key, what in _seen(policy.requires, root):
                rows[key].seen[what] += 1
        if policy.rules.flows:
            bench = _bench(case.facts, policy, case)
            for flow in policy.rules.flows:
                valid = flows.read(flow.flow, bench).in_shape
                rows["flow", flow.flow].seen["valid" if valid else "void"] += 1
    return tuple(rows.values())


def unexercised(policy: Policy, cases: Iterable[Case]) -> list[str]:
    """Name the clauses that no case shows both satisfied and not satisfied, in policy order."""
    rows = coverage(policy, ((case, verdict_of(case, policy)) for case in cases))
    sides = {what for what, _ in _BOTH}
    return [row.name for row in rows if row.kind == "clause" and sides & set(row.missing)]


_Key = tuple[str, object]


def _rows(policy: Policy) -> Iterator[tuple[_Key, Row]]:
    """Everything that the cases should show."""
    for path, node, parent in _walk(policy.requires):
        if isinstance(node, Leaf):
            wanted = (*_BOTH, _SKIPPED) if node.when is not None else _BOTH
            yield ("clause", path), Row(node.name, "clause", node.mark, Counter(), wanted)
        elif node.when is not None:
            yield ("condition", path), Row(_name(node), "condition", node.mark, Counter(), _APPLIES)
        if parent is not None and parent.how is How.ANY and len(parent.members) > 1:
            yield ("alternative", path), Row(_name(node), "alternative", node.mark, Counter(), _DECIDES)
    for flow in policy.rules.flows:
        yield ("flow", flow.flow), Row(flow.flow, "flow", None, Counter(), _FLOW)


_Path = tuple[int, ...]


def _walk(
    node: Node, path: _Path = (), parent: Group | None = None
) -> Iterator[tuple[_Path, Node, Group | None]]:
    """Walk the policy's own tree; an included policy is one node of it, with cases of its own elsewhere."""
    yield path, node, parent
    if isinstance(node, Group):
        for at, member in enumerate(node.members):
            yield from _walk(member, (*path, at), node)


def _seen(node: Node, clause: Clause, path: _Path = ()) -> Iterator[tuple[_Key, str]]:
    """Say what the verdict makes of every node."""
    if isinstance(node, Leaf):
        yield ("clause", path), clause.status.value
    elif node.when is not None:
        yield ("condition", path), "skipped" if clause.status is Status.SKIPPED else "applied"
    if not isinstance(node, Group) or len(clause.clauses) != len(node.members):
        return
    satisfied = [at for at, one in enumerate(clause.clauses) if one.status is Status.SATISFIED]
    if node.how is How.ANY and len(satisfied) == 1 and len(node.members) > 1:
        yield ("alternative", (*path, satisfied[0])), "deciding"
    for at, (member, below) in enumerate(zip(node.members, clause.clauses, strict=True)):
        yield from _seen(member, below, (*path, at))


def _found(node: Node, root: Clause) -> Clause | None:
    """Find the policy's own tree in the verdict's: what stands in the way is laid around it."""
    waiting = [root]
    while waiting:
        clause = waiting.pop()
        if _fits(node, clause):
            return clause
        waiting += clause.clauses
    return None


def _fits(node: Node, clause: Clause) -> bool:
    if clause.name != node.name:
        return False
    if not isinstance(node, Group) or clause.status is Status.SKIPPED:
        return True
    return len(clause.clauses) == len(node.members) and all(map(_fits, node.members, clause.clauses))


def _name(node: Node) -> str:
    """Name a node for readers; a group without a name by its first clause."""
    if isinstance(node, Group) and node.name == f"{node.how.value} of":
        return f"{node.name} {_name(node.members[0])!r}, …"
    return node.requires.name if isinstance(node, Included) and not node.name else node.name


def _bench(facts: Facts, policy: Policy, case: Case) -> Bench:
    return Bench(facts, policy.rules, rosters_of(facts, policy), case.now)
