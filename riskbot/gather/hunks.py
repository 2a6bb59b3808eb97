"""The hunks of a unified diff: read line by line, and applied to a content. Pure.

A hunk's header says how many lines it has, and nothing else decides where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

from riskbot.domain.change import Hunk, Line, LineKind
from riskbot.domain.errors import UsageError
from riskbot.gather import names

HUNK = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)", re.DOTALL)

# What may not follow a hunk: a line like the hunk's own would be applied by nobody and seen by nobody.
# A mail's signature ("-- ") and the next file's header ("--- ") are none.
_SURPLUS = re.compile(rb"[+ \\]|@@|-(?!- ?\r?\n|-- )")

CUT = "Make the diff again and give it whole, as git or diff wrote it."


class Reader:
    """The diff's lines with their numbers, and a way to look ahead."""

    def __init__(self, lines: Iterable[bytes], max_lines: int | None) -> None:
        self._lines = iter(lines)
        self._ahead: list[bytes] = []
        self._limit = max_lines
        self.number = 0

    def next(self) -> bytes:
        """Return the next line with its terminator, empty at the end."""
        line = self._ahead.pop(0) if self._ahead else next(self._lines, b"")
        if line:
            self.number += 1
            if self._limit is not None and self.number > self._limit:
                self.fail(f"at most {self._limit:,} lines are read.", "Split the change, or raise the limit.")
        return line

    def peek(self, distance: int = 0) -> bytes:
        """Return a line ahead without taking it, empty at the end."""
        while len(self._ahead) <= distance:
            line = next(self._lines, b"")
            if not line:
                return b""
            self._ahead.append(line)
        return self._ahead[distance]

    def name(self, text: bytes) -> tuple[bytes, bytes]:
        """Read a file name and what follows it; what is wrong with it becomes a UsageError."""
        try:
            return names.unquote(text)
        except ValueError as problem:
            self.fail(f"{problem}.")

    def fail(self, why: str, mend: str = CUT) -> NoReturn:
        """Raise UsageError naming the current line."""
        raise UsageError(f"Line {self.number} of the diff: {why}", mend=mend)


def read_hunks(reader: Reader) -> tuple[Hunk, ...]:
    """Read all hunks that come next; they must be in order and may not overlap."""
    hunks: list[Hunk] = []
    old_end = new_end = 0
    while reader.peek().startswith(b"@@ -"):
        match = HUNK.match(reader.next())
        if match is None:
            reader.fail("this hunk header cannot be read.")
        old_start, old_count, new_start, new_count = (
            1 if part is None else int(part) for part in match.groups()[:4]
        )
        for start, count, end in ((old_start, old_count, old_end), (new_start, new_count, new_end)):
            if start + (count == 0) <= end or (start == 0 and count > 0):
                reader.fail("this hunk overlaps the one before it, or begins before line 1.")
        lines = tuple(_lines(reader, old_start, old_count, new_start, new_count))
        section = match[5].rstrip(b"\r\n").decode("utf-8", "replace")
        hunks.append(Hunk(old_start, old_count, new_start, new_count, section, lines))
        old_end = old_start + old_count - (old_count > 0)
        new_end = new_start + new_count - (new_count > 0)
    if hunks and _SURPLUS.match(reader.peek()):
        reader.next()
        reader.fail("this line looks like one of the hunk before it, whose header promised fewer.")
    return tuple(hunks)


def _lines(reader: Reader, old: int, old_count: int, new: int, new_count: int) -> Iterator[Line]:
    """Read one hunk's lines: as many of each side as its header says."""
    old, new = old + (old_count == 0), new + (new_count == 0)
    old_end, new_end = old + old_count, new + new_count
    while old < old_end or new < new_end:
        text = reader.next()
        marker, raw = text[:1], text[1:]
        if text in {b"\n", b"\r\n"}:  # an empty context line whose blank was stripped on the way
            marker, raw = b" ", text
        if not raw.endswith(b"\n"):
            reader.fail("the diff is cut off in the middle of a hunk.")
        if reader.peek().startswith(b"\\ "):  # the words after it depend on the language
            reader.next()
            raw = raw[:-1]
        if marker == b" " and old < old_end and new < new_end:
            yield Line(LineKind.CONTEXT, old, new, raw)
            old, new = old + 1, new + 1
        elif marker == b"-" and old < old_end:
            yield Line(LineKind.REMOVED, old, None, raw)
            old += 1
        elif marker == b"+" and new < new_end:
            yield Line(LineKind.ADDED, None, new, raw)
            new += 1
        else:
            reader.fail("this line does not belong into its hunk: the hunk's header promised others.")


def split(content: bytes) -> list[bytes]:
    """Split a content into lines, each with its newline; the last may have none."""
    return re.findall(rb"[^\n]*\n|[^\n]+", content)


def apply(hunks: Iterable[Hunk], old: bytes) -> bytes:
    """Return the new content that ``hunks`` make of ``old``, byte for byte.

    Raises UsageError where the hunks do not fit: there is no fuzz.
    """
    before = split(old)
    after: list[bytes] = []
    position = 0
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        if not position <= start <= len(before):
            raise UsageError(f"The hunk at old line {hunk.old_start} does not fit the content.")
        after += before[position:start]
        position = start
        for line in hunk.lines:
            if line.kind is not LineKind.ADDED:
                if before[position : position + 1] != [line.raw]:
                    raise UsageError(f"Old line {position + 1} is not what the diff says it is.")
                position += 1
            if line.kind is not LineKind.REMOVED:
                after.append(line.raw)
    return b"".join(after + before[position:])
