"""Targets of assignments: names, attributes, items, and patterns of them."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.access import RECLASSIFIED, store_attribute
from riskbot.detect.flows.engine.annotations import zones_of
from riskbot.detect.flows.engine.definitions import ClassInfo, dotted_name
from riskbot.detect.flows.engine.frame import Frame, constant
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.items import find_method, unpack
from riskbot.detect.flows.engine.values import (
    NOTHING,
    FunctionRef,
    ObjectRef,
    Value,
    join,
    labelled,
)


def bind_target(frame: Frame, target: ast.AST, value: Value, *, local: bool = False) -> None:
    """Assign a value to a target. ``local``: a comprehension's own name."""
    if isinstance(target, ast.Name):
        told = frame.told(value, target, f"goes into `{target.id}`")
        if local:
            frame.vars[target.id] = told
        else:
            frame.assign(target.id, told)
    elif isinstance(target, ast.Tuple | ast.List):
        star = next((place for place, one in enumerate(target.elts) if isinstance(one, ast.Starred)), None)
        for one, part in zip(target.elts, unpack(frame, value, len(target.elts), star, target), strict=True):
            bind_target(frame, one.value if isinstance(one, ast.Starred) else one, part, local=local)
    elif isinstance(target, ast.Attribute):
        owner = frame.eval(target.value)
        store_attribute(frame, owner, target.attr, value, target, dotted_name(target))
    elif isinstance(target, ast.Subscript):
        _store_item(frame, target, value)


def constructed(frame: Frame, target: ast.Attribute, source: ast.expr | None, value: Value) -> Value:
    """What ``self.x = x`` keeps in ``__init__``: a declared source is one whatever it is made with."""
    info = frame.info
    if info is None or info.owner is None or info.name not in {"__init__", "__post_init__"}:
        return value
    if not isinstance(source, ast.Name) or RECLASSIFIED in value.refs:
        return value
    found = list(frame.world.tables.attributes.find(f"{info.owner.dotted}.{target.attr}"))
    if target.attr in info.owner.annotated:
        found += zones_of(frame.world, frame.module, info.owner.annotated[target.attr])
    if not found:
        return value
    what = f"the attribute `{target.attr}` of `{info.owner.name}`"
    return join(value, frame.world.tables.source(found, frame.path, target.lineno, what))


def _store_item(frame: Frame, target: ast.Subscript, value: Value) -> None:
    owner = frame.eval(target.value)
    key_value = frame.eval(target.slice)
    key = constant(key_value)
    written = f"{dotted_name(target.value) or 'a container'}[...]"
    value = frame.told(value, target, f"goes into `{written}`")
    objects = [one for one in owner.refs if isinstance(one, ObjectRef)]
    for one in objects:
        made = frame.object(one.id)
        if made.kind == "instance" and isinstance(made.info, ClassInfo):
            method = find_method(frame, made.info, "__setitem__")
            if method is not None:
                invoke(frame, FunctionRef(method, None, one), Args([key_value, value]), target)
                continue
        frame.write(one.id, None if key is None else ("item", key), value, strong=len(objects) == 1)
        if key_value.labels:
            changed = frame.object(one.id).copy()
            changed.keys = join(changed.keys, labelled(key_value.labels))
            frame.put(one.id, changed)
    if not objects and value.labels:
        if isinstance(target.value, ast.Name):
            before = frame.vars.get(target.value.id, NOTHING)
            frame.assign(target.value.id, join(before, labelled(value.labels)))
        elif isinstance(target.value, ast.Attribute):
            holder = frame.eval(target.value.value)
            both = join(owner, labelled(value.labels))
            store_attribute(frame, holder, target.value.attr, both, target, dotted_name(target.value))


def delete(frame: Frame, target: ast.expr) -> None:
    """What ``del`` does to a target."""
    if isinstance(target, ast.Name):
        frame.vars.pop(target.id, None)
        if frame.own is not None and target.id in frame.cells:
            frame.write(frame.own, target.id, NOTHING, strong=True)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            delete(frame, one)
    elif isinstance(target, ast.Attribute | ast.Subscript):
        owner = frame.eval(target.value)
        if isinstance(target, ast.Attribute):
            key: object = target.attr
        else:
            found = constant(frame.eval(target.slice))
            key = None if found is None else ("item", found)
        objects = [one for one in owner.refs if isinstance(one, ObjectRef)]
        if len(objects) == 1 and key is not None:
            frame.write(objects[0].id, key, NOTHING, strong=True)  # type: ignore[arg-type]
