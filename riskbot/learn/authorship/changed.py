"""The same commit with its names, its comments or its layout changed, to see what a score hangs on.

Every change is made to the whole new file, and the lines that the commit had added are followed through it.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

RENAMED, STRIPPED, FORMATTED = CHANGES = ("renamed", "stripped", "formatted")
_MOST = 60_000
"""Characters of a file that is changed; a larger one is left out, for the time it takes."""

Changed = Callable[[str, frozenset[int]], list[str] | None]


def changed(kind: str, files: Mapping[str, tuple[str, frozenset[int]]]) -> dict[str, list[str]] | None:
    """Change files (text and the numbers of the added lines, from 1, by path); give the added lines then.

    None where one of them cannot be changed: it is too large, or no Python of this version.
    """
    make = {RENAMED: renamed, STRIPPED: stripped, FORMATTED: formatted}[kind]
    found = {}
    for path, (text, lines) in files.items():
        made = make(text, lines) if len(text) <= _MOST else None
        if made is None:
            return None
        found[path] = made
    return found


def renamed(text: str, lines: frozenset[int]) -> list[str] | None:
    """Call every parameter and local variable ``v1``, ``v2`` and so on; names inside f-strings stay."""
    tree, tokens = _tree(text), _tokens(text)
    if tree is None or tokens is None:
        return None
    local = {name: f"v{number}" for number, name in enumerate(dict.fromkeys(_locals(tree)), 1)}
    split, before = text.splitlines(), ""
    edits: dict[int, list[tuple[int, int, str]]] = {}
    for token in tokens:
        if token.type == tokenize.NAME and token.string in local and before != ".":
            edits.setdefault(token.start[0], []).append((token.start[1], token.end[1], local[token.string]))
        before = token.string
    for number, made in edits.items():
        line = split[number - 1]
        for start, end, name in reversed(made):
            line = line[:start] + name + line[end:]
        split[number - 1] = line
    return [line for number, line in enumerate(split, 1) if number in lines]


def _locals(tree: ast.Module) -> Iterator[str]:
    """Give the names of parameters and of what functions assign, without ``self`` and ``cls``."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        shared = {
            name
            for inner in ast.walk(function)
            if isinstance(inner, ast.Global | ast.Nonlocal)
            for name in inner.names
        }
        for inner in ast.walk(function):
            if isinstance(inner, ast.arg):
                name = inner.arg
            elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                name = inner.id
            else:
                continue
            if name not in shared | {"self", "cls"}:
                yield name


def stripped(text: str, lines: frozenset[int]) -> list[str] | None:
    """Take out the comments; a line that held nothing else goes with its comment. Docstrings stay."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    split = text.splitlines()
    gone = set()
    for token in tokens:
        if token.type == tokenize.COMMENT:
            number = token.start[0]
            split[number - 1] = split[number - 1][: token.start[1]].rstrip()
            if not split[number - 1]:
                gone.add(number)
    return [line for number, line in enumerate(split, 1) if number in lines and number not in gone]


@cache
def formatter() -> str:
    """Name what formats: black where it is installed, else the standard library's unparser.

    The unparser is the harsher one: it drops comments, blank lines and the author's line breaks.
    """
    if find_spec("black") is None:
        return "ast.unparse"
    from importlib.metadata import version

    return f"black {version('black')}"


def formatted(text: str, lines: frozenset[int]) -> list[str] | None:
    """Format the whole file, and give the lines that the added ones became."""
    try:
        made = _black(text) if formatter().startswith("black") else ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None
    before, after = text.splitlines(), made.splitlines()
    matcher = difflib.SequenceMatcher(None, _bare(before), _bare(after), autojunk=False)
    found = []
    for _, low, high, start, end in matcher.get_opcodes():
        touched = sum(number in lines for number in range(low + 1, high + 1))
        if high - low == end - start:
            found += [after[start + at] for at in range(end - start) if low + at + 1 in lines]
        elif 2 * touched >= high - low > 0:
            found += after[start:end]
    return found


def _bare(lines: list[str]) -> list[str]:
    """Fold what formatting changes within a line: blanks and quotes."""
    return [re.sub(r"\s+", "", line).replace("'", '"') for line in lines]


def _black(text: str) -> str:
    black: Any = import_module("black")
    try:
        return str(black.format_str(text, mode=black.Mode()))
    except black.InvalidInput as problem:
        raise ValueError(str(problem)) from problem


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _tokens(text: str) -> list[tokenize.TokenInfo] | None:
    try:
        return list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
