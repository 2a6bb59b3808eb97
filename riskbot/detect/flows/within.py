"""In which function a line of a Python file stands."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable


def enclosing(content: bytes, lines: Iterable[int]) -> dict[int, str]:
    """Name the innermost function around each line (``Class.method``); "" outside of all, or unparsable."""
    wanted = list(lines)
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return dict.fromkeys(wanted, "")
    spans: list[tuple[int, int, str]] = []
    waiting: list[tuple[ast.AST, str]] = [(node, "") for node in tree.body]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope = f"{scope}.{node.name}" if scope else node.name
            if not isinstance(node, ast.ClassDef):
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                spans.append((first, node.end_lineno or node.lineno, scope))
        waiting += [(child, scope) for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
        waiting += [(child, scope) for child in _others(node)]
    spans.sort(key=lambda span: (span[0], -span[1]))
    found = {}
    for line in wanted:
        inside = [name for first, last, name in spans if first <= line <= last]
        found[line] = inside[-1] if inside else ""
    return found


def _others(node: ast.AST) -> list[ast.AST]:
    """Give what holds statements without being one: handlers of exceptions, cases of a match."""
    return [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.excepthandler | ast.match_case)]
