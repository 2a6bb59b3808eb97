"""Tests that went, are skipped, or check less; code that changed without a test."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair, Pair, Relation
from riskbot.detect.structure.names import aliases, calls, dotted, resolve
from riskbot.detect.structure.outline import Kind, Piece
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, edited, is_library, is_test, pick, shorten
from riskbot.domain.finding import Severity, Side

_SKIPS = (
    "skip",
    "skipIf",
    "skipif",
    "skipUnless",
    "xfail",
    "expectedFailure",
    "importorskip",
    "SkipTest",
    "skipTest",
)


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Look at a test file's tests. Helpers and fixtures are left alone."""
    if not is_test(home.path):
        return
    yield from _removed(home, world)
    for pair, old, new in edited(home):
        yield from _skipped(home, old, new)
        if pair.piece.kind is Kind.FUNCTION and _is_test_function(pair.piece):
            yield from _weaker(home, old, new)
            yield from _loosened(home, old, new)
    for pair in home.pairs:  # such as a new pytestmark; whole new tests are not read
        added = pair.relation is Relation.ADDED and pair.piece.kind is Kind.STATEMENT
        if added and home.old is not None and pair.new is not None:
            yield from _skipped(home, None, pair.new)


def check_change(world: World) -> Iterator[Hit]:
    """One finding for the whole change: behaviour was edited and no test was touched."""
    if any(is_test(home.path) for home in world.files):
        return
    edits = [
        (home, unit)
        for home in world.files
        if is_library(home.path)
        for _, _, unit in edited(home)
        if unit.definition is not None
    ]
    if edits:
        home, unit = edits[0]
        names = [unit.piece.qualname for _, unit in edits]
        count = len(names)
        yield Hit(
            "structure.code-without-test",
            home.path,
            unit.outline.source.git_line(unit.piece.start),
            f"{count} definition{'s' * (count > 1)} changed ({shorten(names)}) and no test file is"
            " part of the change:"
            " what shows that it works?",
            " ".join(names[:10]),
            evidence=tuple(names[:20]),
        )


def _is_test_function(piece: Piece) -> bool:
    return piece.name.startswith("test") or piece.name.endswith("_test")


def _removed(home: FilePair, world: World) -> Iterator[Hit]:
    everywhere = {
        p.name for other in world.files if other.new for p in other.new.pieces if p.kind is Kind.FUNCTION
    }
    gone = [
        pair
        for pair in home.pairs
        if pair.piece.kind is Kind.FUNCTION
        and pair.before is not None
        and (pair.relation is Relation.REMOVED or _hidden(pair))
        and _is_test_function(pair.before[0])
        and pair.before[0].name not in everywhere
    ]
    if gone and gone[0].before:
        names = [pair.before[0].qualname for pair in gone if pair.before]
        piece, outline = gone[0].before
        come = sum(
            p.relation is Relation.ADDED and _is_test_function(p.piece)
            for other in world.files
            if is_test(other.path)
            for p in other.pairs
        )
        note = f" The change adds {come}." if come else ""
        yield Hit(
            "structure.test-removed",
            home.file.old_path or home.path,
            outline.source.git_line(piece.start),
            f"{len(names)} test{'s' * (len(names) > 1)} removed: {shorten(names)}.{note} Is what"
            " they checked gone too,"
            " or only the check?",
            " ".join(names[:10]),
            Side.OLD,
            evidence=tuple(names[:20]),
            severity=Severity.LOW if come >= len(gone) else None,
        )


def _hidden(pair: Pair) -> bool:
    """A test whose new name no runner picks up."""
    return pair.relation is Relation.RENAMED and not _is_test_function(pair.piece)


def _skips(unit: Unit) -> list[cst.CSTNode]:
    """Marks and calls that skip, by name; ``__test__ = False``; a test that begins with ``return``."""
    known = aliases(unit)
    marks: list[cst.CSTNode] = [call for name, call in calls(unit) if _skips_by(name)]
    called = {call.func for call in unit.of(cst.Call)}
    for node in [*unit.of(cst.Attribute), *unit.of(cst.Name)]:
        outer = unit.parent(node)
        whole = node not in called and not isinstance(outer, cst.Attribute | cst.Arg)
        marked = isinstance(node, cst.Attribute) and ".mark." in f".{dotted(node)}"
        used = isinstance(outer, cst.Decorator | cst.Raise) or (
            marked and isinstance(outer, cst.Assign | cst.Element)
        )
        in_marks = marked and isinstance(outer, cst.Arg) and outer.keyword is not None
        if ((whole and used) or in_marks) and _skips_by(resolve(dotted(node), known)):
            marks.append(node)
    marks += [
        node
        for node in unit.of(cst.Assign)
        if dotted(node.targets[0].target) == "__test__" and dotted(node.value) == "False"
    ]
    leaves = _leaves_at_once(unit)
    return marks + ([leaves] if leaves is not None else [])


def _skips_by(name: str) -> bool:
    return name.rpartition(".")[2] in _SKIPS and name != "pytest.mark"


def _leaves_at_once(unit: Unit) -> cst.CSTNode | None:
    """The ``return`` that a test begins with, if more follows."""
    body = unit.definition.body.body if isinstance(unit.definition, cst.FunctionDef) else ()
    lines = [
        n
        for line in body
        if isinstance(line, cst.SimpleStatementLine)
        for n in line.body
        if n in unit.parents
    ]
    first = lines[0] if lines else None
    return first if isinstance(first, cst.Return) and first.value is None and len(body) > 1 else None


def _skipped(home: FilePair, old: Unit | None, new: Unit) -> Iterator[Hit]:
    before, after = _skips(old) if old else [], _skips(new)
    if len(after) <= len(before):
        return
    for node in pick(after, new, old)[:1]:
        if not _skipped_anew(home, new, node):
            continue
        name = f"`{new.piece.qualname}`" if new.piece.qualname else "the module"
        yield Hit(
            "structure.test-skipped",
            home.path,
            new.line(node),
            f"{name} is now skipped or expected to fail (`{new.text(node, 60)}`): what it checked"
            " is no longer"
            " checked there.",
            f"{name} {new.text(node, 200)}",
        )


def _skipped_anew(home: FilePair, new: Unit, node: cst.CSTNode) -> bool:
    """The same mark was not taken away elsewhere in the file (a skip that became narrower)."""
    wanted = new.key(node)
    gone = [p.old for p in home.pairs if p.before and p.new is not new and not p.same_text and p.old]
    kept = [p.new for p in home.pairs if p.after and p.before and not p.same_text and p.new]
    before = sum(unit.key(n) == wanted for unit in gone for n in unit.of(type(node)))
    after = sum(unit.key(n) == wanted for unit in kept if unit is not new for n in unit.of(type(node)))
    return before <= after


def assertions(unit: Unit) -> int:
    """Assert statements, ``assert...`` calls and ``raises``/``warns`` blocks of a test."""
    names = [dotted(call.func).rpartition(".")[2] for call in unit.of(cst.Call)]
    calls_ = sum(
        n.startswith(("assert", "_assert", "fail"))
        or n
        in {
            "raises",
            "warns",
            "eq_",
            "ok_",
            "is_",
            "is_true",
            "is_false",
            "expect_raises",
            "expect_raises_message",
            "in_",
            "ne_",
        }
        for n in names
    )
    return len(unit.of(cst.Assert)) + calls_


def _weaker(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    before, after = assertions(old), assertions(new)
    if after < before and not _parametrized(old, new) and _helper_calls(new) <= _helper_calls(old):
        yield Hit(
            "structure.assertions-removed",
            home.path,
            new.outline.source.git_line(new.piece.start),
            f"`{new.piece.qualname}` makes {after} assertion{'s' * (after != 1)}, {before} before:"
            " does it still fail"
            " when the code is wrong?",
            new.piece.qualname,
        )


_ASKS_LITTLE = {"assertTrue", "assertIsNotNone", "assertFalse", "assertIn", "assertGreater"}


def _loosened(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    """One assertion edited in place which now holds in more cases, as far as its form tells."""
    before, after = _claims(old), _claims(new)
    kept = {old.key(n) for n in before} & {new.key(n) for n in after}
    lost, gained = (
        [n for n in before if old.key(n) not in kept],
        [n for n in after if new.key(n) not in kept],
    )
    if len(before) != len(after) or len(lost) != len(gained):
        return
    for left, right in zip(lost, gained, strict=True):
        if _strict(left) and _asks_little(new, right):
            yield Hit(
                "structure.assertions-removed",
                home.path,
                new.line(right),
                f"`{new.piece.qualname}` now asserts `{new.text(right, 60)}`, before `{old.text(left, 60)}`:"
                " does it still fail when the result is wrong?",
                f"{new.piece.qualname} {new.text(right, 200)}",
            )


def _claims(unit: Unit) -> list[cst.CSTNode]:
    """The asserted conditions and ``assert...``/``raises`` calls, in reading order within each kind."""
    names = ("assert", "raises")
    found: list[cst.CSTNode] = [node.test for node in unit.of(cst.Assert)]
    return found + [c for c in unit.of(cst.Call) if dotted(c.func).rpartition(".")[2].startswith(names)]


def _strict(claim: cst.CSTNode) -> bool:
    """An exact comparison, or one named type of error."""
    if isinstance(claim, cst.Call):
        name = dotted(claim.func).rpartition(".")[2]
        broad = claim.args and dotted(claim.args[0].value) in _BROAD
        return name in {"assertEqual", "assertEquals", "assertIs", "assertIsNone"} or (
            "aises" in name and not broad
        )
    if not isinstance(claim, cst.Comparison):
        return False
    target = claim.comparisons[0]
    return isinstance(target.operator, cst.Equal | cst.Is) and dotted(target.comparator) != "True"


_BROAD = {"Exception", "BaseException"}


def _asks_little(unit: Unit, claim: cst.CSTNode) -> bool:
    """True of nearly any result: a truth value, "not None", membership, ``... or True``, any Exception."""
    if isinstance(claim, cst.Call):
        name = dotted(claim.func).rpartition(".")[2]
        broad = bool(claim.args) and dotted(claim.args[0].value) in _BROAD
        return name in _ASKS_LITTLE or ("aises" in name and broad)
    if isinstance(claim, cst.BooleanOperation):
        return isinstance(claim.operator, cst.Or)
    if isinstance(claim, cst.Comparison):
        target = claim.comparisons[0]
        unequal = isinstance(target.operator, cst.IsNot | cst.NotEqual)
        return isinstance(target.operator, cst.In) or (unequal and unit.text(target.comparator) == "None")
    return isinstance(claim, cst.Name | cst.Call)


def _parametrized(old: Unit, new: Unit) -> bool:
    """Rewritten with parameters: fewer assertions that run more often."""
    return any(
        "parametrize" in new.text(d, 60) or "combinations" in new.text(d, 60)
        for d in pick(new.of(cst.Decorator), new, old)
    )


def _helper_calls(unit: Unit) -> int:
    return sum("check" in name or "verify" in name or "expect" in name for name, _ in calls(unit))
