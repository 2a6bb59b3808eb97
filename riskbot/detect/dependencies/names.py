"""Which distribution provides an import: the names that differ, from the projects' own documentation.

Most distributions are imported by their normalised name; these are the common ones that are not. A dotted
import stands for a namespace that several distributions share.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from riskbot.detect.dependencies.manifests.model import normalised

_DATA = Path(__file__).parent / "data"


def _lines(name: str) -> list[list[str]]:
    """Read a data file: words by line, without its comments."""
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """Read a data file as one set of words."""
    return frozenset(word for line in _lines(name) for word in line)


def is_standard(module: str) -> bool:
    """Tell whether a module's top name is of the standard library of any Python, or a host's own."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top in words("standard.txt") or top in words("hosts.txt")


@cache
def _table() -> dict[str, tuple[str, ...]]:
    return {module: tuple(found) for module, *found in _lines("imports.txt")}


def providers(module: str) -> tuple[str, ...]:
    """List the distributions, normalised, that may provide a module: by the table, and by its own name."""
    table = _table()
    parts = module.split(".")
    found = [name for n in range(len(parts), 0, -1) for name in table.get(".".join(parts[:n]), ())]
    found += [normalised("-".join(parts[:n])) for n in range(min(len(parts), 4), 0, -1)]
    return tuple(dict.fromkeys(found))


def may_provide(distribution: str, module: str) -> bool:
    """Guess from names alone whether a distribution, normalised, may provide a module.

    ``python-foo``, ``pyfoo``, ``foo3`` and ``django-foo`` may provide ``foo``; so may ``foo-bar``, which
    often is one of several distributions of a namespace, and ``any-foo-views``, if ``foo`` is no everyday
    word.
    Distributions of stubs provide nothing.
    """
    if distribution.startswith("types-") or distribution.endswith("-stubs"):
        return False
    top = normalised(module.partition(".")[0])
    flat, other = top.replace("-", ""), distribution.replace("-", "")
    if distribution.startswith(f"{top}-") or flat.rstrip("0123456789") == other.rstrip("0123456789"):
        return True
    if other.removeprefix("python").removeprefix("py") == flat or other == f"{flat}python":
        return True
    parts = set(top.split("-")) - words("everyday.txt")
    if any(len(part) > 2 for part in parts) and set(top.split("-")) <= set(distribution.split("-")):
        return True
    return len(flat) > 6 and flat in other and flat not in words("everyday.txt")
