"""The predicates of the policy language: one file each, and one line here."""

from __future__ import annotations

from typing import Any

from riskbot.judge.predicates.analysed import Analysed
from riskbot.judge.predicates.approvals import Approvals
from riskbot.judge.predicates.authors import Authors
from riskbot.judge.predicates.checks import Checks
from riskbot.judge.predicates.findings import Findings
from riskbot.judge.predicates.flow import Flow
from riskbot.judge.predicates.freeze import Freeze
from riskbot.judge.predicates.label import Label
from riskbot.judge.predicates.machine import Machine
from riskbot.judge.predicates.owners import Owners
from riskbot.judge.predicates.readability import Readability
from riskbot.judge.predicates.risk import Risk
from riskbot.judge.predicates.separation import Separation
from riskbot.judge.predicates.stewards import Stewards
from riskbot.judge.predicates.unopposed import Unopposed

# Each is a Predicate (riskbot.judge.predicate) and a frozen msgspec.Struct: its fields are its syntax.
PREDICATES: dict[str, type[Any]] = {
    "risk": Risk,
    "findings": Findings,
    "analysed": Analysed,
    "approvals": Approvals,
    "owners": Owners,
    "readability": Readability,
    "stewards": Stewards,
    "unopposed": Unopposed,
    "separation": Separation,
    "authors": Authors,
    "machine": Machine,
    "flow": Flow,
    "label": Label,
    "checks": Checks,
    "freeze": Freeze,
}

# Those that look at the change alone: a policy of nothing else need not know who made it.
IMPERSONAL: frozenset[type[Any]] = frozenset({Risk, Findings, Analysed})
