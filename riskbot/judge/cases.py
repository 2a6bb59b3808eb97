"""The twins of policies: ``<name>.cases.yml`` says in short what a policy must answer to which facts.

::

    cases:
      - case: a red change is held
        facts: {band: red}
        expect: held
        because: [the risk is not red]

``because`` lists exactly the clauses that are not satisfied. What the facts leave out is calm: a green
change of one file, with no findings, omissions or failures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from riskbot.domain.assessment import Band
from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.domain.verdict import Clause, Outcome, Status
from riskbot.facts import document as doc
from riskbot.judge import judge, marked
from riskbot.judge.marked import Mark
from riskbot.judge.owners import Nobody, Rosters
from riskbot.judge.policy import Policy
from riskbot.judge.tree import leaves
from riskbot.judge.typed import convert, only

# A percentile inside each band of the default settings, for facts that name only the band.
_TYPICAL = {Band.GREEN: 50.0, Band.WEEKEND: 92.0, Band.YELLOW: 97.0, Band.RED: 99.5}
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_NOT_SATISFIED = {Status.PENDING, Status.ERROR}


class FindingFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding in short; the defaults are those of a new one in plain sight."""

    severity: Severity
    confidence: Confidence = Confidence.HIGH
    category: Category = Category.SECURITY
    introduced: bool = True
    on_changed_lines: bool = True
    suppressed: bool = False


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An assessment in short."""

    band: Band = Band.GREEN
    percentile: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None
    files: tuple[str, ...] = ("app.py",)
    findings: tuple[FindingFacts, ...] = ()
    omissions: tuple[OmissionKind, ...] = ()
    failures: tuple[str, ...] = ()


class CaseText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the file."""

    case: Annotated[str, msgspec.Meta(min_length=1)]
    facts: Facts
    expect: Outcome
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case: where it is written, the assessment it speaks of, and what must come out."""

    name: str
    mark: Mark
    facts: doc.Facts
    expect: Outcome
    because: frozenset[str]


def load(data: bytes, file: str) -> tuple[Case, ...]:
    """Read a file of cases. Raises ConfigError with line and column, as for policies."""
    root = marked.parse(data, file)
    listed = only(root, ("cases",), "A file of cases").get("cases")
    if listed is None or not isinstance(listed.value, tuple) or not listed.value:
        raise root.mark.error("The file lists no cases.", "Write cases: and at least one '- case: …'.")
    cases = []
    for node in listed.value:
        text = convert(node, CaseText)
        cases.append(Case(text.case, node.mark, assess(text.facts), text.expect, frozenset(text.because)))
    return tuple(cases)


def run(case: Case, policy: Policy) -> ConfigError | None:
    """Judge the case; None when the policy answers as expected, else what came out instead."""
    verdict = judge(case.facts, policy, Rosters(Nobody()), _NOW)
    open_ = {clause.name for clause in named(verdict.root, policy) if clause.status in _NOT_SATISFIED}
    if verdict.outcome is case.expect and open_ == case.because:
        return None
    came = f"{verdict.outcome.value} because of {sorted(open_) or 'nothing'}"
    asked = f"{case.expect.value} because of {sorted(case.because) or 'nothing'}"
    return case.mark.error(
        f"{case.name}: expected {asked}, came out as {came}.", "Mend the policy or the case."
    )


def unexercised(policy: Policy, cases: tuple[Case, ...]) -> list[str]:
    """Name the clauses that no case shows both satisfied and not satisfied, in policy order."""
    seen: dict[str, set[bool]] = {leaf.name: set() for leaf in leaves(policy.requires)}
    for case in cases:
        for clause in named(judge(case.facts, policy, Rosters(Nobody()), _NOW).root, policy):
            if clause.status is not Status.SKIPPED:
                seen[clause.name].add(clause.status is Status.SATISFIED)
    return [name for name, sides in seen.items() if len(sides) < 2]


def named(root: Clause, policy: Policy) -> list[Clause]:
    """Pick the verdict's leaf clauses, by the policy's names."""
    names = {leaf.name for leaf in leaves(policy.requires)}
    found: list[Clause] = []
    waiting = [root]
    while waiting:
        clause = waiting.pop()
        if not clause.clauses and clause.name in names:
            found.append(clause)
        waiting += clause.clauses
    return found


def assess(facts: Facts) -> doc.Facts:
    """Make the facts that the short form stands for."""
    percentile = _TYPICAL[facts.band] if facts.percentile is None else facts.percentile
    return doc.Facts(
        schema=doc.SCHEMA,
        repository="case",
        change=doc.Change(
            files=tuple(doc.File(status=FileStatus.MODIFIED, old_path=p, new_path=p) for p in facts.files)
        ),
        assessment=doc.Assessment(
            band=facts.band,
            percentile=percentile,
            findings=tuple(_finding(finding) for finding in facts.findings),
            omissions=tuple(doc.Omission(kind=kind, step="case") for kind in facts.omissions),
            failures=tuple(doc.Failure(step=step) for step in facts.failures),
        ),
    )


def _finding(facts: FindingFacts) -> doc.Finding:
    return doc.Finding(
        rule="case",
        severity=facts.severity,
        confidence=facts.confidence,
        category=facts.category,
        path="app.py",
        introduced=facts.introduced,
        on_changed_lines=facts.on_changed_lines,
        suppressed_by="the case" if facts.suppressed else None,
    )
