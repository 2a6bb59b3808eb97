"""The features of code style: numbers about added Python lines and nothing else.

No path, message, author or date is read, so what speaks is the code alone. Features marked as of an era tell
when code was written; a model that shall not read the year must do without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from riskbot.detect.authorship.style.comments import comments
from riskbot.detect.authorship.style.counting import Values
from riskbot.detect.authorship.style.layout import layout
from riskbot.detect.authorship.style.lexer import fragments
from riskbot.detect.authorship.style.naming import naming
from riskbot.detect.authorship.style.structure import structure
from riskbot.detect.authorship.style.syntax import syntax

VERSION = 1
"""Of the features: a model fitted on others is refused."""
FAMILIES = {
    "layout": layout,
    "comments": comments,
    "naming": naming,
    "structure": structure,
    "syntax": syntax,
}
_FASHIONS = frozenset(["trailing_comma", "closing_lines", "open_ends", "backslash_ends"])
"""Layout that formatters brought into fashion."""


def measure(added: Mapping[str, Sequence[str]]) -> Values:
    """Measure the added lines (by path, without line ends) of all Python files together."""
    read = fragments(added)
    return {name: value for family in FAMILIES.values() for name, value in family(read).items()}


@cache
def names() -> tuple[str, ...]:
    """List every feature, in its order."""
    return tuple(measure({}))


@cache
def era() -> frozenset[str]:
    """List the features that tell the year: all of syntax, and fashions of layout."""
    return frozenset(syntax(())) | _FASHIONS
