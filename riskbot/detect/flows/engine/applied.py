"""What a call of a function does, told in the caller's terms."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.shapes import Passed
from riskbot.detect.flows.engine.values import (
    NOTHING,
    SYMBOL,
    FunctionRef,
    Labels,
    Link,
    Object,
    ObjectId,
    ObjectRef,
    Value,
    join,
    join_all,
    join_objects,
    labelled,
)
from riskbot.detect.flows.engine.world import Hit, Summary, extend


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
            if known is None:
                known = frame.world.heap.get(identity)
            if known is not None and (self.frame.loops or identity in frame.world.heap):
                new = join_objects(known, new)  # one that everybody knows: what was done to it since stays
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


def apply_summary(frame: Frame, info: FunctionInfo, summary: Summary, passed: Passed, node: ast.AST) -> Value:
    """What the call gives; its effects are done, its hits noted."""
    frame.reads |= summary.reads
    frame.consulted |= summary.consulted
    frame.world.fuel -= len(summary.objects) + len(summary.effects) + len(summary.hits)
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
