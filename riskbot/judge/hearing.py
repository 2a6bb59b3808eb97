"""The order of a judgement: are the facts whole, what do the clauses say, who could change it."""

from __future__ import annotations

from datetime import datetime

from riskbot.domain.verdict import Subject, Verdict
from riskbot.facts.document import Facts
from riskbot.judge.bench import Bench
from riskbot.judge.owners import Rosters
from riskbot.judge.policy import Policy
from riskbot.judge.tree import conclude, evaluate


def hear(facts: Facts, policy: Policy, owners: Rosters, now: datetime) -> Verdict:
    """Judge; see :func:`riskbot.judge.judge`."""
    bench = Bench(facts, policy.rules, owners, now)
    ruling = evaluate(policy.requires, bench)
    outcome, root = conclude(ruling.clause)
    return Verdict(outcome, root, policy.id, _subject(facts))


def _subject(facts: Facts) -> Subject:
    pull = facts.pull
    return Subject(
        facts.repository,
        pull.number if pull else None,
        pull.base_ref if pull else None,
        facts.change.base,
        facts.change.head,
    )
