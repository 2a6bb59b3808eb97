"""Attributes: what ``x.name`` is, and what storing there does."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.annotations import instance_of, typed, zones_of
from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo, dotted_name
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args, invoke, store_fact
from riskbot.detect.flows.engine.modules import class_value, demand_attribute, module_value
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    Const,
    ExternalRef,
    FunctionRef,
    ModuleRef,
    Object,
    ObjectRef,
    Ref,
    RowsRef,
    Value,
    join,
    labelled,
    ref,
)

PROPERTIES = (
    "property",
    "cached_property",
    "hybrid_property",
    "getter",
    "abstractproperty",
    "computed_field",
)
MANAGERS = frozenset({"objects", "query", "_default_manager", "_base_manager", "all_objects"})
# Attributes that tell which thing it is or how it went, not what is in it.
TELLING = frozenset(
    {
        "id",
        "pk",
        "uuid",
        "status_code",
        "status",
        "ok",
        "reason",
        "elapsed",
        "closed",
        "size",
        "count",
        "__name__",
        "__class__",
        "__module__",
        "__doc__",
        "created",
        "created_at",
        "updated_at",
        "modified",
        "exists",
        "returncode",
    }
)
RECLASSIFIED = Const("\0reclassified")


def read_attribute(frame: Frame, value: Value, node: ast.Attribute) -> Value:
    """What an attribute of a value is, as an expression."""
    return attribute(frame, value, node.attr, node, dotted_name(node))


def attribute(frame: Frame, value: Value, name: str, node: ast.AST, written: str) -> Value:
    """What ``value.name`` is; ``written`` is the whole name as it stands there."""
    result = NOTHING
    known = False
    for one in value.refs:
        found = _of(frame, one, name, node)
        if found is not None:
            result = join(result, found)
            known = known or (isinstance(one, ObjectRef) and name in frame.object(one.id).fields)
    if value.labels and name not in TELLING:
        result = join(result, labelled(value.labels))
    if not known and (sources := frame.world.tables.attributes):
        zones = dict.fromkeys(sources.find(written, written=True))
        for info in classes_of(frame, value):
            for base in frame.world.program.order(info):
                full = base if isinstance(base, str) else base.dotted
                zones.update(dict.fromkeys(sources.find(f"{full}.{name}")))
        if zones:
            line = getattr(node, "lineno", 0)
            result = join(result, frame.world.tables.source(zones, frame.path, line, f"reads `{written}`"))
    if not result.refs and written and frame.world.tables.sinks.find(written, written=True):
        result = join(result, ref(ExternalRef(written)))  # a sink by its written name, about to get another
    return result


def classes_of(frame: Frame, value: Value) -> list[ClassInfo]:
    """The classes of the tree that a value may be an instance of, or be."""
    found: list[ClassInfo] = []
    for one in value.refs:
        if isinstance(one, ClassRef | RowsRef):
            found.append(one.info)
        elif isinstance(one, ObjectRef) and isinstance(info := frame.object(one.id).info, ClassInfo):
            found.append(info)
    return found


def _of(frame: Frame, one: Ref, name: str, node: ast.AST) -> Value | None:
    if isinstance(one, ObjectRef):
        return of_object(frame, one, frame.object(one.id), name, node)
    if isinstance(one, ModuleRef | ExternalRef):
        return module_value(frame, one, name)
    if isinstance(one, ClassRef):
        return of_class(frame, one, name, node)
    if isinstance(one, RowsRef):
        some = instance_of(frame.world, ClassRef(one.info)).refs[0]
        return _lookup(frame, one.info, name, some, node, open=True)
    return None


def of_object(frame: Frame, one: ObjectRef, made: Object, name: str, node: ast.AST) -> Value | None:
    """An attribute of an object of the heap; None where nothing is known of it."""
    found = made.fields.get(name)
    if found is not None and name not in made.soft:
        return found
    if isinstance(made.info, ClassInfo):
        return join(found or NOTHING, _lookup(frame, made.info, name, one, node, open=made.open))
    if made.kind == "library" and isinstance(made.info, str):
        return join(found or NOTHING, ref(ExternalRef(f"{made.info}.{name}")))
    if name in {"__dict__", "_asdict", "__doc__"} and name == "__dict__":
        return labelled(deep(frame, ref(one)))
    return found


def _lookup(frame: Frame, info: ClassInfo, name: str, receiver: Ref, node: ast.AST, *, open: bool) -> Value:  # noqa: A002
    """An attribute that an instance has through its class."""
    result = NOTHING
    world = frame.world
    if name == "__class__":
        return ref(ClassRef(info))
    if name == "__dict__":
        return labelled(deep(frame, ref(receiver)))
    for base in world.program.order(info):
        if isinstance(base, str):
            continue
        frame.consulted.add(base.module.path)
        if open:
            demand_attribute(frame, base, name)
            key = ("attribute", base.dotted, name)
            frame.reads.add(key)
            result = join(result, world.facts.get(key, NOTHING))
        if name in base.methods:
            return join(result, _method(frame, base.methods[name], info, receiver, node))
        if name in base.annotated:
            annotation = base.annotated[name]
            found = zones_of(world, base.module, annotation)
            if found:
                line = getattr(node, "lineno", 0)
                what = f"reads the field `{name}` of `{base.name}`"
                result = join(result, world.tables.source(found, frame.path, line, what))
            result = join(result, typed(world, base.module, annotation))
        if name in base.assigned:
            return join(result, class_value(frame, base, name))
        if name in base.inner:
            return ref(ClassRef(base.inner[name]))
        key = ("class", base.dotted, name)
        frame.reads.add(key)
        result = join(result, world.facts.get(key, NOTHING))
    if result is NOTHING and not name.startswith("__"):
        result = _fallback(frame, info, name, receiver, node)
    if result is NOTHING and (
        library := next((one for one in world.program.order(info) if isinstance(one, str)), None)
    ):
        return ref(ExternalRef(f"{library}.{name}")) if library != "?" else NOTHING
    return result


def _fallback(frame: Frame, info: ClassInfo, name: str, receiver: Ref, node: ast.AST) -> Value:
    """``__getattr__``, where a class has one."""
    for base in frame.world.program.order(info):
        if not isinstance(base, str) and "__getattr__" in base.methods:
            function = FunctionRef(base.methods["__getattr__"], None, receiver)
            return invoke(frame, function, Args([ref(Const(name))]), node)
    return NOTHING


def _method(frame: Frame, method: FunctionInfo, info: ClassInfo, receiver: Ref, node: ast.AST) -> Value:
    if method.decorators:
        if method.marked(*PROPERTIES):
            return frame.told(
                invoke(frame, FunctionRef(method, None, receiver), Args(), node),
                node,
                f"read as `{method.name}`",
            )
        if method.marked("staticmethod"):
            return ref(FunctionRef(method))
        if method.marked("classmethod"):
            return ref(FunctionRef(method, None, ClassRef(info)))
        from riskbot.detect.flows.engine.decorators import decorated

        return decorated(frame, method, receiver)
    return ref(FunctionRef(method, None, receiver))


def of_class(frame: Frame, one: ClassRef, name: str, node: ast.AST) -> Value:
    """An attribute of a class itself."""
    world = frame.world
    for base in world.program.order(one.info):
        if isinstance(base, str):
            continue
        frame.consulted.add(base.module.path)
        if name in base.methods:
            method = base.methods[name]
            if method.marked("classmethod"):
                return ref(FunctionRef(method, None, one))
            return ref(FunctionRef(method))
        key = ("class", base.dotted, name)
        frame.reads.add(key)
        result = world.facts.get(key, NOTHING)
        if name in base.assigned:
            return join(result, class_value(frame, base, name))
        if name in base.inner:
            return ref(ClassRef(base.inner[name]))
        if name in base.annotated:
            found = zones_of(world, base.module, base.annotated[name])
            what = f"reads the field `{name}` of `{base.name}`"
            source = world.tables.source(found, frame.path, getattr(node, "lineno", 0), what)
            return join(result, source)
        if result is not NOTHING:
            return result
    return ref(RowsRef(one.info)) if name in MANAGERS else NOTHING


def store_attribute(frame: Frame, owner: Value, name: str, value: Value, node: ast.AST, written: str) -> None:  # noqa: PLR0917 - who, what and where
    """What ``owner.name = value`` does."""
    value = frame.told(value, node, f"goes into `{written}`")
    _stored_in_column(frame, owner, name, value, node, written)
    targets = [one for one in owner.refs if isinstance(one, ObjectRef)]
    for one in targets:
        made = frame.object(one.id)
        if isinstance(made.info, ClassInfo) and (setter := _setter(frame, made.info, name)) is not None:
            invoke(frame, FunctionRef(setter, None, one), Args([value]), node)
            continue
        frame.write(one.id, name, value, strong=len(targets) == 1)
        store_fact(frame, one.id, name, value)
    for reference in owner.refs:
        if isinstance(reference, ClassRef):
            frame.publish(("class", reference.info.dotted, name), value)
            frame.vars[f"{reference.info.dotted}.{name}"] = value
        elif isinstance(reference, ModuleRef):
            frame.publish(("global", reference.path, name), value)


def _setter(frame: Frame, info: ClassInfo, name: str) -> FunctionInfo | None:
    for base in frame.world.program.order(info):
        if not isinstance(base, str) and f"{name}=" in base.methods:
            return base.methods[f"{name}="]
    return None


def _stored_in_column(  # noqa: PLR0917 - who, what and where
    frame: Frame, owner: Value, name: str, value: Value, node: ast.AST, written: str
) -> None:
    if not frame.world.tables.stored or value is NOTHING:
        return
    names = [f"{info.dotted}.{name}" for info in classes_of(frame, owner)]
    store_column(frame, [*names, written], value, node)


def store_column(frame: Frame, names: list[str], value: Value, node: ast.AST) -> None:
    """Data goes into a column of a model, by any of these names."""
    sinks = [where for name in names for _, where in frame.world.tables.stored.find(name)]
    if sinks:
        frame.hit(deep(frame, value), tuple(dict.fromkeys(sinks)), node, f"stored in `{names[0]}`")
