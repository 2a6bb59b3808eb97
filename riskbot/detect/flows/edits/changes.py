"""What a change does to the zones themselves: every weakening of ``zones.yaml`` named, each a finding.

The change is judged by the base's zones; that it asks for weaker ones is what their owner must see.
"""

from __future__ import annotations

from collections.abc import Iterator

from riskbot.detect.flows.edits import marks
from riskbot.detect.flows.edits import zones as edits
from riskbot.detect.flows.edits.zones import Edit
from riskbot.detect.flows.language.zones import PATH, load
from riskbot.detect.flows.trees.tree import STEP
from riskbot.domain.change import Change, FileDiff, FileStatus
from riskbot.domain.errors import ConfigError
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
from riskbot.domain.zones import Zones
from riskbot.written import marked
from riskbot.written.marked import Node

_UNKNOWN = "nobody can tell what the edit lets through"
_NAMED = 10  # zones in one message
_LIMIT = 200  # findings about one version of the file: a rewrite has as many as it has lines


def _rule(name: str, title: str, why: str, severity: Severity) -> Rule:
    return Rule(name, title, f"{title}. {why}", severity, Confidence.HIGH, Category.GOVERNANCE)


WEAKENED = _rule(
    "zones-weakened",
    "The change weakens the policy zones",
    "It is still judged by the old zones; later changes will pass where these held them. The zone's owner and"
    " a second person should agree to each weakening; make the edit a change of its own.",
    Severity.CRITICAL,
)
CHANGED = _rule(
    "zones-changed",
    "The change edits the policy zones",
    "Nothing that the old zones hold will pass because of it. Run 'riskbot zones check' with the new file to"
    " see what it finds in the code as it is.",
    Severity.INFO,
)
RULES = (WEAKENED, CHANGED, *marks.RULES)
"""All rules of this module and of what happens to marks in code."""


def of_zones(file: FileDiff) -> Iterator[Finding]:
    """Yield what the change of one file does to the zones: nothing, for any file but ``zones.yaml``."""
    if PATH not in (file.old_path, file.new_path) or (
        file.status is FileStatus.COPIED and file.new_path != PATH
    ):
        return
    had = file.old_path == PATH and file.status is not FileStatus.COPIED
    has = file.new_path == PATH
    if had and not has:
        yield _whole(WEAKENED, "the file was removed, and all its zones with it", Side.OLD)
    elif (had and file.old is None) or file.new is None:
        yield _whole(WEAKENED, f"its content is not known, so {_UNKNOWN}")
    else:
        yield from _compared(file.old if had else None, file.new)


def of_code(change: Change, zones: Zones) -> Iterator[Finding]:
    """Yield what the change does to code that the base's ``zones`` rely on; see :mod:`.marks`."""
    yield from marks.of_code(change, zones)


def _compared(old: bytes | None, new: bytes) -> Iterator[Finding]:
    """Read both versions; one that cannot be read guards nothing."""
    try:
        after = load(new, PATH)
    except ConfigError as problem:
        yield _whole(WEAKENED, f"the file can no longer be read ({problem.message})")
        return
    if old is None:
        count = len(after.zones)
        yield _whole(CHANGED, f"the file was added, with {count} zone{'s' if count != 1 else ''}")
        return
    try:
        before = load(old, PATH)
    except ConfigError:
        yield _whole(WEAKENED, f"the base's file could not be read, so {_UNKNOWN}")
        return
    places = {Side.OLD: marked.parse(old, PATH), Side.NEW: marked.parse(new, PATH)}
    found = _grouped(edits.between(before, after))
    for edit, zones in found[:_LIMIT]:
        side = Side.OLD if edit.gone else Side.NEW
        yield _finding(edit, zones, Location(PATH, _line(places[side], edit), side=side))
    if len(found) > _LIMIT:
        rest = any(edit.weakens for edit, _ in found[_LIMIT:])
        yield _whole(WEAKENED if rest else CHANGED, f"there are {len(found) - _LIMIT} more edits")


def _grouped(found: Iterator[Edit]) -> list[tuple[Edit, tuple[str, ...]]]:
    """Tell once what is said of several zones: a sink of all zones has one place. Weakening ones first."""
    zones: dict[tuple[str, bool], tuple[Edit, list[str]]] = {}
    for edit in found:
        one = zones.setdefault((edit.what, edit.weakens), (edit, []))
        one[1].extend([edit.zone] if edit.zone is not None and edit.keys else [])
    grouped = [(edit, tuple(dict.fromkeys(names))) for edit, names in zones.values()]
    return sorted(grouped, key=lambda one: not one[0].weakens)


def _finding(edit: Edit, zones: tuple[str, ...], where: Location) -> Finding:
    shown = f"{', '.join(zones[:_NAMED])}{f' and {len(zones) - _NAMED} more' if len(zones) > _NAMED else ''}"
    of = f"zone{'s' if len(zones) != 1 else ''} {shown}: " if zones else ""
    return _made(WEAKENED if edit.weakens else CHANGED, f"{of}{edit.what}", where)


def _whole(rule: Rule, what: str, side: Side = Side.NEW) -> Finding:
    return _made(rule, what, Location(PATH, None, side=side))


def _made(rule: Rule, what: str, where: Location) -> Finding:
    return Finding(
        rule=rule.id,
        detector=STEP,
        severity=rule.severity,
        confidence=rule.confidence,
        category=rule.category,
        location=where,
        message=f"{what[:1].upper()}{what[1:]}. {rule.help}",
        fingerprint=fingerprint(rule.id, PATH, what),
    )


def _line(root: Node, edit: Edit) -> int:
    """Find the line that the edit's keys stand on; a sink of all zones stands at the top of the file."""
    zones = _below(root, "zones")
    zone = next(
        (one for one in _items(zones) if (at := _below(one, "id")) is not None and at.value == edit.zone),
        None,
    )
    for start in (zone, root):
        if start is not None and (line := _reached(start, edit.keys)):
            return line
    return (zone or root).mark.line


def _reached(node: Node, keys: tuple[str, ...]) -> int | None:
    """Follow the keys down as far as they go; None where the first (of a sink, its name) is not there."""
    line = None
    for depth, key in enumerate(keys):
        below = _below(node, key)
        if below is None:
            return None if depth < 2 and keys[0] == "sinks" else line
        node, line = below, node.keys[key].line
    return line


def _below(node: Node | None, key: str) -> Node | None:
    return node.value.get(key) if node is not None and isinstance(node.value, dict) else None


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.value if node is not None and isinstance(node.value, tuple) else ()
