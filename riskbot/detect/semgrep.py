"""Semgrep's rules on the Python files of a change: head against base, suppressions shown, gaps told.

Which files: those named ``.py``, ``.pyi`` or ``.pyw``, and scripts whose first line names Python; decided
here, for semgrep passes over unknown endings in silence. For other files there are no rules, which is no
omission. Both versions come from the change itself, never from a working tree.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from riskbot.detect.cell import inside
from riskbot.detect.marks import ChangedLines
from riskbot.detect.rules import Pack, load
from riskbot.detect.suppressions import nosem_for
from riskbot.domain.change import Change, FileDiff, Omission, OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import Detection, Failure, Finding, Location, Severity, fingerprint
from riskbot.outside.semgrep import Match, scan

_STEP = "semgrep"
_SUFFIXES = (".py", ".pyi", ".pyw")
_SHEBANG = re.compile(rb"#![^\n]*\b(?:python|pypy)[\d.]*\b")
_LINKS = ("120000", "160000")
_LARGE = 250_000  # bytes; from here on a file is scanned alone: hostile ones of this size take some 5 s
_LARGE_SECONDS = 20.0
_TOO_LARGE = 1_000_000  # bytes; hostile ones take minutes and gigabytes
_MESSAGE_LENGTH = 800  # a metavariable can hold a whole file
# The encodings in which ASCII bytes mean ASCII, so that semgrep reads the same code as Python does.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PLAIN = re.compile(r"utf-?8(-sig)?|(us-)?ascii|(iso-?|latin-?)[\d-]+|l1|cp-?125\d|windows-?125\d|koi8-[ru]")


@dataclass(frozen=True)
class SemgrepDetector:
    """Runs the rules under ``rules_dir``; ``seconds`` bounds semgrep's whole run.

    ``cache`` overrides where the merged rules are kept.
    """

    rules_dir: Path
    seconds: float = 120.0
    cache: Path | None = None
    name: str = field(default=_STEP, init=False)

    def run(self, change: Change) -> Detection:
        """Scan what can be scanned; a semgrep that fails is a Failure. A broken rule raises ConfigError."""
        known, omissions = _sort(change)
        if not known:
            return Detection(omissions=tuple(omissions))
        try:
            pack = load(self.rules_dir, cache=self.cache)
            scans = self._scan(known, pack)
        except EvaluationError as problem:
            return Detection(omissions=tuple(omissions), failures=(Failure(_STEP, str(problem)),))
        findings: list[Finding] = []
        for file in known:
            new, old = scans[file.new or b""], scans.get(_base(file) or b"", _NOTHING)
            ours = list(_compare(file, new.matches, old.matches, pack))
            omissions += _gaps(file.path, new.trouble, old.trouble if ours else None)
            findings += ours
        fired = dict.fromkeys(finding.rule for finding in findings)
        rules = tuple(pack.rules[rule] for rule in pack.rules if rule in fired)
        return Detection(tuple(findings), tuple(omissions), rules=rules)

    def _scan(self, files: list[FileDiff], pack: Pack) -> dict[bytes, _Side]:
        """Scan the heads, then those bases whose head has findings, by the rules that found them.

        Without a finding there is nothing to compare, and few rules find anything in a change: a second
        start of semgrep costs less than all rules on all bases. Equal contents are scanned once.
        """
        deadline = time.monotonic() + self.seconds
        heads = self._run((file.new or b"" for file in files), pack.merged, deadline)
        found = [(_base(file), heads[file.new or b""].matches) for file in files]
        fired = {match.rule for base, matches in found if base for match in matches}
        if not fired:
            return heads
        # A content that is one file's head and another's base has been looked at by every rule.
        bases = [base for base, matches in found if base and matches and base not in heads]
        return heads | self._run(bases, pack.only(fired), deadline)

    def _run(self, contents: Iterable[bytes], rules: bytes, deadline: float) -> dict[bytes, _Side]:
        """Scan contents, equal ones once: ordinary ones together, each large one alone and not for long.

        Semgrep's time can grow with the square of a file's length, and what one run cannot finish is lost
        whole: so no single file can cost the others their scan.
        """
        distinct = list(dict.fromkeys(contents))
        ordinary = [content for content in distinct if len(content) <= _LARGE]
        sides = self._together(ordinary, rules, deadline)
        for content in distinct:
            if len(content) > _LARGE:
                sides |= self._alone(content, rules, deadline)
        return sides

    def _together(self, contents: list[bytes], rules: bytes, deadline: float) -> dict[bytes, _Side]:
        """Run semgrep once and sort its answer by content."""
        left = max(0.0, deadline - time.monotonic())
        done = scan(contents, rules, seconds=left, new_group=not inside())
        sides = [_Side([], done.troubles.get(index)) for index in range(len(contents))]
        for match in done.matches:
            sides[match.file].matches.append(match)
        return dict(zip(contents, sides, strict=True))

    def _alone(self, content: bytes, rules: bytes, deadline: float) -> dict[bytes, _Side]:
        """Scan one large content; a run that fails is this content's trouble and nobody else's."""
        try:
            return self._together([content], rules, min(deadline, time.monotonic() + _LARGE_SECONDS))
        except EvaluationError as problem:
            return {content: _Side([], (OmissionKind.NOT_SCANNED, problem.message.rstrip(".")))}


@dataclass(frozen=True, slots=True)
class _Side:
    """What one content came to: its matches, and what kept semgrep from analysing it."""

    matches: list[Match] = field(default_factory=list)
    trouble: tuple[OmissionKind, str] | None = None


_NOTHING = _Side()  # a base that was not scanned, for its head has nothing to compare


def _base(file: FileDiff) -> bytes | None:
    """Return the base's content where it is a text to compare with; an empty one has no findings.

    Nor has one that is too large: then the head's findings count as new, which is the closed way to err.
    """
    old = file.old or b""
    return old if old and len(old) <= _TOO_LARGE and _is_text(file.old_mode) else None


def is_python(file: FileDiff) -> bool:
    """Tell whether Python would run the new side: by its name, or by the first line of a script."""
    path = file.new_path or ""
    return path.lower().endswith(_SUFFIXES) or bool(file.new and _SHEBANG.match(file.new))


def _is_text(mode: str | None) -> bool:
    return mode not in _LINKS


def _sort(change: Change) -> tuple[list[FileDiff], list[Omission]]:
    """Take the files whose new side can be scanned, and say of the other Python files why they cannot."""
    told = {omission.path: omission for omission in change.omissions}
    known, omissions = [], []
    for file in change.files:
        if file.new_path is None or not _is_text(file.new_mode) or not is_python(file):
            continue
        if file.new is None:
            earlier = told.get(file.new_path)
            kind = earlier.kind if earlier else OmissionKind.CONTENT_UNKNOWN
            reason = earlier.reason if earlier else "only its changed lines are known, not its whole content"
            omissions.append(Omission(kind, _STEP, reason, file.new_path))
            continue
        if len(file.new) > _TOO_LARGE:
            reason = f"it has {len(file.new):,} bytes; semgrep gets at most {_TOO_LARGE:,}"
            omissions.append(Omission(OmissionKind.TOO_LARGE, _STEP, reason, file.new_path))
            continue
        known.append(file)
        if (encoding := _odd_encoding(file.new)) is not None:
            reason = f"it declares the encoding {encoding!r}, in which semgrep reads other code than Python"
            omissions.append(Omission(OmissionKind.NOT_SCANNED, _STEP, reason, file.new_path))
    return known, omissions


def _odd_encoding(content: bytes) -> str | None:
    """Return the declared source encoding (PEP 263) if code could hide in it from a reader of ASCII."""
    for line in content.splitlines()[:2] if len(content) < 4096 else content[:4096].splitlines()[:2]:
        if match := _COOKIE.match(line):
            name = match[1].decode("ascii", "replace").lower().replace("_", "-")
            return None if _PLAIN.fullmatch(name) else name[:40]
    return None


def _gaps(
    path: str, new: tuple[OmissionKind, str] | None, old: tuple[OmissionKind, str] | None
) -> Iterator[Omission]:
    """Say what semgrep could not analyse; the base matters only where findings are compared with it."""
    if new is not None:
        yield Omission(new[0], _STEP, new[1], path)
    elif old is not None:
        yield Omission(old[0], _STEP, f"of the base version, {old[1]}; its findings may be older", path)


def _compare(file: FileDiff, new: Iterable[Match], old: Iterable[Match], pack: Pack) -> Iterator[Finding]:
    """Make the findings of the new side and mark those that the old side had.

    Both sides are named by the new path, so a rename changes nothing.
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
            detector=_STEP,
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


_TEST = re.compile(r"(^|/)(t|tests?)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest)\.py$")


def _severity(path: str, severity: Severity) -> Severity:
    """Tests talk to servers of their own and load what they wrote: one step lower; critical stays."""
    lower = {Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW}
    return lower.get(severity, severity) if _TEST.search(path) else severity


def _shorten(message: str) -> str:
    words = " ".join(message.split())
    return words if len(words) <= _MESSAGE_LENGTH else words[: _MESSAGE_LENGTH - 1] + "…"
