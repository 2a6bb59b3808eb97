"""Cyclomatic complexity (McCabe 1976, doi:10.1109/TSE.1976.233837) and nesting depth, before and after."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, fresh, is_test

COMPLEX = 15  # decisions + 1; above ten is McCabe's own limit, fifteen is where he allows exceptions
GREW_BY = 4
DEEP = 5
_BRANCHES = (
    cst.If,
    cst.IfExp,
    cst.For,
    cst.While,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.CompIf,
    cst.BooleanOperation,
    cst.MatchCase,
    cst.Assert,
)
_NESTING = (cst.If, cst.For, cst.While, cst.Try, cst.TryStar, cst.With, cst.Match)


def cyclomatic(unit: Unit) -> int:
    """Decisions plus one."""
    return 1 + len(unit.of(*_BRANCHES))


def nesting(unit: Unit) -> int:
    """How many blocks lie inside one another at the deepest; ``elif`` counts as beside, not inside."""
    return max((_level(unit, node) for node in unit.of(*_NESTING)), default=0)


def _level(unit: Unit, node: cst.CSTNode) -> int:
    level, inner = 1, node
    for outer in unit.around(node):
        is_elif = isinstance(outer, cst.If) and isinstance(inner, cst.If) and outer.orelse is inner
        level += isinstance(outer, _NESTING) and not is_elif
        inner = outer
    return level


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Say where a function became, or came as, hard to follow."""
    del world  # a function is judged by itself
    if is_test(home.path):
        return
    for _, old, new in fresh(home):
        if new.definition is None:
            continue
        before, after = cyclomatic(old) if old else 1, cyclomatic(new)
        name = new.piece.qualname
        if after >= COMPLEX and after - before >= GREW_BY:
            words = f"went from {before} to {after}" if old else f"is {after} from the start"
            message = f"The cyclomatic complexity of `{name}` {words}: more paths than most tests cover."
            yield Hit("structure.complexity-increased", home.path, new.line(new.definition), message, name)
        left, right = nesting(old) if old else 0, nesting(new)
        if right >= DEEP and right > left:
            words = f"went from {left} to {right} blocks" if old else f"is {right} blocks deep from the start"
            message = f"Nesting in `{name}` {words}: which condition holds where is hard to see."
            yield Hit("structure.nesting-increased", home.path, new.line(new.definition), message, name)
