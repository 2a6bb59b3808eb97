"""Cuts added Python lines into tokens, whether or not they are whole: a diff starts and ends anywhere.

The standard tokenizer gives up at the first bracket that a hunk leaves open. This one knows only what a
token looks like (https://docs.python.org/3/reference/lexical_analysis.html), so it always comes through, in
linear time; a hunk that begins inside a docstring is read as code up to its end. Learning and serving read
the same way, so both make the same mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from riskbot.domain.generated import is_generated

MOST_LINES = 2_000
"""Of one change so many lines are read, of one line so many characters: hostile input stays cheap."""
MOST_COLUMNS = 200

_TOKEN = re.compile(
    r"""
    [^\S\n]*(?:
      (?P<comment>\#[^\n]*)
    | (?P<long>(?:[rRbBuUfF]{1,2}(?=["']))?(?P<quotes>\"{3}|'{3}))
    | (?P<string>
        (?:[rRbBuUfF]{1,2}(?=["']))?
        (?:"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\Z) | '(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\Z)))
    | (?P<number>\.?\d[\w.]*)
    | (?P<name>[^\W\d]\w*)
    | (?P<op>->|:=|\.\.\.|\*\*=?|//=?|[<>=!+\-*/%&|^@]=|<<|>>|[^\w\s])
    | (?P<newline>\n))
    """,
    re.VERBOSE,
)
_REST = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""', re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*+\'\'\'", re.DOTALL),
}
PYTHON = (".py", ".pyi")
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|alembic|versions)/")
_ENDS = re.compile(r"[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")


class Token(NamedTuple):
    """One token: its kind (comment, string, number, name, op), its text, and its line, from 0."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """The added lines of one file, in order, with their tokens; blank ends of lines are cut off."""

    lines: tuple[str, ...]
    tokens: tuple[Token, ...]


def fragments(added: Mapping[str, Sequence[str]]) -> tuple[Fragment, ...]:
    """Cut the added lines (without line ends) of each Python file by path; others are left out."""
    left, found = MOST_LINES, []
    for path, lines in added.items():
        if is_python(path) and left > 0:
            found.append(fragment(lines[:left]))
            left -= len(lines)
    return tuple(found)


def is_python(path: str) -> bool:
    """Say whether a path names Python source."""
    return path.lower().endswith(PYTHON)


def is_written(path: str) -> bool:
    """Say whether a path names Python that somebody writes: not generated, vendored, or a data migration."""
    return is_python(path) and not is_generated(path) and not _MIGRATION.search(path.lower())


def fragment(lines: Iterable[str]) -> Fragment:
    """Cut the added lines of one file."""
    kept = tuple(_ENDS.sub(" ", line[:MOST_COLUMNS]) for line in lines)
    return Fragment(kept, tuple(_tokens("\n".join(kept))))


def _tokens(text: str) -> Iterator[Token]:
    """Cut a text; long quotes that nothing closes are operators, and are looked for no more."""
    at, line, open_ended = 0, 0, set[str]()
    while found := _TOKEN.match(text, at):
        at, kind = found.end(), found.lastgroup or ""
        if kind == "newline":
            line += 1
            continue
        start, said = found.start(kind), found[kind]
        if kind == "long":
            quotes = found["quotes"]
            rest = None if quotes in open_ended else _REST[quotes].match(text, at)
            if rest is None:
                open_ended.add(quotes)
            else:
                at = rest.end()
            kind, said = "op" if rest is None else "string", text[start:at]
        yield Token(kind, said, line)
        line += said.count("\n")
