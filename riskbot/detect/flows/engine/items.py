"""Items of containers, iteration, unpacking; and what of a value is seen when it is turned into text."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.annotations import instance_of
from riskbot.detect.flows.engine.definitions import ClassInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    FunctionRef,
    Labels,
    Object,
    ObjectRef,
    RowsRef,
    Value,
    join,
    join_all,
    labelled,
    merge,
    ref,
)

Literal = str | int | None
_DEEPEST = 4


def read_item(frame: Frame, value: Value, key: Literal, node: ast.AST, given: Value = NOTHING) -> Value:
    """What ``value[key]`` is; a key that is not known (None) may be any. ``given``: the key as a value."""
    result = labelled(value.labels)
    known = False
    for one in value.refs:
        if isinstance(one, ObjectRef):
            made = frame.object(one.id)
            known = known or (key is not None and ("item", key) in made.fields)
            result = join(result, _item_of(frame, one, made, key, given, node))
        elif isinstance(one, RowsRef):
            result = join(result, join(instance_of(frame.world, ClassRef(one.info)), ref(one)))
        elif isinstance(one, ClassRef):
            result = join(result, ref(one))  # ``Generic[T]``
    if isinstance(key, str) and not known:
        zones = frame.world.tables.sources["keys"].find(key)
        if zones:
            line = getattr(node, "lineno", 0)
            result = join(
                result, frame.world.tables.source(zones, frame.path, line, f"reads the key `{key}`")
            )
    return result


def _item_of(frame: Frame, one: ObjectRef, made: Object, key: Literal, given: Value, node: ast.AST) -> Value:  # noqa: PLR0917 - who, what and where
    if made.kind == "instance" and isinstance(made.info, ClassInfo):
        method = find_method(frame, made.info, "__getitem__")
        if method is not None:
            return invoke(frame, FunctionRef(method, None, one), Args([given]), node)
        if isinstance(key, str) and key in made.fields:
            return made.fields[key]
        names = list(made.info.annotated)
        if isinstance(key, int) and -len(names) <= key < len(names):
            return made.fields.get(names[key], NOTHING)
    if key is None:
        return join_all(made.items())
    if isinstance(key, int) and made.kind in {"list", "tuple"}:
        found = made.fields.get(("item", key))
        if found is not None:
            return join(found, made.rest) if made.kind == "list" else found
        if key < 0:
            return _from_the_end(made, key)
        if made.rest is NOTHING and made.fields:
            return NOTHING
        return made.rest
    found = made.fields.get(("item", key))
    return made.rest if found is None else join(found, made.rest)


def _from_the_end(made: Object, key: int) -> Value:
    count = sum(1 for one in made.fields if not isinstance(one, str))
    if made.rest is NOTHING and ("item", count + key) in made.fields:
        return made.fields["item", count + key]
    return join_all(made.items())


def slice_of(
    frame: Frame, value: Value, node: ast.AST, bounds: tuple[Literal, Literal] | None = None
) -> Value:
    """A part of a sequence; with known ``bounds`` (None: the end) of what has known places, just those."""
    result = labelled(value.labels)
    for one in value.refs:
        if isinstance(one, ObjectRef):
            made = frame.object(one.id)
            inner = Object("list", None, {}, join_all(made.items()))
            places = sorted(
                key[1] for key in made.fields if isinstance(key, tuple) and isinstance(key[1], int)
            )
            if bounds is not None and made.rest is NOTHING and places:
                lower, upper = (bound if isinstance(bound, int) else None for bound in bounds)
                kept = [made.fields["item", place] for place in places[lower:upper]]
                inner = Object("list", None, {("item", place): each for place, each in enumerate(kept)})
            result = join(result, ref(ObjectRef(frame.allocate(node, inner, "slice"))))
        elif isinstance(one, RowsRef):
            result = join(result, ref(one))
    return result


def find_method(frame: Frame, info: ClassInfo, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A method of a class or its bases in the tree, or None."""
    for base in frame.world.program.order(info):
        if not isinstance(base, str) and name in base.methods:
            return base.methods[name]
    return None


def iterate(frame: Frame, value: Value, node: ast.AST) -> Value:
    """What one turn of a loop over a value gets."""
    result = labelled(value.labels)
    for one in value.refs:
        if isinstance(one, ObjectRef):
            result = join(result, _turn(frame, one, node))
        elif isinstance(one, RowsRef):
            result = join(result, instance_of(frame.world, ClassRef(one.info)))
    return result


def _turn(frame: Frame, one: ObjectRef, node: ast.AST) -> Value:
    made = frame.object(one.id)
    if made.kind == "dict":
        return made.keys
    if made.kind == "instance" and isinstance(made.info, ClassInfo):
        for name in ("__iter__", "__aiter__"):
            method = find_method(frame, made.info, name)
            if method is not None:
                again = invoke(frame, FunctionRef(method, None, one), Args(), node)
                if ref(one).refs != again.refs:
                    return iterate(frame, again, node)
        for name in ("__next__", "__anext__"):
            method = find_method(frame, made.info, name)
            if method is not None:
                return invoke(frame, FunctionRef(method, None, one), Args(), node)
    return join_all(made.items())


def unpack(frame: Frame, value: Value, count: int, star: int | None, node: ast.AST) -> list[Value]:
    """The values of ``count`` targets; ``star``: the one among them that takes what is left."""
    found: list[Value] = []
    for place in range(count):
        if star is None or place < star:
            found.append(_place(frame, value, place, node))
        elif place == star:
            found.append(_left_over(frame, value, star, count, node))
        else:
            found.append(_place(frame, value, place - count, node))
    return found


def _place(frame: Frame, value: Value, place: int, node: ast.AST) -> Value:
    result = labelled(value.labels)
    for one in value.refs:
        if isinstance(one, ObjectRef):
            made = frame.object(one.id)
            if made.kind in {"list", "tuple"}:
                result = join(result, _item_of(frame, one, made, place, NOTHING, node))
            elif made.kind == "instance" and isinstance(made.info, ClassInfo) and made.info.annotated:
                names = list(made.info.annotated)
                if -len(names) <= place < len(names):
                    result = join(result, made.fields.get(names[place], NOTHING))
            else:
                result = join(result, _turn(frame, one, node))
        elif isinstance(one, RowsRef):
            result = join(result, instance_of(frame.world, ClassRef(one.info)))
    return result


def _left_over(frame: Frame, value: Value, star: int, count: int, node: ast.AST) -> Value:
    inner = labelled(value.labels)
    fields: dict[object, Value] = {}
    for one in value.refs:
        if isinstance(one, ObjectRef):
            made = frame.object(one.id)
            places = sorted(
                key[1] for key in made.fields if isinstance(key, tuple) and isinstance(key[1], int)
            )
            if made.kind in {"list", "tuple"} and made.rest is NOTHING and places:
                for number, place in enumerate(places[star : len(places) - (count - star - 1)]):
                    fields["item", number] = made.fields["item", place]
            else:
                inner = join(inner, made.keys if made.kind == "dict" else join_all(made.items()))
    new = Object("list", None, fields, inner)  # type: ignore[arg-type]
    return ref(ObjectRef(frame.allocate(node, new, f"left {star}")))


def text(frame: Frame, value: Value, node: ast.AST, depth: int = 0) -> Labels:
    """The labels of what is seen when a value is printed: an object's own ``__str__`` decides what of it."""
    labels = value.labels
    if not value.refs or depth > _DEEPEST:
        return labels
    for one in value.refs:
        if isinstance(one, ObjectRef):
            labels = merge(labels, _text_of(frame, one, node, depth))
    return labels


def _text_of(frame: Frame, one: ObjectRef, node: ast.AST, depth: int) -> Labels:
    made = frame.object(one.id)
    if made.kind in {"env", "partial"}:
        return {}
    if made.kind != "instance" or not isinstance(made.info, ClassInfo):
        labels: Labels = {}
        if made.kind != "iterator":
            for value in made.all():
                labels = merge(labels, text(frame, value, node, depth + 1))
        return labels
    for name in ("__format__", "__str__", "__repr__"):
        method = find_method(frame, made.info, name)
        if method is not None:
            given = invoke(frame, FunctionRef(method, None, one), Args(), node)
            return frame.told(given, node, f"read as `{made.info.name}.{name}`").labels
    if shown(frame, made.info):
        labels = {}
        for key, value in made.fields.items():
            if not _hidden(made.info, key):
                labels = merge(labels, text(frame, value, node, depth + 1))
        return labels
    return text(frame, made.fields.get("args", NOTHING), node, depth + 1)


def shown(frame: Frame, info: ClassInfo) -> bool:
    """Whether the representation of an object shows its fields: a record, or a base that is one."""
    return any(
        (isinstance(base, ClassInfo) and base.is_record)
        or (isinstance(base, str) and base.endswith("BaseModel"))
        for base in frame.world.program.order(info)
    )


def _hidden(info: ClassInfo, key: object) -> bool:
    """``field(repr=False)``: not shown."""
    node = info.assigned.get(str(key))
    return isinstance(node, ast.Call) and any(
        one.arg == "repr" and isinstance(one.value, ast.Constant) and one.value.value is False
        for one in node.keywords
    )


def everything(frame: Frame, values: list[Value]) -> Labels:
    """All labels of values and of what they hold."""
    labels: Labels = {}
    for value in values:
        if value is not NOTHING:
            labels = merge(labels, deep(frame, value))
    return labels
