"""The imports that a change brings: of each Python file, those that no old side of the change had."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

from riskbot.detect.dependencies.imports import Imported, imports
from riskbot.domain.change import Change, FileDiff, LineKind, Omission, OmissionKind

MAX_BYTES = 1_000_000
_LINKS = ("120000", "160000")
_STEP = "imports"


@dataclass(frozen=True, slots=True)
class Fresh:
    """One file's new imports; ``text`` is the whole file."""

    file: FileDiff
    text: str
    found: tuple[Imported, ...]


def parse(content: bytes) -> ast.Module | None:
    """Parse a Python file; None where it is none that this interpreter reads. Never raises."""
    if len(content) > MAX_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes and the like, which are others' business
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def fresh(change: Change, omissions: list[Omission]) -> Iterator[Fresh]:
    """List each changed file's imports that are new in the change; say what could not be parsed.

    An import that another file's old side had is not new: code that moves brings nothing. Files whose added
    lines cannot hold an import are not parsed.
    """
    found = [one for file in change.files if (one := _of_file(file, omissions)) is not None]
    if not found:
        return
    moved = {
        key
        for file in change.files
        if file.is_python and file.old and _may_import(file, LineKind.REMOVED)
        for key in _keys(file.old)
    }
    for one in found:
        if left := tuple(_new(one.found, moved)):
            yield replace(one, found=left)


def _of_file(file: FileDiff, omissions: list[Omission]) -> Fresh | None:
    """Give one file's imports that its own old side had not."""
    if not file.is_python or file.new_path is None or file.new_mode in _LINKS:
        return None
    if file.hunks and not _may_import(file, LineKind.ADDED):
        return None
    if file.new is None:
        reason = "only its changed lines are known: its imports were not looked up"
        omissions.append(Omission(OmissionKind.CONTENT_UNKNOWN, _STEP, reason, file.new_path))
        return None
    tree = parse(file.new)
    if tree is None:
        reason = "it cannot be parsed: its imports were not looked up"
        omissions.append(Omission(OmissionKind.UNPARSABLE, _STEP, reason, file.new_path))
        return None
    had = set(_keys(file.old)) if file.old else set()
    left = tuple(_new(imports(tree), had))
    return Fresh(file, file.new.decode("utf-8", "replace"), left) if left else None


# A line of an import: the statement, or names inside its parentheses, or after a backslash.
_LINE = re.compile(
    rb"import|\bfrom\b|^[\s(]*[A-Za-z_][\w.]*(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*[\s,)\\]*(?:#.*)?$"
)


def _may_import(file: FileDiff, kind: LineKind) -> bool:
    return any(
        line.kind is kind and _LINE.search(line.raw[:2_000]) for hunk in file.hunks for line in hunk.lines
    )


def _keys(content: bytes) -> Iterator[tuple[int, str, str]]:
    tree = parse(content)
    for one in imports(tree) if tree is not None else ():
        yield one.level, one.module, ""
        for name in one.names:
            yield one.level, one.module, name


def _new(found: tuple[Imported, ...], had: set[tuple[int, str, str]]) -> Iterator[Imported]:
    """Keep an import whose module is new; of one whose module is not, the names that are."""
    for one in found:
        if (one.level, one.module, "") not in had:
            yield one
        elif names := tuple(name for name in one.names if (one.level, one.module, name) not in had):
            yield replace(one, names=names)
