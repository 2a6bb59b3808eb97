"""Comments that ask a checker for silence: found, told and counted; never obeyed in silence."""

from __future__ import annotations

import re

# The comment's opening, then the checker's own word. Each word as its tool documents it.
_OPEN = r"(?:\#|//|/\*|--|<!--|;|%)"
_WORDS = {
    "nosemgrep": r"nosem(?:grep)?\b",
    "noqa": r"(?:flake8[:=]\s*|ruff:\s*)?noqa\b",
    "type: ignore": r"type:\s*ignore\b",
    "pyright: ignore": r"pyright:\s*ignore\b",
    "mypy: ignore-errors": r"mypy:\s*ignore[-_]errors\b",
    "pragma: no cover": r"pragma:\s*no[ -]?cover\b",
    "nosec": r"nosec\b",
    "pylint: disable": r"pylint:\s*(?:disable(?:-next|-all)?|skip-file)\b",
    "eslint-disable": r"eslint-disable(?:-next-line|-line)?\b",
    "ts-ignore": r"@ts-(?:ignore|nocheck|expect-error)\b",
    "NOLINT": r"nolint(?:nextline|begin)?\b",
}
_COMMENT = re.compile(
    rf"{_OPEN}[^\n]*?(?:" + "|".join(f"(?P<w{n}>{word})" for n, word in enumerate(_WORDS.values())) + ")",
    re.IGNORECASE,
)
_HINT = re.compile(r"nosem|noqa|ignore|cover|nosec|disable|skip|@ts-|nolint", re.IGNORECASE)
_NAMES = tuple(_WORDS)
_NOSEM = re.compile(
    rf"{_OPEN}[^\n]*?\bnosem(?:grep)?\b(?:\s*:\s*(?P<ids>[\w.\-]+(?:[ \t]*,[ \t]*[\w.\-]+)*))?", re.IGNORECASE
)
_COMMENT_ONLY = re.compile(rf"\s*{_OPEN}")
_LINE_LIMIT = 4000  # characters of a line that are searched; a longer one is no line that a person wrote


def suppression_in(line: str) -> str | None:
    """Name the checker that a comment in this line asks for silence; None where there is no such comment."""
    if not _HINT.search(line, 0, _LINE_LIMIT):
        return None
    match = _COMMENT.search(line, 0, _LINE_LIMIT)
    return _NAMES[int(match.lastgroup[1:])] if match and match.lastgroup else None


def nosem_for(lines: list[str], line: int, rule: str) -> int | None:
    """Find the ``nosemgrep`` comment that would silence ``rule`` at ``line`` (1-based): its line, or None.

    As semgrep reads it (https://semgrep.dev/docs/ignoring-files-folders-code): on the same line, or as a
    comment of its own on the line before; bare, or with ids of which the last part is enough.
    """
    for number in (line, line - 1):
        if not 1 <= number <= len(lines):
            continue
        text = lines[number - 1]
        if number != line and not _COMMENT_ONLY.match(text):
            continue
        match = _NOSEM.search(text, 0, _LINE_LIMIT)
        if match and _names(match["ids"], rule):
            return number
    return None


def _names(ids: str | None, rule: str) -> bool:
    """Tell whether the ids of a comment (None: a bare one) mean this rule."""
    if ids is None:
        return True
    wanted = {part.strip().rpartition(".")[2].casefold() for part in ids.split(",")}
    return rule.rpartition(".")[2].casefold() in wanted
