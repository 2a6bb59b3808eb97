"""Methods of what the tree does not define: of containers, of text, of libraries' objects, of others."""

from __future__ import annotations

import ast
from collections.abc import Callable

from riskbot.detect.flows.engine.definitions import ClassInfo
from riskbot.detect.flows.engine.frame import Frame, constant
from riskbot.detect.flows.engine.invoke import Args
from riskbot.detect.flows.engine.items import everything, iterate, read_item, text
from riskbot.detect.flows.engine.models import callbacks
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.values import (
    NOTHING,
    Const,
    FunctionRef,
    Key,
    Object,
    ObjectRef,
    Prefix,
    RowsRef,
    Value,
    join,
    join_all,
    labelled,
    merge,
    ref,
)
from riskbot.detect.flows.names import MADE

# What these give says nothing of the data but whether, where or how much.
TELLING = frozenset(
    {
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "isalnum",
        "isnumeric",
        "isdecimal",
        "isspace",
        "isupper",
        "islower",
        "istitle",
        "isidentifier",
        "isascii",
        "isprintable",
        "count",
        "index",
        "find",
        "rfind",
        "rindex",
        "__len__",
        "__contains__",
        "__eq__",
        "__ne__",
        "__lt__",
        "__gt__",
        "__bool__",
        "issubset",
        "issuperset",
        "isdisjoint",
        "exists",
        "is_file",
        "is_dir",
        "empty",
        "qsize",
        "done",
        "cancelled",
        "locked",
    }
)
ADDING = frozenset(
    {
        "append",
        "appendleft",
        "add",
        "put",
        "put_nowait",
        "push",
        "write",
        "set_result",
        "add_field",
        "add_row",
        "set",
        "store",
        "setex",
        "lpush",
        "rpush",
        "sadd",
        "hset",
    }
)
# What these answer is a receipt, not what was given to them.
SENDING = frozenset(
    {
        "create",
        "save",
        "send",
        "post",
        "put",
        "publish",
        "insert",
        "upload",
        "notify",
        "enqueue",
        "delay",
        "commit",
        "emit",
        "dispatch",
        "track",
        "identify",
        "capture",
        "create_async",
        "acreate",
        "get_or_create",
        "send_message",
        "filter",
        "filter_by",
        "exclude",
        "order_by",
    }
)
_EXTENDING = frozenset({"extend", "extendleft", "writelines", "update"})
_SAME = frozenset(
    {"result", "copy", "__enter__", "__aenter__", "unwrap", "__iter__", "__await__", "__aiter__"}
)


def unknown_method(
    frame: Frame, receiver: Value, function: ast.Attribute, args: Args, node: ast.AST
) -> Value:
    """A method that is not the tree's: what its name says it does, else all goes to the result."""
    from riskbot.detect.flows.engine.calls import apply
    from riskbot.detect.flows.engine.workers import started

    name = function.attr
    worked = started(frame, args, node)
    if worked is not None:
        return join(worked, labelled(receiver.labels))
    if name == "add_done_callback":
        apply(frame, args.first(0, "fn"), Args([receiver]), node)
        return NOTHING
    result = callbacks(frame, args, node)
    if name in TELLING:
        return NOTHING
    objects = [one for one in receiver.refs if isinstance(one, ObjectRef)]
    for one in objects:
        result = join(result, _of_object(frame, one, name, args, node, single=len(objects) == 1))
    for queried in receiver.refs:
        if isinstance(queried, RowsRef):
            result = join(result, ref(queried))
    rows = _rows(args, name)
    if rows is not None:
        result = join(result, ref(rows))
    if not objects:
        if name in {"get", "pop", "setdefault"} and args.positional:
            result = join(result, read_item(frame, receiver, constant(args.positional[0]), node))
        _into_variable(frame, function, name, args)
    labels = receiver.labels
    result = join(result, labelled(labels))
    if not objects or not _known_kind(frame, objects, name):
        if name in {"join", "format", "format_map"}:
            labels = {}
            for value in args.all():
                shown = join(value, iterate(frame, value, node)) if name == "join" else value
                labels = merge(labels, text(frame, shown, node))
            result = join(result, Value(labels, _prefix(receiver, name)))
        elif name in SENDING or any(isinstance(one, RowsRef) for one in receiver.refs):
            result = join(result, _selected(frame, receiver, args, node))
        elif name not in ADDING and name not in _EXTENDING:
            result = join(result, labelled(everything(frame, args.all())))
    return result


def _selected(frame: Frame, receiver: Value, args: Args, node: ast.AST) -> Value:
    """What rows are asked for by the names of columns (``values_list("email")``)."""
    found: dict[tuple[str, int], None] = {}
    for one in receiver.refs:
        if not isinstance(one, RowsRef):
            continue
        for value in args.positional:
            if isinstance(column := constant(value), str):
                found.update(dict.fromkeys(frame.world.tables.attributes.find(f"{one.info.dotted}.{column}")))
    return frame.world.tables.source(found, frame.path, getattr(node, "lineno", 0), "selects a column")


def _prefix(receiver: Value, name: str) -> tuple[Prefix, ...]:
    literal = constant(receiver)
    if name == "format" and isinstance(literal, str):
        return (Prefix(literal.partition("{")[0]),)
    return ()


def _known_kind(frame: Frame, objects: list[ObjectRef], name: str) -> bool:
    kinds = {frame.object(one.id).kind for one in objects}
    return kinds <= {"list", "dict", "set", "tuple", "iterator"} and name not in {
        "join",
        "format",
        "format_map",
    }


def _rows(args: Args, name: str) -> RowsRef | None:
    """``session.query(User)``, ``session.get(User, 1)``: rows of the class that is passed."""
    from riskbot.detect.flows.engine.values import ClassRef

    if name not in {
        "query",
        "get",
        "select",
        "scalars",
        "scalar",
        "execute",
        "select_from",
        "one",
        "from_",
        "exec",
        "get_one",
        "scalar_one",
        "find",
        "find_one",
        "all",
    }:
        return None
    for value in args.positional[:2]:
        for one in value.refs:
            if isinstance(one, ClassRef):
                return RowsRef(one.info)
            if isinstance(one, RowsRef):
                return one
    return None


def _into_variable(frame: Frame, function: ast.Attribute, name: str, args: Args) -> None:
    """What is put into a thing of which nothing is known: its variable bears it."""
    if name not in ADDING and name not in _EXTENDING and name not in {"insert", "setdefault"}:
        return
    labels = everything(frame, args.all())
    if not labels:
        return
    owner = function.value
    told = frame.told(labelled(labels), function, f"goes into `{ast.unparse(owner)[:40]}`")
    if isinstance(owner, ast.Name) and owner.id in frame.vars:
        frame.vars[owner.id] = join(frame.vars[owner.id], told)
    elif isinstance(owner, ast.Subscript):
        for one in frame.eval(owner.value).refs:
            if isinstance(one, ObjectRef):
                frame.write(one.id, None, told, strong=False)
    elif isinstance(owner, ast.Attribute):
        from riskbot.detect.flows.engine.access import store_attribute

        before = frame.eval(owner)
        store_attribute(
            frame, frame.eval(owner.value), owner.attr, join(before, told), function, ast.unparse(owner)[:40]
        )


def _of_object(frame: Frame, one: ObjectRef, name: str, args: Args, node: ast.AST, *, single: bool) -> Value:
    made = frame.object(one.id)
    handler = _HANDLERS.get(name)
    if (
        handler is not None
        and made.kind not in {"env", "partial"}
        and not (made.kind == "library" and name == "get")
    ):
        return handler(frame, one, made, args, node)
    if name in {"send", "asend"} and (generators := made.fields.get("<generator>")) is not None:
        for generator in generators.refs:
            if isinstance(generator, FunctionRef):
                sent = frame.told(args.first(0), node, f"is sent into `{generator.info.name}`")
                frame.publish(("sent", generator.info.dotted, "<sent>"), sent)
                if sent.labels:
                    frame.world.asking.add(generator.info)  # its body ran before anything was sent
        return join_all(made.items())
    if name in ADDING:
        _add(frame, one, made, everything_of(frame, args, node))
        return NOTHING
    if name in _EXTENDING:
        return _update(frame, one, made, args, node)
    if name == "clear" and single and made.kind in {"list", "dict", "set"}:
        frame.put(one.id, Object(made.kind, made.info))
        return NOTHING
    if name in {"sort", "reverse"} and made.kind == "list":
        _collapse(frame, one, made, NOTHING)
        return NOTHING
    if name in _SAME:
        return _copied(frame, made, node) if name == "copy" else ref(one)
    if made.kind == "library":
        full = f"{made.info}.{name}"
        if full in MADE:
            return ref(ObjectRef(frame.allocate(node, Object("library", MADE[full]), "library")))
        return labelled(deep(frame, ref(one)))
    if made.kind in {"instance", "parameter"}:
        return labelled(deep(frame, ref(one)))
    return join_all(made.items()) if made.kind == "iterator" else labelled(deep(frame, ref(one)))


def everything_of(frame: Frame, args: Args, node: ast.AST) -> Value:
    """What is put in: all arguments as one."""
    value = join_all(args.all())
    return frame.told(value, node, "goes into a container")


def _add(frame: Frame, one: ObjectRef, made: Object, value: Value) -> None:
    if value is not NOTHING:
        changed = made.copy()
        changed.rest = join(made.rest, value)
        if made.kind == "set":
            changed.keys = join(made.keys, value)
        frame.put(one.id, changed)


def _collapse(frame: Frame, one: ObjectRef, made: Object, value: Value) -> None:
    """Positions are not known any more."""
    changed = made.copy()
    changed.fields = {key: inner for key, inner in made.fields.items() if isinstance(key, str)}
    changed.rest = join(join_all(made.items()), value)
    frame.put(one.id, changed)


def _update(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:
    changed = made.copy()
    for value in [*args.positional, args.star]:
        for other in value.refs:
            inner = frame.object(other.id) if isinstance(other, ObjectRef) else None
            if inner is not None and inner.kind in {"dict", "parameter"} and made.kind not in {"list", "set"}:
                for key, field in inner.fields.items():
                    changed.fields[key] = frame.told(field, node, "goes into a mapping")
                changed.rest = join(changed.rest, inner.rest)
                changed.keys = join(changed.keys, inner.keys)
        if value is not NOTHING:
            turn = iterate(frame, value, node) if made.kind in {"list", "set"} else labelled(value.labels)
            changed.rest = join(changed.rest, frame.told(turn, node, "goes into a container"))
    for name, value in args.keywords.items():
        changed.fields["item", name] = value
    changed.rest = join(changed.rest, args.stars)
    frame.put(one.id, changed)
    return NOTHING


def _copied(frame: Frame, made: Object, node: ast.AST) -> Value:
    return ref(ObjectRef(frame.allocate(node, made.copy(), "copy")))


def _get(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:
    if made.kind in {"dict", "parameter", "instance", "library"} and args.positional:
        found = read_item(frame, ref(one), constant(args.positional[0]), node, args.positional[0])
        return join(found, args.first(1, "default"))
    return join_all(made.items())


def _pop(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:
    key = constant(args.positional[0]) if args.positional else None
    if made.kind == "dict" or isinstance(key, str):
        found = read_item(frame, ref(one), key, node)
        if key is not None and ("item", key) in made.fields:
            changed = made.copy()
            del changed.fields["item", key]
            frame.put(one.id, changed)
        return join(found, args.first(1, "default"))
    found = read_item(frame, ref(one), -1 if key is None else key, node)
    if made.kind == "list":
        _collapse(frame, one, made, NOTHING)
    return found


def _setdefault(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    if not args.positional:
        return NOTHING
    key = constant(args.positional[0])
    found = read_item(frame, ref(one), key, node)
    value = frame.told(args.first(1, "default"), node, "goes into a mapping")
    frame.write(one.id, None if key is None else ("item", key), value, strong=False)
    return join(found, value)


def _insert(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:
    _collapse(frame, one, made, frame.told(join_all(args.positional[1:]), node, "goes into a container"))
    return NOTHING


def _items(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    if made.kind != "dict" and made.info is not None:
        return labelled(deep(frame, ref(one)))
    fields: dict[Key, Value] = {("item", 0): made.keys, ("item", 1): join_all(made.items())}
    pair = ref(ObjectRef(frame.allocate(node, Object("tuple", None, fields), "pair")))
    return ref(ObjectRef(frame.allocate(node, Object("list", None, {}, pair), "items")))


def _values(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return ref(ObjectRef(frame.allocate(node, Object("list", None, {}, join_all(made.items())), "values")))


def _keys(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    if made.kind != "dict":
        return labelled(deep(frame, ref(one)))
    return ref(ObjectRef(frame.allocate(node, Object("list", None, {}, made.keys), "keys")))


def _fields_as_dict(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    if not isinstance(made.info, ClassInfo):
        return labelled(deep(frame, ref(one)))
    return as_dict(frame, made, node)


def as_dict(frame: Frame, made: Object, node: ast.AST) -> Value:
    """The fields of an object as a mapping."""
    fields: dict[Key, Value] = {
        ("item", key): value for key, value in made.fields.items() if isinstance(key, str)
    }
    return ref(ObjectRef(frame.allocate(node, Object("dict", None, fields, made.rest), "fields")))


def _replaced(frame: Frame, one: ObjectRef, made: Object, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return replaced(frame, made, args, node)


def replaced(frame: Frame, made: Object, args: Args, node: ast.AST) -> Value:
    """A copy of a record with some fields changed."""
    changed = made.copy()
    changed.fields.update(args.keywords)
    for one in args.keywords.get("update", NOTHING).refs:
        if isinstance(one, ObjectRef):
            for key, value in frame.object(one.id).fields.items():
                if isinstance(key, tuple):
                    changed.fields[str(key[1])] = value
    return ref(ObjectRef(frame.allocate(node, changed, "replaced")))


_HANDLERS: dict[str, Callable[[Frame, ObjectRef, Object, Args, ast.AST], Value]] = {
    "get": _get,
    "pop": _pop,
    "popleft": _pop,
    "setdefault": _setdefault,
    "insert": _insert,
    "items": _items,
    "values": _values,
    "keys": _keys,
    "_asdict": _fields_as_dict,
    "model_dump": _fields_as_dict,
    "dict": _fields_as_dict,
    "_replace": _replaced,
    "model_copy": _replaced,
}
__all__ = ["Const", "as_dict", "replaced", "text", "unknown_method"]
