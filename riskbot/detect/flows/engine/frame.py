"""One function under analysis: its variables, its heap, and who evaluates its statements and expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

from riskbot.detect.flows.engine.definitions import FunctionInfo, Module
from riskbot.detect.flows.engine.tables import Where
from riskbot.detect.flows.engine.values import (
    NOTHING,
    SYMBOL,
    Const,
    ExternalRef,
    FunctionRef,
    Key,
    Label,
    Labels,
    Object,
    ObjectId,
    ObjectRef,
    Value,
    join,
    join_objects,
    labelled,
    ref,
    same_objects,
)
from riskbot.detect.flows.engine.world import ExhaustedError, FactKey, Hit, World, extend

Variables = dict[str, Value]
Heap = dict[ObjectId, Object]
State = tuple[Variables, Heap]
Evaluate = Callable[["Frame", ast.AST], Value]
Execute = Callable[["Frame", ast.AST], None]
EVALUATE: dict[type[ast.AST], Evaluate] = {}
EXECUTE: dict[type[ast.AST], Execute] = {}
Handler = TypeVar("Handler")
_UNKNOWN = Object("parameter", open=True)


def evaluates(*kinds: type[ast.AST]) -> Callable[[Handler], Handler]:
    """Register a function that evaluates expressions of these kinds."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            EVALUATE[kind] = handler  # type: ignore[assignment]
        return handler

    return register


def executes(*kinds: type[ast.AST]) -> Callable[[Handler], Handler]:
    """Register a function that executes statements of these kinds."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            EXECUTE[kind] = handler  # type: ignore[assignment]
        return handler

    return register


class Frame:
    """The analysis of one body. ``dead``: the statements that follow are not reached from here.

    ``info`` is None for a module's body. ``env``: the object with the variables of the function around it;
    ``own``: that with its own variables which functions inside it use (``cells``).
    """

    def __init__(self, world: World, module: Module, info: FunctionInfo | None, depth: int) -> None:
        self.world = world
        self.module = module
        self.info = info
        self.depth = depth
        self.path = module.path
        self.vars: Variables = {}
        self.heap: Heap = {}
        self.dead = False
        self.done = False  # a module's body that has run to its end
        self.result = NOTHING
        self.raised = NOTHING
        self.yielded = NOTHING
        self.hits: dict[tuple[Label, str, int, tuple[Where, ...]], Hit] = {}
        self.exit: Heap | None = None
        self.incoming: Heap = {}  # objects of parameters as they were at the beginning
        self.reads: set[FactKey] = set()
        self.facts: dict[FactKey, Value] = {}  # what was published with symbols
        self.consulted: set[str] = {module.path}
        self.lowest = 1 << 30
        self.cold = 0  # so many functions call each other here that have nothing to do with data of a zone
        self.env: ObjectId | None = None
        self.own: ObjectId | None = None
        self.cells: frozenset[str] = frozenset()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.breaks: list[State] = []
        self.continues: list[State] = []
        self.loops = 0
        self.inside: list[FunctionRef] = []
        self.origins: list[list[State]] = []
        self.caught: list[Value] = []

    # Running.

    def eval(self, node: ast.AST) -> Value:
        """What an expression may be."""
        self.world.fuel -= 1
        if self.world.fuel < 0:
            raise ExhaustedError
        handler = EVALUATE.get(type(node))
        return handler(self, node) if handler is not None else NOTHING

    def run(self, body: list[ast.stmt]) -> None:
        """Execute statements until one of them does not go on."""
        for statement in body:
            if self.dead:
                return
            self.world.fuel -= 1
            if self.world.fuel < 0:
                raise ExhaustedError
            handler = EXECUTE.get(type(statement))
            if handler is not None:
                handler(self, statement)

    # States.

    def fork(self) -> State:
        """A copy of the state as it is here."""
        self.world.fuel -= len(self.heap) >> 3
        return dict(self.vars), dict(self.heap)

    def restore(self, state: State | None) -> None:
        """Go on from a state; None: from nowhere."""
        if state is None:
            self.dead = True
        else:
            self.vars, self.heap = state
            self.dead = False

    def state(self) -> State | None:
        """The state as it is here, not copied; None where this is not reached."""
        return None if self.dead else (self.vars, self.heap)

    # The heap.

    def object(self, identity: ObjectId) -> Object:
        """What is known of an object: in this function, else in the program."""
        found = self.heap.get(identity)
        if found is not None:
            return found
        found = self.world.heap.get(identity)
        if found is not None:
            self.reads.add(("object", identity))
            return found
        return self.world.typed.get(identity, _UNKNOWN)

    def allocate(self, node: ast.AST, made: Object, mark: str = "") -> ObjectId:
        """A new object at this place of the program."""
        identity: ObjectId = (self.path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0), mark)
        old = self.heap.get(identity)
        if old is not None and self.loops and any(one is not NOTHING for one in old.all()):
            # What the last turn of the loop made lives on under another name.
            older: ObjectId = (*identity, "before")
            known = self.heap.get(older)
            self.heap[older] = old if known is None else join_objects(known, old)
            self._rename(identity, older)
        self.heap[identity] = made
        return identity

    def _rename(self, old: ObjectId, new: ObjectId) -> None:
        was, now = ObjectRef(old), ObjectRef(new)

        def renamed(value: Value) -> Value:
            if was not in value.refs:
                return value
            return Value(value.labels, tuple(dict.fromkeys(now if one == was else one for one in value.refs)))

        self.vars = {name: renamed(value) for name, value in self.vars.items()}
        for identity, one in list(self.heap.items()):
            if any(was in value.refs for value in one.all()):
                changed = one.copy()
                changed.fields = {key: renamed(value) for key, value in one.fields.items()}
                changed.rest, changed.keys = renamed(one.rest), renamed(one.keys)
                self.heap[identity] = changed

    def write(self, identity: ObjectId, key: Key | None, value: Value, *, strong: bool) -> None:
        """Put a value under a key of an object; None: under some key. Weakly: what was there may still be."""
        old = self.object(identity)
        changed = old.copy()
        if key is None:
            changed.rest = join(old.rest, value)
        elif strong:
            changed.fields[key] = value
            changed.soft = old.soft - {key}
        else:
            changed.fields[key] = join(old.fields.get(key, NOTHING), value)
            if old.open and key not in old.fields:
                changed.soft = old.soft | {key}
        self.put(identity, changed)

    def put(self, identity: ObjectId, changed: Object) -> None:
        """Replace what is known of an object; one that everybody knows is made known again."""
        self.heap[identity] = changed
        if identity in self.world.heap:
            self.world.escape(ref(ObjectRef(identity)), self.heap)
            if self.info is None and not self.done:
                self.heap.pop(identity)  # functions that the top level calls change it, too

    def publish(self, key: FactKey, value: Value) -> None:
        """Let everybody know; what depends on the caller is told when the caller is known."""
        self.world.publish(key, value, self.heap)
        if any(label.zone == SYMBOL for label in value.labels):
            self.facts[key] = join(self.facts.get(key, NOTHING), labelled(value.labels))

    # Variables.

    def assign(self, name: str, value: Value) -> None:
        """Bind a name where it belongs."""
        if name in self.globals or self.info is None:
            self.vars[name] = value
            if self.info is not None:
                self.publish(("global", self.path, name), value)
        elif name in self.nonlocals:
            self._assign_outside(name, value)
        elif self.own is not None and name in self.cells:
            self.write(self.own, name, value, strong=True)
        else:
            self.vars[name] = value

    def _assign_outside(self, name: str, value: Value) -> None:
        env = self.env
        while env is not None:
            one = self.object(env)
            above = one.fields.get("<outside>")
            if name in one.fields or above is None:
                self.write(env, name, value, strong=True)
                return
            env = _first(above)

    def outside(self, name: str) -> Value | None:
        """A name of the functions around this one."""
        env = self.own
        if env is not None and name in (fields := self.object(env).fields):
            return fields[name]
        env = self.env
        while env is not None:
            fields = self.object(env).fields
            if name in fields:
                return fields[name]
            above = fields.get("<outside>")
            env = _first(above) if above is not None else None
        return None

    # Labels.

    def told(self, value: Value, node: ast.AST, what: str) -> Value:
        """The value with one more step in each label's trace."""
        if not value.labels:
            return value
        line: int = getattr(node, "lineno", 0)
        labels: Labels = {label: extend(link, self.path, line, what) for label, link in value.labels.items()}
        return Value(labels, value.refs)

    def hit(self, labels: Labels, sinks: tuple[Where, ...], node: ast.AST, what: str) -> None:
        """Data reaches sinks here: a flow for what is known, a hit for what the caller brings."""
        line: int = getattr(node, "lineno", 0)
        function = self.info.dotted if self.info is not None else self.module.name
        for label, link in labels.items():
            hit = Hit(label, link, sinks, self.path, line, function, what)
            if label.zone == SYMBOL:
                self.hits.setdefault((label, self.path, line, sinks), hit)
            else:
                self.world.report(hit)


def _first(value: Value) -> ObjectId | None:
    for one in value.refs:
        if isinstance(one, ObjectRef):
            return one.id
    return None


def join_states(left: State | None, right: State | None) -> State | None:
    """What may be true after either."""
    if left is None or right is None:
        return left if right is None else right
    if left is right:
        return left
    variables = dict(left[0])
    for name, value in right[0].items():
        known = variables.get(name)
        if known is not value:
            variables[name] = value if known is None else join(known, value)
    return variables, join_heaps(left[1], right[1])


def join_heaps(left: Heap, right: Heap) -> Heap:
    """What may be in either heap."""
    heap = dict(left)
    for identity, one in right.items():
        known = heap.get(identity)
        if known is not one:
            heap[identity] = one if known is None else join_objects(known, one)
    return heap


def same_states(left: State, right: State) -> bool:
    """Whether ``right`` says nothing that ``left`` does not say."""
    return all(
        value is NOTHING or ((known := left[0].get(name)) is not None and known.same(value))
        for name, value in right[0].items()
    ) and all(same_objects(left[1].get(identity), one) for identity, one in right[1].items())


def constant(value: Value) -> str | int | None:
    """The one literal that a value is, or None."""
    if len(value.refs) == 1 and isinstance(value.refs[0], Const):
        return value.refs[0].value
    return None


def external_names(value: Value) -> list[str]:
    """The dotted names of what is outside the tree that a value may be."""
    return [one.name for one in value.refs if isinstance(one, ExternalRef)]
