"""CODEOWNERS patterns the slow and obvious way: one pattern, one path, every choice tried."""

from __future__ import annotations

from functools import cache


def matches(pattern: str, path: str) -> bool:
    anchored = "/" in pattern[:-1]
    wanted = pattern.removeprefix("/").split("/") if anchored else ["**", *pattern.split("/")]
    have = path.split("/")
    if wanted[-1] in {"", "**"}:  # everything beneath, not the folder's own name
        return _segments((*wanted[:-1], "**", "*"), tuple(have))
    if wanted[-1] == "*" and anchored:  # directly in it
        return _segments(tuple(wanted), tuple(have))
    return any(_segments(tuple(wanted), tuple(have[:end])) for end in range(1, len(have) + 1))


@cache
def _segments(wanted: tuple[str, ...], have: tuple[str, ...]) -> bool:
    if not wanted:
        return not have
    if wanted[0] == "**":
        return _segments(wanted[1:], have) or (bool(have) and _segments(wanted, have[1:]))
    return bool(have) and _segment(wanted[0], have[0]) and _segments(wanted[1:], have[1:])


@cache
def _segment(wanted: str, have: str) -> bool:
    if not wanted:
        return not have
    if wanted[0] == "*":
        return _segment(wanted[1:], have) or (bool(have) and _segment(wanted, have[1:]))
    return bool(have) and wanted[0] in {"?", have[0]} and _segment(wanted[1:], have[1:])
