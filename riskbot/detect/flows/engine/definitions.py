"""What stands in one module: its functions and classes, and what each name of its top level is bound by."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
RECORD_MAKERS = frozenset(
    {"dataclass", "define", "frozen", "mutable", "attrs", "s", "attr", "dataclass_json"}
)
RECORD_BASES = frozenset(
    {"BaseModel", "NamedTuple", "TypedDict", "SQLModel", "BaseSettings", "Struct", "Schema", "RootModel"}
)


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function or lambda. ``dotted`` is its full name; ``nested``: it stands in another function."""

    node: FunctionNode
    module: Module
    dotted: str
    owner: ClassInfo | None = None
    nested: bool = False
    decorators: tuple[ast.expr, ...] = ()
    _scan: Scan | None = None
    _mentions: frozenset[str] | None = None
    _sets: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """Its own name."""
        return self.dotted.rpartition(".")[2]

    @property
    def body(self) -> list[ast.stmt]:
        """Its statements; none for a lambda."""
        return [] if isinstance(self.node, ast.Lambda) else self.node.body

    def marked(self, *names: str) -> bool:
        """Whether a decorator is called so, by its last name."""
        return bool(self.decorators) and any(last_name(one) in names for one in self.decorators)

    @property
    def sets(self) -> frozenset[str]:
        """The attributes that its statements set, and the globals that they declare, as ``global name``."""
        if self._sets is None:
            found: set[str] = set()
            todo = list(self.body)
            while todo:
                one = todo.pop()
                if isinstance(one, ast.Global):
                    found.update(f"global {name}" for name in one.names)
                for target in _targets(one):
                    _stored(target, found)
                for part in ("body", "orelse", "finalbody"):
                    todo.extend(getattr(one, part, ()))
                for handler in getattr(one, "handlers", ()):
                    todo.extend(handler.body)
                for case in getattr(one, "cases", ()):
                    todo.extend(case.body)
            self._sets = frozenset(found)
        return self._sets

    @property
    def mentions(self) -> frozenset[str]:
        """All names in it, and in functions inside it."""
        if self._mentions is None:
            found = {one.id for one in ast.walk(self.node) if isinstance(one, ast.Name)}
            found.update(
                name for one in ast.walk(self.node) if isinstance(one, ast.Nonlocal) for name in one.names
            )
            self._mentions = frozenset(found)
        return self._mentions

    @property
    def scan(self) -> Scan:
        """What one walk over its own body tells."""
        if self._scan is None:
            self._scan = _scan(self.node)
        return self._scan


def _stored(target: ast.AST, found: set[str]) -> None:
    """Add the attributes that a target stores into."""
    if isinstance(target, ast.Attribute):
        found.add(target.attr)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            _stored(one, found)


@dataclass(slots=True)
class Scan:
    """What one walk over a function's own body tells.

    Whether it yields, and uses what is sent to it there (``receives``); the names that functions inside it
    mention (``cells``);
    the attributes that it asks its own object for (``asks``); the names that it selects keys and
    attributes by (``keyed``).
    """

    generator: bool = False
    receives: bool = False
    cells: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    keyed: frozenset[str] = frozenset()


def _scan(node: FunctionNode) -> Scan:
    found = Scan()
    cells: set[str] = set()
    keyed: set[str] = set()
    asks: set[str] = set()
    bare: set[ast.AST] = set()
    for one in _own(node):
        if isinstance(one, ast.Attribute):
            if isinstance(one.value, ast.Name) and one.value.id in {"self", "cls"}:
                asks.add(one.attr)
            continue
        if isinstance(one, ast.Yield | ast.YieldFrom):
            found.generator = True
            found.receives = found.receives or (isinstance(one, ast.Yield) and one not in bare)
        elif isinstance(one, ast.Expr):
            bare.add(one.value)  # what is sent there is dropped
        elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(one):
                if isinstance(inner, ast.Name):
                    cells.add(inner.id)
                elif isinstance(inner, ast.Nonlocal):
                    cells.update(inner.names)
        elif isinstance(one, ast.Subscript):
            if isinstance(one.slice, ast.Name):
                keyed.add(one.slice.id)
        elif isinstance(one, ast.Call) and last_name(one.func) in _SELECTING:
            keyed.update(given.id for given in one.args if isinstance(given, ast.Name))
    found.cells, found.keyed = frozenset(cells), frozenset(keyed)
    found.asks = frozenset(asks)
    return found


_SELECTING = frozenset({"get", "getattr", "setattr", "pop", "setdefault"})


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body, those of functions and classes inside it left out."""
    todo: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(getattr(node, "body", []))
    while todo:
        one = todo.pop()
        yield one
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            for name in one._fields:
                part = getattr(one, name, None)
                if isinstance(part, ast.AST):
                    todo.append(part)
                elif isinstance(part, list):
                    todo.extend(each for each in part if isinstance(each, ast.AST))


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class: its methods, the expressions of its attributes, and its annotated fields in order."""

    node: ast.ClassDef
    module: Module
    dotted: str
    methods: dict[str, FunctionInfo] = field(default_factory=dict)
    assigned: dict[str, ast.expr] = field(default_factory=dict)
    annotated: dict[str, ast.expr] = field(default_factory=dict)
    inner: dict[str, ClassInfo] = field(default_factory=dict)
    order: tuple[ClassInfo | str, ...] | None = (
        None  # its bases and theirs; names for what is not in the tree
    )

    @property
    def name(self) -> str:
        """Its own name."""
        return self.node.name

    @property
    def is_record(self) -> bool:
        """Whether its annotated fields are what it is made with (its own decorators and bases say so)."""
        return any(last_name(one) in RECORD_MAKERS for one in self.node.decorator_list) or any(
            last_name(one) in RECORD_BASES for one in self.node.bases
        )


@dataclass(eq=False, slots=True)
class Module:
    """One parsed file. ``name`` is its dotted name from the root of the tree."""

    path: str
    name: str
    tree: ast.Module
    is_package: bool
    lines: int = 0
    bound: dict[str, list[ast.stmt]] = field(default_factory=dict)
    functions: dict[str, FunctionInfo] = field(default_factory=dict)
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    stars: list[ast.ImportFrom] = field(default_factory=list)
    made: dict[ast.AST, FunctionInfo | ClassInfo] = field(default_factory=dict)
    setters: dict[str, list[FunctionInfo]] | None = None  # of its globals: the functions that declare them

    def setting(self, name: str) -> list[FunctionInfo]:
        """The functions of this module that give one of its globals a value (``global name``)."""
        if self.setters is None:
            self.setters = {}
            for one in self.all_functions():
                for found in one.sets:
                    if found.startswith("global "):
                        self.setters.setdefault(found.removeprefix("global "), []).append(one)
        return self.setters.get(name, [])

    def all_functions(self) -> Iterator[FunctionInfo]:
        """Functions of the top level and methods of its classes, in the order they stand."""
        for one in list(self.made.values()):
            if isinstance(one, FunctionInfo) and not one.nested:
                yield one


def last_name(node: ast.expr) -> str:
    """``c`` of ``a.b.c``, of ``a.b.c(...)`` and of ``a.b.c[...]``; "" of anything else."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted_name(node: ast.expr) -> str:
    """A name as written, ``a.b.c``; a part that is no name is ``?``, as in ``?.c`` for ``f().c``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    elif parts:
        parts.append("?")
    return ".".join(reversed(parts))


def index(module: Module) -> None:
    """Fill in what the top level of ``module`` binds."""
    for statement in _statements(module.tree.body):
        if isinstance(statement, ast.ImportFrom) and any(one.name == "*" for one in statement.names):
            module.stars.append(statement)
        for name in _binds(statement):
            module.bound.setdefault(name, []).append(statement)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions[statement.name] = function(statement, module, module.name)
        elif isinstance(statement, ast.ClassDef):
            module.classes[statement.name] = class_(statement, module, module.name)


def function(
    node: FunctionNode, module: Module, inside: str, owner: ClassInfo | None = None, *, nested: bool = False
) -> FunctionInfo:
    """What is known of a function; the same thing for the same node."""
    known = module.made.get(node)
    if isinstance(known, FunctionInfo):
        return known
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    decorators = () if isinstance(node, ast.Lambda) else tuple(node.decorator_list)
    info = FunctionInfo(node, module, f"{inside}.{name}", owner, nested, decorators)
    module.made[node] = info
    return info


def class_(node: ast.ClassDef, module: Module, inside: str, *, nested: bool = False) -> ClassInfo:
    """What is known of a class; the same thing for the same node."""
    known = module.made.get(node)
    if isinstance(known, ClassInfo):
        return known
    info = ClassInfo(node, module, f"{inside}.{node.name}")
    module.made[node] = info
    for one in _statements(node.body):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            made = function(one, module, info.dotted, info, nested=nested)
            # The setter of a property does not hide its getter.
            if one.name not in info.methods or not made.marked("setter", "deleter"):
                info.methods[one.name] = made
            else:
                info.methods[f"{one.name}="] = made
        elif isinstance(one, ast.ClassDef):
            info.inner[one.name] = class_(one, module, info.dotted, nested=nested)
        elif isinstance(one, ast.Assign):
            for target in one.targets:
                if isinstance(target, ast.Name):
                    info.assigned[target.id] = one.value
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            info.annotated[one.target.id] = one.annotation
            if one.value is not None:
                info.assigned[one.target.id] = one.value
    return info


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body and of the branches in it, not of definitions."""
    todo = list(reversed(body))
    while todo:
        one = todo.pop()
        yield one
        if isinstance(one, ast.If | ast.For | ast.AsyncFor | ast.While):
            todo.extend(reversed(one.body + one.orelse))
        elif isinstance(one, ast.Try | ast.TryStar):
            handlers = [inner for handler in one.handlers for inner in handler.body]
            todo.extend(reversed(one.body + handlers + one.orelse + one.finalbody))
        elif isinstance(one, ast.With | ast.AsyncWith):
            todo.extend(reversed(one.body))


def _binds(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import):
        yield from (one.asname or one.name.partition(".")[0] for one in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        yield from (one.asname or one.name for one in statement.names if one.name != "*")
    else:
        targets = list(_targets(statement))
        yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


def _targets(statement: ast.stmt) -> Iterator[ast.AST]:
    if isinstance(statement, ast.Assign):
        yield from statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor):
        yield statement.target
    elif isinstance(statement, ast.With | ast.AsyncWith):
        yield from (item.optional_vars for item in statement.items if item.optional_vars is not None)
    elif isinstance(statement, ast.Expr | ast.If | ast.While):
        # An assignment expression (``:=``) at the top level binds there too.
        head = statement.value if isinstance(statement, ast.Expr) else statement.test
        yield from (one.target for one in ast.walk(head) if isinstance(one, ast.NamedExpr))
