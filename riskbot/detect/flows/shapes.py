"""What a function is told of its arguments: their shape, with a symbol in the place of each label.

Calls with equal shapes share one analysis. A container that holds nothing of interest has no shape of its own:
inside it is "the object that was passed", and what is done to it is done to the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from riskbot.detect.flows.definitions import ClassInfo, FunctionInfo
from riskbot.detect.flows.frame import Frame, Heap
from riskbot.detect.flows.values import (
    NOTHING,
    SYMBOL,
    Const,
    FunctionRef,
    Key,
    Label,
    Labels,
    Object,
    ObjectId,
    ObjectRef,
    Prefix,
    Ref,
    Value,
    merge,
)

MOST_OBJECTS = 40  # of one call's arguments that are told apart
DEEPEST = 5


@dataclass(slots=True)
class Passed:
    """What the inside of a call stands for outside: labels by slot, objects by identity there."""

    labels: dict[str, Labels] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of the parameter that a slot belongs to
    objects: dict[ObjectId, list[ObjectId]] = field(default_factory=dict)
    exact: set[ObjectId] = field(default_factory=set)
    heap: Heap = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    variable_of: dict[str, str] = field(default_factory=dict)  # the caller's variable that is passed as it is


class Shaper:
    """Turns the arguments of one call into what is inside, and into a key for what was turned alike."""

    def __init__(self, frame: Frame, info: FunctionInfo) -> None:
        self.frame = frame
        self.info = info
        self.passed = Passed()
        self._known: dict[ObjectId, ObjectId] = {}

    def shape(self, bound: dict[str, Value], *, coarse: bool) -> tuple[object, ...]:
        """Fill in ``passed``; return the key. ``coarse``: no objects are told apart."""
        parts: list[object] = []
        for name, value in bound.items():
            if value is NOTHING:
                continue
            inner, key = self._coarse(value, name) if coarse and name not in {"self", "<env>"} else self._value(
                value, name, name, 0, keep=name in self.info.scan.keyed
            )  # fmt: skip
            self.passed.variables[name] = inner
            if key is not None:
                parts.append((name, key))
        return tuple(parts)

    def _symbol(self, labels: Labels, slot: str, name: str) -> Labels:
        if not labels:
            return labels
        self.passed.labels[slot] = labels
        self.passed.names[slot] = name
        return {Label(SYMBOL, slot): None}

    def _coarse(self, value: Value, name: str) -> tuple[Value, object]:
        labels = deep(self.frame, value)
        inner = self._symbol(labels, name, name)
        refs: list[Ref] = []
        found = [one.id for one in value.refs if isinstance(one, ObjectRef)]
        if found:
            identity: ObjectId = ("parameter", name)
            self.passed.objects[identity] = found
            refs.append(ObjectRef(identity))
        return Value(inner, tuple(refs)), ("?", bool(inner), bool(refs))

    def _value(
        self, value: Value, slot: str, name: str, depth: int, *, keep: bool = False
    ) -> tuple[Value, object]:
        labels = self._symbol(value.labels, slot, name)
        refs: list[Ref] = []
        keys: list[object] = []
        plain: list[ObjectId] = []
        for one in value.refs:
            if isinstance(one, ObjectRef):
                self._object(one, slot, name, depth, refs, keys, plain)
            elif isinstance(one, Const | Prefix):
                if self._kept(one, keep=keep):
                    refs.append(one)
                    keys.append(one)
            elif isinstance(one, FunctionRef) and one.env is not None and one.env in self.frame.heap:
                inner, key = self._value(Value({}, (ObjectRef(one.env),)), f"{slot}()", name, depth + 1)
                env = next((ref.id for ref in inner.refs if isinstance(ref, ObjectRef)), None)
                refs.append(FunctionRef(one.info, env, self._owner(one.owner, slot, name, depth)))
                keys.append((one.info, key))
            elif isinstance(one, FunctionRef):
                owner = self._owner(one.owner, slot, name, depth)
                refs.append(FunctionRef(one.info, one.env, owner))
                keys.append((one.info, one.env, owner))
            else:
                refs.append(one)
                keys.append(one)
        if plain:
            identity: ObjectId = ("parameter", slot)
            self.passed.objects[identity] = plain
            refs.append(ObjectRef(identity))
        key = (bool(labels), *keys) if labels or keys else None
        return Value(labels, tuple(refs)), key

    def _owner(self, owner: Ref | None, slot: str, name: str, depth: int) -> Ref | None:
        if not isinstance(owner, ObjectRef):
            return owner
        inner, _ = self._value(Value({}, (owner,)), f"{slot}.self", name, depth + 1)
        return inner.refs[0] if inner.refs else None

    def _kept(self, one: Const | Prefix, *, keep: bool) -> bool:
        if not isinstance(one.value, str):
            return keep
        if one.value == "\0reclassified":
            return True
        keep = keep and isinstance(one, Const)
        prefixes = self.frame.world.tables.prefixes
        return (keep and len(one.value) <= 64) or (bool(prefixes) and one.value.startswith(prefixes))

    def _object(
        self, one: ObjectRef, slot: str, name: str, depth: int, refs: list[Ref], keys: list[object], plain: list[ObjectId]
    ) -> None:  # fmt: skip
        frame = self.frame
        if one.id in self._known:
            refs.append(ObjectRef(self._known[one.id]))
            keys.append(("as", self._known[one.id]))
            return
        if one.id not in frame.heap and one.id in frame.world.heap and not frame.world.heap[one.id].open:
            refs.append(one)
            keys.append(one.id)
            return
        made = frame.object(one.id)
        if depth > DEEPEST or len(self._known) >= MOST_OBJECTS or not interesting(frame, made, 0):
            plain.append(one.id)
            return
        identity: ObjectId = ("argument", len(self._known))
        self._known[one.id] = identity
        self.passed.objects[identity] = [one.id]
        self.passed.exact.add(identity)
        fields: dict[Key, Value] = {}
        told: list[object] = []
        for key, value in made.fields.items():
            if not made.open and not worth(frame, value, 0) and key != "<outside>" and made.kind != "env":
                continue
            fields[key], shape = self._value(
                value, f"{slot}.{key if isinstance(key, str) else key[1]}", name, depth + 1
            )
            if shape is not None or made.open:
                told.append((key, shape))
        rest, rest_key = self._value(made.rest, f"{slot}.*", name, depth + 1)
        inner_keys, keys_key = self._value(made.keys, f"{slot}.keys", name, depth + 1)
        self.passed.heap[identity] = Object(
            made.kind, made.info, fields, rest, inner_keys, open=made.open, soft=made.soft
        )  # fmt: skip
        refs.append(ObjectRef(identity))
        info = made.info if isinstance(made.info, ClassInfo) else str(made.info)
        keys.append(
            (made.kind, info, made.open, tuple(told), rest_key, keys_key, tuple(sorted(map(str, made.soft))))
        )


def interesting(frame: Frame, one: Object, depth: int) -> bool:
    """Whether it matters which object this is: its class, or what it holds."""
    if one.info is not None or one.kind in {"env", "partial"}:
        return True
    return depth < DEEPEST and any(worth(frame, value, depth) for value in one.all())


def worth(frame: Frame, value: Value, depth: int) -> bool:
    """Whether a value bears labels or refers to what can be called or holds something."""
    if value is NOTHING:
        return False
    if value.labels:
        return True
    for one in value.refs:
        if isinstance(one, ObjectRef):
            if interesting(frame, frame.object(one.id), depth + 1):
                return True
        elif not isinstance(one, Const | Prefix):
            return True
    return False


def deep(frame: Frame, value: Value, depth: int = 0, seen: set[ObjectId] | None = None) -> Labels:
    """All labels of a value and of everything that it holds."""
    labels = value.labels
    if not value.refs or depth > DEEPEST:
        return labels
    seen = set() if seen is None else seen
    for one in value.refs:
        if isinstance(one, FunctionRef) and isinstance(one.owner, ObjectRef):
            one = one.owner  # noqa: PLW2901 - what a bound method holds
        if isinstance(one, ObjectRef) and one.id not in seen:
            seen.add(one.id)
            made = frame.object(one.id)
            if made.kind == "env":
                continue
            for inner in made.all():
                if inner is not NOTHING:
                    labels = merge(labels, deep(frame, inner, depth + 1, seen))
    return labels
