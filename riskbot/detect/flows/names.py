"""Patterns of dotted names: which of the declared ones a name in a program means.

``$X`` stands for one part. A pattern means every name that ends with it at a dot. A name as *written* counts
less than one that imports and aliases were resolved for: the name of a builtin function, written after a dot
(``document.print``), is somebody's method.
"""

from __future__ import annotations

import builtins
from typing import Generic, TypeVar

Payload = TypeVar("Payload")
_BUILTINS = frozenset(dir(builtins))


class Names(Generic[Payload]):
    """A table of patterns, each with what it stands for; looked up by name, remembered by name."""

    def __init__(self) -> None:
        self._by_last: dict[str, list[tuple[tuple[str, ...], str, Payload]]] = {}
        self._wild: list[tuple[tuple[str, ...], str, Payload]] = []
        self._known: dict[str, tuple[tuple[str, Payload], ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_last or self._wild)

    def add(self, pattern: str, payload: Payload) -> None:
        """Let ``pattern`` stand for ``payload``."""
        parts = tuple(pattern.split("."))
        entry = (parts, pattern, payload)
        if parts[-1].startswith("$"):
            self._wild.append(entry)
        else:
            self._by_last.setdefault(parts[-1], []).append(entry)

    def find(self, name: str, *, written: bool = False) -> tuple[tuple[str, Payload], ...]:
        """The patterns that mean ``name``, with what they stand for, in the order of their declaration."""
        key = f"?{name}" if written else name
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(name, written=written)
        return found

    def words(self) -> set[str]:
        """The parts that a text must contain for any pattern to be meant in it: one of each pattern."""
        fixed = [[part for part in parts if not part.startswith("$")] for parts, _, _ in self._wild]
        return set(self._by_last) | {parts[-1] for parts in fixed if parts}

    def _find(self, name: str, *, written: bool) -> tuple[tuple[str, Payload], ...]:
        parts = name.split(".")
        entries = [*self._by_last.get(parts[-1], ()), *self._wild]
        return tuple(
            (text, payload) for pattern, text, payload in entries if _means(pattern, parts, written=written)
        )


def _means(pattern: tuple[str, ...], parts: list[str], *, written: bool) -> bool:
    if len(pattern) > len(parts):
        return False
    if written and len(pattern) == 1 and len(parts) > 1 and pattern[0] in _BUILTINS:
        return False
    tail = parts[len(parts) - len(pattern) :]
    return all(want.startswith("$") or want == part for want, part in zip(pattern, tail, strict=True))


# What an object of a library is called by: a logger's methods are those of the module, and so on.
_STAND_FOR = (
    ("logging.Logger", "logging"),
    ("logging.LoggerAdapter", "logging"),
    ("logging.root", "logging"),
    ("requests.Session", "requests"),
    ("requests.sessions.Session", "requests"),
    ("httpx.Client", "httpx"),
    ("httpx.AsyncClient", "httpx"),
    ("aiohttp.ClientSession", "aiohttp"),
    ("aiohttp.client.ClientSession", "aiohttp"),
    ("requests.api", "requests"),
)

CLASSES = tuple(long for long, short in _STAND_FOR if long.rpartition(".")[2][:1].isupper())
"""Those of them that are made by calling them."""

# What a call of a library gives, where it is an object with a name of its own.
MADE = {
    "logging.getLogger": "logging.Logger",
    "logging.getLoggerClass": "logging.Logger",
    "logging.Logger.getChild": "logging.Logger",
    "requests.session": "requests.Session",
    "celery.utils.log.get_task_logger": "logging.Logger",
    "celery.utils.log.get_logger": "logging.Logger",
    "multiprocessing.get_logger": "logging.Logger",
    "structlog.get_logger": "structlog",
    "structlog.getLogger": "structlog",
    "structlog.stdlib.get_logger": "structlog",
    "structlog.bind": "structlog",
    "loguru.logger.bind": "loguru.logger",
    "loguru.logger.opt": "loguru.logger",
}


def also(name: str) -> tuple[str, ...]:
    """``name`` and what it is otherwise called: ``requests.Session.post`` is ``requests.post`` too."""
    for long, short in _STAND_FOR:
        if name.startswith(long) and name[len(long) : len(long) + 1] in {"", "."}:
            return (name, short + name[len(long) :])
    return (name,)
