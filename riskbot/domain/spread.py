"""How a change spreads over a repository: the definitions behind NS, ND, NF and the entropy.

After Kamei et al. (TSE 2013, doi:10.1109/TSE.2012.70). They stand here because the past is measured by them
in one package and a change in another: what a model is fitted on and what it is served must be the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def folder(path: str) -> str:
    """Name the folder of a path; empty at the top."""
    return path.rpartition("/")[0]


def subsystem(path: str) -> str:
    """Name the subsystem of a path, its first folder; empty for files at the top."""
    first, slash, _ = path.partition("/")
    return first if slash else ""


def spread(paths: Sequence[str]) -> tuple[int, int, int]:
    """Count NS, ND and NF: the distinct subsystems, folders and files among the paths."""
    return len({subsystem(path) for path in paths}), len({folder(path) for path in paths}), len(set(paths))


def entropy(counts: Iterable[int]) -> float:
    """Measure how changed lines spread over files, in bits: -sum p log2 p, not divided by log2 of NF.

    Exactly 0 when one file has all the changed lines, or nothing changed.
    """
    known = [count for count in counts if count > 0]
    total = sum(known)
    return max(0.0, -sum(n / total * math.log2(n / total) for n in known))
