"""A cheap outline of a module: which lines belong to which function, class and statement.

The standard library's parser reads a file about ten times faster than libcst, so it cuts the file into pieces
and libcst reads only the pieces that changed. Where the running interpreter's grammar is older than the file,
libcst cuts too (slower, same pieces).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from riskbot.detect.structure.source import Source, UnreadableError

MAX_DEPTH = 125  # brackets; libcst's native parser overflows its stack a good way above this
MAX_PIECE = 200_000  # characters; beyond it a piece is data, not code that a person reads
_DEEP = re.compile(r"[(\[{]{60}|(?:(?:not|lambda *:|[-+~]) *){60}|^[ \t]{400}", re.MULTILINE)


class Kind(Enum):
    """What a piece of a module is."""

    FUNCTION = "function"
    CLASS = "class"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of lines: a function, a class header (without its body), or one plain statement.

    ``scope`` is the qualified name of the class around it, "" at module level; ``name`` is empty for
    statements. Lines are 1-based and inclusive and begin at the first decorator.
    """

    kind: Kind
    scope: str
    name: str
    start: int
    end: int
    text: str

    @property
    def qualname(self) -> str:
        """``Class.method``; for a statement the name of what holds it."""
        return ".".join(part for part in (self.scope, self.name) if part)


@dataclass(slots=True)
class Outline:
    """The pieces of a module in order, its import aliases, and its ``__all__`` (None: it has none)."""

    source: Source
    pieces: list[Piece] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    modules: dict[str, int] = field(default_factory=dict)
    exports: frozenset[str] | None = None
    typing: set[int] = field(default_factory=set)  # lines that only type checkers run


def outline(source: Source) -> Outline:
    """Cut a module into pieces. Raises UnreadableError where neither parser can read it."""
    try:
        tree = ast.parse(source.text)
    except (RecursionError, MemoryError) as error:
        raise UnreadableError("it is nested too deeply") from error
    except (SyntaxError, ValueError) as error:
        if "too many" in str(error):
            raise UnreadableError(f"it is nested too deeply: {error}") from error
        return _outline_by_libcst(source, error)
    result = Outline(source)
    _cut(result, tree.body, "", 0)
    _read_imports(result, tree.body)
    return result


def _cut(result: Outline, body: list[ast.stmt], scope: str, last_line: int) -> None:
    """Append the pieces of ``body``; statements that share a line become one piece."""
    for node in body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring or an ellipsis does nothing
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        end = node.end_lineno or node.lineno
        if start <= last_line:
            _extend(result, end)
        elif isinstance(node, ast.ClassDef) and node.body[0].lineno > node.lineno:
            _cut_class(result, node, scope, start)
        else:
            kind = Kind.CLASS if isinstance(node, ast.ClassDef) else _kind(node)
            _append(result, kind, scope, getattr(node, "name", ""), start, end)
        last_line = end


def _kind(node: ast.stmt) -> Kind:
    return Kind.FUNCTION if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else Kind.STATEMENT


def _cut_class(result: Outline, node: ast.ClassDef, scope: str, start: int) -> None:
    first = node.body[0]
    head = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", ()))]) - 1
    _append(result, Kind.CLASS, scope, node.name, start, head)
    _cut(result, node.body, ".".join(part for part in (scope, node.name) if part), 0)


def _append(  # noqa: PLR0917 - the fields of a Piece
    result: Outline, kind: Kind, scope: str, name: str, start: int, end: int
) -> None:
    name = name if kind is not Kind.STATEMENT else ""
    result.pieces.append(Piece(kind, scope, name, start, end, result.source.cut(start, end)))


def _extend(result: Outline, end: int) -> None:
    last = result.pieces.pop() if result.pieces else None
    if last is not None:
        _append(result, last.kind, last.scope, last.name, last.start, max(end, last.end))


def _read_imports(result: Outline, body: list[ast.stmt]) -> None:
    for node in _top_level(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                result.modules.setdefault(alias.name, node.lineno)
                result.aliases[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            result.modules.setdefault(module, node.lineno)
            for alias in node.names:
                result.aliases[alias.asname or alias.name] = f"{module}.{alias.name}"
        elif isinstance(node, ast.If) and _is_name(node.test, "TYPE_CHECKING"):
            result.typing |= {
                line for n in node.body for line in range(n.lineno, (n.end_lineno or n.lineno) + 1)
            }
        elif isinstance(node, ast.AugAssign) and _is_name(node.target, "__all__"):
            more = _strings(node.value)
            result.exports = None if more is None or result.exports is None else result.exports | more
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_is_name(target, "__all__") for target in targets):
                result.exports = _strings(node.value)


def _is_name(node: ast.expr, name: str) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) == name


def _strings(node: ast.expr) -> frozenset[str] | None:
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    values = [element.value if isinstance(element, ast.Constant) else None for element in node.elts]
    return frozenset(value for value in values if isinstance(value, str))


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run at import: also those under if, try and with."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for name in ("finalbody", "orelse", "handlers", "body"):
                for child in reversed(getattr(node, name, ())):
                    waiting += reversed(child.body) if isinstance(child, ast.ExceptHandler) else [child]


def _outline_by_libcst(source: Source, error: Exception) -> Outline:
    from riskbot.detect.structure.fallback import pieces_by_libcst

    if too_deep(source.text):
        raise UnreadableError(f"it is not valid Python here: {error}")
    return pieces_by_libcst(source)


def too_deep(text: str) -> bool:
    """Whether ``text`` nests so deeply that libcst must not see it."""
    return _DEEP.search(text) is not None or bracket_depth(text) > MAX_DEPTH


def bracket_depth(text: str) -> int:
    """How deep the brackets of ``text`` nest, counting those in strings too (a bound, not a parse)."""
    depth = deepest = 0
    for char in re.findall(r"[()\[\]{}]", text):
        depth += 1 if char in "([{" else -1
        deepest = max(deepest, depth)
    return deepest
