"""Statements that branch, loop, catch and match: states part and come together again."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.annotations import typed
from riskbot.detect.flows.engine.definitions import ClassInfo
from riskbot.detect.flows.engine.frame import Frame, State, constant, executes, join_states, same_states
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.items import find_method, iterate, read_item, unpack
from riskbot.detect.flows.engine.targets import bind_target
from riskbot.detect.flows.engine.values import (
    NOTHING,
    FunctionRef,
    Object,
    ObjectRef,
    Value,
    join,
    join_all,
    labelled,
    ref,
)

_MOST_TURNS = 3
_DEEP_LOOPS = 3  # a loop inside so many others is walked once


@executes(ast.If)
def branch(frame: Frame, node: ast.If) -> None:
    """Either branch, then what may be true after both."""
    frame.eval(node.test)
    before = frame.fork()
    _narrow(frame, node.test)
    frame.run(node.body)
    after = frame.state()
    frame.restore(before)
    if node.orelse:
        frame.run(node.orelse)
    frame.restore(join_states(after, frame.state()))


def _narrow(frame: Frame, test: ast.expr) -> None:
    """``if isinstance(x, T)``: inside, ``x`` is one."""
    if (
        isinstance(test, ast.Call)
        and isinstance(test.func, ast.Name)
        and test.func.id == "isinstance"
        and len(test.args) == 2
        and isinstance(test.args[0], ast.Name)
        and (known := frame.vars.get(test.args[0].id)) is not None
    ):
        narrowed = typed(frame.world, frame.module, test.args[1])
        if narrowed.refs and not any(
            isinstance(one, ObjectRef) and frame.object(one.id).info is not None for one in known.refs
        ):
            frame.vars[test.args[0].id] = Value(known.labels, narrowed.refs)


@executes(ast.For, ast.AsyncFor)
def for_loop(frame: Frame, node: ast.For | ast.AsyncFor) -> None:
    """The body for any item, again until nothing new is said."""
    items = frame.eval(node.iter)

    def turn() -> None:
        bind_target(frame, node.target, iterate(frame, items, node.iter))

    _loop(frame, node.body, node.orelse, turn)


@executes(ast.While)
def while_loop(frame: Frame, node: ast.While) -> None:
    """The body while a test holds."""
    _loop(frame, node.body, node.orelse, lambda: frame.eval(node.test))


def _loop(frame: Frame, body: list[ast.stmt], orelse: list[ast.stmt], turn) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    outer_breaks, outer_continues = frame.breaks, frame.continues
    frame.breaks = []
    frame.loops += 1
    head: State = frame.fork()
    for _ in range(_MOST_TURNS if frame.loops <= _DEEP_LOOPS else 1):
        frame.continues = []
        frame.restore((dict(head[0]), dict(head[1])))
        turn()
        frame.run(body)
        after = frame.state()
        for state in frame.continues:
            after = join_states(after, state)
        if after is None or same_states(head, after):
            break
        joined = join_states(head, after)
        if joined is not None:
            head = (dict(joined[0]), dict(joined[1]))
    end: State | None = head
    frame.restore((dict(head[0]), dict(head[1])))
    if orelse:
        frame.run(orelse)
        end = frame.state()
    for state in frame.breaks:
        end = join_states(end, state)
    frame.restore(end)
    frame.loops -= 1
    frame.breaks, frame.continues = outer_breaks, outer_continues


@executes(ast.Break)
def breaks(frame: Frame, node: ast.Break) -> None:  # noqa: ARG001
    """On to what comes after the loop."""
    frame.breaks.append(frame.fork())
    frame.dead = True


@executes(ast.Continue)
def continues(frame: Frame, node: ast.Continue) -> None:  # noqa: ARG001
    """On to the next turn."""
    frame.continues.append(frame.fork())
    frame.dead = True


@executes(ast.With, ast.AsyncWith)
def with_block(frame: Frame, node: ast.With | ast.AsyncWith) -> None:
    """What entering gives is bound; leaving is called too."""
    leaving: list[FunctionRef] = []
    for item in node.items:
        manager = frame.eval(item.context_expr)
        entered = labelled(manager.labels)
        for one in manager.refs:
            entered = join(entered, _enter(frame, one, node, leaving))
        if item.optional_vars is not None:
            bind_target(frame, item.optional_vars, entered)
    frame.run(node.body)
    for function in leaving:
        if not frame.dead:
            invoke(frame, function, Args(), node)


def _enter(frame: Frame, one: object, node: ast.AST, leaving: list[FunctionRef]) -> Value:
    if not isinstance(one, ObjectRef):
        return ref(one) if one is not None else NOTHING  # type: ignore[arg-type]
    made = frame.object(one.id)
    if made.kind == "iterator":
        return join_all(made.items())
    if isinstance(made.info, ClassInfo):
        for name in ("__exit__", "__aexit__"):
            method = find_method(frame, made.info, name)
            if method is not None:
                leaving.append(FunctionRef(method, None, one))
        for name in ("__enter__", "__aenter__"):
            method = find_method(frame, made.info, name)
            if method is not None:
                return invoke(frame, FunctionRef(method, None, one), Args(), node)
    return ref(one)


@executes(ast.Try, ast.TryStar)
def try_block(frame: Frame, node: ast.Try) -> None:
    """Handlers begin with what was true before the body, after it, or where it left by itself."""
    before = frame.fork()
    outer, frame.raised = frame.raised, NOTHING
    frame.origins.append([])
    frame.run(node.body)
    left = frame.origins.pop()
    caught, frame.raised = frame.raised, outer
    after = frame.state()
    entry: State | None = join_states(before, after)
    for state in left:
        entry = join_states(entry, state)
    if after is not None and node.orelse:
        frame.restore((dict(after[0]), dict(after[1])))
        frame.run(node.orelse)
        after = frame.state()
    if not node.handlers:
        frame.raised = join(frame.raised, caught)
    for handler in node.handlers:
        after = join_states(after, _handle(frame, handler, entry, caught))
    if node.finalbody:
        ended = after is None
        last = after if after is not None else entry
        frame.restore(None if last is None else (dict(last[0]), dict(last[1])))
        frame.run(node.finalbody)
        after = None if ended else frame.state()
    frame.restore(after)


def _handle(frame: Frame, handler: ast.ExceptHandler, entry: State | None, caught: Value) -> State | None:
    if entry is None:
        return None
    frame.restore((dict(entry[0]), dict(entry[1])))
    value = caught
    if handler.type is not None:
        frame.eval(handler.type)
        if not value.refs:
            known = typed(frame.world, frame.module, handler.type)
            value = Value(value.labels, known.refs) if known.refs else value
    if handler.name is not None:
        frame.assign(handler.name, frame.told(value, handler, f"caught as `{handler.name}`"))
    frame.caught.append(value)
    frame.run(handler.body)
    frame.caught.pop()
    return frame.state()


@executes(ast.Match)
def match(frame: Frame, node: ast.Match) -> None:
    """Each case with what its pattern takes out of the subject."""
    subject = frame.eval(node.subject)
    before = frame.fork()
    after: State | None = before
    for case in node.cases:
        frame.restore((dict(before[0]), dict(before[1])))
        capture(frame, case.pattern, subject)
        if case.guard is not None:
            frame.eval(case.guard)
        frame.run(case.body)
        after = join_states(after, frame.state())
    frame.restore(after)


def capture(frame: Frame, pattern: ast.pattern, value: Value) -> None:
    """Bind the names of a pattern."""
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is not None:
            capture(frame, pattern.pattern, value)
        if pattern.name is not None:
            frame.assign(pattern.name, frame.told(value, pattern, f"goes into `{pattern.name}`"))
    elif isinstance(pattern, ast.MatchOr):
        for one in pattern.patterns:
            capture(frame, one, value)
    elif isinstance(pattern, ast.MatchSequence):
        star = next(
            (place for place, one in enumerate(pattern.patterns) if isinstance(one, ast.MatchStar)), None
        )
        for one, part in zip(
            pattern.patterns, unpack(frame, value, len(pattern.patterns), star, pattern), strict=True
        ):
            capture(frame, one, part)
    elif isinstance(pattern, ast.MatchStar):
        if pattern.name is not None:
            frame.assign(pattern.name, value)
    elif isinstance(pattern, ast.MatchMapping):
        _mapping(frame, pattern, value)
    elif isinstance(pattern, ast.MatchClass):
        _class(frame, pattern, value)


def _mapping(frame: Frame, pattern: ast.MatchMapping, value: Value) -> None:
    for key, one in zip(pattern.keys, pattern.patterns, strict=True):
        name = frame.eval(key)
        capture(frame, one, read_item(frame, value, constant(name), pattern, name))
    if pattern.rest is not None:
        taken = {("item", constant(frame.eval(key))) for key in pattern.keys}
        left = Object("dict")
        for one_ref in value.refs:
            if isinstance(one_ref, ObjectRef):
                made = frame.object(one_ref.id)
                left.fields.update({key: inner for key, inner in made.fields.items() if key not in taken})
                left.rest = join(left.rest, made.rest)
        frame.assign(pattern.rest, Value(value.labels, (ObjectRef(frame.allocate(pattern, left, "left")),)))


def _class(frame: Frame, pattern: ast.MatchClass, value: Value) -> None:
    from riskbot.detect.flows.engine.access import attribute, classes_of
    from riskbot.detect.flows.engine.classes import field_names

    known = typed(frame.world, frame.module, pattern.cls)
    if known.refs and not any(isinstance(one, ObjectRef) and frame.object(one.id).info for one in value.refs):
        value = Value(value.labels, known.refs)
    names: list[str] = []
    for info in classes_of(frame, value):
        names = names or list(field_names(frame, info))
    for place, one in enumerate(pattern.patterns):
        part = (
            attribute(frame, value, names[place], pattern, names[place])
            if place < len(names)
            else labelled(value.labels)
        )
        capture(frame, one, part)
    for name, one in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        capture(frame, one, attribute(frame, value, name, pattern, name))
