"""What a change does to code that zones rely on: bodies of reclassifiers, marks that make a source.

The zones stay as they are while what they point at changes: the reclassifier no longer masks, the decorator
is gone, the function that hands the data out has another name. Compared are the syntax trees of the two
versions of each changed Python file; what a reclassifier itself calls is not followed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from riskbot.detect.flows.edits.bindings import Bindings, Definition, Mark, read
from riskbot.detect.flows.edits.zones import matches
from riskbot.detect.flows.trees.tree import MAX_BYTES, STEP
from riskbot.domain.change import Change, FileDiff, FileStatus
from riskbot.domain.finding import (
    Category,
    Confidence,
    Finding,
    Location,
    Rule,
    Severity,
    Side,
    fingerprint,
)
from riskbot.domain.zones import Zone, Zones


def _rule(name: str, title: str, why: str, severity: Severity) -> Rule:
    return Rule(name, title, f"{title}. {why}", severity, Confidence.HIGH, Category.PRIVACY)


RECLASSIFIER = _rule(
    "reclassifier-changed",
    "The change edits what takes the label off a zone's data",
    "Every flow through it is taken for clean, whatever it does now. Its owner should read the new body: does"
    " nothing of the original data get through?",
    Severity.HIGH,
)
MARK = _rule(
    "zone-mark-removed",
    "The change takes away what marks a zone's data",
    "The data is still there, but its flows are no longer looked at. Put the mark back, or have the zone's"
    " owner agree that this is no such data any more.",
    Severity.HIGH,
)
RULES = (RECLASSIFIER, MARK)
_NOTHING = Definition(1, "")


def of_code(change: Change, zones: Zones) -> Iterator[Finding]:
    """Yield a finding for each reclassifier that is edited and each mark that is gone.

    A file that cannot be parsed yields nothing here: the engine tells it, and holds the change if asked to.
    """
    marked = tuple(_wanted(zones))
    pairs = [pair for file in change.files if (pair := _both(file, marked)) is not None]
    named = {name for _, _, after in pairs for name in after.definitions}
    for file, before, after in pairs:
        yield from _reclassifiers(file, before, after, zones)
        yield from _marks(file, before, after, zones)
        yield from _definitions(file, before, named, zones)


def _wanted(zones: Zones) -> Iterator[bytes]:
    """Give the words of which a file must have one to be worth parsing."""
    yield b"Zone"
    for zone in zones.zones:
        sources = zone.sources
        patterns = (
            *(one.call for one in zone.reclassifiers),
            *(*sources.calls, *sources.functions, *sources.decorators, *sources.types),
        )
        for pattern in patterns:
            yield pattern.rpartition(".")[2].encode()


def _both(file: FileDiff, wanted: Iterable[bytes]) -> tuple[FileDiff, Bindings, Bindings] | None:
    """Read both versions of a file that may hold something of the zones'."""
    if not file.is_python or file.status is FileStatus.COPIED or file.is_symlink:
        return None
    old, new = file.old or b"", file.new or b""
    if max(len(old), len(new)) > MAX_BYTES or not any(word in old or word in new for word in wanted):
        return None
    before, after = read(old, file.old_path or file.path), read(new, file.path)
    return None if before is None or after is None else (file, before, after)


def _reclassifiers(file: FileDiff, before: Bindings, after: Bindings, zones: Zones) -> Iterator[Finding]:
    """Compare everything that a registered name is bound to, before and after."""
    for name in sorted(before.definitions.keys() | after.definitions.keys()):
        old, new = before.definitions.get(name), after.definitions.get(name)
        parent = name.rpartition(".")[0]
        meant = [name, parent] if parent in before.definitions or parent in after.definitions else [name]
        imported = (old or new or _NOTHING).imported and (new or old or _NOTHING).imported
        of = [
            zone
            for zone in zones.zones
            # A bare name means whatever bears it, but an import of it only repeats what stands elsewhere.
            if any(
                any(matches(one.call, each) for each in meant) and ("." in one.call or not imported)
                for one in zone.reclassifiers
            )
        ]
        if not of or (old is not None and new is not None and old.code == new.code):
            continue
        if new is None:
            what = f"{name} is gone from here: its name may now mean something else"
        elif old is None:
            what = f"{name} is new here, and bears the name of a registered reclassifier"
        else:
            what = f"{name} was edited"
        there = new or old or _NOTHING
        yield _finding(RECLASSIFIER, of, what, file, (there.line, there.end), gone=new is None)


def _marks(file: FileDiff, before: Bindings, after: Bindings, zones: Zones) -> Iterator[Finding]:
    """Name the marks of what is still there, under its name or another, that are so no longer."""
    renamed = _renamed(before, after)
    kept: dict[str, list[Mark]] = defaultdict(list)
    for mark in after.marks:
        kept[mark.on].append(mark)
    for mark in before.marks:
        on = _now(mark.on, renamed)
        if on not in after.names:
            continue
        of = [
            zone
            for zone in zones.zones
            if _marks_for(zone, mark) and not any(_marks_for(zone, one) for one in kept[on])
        ]
        if of:
            yield _finding(
                MARK,
                of,
                f"{mark.on} no longer bears {mark.kind} {mark.name}",
                file,
                (mark.line, 0),
                gone=True,
            )


def _definitions(file: FileDiff, before: Bindings, named: set[str], zones: Zones) -> Iterator[Finding]:
    """Name functions that are a zone's sources by their name, where nothing bears that name any more."""
    for name, definition in before.definitions.items():
        if name in named or not definition.function:
            continue
        of = []
        for zone in zones.zones:
            patterns = [one for one in (*zone.sources.calls, *zone.sources.functions) if matches(one, name)]
            if patterns and not any(matches(one, other) for one in patterns for other in named):
                of.append(zone)
        if of:
            what = f"{name}, whose results are the zone's data, is gone from here"
            yield _finding(MARK, of, what, file, (definition.line, 0), gone=True)


def _marks_for(zone: Zone, mark: Mark) -> bool:
    """Say whether the mark makes a source of the zone."""
    if mark.kind == "the decorator":
        return any(matches(pattern, mark.name) for pattern in zone.sources.decorators)
    if mark.category:
        return mark.category == zone.data_category
    return any(matches(pattern, mark.name) for pattern in zone.sources.types)


def _renamed(before: Bindings, after: Bindings) -> dict[str, str]:
    """Pair functions that are gone with new ones that do the same."""
    gone = {name: one for name, one in before.definitions.items() if name not in after.definitions}
    fresh = {one.body: name for name, one in after.definitions.items() if name not in before.definitions}
    return {name: fresh[one.body] for name, one in gone.items() if one.function and one.body in fresh}


def _now(name: str, renamed: dict[str, str]) -> str:
    """Give what a name, or a parameter of it, is called after the change."""
    function, bracket, rest = name.partition("(")
    return renamed.get(function, function) + bracket + rest


def _finding(
    rule: Rule, zones: list[Zone], what: str, file: FileDiff, lines: tuple[int, int], *, gone: bool = False
) -> Finding:
    of = f"zone{'s' if len(zones) != 1 else ''} {', '.join(zone.id for zone in zones)}"
    path = (file.old_path or file.path) if gone else file.path
    return Finding(
        rule=rule.id,
        detector=STEP,
        severity=rule.severity,
        confidence=rule.confidence,
        category=rule.category,
        location=Location(path, lines[0], max(lines), Side.OLD if gone else Side.NEW),
        message=f"{what} ({of}). {rule.help}",
        fingerprint=fingerprint(rule.id, path, what),
    )
