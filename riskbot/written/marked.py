"""YAML with positions: text -> nodes that know their line and column, and nothing surprising in between.

The policy language is the plain part of YAML: mappings with text keys, lists, text, numbers, true, false.
What makes YAML treacherous for a file that governs others is an error here: duplicate keys, anchors and
aliases (and with them alias bombs and merge keys), tags, several documents, empty values, ``yes``/``on``
for true, octal and sexagesimal numbers, dates, and characters that hide text from a reviewer (control and
format characters; YAML 1.1 even ends lines, and so comments, at U+0085 and U+2028).

Nodes are built from PyYAML's parser events (https://pyyaml.org/wiki/PyYAMLDocumentation) instead of its
composed graph, so that depth and aliases are refused before anything is built from them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from riskbot.domain.errors import ConfigError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 30

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}
_NOTHING = {"", "~", "null", "Null", "NULL"}
# What YAML 1.1 would read as something else than text: https://yaml.org/type/bool.html and its siblings.
_AMBIGUOUS = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null)|[-+]?\.(?i:inf|nan)"
    # A span of time such as 3d is text to every reader of YAML, though d is a digit to some of them.
    r"|(?![1-9][0-9]*d\Z)[-+]?\.?[0-9][0-9_.:,+eExXoObBa-fA-F-]*"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file: 1-based line and column."""

    file: str
    line: int
    column: int

    def error(self, message: str, mend: str = "") -> ConfigError:
        """Make the error that points here."""
        return ConfigError(message, file=self.file, line=self.line, column=self.column, mend=mend)


@dataclass(frozen=True, slots=True)
class Node:
    """One value with its place; ``keys`` holds the places of a mapping's keys."""

    value: str | int | float | bool | tuple[Node, ...] | dict[str, Node]
    mark: Mark
    keys: dict[str, Mark] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value without places: dict, list, str, int, float and bool."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value


def parse(data: bytes, file: str) -> Node:
    """Read one YAML document; ``file`` names it in errors.

    Raises ConfigError, with line and column where there is one, for everything that is not plain YAML.
    """
    events = _events(_text(data, file), file)
    builder = _Builder(file, events)
    first = next(events, None)
    if isinstance(first, yaml.StreamEndEvent) or first is None:
        raise ConfigError("The file is empty.", file=file, line=1, column=1, mend="Fill it, or name another.")
    root = builder.build(next(events), MAX_DEPTH)
    next(events)  # the end of the document
    after = next(events)
    if not isinstance(after, yaml.StreamEndEvent):
        raise builder.mark(after).error("A second document starts here.", "Keep one document per file.")
    return root


def _text(data: bytes, file: str) -> str:
    """Decode, and refuse what a reviewer could not see."""
    if len(data) > MAX_BYTES:
        message = f"The file has {len(data)} bytes; riskbot reads at most {MAX_BYTES}."
        raise ConfigError(message, file=file, mend="Make it shorter.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        mark = _mark_at(data[: problem.start].decode("utf-8"), file)
        raise mark.error("The file is not UTF-8.", "Save it as UTF-8.") from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for match in re.finditer(r"^ *\t|[^\n\t -~]", text, re.MULTILINE):
        character = match[0][-1]
        mark = _mark_at(text[: match.end() - 1], file)
        if character == "\t":
            raise mark.error("A tab is used to indent.", "Indent with spaces.")
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Zl", "Zp"}:
            raise mark.error(
                f"The character U+{ord(character):04X} cannot be seen by a reviewer.", "Remove it."
            )
    return text


def _mark_at(before: str, file: str) -> Mark:
    line = before.count("\n") + 1
    return Mark(file, line, len(before) - (before.rfind("\n") + 1) + 1)


def _events(text: str, file: str) -> Iterator[yaml.Event]:
    """Yield the parser's events after the start of the stream; its errors become ConfigErrors."""
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not isinstance(event, yaml.StreamStartEvent):
                yield event
    except yaml.MarkedYAMLError as problem:
        place = problem.problem_mark or problem.context_mark
        mark = Mark(file, 1, 1) if place is None else Mark(file, place.line + 1, place.column + 1)
        if "cannot start any token" in str(problem.problem):
            raise mark.error(
                "Text cannot start with this character.", 'Put the text in quotes, like "@acme/devs".'
            ) from None
        raise mark.error(
            f"This is not YAML: {problem.problem or problem.context}.",
            "Mend the indentation or the quotes here.",
        ) from None
    except yaml.YAMLError as problem:
        raise ConfigError(f"This is not YAML: {problem}.", file=file, mend="Mend the file.") from None


class _Builder:
    """Builds nodes from events; every refusal names its place."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events

    def mark(self, event: yaml.Event) -> Mark:
        place = event.start_mark
        if place is None:
            raise AssertionError("BUG: the parser gave an event without a mark")
        return Mark(self._file, place.line + 1, place.column + 1)

    def build(self, event: yaml.Event, depth: int) -> Node:
        """Build the node that starts with ``event``."""
        mark = self.mark(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise mark.error("Anchors and aliases are not part of the language.", "Write the value out.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise mark.error(f"The tag {tag[:80]!r} is not part of the language.", "Remove the tag.")
        if depth == 0:
            raise mark.error(f"The file nests deeper than {MAX_DEPTH} levels.", "Make it flatter.")
        if isinstance(event, yaml.ScalarEvent):
            return Node(_scalar(event, mark), mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._sequence(depth - 1), mark)
        return self._mapping(mark, depth - 1)

    def _sequence(self, depth: int) -> tuple[Node, ...]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self.build(event, depth))
        return tuple(items)

    def _mapping(self, mark: Mark, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self.build(event, depth)
            if not isinstance(key.value, str):
                raise key.mark.error("A key must be text.", "Write the key as a word, in quotes if need be.")
            if key.value in values:
                first = keys[key.value].line
                raise key.mark.error(
                    f"The key {key.value!r} stands twice (first on line {first}).", "Keep one."
                )
            keys[key.value] = key.mark
            values[key.value] = self.build(next(self._events), depth)
        return Node(values, mark, keys)


def _scalar(event: yaml.ScalarEvent, mark: Mark) -> str | int | float | bool:
    """Read a scalar; a plain one that YAML versions disagree about is refused."""
    text: str = event.value
    if event.style:  # quoted or a block: text, whatever it looks like
        return text
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _NOTHING:  # a key whose value was forgotten must not read as a limit that was not asked for
        raise mark.error("There is no value here.", "Write one, or remove the key.")
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _AMBIGUOUS.fullmatch(text) or text in {"<<", "="}:
        raise mark.error(
            f"YAML readers disagree about what {text[:40]!r} is.",
            "Write true or false, a plain decimal number, or put text in quotes.",
        )
    return text
