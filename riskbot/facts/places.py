"""Where in a JSON text something stands: msgspec says what is wrong by its path, an editor wants the line.

Only ever asked when something is wrong already, but for :func:`plain`, which every document passes.
"""

from __future__ import annotations

import json
import re
from typing import Any

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(strict=False)
_TOKEN = re.compile(r'[{}]|"(?:[^"\\]|\\.)*"(\s*:)?', re.DOTALL)


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def plain(data: bytes) -> bool:
    """Tell whether no object of a JSON text has a key twice: readers disagree about which one counts."""
    try:
        json.loads(data, object_pairs_hook=_once, parse_int=len, parse_float=len)
    except _TwiceError:
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _TwiceError


def twice(data: bytes) -> tuple[str, int] | None:
    """Find the first key that stands twice in one object: its name, and the byte where it comes again."""
    text = data.decode("utf-8", "surrogateescape")
    seen: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        if token[0] == "{":
            seen.append(set())
        elif token[0] == "}":
            seen.pop()
        elif token[1]:
            key, _ = _DECODER.raw_decode(text, token.start())
            if key in seen[-1]:
                return key, _bytes(text, token.start())
            seen[-1].add(key)
    return None


def byte_of(data: bytes, path: str, key: str = "") -> int:
    """Find what msgspec's path (``.pull.reviews[0].state``) leads to, as far as it can be followed.

    With ``key`` it is that key of the object there.
    """
    text = data.decode("utf-8", "surrogateescape")
    position = _skip(text, 0)
    steps: list[str | int] = [int(index) if index else name for name, index in _steps(path)]
    try:
        for step in steps:
            position = _value(text, position, step)
        if key:
            position = _value(text, position, key, of_key=True)
    except (LookupError, ValueError, RecursionError):
        pass
    return _bytes(text, position)


def _steps(path: str) -> list[tuple[str, str]]:
    return re.findall(r"\.(\w+)|\[(\d{1,9})\]", path)


def _value(text: str, position: int, step: str | int, *, of_key: bool = False) -> int:
    """Go from a list or object to one of its values (or its key). LookupError: it has none such."""
    if text[position] != ("{" if isinstance(step, str) else "["):
        raise LookupError(step)
    here: str | int
    position, here = _skip(text, position + 1), -1
    while text[position] not in "]}":
        start = position
        if isinstance(step, str):
            here, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        else:
            here = int(here) + 1
        if here == step:
            return start if of_key else position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
    raise LookupError(step)


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _bytes(text: str, position: int) -> int:
    return len(text[:position].encode("utf-8", "surrogateescape"))
