"""The predicates of the policy language: one file each, and one line here."""

from __future__ import annotations

from riskbot.judge.predicates.analysed import Analysed
from riskbot.judge.predicates.findings import Findings
from riskbot.judge.predicates.risk import Risk

PREDICATES: dict[str, type[Risk | Findings | Analysed]] = {
    "risk": Risk,
    "findings": Findings,
    "analysed": Analysed,
}
