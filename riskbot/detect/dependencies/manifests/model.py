"""What a manifest says, whatever its format: dependencies, indexes, includes, what runs at install."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from riskbot.domain.manifests import ManifestKind


class Origin(Enum):
    """Where a dependency is fetched from."""

    INDEX = "index"
    URL = "URL"
    VCS = "version control"
    PATH = "local path"


class Bound(IntEnum):
    """How tightly a version is held, from not at all to exactly one; ordered on purpose."""

    NONE = 0
    LOWER = 1
    UPPER = 2
    PINNED = 3


@dataclass(frozen=True, slots=True)
class Declared:
    """One dependency as one manifest declares it.

    ``name`` is normalised (PEP 503, or as npm has it), ``written`` the text of the entry, ``specifier`` the
    versions that it allows as they are written. ``group`` is "" for what is always installed, else the extra,
    group or section. ``url`` is where it comes from where that is no index, ``revision`` what a URL of
    version control names after ``@``. ``index`` is the registry that a lock file or a source table names.
    """

    name: str
    written: str
    line: int | None = None
    specifier: str = ""
    bound: Bound = Bound.NONE
    origin: Origin = Origin.INDEX
    url: str = ""
    revision: str = ""
    hashes: frozenset[str] = frozenset()
    group: str = ""
    extras: tuple[str, ...] = ()
    index: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """A package index or a place of files that a manifest adds.

    ``extra``: it is asked beside another one, so whoever publishes a name there wins (dependency confusion);
    ``safe`` says that only dependencies which name it are looked for there.
    """

    url: str
    line: int | None = None
    extra: bool = False
    safe: bool = False
    option: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """Something that runs when the package is built or installed; ``what`` in words, ``text`` decides."""

    what: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest or lock file, read. ``problems`` say in words what in it could not be read."""

    path: str
    kind: ManifestKind
    declared: tuple[Declared, ...] = ()
    indexes: tuple[Index, ...] = ()
    includes: tuple[str, ...] = ()
    hooks: tuple[Hook, ...] = ()
    problems: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """A manifest while it is read: what readers add to."""

    path: str
    kind: ManifestKind
    declared: list[Declared] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    provides: list[str] = field(default_factory=list)

    def problem(self, words: str) -> None:
        """Keep what could not be read, each once, not more than twenty."""
        if words not in self.problems and len(self.problems) < 20:
            self.problems.append(words)

    def done(self) -> Manifest:
        """Give the manifest."""
        return Manifest(
            self.path,
            self.kind,
            tuple(self.declared),
            tuple(self.indexes),
            tuple(self.includes),
            tuple(self.hooks),
            tuple(self.problems),
            tuple(self.provides),
        )


def normalised(name: str) -> str:
    """Normalise a distribution's name as PEP 503 has it: lower case, runs of ``-_.`` are one hyphen."""
    return re.sub(r"[-_.]+", "-", name).strip("-").lower()


_QUOTED = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'([^'\n]*)'")
_KEY = re.compile(r"\s*(?:\[[^\]]*\.)?[\"']?([A-Za-z0-9][\w.\-]*)[\"']?\s*(?:\]|[=:])")


class Places:
    """Finds the lines of what a parser without positions has read: by quoted text, or by key."""

    def __init__(self, text: str) -> None:
        """Index ``text``: every quoted text and every key at the start of a line, with their lines."""
        self._quoted: dict[str, list[int]] = {}
        self._keys: dict[str, list[int]] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > 20_000:
                continue
            for match in _QUOTED.finditer(line):
                self._quoted.setdefault(match[1] if match[1] is not None else match[2], []).append(number)
            if key := _KEY.match(line):
                self._keys.setdefault(key[1], []).append(number)

    def quoted(self, text: str) -> int | None:
        """Give the line of the next occurrence of a quoted text; the last one stays."""
        return _next(self._quoted.get(text))

    def key(self, name: str) -> int | None:
        """Give the line of the next occurrence of a key; the last one stays."""
        return _next(self._keys.get(name))


def _next(lines: list[int] | None) -> int | None:
    if not lines:
        return None
    return lines.pop(0) if len(lines) > 1 else lines[0]
