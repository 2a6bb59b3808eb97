"""Which clauses of a policy its cases never show: each must be seen satisfied and not satisfied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from riskbot.domain.verdict import Status, Verdict
from riskbot.judge.cases.loader import Case
from riskbot.judge.cases.runner import named, verdict_of
from riskbot.judge.policy import Policy
from riskbot.judge.tree import Leaf, leaves


@dataclass(frozen=True, slots=True)
class Coverage:
    """One clause, and how often the cases made it come to what."""

    leaf: Leaf
    seen: Counter[Status] = field(default_factory=Counter)

    @property
    def missing(self) -> tuple[str, ...]:
        """What no case shows."""
        gaps = []
        if not self.seen[Status.SATISFIED]:
            gaps.append("satisfied")
        if not self.seen[Status.PENDING] and not self.seen[Status.ERROR]:
            gaps.append("not satisfied")
        if self.leaf.when is not None and not self.seen[Status.SKIPPED]:
            gaps.append("skipped")
        return tuple(gaps)


def coverage(policy: Policy, verdicts: Iterable[Verdict]) -> tuple[Coverage, ...]:
    """Count, per clause in policy order, what the verdicts say of it."""
    rows = {leaf.name: Coverage(leaf) for leaf in leaves(policy.requires)}
    for verdict in verdicts:
        for clause in named(verdict.root, policy):
            rows[clause.name].seen[clause.status] += 1
    return tuple(rows.values())


def unexercised(policy: Policy, cases: Iterable[Case]) -> list[str]:
    """Name the clauses that no case shows both satisfied and not satisfied, in policy order."""
    rows = coverage(policy, (verdict_of(case, policy) for case in cases))
    return [row.leaf.name for row in rows if set(row.missing) & {"satisfied", "not satisfied"}]
