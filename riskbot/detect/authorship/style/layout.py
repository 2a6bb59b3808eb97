"""How added lines are laid out: lengths, blank lines, indentation, brackets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from riskbot.detect.authorship.style.counting import Values, mean, share
from riskbot.detect.authorship.style.lexer import Fragment

_OPENERS, _CLOSERS = ("(", "[", "{"), frozenset(")]},:")
_STEP = 4


def layout(fragments: Sequence[Fragment]) -> Values:
    """Measure the layout."""
    lines = [line for one in fragments for line in one.lines]
    full = [line for line in lines if line.strip()]
    lengths = [len(line.expandtabs(_STEP).rstrip()) for line in full]
    average = mean(lengths)
    count = len(full)
    depths = [depth for one in fragments for depth in _depths(one)]
    return {
        "line_length": average,
        "line_spread": None
        if average is None
        else math.sqrt(sum((length - average) ** 2 for length in lengths) / count),
        "line_over_79": share(sum(length > 79 for length in lengths), count),
        "line_over_88": share(sum(length > 88 for length in lengths), count),
        "line_over_100": share(sum(length > 100 for length in lengths), count),
        "blank": share(len(lines) - count, len(lines)),
        "trailing_space": share(sum(line != line.rstrip() for line in full), count),
        "tabs": share(sum(line.startswith("\t") for line in full), count),
        "indent": mean(depths),
        "indent_max": float(max(depths)) if depths else None,
        "semicolons": share(sum(line.rstrip().endswith(";") for line in full), count),
        "backslash_ends": share(sum(line.rstrip().endswith("\\") for line in full), count),
        "open_ends": share(sum(line.rstrip().endswith(_OPENERS) for line in full), count),
        "closing_lines": share(sum(_closes(line) for line in full), count),
        **_neighbours(fragments),
    }


def _closes(line: str) -> bool:
    """Say whether a line holds closing brackets and nothing else."""
    return set(line.strip()) <= _CLOSERS


def _depths(one: Fragment) -> Iterator[float]:
    """Give the indentation of each line, in steps of four, above that of the shallowest."""
    widths = [len(line.expandtabs(_STEP)) - len(line.expandtabs(_STEP).lstrip()) for line in one.lines]
    full = [width for width, line in zip(widths, one.lines, strict=True) if line.strip()]
    lowest = min(full, default=0)
    return ((width - lowest) / _STEP for width in full)


def _neighbours(fragments: Sequence[Fragment]) -> Values:
    """Measure what depends on the line before or after."""
    returns = spaced = comma = closed = doubles = blanks = paragraphs = full = 0
    for one in fragments:
        before = ""
        for line in (text.strip() for text in one.lines):
            if not line:
                blanks += 1
                doubles += not before
            else:
                full += 1
                paragraphs += not before
                if line.startswith("return"):
                    returns += 1
                    spaced += not before
                if _closes(line) and before and not before.endswith(_OPENERS):
                    closed += 1
                    comma += before.endswith(",")
            before = line
    return {
        "blank_doubled": share(doubles, blanks),
        "blank_before_return": share(spaced, returns),
        "paragraph": full / paragraphs if paragraphs else None,
        "trailing_comma": share(comma, closed),
    }
