"""Calls of functions of the tree: one analysis for a shape of arguments, and its effects on the caller."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.annotations import typed
from riskbot.detect.flows.engine.applied import apply_summary, store_fact
from riskbot.detect.flows.engine.arguments import Args, bind, defaults, is_bound
from riskbot.detect.flows.engine.definitions import FunctionInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.shapes import Passed, Shaper, deep
from riskbot.detect.flows.engine.values import (
    NOTHING,
    SYMBOL,
    FunctionRef,
    Labels,
    Object,
    ObjectId,
    ObjectRef,
    Value,
    labelled,
    merge,
)
from riskbot.detect.flows.engine.world import Running, Summary

MOST_DEPTH = 24  # calls inside calls; deeper ones count as unknown
MOST_CONTEXTS = 6  # shapes of arguments that one function is analysed for
MOST_COLD = 2  # calls inside calls of functions that have nothing to do with data of a zone
CALL = 4  # units of work that a call costs beside its expressions
MOST_TURNS = 4  # until a function that calls itself says the same again


def invoke(
    frame: Frame, function: FunctionRef, args: Args, node: ast.AST, whole: Labels | None = None
) -> Value:
    """What a call of a function gives; ``whole``: the labels that its receiver bears as a whole."""
    info = function.info
    world = frame.world
    bound = bind(frame, function, args, node, whole or {})
    if frame.depth >= MOST_DEPTH:
        return labelled(_everything(frame, args))
    shaper = Shaper(frame, info)
    key: object = shaper.shape(bound, coarse=False)
    world.fuel -= CALL
    summary = _known(frame, info, key)
    cold = summary is None and _is_cold(frame, info, shaper.passed, bound)
    if cold and frame.cold >= MOST_COLD:
        return NOTHING if isinstance(info.node, ast.Lambda) else typed(world, info.module, info.node.returns)
    if summary is None and world.contexts.get(info, 0) >= MOST_CONTEXTS:
        shaper = Shaper(frame, info)
        coarse, wide = world.contexts[info] >= 3 * MOST_CONTEXTS, _wide(world.contexts[info])
        key = ("coarse", coarse, wide, shaper.shape(bound, coarse=coarse, wide=wide))
        summary = _known(frame, info, key)
    if summary is None:
        world.contexts[info] = world.contexts.get(info, 0) + 1
        summary = _analyse(frame, function, shaper.passed, key, cold=cold)
    for place, variable in args.names.items():
        _passed_as_is(info, function, place, variable, shaper.passed)
    return apply_summary(frame, info, summary, shaper.passed, node)


def _wide(analyses: int) -> int:
    """How little is told of the objects in arguments to a function that was analysed so often."""
    return 1 if analyses < 2 * MOST_CONTEXTS else 0


def _is_cold(frame: Frame, info: FunctionInfo, passed: Passed, bound: dict[str, Value]) -> bool:
    """Whether a call can matter only by what kind of thing it gives: nothing in it leads to data."""
    world = frame.world
    return (
        not passed.labels
        and world.cold(info)
        and not any(isinstance(one, FunctionRef) for value in bound.values() for one in value.refs)
    )


def _everything(frame: Frame, args: Args) -> Labels:
    labels: Labels = {}
    for value in args.all():
        labels = merge(labels, deep(frame, value))
    return labels


def _passed_as_is(
    info: FunctionInfo, function: FunctionRef, place: int | str, variable: str, passed: Passed
) -> None:
    if isinstance(place, str):
        passed.variable_of[place] = variable
        return
    names = [one.arg for one in (*info.node.args.posonlyargs, *info.node.args.args)]
    place += is_bound(function)
    if place < len(names):
        passed.variable_of[names[place]] = variable


def _known(frame: Frame, info: FunctionInfo, key: object) -> Summary | None:
    world = frame.world
    place = (info, key)
    summary = world.memo.get(place)
    if summary is not None:
        return summary
    if place in world.provisional:
        summary, lowest = world.provisional[place]
        frame.lowest = min(frame.lowest, lowest)
        return summary
    running = world.running.get(place)
    if running is not None:
        running.used = True
        frame.lowest = min(frame.lowest, running.index)
        return running.current
    return None


def _analyse(frame: Frame, function: FunctionRef, passed: Passed, key: object, *, cold: bool) -> Summary:
    """Analyse a function for one shape, again while it calls itself and says something new."""
    world = frame.world
    place = (function.info, key)
    index = len(world.running)
    running = world.running[place] = Running(index, Summary())
    try:
        for _ in range(MOST_TURNS):
            running.used = False
            inner = Frame(world, function.info.module, function.info, frame.depth + 1)
            inner.cold = frame.cold + 1 if cold else 0
            inner.heap = dict(passed.heap)
            inner.vars = {name: value for name, value in passed.variables.items() if name != "<env>"}
            env = passed.variables.get("<env>")
            if env is not None and env.refs and isinstance(env.refs[0], ObjectRef):
                inner.env = env.refs[0].id
            run_body(inner, function.info)
            summary = _summary(inner, passed)
            if not running.used or summary.same(running.current):
                break
            running.current = summary
            world.provisional.clear()
    finally:
        del world.running[place]
    if inner.lowest >= index:
        world.memo.update({one: found for one, (found, _) in world.provisional.items()})
        world.provisional.clear()
        world.memo[place] = summary
    else:
        world.provisional[place] = (summary, inner.lowest)
        frame.lowest = min(frame.lowest, inner.lowest)
    return summary


def run_body(frame: Frame, info: FunctionInfo) -> None:
    """Run a function's body in its frame; what it needs of the statements is registered there."""
    from riskbot.detect.flows.engine.functions import enter

    enter(frame, info)


def _summary(frame: Frame, passed: Passed) -> Summary:
    heap = frame.exit or {}
    result = frame.result
    effects = {
        identity: (passed.heap.get(identity, frame.incoming.get(identity, _PLAIN)), after)
        for identity, after in heap.items()
        if identity[0] in {"argument", "parameter"}
        or (identity in frame.world.heap and identity not in passed.objects and _symbolic(after))
    }
    effects = {identity: pair for identity, pair in effects.items() if pair[0] is not pair[1]}
    objects: dict[ObjectId, Object] = {}
    todo = [result, frame.raised, *(value for _, after in effects.values() for value in after.all())]
    while todo and len(objects) < 200:
        for one in todo.pop().refs:
            for identity in _ids(one):
                if (
                    identity in heap
                    and identity not in objects
                    and identity[0] not in {"argument", "parameter"}
                ):
                    objects[identity] = heap[identity]
                    todo.extend(heap[identity].all())
    return Summary(
        result, frame.raised, effects, objects, tuple(frame.hits.values()), frozenset(frame.reads),
        frozenset(frame.consulted), frame.facts,
    )  # fmt: skip


def _symbolic(one: Object) -> bool:
    """Whether what a caller passed is in an object that everybody knows."""
    return any(
        any(label.zone == SYMBOL for label in value.labels)
        or any(identity[0] in {"argument", "parameter"} for part in value.refs for identity in _ids(part))
        for value in one.all()
    )


def _ids(one: object) -> list[ObjectId]:
    if isinstance(one, ObjectRef):
        return [one.id]
    if isinstance(one, FunctionRef):
        found = [one.env] if one.env is not None else []
        return [*found, one.owner.id] if isinstance(one.owner, ObjectRef) else found
    return []


_PLAIN = Object("parameter", open=True)


__all__ = ["Args", "bind", "defaults", "invoke", "is_bound", "store_fact"]
