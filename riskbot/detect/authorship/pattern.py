"""Patterns of the catalogue: literal text with a few placeholders, so that a user's own need no regex.

``{uuid}`` is a UUID, ``{hex}`` a run of hexadecimal digits, ``{token}`` a run of characters of an address
(letters, digits, ``._~%=&?#/-``), ``{any}`` whatever stands before or behind (first or last only). White
space and case do not matter. A pattern becomes a regular expression that takes time linear in the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_PLACES = {
    "{uuid}": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "{hex}": r"[0-9a-f]{7,64}",
    "{token}": r"[\w.~%=&?#/-]{1,300}",
}
_ANY = "{any}"
_SPLIT = re.compile(r"(\{[a-z]*\})")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; ``hint`` is its longest literal part in lower case, for a quick first look."""

    text: str
    regex: re.Pattern[str]
    hint: str
    quoted: bool

    def matches(self, line: str) -> bool:
        """Say whether the whole line is of this form."""
        return self.regex.match(line) is not None


def compiled(text: str, *, literal: int = 4) -> Pattern:
    """Read a pattern with at least so many literal characters in a row; ValueError says what is wrong."""
    folded = " ".join(text.split())
    head, tail = folded.startswith(_ANY), folded.endswith(_ANY)
    inner = folded.removeprefix(_ANY).removesuffix(_ANY)
    parts = [part for part in _SPLIT.split(inner) if part]
    literals = [part for part in parts if part not in _PLACES]
    if wrong := next((part for part in literals if _SPLIT.fullmatch(part)), None):
        raise ValueError(
            f"{wrong} is no placeholder here; known are {', '.join(_PLACES)}, and {_ANY} at an end"
        )
    if any(one in _PLACES and two in _PLACES for one, two in pairwise(parts)):
        raise ValueError("two placeholders side by side")
    hint = max((literal.lower().strip() for literal in literals), key=len, default="")
    if len(hint) < literal:
        raise ValueError(f"fewer than {literal} characters of literal text in a row, which match by chance")
    body = "".join(_PLACES.get(part) or _literal(part) for part in parts)
    regex = (".*?" if head else "") + body + ("" if tail else r"\s*$")
    return Pattern(folded, re.compile(regex, re.IGNORECASE | re.DOTALL), hint, folded.startswith(">"))


def _literal(part: str) -> str:
    return r"\s+".join(map(re.escape, part.split(" ")))
