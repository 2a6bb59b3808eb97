"""Bytes of a Python file into text and lines, as Python itself reads them."""

from __future__ import annotations

import io
import tokenize
from bisect import bisect_right
from dataclasses import dataclass, field

MAX_BYTES = 2_000_000


class UnreadableError(Exception):
    """The bytes are not Python source that can be looked at; the message says why."""


def first_line(error: Exception) -> str:
    """What an error says in its first line; its type where it says nothing."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__


@dataclass(frozen=True, slots=True)
class Source:
    """Decoded source. ``lines`` have no terminators; line ``n`` is ``lines[n - 1]``.

    Python ends a line at CR, LF and CRLF, git only at LF: ``git_line`` translates where they differ.
    """

    text: str
    lines: list[str]
    _git_starts: tuple[int, ...] = field(default=())

    def git_line(self, line: int) -> int:
        """The line's number as git (and every diff) counts."""
        return bisect_right(self._git_starts, line) if self._git_starts else line

    def cut(self, start: int, end: int) -> str:
        """Lines ``start`` to ``end``, 1-based and inclusive, each with a newline."""
        return "\n".join(self.lines[start - 1 : end]) + "\n"


def decode(raw: bytes) -> Source:
    """Decode by byte order mark or PEP 263 cookie, UTF-8 otherwise; raise UnreadableError if that fails."""
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"{len(raw):,} bytes are over the limit of {MAX_BYTES:,}")
    if b"\0" in raw:
        raise UnreadableError("it holds null bytes")
    try:
        encoding = "utf-8-sig"
        if b"coding" in raw[:400]:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(raw.replace(b"\r", b"\n")).readline)
        text = raw.decode(encoding)
    except (SyntaxError, LookupError, ValueError) as error:
        raise UnreadableError(f"it cannot be decoded: {error}") from error
    return _split(text)


def _split(text: str) -> Source:
    text = text.replace("\r\n", "\n")
    if "\r" not in text:
        return Source(text, text.split("\n"))
    starts, line = [1], 1
    for char in text:
        if char in "\r\n":
            line += 1
            if char == "\n":
                starts.append(line)
    text = text.replace("\r", "\n")
    return Source(text, text.split("\n"), tuple(starts))


def looks_like_python(path: str, *sides: bytes | None) -> bool:
    """Python by name, or a script without a suffix whose first line calls a Python interpreter."""
    if path.endswith((".py", ".pyi", ".pyw")):
        return True
    name = path.rpartition("/")[2]
    if "." in name:
        return False
    return any(raw and raw.startswith(b"#!") and b"python" in raw[:80].split(b"\n")[0] for raw in sides)
