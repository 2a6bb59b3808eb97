"""What a Python file imports, by its syntax tree: each module, where, and whether its absence is minded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

_CATCHES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_IMPORTERS = {"importlib.import_module", "import_module", "__import__", "importlib.__import__"}
_MAX_NODES = 400_000


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported module.

    ``module`` is the dotted name as written, without the dots of a relative import, of which ``level`` counts
    them; ``names`` what is taken out of it. ``guarded``: the code minds that it may be missing (``except
    ImportError``, ``TYPE_CHECKING``, a look at the interpreter's version, a test that is skipped).
    ``dynamic``: by ``importlib`` with a literal name.
    """

    module: str
    line: int
    names: tuple[str, ...] = ()
    level: int = 0
    guarded: bool = False
    dynamic: bool = False

    @property
    def top(self) -> str:
        """The first part of the name: what must be installed."""
        return self.module.partition(".")[0]


def imports(tree: ast.Module) -> tuple[Imported, ...]:
    """List a module's imports in the order of the file.

    A module that is guarded once in the file is guarded everywhere in it: the code knows that it may lack.
    """
    found = list(_walk(tree))
    minded = {one.top for one in found if one.guarded and not one.level}
    return tuple(
        replace(one, guarded=True) if one.top in minded and not one.level else one
        for one in sorted(found, key=lambda one: (one.line, one.module))
    )


def _walk(tree: ast.Module) -> Iterator[Imported]:
    """Walk the statements, and the calls in them, without recursion: hostile nesting costs no stack."""
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    seen = 0
    while stack and seen < _MAX_NODES:
        node, guarded = stack.pop()
        seen += 1
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _of(node, guarded)
        elif isinstance(node, (ast.Try, ast.TryStar)):
            minded = guarded or any(_catches(handler.type) for handler in node.handlers)
            stack += [(one, minded) for one in node.body]
            stack += [(one, minded) for handler in node.handlers for one in handler.body]
            stack += [(one, guarded) for one in (*node.orelse, *node.finalbody)]
        elif isinstance(node, ast.If):
            minded = guarded or _is_switch(node.test)
            stack += [(one, minded) for one in (*node.body, *node.orelse)]
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            minded = guarded or any(_suppresses(item.context_expr) for item in node.items)
            stack += [(one, minded) for one in node.body]
        elif isinstance(node, _PLAIN):
            yield from _calls(node, guarded)
        else:
            for name in ("body", "orelse", "cases"):
                stack += [(one, guarded) for one in getattr(node, name, ())]


_PLAIN = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)


def _calls(node: ast.Expr | ast.Assign | ast.AnnAssign | ast.Return, guarded: bool) -> Iterator[Imported]:
    """Look for an importing call that is a statement's whole value, or what an attribute is taken of."""
    value: ast.expr | None = node.value
    for _ in range(8):
        if isinstance(value, ast.Await):
            value = value.value
        elif isinstance(value, ast.Call) and dotted(value.func) not in _IMPORTERS and not value.args:
            value = value.func
        elif isinstance(value, ast.Attribute):
            value = value.value
        else:
            break
    if isinstance(value, ast.Call):
        yield from _of(value, guarded)


def _of(node: ast.AST, guarded: bool) -> Iterator[Imported]:
    if isinstance(node, ast.Import):
        for one in node.names:
            yield Imported(one.name, node.lineno, guarded=guarded)
    elif isinstance(node, ast.ImportFrom):
        names = tuple(one.name for one in node.names)
        yield Imported(node.module or "", node.lineno, names, node.level, guarded)
    elif isinstance(node, ast.Call) and node.args:
        name = dotted(node.func)
        first = node.args[0]
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            return
        module = first.value
        if not all(part.isidentifier() for part in module.split(".")):
            return
        if name in _IMPORTERS:
            yield Imported(module, node.lineno, guarded=guarded, dynamic=True)
        elif name.rpartition(".")[2] == "importorskip":
            yield Imported(module, node.lineno, guarded=True, dynamic=True)


def dotted(node: ast.expr) -> str:
    """Give the dotted name that an expression spells, "" if it is something else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _catches(kind: ast.expr | None) -> bool:
    """Tell whether a handler catches a missing module."""
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(dotted(one).rpartition(".")[2] in _CATCHES for one in kinds)


def _is_switch(test: ast.expr) -> bool:
    """Tell whether a condition asks for the type checker, the interpreter, the platform or a module."""
    for node in ast.walk(test):
        name = dotted(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        last = name.rpartition(".")[2]
        if last in ("TYPE_CHECKING", "version_info", "hexversion", "platform", "find_spec", "implementation"):
            return True
        if last.isupper() and last.startswith(("PY", "HAS_", "HAVE_", "IS_", "WITH_", "USE_")):
            return True
        if name == "os.name":
            return True
    return False


def _suppresses(context: ast.expr) -> bool:
    if not isinstance(context, ast.Call):
        return False
    name = dotted(context.func).rpartition(".")[2]
    return name in ("suppress", "raises", "import_or_skip") and any(_catches(one) for one in context.args)


def bound_names(tree: ast.Module) -> frozenset[str] | None:
    """List the names that a module binds at its top level; None where that cannot be known.

    Not known: a star import, ``__getattr__``, or anything that writes to the module's namespace.
    """
    found: set[str] = set()
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names):
            return None
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {one.asname or one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Name):
            if node.id in ("globals", "setattr", "exec", "vars", "locals"):
                return None
            if isinstance(node.ctx, ast.Store):
                found.add(node.id)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name:
            found.add(node.name)
        stack += ast.iter_child_nodes(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found |= set(node.names)
        elif isinstance(node, ast.Attribute) and dotted(node) in ("sys.modules", "globals"):
            return None
    return None if "__getattr__" in found else frozenset(found)
