"""The detector itself: Python files of a change in, limits that were removed or loosened out."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from riskbot.detect.limits import bounds, caps, names, settings, throttles
from riskbot.detect.limits.compare import Loss, Weight, losses
from riskbot.detect.limits.pairs import Home, kind, match
from riskbot.detect.limits.units import Limit, Text, Unit, cut
from riskbot.detect.rules import native
from riskbot.detect.structure.source import Source, UnreadableError, decode, looks_like_python
from riskbot.domain.change import Change, FileDiff, FileStatus, Omission, OmissionKind
from riskbot.domain.finding import Detection, Evidence, Finding, Location, Rule, Severity, fingerprint

_NAME = "limits"
_RULE = "limit-removed"
_FINDINGS = 200  # of one change: a hostile one can hold millions
_LOWER = {
    Severity.CRITICAL: Severity.HIGH,
    Severity.HIGH: Severity.MEDIUM,
    Severity.MEDIUM: Severity.LOW,
    Severity.LOW: Severity.INFO,
}
_EMPTY = Source("", [])


@dataclass(frozen=True)
class LimitsDetector:
    """Compares what bounds callers before and after. Pure but for reading its rule; nothing is executed."""

    name: ClassVar[str] = _NAME

    def run(self, change: Change) -> Detection:
        """Findings with the rule; a Python file that could not be read is an Omission.

        Tests are left out: they may ask for as much as they like.
        """
        omissions: list[Omission] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the change is no concern of ours
            homes = [home for file in change.files if (home := _read(file, omissions)) is not None]
        found = list(islice(losses(match(homes)), _FINDINGS + 1))
        if len(found) > _FINDINGS:
            reason = f"there are more than {_FINDINGS} limits that went; the rest was not looked for"
            omissions.append(Omission(OmissionKind.NOT_SCANNED, _NAME, reason))
        if not found:
            return Detection(omissions=tuple(omissions))
        rule = native(_NAME)[_RULE]
        return Detection(tuple(_findings(found[:_FINDINGS], rule)), tuple(omissions), rules=(rule,))


def _read(file: FileDiff, omissions: list[Omission]) -> Home | None:
    """Read both sides of a Python file; None for what is no Python, a test, or cannot be read."""
    if file.binary or file.is_symlink or file.is_submodule or names.TEST.search(file.path):
        return None
    if file.path.endswith(".pyi") or not looks_like_python(file.path, file.old, file.new):
        return None
    needs_old = file.status not in {FileStatus.ADDED, FileStatus.COPIED}
    needs_new = file.status is not FileStatus.DELETED
    if (needs_old and file.old is None) or (needs_new and file.new is None):
        reason = "the whole content before and after is not known"
        omissions.append(Omission(OmissionKind.CONTENT_UNKNOWN, _NAME, reason, file.path))
        return None
    if file.old == file.new and file.status is FileStatus.MODIFIED:
        return None
    try:
        old, before = _units(file.old if needs_old else None)
        new, after = _units(file.new if needs_new else None)
    except UnreadableError as error:
        kind = OmissionKind.TOO_LARGE if "over the limit" in str(error) else OmissionKind.UNPARSABLE
        omissions.append(Omission(kind, _NAME, str(error), file.path))
        return None
    _find(old, before, new, after)
    path, was = file.path, file.old_path or file.path
    return Home(path, was, old, new, before.git_line, after.git_line)


def _units(raw: bytes | None) -> tuple[list[Unit], Source]:
    """Parse one side and cut it. Raises UnreadableError where that cannot be done."""
    if raw is None:
        return [], _EMPTY
    source = decode(raw)
    try:
        return cut(ast.parse(source.text)), source
    except (RecursionError, MemoryError) as error:
        raise UnreadableError("it is nested too deeply") from error
    except (SyntaxError, ValueError) as error:
        raise UnreadableError(
            f"it is not valid Python here: {getattr(error, 'msg', None) or error}"
        ) from error


def _find(old: list[Unit], before: Source, new: list[Unit], after: Source) -> None:
    """Find the limits of all units but those that the change left as they were: they lost nothing."""
    sides = [(_by_name(old), before), (_by_name(new), after)]
    written = [
        {key: [_written(unit, side) for unit in units] for key, units in by.items()} for by, side in sides
    ]
    for by, side in sides:
        text = Text(side.lines)
        for key, units in by.items():
            if written[0].get(key) != written[1].get(key):
                for unit in units:
                    unit.limits = list(_limits(unit, text))


def _by_name(units: list[Unit]) -> dict[tuple[str, type], list[Unit]]:
    found: dict[tuple[str, type], list[Unit]] = {}
    for unit in units:
        found.setdefault((unit.name, kind(unit)), []).append(unit)
    return found


def _written(unit: Unit, source: Source) -> object:
    """What a unit's limits are read from: its lines, and whether its class is a view."""
    node = unit.node
    if isinstance(node, ast.Module):
        return source.lines
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return unit.in_view, source.lines[first - 1 : node.end_lineno]


def _limits(unit: Unit, text: Text) -> Iterator[Limit]:
    node = unit.node
    if isinstance(node, ast.Module):
        for module in (bounds, settings, throttles):
            yield from module.of_module(node, text)
    elif isinstance(node, ast.ClassDef):
        for module in (bounds, settings, throttles):
            yield from module.of_class(node, text)
    else:
        yield from caps.of_function(unit, node, text)
        yield from throttles.of_function(node, text)


def _findings(found: list[Loss], rule: Rule) -> Iterator[Finding]:
    """Turn losses into findings, equal ones numbered; what was only tuned weighs less."""
    seen: Counter[tuple[str, str]] = Counter()
    lower = _LOWER[rule.severity]
    severities = {Weight.GONE: rule.severity, Weight.RAISED: lower, Weight.TUNED: _LOWER[lower]}
    for loss in found:
        key = (loss.path, loss.matched)
        yield Finding(
            rule=rule.id,
            detector=_NAME,
            severity=severities[loss.weight],
            confidence=rule.confidence,
            category=rule.category,
            location=Location(loss.path, loss.line, loss.line, loss.side),
            message=f"{loss.message} Put the limit back, or say where it stands now.",
            fingerprint=fingerprint(rule.id, loss.path, loss.matched, seen[key]),
            evidence=tuple(Evidence(one) for one in loss.evidence),
        )
        seen[key] += 1
