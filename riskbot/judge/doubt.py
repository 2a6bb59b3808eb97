"""What unknown origins cost: so many independent approvals, whatever the clauses ask.

A policy may let a change through whose makers are not all known, for one more approval
(``authors: {unattributed: one-more}``). The ``approvals`` clause adds it to its count; but a policy may have
no such clause, or one that does not apply, and the only approver could then be the unknown maker. So the
whole change needs one approval more than it has doubts, from anybody able.
"""

from __future__ import annotations

from riskbot.domain.verdict import Clause, Status
from riskbot.judge.bench import Bench
from riskbot.judge.needs.need import Both, met
from riskbot.judge.predicate import bounded
from riskbot.judge.predicates.asking import Wish, not_counted_at_all, progress
from riskbot.judge.tree import How, Node, Ruling, benches, combine

NAME = "enough independent people approve, as not all who made it are known"


def doubted(ruling: Ruling, requires: Node, bench: Bench) -> Ruling:
    """Put the approvals that unknown origins cost beside the tree; nothing where there are none."""
    more = max(one.interested.more for one in benches(requires, bench))
    if not more:
        return ruling
    need = Wish("independent approval", 1 + more).ask(bench)
    held = not met(need)
    clause = Clause(
        NAME,
        Status.PENDING if held else Status.SATISFIED,
        progress(need),
        bounded(not_counted_at_all(bench)) if held else (),
        could=tuple(sorted(one.name for one in need.candidates if one.before is None)) if held else (),
    )
    clauses = (ruling.clause, clause)
    status = combine(How.ALL, (one.status for one in clauses))
    reason = clause.reason if held and ruling.clause.status is Status.SATISFIED else ruling.clause.reason
    needs = (need,) if ruling.need is None else (ruling.need, need)
    return Ruling(Clause("all of", status, reason, clauses=clauses), Both(needs))
