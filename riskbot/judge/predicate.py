"""What every predicate is: one question to the assessment, and an answer that explains itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from riskbot.domain.assessment import Assessment
from riskbot.domain.verdict import Status

MAX_EVIDENCE = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A clause's status (never SKIPPED: that is the condition's word), one sentence, and the evidence."""

    status: Status
    reason: str
    evidence: tuple[str, ...] = ()


class Predicate(Protocol):
    """One question. Implementations are frozen ``msgspec.Struct`` types with ``forbid_unknown_fields``.

    A predicate is a file in :mod:`riskbot.judge.predicates` and one line in its registry. Its fields are
    its syntax in the policy file and the JSON schema of that syntax.
    """

    def ask(self, assessment: Assessment, /) -> Answer:
        """Answer for this assessment: SATISFIED, PENDING (the answer is no) or ERROR (it cannot be known)."""


def bounded(evidence: Iterable[str]) -> tuple[str, ...]:
    """Keep the first ten pieces of evidence and say how many more there are."""
    pieces = list(evidence)
    rest = len(pieces) - MAX_EVIDENCE
    return (*pieces[:MAX_EVIDENCE], f"and {rest} more") if rest > 0 else tuple(pieces)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 finding, 2 findings."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
