"""Verdict and its parts: what the policy says of an assessment, as a tree that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from riskbot.domain.assessment import Assessment


class Status(Enum):
    """What one clause came to. Skipped drops out of and/or; an error never satisfies."""

    SATISFIED = "satisfied"
    PENDING = "pending"
    SKIPPED = "skipped"
    ERROR = "error"


class Outcome(Enum):
    """What the policy says of the whole: allowed, held (it says no, or not yet), or undecided."""

    ALLOWED = "allowed"
    HELD = "held"
    UNDECIDED = "undecided"

    @property
    def exit_code(self) -> int:
        """What a command that asked for this verdict ends with; errors have their own (domain/errors.py)."""
        return {Outcome.ALLOWED: 0, Outcome.HELD: 1, Outcome.UNDECIDED: 3}[self]


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of the verdict: its status, the reason in a sentence, the evidence, the clauses below it."""

    name: str
    status: Status
    reason: str
    evidence: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyId:
    """Which policy spoke: its name, where it was read (a path and a revision, or bundled), and its hash."""

    name: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says, holding the assessment it was said of."""

    outcome: Outcome
    root: Clause
    policy: PolicyId
    assessment: Assessment
