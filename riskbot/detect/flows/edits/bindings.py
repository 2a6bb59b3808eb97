"""What a Python file binds at the top and in classes, and which marks of zones stand on what.

Names are qualified by the file's path (``payments/masking.py`` is ``payments.masking``); of a function, a
parameter is ``function(name)``, the result ``function(return)`` and a local variable ``function.name``.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LONGEST = 1000  # characters of an annotation in quotes that are still parsed


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name is bound to: ``code`` names its whole syntax, ``body`` a function's without its name."""

    line: int
    code: str
    body: str = ""
    function: bool = False
    imported: bool = False
    end: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A decorator or an annotation: ``on`` what, and of ``Zone("...")`` the ``category``."""

    on: str
    kind: str
    name: str
    category: str = ""
    line: int = 1


@dataclass(slots=True)
class Bindings:
    """One version of a file. ``names`` gives the line of everything that can bear a mark."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)


def read(content: bytes, path: str) -> Bindings | None:
    """Read a file; None where it is not Python of this interpreter, or nests too deep for it."""
    import warnings

    try:
        with warnings.catch_warnings(action="ignore"):
            return _Reader(path).read(ast.parse(content), path)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Reader:
    def __init__(self, path: str) -> None:
        stem = path.rpartition(".")[0].removesuffix("/__init__")
        self._module = stem.replace("/", ".")
        self._imports: dict[str, str] = {}
        self._found = Bindings()

    def read(self, tree: ast.Module, path: str) -> Bindings:
        """Walk the tree; with a stack of our own, since blocks can nest deeper than Python's."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._imports |= dict(imported(node, path))
        waiting: list[tuple[ast.AST, str, bool]] = [(node, self._module, False) for node in tree.body]
        while waiting:
            node, scope, inside = waiting.pop()
            if isinstance(node, _FUNCTIONS):
                name = f"{scope}.{node.name}"
                self._function(node, name, inside=inside)
                waiting += [(child, name, True) for child in node.body]
            elif isinstance(node, ast.ClassDef):
                name = f"{scope}.{node.name}"
                if not inside:
                    self._define(name, Definition(node.lineno, _digest(*node.bases, *node.decorator_list)))
                waiting += [(child, name, inside) for child in node.body]
            else:
                self._statement(node, scope, inside=inside)
                waiting += [(child, scope, inside) for child in _blocks(node)]
        return self._found

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, *, inside: bool) -> None:
        body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        if not inside:
            meaning = f"{[arg.arg for arg in _arguments(node.args)]} {_digest(*body)}"
            code = _digest(node.args, *body, *node.decorator_list)
            self._define(
                name, Definition(node.lineno, code, meaning, function=True, end=node.end_lineno or 0)
            )
        self._found.names[name] = node.lineno
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if dotted := self._dotted(called):
                self._found.marks.append(Mark(name, "the decorator", dotted, line=decorator.lineno))
        for arg in _arguments(node.args):
            self._annotated(f"{name}({arg.arg})", arg.annotation, arg.lineno)
        self._annotated(f"{name}(return)", node.returns, node.lineno)

    def _statement(self, node: ast.AST, scope: str, *, inside: bool) -> None:
        """Take what a statement binds."""
        if isinstance(node, ast.Import | ast.ImportFrom) and not inside:
            for alias, name in imported(node, ""):
                self._define(f"{scope}.{alias}", Definition(node.lineno, name, imported=True))
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            name = f"{scope}.{_target(target)}"
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if not inside and isinstance(target, ast.Name) and value is not None:
                self._define(name, Definition(target.lineno, _digest(value)))
            annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
            self._annotated(name, annotation, target.lineno)

    def _define(self, name: str, definition: Definition) -> None:
        """Bind a name; what is bound twice (overloads, branches) means both."""
        if (known := self._found.definitions.get(name)) is not None:
            definition = Definition(
                known.line,
                f"{known.code} {definition.code}",
                f"{known.body} {definition.body}",
                known.function or definition.function,
                known.imported and definition.imported,
                definition.end,
            )
        self._found.definitions[name] = definition

    def _annotated(self, on: str, annotation: ast.expr | None, line: int) -> None:
        self._found.names[on] = line
        for node in _parts(annotation) if annotation is not None else ():
            if isinstance(node, ast.Call) and self._dotted(node.func).rpartition(".")[2] == "Zone":
                category = _first_text(node)
                self._found.marks.append(Mark(on, "the annotation", f'Zone("{category}")', category, line))
            elif dotted := self._dotted(node):
                self._found.marks.append(Mark(on, "the annotation", dotted, line=line))

    def _dotted(self, node: ast.AST) -> str:
        """Write a name as it is imported; "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self._imports.get(node.id, node.id), *reversed(parts)])


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    """Give all parameters."""
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (one for one in (args.vararg, args.kwarg) if one is not None)


def imported(node: ast.Import | ast.ImportFrom, path: str) -> Iterator[tuple[str, str]]:
    """Give each name that an import in the file ``path`` binds, with what it is."""
    above = ""
    if isinstance(node, ast.ImportFrom) and node.level:
        folders = path.split("/")[: -node.level]
        above = "".join(f"{folder}." for folder in folders)
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        else:
            module = f"{above}{node.module}." if node.module else above
            yield alias.asname or alias.name, f"{module}{alias.name}"


def _blocks(node: ast.AST) -> Iterator[ast.AST]:
    """Give the statements inside a statement: branches, handlers, cases."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        yield from getattr(node, name, ()) if isinstance(getattr(node, name, ()), list) else ()


def _target(node: ast.expr) -> str:
    """Name what is assigned to: a variable, or an attribute of one such as ``self.card``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _parts(annotation: ast.expr) -> Iterator[ast.AST]:
    """Give an annotation's names and calls, those in quotes too."""
    waiting: list[ast.AST] = [annotation]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < _LONGEST:
            try:
                waiting.append(ast.parse(node.value, mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        elif isinstance(node, ast.Attribute | ast.Name | ast.Call):
            yield node
        else:
            waiting += ast.iter_child_nodes(node)


def _first_text(node: ast.Call) -> str:
    first = node.args[0] if node.args else next((one.value for one in node.keywords), None)
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _digest(*nodes: ast.AST) -> str:
    """Name the meaning of some syntax: without places, comments and white space."""
    return hashlib.sha256("\n".join(ast.dump(node) for node in nodes).encode("utf-8", "replace")).hexdigest()
