"""What a function is told of its arguments: their shape, with a symbol in the place of each label.

Calls with equal shapes share one analysis. A container that holds nothing of interest has no shape of its
own: inside it is "the object that was passed", and what is done to it is done to the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo
from riskbot.detect.flows.engine.frame import Frame, Heap
from riskbot.detect.flows.engine.values import (
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
    labelled,
    merge,
)

MOST_OBJECTS = 16  # of one call's arguments that are told apart
DEEPEST = 3  # objects inside objects; what lies deeper is one with what holds it
DEEPEST_LABEL = 5
_FILLABLE = frozenset({"dict", "list", "set"})


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
        self._worthy: dict[ObjectId, bool] = {}

    def shape(self, bound: dict[str, Value], *, coarse: bool, wide: int | None = None) -> tuple[object, ...]:
        """Fill in ``passed``; return the key. ``coarse``: no objects are told apart, except ``self``.

        ``wide``: of objects only their classes are told, and of so many levels of those in their fields.
        """
        parts: list[object] = []
        for name, value in bound.items():
            if value is NOTHING:
                continue
            if coarse and name not in {"self", "<env>"}:
                inner, key = self._coarse(value, name)
            elif wide is not None and name != "<env>":
                inner, key = self._wide(value, name, name, wide)
            else:
                keep, only = name in self.info.scan.keyed, self.info.mentions if name == "<env>" else None
                inner, key = self._value(value, name, name, 0, keep=keep, only=only)
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

    def _wide(self, value: Value, slot: str, name: str, depth: int) -> tuple[Value, object]:
        """Some object of the same class: which fields bear labels, and the classes of others down to a depth.

        The rest is what the facts say of the class.
        """
        inner = self._symbol(value.labels, slot, name)
        refs: list[Ref] = []
        keys: list[object] = [bool(inner)]
        for number, one in enumerate(value.refs):
            if isinstance(one, ObjectRef):
                identity: ObjectId = ("parameter", f"{slot}#{number}" if number else slot)
                keys.append(self._wide_object(one.id, identity, slot, name, depth))
                refs.append(ObjectRef(identity))
            elif isinstance(one, FunctionRef):
                if one.env is None and not isinstance(one.owner, ObjectRef):
                    refs.append(one)
                    keys.append(one)
            elif not isinstance(one, Const | Prefix):
                refs.append(one)
                keys.append(one)
        return (Value(inner, tuple(refs)) if inner or refs else NOTHING), tuple(keys)

    def _wide_object(self, outer: ObjectId, identity: ObjectId, slot: str, name: str, depth: int) -> object:
        made = self.frame.object(outer)
        told: dict[Key, Value] = {}
        keys: list[object] = []
        for key, held in made.fields.items():
            part = key if isinstance(key, str) else key[1]
            if depth and held.refs:
                self.frame.world.fuel -= 1
                told[key], shape = self._wide(held, f"{slot}.{part}", name, depth - 1)
                keys.append((key, shape))
            elif held.labels:
                told[key] = Value(self._symbol(held.labels, f"{slot}.{part}", name))
                keys.append(key)
        rest: Labels = {}
        if not isinstance(made.info, ClassInfo):  # no facts tell what is in it
            rest = self._symbol(deep(self.frame, made.rest), f"{slot}.*", name)
        self.passed.objects[identity] = [outer]
        self.passed.heap[identity] = Object(
            made.kind, made.info, told, labelled(rest), open=True, soft=made.soft
        )
        return made.kind, made.info, bool(rest), tuple(keys)

    def _value(
        self,
        value: Value,
        slot: str,
        name: str,
        depth: int,
        *,
        keep: bool = False,
        only: frozenset[str] | None = None,
    ) -> tuple[Value, object]:
        if not value.refs:
            if not value.labels:
                return NOTHING, None
            return Value(self._symbol(value.labels, slot, name)), True
        labels = self._symbol(value.labels, slot, name)
        refs: list[Ref] = []
        keys: list[object] = []
        plain: list[ObjectId] = []
        for one in value.refs:
            if isinstance(one, ObjectRef):
                self._object(one.id, slot, name, depth, refs, keys, plain, only)
            elif isinstance(one, Const | Prefix):
                if self._kept(one, keep=keep):
                    refs.append(one)
                    keys.append(one)
            elif isinstance(one, FunctionRef):
                env, env_key = self._env(one, slot, name, depth)
                owner = self._owner(one.owner, slot, name, depth)
                refs.append(FunctionRef(one.info, env, owner))
                keys.append((one.info, env_key, owner))
            else:
                refs.append(one)
                keys.append(one)
        if plain:
            identity: ObjectId = ("parameter", slot)
            self.passed.objects[identity] = plain
            refs.append(ObjectRef(identity))
            kinds = {self.frame.object(one).kind for one in plain}
            if depth and len(kinds) == 1 and (kind := kinds.pop()) in _FILLABLE:
                self.passed.heap[identity] = Object(kind)
                keys.append(kind)
        key = (bool(labels), *keys) if labels or keys else None
        return Value(labels, tuple(refs)), key

    def _env(self, one: FunctionRef, slot: str, name: str, depth: int) -> tuple[ObjectId | None, object]:
        """The variables around a function that is passed: those that it mentions."""
        if one.env is None or one.env not in self.frame.heap:
            return one.env, one.env
        inner, key = self._value(
            Value({}, (ObjectRef(one.env),)), f"{slot}()", name, depth, only=one.info.mentions
        )
        return next((ref.id for ref in inner.refs if isinstance(ref, ObjectRef)), None), key

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

    def _object(  # noqa: PLR0917 - who, what and where
        self, outer: ObjectId, slot: str, name: str, depth: int, refs: list[Ref], keys: list[object],
        plain: list[ObjectId], only: frozenset[str] | None,
    ) -> None:  # fmt: skip
        frame = self.frame
        known = self._known.get(outer)
        if known is not None:
            refs.append(ObjectRef(known))
            keys.append(known)
            return
        if outer not in frame.heap:
            shared = frame.world.heap.get(outer)
            if shared is not None and not shared.open:
                refs.append(ObjectRef(outer))
                keys.append(outer)
                return
        made = frame.object(outer)
        frame.world.fuel -= 1 + (len(made.fields) >> 2)
        if depth > DEEPEST or len(self._known) >= MOST_OBJECTS or not self._interesting(outer, made, depth):
            plain.append(outer)
            return
        identity: ObjectId = ("argument", len(self._known))
        self._known[outer] = identity
        self.passed.objects[identity] = [outer]
        self.passed.exact.add(identity)
        fields: dict[Key, Value] = {}
        told: list[object] = []
        for key, value in made.fields.items():
            if not self._field(made, key, value, depth, only):
                continue
            part = key if isinstance(key, str) else key[1]
            fields[key], shape = self._value(
                value, f"{slot}.{part}", name, depth + 1, only=only if key == "<outside>" else None
            )
            if shape is not None or made.open:
                told.append((key, shape))
        rest, rest_key = self._value(made.rest, f"{slot}.*", name, depth + 1)
        inner_keys, keys_key = self._value(made.keys, f"{slot}.keys", name, depth + 1)
        self.passed.heap[identity] = Object(
            made.kind, made.info, fields, rest, inner_keys, open=made.open, soft=made.soft
        )
        refs.append(ObjectRef(identity))
        soft = frozenset(made.soft & fields.keys()) if made.soft else None
        keys.append((made.kind, made.info, made.open, tuple(told), rest_key, keys_key, soft))

    def _field(self, made: Object, key: Key, value: Value, depth: int, only: frozenset[str] | None) -> bool:
        """Whether a field is worth telling apart inside."""
        if made.kind == "env":
            return only is None or key in only or str(key).startswith("<")
        if made.kind == "partial":
            return True
        if made.open and isinstance(made.info, ClassInfo):
            # Inside, what is not told is what the facts say; so tell what differs from them in its labels.
            if value.labels or self._near(value):
                return True
            fact = self.frame.world.facts.get(("attribute", made.info.dotted, str(key)))
            return (fact is not None and bool(fact.labels)) or str(key) in self.frame.world.tables.words
        return made.open or self._worth(value, depth) or self._fillable(value)

    def _fillable(self, value: Value) -> bool:
        """Whether it is a container of this function that the one who is called may put something into."""
        heap = self.frame.heap
        return any(
            isinstance(one, ObjectRef) and one.id in heap and heap[one.id].kind in _FILLABLE
            for one in value.refs
        )

    def _near(self, value: Value) -> bool:
        """Whether a container of this function holds labels."""
        heap = self.frame.heap
        return any(
            isinstance(one, ObjectRef)
            and one.id in heap
            and any(inner.labels for inner in heap[one.id].all())
            for one in value.refs
        )

    def _interesting(self, identity: ObjectId, made: Object, depth: int) -> bool:
        """Whether it matters which object this is: its class, or what it holds."""
        known = self._worthy.get(identity)
        if known is None:
            self._worthy[identity] = False  # a container that holds itself
            known = (
                made.info is not None
                or made.kind in {"env", "partial"}
                or (depth <= DEEPEST and any(self._worth(value, depth + 1) for value in made.all()))
                or (made.kind == "dict" and any(self._fillable(value) for value in made.all()))
            )
            self._worthy[identity] = known
        return known

    def _worth(self, value: Value, depth: int) -> bool:
        """Whether a value bears labels or refers to what can be called or holds something."""
        if value.labels:
            return True
        for one in value.refs:
            if isinstance(one, ObjectRef):
                if self._interesting(one.id, self.frame.object(one.id), depth):
                    return True
            elif not isinstance(one, Const | Prefix):
                return True
        return False


def deep(frame: Frame, value: Value, depth: int = 0, seen: set[ObjectId] | None = None) -> Labels:
    """All labels of a value and of everything that it holds."""
    labels = value.labels
    if not value.refs or depth > DEEPEST_LABEL:
        return labels
    seen = set() if seen is None else seen
    heap = frame.heap
    for one in value.refs:
        if isinstance(one, FunctionRef) and isinstance(one.owner, ObjectRef):
            one = one.owner  # noqa: PLW2901 - what a bound method holds
        if not isinstance(one, ObjectRef) or one.id in seen:
            continue
        seen.add(one.id)
        made = heap.get(one.id)
        if made is None:
            if not frame.world.labelled or depth > DEEPEST:
                continue  # nothing that everybody knows bears a label
            made = frame.object(one.id)
        if made.kind == "env":
            continue
        for inner in made.all():
            if inner.refs:
                labels = merge(labels, deep(frame, inner, depth + 1, seen))
            elif inner.labels:
                labels = merge(labels, inner.labels)
    return labels
