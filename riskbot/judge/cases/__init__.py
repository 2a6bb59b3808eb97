"""The twins of policies: ``<name>.cases.yml`` says in short what a policy must answer to which facts.

::

    people: {bob: write}
    cases:
      - case: a red change is held
        facts: {band: red, reviews: [bob]}
        expect: held
        because: [the risk is not red]

``because`` lists exactly the clauses that are not satisfied. docs/cases.md has every key.
:mod:`~riskbot.judge.cases.short` is the syntax, :mod:`~riskbot.judge.cases.full` what it stands for.
"""

from __future__ import annotations

from riskbot.judge.cases.coverage import unexercised
from riskbot.judge.cases.full import full as assess
from riskbot.judge.cases.loader import Case, Wanted, load
from riskbot.judge.cases.runner import Result, named, open_clauses, run, try_, verdict_of
from riskbot.judge.cases.short import Facts, FindingFacts

__all__ = [
    "Case",
    "Facts",
    "FindingFacts",
    "Result",
    "Wanted",
    "assess",
    "load",
    "named",
    "open_clauses",
    "run",
    "try_",
    "unexercised",
    "verdict_of",
]
