r"""The globs of ``per-file`` lines: those of java.nio (``FIND_OWNERS_GLOB``), found fast among many.

==========  =======================================================================
``*``       any characters but ``/``
``**``      any characters
``?``       one character but ``/``
``[a-c]``   one of these characters, never ``/``; ``[!a-c]`` any other but ``/``
``{a,b}``   either of the two; groups do not nest
``\x``      ``x`` itself
==========  =======================================================================

A glob is matched in its file's folder and in every folder below: Gerrit puts ``{**/,}`` in front of it
(https://gerrit.googlesource.com/plugins/code-owners/+/HEAD/resources/Documentation/path-expressions.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from riskbot.judge.owners.regex import Patterns
from riskbot.written.glob import folded

_SPECIAL = re.compile(r"[\\*?\[\]{}]")


def translated(glob: str) -> str:
    """Write a glob as a regular expression (RE2); ValueError, saying why, where it is none."""
    out: list[str] = []
    at, in_group = 0, False
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "\\":
            if at == len(glob):
                raise ValueError("nothing follows the last backslash")
            out.append(_literal(glob[at]))
            at += 1
        elif char == "*":
            double = glob.startswith("*", at)
            out.append(".*" if double else "[^/]*")
            at += double
        elif char == "?":
            out.append("[^/]")
        elif char == "[":
            text, at = _class(glob, at)
            out.append(text)
        elif char == "{":
            if in_group:
                raise ValueError("groups cannot nest")
            in_group = True
            out.append("(?:")
        elif char == "}" and in_group:
            in_group = False
            out.append(")")
        elif char == "," and in_group:
            out.append("|")
        else:
            out.append(_literal(char))
    if in_group:
        raise ValueError("a { has no }")
    return "".join(out)


def _class(glob: str, at: int) -> tuple[str, int]:
    """Translate the class whose ``[`` ends before ``at``; also say where it ends."""
    end = glob.find("]", at + 1)
    if end == -1:
        raise ValueError("a [ has no ]")
    body = glob[at:end]
    negated = body.startswith("!")
    body = body[negated:]
    if not body:
        raise ValueError("the brackets are empty")
    if "/" in body or "\\" in body or "[" in body:
        raise ValueError("brackets hold no /, [ or backslash")
    pieces, pos = [], 0
    while pos < len(body):
        first = last = body[pos]
        if body[pos + 1 : pos + 2] == "-" and pos + 2 < len(body):
            last = body[pos + 2]
            pos += 2
        pos += 1
        if first > last:
            raise ValueError(f"the range {first}-{last} runs backwards")
        pieces.append(_member(first) if first == last else f"{_member(first)}-{_member(last)}")
    members = "".join(pieces)
    # A range can hold the "/" that a class never matches; RE2 has no intersection, so it is cut out.
    if negated:
        return f"[^/{members}]", end + 1
    if re.search(f"[{members}]", "/"):
        raise ValueError("brackets hold no /, not inside a range either")
    return f"[{members}]", end + 1


def _member(char: str) -> str:
    return f"\\{char}" if char in r"\]^-[" else _literal(char)


def _literal(char: str) -> str:
    """One character that means itself; outside ASCII nothing is special."""
    return re.escape(char) if char.isascii() else char


def sample(glob: str) -> str:
    """A path that the glob matches, or nearly: stars stand for themselves, of choices the first is taken."""
    text = re.sub(r"\{([^,}]*)[^}]*\}", r"\1", glob)
    text = re.sub(r"\[!?(.)[^\]]*\]", r"\1", text)
    return re.sub(r"\\(.)", r"\1", text).strip("/")


class Globs:
    """Many globs, each with its number: which ones match a path? Plain names and endings are looked up.

    ``folding``: letter case and Unicode normal form are ignored. Globs must translate.
    """

    def __init__(self, globs: Iterable[tuple[int, str]], *, folding: bool = False) -> None:
        self._folding = folding
        self._names: dict[str, list[tuple[str, int]]] = {}
        self._endings: dict[str, list[tuple[str, int]]] = {}
        self._others: list[int] = []
        patterns: list[str] = []
        for number, glob in globs:
            if not self._add(number, glob):
                self._others.append(number)
                patterns.append(self._pattern(glob))
        self._patterns = Patterns(patterns)

    def _add(self, number: int, glob: str) -> bool:
        """Index a plain name or ending; False: it is neither."""
        rest = glob[1:] if glob.startswith("*") and "/" not in glob else glob
        if _SPECIAL.search(rest) or (rest is not glob and "." not in rest):
            return False
        text = folded(rest) if self._folding else rest
        if rest is glob:
            self._names.setdefault(text.rpartition("/")[2], []).append((f"/{text}", number))
        else:
            self._endings.setdefault(text.rpartition(".")[2], []).append((text, number))
        return True

    def _pattern(self, glob: str) -> str:
        if not self._folding:
            return f"^(?s:(?:.*/)?{translated(glob)})$"
        try:
            body = translated(unicodedata.normalize("NFC", glob))
        except ValueError:  # a range of combined characters may run backwards in their normal form
            body = translated(glob)
        return f"^(?is:(?:.*/)?{body})$"

    def matching(self, relative: str) -> frozenset[int]:
        """The numbers of the globs that match the path, which is relative to their file's folder."""
        path = folded(relative) if self._folding else relative
        name = path.rpartition("/")[2]
        found = [number for whole, number in self._names.get(name, ()) if f"/{path}".endswith(whole)]
        found += [
            number for end, number in self._endings.get(name.rpartition(".")[2], ()) if name.endswith(end)
        ]
        if self._others:
            plain = unicodedata.normalize("NFC", relative) if self._folding else relative
            found += [self._others[at] for at in self._patterns.matching(plain)]
        return frozenset(found)
