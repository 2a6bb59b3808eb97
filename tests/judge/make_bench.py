"""A bench before which a predicate can be asked by itself, from facts in short or in full."""

from __future__ import annotations

from msgspec.structs import replace

from riskbot.domain.verdict import Verdict
from riskbot.facts import document as doc
from riskbot.judge import judge
from riskbot.judge.bench import Bench, Rules
from riskbot.judge.cases import Facts, assess
from riskbot.judge.cases.cast import NOW
from riskbot.judge.language.policy import Policy
from riskbot.judge.owners import Nobody, Rosters


def facts_of(short: Facts | None = None, **assessment: object) -> doc.Facts:
    """The full facts; ``assessment`` says what is different about the assessment."""
    full = assess(Facts() if short is None else short)
    assert full.assessment is not None
    return replace(full, assessment=replace(full.assessment, **assessment))


def bench(short: Facts | None = None, rules: Rules | None = None, **assessment: object) -> Bench:
    """A bench without owners files, in front of those facts."""
    return Bench(facts_of(short, **assessment), rules or Rules(), Rosters(Nobody()), NOW)


def judged(facts: Facts | doc.Facts, policy: Policy) -> Verdict:
    """Judge facts, short or full, without owners files."""
    full = assess(facts) if isinstance(facts, Facts) else facts
    return judge(full, policy, Rosters(Nobody()), NOW)
