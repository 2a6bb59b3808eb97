"""Calls: who is called, is it a source, a sink or a reclassifier, and what comes back."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine import methods, models
from riskbot.detect.flows.engine.access import RECLASSIFIED, attribute, classes_of
from riskbot.detect.flows.engine.classes import instantiate
from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo, dotted_name
from riskbot.detect.flows.engine.frame import Frame, evaluates
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.items import everything, find_method, iterate, text
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.tables import Where
from riskbot.detect.flows.engine.values import (
    NOTHING,
    SYMBOL,
    ClassRef,
    Const,
    ExternalRef,
    FunctionRef,
    Labels,
    ModuleRef,
    ObjectRef,
    Prefix,
    RowsRef,
    Value,
    join,
    labelled,
    merge,
)
from riskbot.detect.flows.names import also

_TEXTUAL = frozenset(
    {"log", "logger", "logging", "print", "structlog", "loguru", "warnings", "_log", "_logger", "LOG"}
)


@evaluates(ast.Call)
def call(frame: Frame, node: ast.Call) -> Value:
    """A call as an expression."""
    function = node.func
    receiver: Value | None = None
    if isinstance(function, ast.Attribute):
        receiver = frame.eval(function.value)
        args = arguments(frame, node)
        written = dotted_name(function)
        special = models.super_call(frame, node, args)
        if special is not None:
            return special
        callee = _methods_of(frame, receiver, function)
    else:
        written = dotted_name(function)
        callee = frame.eval(function)
        args = arguments(frame, node)
    names = called_names(frame, callee, receiver, function, written)
    return _named_call(frame, node, names, callee, args, receiver, function, written)


def apply(frame: Frame, callee: Value, args: Args, node: ast.AST) -> Value:
    """Call a value that something else was given to call: a source, sink or reclassifier like any other."""
    names: list[tuple[str, bool]] = []
    for one in callee.refs:
        if isinstance(one, FunctionRef | ClassRef):
            names.append((one.info.dotted, False))
        elif isinstance(one, ExternalRef):
            names.extend((name, False) for name in also(one.name))
    return _named_call(frame, node, names, callee, args, None, None, "")


def _named_call(  # noqa: PLR0917 - all that is known of a call
    frame: Frame,
    node: ast.AST,
    names: list[tuple[str, bool]],
    callee: Value,
    args: Args,
    receiver: Value | None,
    function: ast.expr | None,
    written: str,
) -> Value:
    tables = frame.world.tables
    sent = bool(tables.sinks) and _check_sinks(frame, node, names, args)
    changes = _changes(frame, names, callee)
    line: int = getattr(node, "lineno", 0)
    if changes:
        labels = everything(frame, [*args.all(), *([receiver] if receiver is not None else [])])
        for change, name in changes:
            labels = tables.reclassify(labels, change, (frame.path, line, f"reclassified by `{name}`"))
        return Value(labels, (RECLASSIFIED,))
    _note_callback(frame, callee, receiver, args)
    result = call_value(frame, callee, args, node, receiver, function)
    if sent and result.labels and not any(isinstance(one, FunctionRef) for one in callee.refs):
        result = Value({}, result.refs)  # what a sink outside the tree answers is not what was sent
    zones = _sources(frame, names)
    if zones:
        what = f"calls `{written if '?' not in written and written else names[0][0]}`"
        result = join(result, tables.source(zones, frame.path, line, what))
    return result


def _note_callback(frame: Frame, callee: Value, receiver: Value | None, args: Args) -> None:
    """Note where data meets something that the caller passed: there the caller decides what becomes of it."""
    info = frame.info
    if info is None:
        return
    given = args.all()
    unknown = not callee.refs and (receiver is None or not receiver.refs)
    if unknown and any(value.labels for value in given):
        _note_registered(frame, info)
    if info in frame.world.asking:
        return
    if any(label.zone != SYMBOL for value in given for label in value.labels) and any(
        isinstance(one, ObjectRef) and one.id[0] == "parameter"
        for value in (callee, *([receiver] if receiver is not None else []), *given)
        for one in value.refs
    ):
        frame.world.asking.add(info)


def _note_registered(frame: Frame, info: FunctionInfo) -> None:
    """Note who fills what a function may have its callbacks from: fields of its object, globals."""
    if info in frame.world.registered:
        return
    frame.world.registered.add(info)
    if info.owner is not None:
        for other in info.owner.methods.values():
            if other is not info and len(other.node.args.args) > 1 and _shares(other, info.scan.asks):
                frame.world.asking.add(other)
        return
    names = {one for one in info.mentions & info.module.bound.keys() if one not in info.module.functions}
    for function in info.module.functions.values() if names else ():
        if function is not info and function.node.args.args and not names.isdisjoint(function.mentions):
            frame.world.asking.add(function)


def _shares(method: FunctionInfo, attributes: frozenset[str]) -> bool:
    """Whether a method, or a function inside it, has to do with one of these attributes of its object."""
    return any(
        isinstance(one, ast.Attribute)
        and one.attr in attributes
        and isinstance(one.value, ast.Name)
        and one.value.id in {"self", "cls"}
        for one in ast.walk(method.node)
    )


def arguments(frame: Frame, node: ast.Call) -> Args:
    """Evaluate what a call passes."""
    args = Args()
    for one in node.args:
        if isinstance(one, ast.Starred):
            value = frame.eval(one.value)
            spread_star(frame, args, value, one)
        else:
            if isinstance(one, ast.Name):
                args.names[len(args.positional)] = one.id
            value = frame.eval(one)
            if args.star is NOTHING:
                args.positional.append(value)
            else:
                args.star = join(args.star, value)
    for keyword in node.keywords:
        value = frame.eval(keyword.value)
        if keyword.arg is not None:
            args.keywords[keyword.arg] = value
            if isinstance(keyword.value, ast.Name):
                args.names[keyword.arg] = keyword.value.id
        else:
            spread_stars(frame, args, value)
    return args


def spread_star(frame: Frame, args: Args, value: Value, node: ast.AST) -> None:
    """``*value``: places that are known stay apart."""
    if (
        len(value.refs) == 1
        and isinstance(value.refs[0], ObjectRef)
        and not value.labels
        and args.star is NOTHING
    ):
        made = frame.object(value.refs[0].id)
        count = sum(1 for key in made.fields if isinstance(key, tuple))
        if made.kind in {"list", "tuple"} and made.rest is NOTHING and all(
            ("item", place) in made.fields for place in range(count)
        ):  # fmt: skip
            args.positional.extend(made.fields["item", place] for place in range(count))
            return
        if made.kind in {"list", "tuple"}:
            places = [made.fields.get(("item", place)) for place in range(count)]
            if all(one is not None for one in places):
                args.positional.extend(one for one in places if one is not None)
                args.star = join(args.star, made.rest)
                return
    args.star = join(args.star, iterate(frame, value, node))


def spread_stars(frame: Frame, args: Args, value: Value) -> None:
    """``**value``: keys that are known stay apart."""
    args.stars = join(args.stars, labelled(value.labels))
    for one in value.refs:
        if isinstance(one, ObjectRef):
            made = frame.object(one.id)
            for key, inner in made.fields.items():
                if isinstance(key, tuple) and isinstance(key[1], str):
                    args.keywords[key[1]] = join(args.keywords.get(key[1], NOTHING), inner)
            args.stars = join(args.stars, made.rest)


def _methods_of(frame: Frame, receiver: Value, function: ast.Attribute) -> Value:
    """The functions that ``receiver.name`` may be."""
    if not receiver.refs:
        return NOTHING
    known = [one for one in receiver.refs if not isinstance(one, Const | Prefix)]
    plain = Value({}, tuple(known))
    found = attribute(frame, plain, function.attr, function, "")
    # What an object inherits from a library is called by name only: see unknown_method.
    outside = any(isinstance(one, ModuleRef | ExternalRef) for one in known)
    theirs = set() if outside else _inherited(frame, plain, function.attr)
    return Value(
        {},
        tuple(
            one
            for one in found.refs
            if not isinstance(one, Const | Prefix)
            and not (isinstance(one, ExternalRef) and one.name in theirs)
        ),
    )


def _inherited(frame: Frame, receiver: Value, name: str) -> set[str]:
    """The full names of what objects have from libraries."""
    found: set[ClassInfo | str | None] = {
        base for info in classes_of(frame, receiver) for base in frame.world.program.order(info)
    }
    found |= {frame.object(one.id).info for one in receiver.refs if isinstance(one, ObjectRef)}
    return {f"{one}.{name}" for one in found if isinstance(one, str)}


def called_names(
    frame: Frame, callee: Value, receiver: Value | None, function: ast.expr, written: str
) -> list[tuple[str, bool]]:
    """The names that a call goes by: (name, whether only as written). What it resolved to comes first."""
    found: list[tuple[str, bool]] = []
    resolved = False
    for one in callee.refs:
        if isinstance(one, FunctionRef | ClassRef):
            found.append((one.info.dotted, False))
            resolved = True
        elif isinstance(one, ExternalRef):
            found.extend((name, False) for name in also(one.name))
            resolved = True
    name = function.attr if isinstance(function, ast.Attribute) else ""
    if receiver is not None:
        for info in classes_of(frame, receiver):
            for base in frame.world.program.order(info):
                full = base if isinstance(base, str) else base.dotted
                found.extend((each, False) for each in also(f"{full}.{name}"))
        for one in receiver.refs:
            if isinstance(one, ObjectRef) and isinstance(library := frame.object(one.id).info, str):
                found.extend((each, False) for each in also(f"{library}.{name}"))
        variable = not any(isinstance(one, ObjectRef) and _is_container(frame, one) for one in receiver.refs)
        if variable and not any(
            not isinstance(one, ObjectRef | Const | Prefix | RowsRef) for one in receiver.refs
        ):
            found.append((written, True))
    elif not resolved and written and not callee.refs:
        found.append((written, True))
    return list(dict.fromkeys(found))


def _is_container(frame: Frame, one: ObjectRef) -> bool:
    return frame.object(one.id).kind in {"list", "dict", "set", "tuple", "iterator"}


def _sources(frame: Frame, names: list[tuple[str, bool]]) -> dict[tuple[str, int], None]:
    table = frame.world.tables.sources["calls"]
    return dict.fromkeys(found for name, written in names for found in table.find(name, written=written))


def _changes(
    frame: Frame, names: list[tuple[str, bool]], callee: Value
) -> list[tuple[tuple[int, tuple[int, ...]], str]]:
    """The reclassifiers that a call surely is: a name that another thing hides does not count."""
    table = frame.world.tables.changes
    if not table:
        return []
    surely: list[set[tuple[tuple[int, tuple[int, ...]], str]]] = []
    for name, written in names:
        if "<locals>" in name or "<lambda>" in name:
            return []
        found = {(payload, pattern) for pattern, payload in table.find(name, written=written)}
        if found or not written:
            surely.append(found)
    if not any(surely):
        return []
    several = [one for one in callee.refs if isinstance(one, FunctionRef)]
    if len(several) > 1:
        both = set.intersection(*surely)
        return sorted(both, key=str)
    return sorted(set.union(*surely), key=str)


def _check_sinks(frame: Frame, node: ast.AST, names: list[tuple[str, bool]], args: Args) -> bool:
    """Note what of the arguments reaches sinks; return whether the call is one at all."""
    table = frame.world.tables
    found: dict[Where, str] = {}
    for name, written in names:
        for _, where in table.sinks.find(name, written=written):
            found.setdefault(where, name)
    if not found:
        return False
    literal = _literal(args)
    groups: dict[tuple[str, ...], list[Where]] = {}
    for where in found:
        if not table.allows(where, literal):
            groups.setdefault(table.sink(where).arguments, []).append(where)
    for limits, sinks in groups.items():
        name = found[sinks[0]]
        labels: Labels = {}
        for value in _limited(args, limits):
            labels = merge(labels, text(frame, value, node) if _textual(name) else deep(frame, value))
        frame.hit(labels, tuple(sinks), node, f"passed to `{name}`")
    return True


def _textual(name: str) -> bool:
    return not _TEXTUAL.isdisjoint(name.split("."))


def _limited(args: Args, limits: tuple[str, ...]) -> list[Value]:
    if not limits:
        return args.all()
    found = [args.positional[int(one)] for one in limits if one.isdigit() and int(one) < len(args.positional)]
    found += [args.keywords[one] for one in limits if one in args.keywords]
    found += [args.stars] if any(not one.isdigit() for one in limits) else []
    return [*found, args.star] if any(one.isdigit() for one in limits) else found


def _literal(args: Args) -> str | None:
    """How the first argument (or the URL by its name) surely begins."""
    first = args.positional[0] if args.positional else args.keywords.get("url", NOTHING)
    values = [one.value for one in first.refs if isinstance(one, Const | Prefix)]
    if len(values) == 1 and isinstance(values[0], str) and len(first.refs) == 1:
        return values[0]
    return None


def call_value(  # noqa: PLR0917 - all that is known of a call
    frame: Frame,
    callee: Value,
    args: Args,
    node: ast.AST,
    receiver: Value | None = None,
    function: ast.expr | None = None,
) -> Value:
    """What calling a value gives."""
    result = NOTHING
    done = False
    for one in callee.refs:
        if isinstance(one, FunctionRef):
            result = join(
                result, invoke(frame, one, args, node, receiver.labels if receiver is not None else None)
            )
            done = True
        elif isinstance(one, ClassRef):
            result = join(result, instantiate(frame, one, args, node))
            done = True
        elif isinstance(one, ObjectRef):
            inner = _call_object(frame, one, args, node)
            if inner is not None:
                result = join(result, inner)
                done = True
        elif isinstance(one, ExternalRef):
            result = join(result, models.external(frame, one.name, args, node, receiver))
            done = True
    if done:
        return result
    if receiver is not None and isinstance(function, ast.Attribute):
        return methods.unknown_method(frame, receiver, function, args, node)
    return models.unknown(frame, [*args.all(), labelled(callee.labels)], args, node)


def _call_object(frame: Frame, one: ObjectRef, args: Args, node: ast.AST) -> Value | None:
    made = frame.object(one.id)
    if made.kind == "partial":
        before = made.fields
        count = sum(1 for key in before if isinstance(key, tuple) and isinstance(key[1], int))
        positional = [before.get(("item", place), NOTHING) for place in range(count)]
        keywords = {
            key[1]: value
            for key, value in before.items()
            if isinstance(key, tuple) and isinstance(key[1], str)
        }
        joined = Args([*positional, *args.positional], {**keywords, **args.keywords}, args.star, args.stars)
        return apply(frame, before.get("func", NOTHING), joined, node)
    if made.kind == "instance" and isinstance(made.info, ClassInfo):
        method = find_method(frame, made.info, "__call__")
        if method is not None:
            return invoke(frame, FunctionRef(method, None, one), args, node)
    return None


__all__ = ["apply", "arguments", "call_value"]
