"""Calls of functions of the tree: arguments to parameters, one analysis for a shape, effects on the caller."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from riskbot.detect.flows.annotations import typed
from riskbot.detect.flows.definitions import ClassInfo, FunctionInfo
from riskbot.detect.flows.frame import Frame, join_heaps
from riskbot.detect.flows.shapes import Passed, Shaper, deep
from riskbot.detect.flows.values import (
    NOTHING,
    SYMBOL,
    ClassRef,
    FunctionRef,
    Labels,
    Link,
    Object,
    ObjectId,
    ObjectRef,
    Value,
    join,
    join_all,
    labelled,
    merge,
    ref,
)
from riskbot.detect.flows.world import Hit, Running, Summary, extend

MOST_DEPTH = 24  # calls inside calls; deeper ones count as unknown
MOST_CONTEXTS = 14  # shapes of arguments that one function is analysed for
MOST_COLD = 2  # calls inside calls of functions that have nothing to do with data of a zone
MOST_TURNS = 4  # until a function that calls itself says the same again


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
    summary = _known(frame, info, key)
    cold = summary is None and _is_cold(frame, info, shaper.passed, bound)
    if cold and frame.cold >= MOST_COLD:
        return NOTHING if isinstance(info.node, ast.Lambda) else typed(world, info.module, info.node.returns)
    if summary is None and world.contexts.get(info, 0) >= MOST_CONTEXTS:
        shaper = Shaper(frame, info)
        key = ("coarse", shaper.shape(bound, coarse=True))
        summary = _known(frame, info, key)
    if summary is None:
        world.contexts[info] = world.contexts.get(info, 0) + 1
        summary = _analyse(frame, function, shaper.passed, key, cold=cold)
    for place, variable in args.names.items():
        _passed_as_is(info, function, place, variable, shaper.passed)
    return _apply(frame, info, summary, shaper.passed, node)


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
            bound[name] = join(_spread(frame, args, name), _default(frame, function, name))
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
            bound[one.arg] = join(
                _spread(frame, args, one.arg, star=False), _default(frame, function, one.arg)
            )
    if declared.kwarg is not None and (keywords or args.stars is not NOTHING):
        made = Object("dict", None, {("item", name): value for name, value in keywords.items()}, args.stars)
        bound[declared.kwarg.arg] = ref(ObjectRef(frame.allocate(node, made, "**")))
    if function.env is not None:
        bound["<env>"] = ref(ObjectRef(function.env))
    return bound


def _spread(frame: Frame, args: Args, name: str, *, star: bool = True) -> Value:
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
    from riskbot.detect.flows.functions import enter

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
    return any(label.zone == SYMBOL for value in one.all() for label in value.labels)


def _ids(one: object) -> list[ObjectId]:
    if isinstance(one, ObjectRef):
        return [one.id]
    if isinstance(one, FunctionRef):
        found = [one.env] if one.env is not None else []
        return [*found, one.owner.id] if isinstance(one.owner, ObjectRef) else found
    return []


_PLAIN = Object("parameter", open=True)


class _Applied:
    """A summary, told in the caller's terms at one call."""

    def __init__(self, frame: Frame, info: FunctionInfo, passed: Passed, node: ast.AST) -> None:
        self.frame = frame
        self.info = info
        self.passed = passed
        self.node = node
        self.line: int = getattr(node, "lineno", 0)
        self._new: dict[ObjectId, ObjectId] = {}

    def labels(self, labels: Labels, *, back: bool) -> Labels:
        """Labels with the caller's in the place of symbols, and the way there and ``back`` told."""
        if not labels:
            return labels
        frame = self.frame
        result: Labels = {}
        for label, link in labels.items():
            if label.zone == SYMBOL and label.source in self.passed.labels:
                given = frame.world.tables.applied(label, self.passed.labels[label.source])
                inner = link.steps() if link else []
                for one, before in given.items():
                    result.setdefault(one, self._chain(before, inner, label.source, back=back))
            elif label.zone != SYMBOL:
                told = f"comes back from `{self.info.name}`"
                result.setdefault(label, extend(link, frame.path, self.line, told) if back else link)
        return result

    def hit(self, hit: Hit) -> Labels:
        """The caller's labels that reach a sink inside, those that are noted already left out."""
        frame = self.frame
        given = frame.world.tables.applied(hit.label, self.passed.labels[hit.label.source])
        inner: list[Link] | None = None
        result: Labels = {}
        for one, before in given.items():
            if one.zone == SYMBOL:
                if (one, hit.path, hit.line, hit.sinks) in frame.hits:
                    continue
            elif frame.world.noted(one, hit):
                continue
            inner = inner if inner is not None else (hit.link.steps() if hit.link else [])
            result[one] = self._chain(before, inner, hit.label.source, back=False)
        return result

    def _chain(self, before: Link | None, inner: list[Link], slot: str, *, back: bool) -> Link | None:
        name = self.passed.names.get(slot, slot)
        what = "is seen by" if name.startswith("<") else "goes into"
        into = "" if name.startswith(("<", "self")) else f" as `{name}`"
        link = extend(before, self.frame.path, self.line, f"{what} `{self.info.name}`{into}")
        for one in inner:
            link = extend(link, one.path, one.line, one.what)
        return (
            extend(link, self.frame.path, self.line, f"comes back from `{self.info.name}`") if back else link
        )

    def value(self, value: Value, *, back: bool = False) -> Value:
        """A value with the caller's labels and objects."""
        if value is NOTHING:
            return value
        refs = tuple(dict.fromkeys(new for one in value.refs for new in self._refs(one)))
        return Value(self.labels(value.labels, back=back), refs)

    def _refs(self, one: object) -> list:  # type: ignore[type-arg]
        if isinstance(one, ObjectRef):
            return [ObjectRef(identity) for identity in self.ids(one.id)]
        if isinstance(one, FunctionRef) and (one.env is not None or isinstance(one.owner, ObjectRef)):
            env = next(iter(self.ids(one.env)), None) if one.env is not None else None
            owner = one.owner
            if isinstance(owner, ObjectRef):
                found = self.ids(owner.id)
                owner = ObjectRef(found[0]) if found else None
            return [FunctionRef(one.info, env, owner)]
        return [one]

    def ids(self, identity: ObjectId) -> list[ObjectId]:
        """The caller's objects that one inside stands for."""
        if identity in self.passed.objects:
            return self.passed.objects[identity]
        if identity[0] in {"parameter", "argument"}:
            return []
        return [self._new.get(identity, identity)]

    def objects(self, made: dict[ObjectId, Object]) -> None:
        """Take over what the call made, under names of this call's own."""
        frame = self.frame
        for identity in made:
            if identity in frame.world.heap or identity[0] == "typed":
                continue
            depth = 0
            inner: object = identity
            while isinstance(inner, tuple) and inner and inner[0] == "made":
                inner, depth = inner[3], depth + 1
            if depth < 3:
                self._new[identity] = (
                    "made",
                    frame.path,
                    (self.line, getattr(self.node, "col_offset", 0)),
                    identity,
                )
            else:
                self._new[identity] = (
                    "made",
                    frame.path,
                    (self.line, getattr(self.node, "col_offset", 0)),
                    inner,
                )
        for identity, one in made.items():
            new = self._object(one)
            known = frame.heap.get(self._new.get(identity, identity))
            if known is not None and self.frame.loops:
                from riskbot.detect.flows.values import join_objects

                new = join_objects(known, new)
            frame.heap[self._new.get(identity, identity)] = new

    def _object(self, one: Object) -> Object:
        new = one.copy()
        new.fields = {key: self.value(value) for key, value in one.fields.items()}
        new.rest, new.keys = self.value(one.rest), self.value(one.keys)
        return new

    def effect(self, identity: ObjectId, before: Object, after: Object) -> None:
        """Do to the caller's objects what was done inside."""
        strong = identity in self.passed.exact
        targets = self.passed.objects.get(identity, [identity])
        fresh = {
            key: self.value(value)
            for key, value in after.fields.items()
            if before.fields.get(key) is not value
        }
        rest = self.value(after.rest) if after.rest is not before.rest else NOTHING
        keys = self.value(after.keys) if after.keys is not before.keys else NOTHING
        for target in targets:
            for key, value in fresh.items():
                self.frame.write(target, key, value, strong=strong and key not in after.soft)
                store_fact(self.frame, target, key, value)
            gone = [key for key in before.fields if key not in after.fields] if strong else []
            if rest is not NOTHING or keys is not NOTHING or gone or (strong and after.rest is NOTHING):
                changed = self.frame.object(target).copy()
                changed.fields = {key: value for key, value in changed.fields.items() if key not in gone}
                strongly = strong and before.rest is not NOTHING and after.rest is NOTHING
                changed.rest = NOTHING if strongly else join(changed.rest, rest)
                changed.keys = join(changed.keys, keys)
                self.frame.put(target, changed)

    def variable(self, slot: str, after: Object) -> None:
        """An argument that is no known object, only a variable: it bears from now on what was put into it."""
        name = self.passed.variable_of.get(slot)
        value = self.value(join_all(after.all()))
        if name is not None and value.labels and name in self.frame.vars:
            self.frame.vars[name] = join(self.frame.vars[name], labelled(value.labels))


def store_fact(frame: Frame, identity: ObjectId, key: object, value: Value) -> None:
    """A field of an object of which only the class is known is a fact about the class."""
    one = frame.object(identity)
    if one.open and isinstance(one.info, ClassInfo) and isinstance(key, str):
        frame.publish(("attribute", one.info.dotted, key), value)


def _apply(frame: Frame, info: FunctionInfo, summary: Summary, passed: Passed, node: ast.AST) -> Value:
    frame.reads |= summary.reads
    frame.consulted |= summary.consulted
    applied = _Applied(frame, info, passed, node)
    if summary.objects:
        applied.objects(summary.objects)
    for identity, (before, after) in summary.effects.items():
        if identity in passed.objects or identity[0] not in {"parameter", "argument"}:
            applied.effect(identity, before, after)
        else:
            applied.variable(str(identity[1]), after)
    for key, value in summary.facts.items():
        frame.publish(key, applied.value(value))
    for hit in summary.hits:
        given = passed.labels.get(hit.label.source)
        if given:
            for label, link in applied.hit(hit).items():
                one = Hit(label, link, hit.sinks, hit.path, hit.line, hit.function, hit.what)
                if label.zone == SYMBOL:
                    frame.hits.setdefault((label, hit.path, hit.line, hit.sinks), one)
                else:
                    frame.world.report(one)
    if summary.raised is not NOTHING:
        frame.raised = join(frame.raised, applied.value(summary.raised))
    return applied.value(summary.result, back=True)


def bound_to(reference: ClassRef | ObjectRef, info: FunctionInfo) -> FunctionRef:
    """A method of a receiver: the class for class methods, nothing for static ones."""
    return FunctionRef(info, None, reference)


__all__ = ["Args", "bind", "bound_to", "defaults", "invoke", "is_bound", "join_heaps", "store_fact"]
