r"""Paths in JSON: git's paths are bytes, JSON's strings are Unicode.

A path is written as its UTF-8 text; a backslash is doubled, and a byte that is not UTF-8 is written ``\xHH``
with small digits, so that every path has exactly one spelling and every spelling at most one path. In
memory such bytes are Python's surrogate escapes (PEP 383).
"""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\(\\|x[0-9a-f]{2})?")
_SURROGATE = re.compile("[\udc80-\udcff]")


def encode(path: str) -> str:
    """Write a path for JSON."""
    return _SURROGATE.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", path.replace("\\", "\\\\"))


def decode(text: str) -> str:
    """Read a path from JSON; a backslash that starts nothing stands for itself."""

    def read(match: re.Match[str]) -> str:
        body = match[1]
        if body is None or body == "\\":
            return "\\"
        number = int(body[1:], 16)
        return chr(0xDC00 + number) if number >= 0x80 else match[0]

    return _ESCAPED.sub(read, text) if "\\" in text else text
