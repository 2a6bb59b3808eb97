"""What a decorated function is: what its decorators of the tree make of it."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.definitions import FunctionInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args
from riskbot.detect.flows.engine.values import ClassRef, ExternalRef, FunctionRef, ObjectRef, Ref, Value, ref


def decorated(frame: Frame, info: FunctionInfo, receiver: Ref | None) -> Value:
    """A function or method as it is called: with the decorators of the tree; others are not seen."""
    plain = ref(FunctionRef(info, None, receiver))
    world = frame.world
    if info not in world.wrapped:
        world.wrapped[info] = None  # a decorator that needs what it decorates
        if any(_ours(frame, info, one) for one in info.decorators):
            running = Frame(world, info.module, None, frame.depth + 1)
            if frame is world.bodies.get(info.module.path):
                running = frame  # what the top level made so far is what decorates
            value = wrap(running, info, ref(FunctionRef(info)))
            world.escape(value, running.heap)
            for one in value.refs:
                if isinstance(one, FunctionRef) and one.env is not None:
                    world.escape(ref(ObjectRef(one.env)), running.heap)
            world.wrapped[info] = value
            frame.reads |= running.reads
            frame.consulted |= running.consulted
    made = world.wrapped[info]
    if made is None or not any(isinstance(one, FunctionRef | ObjectRef) for one in made.refs):
        return plain
    if receiver is None:
        return made
    refs = tuple(
        FunctionRef(one.info, one.env, receiver)
        if isinstance(one, FunctionRef) and one.owner is None
        else one
        for one in made.refs
    )
    return Value(made.labels, refs)


def _calls(frame: Frame, one: Ref) -> bool:
    return isinstance(one, FunctionRef | ClassRef) or (
        isinstance(one, ObjectRef) and frame.object(one.id).kind != "library"
    )


def _ours(frame: Frame, info: FunctionInfo, decorator: ast.expr) -> bool:
    """Whether a decorator may be the tree's: a function or class, a method of what a name stands for."""
    program = frame.world.program
    if isinstance(program.resolve(decorator, info.module), FunctionRef | ClassRef):
        return True
    node = decorator
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return (
        isinstance(node, ast.Name)
        and node is not decorator
        and node.id in info.module.bound
        and not isinstance(program.resolve(node, info.module), ExternalRef)
    )


def wrap(frame: Frame, info: FunctionInfo, value: Value) -> Value:
    """Apply decorators, the lowest first; one from outside the tree leaves the function as it is."""
    from riskbot.detect.flows.engine.calls import apply

    for one in reversed(info.decorators):
        if info.nested or _ours(frame, info, one):
            decorator = frame.eval(one)
            if any(_calls(frame, each) for each in decorator.refs):
                made = apply(frame, decorator, Args([value]), one)
                if any(isinstance(each, FunctionRef | ObjectRef) for each in made.refs):
                    value = made
    return value
