"""Semgrep's matches to findings: head against base, equal matches told apart, suppressions shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from riskbot.detect.marks import ChangedLines
from riskbot.detect.rules import Pack
from riskbot.detect.semgrep.targets import STEP
from riskbot.detect.suppressions import nosem_for
from riskbot.domain.change import FileDiff
from riskbot.domain.finding import Finding, Location, Severity, fingerprint
from riskbot.outside.semgrep import Match

_MESSAGE_LENGTH = 800  # a metavariable can hold a whole file
_TEST = re.compile(
    r"(^|/)(t|tests?|__tests__|spec)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest)\.\w+$|\.(test|spec)\.\w+$"
)
_LOWER = {Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW}


def compare(file: FileDiff, new: Iterable[Match], old: Iterable[Match], pack: Pack) -> Iterator[Finding]:
    """Make the findings of the new side and mark those that the old side had.

    Both sides are named by the new path, so a rename changes nothing. Matches of rules that do not speak of
    that path are left out.
    """
    had = set()
    if old:
        had = {finding.fingerprint for finding in _findings(file, old, pack, file.old or b"", frozenset())}
    for finding in _findings(file, new, pack, file.new or b"", ChangedLines.of(file).new):
        yield replace(finding, introduced=finding.fingerprint not in had)


def _findings(
    file: FileDiff, matches: Iterable[Match], pack: Pack, content: bytes, added: frozenset[int]
) -> Iterator[Finding]:
    """Make findings of one side's matches.

    Equal matches are counted from those on unchanged lines on: if the base had one of two, then the one on
    an added line is the new one.
    """
    ends = [place.start() for place in re.finditer(b"\n", content)]
    lines = content.decode("utf-8", "replace").split("\n")
    placed = []
    for match in matches:
        if match.rule in pack.paths and not pack.paths[match.rule].cover(file.path):
            continue
        first = bisect_right(ends, match.start - 1) + 1
        last = bisect_right(ends, max(match.start, match.end - 1) - 1) + 1
        touched = any(line in added for line in range(first, last + 1))
        placed.append((touched, match.start, match.end, match, first, last))
    counts: dict[tuple[str, bytes], int] = {}
    for touched, _, _, match, first, last in sorted(placed, key=lambda place: place[:3]):
        rule = pack.rules[match.rule]
        matched = content[match.start : match.end]
        key = (match.rule, b" ".join(matched.split()))
        occurrence = counts[key] = counts.get(key, -1) + 1
        comment = nosem_for(lines, first, match.rule)
        yield Finding(
            rule=rule.id,
            detector=STEP,
            severity=_severity(file.path, rule.severity),
            confidence=rule.confidence,
            category=rule.category,
            location=Location(file.path, first, last),
            message=_shorten(match.message),
            fingerprint=fingerprint(
                rule.id, file.path, matched.decode("utf-8", "surrogateescape"), occurrence
            ),
            on_changed_line=touched,
            suppressed_by=None if comment is None else f"nosemgrep comment on line {comment}",
        )


def _severity(path: str, severity: Severity) -> Severity:
    """Tests talk to servers of their own and load what they wrote: one step lower; critical stays."""
    return _LOWER.get(severity, severity) if _TEST.search(path) else severity


def _shorten(message: str) -> str:
    words = " ".join(message.split())
    return words if len(words) <= _MESSAGE_LENGTH else words[: _MESSAGE_LENGTH - 1] + "…"
