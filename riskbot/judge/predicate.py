"""What every predicate is: one question to the bench, and an answer that explains itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from riskbot.domain.verdict import Status
from riskbot.judge.needs.need import Need

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

MAX_EVIDENCE = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A clause's status (never SKIPPED: that is the condition's word), one sentence, and the evidence.

    ``need``: what it needs of people, for a clause that approvals can satisfy; None for any other. The status
    must agree with it: SATISFIED exactly where the need is met. ``settled``: what kind of change this is has
    decided it.
    """

    status: Status
    reason: str
    evidence: tuple[str, ...] = ()
    need: Need | None = None
    settled: bool = False


class Predicate(Protocol):
    """One question. Implementations are frozen ``msgspec.Struct`` types with ``forbid_unknown_fields``.

    A predicate is a file in :mod:`riskbot.judge.predicates` and one line in its registry. Its fields are
    its syntax in the policy file and the JSON schema of that syntax.
    """

    def ask(self, bench: Bench, /) -> Answer:
        """Answer for these facts: SATISFIED, PENDING (the answer is no, or not yet) or ERROR (unknowable)."""


def bounded(evidence: Iterable[str]) -> tuple[str, ...]:
    """Keep the first ten pieces of evidence and say how many more there are."""
    pieces = list(evidence)
    rest = len(pieces) - MAX_EVIDENCE
    return (*pieces[:MAX_EVIDENCE], f"and {rest} more") if rest > 0 else tuple(pieces)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 finding, 2 findings."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def not_assessed() -> Answer:
    """Answer what nobody looked at."""
    return Answer(Status.ERROR, "The change was not assessed, so this cannot be known.")
