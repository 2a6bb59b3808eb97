"""What the engine computes with: labels that data bears, references to what is known, and both together.

A label is *concrete* (data of a zone, from a place) or a *symbol*: "whatever the caller passes here". A
function is analysed once with symbols; each call puts its own labels in their place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo

MOST_LABELS = 12  # of one value: more sources of the same data add nothing to a reader
MOST_REFS = 8  # of one value: who may be one of more than eight things is unknown
LONGEST_TRACE = 24  # steps told of one flow, beside its source and sink
SYMBOL = -1


class Label(NamedTuple):
    """Data of the zone with this index, or (zone -1) what a caller passes in the slot named ``source``.

    ``changes``: what reclassifiers did to a symbol, in order: (zone, the zones that it becomes). It waits
    for the caller's labels.
    """

    zone: int
    source: str
    path: str = ""
    line: int = 0
    changes: tuple[tuple[int, tuple[int, ...]], ...] = ()


class Link:
    """One step that data took, and the link before it."""

    __slots__ = ("before", "length", "line", "path", "what")

    def __init__(self, before: Link | None, path: str, line: int, what: str) -> None:
        self.before = before
        self.path = path
        self.line = line
        self.what = what
        self.length: int = before.length + 1 if before else 1

    def steps(self) -> list[Link]:
        """All links, the first first."""
        found: list[Link] = []
        link: Link | None = self
        while link is not None:
            found.append(link)
            link = link.before
        return found[::-1]


Labels: TypeAlias = dict[Label, Link | None]
ObjectId: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """An object in the heap of the function that is being analysed, or in that of the program."""

    id: ObjectId


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function; ``env`` is the object with the variables around it, ``owner`` what it is bound to."""

    info: FunctionInfo
    env: ObjectId | None = None
    owner: Ref | None = None


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the tree."""

    info: ClassInfo


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the tree, by its path; or a package without ``__init__.py``, by its dotted name."""

    path: str


@dataclass(frozen=True, slots=True)
class ExternalRef:
    """Something outside the tree, by its dotted name: a builtin, a library's function."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: it selects a key, or begins a URL."""

    value: str | int


@dataclass(frozen=True, slots=True)
class Prefix:
    """How a text begins of which the rest is not known."""

    value: str


@dataclass(frozen=True, slots=True)
class RowsRef:
    """Rows of a mapped class on their way from a database: a query, a result, a manager."""

    info: ClassInfo


Ref: TypeAlias = ObjectRef | FunctionRef | ClassRef | ModuleRef | ExternalRef | Const | Prefix | RowsRef


class Value:
    """What an expression may be: the labels that it bears as a whole, and what it may refer to."""

    __slots__ = ("labels", "refs")

    def __init__(self, labels: Labels, refs: tuple[Ref, ...] = ()) -> None:
        self.labels = labels
        self.refs = refs

    def same(self, other: Value) -> bool:
        """Whether both say the same, however the data came there."""
        return self is other or (
            self.labels.keys() == other.labels.keys() and set(self.refs) == set(other.refs)
        )


NOTHING = Value({})


def ref(reference: Ref) -> Value:
    """A value that is exactly this."""
    return Value({}, (reference,))


def labelled(labels: Labels) -> Value:
    """A value of which only its labels are known."""
    return Value(labels) if labels else NOTHING


def merge(left: Labels, right: Labels) -> Labels:
    """Both; where both have a label the left one's trace stays."""
    if not right:
        return left
    if not left:
        return right
    if left is right or left.keys() >= right.keys():
        return left
    both = dict(left)
    for label, link in right.items():
        if label not in both:
            if len(both) >= MOST_LABELS:
                break
            both[label] = link
    return both


def join(left: Value, right: Value) -> Value:
    """What may be either."""
    if left is right or right is NOTHING:
        return left
    if left is NOTHING:
        return right
    labels = merge(left.labels, right.labels)
    refs = left.refs
    if right.refs and right.refs != refs:
        more = tuple(one for one in right.refs if one not in refs)
        refs = (refs + more)[:MOST_REFS] if more else refs
    if labels is left.labels and refs is left.refs:
        return left
    return Value(labels, refs)


def join_all(values: Iterable[Value]) -> Value:
    """What may be any of them."""
    result = NOTHING
    for value in values:
        result = join(result, value)
    return result


Key: TypeAlias = str | tuple[str, str | int]  # an attribute's name, or ("item", the literal key)


class Object:
    """An object of the heap; never changed in place, so that states can share it.

    ``kind``: instance, dict, list, tuple, set, iterator, env, partial, library, parameter. ``info`` is its
    class, or the dotted name of a library's. ``fields`` are attributes and items with literal keys,
    ``rest`` what is under any other key, ``keys`` what keys themselves are. ``open``: fields that are
    not here may hold what the program's facts say; ``soft`` names fields of which both may be true.
    """

    __slots__ = ("fields", "info", "keys", "kind", "open", "rest", "soft")

    def __init__(
        self,
        kind: str,
        info: ClassInfo | str | None = None,
        fields: dict[Key, Value] | None = None,
        rest: Value = NOTHING,
        keys: Value = NOTHING,
        *,
        open: bool = False,  # noqa: A002 - the word for it
        soft: frozenset[Key] = frozenset(),
    ) -> None:
        self.kind = kind
        self.info = info
        self.fields = fields if fields is not None else {}
        self.rest = rest
        self.keys = keys
        self.open = open
        self.soft = soft

    def copy(self) -> Object:
        """The same, to be changed by the one who asked."""
        return Object(
            self.kind, self.info, dict(self.fields), self.rest, self.keys, open=self.open, soft=self.soft
        )

    def items(self) -> Iterable[Value]:
        """What is in a container: under literal keys and others."""
        yield from (value for key, value in self.fields.items() if not isinstance(key, str))
        yield self.rest

    def all(self) -> list[Value]:
        """Everything that it holds."""
        found = list(self.fields.values())
        if self.rest is not NOTHING:
            found.append(self.rest)
        if self.keys is not NOTHING:
            found.append(self.keys)
        return found


def join_objects(left: Object, right: Object) -> Object:
    """What may be either, of one allocation."""
    if left is right:
        return left
    fields = dict(left.fields)
    soft = left.soft | right.soft
    for key, value in right.fields.items():
        if key in fields:
            fields[key] = join(fields[key], value)
        else:
            fields[key] = value
    alone = left.fields.keys() ^ right.fields.keys()
    if alone:
        soft |= alone
    return Object(
        left.kind if left.kind != "parameter" else right.kind,
        left.info or right.info,
        fields,
        join(left.rest, right.rest),
        join(left.keys, right.keys),
        open=left.open or right.open,
        soft=frozenset(soft),
    )


def same_objects(left: Object | None, right: Object) -> bool:
    """Whether both say the same, however the data came there."""
    if left is right:
        return True
    return (
        left is not None
        and left.fields.keys() == right.fields.keys()
        and left.rest.same(right.rest)
        and left.keys.same(right.keys)
        and all(value.same(right.fields[key]) for key, value in left.fields.items())
    )
