"""Code on a page: the lines around a finding, and the changed lines of a hunk; no language is highlighted.

Lines are cut, never wrapped, so that code keeps its shape; a line of a million characters costs no more
than what is shown of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskbot.domain.change import Change, FileDiff, Hunk, Line, LineKind
from riskbot.domain.finding import Location, Side
from riskbot.report.escape import terminal
from riskbot.report.page import Page

#: Lines shown before and after what is pointed at.
AROUND = 2
#: The most lines of one frame, and of one hunk.
FRAME_LINES = 9
HUNK_LINES = 14
_BYTES = 1_000
_STYLE = {LineKind.ADDED: "green", LineKind.REMOVED: "red", LineKind.CONTEXT: "dim"}


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line to show: its number, a sign before the code (``+``, ``-`` or a pointer), and the code."""

    number: int | None
    sign: str
    code: str
    style: str


def shown(raw: bytes) -> str:
    """Make one line of a file safe to show: decoded, tabs as four columns, without its ending."""
    text = raw[:_BYTES].rstrip(b"\r\n").decode("utf-8", "replace")
    return terminal(text.expandtabs(4))


def write(page: Page, lines: Iterable[CodeLine], *, indent: int = 4) -> None:
    """Put lines of code on the page, numbers right-aligned before a thin rule."""
    listed = list(lines)
    width = max((len(str(line.number)) for line in listed if line.number is not None), default=1)
    for line in listed:
        number = str(line.number if line.number is not None else "").rjust(width)
        page.line(
            " " * indent,
            (f"{line.sign:<1} {number}", line.style if line.sign in {"+", "-"} else "dim"),
            (f" {page.glyphs.bar} ", "dim"),
            (line.code, line.style),
        )


def of_finding(change: Change, where: Location, pointer: str) -> list[CodeLine]:
    """Collect the lines around a location, those it names pointed at; none where the code is unknown."""
    if where.line is None:
        return []
    first, last = where.line, max(where.line, where.end_line or where.line)
    start = max(1, first - AROUND)
    stop = min(last + AROUND, start + FRAME_LINES - 1)
    return [
        CodeLine(
            number,
            pointer if first <= number <= last else "",
            code,
            "bold" if first <= number <= last else "",
        )
        for number, code in _lines(change, where, start, stop)
    ]


def _lines(change: Change, where: Location, start: int, stop: int) -> list[tuple[int, str]]:
    for file in change.files:
        path = file.old_path if where.side is Side.OLD else file.new_path
        if where.path not in {path, file.path}:
            continue
        content = file.old if where.side is Side.OLD else file.new
        if content is None:
            return _hunk_lines(file, where.side, start, stop)
        return [(start + offset, shown(raw)) for offset, raw in enumerate(_slice(content, start, stop))]
    return []


def _slice(content: bytes, start: int, stop: int) -> list[bytes]:
    """Take lines ``start`` to ``stop`` (from 1, inclusive) without splitting the rest."""
    position = 0
    for _ in range(start - 1):
        position = content.find(b"\n", position) + 1
        if position == 0:
            return []
    lines = []
    for _ in range(stop - start + 1):
        if position >= len(content):
            break
        end = content.find(b"\n", position)
        end = len(content) if end < 0 else end
        lines.append(content[position : min(end, position + _BYTES)])
        position = end + 1
    return lines


def _hunk_lines(file: FileDiff, side: Side, start: int, stop: int) -> list[tuple[int, str]]:
    found = []
    for hunk in file.hunks:
        for line in hunk.lines:
            number = line.old if side is Side.OLD else line.new
            if number is not None and start <= number <= stop:
                found.append((number, shown(line.raw)))
    return found


def of_hunk(hunk: Hunk, limit: int = HUNK_LINES) -> tuple[list[CodeLine], int]:
    """Collect a hunk's changed lines with a little context, at most ``limit``; and how many were left out."""
    changed = [index for index, line in enumerate(hunk.lines) if line.kind is not LineKind.CONTEXT]
    if not changed:
        return [], 0
    near = hunk.lines[max(0, changed[0] - AROUND) : changed[-1] + AROUND + 1]
    kept = near[:limit] if len(near) <= limit + 1 else _densest(near, limit)
    return [_hunk_line(line) for line in kept], len(near) - len(kept)


def _densest(lines: Sequence[Line], limit: int) -> Sequence[Line]:
    """Choose the run of ``limit`` lines that holds the most changed ones, the earliest if several do."""
    weights = [line.kind is not LineKind.CONTEXT for line in lines]
    best = weight = sum(weights[:limit])
    start = 0
    for end in range(limit, len(lines)):
        weight += weights[end] - weights[end - limit]
        if weight > best:
            best, start = weight, end - limit + 1
    return lines[start : start + limit]


def _hunk_line(line: Line) -> CodeLine:
    number = line.old if line.kind is LineKind.REMOVED else line.new
    return CodeLine(number, line.kind.value.strip(), shown(line.raw), _STYLE[line.kind])
