"""Nodes with positions -> typed values: msgspec checks, and every complaint is led back to its place.

msgspec (https://jcristharif.com/msgspec/) types what is written because their Struct types are
then the syntax, the check and the source of the JSON schema at once; it says where in the data it
stopped (``$.band.at_most``), and that path leads to the node and so to line and column.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from riskbot.domain.complaint import plain_words
from riskbot.domain.errors import ConfigError
from riskbot.domain.suggest import did_you_mean
from riskbot.written.marked import Mark, Node

T = TypeVar("T")
Build = Mapping[type, Callable[[str], object]]
"""A language's own scalar types, each made from text; ValueError says what would be right."""


def convert(node: Node, kind: type[T], build: Build) -> T:
    """Check ``node`` against ``kind`` and build it.

    Raises ConfigError that points at the value (or the unknown key) and says what would be right.
    """
    try:
        return msgspec.convert(node.plain(), kind, strict=True, dec_hook=partial(_hook, build))
    except msgspec.ValidationError as problem:
        raise _located(str(problem), node, kind) from None


def only(node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
    """Read a mapping that has none but the known keys; ``what`` names it in errors."""
    if not isinstance(node.value, dict):
        raise node.mark.error(f"{what} must be a mapping (key: value).", f"Its keys are {', '.join(known)}.")
    for key, mark in node.keys.items():
        if key not in known:
            raise mark.error(f"{what} has no key {key[:80]!r}.", did_you_mean(key, known))
    return node.value


def _hook(build: Build, kind: type, value: object) -> object:
    """Build what msgspec does not know itself: path patterns, names of people, patterns of names."""
    if not isinstance(value, str):
        raise ValueError(f"Expected text, got {value!r:.80}.")  # noqa: TRY004 - msgspec wants this one
    return build[kind](value)


def _located(text: str, node: Node, kind: type) -> ConfigError:
    """Turn msgspec's complaint into one with file, line, column and the mend."""
    # A key may be written so as to look like a path: then the place is only less exact.
    message, _, path = text.rpartition(" - at `$") if " - at `$" in text else (text, "", "")
    types: inspect.Type | None = inspect.type_info(kind)
    for name, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", path):
        step: Node | None = None
        if name and isinstance(node.value, dict):
            step = node.value.get(name)
        elif index and isinstance(node.value, tuple):
            step = next(itertools.islice(node.value, int(index[:9]), None), None)
        if step is None:
            break
        node, types = step, _below(types, name)
    known = _known(types)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL):
        mark: Mark = node.keys.get(unknown[1], node.mark)
        return mark.error(plain_words(message), did_you_mean(unknown[1], known or ["nothing"]))
    if missing := re.fullmatch(r"Object missing required field `(.*)`", message):
        return node.mark.error(plain_words(message), f"Add {missing[1]!r}.")
    if message.endswith((".", "?")):  # one of our own types says what would be right
        return node.mark.error(message)
    if words := _known(types, keys=False):
        if isinstance(node.value, str):
            return node.mark.error(f"{node.value[:80]!r} is not known here.", did_you_mean(node.value, words))
        return node.mark.error(plain_words(message), f"Write one of {', '.join(words)}.")
    return node.mark.error(plain_words(message), f"Its keys are {', '.join(known)}." if known else "")


def _below(types: inspect.Type | None, name: str) -> inspect.Type | None:
    """Step down one level in the types, as the path in the data does."""
    for option in _options(types):
        if name and isinstance(option, inspect.StructType):
            return next((field.type for field in option.fields if field.encode_name == name), None)
        if not name and isinstance(option, inspect.VarTupleType):
            return option.item_type
    return None


def _known(types: inspect.Type | None, *, keys: bool = True) -> list[str]:
    """List the words that would be right: an enum's values and, with ``keys``, a struct's keys."""
    words: list[str] = []
    for option in _options(types):
        if keys and isinstance(option, inspect.StructType):
            words += [field.encode_name for field in option.fields]
        elif isinstance(option, inspect.EnumType):
            words += [member.value for member in option.cls]
        elif isinstance(option, inspect.LiteralType):
            words += [str(value) for value in option.values]
        elif isinstance(option, inspect.BoolType):
            words += ["true", "false"]
    return words


def _options(types: Any) -> tuple[Any, ...]:
    return types.types if isinstance(types, inspect.UnionType) else (types,)
