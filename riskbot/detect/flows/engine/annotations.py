"""What annotations say: that data is of a zone, and what class of things a name stands for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from riskbot.detect.flows.engine.definitions import Module, dotted_name, last_name
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    ExternalRef,
    Object,
    ObjectId,
    ObjectRef,
    Value,
    ref,
)
from riskbot.detect.flows.engine.world import World

_WRAPPERS = frozenset(
    {
        "Optional",
        "Union",
        "Annotated",
        "ClassVar",
        "Final",
        "Awaitable",
        "Coroutine",
        "Required",
        "NotRequired",
        "Mapped",
    }
)
_MANY = frozenset(
    {
        "list",
        "List",
        "Sequence",
        "Iterable",
        "Iterator",
        "AsyncIterator",
        "AsyncIterable",
        "Generator",
        "set",
        "Set",
        "frozenset",
        "deque",
        "Collection",
        "AsyncGenerator",
        "QuerySet",
        "tuple",
        "Tuple",
        "dict",
        "Dict",
        "Mapping",
        "defaultdict",
        "MutableMapping",
    }
)
_LONGEST = 500  # characters of an annotation in quotes that are still parsed


def zones_of(world: World, module: Module, node: ast.expr | None, depth: int = 0) -> list[tuple[str, int]]:
    """The zones whose data an annotation says this is: (what said so, the zone's index)."""
    if node is None or depth > 6 or not world.tables.typed:
        return []
    if depth:
        return _zones_of(world, module, node, depth)
    known = world.zoned.get(node)
    if known is None:
        known = world.zoned[node] = _zones_of(world, module, node, 0)
    return list(known)


def _zones_of(world: World, module: Module, node: ast.expr, depth: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    node = _unquoted(node)
    if isinstance(node, ast.Call):
        if last_name(node.func) == "Zone" and node.args and isinstance(node.args[0], ast.Constant):
            return _by_category(world, str(node.args[0].value))
        return []
    if isinstance(node, ast.Name | ast.Attribute):
        found.extend(world.tables.sources["types"].find(dotted_name(node), written=True))
        reference = world.program.resolve(node, module)
        if isinstance(reference, ClassRef):
            found.extend(world.tables.sources["types"].find(reference.info.dotted))
        elif isinstance(reference, ExternalRef):
            found.extend(world.tables.sources["types"].find(reference.name))
        if (meant := alias(world, module, node)) is not None:
            found.extend(zones_of(world, meant[0], meant[1], depth + 1))
        return list(dict.fromkeys(found))
    if isinstance(node, ast.Subscript):
        if last_name(node.value) == "Literal":
            return []
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in [node.value, *parts]:
            found.extend(zones_of(world, module, part, depth + 1))
    elif isinstance(node, ast.BinOp):
        found = zones_of(world, module, node.left, depth + 1) + zones_of(world, module, node.right, depth + 1)
    return list(dict.fromkeys(found))


def _by_category(world: World, category: str) -> list[tuple[str, int]]:
    return [
        (f'Zone("{category}")', number)
        for number, zone in enumerate(world.tables.zones)
        if category == zone.data_category or category.startswith(zone.data_category + ".")
    ]


def _unquoted(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= _LONGEST:
        return _parsed(node.value) or node
    return node


@lru_cache(maxsize=4096)
def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def alias(world: World, module: Module, node: ast.expr, depth: int = 0) -> tuple[Module, ast.expr] | None:
    """The expression that a name of a type stands for (``Card = Annotated[...]``), and where it stands."""
    if depth > 6 or not isinstance(node, ast.Name | ast.Attribute):
        return None
    if isinstance(node, ast.Attribute):
        owner = world.program.resolve(node.value, module)
        path = getattr(owner, "path", None)
        home = world.program.module(path) if path else None
        return alias(world, home, ast.Name(node.attr), depth + 1) if home is not None else None
    for statement in module.bound.get(node.id, []):
        if isinstance(statement, ast.Assign):
            return module, statement.value
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            return module, statement.value
        if isinstance(statement, ast.ImportFrom):
            path = world.program.find(world.program.imported(statement, module), module.path)
            home = world.program.module(path) if path else None
            if home is not None and home is not module:
                name = next(
                    (one.name for one in statement.names if (one.asname or one.name) == node.id), node.id
                )
                return alias(world, home, ast.Name(name), depth + 1)
    return None


def typed(world: World, module: Module, node: ast.expr | None, depth: int = 0) -> Value:
    """A thing of the class that an annotation names; NOTHING where it names none."""
    if node is None or depth > 4:
        return NOTHING
    node = _unquoted(node)
    if isinstance(node, ast.Subscript):
        name = last_name(node.value)
        if name in _WRAPPERS or name in {"type", "Type"}:
            return _first(world, module, node, depth) if name in _WRAPPERS else NOTHING
        if name in _MANY:
            inner = _first(world, module, node, depth)
            return (
                _many(world, inner, "dict" if "ict" in name or "Mapping" in name else "list")
                if inner.refs
                else inner
            )
        node = node.value
    if isinstance(node, ast.BinOp):
        found = typed(world, module, node.left, depth + 1)
        return found if found is not NOTHING else typed(world, module, node.right, depth + 1)
    if not isinstance(node, ast.Name | ast.Attribute):
        return NOTHING
    reference = world.program.resolve(node, module)
    if isinstance(reference, ClassRef):
        return instance_of(world, reference)
    if isinstance(reference, ExternalRef) and "." in reference.name:
        return library(world, reference.name)
    return NOTHING


def _first(world: World, module: Module, node: ast.Subscript, depth: int) -> Value:
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    ordered: Iterator[ast.expr] = iter(parts if last_name(node.value) in _WRAPPERS else reversed(parts))
    for part in ordered:
        found = typed(world, module, part, depth + 1)
        if found is not NOTHING:
            return found
    return NOTHING


def _many(world: World, inner: Value, kind: str) -> Value:
    identity: ObjectId = ("typed", kind, *(one.id for one in inner.refs if isinstance(one, ObjectRef)))
    world.typed.setdefault(identity, Object(kind, None, {}, inner))
    return ref(ObjectRef(identity))


def instance_of(world: World, reference: ClassRef) -> Value:
    """Some instance of a class."""
    identity: ObjectId = ("typed", reference.info.dotted)
    world.typed.setdefault(identity, Object("instance", reference.info, open=True))
    return ref(ObjectRef(identity))


def library(world: World, name: str) -> Value:
    """Some object of a library's class."""
    identity: ObjectId = ("typed", "library", name)
    world.typed.setdefault(identity, Object("library", name, open=True))
    return ref(ObjectRef(identity))
