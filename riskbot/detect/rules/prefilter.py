"""Which rules can find anything in a file at all, told from its words.

Semgrep parses and matches every file for every rule of its language, unless it sees a literal in the rule
that the file lacks; even to look for one costs it a third of a millisecond for each rule and file. Here a
file's words are found once, for all rules. What a rule needs is derived by
:mod:`riskbot.detect.rules.deriving`.
"""

from __future__ import annotations

import re
from typing import Any

Needs = bool | str | list[Any]
"""``True``: nothing is needed; a word; ``["all" | "any", Needs, ...]``; ``["text", expression]``, which the
file's text must match somewhere (RE2). Plain JSON, to be kept."""

ANY_DECORATOR = "@$"
"""Stands for any decorator among a file's words; ``@name`` for one whose last part is ``name``."""

DOTTED_DECORATOR = "@."
"""Stands for any decorator with a dot in its name."""

_FILE_WORDS = re.compile(rb"@\s*[\w.]+|\w+")


class Words:
    """What one file holds: its words, and whether its text matches an expression, asked at most once."""

    _compiled: dict[str, Any] = {}  # noqa: RUF012 - shared by all files on purpose

    def __init__(self, content: bytes) -> None:
        self._content = content
        found = {token.decode("utf-8", "replace") for token in set(_FILE_WORDS.findall(content))}
        for token in [token for token in found if token.startswith("@")]:
            parts = token[1:].strip().split(".")
            found.update(parts)
            found |= {ANY_DECORATOR, f"@{parts[-1]}"} | ({DOTTED_DECORATOR} if len(parts) > 1 else set())
        self._words = found
        self._matches: dict[str, bool] = {}

    def meet(self, need: Needs) -> bool:
        """Tell whether the file holds what is needed."""
        if isinstance(need, bool):
            return need
        if isinstance(need, str):
            return need in self._words
        kind, *parts = need
        if kind == "text":
            return self._match(parts[0])
        return all(map(self.meet, parts)) if kind == "all" else any(map(self.meet, parts))

    def _match(self, expression: str) -> bool:
        if expression not in self._matches:
            self._matches[expression] = self._expression(expression).search(self._content) is not None
        return self._matches[expression]

    @classmethod
    def _expression(cls, expression: str) -> Any:
        if expression not in cls._compiled:
            import re2

            options = re2.Options()
            options.encoding = re2.Options.Encoding.LATIN1  # bytes of any kind; a rule's own text is ASCII
            cls._compiled[expression] = re2.compile(expression.encode(), options)
        return cls._compiled[expression]
