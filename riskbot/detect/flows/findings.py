"""Flows to findings: where, how bad, in words, with the whole way that the data takes."""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.detect.flows.compare import Told
from riskbot.detect.flows.rules import CLOSED, OPENED, PREVIEW, UNREAD
from riskbot.domain.change import Omission
from riskbot.domain.finding import Evidence, Finding, Location, Rule, Severity, Side, fingerprint
from riskbot.domain.zones import Flow, Mode

DETECTOR = "flows"
_NAMED = 5  # so many files are named where there are more


def finding(told: Told) -> Finding:
    """Make the finding of one flow that was opened, moved, existing or closed."""
    flow = told.flow
    closed = told.fate == "closed"
    rule = CLOSED if closed else OPENED
    words = [_sentence(flow, no_longer=closed)]
    if told.fate == "moved" and told.before is not None:
        words.append(f"It was there before, on line {told.before.line} of {told.before.file}.")
    if flow.mode is Mode.LOG and not closed:
        words.append("The zone's mode is log, so that this is told and does not hold the change.")
    words.append(rule.help)
    return _make(rule, told, _severity(flow, rule), " ".join(words))


def preview(told: Told) -> Finding:
    """Make the finding of a flow that only the head's zones forbid: told, never held."""
    words = f"{_sentence(told.flow)} {PREVIEW.help}"
    return _make(PREVIEW, told, PREVIEW.severity, words)


def _severity(flow: Flow, rule: Rule) -> Severity:
    """A flow of a zone that is only logged is worth a look and no more."""
    return Severity.LOW if rule is OPENED and flow.mode is Mode.LOG else rule.severity


def _sentence(flow: Flow, *, no_longer: bool = False) -> str:
    verb = "no longer reaches" if no_longer else "reaches"
    return (
        f"Data of the zone {flow.zone} ({flow.category}) from {flow.source} {verb} the sink {flow.sink}"
        f" in {flow.function or 'the module'}."
    )


def _make(rule: Rule, told: Told, severity: Severity, message: str) -> Finding:
    flow, side = told.flow, Side.OLD if told.fate == "closed" else Side.NEW
    matched = f"{flow.zone}\0{flow.sink}\0{flow.source}\0{flow.function}"
    return Finding(
        rule=rule.id,
        detector=DETECTOR,
        severity=severity,
        confidence=rule.confidence,
        category=rule.category,
        location=Location(flow.file, flow.line, flow.line, side),
        message=message,
        fingerprint=fingerprint(rule.id, flow.file, matched, told.occurrence),
        introduced=told.fate in {"opened", "closed"},
        flow=tuple(
            Evidence(step.what, Location(step.file, step.line, step.line, side)) for step in flow.path
        ),
    )


def unread(omissions: Sequence[Omission]) -> Finding:
    """Name the files that nobody could read and the change leaves alone; there is at least one."""
    paths = sorted({omission.path or "" for omission in omissions})
    first = min(omissions, key=lambda omission: omission.path or "")
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    words = f"{', '.join(paths[:_NAMED])}{more}: {first.reason}" + (", and the like." if more else ".")
    return Finding(
        rule=UNREAD.id,
        detector=DETECTOR,
        severity=UNREAD.severity,
        confidence=UNREAD.confidence,
        category=UNREAD.category,
        location=Location(paths[0]),
        message=f"{UNREAD.title}: {words} {UNREAD.help}",
        fingerprint=fingerprint(UNREAD.id, paths[0], "\0".join(paths)),
        on_changed_line=False,
        introduced=False,
        evidence=tuple(
            Evidence(omission.reason, Location(omission.path))
            for omission in list(omissions)[:_NAMED]
            if omission.path
        ),
    )
