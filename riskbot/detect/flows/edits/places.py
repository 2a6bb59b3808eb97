"""Where in the code each pattern of the zones has something: by name, without following any data.

This is what ``riskbot zones explain`` shows, and how it tells a pattern that means nothing any more. Names
are read as the file imports them; what only the engine works out (the type of a variable) is not, so that a
pattern is called *stale* only where not even its last part occurs.
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from riskbot.detect.flows.edits.bindings import imported
from riskbot.detect.flows.edits.zones import matches
from riskbot.detect.flows.trees.tree import MAX_BYTES, Tree
from riskbot.domain.zones import Zone, Zones

MOST = 1000  # places of one pattern that are counted one by one

Pattern = tuple[str, str]
"""What is declared (``calls``, ``keys``, ``reclassifiers`` ...) and the pattern."""


@dataclass(slots=True)
class Places:
    """Where a pattern has something: the first places, and whether its last part occurs at all."""

    found: list[tuple[str, int]] = field(default_factory=list)
    resembles: bool = False


def patterns(zone: Zone) -> Iterator[Pattern]:
    """Give every pattern of a zone with what it is declared as; of a sink's, ``sink.calls``."""
    for name in zone.sources.__dataclass_fields__:
        for pattern in getattr(zone.sources, name):
            yield name, pattern
    for sink in zone.sinks:
        for name in _PARTS:
            for pattern in getattr(sink, name):
                yield f"{sink.name}.{name}", pattern
    for one in zone.reclassifiers:
        yield "reclassifiers", one.call


def find(tree: Tree, zones: Zones) -> dict[Pattern, Places]:
    """Look through all Python files; those that cannot be parsed have nothing."""
    wanted = {one: Places() for zone in zones.zones for one in patterns(zone)}
    by_last: dict[str, list[Pattern]] = defaultdict(list)
    for one in wanted:
        last = one[1] if one[0] == "keys" else one[1].rpartition(".")[2]
        by_last["$" if last.startswith("$") else last].append(one)
    for path in tree.paths():
        content = tree.read(path)
        if content is None or len(content) > MAX_BYTES:
            continue
        for kind, name, line in _names(content, path):
            last = name if kind == "key" else name.rpartition(".")[2]
            for pattern in (*by_last.get(last, ()), *(by_last["$"] if kind != "key" else ())):
                _note(wanted[pattern], pattern, kind, name, (path, line))
    for places in wanted.values():
        places.found.sort()
    return wanted


_KINDS = {
    "calls": ("call", "definition"),
    "functions": ("definition", "call"),
    "attributes": ("attribute", "field"),
    "keys": ("key",),
    "parameters": ("parameter",),
    "columns": ("field", "attribute"),
    "decorators": ("decorator",),
    "types": ("annotation",),
    "reclassifiers": ("call", "definition"),
}
_PARTS = {"calls": ("call",), "return_of_decorated": ("decorator",), "columns": ("field", "attribute")}


def _note(places: Places, pattern: Pattern, kind: str, name: str, where: tuple[str, int]) -> None:
    declared, text = pattern
    _, dot, part = declared.partition(".")
    kinds = _PARTS[part] if dot else _KINDS[declared]
    if kind not in kinds:
        return
    places.resembles = True
    if kind != "key" and not matches(text, name):
        return
    if len(places.found) < MOST and where not in places.found:
        places.found.append(where)


def _names(content: bytes, path: str) -> Iterator[tuple[str, str, int]]:
    """Give every name of a file that a pattern could mean: its kind, the name, its line."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    imports: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports |= dict(imported(node, path))
    module = path.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")
    waiting: list[tuple[ast.AST, str]] = [(tree, module)]
    while waiting:
        node, scope = waiting.pop()
        below = scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            below = f"{scope}.{node.name}"
            yield "definition", below, node.lineno
            for decorator in node.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                yield "decorator", _dotted(called, imports), decorator.lineno
        yield from _named(node, below, imports)
        waiting += [(child, below) for child in ast.iter_child_nodes(node)]


def _named(node: ast.AST, scope: str, imports: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """Give what one node names by itself."""
    if isinstance(node, ast.Call):
        name = _dotted(node.func, imports)
        yield "call", name, node.lineno
        if name.endswith((".get", ".pop", ".setdefault")) and node.args:
            yield from _key(node.args[0])
    elif isinstance(node, ast.Attribute):
        yield "attribute", _dotted(node, imports), node.lineno
    elif isinstance(node, ast.Subscript):
        yield from _key(node.slice)
    elif isinstance(node, ast.arg):
        yield "parameter", f"{scope}.{node.arg}", node.lineno
        yield from _annotation(node.annotation, imports)
    elif isinstance(node, ast.AnnAssign):
        yield from _annotation(node.annotation, imports)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _annotation(node.returns, imports)
    elif isinstance(node, ast.Dict):
        for key in node.keys:
            yield from _key(key)
    targets = node.targets if isinstance(node, ast.Assign) else []
    for target in [node.target] if isinstance(node, ast.AnnAssign) else targets:
        if isinstance(target, ast.Name):
            yield "field", f"{scope}.{target.id}", target.lineno


def _key(node: ast.expr | None) -> Iterator[tuple[str, str, int]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield "key", node.value, node.lineno


def _annotation(node: ast.expr | None, imports: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Name | ast.Attribute):
            yield "annotation", _dotted(one, imports), one.lineno
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and len(one.value) < MOST:
            yield "annotation", one.value, one.lineno


def _dotted(node: ast.AST, imports: dict[str, str]) -> str:
    """Write a name as it is imported; what is no name is ``?``, as is what a call gives."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    first = imports.get(node.id, node.id) if isinstance(node, ast.Name) else "?"
    return ".".join([first, *reversed(parts)])
