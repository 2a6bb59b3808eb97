"""Cases of native rules: texts before and after, and what the rule must find of the change between them.

``<id>.cases.yaml`` is a list::

    - name: a limit that was there is gone
      before: {app.py: "..."}
      after: {app.py: "..."}
      finds: [{path: app.py, line: 3}]     # [] or left out: the rule must stay silent

A file that only ``after`` has is added, one that only ``before`` has is deleted; either may be left out. A
``line`` may be left out (any line), and is of the old side with ``side: old``. Only findings of this rule
count, those that the base had already do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskbot.detect.detector import Detector
from riskbot.detect.rules.file import CASES, Source, compose
from riskbot.detect.rules.twins import Miss
from riskbot.domain.change import Change
from riskbot.domain.finding import Finding, Side

_SIDES = {"old": Side.OLD, "new": Side.NEW}


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that must be there; ``line`` None: on whatever line."""

    path: str
    line: int | None = None
    side: Side = Side.NEW

    def __str__(self) -> str:
        old = " (before)" if self.side is Side.OLD else ""
        return f"{self.path}{'' if self.line is None else f':{self.line}'}{old}"

    def meets(self, finding: Finding) -> bool:
        """Tell whether the finding is this one."""
        where = finding.location
        if self.path != where.path or self.side is not where.side:
            return False
        return self.line is None or self.line == where.line


@dataclass(frozen=True, slots=True)
class Case:
    """One case; ``line`` is where it stands in its file."""

    rule: str
    file: Path
    line: int
    name: str
    before: dict[str, bytes]
    after: dict[str, bytes]
    finds: tuple[Expected, ...] = ()


def read_cases(file: Path, rule: str) -> list[Case]:
    """Read the cases of one rule. Raises ConfigError with file and line for what is not as said above."""
    source = Source(file)
    root = compose(source, file.read_bytes())
    return [_case(source, node, rule) for node in source.sequence(root)]


def cases_file(file: Path) -> Path:
    """Name the file of cases that belongs to the rule file ``file``."""
    return file.with_name(file.stem + CASES)


def _case(source: Source, node: Any, rule: str) -> Case:
    keys = source.mapping(node, {"name"}, {"before", "after", "finds"})
    if "before" not in keys and "after" not in keys:
        source.wrong(node, "A case needs the files before the change, after it, or both.")
    sides = {side: _files(source, keys[side]) if side in keys else {} for side in ("before", "after")}
    finds = source.sequence(keys["finds"], empty=True) if "finds" in keys else []
    return Case(
        rule,
        source.file,
        node.start_mark.line + 1,
        source.text(keys["name"]),
        sides["before"],
        sides["after"],
        tuple(_expected(source, item) for item in finds),
    )


def _files(source: Source, node: Any) -> dict[str, bytes]:
    found = {}
    for path, value in source.pairs(node):
        found[path] = source.text(value, empty=True).encode()
    return found


def _expected(source: Source, node: Any) -> Expected:
    keys = source.mapping(node, {"path"}, {"line", "side"})
    side = source.text(keys["side"]) if "side" in keys else "new"
    if side not in _SIDES:
        source.wrong(keys["side"], "The side must be one of: old, new.")
    line = source.number(keys["line"]) if "line" in keys else None
    return Expected(source.text(keys["path"]), line, _SIDES[side])


def judge(case: Case, change: Change, detector: Detector) -> Iterator[Miss]:
    """Run the real detector on the case's change; say what came out otherwise.

    An exception of the detector is for the caller. Each expected finding is met by one of its own.
    """
    detection = detector.run(change)
    found = [one for one in detection.findings if one.rule == case.rule and one.introduced]
    words = f"{case.name!r}: "
    known = {rule.id for rule in detection.rules}
    if found and case.rule not in known:
        yield Miss(str(case.file), case.line, f"{words}the detector does not return the rule that fired")
    for expected in case.finds:
        met = next((one for one in found if expected.meets(one)), None)
        if met is None:
            yield Miss(str(case.file), case.line, f"{words}not found at {expected}, though it must be")
        else:
            found.remove(met)
    for finding in found:
        where = finding.location
        there = Expected(where.path, where.line, where.side)
        yield Miss(str(case.file), case.line, f"{words}found at {there}, though it must not be")
    for failure in detection.failures:
        yield Miss(str(case.file), case.line, f"{words}{failure.reason}")
