"""Numbers with their nouns."""

from __future__ import annotations


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: ``1 file``, ``3,000 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
