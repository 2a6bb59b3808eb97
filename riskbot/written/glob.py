"""The one dialect of path patterns.

A pattern is read from the root of the repository, segment by segment:

=======  =====================================================================
``*``    any characters of one segment, none included
``?``    one character of a segment
``**``   as a whole segment: any number of segments, none included
other    itself
=======  =====================================================================

So ``src/**`` is the folder and everything below, ``**/auth/**`` a folder of that name at any depth,
``*.py`` only files at the root, ``**/*.py`` all. There are no brackets, braces, escapes or negations.

Patterns match generously: letter case and Unicode normal form are ignored, as on the file systems that fold
them, and ``src/**`` matches a link put in the place of the folder ``src``. Matching takes atomic groups
instead of backtracking: at most in the order of the path's length times the pattern's.
"""

from __future__ import annotations

import re
import unicodedata

MAX_PATTERN = 500


class Glob:
    """One compiled path pattern; ValueError, with what to write instead, for one outside the dialect."""

    __slots__ = ("_regex", "_segments", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._segments = _segments(pattern)
        self._regex = re.compile(_regex(self._segments))

    def matches(self, path: str) -> bool:
        """Say whether the whole path matches."""
        return self.matches_folded(folded(path))

    def matches_folded(self, folded: str) -> bool:
        """The same for a path that is folded already: folding once serves many patterns."""
        return self._regex.fullmatch(f"{folded}/") is not None

    def names_beneath(self, folded: str) -> bool:
        """Say whether the pattern names the path as a folder with something beneath that matches.

        A link put there stands for that folder. What only ``**`` reaches is not named.
        """
        places, named = {0}, set[int]()
        for name in folded.split("/"):
            deep = {at for at in places if self._segments[at : at + 1] == ["**"]}
            places |= {at + 1 for at in deep}  # "**" may stand for nothing
            named = {
                at + 1
                for at in places - deep
                if at < len(self._segments) and re.fullmatch(_segment(self._segments[at]), name)
            }
            places = deep | named
        return any(at < len(self._segments) for at in named)

    def exact(self) -> re.Pattern[str]:
        """The pattern letter for letter, for grants: to be matched in full against the path and a "/"."""
        return re.compile(_regex(_segments(self.pattern, fold=False)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Glob) and self.pattern == other.pattern

    def __hash__(self) -> int:
        return hash(self.pattern)

    def __repr__(self) -> str:
        return f"Glob({self.pattern!r})"


def folded(text: str) -> str:
    """Ignore letter case and Unicode normal form. Names that are not UTF-8 keep their surrogates."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def _segments(pattern: str, *, fold: bool = True) -> list[str]:
    """Split a pattern and refuse what the dialect does not have."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"The pattern is longer than {MAX_PATTERN} characters; shorten it.")
    if not pattern.isprintable():
        raise ValueError(f"The pattern {pattern!r} has a character that cannot be seen; use * or ? for it.")
    if unknown := re.search(r"[\[\]{}!\\]", pattern):
        raise ValueError(f"The pattern {pattern!r} uses {unknown[0]!r}; only *, ? and ** are special.")
    if pattern.startswith("/"):
        raise ValueError(f"Patterns start at the root: write {pattern.lstrip('/')!r}.")
    if pattern.endswith("/"):
        raise ValueError(f"For a folder and everything below write {pattern + '**'!r}.")
    segments = (folded(pattern) if fold else pattern).split("/")
    if not all(segments) or "." in segments or ".." in segments:
        raise ValueError(f"The pattern {pattern!r} has an empty, '.' or '..' segment; no path has one.")
    if wrong := next((part for part in segments if "**" in part and part != "**"), None):
        raise ValueError(f"'**' must be a whole segment; in {wrong!r} write '*'.")
    # `**/**` says no more than `**`, and would only cost time.
    return [part for at, part in enumerate(segments) if part != "**" or segments[at - 1 : at] != ["**"]]


def _regex(segments: list[str]) -> str:
    """Translate to a regular expression over the path with a "/" after every segment, the last one too.

    Between two ``**`` (and between two ``*`` of a segment) the leftmost match is as good as any, so it is
    taken in an atomic group and never tried again.
    """
    runs = [""]
    for segment in segments:
        if segment == "**":
            runs.append("")
        else:
            runs[-1] += f"{_segment(segment)}/"
    first, *rest = runs
    if not rest:
        return first
    *inner, last = rest
    skip = "(?:[^/]+/)*"
    return first + "".join(f"(?>{skip}?{run})" for run in inner) + skip + last


def _segment(segment: str) -> str:
    """Translate one segment."""
    # Inside a literal piece only "?" is special.
    pieces = [re.escape(piece).replace(r"\?", "[^/]") for piece in segment.split("*")]
    if len(pieces) == 1:
        return pieces[0]
    first, *middle, last = pieces
    inner = "".join(f"(?>[^/]*?{piece})" for piece in middle if piece)
    return f"{first}{inner}[^/]*{last}"
