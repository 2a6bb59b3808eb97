"""The pieces of a module that bear limits: functions, classes, the module itself; and what a limit is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from riskbot.detect.limits import names

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")  # of statements, in the order of the source
_VIEW_METHODS = frozenset(
    {"get", "post", "put", "patch", "delete", "list", "retrieve", "get_queryset", "dispatch"}
)


class Family(Enum):
    """What a limit bounds: how much one call may take, or how often something may be called."""

    AMOUNT = "amount"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. ``key`` names what it bounds within its unit; equal keys bound the same thing.

    ``value`` is the most that passes (rows, characters; calls per second for a rate), None where it is not
    written out. ``off``: it says that there is none (``max_page_size = None``). ``firm``: its loss is worth
    saying; others only show that something is still bounded. ``soft``: only its raising or ``off`` is.
    ``parts`` are the classes that it lists, ``most`` the name that stands for its value, without underscores.
    """

    family: Family
    key: str
    what: str
    value: float | None
    text: str
    line: int
    off: bool = False
    firm: bool = True
    soft: bool = False
    parts: frozenset[str] = frozenset()
    most: str = ""


@dataclass(eq=False, slots=True)
class Unit:
    """A function, a class (without its methods) or a module (without what it defines)."""

    name: str
    node: Function | ast.ClassDef | ast.Module
    owner: str = ""
    in_view: bool = False
    limits: list[Limit] = field(default_factory=list)

    @property
    def is_handler(self) -> bool:
        """Whether the function answers a request: by its decorators, its first parameters or its class."""
        if not isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        if self.routes:
            return True
        taken = [one.arg for one in self.node.args.args[:2]]
        return "request" in taken or (self.in_view and self.node.name in _VIEW_METHODS)

    @property
    def routes(self) -> list[ast.expr]:
        """The decorators that give a function its address (``@app.get("/users")``)."""
        if isinstance(self.node, ast.Module):
            return []
        return [
            one
            for one in self.node.decorator_list
            if isinstance(one, ast.Call) and names.dotted(one).rpartition(".")[2] in names.ROUTES
        ]

    def __str__(self) -> str:
        if isinstance(self.node, ast.Module):
            return "the module"
        return f"`{self.name}`"


def cut(tree: ast.Module) -> list[Unit]:
    """List the module and all that it defines, however deep, in the order of the source."""
    found: list[Unit] = []
    waiting = [Unit("", tree)]
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        inner = [_unit(node, unit) for node in _defined(unit.node)]
        waiting += reversed(inner)
    return found


def _unit(node: Function | ast.ClassDef, outer: Unit) -> Unit:
    name = f"{outer.name}.{node.name}" if outer.name else node.name
    return Unit(name, node, outer.name, isinstance(outer.node, ast.ClassDef) and _is_view(outer.node))


def _is_view(node: ast.ClassDef) -> bool:
    parts = [node.name, *(names.dotted(base).rpartition(".")[2] for base in node.bases)]
    return any(part.endswith(("View", "ViewSet", "Resource", "Handler", "Endpoint")) for part in parts)


def _defined(outer: ast.AST) -> Iterator[Function | ast.ClassDef]:
    """List the definitions right inside, in order: they stand in blocks, so expressions are passed over."""
    waiting = [outer]
    while waiting:
        node = waiting.pop()
        if node is not outer and isinstance(node, _DEFINITIONS):
            yield node
            continue
        waiting += reversed([inner for block in _BLOCKS for inner in getattr(node, block, ())])


def own(outer: ast.AST) -> Iterator[ast.AST]:
    """Walk what belongs to a unit itself, in order; definitions inside are left out."""
    waiting = list(reversed(list(ast.iter_child_nodes(outer))))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DEFINITIONS):
            continue
        yield node
        waiting += reversed(list(ast.iter_child_nodes(node)))


def words_in(unit: Unit) -> set[str]:
    """Collect every name, attribute, keyword and short text that stands in a unit."""
    found: set[str] = set()
    for node in own(unit.node):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg | ast.keyword):
            found.add(node.arg or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 80:
            found.add(node.value)
    return found


class Text:
    """Cuts source text out for readers, on one line and not too long."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def of(self, node: ast.AST, most: int = 60) -> str:
        """The node's source on one line, at most ``most`` characters."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
        rows = [row[:500] for row in self._lines[first - 1 : min(last, first + 8)]]
        if not rows or not hasattr(node, "col_offset"):
            return ""
        if last == first + len(rows) - 1:
            rows[-1] = rows[-1].encode()[: getattr(node, "end_col_offset", 500)].decode("utf-8", "ignore")
        rows[0] = rows[0].encode()[node.col_offset :].decode("utf-8", "ignore")
        folded = " ".join(" ".join(rows).split())
        return folded if len(folded) <= most else folded[: most - 1] + "…"
