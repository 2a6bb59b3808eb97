"""What the checks share: the whole change at once, the kind of each file, and the shape of what they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from riskbot.detect.structure.compare import FilePair, Pair, Relation
from riskbot.detect.structure.outline import Kind, Piece
from riskbot.detect.structure.unit import Key, Node, Unit
from riskbot.domain.finding import Severity, Side

_TEST = re.compile(r"(^|/)(t|tests?|testing)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest)\.py$")
_ASIDE = re.compile(
    r"(^|/)(docs?|examples?|benchmarks?|scripts?|tools)/|(^|/)(setup|conf|noxfile|fabfile|tasks)\.py$"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check says: which rule, of which file and line, in words. ``matched`` stays when lines move."""

    rule: str
    path: str
    line: int | None
    message: str
    matched: str
    side: Side = Side.NEW
    evidence: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(eq=False)
class World:
    """The whole change, for questions such as "is this gone, or did it only move?"."""

    files: list[FilePair]
    _counts: dict[tuple[type, Side], Counter[Key]] = field(default_factory=dict)

    def lost(self, unit: Unit, node: cst.CSTNode) -> bool:
        """Whether the change as a whole has fewer nodes that mean the same as ``node`` after than before."""
        return self._fewer(unit.key(node), type(node), Side.NEW)

    def gained(self, unit: Unit, node: cst.CSTNode) -> bool:
        """Whether the change as a whole has more nodes that mean the same as ``node`` after than before."""
        return self._fewer(unit.key(node), type(node), Side.OLD)

    def _fewer(self, key: Key, kind: type[cst.CSTNode], on: Side) -> bool:
        other = Side.OLD if on is Side.NEW else Side.NEW
        return self._count(kind, on)[key] < self._count(kind, other)[key]

    def _count(self, kind: type[cst.CSTNode], side: Side) -> Counter[Key]:
        """How often each meaning occurs in the units of one side that differ, tests left aside."""
        if (kind, side) not in self._counts:
            self._counts[kind, side] = Counter(
                unit.key(node)
                for home in self.files
                if not is_test(home.path)
                for pair in home.pairs
                if not pair.same_text and (unit := pair.old if side is Side.OLD else pair.new) is not None
                for node in unit.of(kind)
            )
        return self._counts[kind, side]


def edited(home: FilePair) -> Iterator[tuple[Pair, Unit, Unit]]:
    """The pairs that exist on both sides and do not mean the same."""
    for pair in home.pairs:
        if pair.before and pair.after and not pair.same and pair.old and pair.new:
            yield pair, pair.old, pair.new


def fresh(home: FilePair) -> Iterator[tuple[Pair, Unit | None, Unit]]:
    """The pairs with something new to read: changed or added. The old unit is None for an added one."""
    for pair in home.pairs:
        if pair.after and not pair.same_text and pair.new and not (pair.before and pair.same):
            yield pair, pair.old, pair.new


def is_test(path: str) -> bool:
    """The path is a test's by the usual names."""
    return _TEST.search(path) is not None


def is_library(path: str) -> bool:
    """Code that others may import: not a test, a script, documentation or an example."""
    return not is_test(path) and not _ASIDE.search(path) and path.endswith((".py", ".pyi"))


def is_public(home: FilePair, piece: Piece) -> bool:
    """Reachable by others: no part of module or name begins with an underscore, ``__all__`` agrees."""
    parts = home.path.removesuffix(".py").removesuffix(".pyi").split("/") + piece.qualname.split(".")
    if not is_library(home.path) or any(part.startswith("_") and not _dunder(part) for part in parts):
        return False
    exports = (home.old.exports if home.old else None) or (home.new.exports if home.new else None)
    return exports is None or not piece.qualname or piece.qualname.split(".")[0] in exports


def _dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def where(unit: Unit) -> str:
    """How a message names the unit."""
    piece = unit.piece
    if piece.kind is Kind.STATEMENT:
        return f"the body of `{piece.scope}`" if piece.scope else "the module"
    return f"`{piece.qualname}`"


def removed(  # noqa: PLR0917 - a Hit on the old side has this much to say
    home: FilePair, rule: str, old: Unit, node: cst.CSTNode, message: str, severity: Severity | None = None
) -> Hit:
    """Say that ``node`` of the old side is gone."""
    path = home.file.old_path or home.path
    matched = f"{old.piece.qualname} {old.text(node, 200)}"
    return Hit(rule, path, old.line(node), message, matched, Side.OLD, severity=severity)


def changed_by_move(pair: Pair) -> bool:
    """The pair was moved or renamed."""
    return pair.relation in {Relation.MOVED, Relation.RENAMED}


def pick(nodes: Sequence[Node], unit: Unit, other: Unit | None) -> list[Node]:
    """Those of ``nodes`` whose meaning the other unit has less often."""
    spare = (
        Counter(other.key(n) for k in {type(n) for n in nodes} for n in other.of(k)) if other else Counter()
    )
    rest = []
    for node in nodes:
        key = unit.key(node)
        if spare[key] > 0:
            spare[key] -= 1
        else:
            rest.append(node)
    return rest


def shorten(names: list[str], limit: int = 5) -> str:
    """``a, b, c and 4 more``, each in backquotes."""
    shown = ", ".join(f"`{name}`" for name in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown
