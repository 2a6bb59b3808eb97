"""The YAML of Prow's files, read leniently: what is wrong in one place does not cost the rest.

:mod:`riskbot.written.marked` refuses a policy whole for its first fault. An owners file is read as
far as it goes, with every fault a lint: a tree of a thousand of them always has some. Nothing is built from
anchors and tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from riskbot.judge.owners import Lint
from riskbot.judge.owners.folders import HIDDEN, hidden_lint

MAX_CHARACTERS = 256 * 1024
MAX_LINTS = 200

# An owners file has five levels.
_MAX_DEPTH = 10
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML itself does not print, and what YAML 1.1 takes for the end of a line, and so of a comment.
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_EXPONENT = re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+")
_STRING = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Node:
    """One value and its place: text, a list, a mapping, True or False, or None for nothing.

    ``bad``: what stood there cannot be used, and a lint says so. Of keys that stand twice the last counts.
    """

    value: str | bool | tuple[Node, ...] | dict[str, Node] | None
    line: int
    column: int
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file, read. ``root`` None: it is no YAML at all, or was not to be read."""

    root: Node | None
    lints: tuple[Lint, ...]


def read(text: str | None, file: str) -> Document:
    """Read the first document of a file; never raises."""
    if text is None or len(text) > MAX_CHARACTERS:
        lint = Lint("unreadable", "The file is too large or is not UTF-8 text; nobody can rely on it.", file)
        return Document(None, (lint,))
    return _Reader(file).document(text)


class _TooDeepError(Exception):
    """Reading has to stop; the lint is there already."""


class _Reader:
    """Builds the nodes of one file and keeps its lints."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lints: list[Lint] = []
        self._events: Iterator[yaml.Event] = iter(())

    def document(self, text: str) -> Document:
        """Read all of it."""
        clean = self._clean(text)
        try:
            root = self._document(clean)
        except _TooDeepError:
            root = None
        except yaml.YAMLError as problem:
            place = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
            line, column = (place.line + 1, place.column + 1) if place else (1, 1)
            what = getattr(problem, "problem", None) or "it cannot be read"
            self.lint("bad_yaml", f"This is not YAML: {what}.", line, column)
            root = None
        return Document(root, tuple(self._lints))

    def lint(self, code: str, message: str, line: int, column: int) -> None:
        """Note a fault, up to a bound."""
        if len(self._lints) < MAX_LINTS:
            self._lints.append(Lint(code, message, self._file, line, column))
        elif len(self._lints) == MAX_LINTS:
            message = "The file has more oddities than are listed."
            self._lints.append(Lint("more_lints", message, self._file, line, column))

    def _clean(self, text: str) -> str:
        """Note what cannot be seen, and make it harmless: U+FFFD is part of no name."""
        for number, line in enumerate(text.split("\n"), 1):
            if hidden := HIDDEN.search(line.removesuffix("\r")):
                lint = hidden_lint(self._file, number, hidden)
                self.lint(lint.code, lint.message, number, lint.column or 1)
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        return HIDDEN.sub("\ufffd", _UNPRINTABLE.sub("\ufffd", text))

    def _document(self, text: str) -> Node:
        self._events = iter(yaml.parse(text, Loader=_LOADER))
        next(self._events)  # the start of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Node(None, 1, 1)
        root = self._node(next(self._events), _MAX_DEPTH)
        next(self._events)  # the end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            line, column = _place(after)
            self.lint("second_document", "A second document starts here; it is not read.", line, column)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        """Build the node that starts with ``event``, and use up its events."""
        line, column = _place(event)
        if isinstance(event, yaml.AliasEvent):
            message = "An alias of YAML stands here; write the value out."
            self.lint("yaml_alias", message, line, column)
            return Node(None, line, column, bad=True)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line, column)
        if depth == 0:
            # At once: the time of PyYAML's scanner grows with the square of the depth.
            self.lint("bad_yaml", f"The file nests deeper than {_MAX_DEPTH} levels.", line, column)
            raise _TooDeepError
        if tag := getattr(event, "tag", None):
            self.lint("bad_value", f"The tag {tag[:80]!r} has no place here.", line, column)
            self._rest(event, depth)
            return Node(None, line, column, bad=True)
        return Node(self._rest(event, depth), line, column)

    def _rest(self, event: yaml.Event, depth: int) -> tuple[Node, ...] | dict[str, Node]:
        """Build what is in the list or mapping that ``event`` starts."""
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth - 1))
            return tuple(items)
        return self._mapping(depth - 1)

    def _mapping(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line, column = _place(event)
            name = event.value if isinstance(event, yaml.ScalarEvent) else self._node(event, depth).value
            value = self._node(next(self._events), depth)
            if not isinstance(name, str):
                self.lint("bad_key", "A key must be text.", line, column)
                name = f"\ufffd{line}:{column}"
                value = Node(None, line, column, bad=True)
            elif name in found:
                self.lint("duplicate_key", f"The key {name[:80]!r} stands twice.", line, column)
            found[name] = value
        return found

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> Node:
        """Read a scalar; a plain one that is no text for YAML must be a truth value, nothing, or decimal."""
        text: str = event.value
        tag = event.tag or (_STRING if event.style else _implicit(text))
        if tag == _STRING or (event.tag is None and re.fullmatch("0|[1-9][0-9]{0,17}", text)):
            return Node(text, line, column)
        kind = tag.rpartition(":")[2]
        if kind == "bool" and text.casefold() in {"true", "false"}:
            return Node(text.casefold() == "true", line, column)
        if kind == "null":
            return Node(None, line, column)
        message = f"YAML may read {text[:40]!r} as something other than text; put it in quotes."
        self.lint("bad_value", message, line, column)
        return Node(text if kind == "bool" else None, line, column, bad=True)


def _implicit(text: str) -> str:
    """Which type YAML 1.1 gives a plain scalar."""
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in resolvers.get(text[:1], []):
        if pattern.match(text):
            return str(tag)
    return "tag:yaml.org,2002:float" if _EXPONENT.fullmatch(text) else _STRING


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
