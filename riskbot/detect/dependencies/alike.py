"""Names that look like a well-known distribution's: a letter swapped, doubled, lost or changed.

The list holds names that very many projects depend on; a name is only alike where it is not itself known.
"""

from __future__ import annotations

from functools import cache

from riskbot.detect.dependencies import names

_MIN_LENGTH = 5


@cache
def nearest(name: str) -> str:
    """Give the well-known distribution that ``name`` (normalised, or a module's) looks like; "" if none.

    Alike: one edit (Damerau-Levenshtein: a letter added, lost, changed, or two neighbours swapped), two in
    names of ten letters or more, or the same letters with other hyphens. Digits at the end do not count as
    an edit: they are versions.
    """
    wanted = name.lower().replace("_", "-").replace(".", "-")
    flat = wanted.replace("-", "")
    popular = names.words("popular.txt")
    if (
        wanted in popular
        or wanted in names.words("resembling.txt")
        or len(flat) < _MIN_LENGTH
        or names.is_standard(name)
    ):
        return ""
    if any(one in popular for one in names.providers(name)):
        return ""
    for known in sorted(popular):
        other = known.replace("-", "")
        allowed = 2 if min(len(flat), len(other)) >= 10 else 1
        if abs(len(flat) - len(other)) > allowed or flat.rstrip("0123456789") == other.rstrip("0123456789"):
            continue
        if _distance(flat, other, allowed) <= allowed:
            return known
    return ""


def _distance(one: str, other: str, limit: int) -> int:
    """Count the edits between two short words, swaps of neighbours as one; stops beyond ``limit``."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        new = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, new[-1] + 1, row[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > limit:
            return limit + 1
        before, row = row, new
    return row[-1]
