"""What a decorated function is: what its decorators of the tree make of it."""

from __future__ import annotations

from riskbot.detect.flows.engine.definitions import FunctionInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args
from riskbot.detect.flows.engine.values import ClassRef, FunctionRef, ObjectRef, Ref, Value, ref


def decorated(frame: Frame, info: FunctionInfo, receiver: Ref | None) -> Value:
    """A function or method as it is called: with the decorators of the tree; others are not seen."""
    plain = ref(FunctionRef(info, None, receiver))
    world = frame.world
    if info not in world.wrapped:
        world.wrapped[info] = None  # a decorator that needs what it decorates
        if any(
            isinstance(world.program.resolve(one, info.module), FunctionRef | ClassRef)
            for one in info.decorators
        ):
            running = Frame(world, info.module, None, frame.depth + 1)
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


def wrap(frame: Frame, info: FunctionInfo, value: Value) -> Value:
    """Apply decorators, the lowest first; one from outside the tree leaves the function as it is."""
    from riskbot.detect.flows.engine.calls import apply

    for one in reversed(info.decorators):
        if isinstance(frame.world.program.resolve(one, info.module), FunctionRef | ClassRef) or info.nested:
            decorator = frame.eval(one)
            if any(isinstance(each, FunctionRef | ClassRef | ObjectRef) for each in decorator.refs):
                made = apply(frame, decorator, Args([value]), one)
                if any(isinstance(each, FunctionRef | ObjectRef) for each in made.refs):
                    value = made
    return value
