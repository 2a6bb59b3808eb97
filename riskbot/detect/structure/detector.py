"""The detector itself: files in, findings and omissions out. libcst is imported once something differs."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from riskbot.detect.structure.outline import Outline, outline
from riskbot.detect.structure.rules import RULES
from riskbot.detect.structure.source import UnreadableError, decode, looks_like_python
from riskbot.domain.change import Change, FileDiff, FileStatus, Omission, OmissionKind
from riskbot.domain.finding import Detection, Evidence, FileShape, Finding, Location, Side, fingerprint

if TYPE_CHECKING:
    from riskbot.detect.structure.world import Hit, World


class StructureDetector:
    """Compares Python files before and after. Pure: no I/O, nothing is executed."""

    name: ClassVar[str] = "structure"

    def unread(self, change: Change) -> Detection:
        """Only say what could not be read, in a fraction of the time: nothing is compared.

        What only comparing finds out, that a part of a file cannot be parsed, is not told.
        """
        omissions: list[Omission] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for file in change.files:
                _read(file, omissions)
        return Detection(omissions=tuple(omissions))

    def run(self, change: Change) -> Detection:
        """Findings with the rules that fired, a shape for every Python file that could be read.

        What could not be read is an Omission for that file.
        """
        omissions: list[Omission] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the change is no concern of ours
            outlines = [entry for file in change.files if (entry := _read(file, omissions)) is not None]
            if not outlines:
                return Detection(omissions=tuple(omissions))
            world = _world(outlines)
            findings = tuple(_findings(change, list(_hits(world))))
            shapes = tuple(_shapes(world))
        omissions += _problems(world)
        fired = {finding.rule for finding in findings}
        rules = tuple(rule for rule in RULES.values() if rule.id in fired)
        return Detection(findings, tuple(omissions), (), rules, shapes)


def _read(
    file: FileDiff, omissions: list[Omission]
) -> tuple[FileDiff, Outline | None, Outline | None] | None:
    """Both outlines of a Python file; None where the file is not Python or could not be read."""
    if (
        file.binary
        or file.is_symlink
        or file.is_submodule
        or not looks_like_python(file.path, file.old, file.new)
    ):
        return None
    needs_old = file.status is not FileStatus.ADDED
    needs_new = file.status is not FileStatus.DELETED
    if (needs_old and file.old is None) or (needs_new and file.new is None):
        reason = "the whole content before and after is not known"
        omissions.append(Omission(OmissionKind.CONTENT_UNKNOWN, "structure", reason, file.path))
        return None
    if file.old == file.new and file.status is not FileStatus.RENAMED:
        return None
    try:
        old = (
            outline(decode(file.old))
            if needs_old and file.old is not None and file.status is not FileStatus.COPIED
            else None
        )
        new = outline(decode(file.new)) if needs_new and file.new is not None else None
    except UnreadableError as error:
        kind = OmissionKind.TOO_LARGE if "over the limit" in str(error) else OmissionKind.UNPARSABLE
        omissions.append(Omission(kind, "structure", str(error), file.path))
        return None
    return file, old, new


def _world(outlines: list[tuple[FileDiff, Outline | None, Outline | None]]) -> World:
    from riskbot.detect.structure.compare import compare
    from riskbot.detect.structure.world import World as _World

    return _World(compare(outlines))


def _hits(world: World) -> Iterator[Hit]:
    from riskbot.detect.structure.registry import CHANGE_CHECKS, FILE_CHECKS

    for home in world.files:
        for check in FILE_CHECKS:
            yield from check(home, world)
    for change_check in CHANGE_CHECKS:
        yield from change_check(world)


def _findings(change: Change, hits: list[Hit]) -> Iterator[Finding]:
    added = {file.path: file.added_lines() for file in change.files}
    removed = {file.old_path or file.path: file.removed_lines() for file in change.files}
    seen: Counter[tuple[str, str, str]] = Counter()
    for hit in hits:
        rule, identity = RULES[hit.rule], (hit.rule, hit.path, hit.matched)
        where = Location(hit.path, hit.line, hit.line, hit.side)
        changed = (added if hit.side is Side.NEW else removed).get(hit.path, frozenset())
        yield Finding(
            rule=rule.id,
            detector=StructureDetector.name,
            severity=hit.severity or rule.severity,
            confidence=rule.confidence,
            category=rule.category,
            location=where,
            message=hit.message[:1].upper() + hit.message[1:],  # some begin with the name of the unit
            fingerprint=fingerprint(hit.rule, hit.path, hit.matched, seen[identity]),
            on_changed_line=hit.line is None or hit.line in changed,
            evidence=tuple(Evidence(what, None) for what in hit.evidence),
        )
        seen[identity] += 1


def _problems(world: World) -> Iterator[Omission]:
    for home in world.files:
        for reason in dict.fromkeys(reason for pair in home.pairs for reason in pair.problems):
            yield Omission(OmissionKind.PARTLY_PARSED, "structure", reason, home.path)


def _shapes(world: World) -> Iterator[FileShape]:
    from riskbot.detect.structure.registry import shape

    for home in world.files:
        yield FileShape(home.path, **shape(home))
