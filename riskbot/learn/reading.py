"""Reading one TOML file strictly into dataclasses whose fields carry converters; pinning what was read."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from riskbot.domain.errors import ConfigError
from riskbot.domain.suggest import did_you_mean
from riskbot.settings import toml
from riskbot.settings.converters import Converter

_PART = r"(?=\.*[^./])[A-Za-z0-9_.-]{1,100}"
NAME = re.compile(f"{_PART}(?:/{_PART})?", re.ASCII)
"""What a repository may be called: ``name`` or ``owner/name``."""


def flag(value: object) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - converters raise ValueError
    return value


def day(value: object) -> date:
    """Take a TOML date."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a date like 2024-05-01, without quotes")  # noqa: TRY004 - as above
    return value


def text(value: object) -> str:
    """Take a text that says something."""
    if not isinstance(value, str) or not value.strip() or "\0" in value or len(value) > 4096:
        raise ValueError("a text that is not empty")
    return value


def texts(value: object) -> tuple[str, ...]:
    """Take a list of texts."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError('a list of texts like ["one", "two"]')
    return tuple(value)


def repository_name(value: object) -> str:
    """Take the name of a repository."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError("a name like owner/name (letters, digits, dots, dashes)")
    return value


class Reader:
    """The tree of one file, and errors that point into it."""

    def __init__(self, file: str, data: bytes) -> None:
        self.file = file
        self.tree = toml.parse(data, file)
        self.text = data.decode()

    def error(self, path: tuple[str, ...], message: str, mend: str = "") -> ConfigError:
        """Make the error for what stands at ``path``."""
        line, column = toml.place(self.text, path) if path else (None, None)
        return ConfigError(message, file=self.file, line=line, column=column, mend=mend)

    def known_only(
        self, path: tuple[str, ...], known: list[str], table: dict[str, Any] | None = None
    ) -> None:
        """Refuse keys that nobody knows."""
        for name in self.tree if table is None else table:
            if name not in known:
                where = f" in [{'.'.join(path)}]" if path else ""
                raise self.error(
                    (*path, name), f"There is no key {name[:80]!r}{where}.", did_you_mean(name, known)
                )

    def value(self, path: tuple[str, ...], convert: Converter) -> Any:
        """Return a needed value at the top of the file."""
        if path[0] not in self.tree:
            raise self.error((), f"The key {path[0]!r} is missing.", "docs/learn.md has an example.")
        return self._converted(self.tree[path[0]], path, convert, path[0])

    def table(self, kind: type, path: tuple[str, ...], table: object = None) -> Any:
        """Build ``kind`` from the table at ``path`` (or the one given); missing keys have their defaults."""
        table = self.tree.get(path[0], {}) if table is None else table
        if not isinstance(table, dict):
            raise self.error(path, f"{path[0]} must be a table.", f"Write [{path[0]}].")
        self.known_only(path, [item.name for item in fields(kind)], table)
        values = {}
        for item in fields(kind):
            if item.name in table:
                name = ".".join((*path, item.name))
                convert = item.metadata["convert"]
                values[item.name] = self._converted(table[item.name], (*path, item.name), convert, name)
            elif item.default is MISSING:
                raise self.error(path, f"An entry of {path[0]} lacks the key {item.name!r}.", "Add it.")
        return kind(**values)

    def _converted(self, value: object, path: tuple[str, ...], convert: Converter, name: str) -> Any:
        try:
            return convert(value)
        except ValueError as problem:
            raise self.error(
                path, f"{name} is {_shown(value)}; it must be {problem}.", "Change it, or remove it."
            ) from None


def _shown(value: object) -> str:
    """Show a value in a message; a whole number may be too long for Python to print."""
    try:
        return f"{value!r:.80}"
    except ValueError:
        return "a very long number"


def seconds(day: date) -> int:
    """Return a date as seconds since the epoch: midnight UTC, as the day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def pinned(part: object) -> dict[str, Any]:
    """Return the keys of a part of the configuration that change what comes out, ready for JSON."""
    if not is_dataclass(part):
        raise AssertionError("BUG: only parts of the configuration can be pinned")
    return {
        item.name: value.isoformat() if isinstance(value := getattr(part, item.name), date) else value
        for item in fields(part)
        if item.metadata.get("pin", True)
    }


def fingerprint(*parts: object) -> str:
    """Return one hash of parts of the configuration (SHA-256, hex)."""
    written = json.dumps([pinned(part) for part in parts], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()
