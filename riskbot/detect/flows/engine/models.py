"""What functions of libraries do with data, where more is known than "all flows to the result"."""

from __future__ import annotations

import ast
from collections.abc import Callable

from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.items import everything, find_method, iterate
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    FunctionRef,
    Object,
    ObjectRef,
    RowsRef,
    Value,
    join,
    join_all,
    labelled,
    ref,
)
from riskbot.detect.flows.names import MADE

Model = Callable[[Frame, Args, ast.AST], Value]
MODELS: dict[str, Model] = {}


def model(*names: str) -> Callable[[Model], Model]:
    """Register what functions of these names do."""

    def register(function: Model) -> Model:
        for name in names:
            MODELS[name] = function
        return function

    return register


def external(frame: Frame, name: str, args: Args, node: ast.AST, receiver: Value | None) -> Value:
    """What a call of something outside the tree gives."""
    known = MODELS.get(name.removeprefix("builtins."))
    if known is not None:
        return known(frame, args, node)
    from riskbot.detect.flows.engine.workers import started

    result = started(frame, args, node)
    if result is not None:
        return result
    result = callbacks(frame, args, node)
    made = MADE.get(name)
    last = name.rpartition(".")[2]
    values = args.all()
    if receiver is not None:
        values.append(labelled(receiver.labels))
    if made is None and last in {
        "select",
        "query",
        "get_object_or_404",
        "aget_object_or_404",
        "get_list_or_404",
    }:
        rows = [
            RowsRef(one.info) for value in values for one in value.refs if isinstance(one, ClassRef | RowsRef)
        ]
        if rows:
            result = join(result, Value({}, tuple(dict.fromkeys(rows))))
    if made is None and last.lstrip("_")[:1].isupper() and "." in name:
        made = name
    if made is not None:
        identity = frame.allocate(node, Object("library", made), "library")
        result = join(result, ref(ObjectRef(identity)))
    from riskbot.detect.flows.engine.methods import SENDING

    if connects(last) or ("." in name and last in SENDING):
        return result
    return join(result, labelled(everything(frame, values)))


_CONNECTING = (
    "Client",
    "Connection",
    "Session",
    "Pool",
    "Engine",
    "Adapter",
    "Backend",
    "Redis",
    "Driver",
    "Server",
    "Socket",
    "Consumer",
    "Producer",
    "Channel",
    "Lock",
    "Logger",
    "connect",
    "create_engine",
    "create_async_engine",
    "create_pool",
    "login",
    "authenticate",
    "sessionmaker",
    "client",
    "resource",
)


def connects(name: str) -> bool:
    """Whether a call gives a connection to something: that is not the credentials it was made with."""
    return name.endswith(_CONNECTING)


def unknown(frame: Frame, values: list[Value], args: Args, node: ast.AST) -> Value:
    """What a call of something gives of which nothing is known: all labels flow to the result."""
    from riskbot.detect.flows.engine.workers import started

    result = started(frame, args, node)
    if result is not None:
        return result
    return join(callbacks(frame, args, node), labelled(everything(frame, values)))


def callbacks(frame: Frame, args: Args, node: ast.AST) -> Value:
    """Functions that are passed to something unknown: it calls them, with what else it was passed."""
    given = [*args.positional, *args.keywords.values()]
    functions = [one for value in given for one in value.refs if isinstance(one, FunctionRef)]
    if not functions:
        return NOTHING
    result = NOTHING
    for one in functions[:4]:
        others = [value for value in args.all() if one not in value.refs]
        labels = everything(frame, others)
        if labels:
            result = join(result, labelled(invoke(frame, one, Args(star=labelled(labels)), node).labels))
        else:
            result = join(result, labelled(invoke(frame, one, Args(), node).labels))
    return result


def super_call(frame: Frame, node: ast.Call, args: Args) -> Value | None:
    """``super().method(...)``; None for any other call."""
    function = node.func
    if not (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Call)
        and isinstance(function.value.func, ast.Name)
        and function.value.func.id == "super"
    ):
        return None
    info = frame.info
    while info is not None and info.owner is None:
        return None
    if info is None or info.owner is None or not info.node.args.args:
        return None
    name = info.node.args.args[0].arg
    own = frame.vars.get(name) or frame.outside(name) or NOTHING
    result = NOTHING
    program = frame.world.program
    for one in own.refs:
        home = info.owner
        if isinstance(one, ObjectRef):
            made = frame.object(one.id).info
            home = made if made is not None and not isinstance(made, str) else home
        elif isinstance(one, ClassRef):
            home = one.info
        order = program.order(home)
        after = order[order.index(info.owner) + 1 :] if info.owner in order else program.order(info.owner)[1:]
        method = next(
            (
                base.methods[function.attr]
                for base in after
                if not isinstance(base, str) and function.attr in base.methods
            ),
            None,
        )
        if method is not None:
            receiver_ref = None if method.marked("staticmethod") else one
            result = join(
                result, invoke(frame, FunctionRef(method, None, receiver_ref), args, node, own.labels)
            )
        elif function.attr == "__init__" and isinstance(one, ObjectRef):
            value = join_all(args.all())
            if value is not NOTHING:
                frame.write(one.id, "args", value, strong=False)
        elif function.attr == "__new__":
            result = join(result, ref(ObjectRef(frame.allocate(node, Object("instance", home), "new"))))
        else:
            result = join(result, labelled(everything(frame, [*args.all(), labelled(own.labels)])))
            if isinstance(one, ObjectRef) and function.attr in {
                "append",
                "add",
                "update",
                "__setitem__",
                "put",
            }:
                frame.write(one.id, None, join_all(args.all()), strong=False)
    return result


__all__ = ["MODELS", "callbacks", "external", "find_method", "iterate", "model", "super_call", "unknown"]
