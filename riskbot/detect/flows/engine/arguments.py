"""What a call passes, and which parameter gets what."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from riskbot.detect.flows.engine.definitions import FunctionInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.values import (
    NOTHING,
    FunctionRef,
    Labels,
    Object,
    ObjectRef,
    Value,
    join,
    ref,
)


@dataclass(slots=True)
class Args:
    """What a call passes. ``star`` and ``stars``: what is in ``*args`` of unknown length, in ``**kwargs``."""

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    star: Value = NOTHING
    stars: Value = NOTHING
    names: dict[int | str, str] = field(default_factory=dict)  # variables that are passed as they are

    def all(self) -> list[Value]:
        """Everything that is passed."""
        return [*self.positional, *self.keywords.values(), self.star, self.stars]

    def first(self, number: int, name: str = "") -> Value:
        """The argument at a position, or of a name."""
        if number < len(self.positional):
            return self.positional[number]
        return self.keywords.get(name, self.star)


def is_bound(function: FunctionRef) -> bool:
    """Whether the first parameter is the receiver."""
    return function.owner is not None and not function.info.marked("staticmethod")


def bind(frame: Frame, function: FunctionRef, args: Args, node: ast.AST, whole: Labels) -> dict[str, Value]:
    """The value of each parameter, in their order; those that nothing is passed for have their defaults."""
    declared = function.info.node.args
    names = [one.arg for one in (*declared.posonlyargs, *declared.args)]
    positional = list(args.positional)
    if is_bound(function):
        positional.insert(0, Value(whole, (function.owner,) if function.owner is not None else ()))
    bound: dict[str, Value] = {}
    keywords = dict(args.keywords)
    for number, name in enumerate(names):
        if number < len(positional):
            bound[name] = positional[number]
        elif name in keywords:
            bound[name] = keywords.pop(name)
        elif args.star is not NOTHING or args.stars is not NOTHING:
            bound[name] = join(_spread(args), _default(frame, function, name))
        else:
            bound[name] = _default(frame, function, name)
    if declared.vararg is not None:
        more = positional[len(names) :]
        if more or args.star is not NOTHING:
            made = Object(
                "tuple", None, {("item", place): value for place, value in enumerate(more)}, args.star
            )
            bound[declared.vararg.arg] = ref(ObjectRef(frame.allocate(node, made, "*")))
    for one in declared.kwonlyargs:
        if one.arg in keywords:
            bound[one.arg] = keywords.pop(one.arg)
        else:
            bound[one.arg] = join(_spread(args, star=False), _default(frame, function, one.arg))
    if declared.kwarg is not None and (keywords or args.stars is not NOTHING):
        made = Object("dict", None, {("item", name): value for name, value in keywords.items()}, args.stars)
        bound[declared.kwarg.arg] = ref(ObjectRef(frame.allocate(node, made, "**")))
    if function.env is not None:
        bound["<env>"] = ref(ObjectRef(function.env))
    return bound


def _spread(args: Args, *, star: bool = True) -> Value:
    """What ``*args`` and ``**kwargs`` of the call may bring to a parameter."""
    return join(args.star if star else NOTHING, args.stars)


def _default(frame: Frame, function: FunctionRef, name: str) -> Value:
    info = function.info
    if function.env is not None:
        found = frame.object(function.env).fields.get(f"<default {info.dotted} {name}>")
        if found is not None:
            return found
    if info.nested:
        return NOTHING
    key = (info, name)
    known = frame.world.defaults.get(key)
    if known is None:
        frame.world.defaults[key] = NOTHING  # a default that calls its own function
        known = NOTHING
        for parameter, node in defaults(info):
            if parameter == name and not isinstance(node, ast.Constant):
                inner = Frame(frame.world, info.module, None, frame.depth + 1)
                known = inner.eval(node)
                frame.world.escape(known, inner.heap)
        frame.world.defaults[key] = known
    return known


def defaults(info: FunctionInfo) -> list[tuple[str, ast.expr]]:
    """The parameters that have defaults, and their expressions."""
    declared = info.node.args
    names = [one.arg for one in (*declared.posonlyargs, *declared.args)]
    found = list(zip(names[len(names) - len(declared.defaults) :], declared.defaults, strict=True))
    found += [
        (one.arg, node)
        for one, node in zip(declared.kwonlyargs, declared.kw_defaults, strict=True)
        if node is not None
    ]
    return found
