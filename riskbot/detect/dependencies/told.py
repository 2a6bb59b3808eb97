"""What a change of a manifest comes to, before it is put into words for readers."""

from __future__ import annotations

from dataclasses import dataclass

from riskbot.domain.finding import Confidence, Finding, Location, Rule, Severity, Side, fingerprint


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell: which rule, where, and a sentence of its own; ``matched`` names it for good.

    ``severity`` and ``confidence`` None: as the rule has them.
    """

    rule: str
    path: str
    line: int | None
    sentence: str
    matched: str
    severity: Severity | None = None
    confidence: Confidence | None = None
    side: Side = Side.NEW


def finding(told: Told, rule: Rule, detector: str) -> Finding:
    """Make the finding: the sentence of this place, then what the rule has to say."""
    return Finding(
        rule=rule.id,
        detector=detector,
        severity=told.severity or rule.severity,
        confidence=told.confidence or rule.confidence,
        category=rule.category,
        location=Location(told.path, told.line, told.line, told.side),
        message=f"{told.sentence} {rule.help}",
        fingerprint=fingerprint(rule.id, told.path, told.matched),
    )
