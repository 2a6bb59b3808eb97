"""Expressions: what each kind is, given what its parts are."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.access import read_attribute
from riskbot.detect.flows.engine.definitions import dotted_name, function
from riskbot.detect.flows.engine.frame import Frame, constant, evaluates
from riskbot.detect.flows.engine.invoke import defaults
from riskbot.detect.flows.engine.items import iterate, read_item, slice_of, text
from riskbot.detect.flows.engine.modules import global_value
from riskbot.detect.flows.engine.targets import bind_target
from riskbot.detect.flows.engine.values import (
    NOTHING,
    Const,
    ExternalRef,
    FunctionRef,
    Key,
    Labels,
    Object,
    ObjectId,
    ObjectRef,
    Prefix,
    Value,
    join,
    join_all,
    labelled,
    merge,
    ref,
)

_LONGEST_LITERAL = 120


@evaluates(ast.Name)
def name(frame: Frame, node: ast.Name) -> Value:
    """A name: of this function, of those around it, of the module, of Python."""
    found = frame.vars.get(node.id)
    if found is not None:
        return found
    found = frame.outside(node.id)
    if found is not None:
        return found
    module = frame.module
    if node.id in module.bound or module.stars:
        if (
            frame.info is None
            and frame.world.bodies.get(module.path) is frame
            and node.id not in module.bound
        ):
            return ref(ExternalRef(node.id))
        value = global_value(frame, module, node.id)
        if value is not NOTHING or node.id in module.bound:
            return value
    key = ("global", module.path, node.id)
    if key in frame.world.facts:
        frame.reads.add(key)
        return frame.world.facts[key]
    return ref(ExternalRef(node.id))


@evaluates(ast.Constant)
def literal(frame: Frame, node: ast.Constant) -> Value:  # noqa: ARG001
    """A literal; a long text only by its beginning."""
    value = node.value
    if isinstance(value, str):
        return ref(Const(value)) if len(value) <= _LONGEST_LITERAL else ref(Prefix(value[:_LONGEST_LITERAL]))
    return ref(Const(value)) if type(value) is int else NOTHING


@evaluates(ast.Attribute)
def attribute_of(frame: Frame, node: ast.Attribute) -> Value:
    """``value.name``."""
    return read_attribute(frame, frame.eval(node.value), node)


@evaluates(ast.Subscript)
def subscript(frame: Frame, node: ast.Subscript) -> Value:
    """``value[key]`` or a slice of it."""
    value = frame.eval(node.value)
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        found = [constant(frame.eval(part)) if part is not None else None for part in parts]
        sure = all(part is None or isinstance(each, int) for part, each in zip(parts, found, strict=True))
        return slice_of(frame, value, node, (found[0], found[1]) if sure and parts[2] is None else None)
    key = frame.eval(node.slice)
    return read_item(frame, value, constant(key), node, key)


@evaluates(ast.BinOp)
def operation(frame: Frame, node: ast.BinOp) -> Value:
    """Both operands flow to the result; text and lists are put together."""
    left, right = frame.eval(node.left), frame.eval(node.right)
    return combined(frame, node, left, right, node.op)


def combined(frame: Frame, node: ast.AST, left: Value, right: Value, operator: ast.operator) -> Value:
    """What an operator makes of two values."""
    objects = [one for one in (*left.refs, *right.refs) if isinstance(one, ObjectRef)]
    if objects and isinstance(operator, ast.Mod):
        return Value(merge(left.labels, text(frame, right, node)), _beginning(left, "%"))
    labels = merge(left.labels, right.labels)
    if objects:
        kinds = [(frame.object(one.id), one) for one in objects]
        if all(made.kind in {"list", "tuple", "dict", "set"} for made, _ in kinds):
            fields: dict[Key, Value] = {}
            rest, keys = NOTHING, NOTHING
            for made, _ in kinds:
                keys = join(keys, made.keys)
                if made.kind == "dict":
                    fields.update(made.fields)
                    rest = join(rest, made.rest)
                else:
                    rest = join(rest, join_all(made.items()))
            new = Object(
                kinds[0][0].kind if kinds[0][0].kind != "tuple" else "list", None, fields, rest, keys
            )
            return Value(labels, (ObjectRef(frame.allocate(node, new, "joined")),))
        return Value(labels, ()) if labels else NOTHING
    if isinstance(operator, ast.Add):
        return Value(labels, _beginning(left, "")) if labels or left.refs else NOTHING
    if isinstance(operator, ast.Mod):
        return Value(labels, _beginning(left, "%"))
    return labelled(labels)


def _beginning(value: Value, until: str) -> tuple[Prefix, ...]:
    if (
        len(value.refs) == 1
        and isinstance(value.refs[0], Const | Prefix)
        and isinstance(value.refs[0].value, str)
    ):
        begins = value.refs[0].value
        return (Prefix(begins.partition(until)[0] if until else begins),)
    return ()


@evaluates(ast.BoolOp)
def either(frame: Frame, node: ast.BoolOp) -> Value:
    """``a or b``: one of them."""
    return join_all([frame.eval(one) for one in node.values])


@evaluates(ast.UnaryOp)
def unary(frame: Frame, node: ast.UnaryOp) -> Value:
    """``not x`` tells only whether; a sign changes nothing."""
    value = frame.eval(node.operand)
    if isinstance(node.op, ast.Not):
        return NOTHING
    if isinstance(node.op, ast.USub) and isinstance(number := constant(value), int):
        return ref(Const(-number))
    return labelled(value.labels)


@evaluates(ast.Compare)
def comparison(frame: Frame, node: ast.Compare) -> Value:
    """A comparison is no data; what is called in it is called."""
    frame.eval(node.left)
    for one in node.comparators:
        frame.eval(one)
    return NOTHING


@evaluates(ast.IfExp)
def ternary(frame: Frame, node: ast.IfExp) -> Value:
    """One of two."""
    frame.eval(node.test)
    return join(frame.eval(node.body), frame.eval(node.orelse))


@evaluates(ast.JoinedStr)
def formatted(frame: Frame, node: ast.JoinedStr) -> Value:
    """An f-string shows what each part looks like as text."""
    labels: Labels = {}
    begins = ""
    known = True
    for part in node.values:
        value = frame.eval(part)
        labels = merge(labels, text(frame, value, node)) if value is not NOTHING else labels
        one = value.refs[0] if len(value.refs) == 1 else None
        if known and isinstance(one, Const | Prefix) and isinstance(one.value, str):
            begins += one.value
            known = isinstance(one, Const)
        else:
            known = False
    return Value(labels, (Prefix(begins),) if begins else ())


@evaluates(ast.FormattedValue)
def shown_part(frame: Frame, node: ast.FormattedValue) -> Value:
    """A part of an f-string."""
    if node.format_spec is not None:
        frame.eval(node.format_spec)
    return frame.eval(node.value)


@evaluates(ast.List, ast.Tuple, ast.Set)
def sequence(frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Value:
    """A container with its items at their places."""
    fields: dict[Key, Value] = {}
    rest = NOTHING
    starred = False
    for place, one in enumerate(node.elts):
        if isinstance(one, ast.Starred):
            starred = True
            rest = join(rest, iterate(frame, frame.eval(one.value), one))
            continue
        value = frame.eval(one)
        if starred or isinstance(node, ast.Set) or place > 40:
            rest = join(rest, value)
        else:
            fields["item", place] = value
    kind = type(node).__name__.lower()
    return ref(ObjectRef(frame.allocate(node, Object(kind, None, fields, rest), kind)))


@evaluates(ast.Dict)
def mapping(frame: Frame, node: ast.Dict) -> Value:
    """A mapping with its values under their keys."""
    made = Object("dict")
    for key, one in zip(node.keys, node.values, strict=True):
        value = frame.eval(one)
        if key is None:
            _merge_in(frame, made, value)
            continue
        name_of = frame.eval(key)
        if name_of.labels:
            made.keys = join(made.keys, labelled(name_of.labels))
        found = constant(name_of)
        if found is None or len(made.fields) > 60:
            made.rest = join(made.rest, value)
        else:
            made.fields["item", found] = value
    return ref(ObjectRef(frame.allocate(node, made, "dict")))


def _merge_in(frame: Frame, made: Object, value: Value) -> None:
    made.rest = join(made.rest, labelled(value.labels))
    for one in value.refs:
        if isinstance(one, ObjectRef):
            inner = frame.object(one.id)
            made.fields.update({key: field for key, field in inner.fields.items() if isinstance(key, tuple)})
            made.rest = join(made.rest, inner.rest)
            made.keys = join(made.keys, inner.keys)


@evaluates(ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
def comprehension(frame: Frame, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    """A comprehension: a container of what its element may be."""
    outer = frame.vars
    frame.vars = dict(outer)
    own: set[str] = set()
    for generator in node.generators:
        own.update(one.id for one in ast.walk(generator.target) if isinstance(one, ast.Name))
        bind_target(
            frame, generator.target, iterate(frame, frame.eval(generator.iter), generator.iter), local=True
        )
        for condition in generator.ifs:
            frame.eval(condition)
    keys = NOTHING
    if isinstance(node, ast.DictComp):
        keys = labelled(frame.eval(node.key).labels)
        value = frame.eval(node.value)
    else:
        value = frame.eval(node.elt)
    inner, frame.vars = frame.vars, outer
    for left, found in inner.items():  # what ``:=`` bound stays
        if left not in own:
            frame.vars[left] = found
    kind = {"ListComp": "list", "SetComp": "set", "GeneratorExp": "iterator", "DictComp": "dict"}[
        type(node).__name__
    ]
    made = Object(kind, None, {}, frame.told(value, node, "goes into a comprehension"), keys)
    return ref(ObjectRef(frame.allocate(node, made, kind)))


@evaluates(ast.Lambda)
def anonymous(frame: Frame, node: ast.Lambda) -> Value:
    """A function without a name; it sees the variables as they are here."""
    home = frame.info.dotted if frame.info is not None else frame.module.name
    info = function(node, frame.module, f"{home}.<locals>", nested=True)
    fields: dict[Key, Value] = {}
    if frame.vars and (frame.info is not None or frame.world.bodies.get(frame.path) is not frame):
        for one in ast.walk(node.body):
            if isinstance(one, ast.Name) and one.id in frame.vars:
                fields[one.id] = frame.vars[one.id]
    for parameter, default in defaults(info):
        fields[f"<default {info.dotted} {parameter}>"] = frame.eval(default)
    env: ObjectId | None = frame.own or frame.env
    if fields:
        if env is not None:
            fields["<outside>"] = ref(ObjectRef(env))
        env = frame.allocate(node, Object("env", None, fields), "env")
    made = FunctionRef(info, env)
    frame.inside.append(made)
    return ref(made)


@evaluates(ast.Await, ast.Starred)
def inner(frame: Frame, node: ast.Await | ast.Starred) -> Value:
    """The same as what is awaited."""
    return frame.eval(node.value)


@evaluates(ast.Yield)
def yielded(frame: Frame, node: ast.Yield) -> Value:
    """What a generator gives out, and what anybody sends in."""
    if node.value is not None:
        value = frame.told(frame.eval(node.value), node, "is yielded")
        frame.yielded = join(frame.yielded, value)
    if frame.info is None or not frame.info.scan.receives:
        return NOTHING
    key = ("sent", frame.info.dotted, "<sent>")
    frame.reads.add(key)
    return frame.world.facts.get(key, NOTHING)


@evaluates(ast.YieldFrom)
def delegated(frame: Frame, node: ast.YieldFrom) -> Value:
    """All that another generator gives out, and what it returns."""
    value = frame.eval(node.value)
    frame.yielded = join(frame.yielded, frame.told(iterate(frame, value, node), node, "is yielded"))
    return join_all(frame.object(one.id).keys for one in value.refs if isinstance(one, ObjectRef))


@evaluates(ast.NamedExpr)
def walrus(frame: Frame, node: ast.NamedExpr) -> Value:
    """``name := value``."""
    value = frame.eval(node.value)
    bind_target(frame, node.target, value)
    return frame.told(value, node, f"goes into `{dotted_name(node.target)}`")


@evaluates(ast.Slice)
def part(frame: Frame, node: ast.Slice) -> Value:
    """A slice in a tuple of indices."""
    for one in (node.lower, node.upper, node.step):
        if one is not None:
            frame.eval(one)
    return NOTHING
