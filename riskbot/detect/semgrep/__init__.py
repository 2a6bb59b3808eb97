"""Semgrep's rules on the files of a change: head against base, suppressions shown, gaps told.

Which files is decided here (:mod:`riskbot.detect.semgrep.targets`), for semgrep passes over unknown endings
in silence. Both versions come from the change itself, never from a working tree.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from riskbot.detect.cell import inside
from riskbot.detect.rules import Pack, load
from riskbot.detect.semgrep.found import compare
from riskbot.detect.semgrep.targets import STEP, Target, sort
from riskbot.domain.change import Change, Omission, OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import Detection, Failure, Finding
from riskbot.outside.semgrep import Match, scan

_LARGE = 250_000  # bytes; from here on a file is scanned alone: hostile ones of this size take some 5 s
_LARGE_SECONDS = 20.0

Content = tuple[bytes, str]
"""What is scanned: the bytes, and the ending of the name that semgrep sees them under."""


@dataclass(frozen=True)
class SemgrepDetector:
    """Runs the rules under ``rules_dir``; ``seconds`` bounds semgrep's whole run.

    ``cache`` overrides where the merged rules are kept; ``pack`` are rules that somebody has loaded already,
    to be run instead.
    """

    rules_dir: Path
    seconds: float = 120.0
    cache: Path | None = None
    pack: Pack | None = None
    name: str = field(default=STEP, init=False)

    def run(self, change: Change) -> Detection:
        """Scan what can be scanned; a semgrep that fails is a Failure. A broken rule raises ConfigError."""
        try:
            pack = self.pack or load(self.rules_dir, cache=self.cache)
        except EvaluationError as problem:
            return Detection(failures=(Failure(STEP, str(problem)),))
        targets, omissions = sort(change, pack)
        if not targets:
            return Detection(omissions=tuple(omissions))
        try:
            wanted = {target: target.wanted(pack) for target in targets}
            scans = self._scan(wanted, pack)
        except EvaluationError as problem:
            return Detection(omissions=tuple(omissions), failures=(Failure(STEP, str(problem)),))
        findings: list[Finding] = []
        for target in targets:
            old = target.old
            heads, bases = scans[target.new], _NOTHING if old is None else scans.get(old, _NOTHING)
            ours = list(compare(target.file, heads.matches, bases.matches, pack))
            # The same content under another path may be what a rule looks at, and cannot read.
            if wanted[target]:
                omissions += _gaps(target.file.path, heads.trouble, bases.trouble if ours else None)
            findings += ours
        fired = dict.fromkeys(finding.rule for finding in findings)
        rules = tuple(pack.rules[rule] for rule in pack.rules if rule in fired)
        return Detection(tuple(findings), tuple(omissions), rules=rules)

    def _scan(self, targets: dict[Target, frozenset[str]], pack: Pack) -> dict[Content, _Side]:
        """Scan the heads, then those bases whose head has findings, by the rules that found them.

        Without a finding there is nothing to compare, and few rules find anything in a change: a second
        start of semgrep costs less than all rules on all bases. Equal contents are scanned once.
        """
        deadline = time.monotonic() + self.seconds
        wanted: dict[Content, frozenset[str]] = {}
        for target, names in targets.items():
            wanted[target.new] = wanted.get(target.new, frozenset()) | names
        heads = self._run(wanted, pack.merged, deadline)
        bases: dict[Content, frozenset[str]] = {}
        for target in targets:
            fired = {match.rule for match in heads[target.new].matches}
            # A content that is one file's head and another's base has been looked at already.
            if fired and target.old is not None and target.old not in heads:
                bases[target.old] = bases.get(target.old, frozenset()) | fired
        return heads | self._run(bases, pack.merged, deadline)

    def _run(
        self, wanted: dict[Content, frozenset[str]], rules: bytes, deadline: float
    ) -> dict[Content, _Side]:
        """Scan contents by the rules they want: ordinary ones together, each large one alone, not for long.

        Semgrep's time can grow with the square of a file's length, and what one run cannot finish is lost
        whole: so no single file can cost the others their scan.
        """
        ordinary = {one: names for one, names in wanted.items() if len(one[0]) <= _LARGE}
        sides = self._together(ordinary, rules, deadline)
        for content, names in wanted.items():
            if content not in ordinary:
                sides |= self._alone({content: names}, rules, deadline)
        return sides

    def _together(
        self, wanted: dict[Content, frozenset[str]], rules: bytes, deadline: float
    ) -> dict[Content, _Side]:
        """Run semgrep once and sort its answer by content."""
        if not any(wanted.values()):
            return {content: _Side() for content in wanted}
        left = max(0.0, deadline - time.monotonic())
        contents = list(wanted)
        texts, endings = [text for text, _ in contents], [ending for _, ending in contents]
        names = list(wanted.values())
        done = scan(texts, rules, seconds=left, endings=endings, wanted=names, new_group=not inside())
        sides = [_Side([], done.troubles.get(index)) for index in range(len(contents))]
        for match in done.matches:
            sides[match.file].matches.append(match)
        return dict(zip(contents, sides, strict=True))

    def _alone(
        self, wanted: dict[Content, frozenset[str]], rules: bytes, deadline: float
    ) -> dict[Content, _Side]:
        """Scan one large content; a run that fails is this content's trouble and nobody else's."""
        try:
            return self._together(wanted, rules, min(deadline, time.monotonic() + _LARGE_SECONDS))
        except EvaluationError as problem:
            trouble = (OmissionKind.NOT_SCANNED, problem.message.rstrip("."))
            return {content: _Side([], trouble) for content in wanted}


@dataclass(frozen=True, slots=True)
class _Side:
    """What one content came to: its matches, and what kept semgrep from analysing it."""

    matches: list[Match] = field(default_factory=list)
    trouble: tuple[OmissionKind, str] | None = None


_NOTHING = _Side()  # a base that was not scanned, for its head has nothing to compare


def _gaps(
    path: str, new: tuple[OmissionKind, str] | None, old: tuple[OmissionKind, str] | None
) -> Iterator[Omission]:
    """Say what semgrep could not analyse; the base matters only where findings are compared with it."""
    if new is not None:
        yield Omission(new[0], STEP, new[1], path)
    elif old is not None:
        yield Omission(old[0], STEP, f"of the base version, {old[1]}; its findings may be older", path)
