"""``analysed``: everything was looked at, but for what the policy tolerates."""

from __future__ import annotations

import msgspec

from riskbot.domain.change import OmissionKind
from riskbot.domain.verdict import Status
from riskbot.facts.document import Omission
from riskbot.judge.bench import Bench
from riskbot.judge.predicate import Answer, bounded, counted, not_assessed


class Analysed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask that nothing was left out. A step that failed cannot be tolerated; kinds of omission can."""

    tolerate: tuple[OmissionKind, ...] = ()

    def ask(self, bench: Bench, /) -> Answer:
        """ERROR where a step failed, PENDING where something not tolerated was left out."""
        assessment = bench.assessment
        if assessment is None:
            return not_assessed()
        if assessment.failures:
            failed = bounded(f"{failure.step}: {failure.reason}" for failure in assessment.failures)
            number = counted(len(assessment.failures), "step")
            return Answer(
                Status.ERROR, f"{number} of the analysis failed, so the change was not evaluated.", failed
            )
        grave = [omission for omission in assessment.omissions if omission.kind not in self.tolerate]
        tolerated = len(assessment.omissions) - len(grave)
        tail = f"; {tolerated} tolerated" if tolerated else ""
        if grave:
            gaps = f"The analysis has {counted(len(grave), 'gap')}{tail}."
            return Answer(Status.PENDING, gaps, bounded(map(_shown, grave)))
        return Answer(Status.SATISFIED, f"Nothing was left out{' that matters' if tolerated else ''}{tail}.")


def _shown(omission: Omission) -> str:
    """One omission as a line of evidence."""
    place = f"{omission.path}: " if omission.path is not None else ""
    return f"{place}{omission.kind.value} ({omission.step}: {omission.reason})"
