"""Chunks: what the text model reads of a change. Training and serving cut a change in the same way.

A chunk comes from one hunk, so that every hunk can have a score of its own. A hunk that is longer than the
model reads is cut at line ends into several chunks. A chunk is given to the tokenizer as a pair: ``first``
says where (the subject and the path), ``second`` is the lines, each begun by a mark of what happened to it.
What differs between projects but not in risk (numbers of issues, hashes) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from riskbot.assess import kinds
from riskbot.domain.change import Change, Line, LineKind

MARKS = {LineKind.ADDED: "[ADD]", LineKind.REMOVED: "[DEL]", LineKind.CONTEXT: "[CTX]"}
TOKENS = 128
"""So many tokens of a chunk are read, its first part and the three of the pair included."""
LINES_TOKENS = 96
"""So many are planned for the lines of a chunk; the estimate errs, the tokenizer cuts what is beyond."""
CONTEXT = 2
"""So many lines around a changed one are read."""
WIDTH = 200
"""So many characters of a line are read: longer ones are data."""
MOST = 12
"""So many chunks of a change are read: of each file its share, source code before the rest."""
_PIECE = re.compile(r"[A-Za-z]+|\d|[^\sA-Za-z\d]")
_NUMBERS = re.compile(r"\(?(?:#|gh-|bug\s|lp:?\s?#?)\d+\)?|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
_SPECIAL = re.compile(r"\[(ADD|DEL|CTX|SEP|CLS|PAD|MASK|UNK)\]")
_WORD = re.compile(r"[A-Za-z][a-z]*|\d+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of one hunk, as a pair of texts; ``file`` and ``hunk`` are indices in the change."""

    file: int
    hunk: int
    first: str
    second: str


def chunks(change: Change, most: int = MOST) -> tuple[Chunk, ...]:
    """Cut a change into chunks, at most ``most``, in the change's order.

    Where there are more, every hunk gives its first chunk before any gives its second, and among these source
    code comes before tests and tests before the rest, the larger hunk first.
    """
    subject = _subject(change)
    ranked: list[tuple[tuple[int, int, int, int, int], Chunk]] = []
    for at, file in enumerate(change.files):
        rank = kinds.rank(file.path)
        first = f"{subject} : {path_words(file.path)}"
        for number, hunk in enumerate(file.hunks):
            size = -(hunk.added + hunk.removed)
            for part, second in enumerate(_texts(hunk.lines, most)):
                ranked.append(((part, rank, size, at, number), Chunk(at, number, first, second)))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(
        chunk for key, chunk in sorted(ranked[:most], key=lambda pair: (pair[0][3], pair[0][4], pair[0][0]))
    )


def path_words(path: str) -> str:
    """Write the last parts of a path as words: ``http_client/pool.py`` gives ``http client pool . py``."""
    parts = path.rsplit("/", 3)[-3:]
    stem, dot, ending = parts[-1].rpartition(".")
    words = _WORD.findall(" ".join([*parts[:-1], stem or ending]))
    return " ".join([*words[-10:], *([".", ending[:8]] if dot and stem else [])])


def _subject(change: Change) -> str:
    if not change.commits:
        return ""
    return _plain(" ".join(_NUMBERS.sub("", change.commits[-1].subject[:300]).split())[:72])


def _plain(text: str) -> str:
    """Take apart what the tokenizer would read as one of its own marks: the text is anybody's."""
    return _SPECIAL.sub(r"[ \1 ]", text)


def _texts(lines: Sequence[Line], most: int) -> Iterator[str]:
    """Cut a hunk's lines, less the far context, into texts of about ``LINES_TOKENS`` tokens."""
    held: list[str] = []
    size, changed, given = 0, False, 0
    for line in _near(lines):
        text = _plain(line.raw[: WIDTH * 4].decode("utf-8", "replace").strip()[:WIDTH])
        if not text:
            continue
        cost = 1 + tokens(text)
        if held and size + cost > LINES_TOKENS:
            if changed:
                yield "".join(held)
                given += 1
                if given >= most:
                    return
            held, size, changed = [], 0, False
        held.append(MARKS[line.kind] + " " + text)
        size += cost
        changed |= line.kind is not LineKind.CONTEXT
    if changed:
        yield "".join(held)


def _near(lines: Sequence[Line]) -> Iterator[Line]:
    """Give the changed lines and those within ``CONTEXT`` of one."""
    changed = [at for at, line in enumerate(lines) if line.kind is not LineKind.CONTEXT]
    upcoming = iter([*changed, len(lines) + 2 * CONTEXT])
    following, last = next(upcoming), -2 * CONTEXT
    for at, line in enumerate(lines):
        if at == following:
            last, following = at, next(upcoming)
        if at - last <= CONTEXT or following - at <= CONTEXT:
            yield line


def tokens(text: str) -> int:
    """Estimate how many tokens a text has: a word of up to six letters is one, a longer one more."""
    return sum((len(piece) + 5) // 6 for piece in _PIECE.findall(text))
