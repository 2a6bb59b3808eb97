"""Owners files -> who owns a path: CODEOWNERS, OWNERS (Gerrit, Prow), and rosters in CODEOWNERS form.

:func:`read` takes the texts at the base and gives a :class:`Rosters`; :func:`Roster.of` answers for one path.
Nothing here knows people: owners are names as written, looked up later. A file that cannot be read whole
says so in ``broken``; one bad line never voids the others and never takes ownership away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

#: What an owners file may hold to deceive its readers: every verdict tells them.
DECEPTIVE = frozenset({"control_char", "bom"})


@dataclass(frozen=True, slots=True)
class Lint:
    """Something odd in an owners file. ``code`` is for programs (docs/owners.md lists them)."""

    code: str
    message: str
    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner as written, and how far away: 0 is the file's own folder (CODEOWNERS: always 0)."""

    name: str
    distance: int = 0
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns one path. Any one of ``owners`` may approve; each group of ``required`` must have one too.

    ``everyone``: the file says that anybody may. ``line`` and ``pattern`` are those that decided, None where
    none did. No owner and not ``everyone``: nobody owns it. ``closed``: not all that governs the path could
    be read, ``lints`` say what; the owners named are its owners, but without any it is never free.
    """

    path: str
    owners: tuple[Owner, ...] = ()
    file: str | None = None
    line: int | None = None
    pattern: str | None = None
    everyone: bool = False
    required: tuple[tuple[Owner, ...], ...] = ()
    lints: tuple[Lint, ...] = ()
    closed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The owners' names, in the order written."""
        return tuple(dict.fromkeys(owner.name for owner in self.owners))


class Roster(Protocol):
    """Who owns what, by one format's rules."""

    @property
    def lints(self) -> tuple[Lint, ...]:
        """What is odd in the files, in order."""

    @property
    def deceptive(self) -> tuple[Lint, ...]:
        """Those of ``lints`` whose code is in :data:`DECEPTIVE`, without looking for the others."""

    @property
    def broken(self) -> Lint | None:
        """Why the whole cannot be relied on (``too_large``, unreadable); None: it can."""

    def of(self, path: str) -> Ownership:
        """Say who owns ``path``, exactly as the format's own documentation has it."""

    def guarding(self, path: str, *, odd_mode: bool = False) -> tuple[Ownership, ...]:
        """Every ownership that a change of ``path`` must satisfy; :meth:`of` first.

        Further ones where the path, under folding of letter case and Unicode normal form, is somebody
        else's; and, for ``odd_mode`` (a link or submodule), those of the folder whose place it takes and of
        what the rules name beneath it. Never fewer than :meth:`of` alone.
        """


@dataclass(frozen=True, slots=True)
class Rosters:
    """The rosters that a policy asks for: the owners of the code, and others by the path of their file."""

    owners: Roster
    others: Mapping[str, Roster] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nobody:
    """The roster of a repository without owners files: nobody owns anything."""

    lints: tuple[Lint, ...] = ()
    deceptive: tuple[Lint, ...] = ()
    broken: Lint | None = None

    def of(self, path: str) -> Ownership:
        """Nobody owns it."""
        return Ownership(path)

    def guarding(self, path: str, *, odd_mode: bool = False) -> tuple[Ownership, ...]:
        """Nobody guards it."""
        del odd_mode
        return (self.of(path),)
