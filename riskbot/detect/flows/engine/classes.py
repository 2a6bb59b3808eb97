"""Making an instance of a class of the tree."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.access import RECLASSIFIED, store_column
from riskbot.detect.flows.engine.annotations import zones_of
from riskbot.detect.flows.engine.definitions import ClassInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.items import find_method
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    Const,
    FunctionRef,
    Key,
    Object,
    ObjectRef,
    Value,
    join,
    join_all,
    ref,
)


def instantiate(frame: Frame, reference: ClassRef, args: Args, node: ast.AST) -> Value:
    """What calling a class gives: a new object, with what ``__init__`` or its fields make of them."""
    info = reference.info
    new = find_method(frame, info, "__new__")
    made = Object("instance", info)
    identity = frame.allocate(node, made, info.name)
    result = ref(ObjectRef(identity))
    if new is not None:
        passed = Args([ref(reference), *args.positional], args.keywords, args.star, args.stars)
        result = join(result, invoke(frame, FunctionRef(new), passed, node))
    _columns(frame, info, args, node)
    method = find_method(frame, info, "__init__")
    if method is not None:
        invoke(frame, FunctionRef(method, None, ObjectRef(identity)), args, node)
        return result
    fields = _fields(frame, info, args, node)
    unknown = any(
        isinstance(base, str) and base not in {"object", "?"} for base in frame.world.program.order(info)
    )
    frame.heap[identity] = Object("instance", info, fields, join(args.stars, args.star))
    if unknown and not _record(frame, info):
        # What the base does with its arguments is not known: an exception shows them, a str is them.
        everything = join_all([*args.positional, args.star])
        frame.write(identity, "args", everything, strong=True)
        if _is_text(frame, info):
            result = Value(everything.labels, result.refs)
    after = find_method(frame, info, "__post_init__") or find_method(frame, info, "model_post_init")
    if after is not None:
        invoke(frame, FunctionRef(after, None, ObjectRef(identity)), Args(), node)
    return result


def _is_text(frame: Frame, info: ClassInfo) -> bool:
    return any(
        base in {"str", "int", "bytes", "float", "dict", "list"} for base in frame.world.program.order(info)
    )


def _record(frame: Frame, info: ClassInfo) -> bool:
    return any(not isinstance(base, str) and base.is_record for base in frame.world.program.order(info))


def field_names(frame: Frame, info: ClassInfo) -> dict[str, ClassInfo]:
    """The annotated fields of a class in the order in which a record takes them, and who declares each."""
    found: dict[str, ClassInfo] = {}
    for base in reversed(frame.world.program.order(info)):
        if not isinstance(base, str):
            found.update(dict.fromkeys(base.annotated, base))
    return found


def _fields(frame: Frame, info: ClassInfo, args: Args, node: ast.AST) -> dict[Key, Value]:
    declared = field_names(frame, info)
    names = list(declared)
    given = {name: value for name, value in zip(names, args.positional, strict=False)} | args.keywords  # noqa: C416
    fields: dict[Key, Value] = {}
    for name, value in given.items():
        fields[name] = _declared(
            frame, info, declared.get(name), name, frame.told(value, node, f"goes into `{name}`"), node
        )
    return fields


def _declared(  # noqa: PLR0917 - who, what and where
    frame: Frame, info: ClassInfo, home: ClassInfo | None, name: str, value: Value, node: ast.AST
) -> Value:
    """A field that is declared to be of a zone is its data whatever is put in, unless reclassified."""
    if RECLASSIFIED in value.refs or (len(value.refs) == 1 and isinstance(value.refs[0], Const)):
        return value
    found = list(zones_of(frame.world, home.module, home.annotated[name])) if home is not None else []
    found += frame.world.tables.attributes.find(f"{info.dotted}.{name}")
    if not found:
        return value
    what = f"the field `{name}` of `{info.name}`"
    return join(value, frame.world.tables.source(found, frame.path, getattr(node, "lineno", 0), what))


def _columns(frame: Frame, info: ClassInfo, args: Args, node: ast.AST) -> None:
    if frame.world.tables.stored:
        for name, value in args.keywords.items():
            store_column(frame, [f"{info.dotted}.{name}"], value, node)


__all__ = ["NOTHING", "field_names", "instantiate"]
