"""TOML within bounds, and where in its text a key stands (tomllib tells only the place of syntax errors)."""

from __future__ import annotations

import re
from typing import Any

from riskbot.domain.errors import ConfigError

MAX_FILE = 1024 * 1024
# Looking for a key's line parses the text again and again: only in texts, and as often, as is quick.
_MAX_SEARCHED = 64 * 1024
_MAX_TRIES = 20


def parse(data: bytes, file: str) -> dict[str, Any]:
    """Parse a TOML file; every error has the file, syntax errors line and column too."""
    import tomllib

    if len(data) > MAX_FILE:
        raise ConfigError(f"The file has more than {MAX_FILE} bytes.", file=file, mend="Make it shorter.")
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as problem:
        bad = data[: problem.start].count(b"\n") + 1
        raise ConfigError("The file is not UTF-8.", file=file, line=bad, mend="Save it as UTF-8.") from None
    except RecursionError:
        raise ConfigError("The file nests too deep.", file=file, mend="Make it flatter.") from None
    except ValueError as problem:
        where = re.search(r" \(at line (\d+), column (\d+)\)", str(problem))
        line = int(where[1]) if where else None
        column = int(where[2]) if where else None
        if "(at end of document)" in str(problem):
            line = data.rstrip().count(b"\n") + 1
        text = str(problem).partition(" (at ")[0]
        mend = "Mend the TOML here."
        raise ConfigError(
            f"This is not TOML: {text}.", file=file, line=line, column=column, mend=mend
        ) from None


def place(text: str, path: tuple[str, ...]) -> tuple[int | None, int | None]:
    """Find the 1-based line and column of a key; (None, None) where that would take too long.

    A key stands on the line before which the text, read up to there, does not have it, and after which it
    has: this is exact for every way that TOML has to write a key.
    """
    if len(text) > _MAX_SEARCHED:
        return None, None
    lines = text.replace("\r\n", "\n").split("\n")
    likely = [at for at, line in enumerate(lines) if path[-1] in line]
    for at in likely[:_MAX_TRIES]:
        if _has(lines[:at], path) is False and _has_next(lines, at + 1, path):
            return at + 1, lines[at].index(path[-1]) + 1
    return None, None


def _has_next(lines: list[str], start: int, path: tuple[str, ...]) -> bool:
    """Say whether the key is there at the first line from ``start`` on where the text is whole."""
    for end in range(start, min(start + _MAX_TRIES, len(lines) + 1)):
        found = _has(lines[:end], path)
        if found is not None:
            return found
    return False


def _has(lines: list[str], path: tuple[str, ...]) -> bool | None:
    """Say whether the text up to here has the key; None where it stops in the middle of something."""
    import tomllib

    try:
        tree: Any = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return None
    for name in path:
        if not isinstance(tree, dict) or name not in tree:
            return False
        tree = tree[name]
    return True
