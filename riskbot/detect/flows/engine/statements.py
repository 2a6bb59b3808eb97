"""Statements that assign, define, return and raise."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.annotations import typed, zones_of
from riskbot.detect.flows.engine.calls import apply
from riskbot.detect.flows.engine.decorators import wrap
from riskbot.detect.flows.engine.definitions import ClassInfo, Module, class_, dotted_name, function
from riskbot.detect.flows.engine.expressions import combined
from riskbot.detect.flows.engine.frame import Frame, executes
from riskbot.detect.flows.engine.functions import give, leave
from riskbot.detect.flows.engine.invoke import Args, defaults, invoke
from riskbot.detect.flows.engine.items import find_method, iterate
from riskbot.detect.flows.engine.modules import global_value
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.targets import bind_target, constructed, delete
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    FunctionRef,
    Object,
    ObjectRef,
    Value,
    join,
    labelled,
    ref,
)


@executes(ast.Expr)
def expression(frame: Frame, node: ast.Expr) -> None:
    """An expression for its effects."""
    if not isinstance(node.value, ast.Constant):
        frame.eval(node.value)


@executes(ast.Assign)
def assign(frame: Frame, node: ast.Assign) -> None:
    """``a = b = value``."""
    value = frame.eval(node.value)
    for target in node.targets:
        if isinstance(target, ast.Attribute):
            bind_target(frame, target, constructed(frame, target, node.value, value))
        else:
            bind_target(frame, target, value)


@executes(ast.AnnAssign)
def annotated(frame: Frame, node: ast.AnnAssign) -> None:
    """``a: T = value``: what the annotation says is true of the value."""
    value = frame.eval(node.value) if node.value is not None else NOTHING
    zones = zones_of(frame.world, frame.module, node.annotation)
    if zones:
        what = f"`{dotted_name(node.target)}` is declared"
        value = join(value, frame.world.tables.source(zones, frame.path, node.lineno, what))
    if not value.refs:
        known = typed(frame.world, frame.module, node.annotation)
        value = Value(value.labels, known.refs) if known.refs else value
    if node.value is not None or zones:
        if isinstance(node.target, ast.Attribute):
            value = constructed(frame, node.target, node.value, value)
        bind_target(frame, node.target, value)


def _own_operator(frame: Frame, objects: list[ObjectRef], node: ast.AugAssign, value: Value) -> Value | None:
    """What ``__iadd__`` and the like of a class of the tree give; None where it has none."""
    name = _IN_PLACE.get(type(node.op))
    for one in objects:
        info = frame.object(one.id).info
        method = find_method(frame, info, name) if name and isinstance(info, ClassInfo) else None
        if method is not None:
            return invoke(frame, FunctionRef(method, None, one), Args([value]), node)
    return None


_IN_PLACE: dict[type[ast.operator], str] = {
    ast.Add: "__iadd__",
    ast.Sub: "__isub__",
    ast.BitOr: "__ior__",
    ast.BitAnd: "__iand__",
    ast.LShift: "__ilshift__",
    ast.RShift: "__irshift__",
}


@executes(ast.AugAssign)
def augmented(frame: Frame, node: ast.AugAssign) -> None:
    """``a += value``; a container gets more in place."""
    before = frame.eval(node.target)
    value = frame.eval(node.value)
    objects = [one for one in before.refs if isinstance(one, ObjectRef)]
    containers = [one for one in objects if frame.object(one.id).kind in {"list", "dict", "set"}]
    if not containers and (called := _own_operator(frame, objects, node, value)) is not None:
        bind_target(frame, node.target, called)
        return
    if not containers:
        bind_target(frame, node.target, combined(frame, node, before, value, node.op))
        return
    for one in containers:
        made = frame.object(one.id)
        changed = made.copy()
        if made.kind == "dict":
            for other in value.refs:
                if isinstance(other, ObjectRef):
                    inner = frame.object(other.id)
                    changed.fields.update(inner.fields)
                    changed.rest = join(changed.rest, inner.rest)
                    changed.keys = join(changed.keys, inner.keys)
            changed.rest = join(changed.rest, labelled(value.labels))
        else:
            more = frame.told(iterate(frame, value, node), node, f"goes into `{dotted_name(node.target)}`")
            changed.rest = join(changed.rest, more)
        frame.put(one.id, changed)


@executes(ast.Return)
def returns(frame: Frame, node: ast.Return) -> None:
    """The function ends here with a value."""
    value = frame.eval(node.value) if node.value is not None else NOTHING
    if frame.origins:
        frame.origins[-1].append(frame.fork())
    give(frame, value, node)


@executes(ast.Raise)
def raises(frame: Frame, node: ast.Raise) -> None:
    """An exception leaves here, with what it was made with."""
    if node.exc is not None:
        value = frame.eval(node.exc)
        if node.cause is not None:
            frame.eval(node.cause)
        labels = deep(frame, value)
        if labels and frame.world.tables.raised:
            frame.hit(labels, tuple(frame.world.tables.raised), node, "raised with it")
        frame.raised = join(frame.raised, frame.told(value, node, "is raised"))
    elif frame.caught:
        frame.raised = join(frame.raised, frame.caught[-1])
    if frame.origins:
        frame.origins[-1].append(frame.fork())
    leave(frame)


@executes(ast.FunctionDef, ast.AsyncFunctionDef)
def definition(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """A function is defined: at the top level, or with the variables around it."""
    if frame.info is None:
        if frame.world.bodies.get(frame.path) is frame and len(frame.module.bound.get(node.name, ())) == 1:
            frame.vars[node.name] = global_value(frame, frame.module, node.name)
        else:
            frame.vars[node.name] = ref(FunctionRef(function(node, frame.module, frame.module.name)))
        return
    info = function(node, frame.module, f"{frame.info.dotted}.<locals>", nested=True)
    env = frame.own
    values = [(name, frame.eval(default)) for name, default in defaults(info)]
    values = [(name, value) for name, value in values if value is not NOTHING]
    if values:
        if env is None:
            outside = {"<outside>": ref(ObjectRef(frame.env))} if frame.env is not None else {}
            env = frame.allocate(node, Object("env", None, outside), "env")  # type: ignore[arg-type]
        for name, value in values:
            frame.write(env, f"<default {info.dotted} {name}>", value, strong=True)
    made = FunctionRef(info, env or frame.env)
    value = ref(made)
    frame.assign(node.name, value)
    frame.inside.append(made)
    if info.decorators:
        frame.assign(node.name, wrap(frame, info, value))


@executes(ast.ClassDef)
def class_definition(frame: Frame, node: ast.ClassDef) -> None:
    """A class is defined; the statements of its body run once."""
    nested = frame.info is not None
    home = frame.info.dotted + ".<locals>" if frame.info is not None else frame.module.name
    info = class_(node, frame.module, home, nested=nested)
    frame.assign(node.name, ref(ClassRef(info)))
    body: list[ast.stmt] = [
        one for one in node.body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)
    ]
    for one in node.decorator_list:
        decorator = frame.eval(one)
        if any(isinstance(each, FunctionRef) for each in decorator.refs):
            apply(frame, decorator, Args([ref(ClassRef(info))]), one)  # it may put it into a registry
    if body:
        inner = Frame(frame.world, frame.module, None, frame.depth + 1)
        inner.run(body)
    if nested:
        for method in info.methods.values():
            from riskbot.detect.flows.engine.annotations import instance_of

            owner = instance_of(frame.world, ClassRef(info)).refs[0]
            frame.inside.append(FunctionRef(method, None, None if method.marked("staticmethod") else owner))


@executes(ast.Import, ast.ImportFrom)
def imports(frame: Frame, node: ast.Import | ast.ImportFrom) -> None:
    """Names are bound to modules and to what is in them."""
    program = frame.world.program
    if frame.world.bodies.get(frame.path) is frame and frame.info is None and _only(node, frame.module):
        return  # who asks for the name is told what it is: most are never asked for
    if isinstance(node, ast.Import):
        for one in node.names:
            name = one.asname or one.name.partition(".")[0]
            frame.assign(name, ref(program.module_ref(one.name if one.asname else name, frame.path)))
        return
    for one in node.names:
        name = one.asname or one.name
        if one.name == "*":
            continue
        source = program.imported(node, frame.module)
        path = program.find(source, frame.path) if source else None
        home = program.module(path) if path is not None and path != frame.path else None
        if home is not None and (one.name in home.bound or home.stars):
            if frame.info is None and name in frame.module.bound:
                found = program.import_from(node, one.name, frame.module)
                if found is None and frame.world.bodies.get(home.path) is None:
                    frame.vars[name] = global_value(frame, home, one.name)
                else:
                    frame.vars[name] = global_value(frame, home, one.name)
            else:
                frame.assign(name, global_value(frame, home, one.name))
            continue
        found = program.import_from(node, one.name, frame.module)
        frame.assign(name, ref(found) if found is not None else NOTHING)


def _only(node: ast.Import | ast.ImportFrom, module: Module) -> bool:
    """Whether a name is bound by this import alone, each of them."""
    whole = isinstance(node, ast.ImportFrom)
    names = [one.asname or (one.name if whole else one.name.partition(".")[0]) for one in node.names]
    return all(len(module.bound.get(name, ())) == 1 for name in names if name != "*")


@executes(ast.Global)
def global_names(frame: Frame, node: ast.Global) -> None:
    """These names are the module's."""
    frame.globals.update(node.names)


@executes(ast.Nonlocal)
def nonlocal_names(frame: Frame, node: ast.Nonlocal) -> None:
    """These names are those of the function around."""
    frame.nonlocals.update(node.names)


@executes(ast.Delete)
def deletes(frame: Frame, node: ast.Delete) -> None:
    """What is deleted bears nothing any more."""
    for target in node.targets:
        delete(frame, target)


@executes(ast.Assert)
def asserts(frame: Frame, node: ast.Assert) -> None:
    """The message of an assertion is raised with it."""
    frame.eval(node.test)
    if node.msg is not None:
        labels = deep(frame, frame.eval(node.msg))
        if labels and frame.world.tables.raised:
            frame.hit(labels, tuple(frame.world.tables.raised), node, "raised with it")
