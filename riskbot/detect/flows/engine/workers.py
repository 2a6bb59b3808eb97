"""Functions that somebody else calls: threads, pools of workers, event loops, queues of tasks.

What they pass on is said by the documentation of ``concurrent.futures``, ``threading``,
``multiprocessing.pool`` and ``asyncio``: the function gets what stands after it (or ``args`` and
``kwargs``), and what it gives, alone, is what comes back.
"""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.definitions import ClassInfo, last_name
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args
from riskbot.detect.flows.engine.items import find_method, iterate
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    ExternalRef,
    FunctionRef,
    Object,
    ObjectRef,
    Value,
    ref,
)

STARTERS = frozenset(
    {
        "submit",
        "to_thread",
        "run_in_executor",
        "call_soon",
        "call_later",
        "call_at",
        "run_sync",
        "start_soon",
        "add_task",
        "call_soon_threadsafe",
        "run_in_threadpool",
        "defer",
        "enqueue",
        "add_job",
        "run_coroutine_threadsafe",
        "spawn",
    }
)
_PACKED = frozenset({"apply", "apply_async", "start_new_thread", "Timer"})  # the arguments are one sequence
_THREADS = frozenset({"Thread", "Process", "Timer", "start_new_thread"})  # what the function gives is lost
_EACH = frozenset({"map", "imap", "imap_unordered", "map_async"})
_EACH_SPREAD = frozenset({"starmap", "starmap_async"})
_TARGETS = ("target", "func", "fn", "function")


def started(frame: Frame, args: Args, node: ast.AST) -> Value | None:
    """What a call gives that lets somebody call a function; None where it is no such call."""
    name = last_name(node.func) if isinstance(node, ast.Call) else ""
    if name in _EACH or name in _EACH_SPREAD:
        return _mapped(frame, args, node, spread=name in _EACH_SPREAD)
    if name not in STARTERS and name not in _PACKED and name not in _THREADS:
        return None
    place, target = _target(frame, args)
    if target is NOTHING:
        return None
    passed = _passed(frame, args, place, node, packed=name in _PACKED)
    from riskbot.detect.flows.engine.calls import apply

    result = apply(frame, target, passed, node)
    return NOTHING if name in _THREADS else result


def _target(frame: Frame, args: Args) -> tuple[int | None, Value]:
    """What is to be called, and its place among the positional arguments (None: passed by its name)."""
    for name in _TARGETS:
        if (named := callables(frame, args.keywords.get(name, NOTHING))) is not NOTHING:
            return None, named
    for place, value in enumerate(args.positional[:3]):
        if (found := callables(frame, value)) is not NOTHING:
            return place, found
    return None, NOTHING


def callables(frame: Frame, value: Value) -> Value:
    """What of a value can be called; NOTHING if nothing is known to be."""
    found = tuple(
        one
        for one in value.refs
        if isinstance(one, FunctionRef | ClassRef | ExternalRef)
        or (isinstance(one, ObjectRef) and _is_callable(frame.object(one.id), frame))
    )
    return Value({}, found) if found else NOTHING


def _is_callable(made: Object, frame: Frame) -> bool:
    if made.kind == "partial":
        return True
    return isinstance(made.info, ClassInfo) and find_method(frame, made.info, "__call__") is not None


def _passed(frame: Frame, args: Args, place: int | None, node: ast.AST, *, packed: bool) -> Args:
    from riskbot.detect.flows.engine.calls import spread_star, spread_stars

    ours = {"args", "kwargs", *_TARGETS} if place is None else {"args", "kwargs"}
    named = place is not None and not ({"args", "kwargs"} & args.keywords.keys())
    keywords = {name: value for name, value in args.keywords.items() if named and name not in ours}
    after = args.positional[place + 1 :] if place is not None else []
    if packed and after and _is_sequence(frame, after[0]):
        passed = Args(keywords=keywords, stars=args.stars)
        spread_star(frame, passed, after[0], node)
        if len(after) > 1:
            spread_stars(frame, passed, after[1])
    else:
        passed = Args(after, keywords, args.star, args.stars)
    if "args" in args.keywords:
        spread_star(frame, passed, args.keywords["args"], node)
    if "kwargs" in args.keywords:
        spread_stars(frame, passed, args.keywords["kwargs"])
    return passed


def _is_sequence(frame: Frame, value: Value) -> bool:
    return any(
        isinstance(one, ObjectRef) and frame.object(one.id).kind in {"tuple", "list"} for one in value.refs
    )


def _mapped(frame: Frame, args: Args, node: ast.AST, *, spread: bool) -> Value | None:
    """``pool.map(function, values)``: what the function gives for each of them."""
    if not args.positional:
        return None
    target = callables(frame, args.positional[0])
    given = args.positional[1:] or [
        args.keywords[one] for one in ("iterable", "iterables") if one in args.keywords
    ]
    if target is NOTHING or not (given or args.star is not NOTHING):
        return None
    from riskbot.detect.flows.engine.calls import apply, spread_star

    passed = Args(star=iterate(frame, args.star, node))
    if spread:
        spread_star(frame, passed, iterate(frame, given[0], node) if given else args.star, node)
    else:
        passed.positional = [iterate(frame, value, node) for value in given]
    result = apply(frame, target, passed, node)
    return ref(ObjectRef(frame.allocate(node, Object("list", None, {}, result), "mapped")))


__all__ = ["callables", "started"]
