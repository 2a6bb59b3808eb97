"""Commit messages and bodies of pull requests, line by line: which lines speak, and what they say.

Trailers are looked for on every line that is not indented, fenced or quoted, since git's own rule (the last
block alone, git-interpret-trailers(1)) loses those of a squash. All functions take time linear in the text,
whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE_LIMIT = 1_000
"""Characters of a line that are looked at; no trailer or footer that a tool writes is longer."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,63}")
_BREAK = r"\n"  # two characters
_MARKS = " \t*_~-"
_FOLDS = 3  # lines that a value may be folded over


@dataclass(frozen=True, slots=True)
class Line:
    """One line that speaks for itself, without its end; ``quoted`` where it begins with ``>``."""

    number: int
    text: str
    quoted: bool = False


def spoken(text: str) -> Iterator[Line]:
    r"""List the lines that are neither indented nor inside a fence (CommonMark 4.5), numbered from 0.

    A fence that nobody closes is no fence: else one stray line would hide every trailer below it. Lines are
    cut to ``LINE_LIMIT``. Where a line ends in an address, a break that was typed as ``\n`` is one: agents
    write ``git commit -m "…\n\nCo-authored-by: …"``, and a person who quotes that closes the quotation.
    """
    lines = text.split("\n")
    inside = _fenced(lines) if "```" in text or "~~~" in text else frozenset()
    for number, raw in enumerate(lines):
        if raw[:1] in {"", " ", "\t", "\r"} or number in inside:
            continue
        yield Line(number, raw[:LINE_LIMIT].rstrip(), raw.startswith(">"))
        if _BREAK in raw and not raw.startswith(">") and raw.rstrip().endswith(">"):
            for part in raw[-LINE_LIMIT:].split(_BREAK)[1:]:
                yield Line(number, part.strip())


def _fenced(lines: list[str]) -> frozenset[int]:
    """Number the lines of closed fences, with the fences themselves."""
    inside: set[int] = set()
    opened = -1
    mark = ""
    for number, raw in enumerate(lines):
        match = _FENCE.match(raw[:LINE_LIMIT])
        if match is None:
            continue
        if opened < 0:
            if match[1][0] != "`" or "`" not in match[2]:
                opened, mark = number, match[1]
        elif match[1].startswith(mark) and not match[2].strip():
            inside.update(range(opened, number + 1))
            opened = -1
    return frozenset(inside)


def key_of(name: str) -> str:
    """Fold a trailer's key: keys differ in case and in what stands between their words."""
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def trailer(line: str) -> tuple[str, str] | None:
    """Split ``Key: value`` (the key folded); None for another line."""
    name, colon, value = line.partition(":")
    if not colon or _KEY.fullmatch(name) is None:
        return None
    return key_of(name), value.strip()


def unfolded(lines: list[str], number: int, value: str) -> str:
    """Complete a value that goes on in indented lines below it, as git folds long trailers."""
    parts = [value]
    for raw in lines[number + 1 : number + 1 + _FOLDS]:
        if raw[:1] not in {" ", "\t"} or not raw.strip():
            break
        parts.append(raw[:LINE_LIMIT].strip())
    return " ".join(part for part in parts if part)[:LINE_LIMIT]


def identities(value: str) -> Iterator[tuple[str, str]]:
    """List the names and addresses of a trailer's value: ``Name <address>``, several, or a bare address."""
    if "<" not in value:
        yield from (("", word.strip(",;()")) for word in value.split() if "@" in word)
        return
    for part in value.split(">"):
        name, bracket, address = part.partition("<")
        if bracket and "@" in address:
            yield name.strip(" ,;&\t"), address.strip()


def bare(line: str) -> str:
    """Strip what decorates a footer: emphasis, a list's mark, an emoji in front."""
    return line.strip(_MARKS).removeprefix("🤖").strip(_MARKS)
