"""``findings``: how many findings of some kind the change may have."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.domain.verdict import Status
from riskbot.facts.document import Finding
from riskbot.judge.bench import Bench
from riskbot.judge.predicate import Answer, bounded, counted, not_assessed

# true: only those; false: only the others; any: both.
Mark = bool | Literal["any"]
# by-author: silenced in the change itself, and not by what the base says of rules.
Silence = Mark | Literal["by-author"]
_BASE = ".riskbot/rules.toml"
RuleId = Annotated[str, msgspec.Meta(pattern=r"\A\S{1,200}\Z")]


class SeverityLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``severity: {at_least: high}``."""

    at_least: Severity


class ConfidenceLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``confidence: {at_least: medium}``."""

    at_least: Confidence


class Findings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Count the findings that pass every filter and allow ``at_most`` so many.

    Without filters: the new ones on changed lines that nobody silenced, of any severity, confidence,
    category and rule.
    """

    at_most: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    severity: SeverityLimit | None = None
    confidence: ConfidenceLimit | None = None
    categories: Annotated[tuple[Category, ...], msgspec.Meta(min_length=1)] | None = None
    rules: Annotated[tuple[RuleId, ...], msgspec.Meta(min_length=1, max_length=200)] | None = None
    introduced: Mark = True
    on_changed_lines: Mark = True
    suppressed: Silence = False

    def counts(self, finding: Finding) -> bool:
        """Say whether the finding passes every filter."""
        return (
            (self.severity is None or finding.severity >= self.severity.at_least)
            and (self.confidence is None or finding.confidence >= self.confidence.at_least)
            and (self.categories is None or finding.category in self.categories)
            and (self.rules is None or finding.rule in self.rules)
            and self.introduced in {"any", finding.introduced}
            and self.on_changed_lines in {"any", finding.on_changed_lines}
            and self._silence(finding)
        )

    def _silence(self, finding: Finding) -> bool:
        """Say whether who silences the finding, if anybody does, passes the filter."""
        words = finding.suppressed_by
        if self.suppressed == "by-author":
            return words is not None and not words.startswith(_BASE)
        return self.suppressed in {"any", words is not None}

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING above the limit; ERROR where a failed step may have left findings unseen."""
        assessment = bench.assessment
        if assessment is None:
            return not_assessed()
        found = sorted((finding for finding in assessment.findings if self.counts(finding)), key=_rank)
        count = self._counted(len(found))
        evidence = bounded(map(_shown, found))
        if len(found) <= self.at_most and assessment.failures:
            failed = ", ".join(sorted({failure.step for failure in assessment.failures}))
            reason = f"{count} so far, but {failed} failed, so there may be more."
            return Answer(Status.ERROR, reason, evidence)
        limit = f"at most {self.at_most}" if self.at_most else "none"
        status = Status.SATISFIED if len(found) <= self.at_most else Status.PENDING
        return Answer(status, f"{count}; the policy allows {limit}.", evidence)

    def _counted(self, number: int) -> str:
        """Say how many of what: ``2 new unsuppressed security findings (at least high severity, …)``."""
        words = []
        if self.introduced != "any":
            words.append("new" if self.introduced else "old")
        if self.suppressed == "by-author":
            words.append("author-suppressed")
        elif self.suppressed != "any":
            words.append("suppressed" if self.suppressed else "unsuppressed")
        if self.categories is not None:
            words.append("/".join(category.value for category in self.categories))
        limits = [
            f"at least {limit.at_least.value} {axis}"
            for axis, limit in (("severity", self.severity), ("confidence", self.confidence))
            if limit is not None
        ]
        if self.on_changed_lines != "any":
            limits.append("on changed lines" if self.on_changed_lines else "off the changed lines")
        if self.rules is not None:
            limits.append(f"of {'the rule ' if len(self.rules) == 1 else ''}{' or '.join(self.rules)}")
        noun = counted(number, " ".join([*words, "finding"]))
        return f"{noun} ({', '.join(limits)})" if limits else noun


def _rank(finding: Finding) -> tuple[int, str, int, str, str, str]:
    """Order: the worst first, then by place."""
    worst = -list(Severity).index(finding.severity)
    return worst, finding.path, finding.line or 0, finding.rule, finding.fingerprint, _shown(finding)


def _shown(finding: Finding) -> str:
    """One finding as a line of evidence."""
    place = finding.path + (f":{finding.line}" if finding.line else "")
    silence = f", suppressed by {finding.suppressed_by[:100]}" if finding.suppressed_by is not None else ""
    sure = f"{finding.severity.value} severity, {finding.confidence.value} confidence"
    return f"{place} {finding.rule} ({sure}{silence})"
