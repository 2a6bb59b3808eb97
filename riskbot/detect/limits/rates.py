"""Rates such as ``10/minute``: how often something may be asked for.

The forms are those of the limits library (https://limits.readthedocs.io/en/stable/quickstart.html#rate-limit-string-notation),
which Flask-Limiter and SlowAPI use, of Django REST framework (``100/day``,
https://www.django-rest-framework.org/api-guide/throttling/) and of django-ratelimit (``5/5m``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_UNIT = r"(?:s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|d|days?|weeks?|months?|years?)"
_RATE = re.compile(rf"\s*(\d{{1,9}})\s*(?:/|per|in)\s*(\d{{1,6}})?\s*({_UNIT})\s*", re.IGNORECASE)
_LONG = {"month": 2_592_000, "year": 31_536_000}


def read(text: str) -> tuple[float, ...] | None:
    """Read a text of one or more rates (``100/day;10/minute``) into calls per second; None if it is none."""
    parts = [part for part in re.split(r"[;,|]", text) if part.strip()]
    found = [_one(part) for part in parts]
    return tuple(one for one in found if one is not None) if found and None not in found else None


def _one(text: str) -> float | None:
    match = _RATE.fullmatch(text)
    if match is None:
        return None
    unit = match[3].lower()
    seconds = next((long for word, long in _LONG.items() if unit.startswith(word)), _SECONDS[unit[0]])
    return int(match[1]) / (int(match[2] or 1) * seconds)


def of_call(call: ast.Call) -> float | None:
    """Read ``RateLimiter(times=10, minutes=1)`` (fastapi-limiter) into calls per second; None if none."""
    numbers = {
        word.arg: word.value.value
        for word in call.keywords
        if isinstance(word.value, ast.Constant) and isinstance(word.value.value, int) and word.arg
    }
    times = next(
        (numbers[name] for name in ("times", "calls", "max_calls", "requests") if name in numbers), None
    )
    scale = {"milliseconds": 0.001, "seconds": 1, "period": 1, "window": 1, "minutes": 60, "hours": 3600}
    seconds = sum(numbers[name] * factor for name, factor in scale.items() if name in numbers)
    return times / seconds if times is not None and seconds > 0 else None


def within(node: ast.AST) -> Iterator[float]:
    """Find every rate that is written out in a piece of syntax, in calls per second."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and len(inner.value) < 200:
            yield from read(inner.value) or ()
        elif isinstance(inner, ast.Call) and (rate := of_call(inner)) is not None:
            yield rate


def words(rate: float) -> str:
    """Say a rate as a whole number of the smallest unit, where there is one: ``10 a minute``."""
    units = (("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400))
    for unit, seconds in units:
        if rate * seconds >= 1 and abs(rate * seconds - round(rate * seconds)) < 1e-6:
            return f"{round(rate * seconds)} a {unit}"
    return f"{rate * 86400:.3g} a day"
