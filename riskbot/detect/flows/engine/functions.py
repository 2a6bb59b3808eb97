"""The body of a function: what its parameters are, what it gives back, and the functions inside it."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.annotations import alias, typed, zones_of
from riskbot.detect.flows.engine.definitions import FunctionInfo, Module, dotted_name, last_name
from riskbot.detect.flows.engine.frame import Frame, join_heaps
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.tables import Where
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ExternalRef,
    FunctionRef,
    Key,
    Object,
    ObjectId,
    ObjectRef,
    Value,
    join,
    ref,
)

_DEPENDING = frozenset({"Depends", "Security"})


def enter(frame: Frame, info: FunctionInfo) -> None:
    """Run a function from its first statement to the end; ``frame`` then holds what it does."""
    frame.world.check_time()
    _parameters(frame, info)
    if info.scan.cells:
        _open_cells(frame, info)
    elif frame.env is not None:
        frame.own = None
    if isinstance(info.node, ast.Lambda):
        give(frame, frame.eval(info.node.body), info.node)
    else:
        frame.run(info.body)
        if not frame.dead:
            leave(frame)
    frame.result = _result(frame, info)
    for function in frame.inside:
        heap = frame.heap
        frame.heap = dict(frame.exit or heap)
        invoke(frame, function, Args(), info.node)
        frame.heap = heap


def leave(frame: Frame) -> None:
    """Note the heap as it is where the function ends."""
    frame.exit = dict(frame.heap) if frame.exit is None else join_heaps(frame.exit, frame.heap)
    frame.dead = True


def give(frame: Frame, value: Value, node: ast.AST) -> None:
    """Return a value; that of a decorated function may be a sink."""
    info = frame.info
    if info is not None and info.decorators and frame.world.tables.returned and value is not NOTHING:
        sinks = returned_sinks(frame, info)
        if sinks:
            frame.hit(deep(frame, value), sinks, node, f"returned by `{info.name}`")
    frame.result = join(frame.result, value)
    leave(frame)


def decorator_names(frame: Frame, info: FunctionInfo) -> list[tuple[str, bool]]:
    """The names of a function's decorators: (name, whether only as written)."""
    found: list[tuple[str, bool]] = []
    for one in info.decorators:
        node = one.func if isinstance(one, ast.Call) else one
        found.append((dotted_name(node), True))
        reference = frame.world.program.resolve(node, info.module)
        if isinstance(reference, ExternalRef):
            found.append((reference.name, False))
        elif isinstance(reference, FunctionRef):
            found.append((reference.info.dotted, False))
    return found


def returned_sinks(frame: Frame, info: FunctionInfo) -> tuple[Where, ...]:
    """The sinks that what a decorated function returns goes to."""
    names = decorator_names(frame, info)
    found = [
        where
        for name, written in names
        for _, where in frame.world.tables.returned.find(name, written=written)
    ]
    return tuple(dict.fromkeys(found))


def _parameters(frame: Frame, info: FunctionInfo) -> None:
    declared = info.node.args
    tables = frame.world.tables
    every = [*declared.posonlyargs, *declared.args, *declared.kwonlyargs]
    every += [one for one in (declared.vararg, declared.kwarg) if one is not None]
    for one in every:
        value = frame.vars.get(one.arg, NOTHING)
        found = list(tables.sources["parameters"].find(f"{info.dotted}.{one.arg}"))
        if one.annotation is not None:
            found += zones_of(frame.world, info.module, one.annotation)
        if not value.refs and one.annotation is not None:
            value = join(depended(frame, info.module, one.annotation), value)
        if not value.refs:
            value = _unknown(frame, info, one, value)
        if found:
            source = tables.source(
                found, frame.path, one.lineno, f"the parameter `{one.arg}` of `{info.name}`"
            )
            value = join(value, source)
        frame.vars[one.arg] = value


def depended(frame: Frame, module: Module, annotation: ast.expr) -> Value:
    """What a framework passes for ``Annotated[Kind, Depends(function)]``: what the function gives."""
    home, node = alias(frame.world, module, annotation) or (module, annotation)
    if not (isinstance(node, ast.Subscript) and last_name(node.value) == "Annotated"):
        return NOTHING
    for part in node.slice.elts[1:] if isinstance(node.slice, ast.Tuple) else ():
        if isinstance(part, ast.Call) and last_name(part.func) in _DEPENDING and part.args:
            running = Frame(frame.world, home, None, frame.depth + 1)
            value = running.eval(part)
            frame.world.escape(value, running.heap)
            frame.reads |= running.reads
            frame.consulted |= running.consulted
            return value
    return NOTHING


def _unknown(frame: Frame, info: FunctionInfo, one: ast.arg, value: Value) -> Value:
    """A parameter that no known object is passed for."""
    if one.annotation is not None:
        known = typed(frame.world, info.module, one.annotation)
        if known.refs and isinstance(known.refs[0], ObjectRef):
            identity: ObjectId = ("parameter", one.arg)
            frame.heap[identity] = frame.object(known.refs[0].id)
            frame.incoming[identity] = frame.heap[identity]
    return Value(value.labels, (*value.refs, ObjectRef(("parameter", one.arg))))


def _open_cells(frame: Frame, info: FunctionInfo) -> None:
    """Variables that functions inside use live in an object that all of them refer to."""
    cells = info.scan.cells
    fields: dict[Key, Value] = {name: frame.vars.pop(name) for name in list(frame.vars) if name in cells}
    if frame.env is not None:
        fields["<outside>"] = ref(ObjectRef(frame.env))
    frame.cells = cells
    frame.own = frame.allocate(info.node, Object("env", None, fields), "env")


def _result(frame: Frame, info: FunctionInfo) -> Value:
    value = frame.result
    tables = frame.world.tables
    found = list(tables.sources["functions"].find(info.dotted))
    what = f"what `{info.name}` returns"
    if info.decorators and tables.sources["decorators"]:
        for name, written in decorator_names(frame, info):
            found += tables.sources["decorators"].find(name, written=written)
    if not isinstance(info.node, ast.Lambda) and info.node.returns is not None:
        zones = zones_of(frame.world, info.module, info.node.returns)
        found += zones
        if not value.refs and not zones:
            known = typed(frame.world, info.module, info.node.returns)
            value = Value(value.labels, known.refs) if known.refs else value
    source = tables.source(dict.fromkeys(found), frame.path, info.node.lineno, what) if found else NOTHING
    if info.scan.generator:
        items = join(frame.yielded, source)
        fields: dict[Key, Value] = {"<generator>": ref(FunctionRef(info))} if info.scan.receives else {}
        made = Object("iterator", None, fields, items, value)
        identity = frame.allocate(info.node, made, "items")
        if frame.exit is not None:
            frame.exit[identity] = made
        else:
            frame.exit = {**frame.heap, identity: made}
        return ref(ObjectRef(identity))
    return join(value, source)
