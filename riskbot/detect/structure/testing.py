"""Tests that went, are skipped, or check less; code that changed without a test."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair, Relation
from riskbot.detect.structure.names import calls, dotted
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
        if pair.relation is Relation.REMOVED
        and pair.piece.kind is Kind.FUNCTION
        and _is_test_function(pair.piece)
        and pair.piece.name not in everywhere
    ]
    if gone and gone[0].before:
        names = [pair.piece.qualname for pair in gone]
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


def _skips(unit: Unit) -> list[cst.CSTNode]:
    marks: list[cst.CSTNode] = []
    for decorator in unit.of(cst.Decorator):
        inner = decorator.decorator
        name = dotted(inner.func if isinstance(inner, cst.Call) else inner)
        if name.rpartition(".")[2] in _SKIPS:
            marks.append(decorator)
    marks += [
        call
        for name, call in calls(unit)
        if name.rpartition(".")[2] in _SKIPS
        and name != "pytest.mark"
        and not isinstance(unit.parent(call), cst.Decorator)
    ]
    return marks


def _skipped(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    before, after = _skips(old), _skips(new)
    if len(after) <= len(before):
        return
    for node in pick(after, new, old)[:1]:
        name = new.piece.qualname or "the module"
        yield Hit(
            "structure.test-skipped",
            home.path,
            new.line(node),
            f"`{name}` is now skipped or expected to fail (`{new.text(node, 60)}`): what it checked"
            " is no longer"
            " checked there.",
            f"{name} {new.text(node, 200)}",
        )


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


def _parametrized(old: Unit, new: Unit) -> bool:
    """Rewritten with parameters: fewer assertions that run more often."""
    return any(
        "parametrize" in new.text(d, 60) or "combinations" in new.text(d, 60)
        for d in pick(new.of(cst.Decorator), new, old)
    )


def _helper_calls(unit: Unit) -> int:
    return sum("check" in name or "verify" in name or "expect" in name for name, _ in calls(unit))
