"""One changed piece, read by libcst once and laid out flat, so that a check is a loop over a list.

``nodes`` is the tree in reading order; ``key(node)`` is what a node means without white space, comments,
docstrings, brackets, quoting style and annotations: two nodes with equal keys do the same.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from typing import TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from riskbot.detect.structure.outline import MAX_PIECE, Kind, Outline, Piece, too_deep
from riskbot.detect.structure.source import UnreadableError, first_line

Key = tuple[str, ...]
Node = TypeVar("Node", bound=cst.CSTNode)

_SILENT = {
    "annotation", "returns", "asname_comma", "colon", "comma", "dot", "end", "equal", "first_colon", "footer",
    "header", "lbrace", "lbracket", "leading_lines", "leading_whitespace", "lines_after_decorators",
    "lines_after_module", "lpar", "newline", "rbrace", "rbracket", "rpar", "second_colon", "semicolon",
    "start",     "trailing_whitespace", "indent", "open_paren", "close_paren",
}  # fmt: skip


@cache
def _meaningful(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a node type that carry meaning."""
    return tuple(
        field.name
        for field in fields(kind)
        if field.name not in _SILENT and not field.name.startswith("whitespace") and field.name[0] != "_"
    )


class Unit:
    """A piece with its syntax tree. Building it raises UnreadableError where libcst cannot read the piece."""

    def __init__(self, piece: Piece, outline: Outline) -> None:
        self.piece = piece
        self.outline = outline
        inside = piece.text[:1] in " \t"
        self._offset = piece.start - (2 if inside else 1)
        self._tree = _parse(f"class _:\n{piece.text}" if inside else piece.text, piece)
        body: list[cst.CSTNode] = list(self._tree.body)
        if inside:
            body = list(body[0].body.body)  # type: ignore[attr-defined]
        self.body = body
        self.nodes: list[cst.CSTNode] = []
        self.parents: dict[cst.CSTNode, cst.CSTNode | None] = {}
        self._span: dict[cst.CSTNode, tuple[int, int]] = {}
        self._tokens: list[str] = []
        self._by_type: dict[type, list[cst.CSTNode]] = defaultdict(list)
        self._positions: object = None
        for node in body:
            self._lay_out(node)

    def _lay_out(self, root: cst.CSTNode) -> None:
        """Walk the tree without recursion, noting each node's place among the tokens."""
        stack: list[tuple[cst.CSTNode | str, cst.CSTNode | None]] = [(root, None)]
        tokens, nodes = self._tokens, self.nodes
        while stack:
            node, parent = stack.pop()
            if isinstance(node, str):
                if node:
                    tokens.append(node)
                if parent is not None:  # a closing mark
                    self._span[parent] = (self._span[parent][0], len(tokens))
                continue
            if type(node) is cst.Expr and _is_docstring(node):
                continue
            nodes.append(node)
            self.parents[node] = parent
            self._by_type[type(node)].append(node)
            self._span[node] = (len(tokens), len(tokens))
            plain = type(node) is cst.SimpleStatementLine  # a line is layout: `a; b` means the same
            if not plain:
                tokens.append(_name(node))
            inner: list[tuple[cst.CSTNode | str, cst.CSTNode | None]] = []
            for name, value in _children(node):
                if isinstance(value, str):
                    inner.append((f"{name}={value}", None))
                else:
                    inner += [(f".{name}", None), (value, node)] if name != "body" else [(value, node)]
            inner.append(("" if plain else ")", node))
            stack += reversed(inner)

    def of(self, *kinds: type[Node]) -> list[Node]:
        """All nodes of the given types; of one type in reading order."""
        return [node for kind in kinds for node in self._by_type.get(kind, ())]  # type: ignore[misc]

    @property
    def tokens(self) -> Key:
        """What the whole unit means."""
        return tuple(self._tokens)

    def key(self, node: cst.CSTNode) -> Key:
        """What ``node`` means; empty for a node that was left out (an annotation, white space)."""
        start, end = self._span.get(node, (0, 0))
        return tuple(self._tokens[start:end])

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around ``node``, None at the top."""
        return self.parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around ``node``, from the inside out."""
        outer = self.parents.get(node)
        while outer is not None:
            yield outer
            outer = self.parents.get(outer)

    def inside(self, node: cst.CSTNode, *kinds: type[Node]) -> list[Node]:
        """The nodes of the given types within ``node``, itself included."""
        start, end = self._span.get(node, (0, 0))
        return [n for n in self.of(*kinds) if start <= self._span[n][0] and self._span[n][1] <= end]

    def text(self, node: cst.CSTNode, limit: int = 80) -> str:
        """The node's source on one line, cut to ``limit`` characters."""
        text = " ".join(self._tree.code_for_node(node).split())
        return text if len(text) <= limit else text[: limit - 3] + "..."

    def line(self, node: cst.CSTNode) -> int:
        """The node's first line in the file, as git counts it."""
        return self.outline.source.git_line(self.source_line(node))

    def source_line(self, node: cst.CSTNode) -> int:
        """The node's first line in the file, as Python counts it."""
        if self._positions is None:  # slow, so only for units that have something to say
            wrapper = MetadataWrapper(self._tree, unsafe_skip_copy=True)
            self._positions = wrapper.resolve(PositionProvider)
        return int(self._positions[node].start.line) + self._offset  # type: ignore[index]

    @property
    def definition(self) -> cst.FunctionDef | cst.ClassDef | None:
        """The function or class that the unit is; None for plain statements."""
        first = self.body[0] if self.body else None
        return first if isinstance(first, cst.FunctionDef | cst.ClassDef) else None


def _parse(text: str, piece: Piece) -> cst.Module:
    if len(text) > MAX_PIECE:
        raise UnreadableError(f"lines {piece.start}-{piece.end} are {len(text):,} characters in one piece")
    if too_deep(text):
        raise UnreadableError(f"lines {piece.start}-{piece.end} nest too deeply")
    if _bare_header(text, piece):
        text = f"{text}{_indent(text)}  pass\n"
    try:
        return cst.parse_module(text)
    except Exception as error:  # libcst has raised what it does not document, such as for a t-string
        reason = f"lines {piece.start}-{piece.end}: {first_line(error)}"
        raise UnreadableError(reason) from error


def _bare_header(text: str, piece: Piece) -> bool:
    """A class header that was cut off before its body."""
    if piece.kind is not Kind.CLASS:
        return False
    if text.rstrip().endswith(":"):
        return True
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return False


def _indent(text: str) -> str:
    lines = [line for line in text.split("\n") if line.lstrip().startswith(("class ", "class\t"))]
    last = lines[-1] if lines else ""
    return last[: len(last) - len(last.lstrip())]


def _is_docstring(node: cst.Expr) -> bool:
    return isinstance(node.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis)


# What a formatter may swap has one name.
_NAMES = {cst.SimpleStatementSuite: "IndentedBlock", cst.AnnAssign: "Assign"}


def _name(node: cst.CSTNode) -> str:
    kind = type(node)
    return _NAMES.get(kind) or kind.__name__


_NODE_TYPES: dict[type, bool] = {}


def _is_node(kind: type) -> bool:
    """Whether a type is a node's; remembered because the nodes' metaclass makes isinstance slow."""
    known = _NODE_TYPES.get(kind)
    if known is None:
        known = _NODE_TYPES[kind] = issubclass(kind, cst.CSTNode)
    return known


def _children(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode | str]]:
    """A node's meaningful children and leaf values, in order."""
    kind = type(node)
    if kind in _SPECIAL:
        yield from _SPECIAL[kind](node)
        return
    for name in _meaningful(kind):
        value = getattr(node, name)
        if value is None:
            continue
        what = type(value)
        if what is str or _is_node(what):
            yield name, value
        elif what is tuple or what is list:
            for item in value:
                if _is_node(type(item)):
                    yield name, item


def _annotated(node: cst.AnnAssign) -> list[tuple[str, cst.CSTNode | str]]:
    value = [] if node.value is None else [("value", node.value)]
    return [("targets", node.target), *value]


_SPECIAL: dict[type, Callable[..., list[tuple[str, cst.CSTNode | str]]]] = {
    cst.SimpleString: lambda node: [("value", _string(node))],
    cst.AnnAssign: _annotated,
    cst.Integer: lambda node: [("value", _integer(node))],
    cst.AssignTarget: lambda node: [("body", node.target)],
}


def _integer(node: cst.Integer) -> str:
    """The value in digits; Python itself refuses to convert thousands of them."""
    return str(node.evaluated_value) if len(node.value) < 1000 else node.value


def _string(node: cst.SimpleString) -> str:
    if "\\" not in node.value and not node.prefix:
        return repr(node.raw_value)
    try:
        return repr(node.evaluated_value)
    except (SyntaxError, ValueError):
        return node.value
