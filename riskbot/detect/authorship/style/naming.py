"""How things are called: length, parts, variety."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from riskbot.detect.authorship.style.counting import Values, entropy, mean, share
from riskbot.detect.authorship.style.lexer import Fragment

_RESERVED = frozenset(keyword.kwlist) | {"self", "cls", "print", "match", "case"}
_GENERIC = frozenset(
    [
        "result",
        "results",
        "data",
        "value",
        "values",
        "item",
        "items",
        "response",
        "expected",
        "actual",
        "mock",
        "config",
        "output",
        "content",
    ]
)
_MIXED = 2


def naming(fragments: Sequence[Fragment]) -> Values:
    """Measure the names of a change."""
    used = [token.text for one in fragments for token in one.tokens if token.kind == "name"]
    names = Counter(name for name in used if name not in _RESERVED)
    total, kinds = names.total(), len(names)
    defined = [
        after.text
        for one in fragments
        for token, after in pairwise(one.tokens)
        if token.text == "def" and after.kind == "name"
    ]
    tests = [name for name in defined if name.startswith("test")]
    others = [name for name in defined if not name.startswith("test")]
    return {
        "name_length": share(sum(len(name) for name in names), kinds),
        "name_variety": share(kinds, total),
        "name_entropy": entropy(names),
        "name_parts": mean(_parts(name) for name in names),
        "name_single": share(sum(names[name] for name in names if len(name) == 1), total),
        "name_camel": share(sum(_is_camel(name) for name in names), kinds),
        "name_upper": share(sum(name.isupper() and len(name) > 1 for name in names), kinds),
        "name_private": share(sum(name.startswith("_") and not name.endswith("_") for name in names), kinds),
        "name_digit": share(sum(any(map(str.isdigit, name)) for name in names), kinds),
        "name_generic": share(sum(names[name] for name in _GENERIC), total),
        "def_parts": mean(map(_parts, others)),
        "test_parts": mean(map(_parts, tests)),
        "def_private": share(sum(name.startswith("_") for name in others), len(others)),
    }


def _parts(name: str) -> int:
    return len([part for part in name.split("_") if part])


def _is_camel(name: str) -> bool:
    """Say whether a name is mixedCase: it starts small and has capitals."""
    return name[:1].islower() and len(name) > _MIXED and name != name.lower() and "_" not in name
