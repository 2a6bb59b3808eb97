"""Converters: what a value of a configuration file may be, checked and in the type that the program reads.

A converter takes what TOML or a flag gave (or the text of a variable, already read as one of these) and
returns the value to use; it raises ValueError, completing "... must be", for what it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from riskbot.domain.suggest import did_you_mean

Converter = Callable[[object], Any]


def number(low: float, high: float) -> Converter:
    """Take a whole or broken number within bounds, as a float."""

    def convert(value: object) -> float:
        # NaN fails both comparisons.
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"a number from {low:g} to {high:g}")
        return float(value)

    return convert


def whole(low: int, high: int) -> Converter:
    """Take a whole number within bounds."""

    def convert(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return convert


def choice(*words: str) -> Converter:
    """Take one of some words."""

    def convert(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            near = did_you_mean(value, words) if isinstance(value, str) else ""
            hint = f" ({near})" if near.startswith("Did") else ""
            raise ValueError(f"one of {', '.join(words)}{hint}")
        return value

    return convert


def flag(value: object) -> bool:
    """Take true or false; a variable's text says it in these words."""
    words = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in words:
        return words[value]
    raise ValueError("true or false")
