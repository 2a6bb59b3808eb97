"""``findings``: how many findings of some kind the change may have."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from riskbot.domain.assessment import Assessment
from riskbot.domain.finding import Category, Confidence, Finding, Severity
from riskbot.domain.verdict import Status
from riskbot.judge.predicate import Answer, bounded, counted

# true: only those; false: only the others; any: both.
Mark = bool | Literal["any"]


class SeverityLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``severity: {at_least: high}``."""

    at_least: Severity


class ConfidenceLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``confidence: {at_least: medium}``."""

    at_least: Confidence


class Findings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Count the findings that pass every filter and allow ``at_most`` so many.

    Without filters: the new ones on changed lines that nobody silenced, of any severity, confidence and
    category.
    """

    at_most: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    severity: SeverityLimit | None = None
    confidence: ConfidenceLimit | None = None
    categories: Annotated[tuple[Category, ...], msgspec.Meta(min_length=1)] | None = None
    introduced: Mark = True
    on_changed_lines: Mark = True
    suppressed: Mark = False

    def counts(self, finding: Finding) -> bool:
        """Say whether the finding passes every filter."""
        return (
            (self.severity is None or finding.severity >= self.severity.at_least)
            and (self.confidence is None or finding.confidence >= self.confidence.at_least)
            and (self.categories is None or finding.category in self.categories)
            and self.introduced in {"any", finding.introduced}
            and self.on_changed_lines in {"any", finding.on_changed_line}
            and self.suppressed in {"any", finding.suppressed_by is not None}
        )

    def ask(self, assessment: Assessment, /) -> Answer:
        """PENDING above the limit; ERROR where a failed step may have left findings unseen."""
        found = sorted((finding for finding in assessment.findings if self.counts(finding)), key=_rank)
        count = counted(len(found), self._noun())
        evidence = bounded(map(_shown, found))
        if len(found) > self.at_most:
            return Answer(Status.PENDING, f"{count}; the policy allows {self._limit()}.", evidence)
        if assessment.failures:
            failed = ", ".join(sorted({failure.step for failure in assessment.failures}))
            return Answer(
                Status.ERROR, f"{count} so far, but {failed} failed, so there may be more.", evidence
            )
        return Answer(Status.SATISFIED, f"{count}; the policy allows {self._limit()}.", evidence)

    def _limit(self) -> str:
        return f"at most {self.at_most}" if self.at_most else "none"

    def _noun(self) -> str:
        """Name what is counted, in words: ``new unsuppressed security finding of at least high …``."""
        marks = (
            (self.introduced, "new", "old"),
            (self.suppressed, "suppressed", "unsuppressed"),
        )
        words = [yes if mark else no for mark, yes, no in marks if mark != "any"]
        if self.categories:
            words.append("/".join(category.value for category in self.categories))
        limits = [
            f"{limit.at_least.value} {axis} or more"
            for axis, limit in (("severity", self.severity), ("confidence", self.confidence))
            if limit is not None
        ]
        if self.on_changed_lines != "any":
            limits.append("on changed lines" if self.on_changed_lines else "off the changed lines")
        return " ".join([*words, "finding"]) + (f" ({', '.join(limits)})" if limits else "")


def _rank(finding: Finding) -> tuple[int, str, int, str, str]:
    """Order: the worst first, then by place."""
    worst = -list(Severity).index(finding.severity)
    return worst, finding.location.path, finding.location.line or 0, finding.rule, finding.fingerprint


def _shown(finding: Finding) -> str:
    """One finding as a line of evidence."""
    place = finding.location.path + (f":{finding.location.line}" if finding.location.line else "")
    silence = f", suppressed by {finding.suppressed_by[:100]}" if finding.suppressed_by is not None else ""
    return (
        f"{place} {finding.rule} ({finding.severity.value}, {finding.confidence.value} confidence{silence})"
    )
