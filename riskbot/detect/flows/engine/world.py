"""What all functions under analysis share: the program, the tables, the summaries, the facts, the flows."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo
from riskbot.detect.flows.engine.program import Program
from riskbot.detect.flows.engine.tables import Tables, Where
from riskbot.detect.flows.engine.values import (
    LONGEST_TRACE,
    NOTHING,
    SYMBOL,
    FunctionRef,
    Label,
    Link,
    Object,
    ObjectId,
    ObjectRef,
    Ref,
    Value,
    join,
)
from riskbot.domain.zones import Flow, Step

if TYPE_CHECKING:
    from riskbot.detect.flows.engine.frame import Frame
    from riskbot.detect.flows.engine.relevance import Relevance

FactKey = tuple[str, ...] | tuple[str, ObjectId]
MOST_FLOWS = 20_000  # in one run; a tree with more has told enough


class ExhaustedError(Exception):
    """The work that a root may cost is spent, or the time is over."""


class Hit(NamedTuple):
    """Data (a symbol's, until the caller is known) that reaches a sink, and the way that it took there."""

    label: Label
    link: Link | None
    sinks: tuple[Where, ...]
    path: str
    line: int
    function: str
    what: str


@dataclass(slots=True)
class Summary:
    """What a call of a function does, for one shape of its arguments.

    ``effects``: objects that came in and were changed, before and after. ``objects``: those that it made and
    that can be reached from outside. ``facts``: what it publishes of its caller's. ``reads`` and
    ``consulted``: facts and files that all this depends on.
    """

    result: Value = NOTHING
    raised: Value = NOTHING
    effects: dict[ObjectId, tuple[Object, Object]] = field(default_factory=dict)
    objects: dict[ObjectId, Object] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    reads: frozenset[FactKey] = frozenset()
    consulted: frozenset[str] = frozenset()
    facts: dict[FactKey, Value] = field(default_factory=dict)

    def same(self, other: Summary) -> bool:
        """Whether both say the same of data, however it came there."""
        return (
            self.result.same(other.result)
            and self.raised.same(other.raised)
            and len(self.hits) == len(other.hits)
            and self.effects.keys() == other.effects.keys()
            and self.objects.keys() == other.objects.keys()
        )


@dataclass(slots=True)
class Running:
    """A function under analysis: ``current`` is what is known of it so far, for those that call it again."""

    index: int
    current: Summary
    used: bool = False


class World:
    """The state of one analysis. ``fuel`` is counted down, a unit for each expression and statement."""

    def __init__(self, program: Program, tables: Tables, deadline: float | None = None) -> None:
        self.program = program
        self.tables = tables
        self.deadline = deadline
        self.fuel = 0
        self.facts: dict[FactKey, Value] = {}
        self.heap: dict[ObjectId, Object] = {}
        self.relevance: Relevance | None = None
        self.demanded: set[tuple[object, str]] = set()
        self.labelled = False  # whether an object that everybody knows bears labels
        self.held: dict[str, set[str]] = {}  # of a class: its attributes that hold data
        self.changed: set[FactKey] = set()
        self.memo: dict[tuple[FunctionInfo, object], Summary] = {}
        self.contexts: dict[FunctionInfo, int] = {}
        self.provisional: dict[tuple[FunctionInfo, object], tuple[Summary, int]] = {}
        self.running: dict[tuple[FunctionInfo, object], Running] = {}
        self.flows: dict[tuple[int, str, str, int, str], Flow] = {}
        self.read: dict[str, frozenset[FactKey]] = {}
        self.consulted: dict[str, frozenset[str]] = {}
        self.typed: dict[ObjectId, Object] = {}
        self.bodies: dict[str, Frame] = {}
        self.roots: dict[FunctionInfo, FunctionRef] = {}
        self.zoned: dict[ast.expr, list[tuple[str, int]]] = {}  # what annotations say, by their nodes
        self.asking: set[FunctionInfo] = set()  # they let their callers decide what is called with data
        self.registered: set[FunctionInfo] = set()  # of which is noted who fills what they call
        self.wrapped: dict[FunctionInfo, Value | None] = {}
        self.class_values: dict[tuple[ClassInfo, str], Value] = {}
        self.defaults: dict[tuple[FunctionInfo, str], Value] = {}

    def refuel(self, amount: int) -> None:
        """Allow so much work from now on."""
        self.fuel = amount

    def check_time(self) -> None:
        """Stop where the deadline (of time.monotonic) has passed."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            self.fuel = 0
            raise ExhaustedError

    # Facts: what is known of attributes and globals whoever wrote them.

    def publish(self, key: FactKey, value: Value, objects: dict[ObjectId, Object]) -> None:
        """Let everybody know that ``key`` may be ``value``, and what it refers to in ``objects``."""
        value = concrete(self._anyone(value, objects))
        if value is NOTHING:
            return
        if key[0] == "attribute" and value.labels:
            self.held.setdefault(str(key[1]), set()).add(str(key[-1]))
        known = self.facts.get(key, NOTHING)
        both = join(known, value)
        if not both.same(known):
            self.facts[key] = both
            # What only refers to more things is rarely worth another round; who reads it first asks for it.
            if both.labels.keys() != known.labels.keys() or self._gains(known, both):
                self.changed.add(key)
        self.escape(value, objects)

    def _gains(self, known: Value, both: Value) -> bool:
        return len(_functions(both)) > len(_functions(known))

    def _more(self, known: Object, shared: Object) -> bool:
        """Whether more is known of an object that is worth another look."""
        before = {label for value in known.all() for label in value.labels}
        after = {label for value in shared.all() for label in value.labels}
        functions = sum(len(_functions(value)) for value in shared.all())
        return (
            len(after) > len(before)
            or functions > sum(len(_functions(value)) for value in known.all())
            or (_holds(shared) and not _holds(known))  # what it holds was asked by nobody
        )

    def cold(self, info: FunctionInfo) -> bool:
        """Whether no name in a function's text leads to data of a zone, as far as is known."""
        return self.relevance is not None and not self.relevance.wants(info)

    def _anyone(self, value: Value, objects: dict[ObjectId, Object]) -> Value:
        """The value with "some instance" in the place of the instance that a caller passed."""
        if not any(
            isinstance(one, ObjectRef) and one.id[0] in {"parameter", "argument"} for one in value.refs
        ):
            return value
        refs: list[Ref] = []
        for one in value.refs:
            if isinstance(one, ObjectRef) and one.id[0] in {"parameter", "argument"}:
                made = objects.get(one.id)
                if made is None or made.info is None:
                    continue
                library = isinstance(made.info, str)
                name = made.info if isinstance(made.info, str) else made.info.dotted
                identity: ObjectId = ("typed", "library", name) if library else ("typed", name)
                self.typed.setdefault(identity, Object(made.kind, made.info, open=True))
                refs.append(ObjectRef(identity))
            else:
                refs.append(one)
        return Value(value.labels, tuple(dict.fromkeys(refs)))

    def escape(self, value: Value, objects: dict[ObjectId, Object], depth: int = 0) -> None:
        """Make the objects that a value refers to known to everybody."""
        for identity in reached(value):
            if (one := objects.get(identity)) is None:
                continue
            known = self.heap.get(identity)
            if known is one:
                continue
            shared = _shared(known, self._nobodys(one, objects))
            if shared is known:
                continue
            self.heap[identity] = shared
            if known is not None and self._more(known, shared):
                self.changed.add(("object", identity))
            self.labelled = self.labelled or any(
                inner.labels or any(isinstance(one, FunctionRef) for one in inner.refs)
                for inner in shared.all()
            )
            if depth < 4:
                for inner in one.all():
                    if inner.refs:
                        self.escape(inner, objects, depth + 1)

    def _nobodys(self, one: Object, objects: dict[ObjectId, Object]) -> Object:
        """The object with "some instance" in the place of each instance in it that a caller passed."""
        if not any(
            isinstance(each, ObjectRef) and each.id[0] in {"parameter", "argument"}
            for value in one.all()
            for each in value.refs
        ):
            return one
        changed = one.copy()
        changed.fields = {key: self._anyone(value, objects) for key, value in one.fields.items()}
        changed.rest, changed.keys = self._anyone(one.rest, objects), self._anyone(one.keys, objects)
        return changed

    # Flows.

    def noted(self, label: Label, hit: Hit) -> bool:
        """Whether a label's flows at a hit are known already, or there are none."""
        return all(
            where[0] != label.zone
            or (label.zone, self.tables.sink(where).name, hit.path, hit.line, label.source) in self.flows
            for where in hit.sinks
        )

    def report(self, hit: Hit) -> None:
        """Note a flow for every sink of the hit that belongs to the label's zone and does not accept it."""
        label = hit.label
        for where in hit.sinks:
            if where[0] != label.zone or self.tables.accepts(where, label.zone):
                continue
            zone = self.tables.zones[where[0]]
            sink = self.tables.sink(where)
            key = (label.zone, sink.name, hit.path, hit.line, label.source)
            if key in self.flows or len(self.flows) >= MOST_FLOWS:
                continue
            links = hit.link.steps() if hit.link else []
            steps = [Step(link.path, link.line, link.what) for link in links]
            steps.append(Step(hit.path, hit.line, f"{hit.what}: the sink {sink.name} of {zone.id}"))
            self.flows[key] = Flow(
                zone=zone.id,
                category=zone.data_category,
                sink=sink.name,
                mode=zone.mode,
                file=hit.path,
                line=hit.line,
                source=label.source,
                function=hit.function,
                path=tuple(steps),
            )

    def invalidate(self, keys: Iterable[FactKey], warmed: Callable[[FunctionInfo], bool]) -> None:
        """Forget the summaries that depend on these facts, and those of functions that ``warmed``."""
        changed = set(keys)
        known: dict[FunctionInfo, bool] = {}
        for place, summary in list(self.memo.items()):
            info = place[0]
            if info not in known:
                known[info] = warmed(info)
            if known[info] or not changed.isdisjoint(summary.reads):
                del self.memo[place]
        for info in [one for one, warm in known.items() if warm]:
            self.contexts.pop(info, None)


def _holds(one: Object) -> bool:
    return any(isinstance(each, ObjectRef) for value in one.all() for each in value.refs)


def _functions(value: Value) -> list[FunctionRef]:
    return [one for one in value.refs if isinstance(one, FunctionRef)]


def reached(value: Value) -> Iterable[ObjectId]:
    """The objects that a value refers to at once: also those that its functions are bound to."""
    for one in value.refs:
        if isinstance(one, ObjectRef):
            yield one.id
        elif isinstance(one, FunctionRef):
            if one.env is not None:
                yield one.env
            if isinstance(one.owner, ObjectRef):
                yield one.owner.id


def concrete(value: Value) -> Value:
    """The value without what depends on a caller: symbols, and objects of parameters."""
    labels = {label: link for label, link in value.labels.items() if label.zone != SYMBOL}
    refs = tuple(
        one
        for one in value.refs
        if not (isinstance(one, ObjectRef) and one.id[0] in {"parameter", "argument"})
    )
    if len(labels) == len(value.labels) and len(refs) == len(value.refs):
        return value
    return Value(labels, refs) if labels or refs else NOTHING


def _shared(known: Object | None, one: Object) -> Object:
    """What everybody knows of an object, with what one function knows; ``known`` itself if nothing is new."""
    base = known if known is not None else Object(one.kind, one.info, open=one.open)
    changed: Object | None = None if known is not None else base
    for key, value in one.fields.items():
        before = base.fields.get(key, NOTHING)
        if before is value and key in base.fields:
            continue
        both = join(before, concrete(value))
        if key not in base.fields or not both.same(before):
            changed = changed or base.copy()
            changed.fields[key] = both
    rest, keys = join(base.rest, concrete(one.rest)), join(base.keys, concrete(one.keys))
    if not rest.same(base.rest) or not keys.same(base.keys):
        changed = changed or base.copy()
        changed.rest, changed.keys = rest, keys
    return base if changed is None else changed


def extend(link: Link | None, path: str, line: int, what: str) -> Link | None:
    """One more step, unless so many are told already or it says again what the last one said."""
    if link is not None and (
        link.length >= LONGEST_TRACE or (link.line == line and link.path == path and link.what == what)
    ):
        return link
    return Link(link, path, line, what)
