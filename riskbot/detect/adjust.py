"""What the base says of findings: severities of its own, and suppressions with a reason and an end.

Pure: the same findings, adjustments and day give the same. Nothing is dropped: a suppressed finding carries
the words of who silences it. A suppression that is over does not count, and is a finding itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from riskbot.detect.rules.paths import Paths
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Finding,
    Location,
    Rule,
    Severity,
    fingerprint,
)

FILE = ".riskbot/rules.toml"

EXPIRED = Rule(
    "suppression-expired",
    "A suppression of a rule is over",
    "A suppression of a rule is over. From its last day on it hides nothing, so that what it was to tide over"
    " is looked at again. Mend what the rule finds and remove the entry; or give it a new date and say why.",
    Severity.LOW,
    Confidence.HIGH,
    Category.GOVERNANCE,
)
PROTECTED = frozenset(
    {
        *("charter-changed", EXPIRED.id, "zones-weakened", "zones-changed"),
        *("reclassifier-changed", "zone-mark-removed"),
    }
)
"""Rules about what governs the judgement: no file of that kind may silence them, or say they matter less."""

_EVERYWHERE = Paths()


@dataclass(frozen=True, slots=True)
class Suppression:
    """Findings of ``rule`` in files that ``paths`` cover are suppressed up to the day ``until``, in UTC.

    That day is the last one. ``line`` is where the entry stands, 1-based.
    """

    rule: str
    reason: str
    until: dt.date
    paths: Paths = _EVERYWHERE
    line: int | None = None

    @property
    def place(self) -> str:
        """Where it stands, as editors link it."""
        return FILE if self.line is None else f"{FILE}:{self.line}"

    def means(self, finding: Finding) -> bool:
        """Tell whether the finding is one that this is about, whatever the day."""
        return self.rule == finding.rule and self.paths.cover(finding.location.path)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """All of them: severities by rule, and suppressions in the order they stand."""

    severities: tuple[tuple[str, Severity], ...] = ()
    suppressions: tuple[Suppression, ...] = ()


NOTHING = Adjustments()
"""What a base without such a file says."""


def adjust(detection: Detection, adjustments: Adjustments, today: dt.date) -> Detection:
    """Give the detection with severities and suppressions as the base has them, and what is over."""
    severities = dict(adjustments.severities)
    if not severities and not adjustments.suppressions:
        return detection
    alive = [one for one in adjustments.suppressions if today <= one.until]
    over = [one for one in adjustments.suppressions if today > one.until]
    expired = tuple(_expired(one, detection.findings) for one in over)
    rules = tuple(
        replace(rule, severity=severities[rule.id]) if rule.id in severities else rule
        for rule in detection.rules
    )
    return replace(
        detection,
        findings=tuple(_adjusted(one, severities, alive) for one in detection.findings) + expired,
        rules=(*rules, EXPIRED) if expired else rules,
    )


def _adjusted(finding: Finding, severities: dict[str, Severity], alive: Sequence[Suppression]) -> Finding:
    severity = severities.get(finding.rule, finding.severity)
    # The base's words come first: by them a policy tells a suppression that was reviewed from the author's.
    words = [
        f"{one.place} until {one.until.isoformat()}: {one.reason}" for one in alive if one.means(finding)
    ]
    words += [] if finding.suppressed_by is None else [finding.suppressed_by]
    silence = "; ".join(words) or None
    if (severity, silence) == (finding.severity, finding.suppressed_by):
        return finding
    return replace(finding, severity=severity, suppressed_by=silence)


def _expired(one: Suppression, findings: Sequence[Finding]) -> Finding:
    """Tell of a suppression that is over; new to this change only if it would have hidden something in it."""
    where = " and ".join(one.paths.include)
    message = (
        f"The suppression of {one.rule}{f' in {where}' if where else ''} ended on {one.until.isoformat()}"
        f" ({one.reason}). {EXPIRED.help.partition('. ')[2]}"
    )
    return Finding(
        rule=EXPIRED.id,
        detector="rules",
        severity=EXPIRED.severity,
        confidence=EXPIRED.confidence,
        category=EXPIRED.category,
        location=Location(FILE, one.line),
        message=message,
        fingerprint=fingerprint(EXPIRED.id, FILE, f"{one.rule} {where} {one.until}"),
        on_changed_line=False,
        introduced=any(one.means(finding) and finding.introduced for finding in findings),
    )
