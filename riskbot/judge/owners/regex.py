"""Regular expressions that an owners file brings along, matched in linear time.

Python's own engine backtracks, and an owners file is written by strangers. RE2 never does, whatever the
pattern, and its syntax is that of Go, in which Prow's filters are written
(https://github.com/google/re2/wiki/Syntax).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import re2

MAX_PATTERN = 1000

# Many patterns live at once, so each gets little; one that needs more is refused.
_MAX_MEMORY = 1 << 20
_MAX_MEMORY_TOGETHER = 8 << 20

# RE2 has `\C`, any single byte, which Go lacks: an odd number of backslashes before the C.
_ANY_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")

_SURROGATE = re.compile("[\ud800-\udfff]")

Search = Callable[[str], bool]


def compiled(pattern: str) -> Search:
    """Compile to "does it occur anywhere in this text?"; ValueError, saying why, where it is no such pattern.

    A path's bytes that are no UTF-8 are matched as U+FFFD each, as Go does.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"it is longer than {MAX_PATTERN} characters")
    if _ANY_BYTE.search(pattern):
        raise ValueError(r"\C is not part of the syntax")
    try:
        found = re2.compile(pattern, _options(_MAX_MEMORY))
    except UnicodeEncodeError:
        raise ValueError("it has bytes that are not UTF-8") from None
    except re2.error as problem:
        raise ValueError(_reason(problem)) from None
    return lambda text: found.search(utf8(text)) is not None


class Patterns:
    """Many patterns at once: one walk over a text finds all that occur in it. ValueError as above."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._each = [compiled(pattern) for pattern in patterns]
        self._together = _together(patterns)

    def matching(self, text: str) -> tuple[int, ...]:
        """The numbers of the patterns that occur in the text."""
        found = self._together.Match(utf8(text)) if self._together is not None else []
        # The last pattern occurs in every text: where it was not found, memory ran out.
        if len(self._each) in found:
            return tuple(sorted(number for number in found if number < len(self._each)))
        return tuple(number for number, search in enumerate(self._each) if search(text))


def _together(patterns: Sequence[str]) -> Any:
    """Put the patterns and, last, one that occurs everywhere into one; None where that is too large."""
    found = re2.Set.SearchSet(_options(_MAX_MEMORY_TOGETHER))
    try:
        for pattern in (*patterns, ""):
            found.Add(pattern)
        found.Compile()
    except re2.error:
        return None
    return found


def _options(memory: int) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = memory
    return options


def utf8(text: str) -> str:
    """Replace what came from bytes that are no UTF-8 (lone surrogates) by U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def _reason(problem: Exception) -> str:
    """RE2 gives its reason as bytes."""
    reason = problem.args[0] if problem.args else "it does not compile"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
