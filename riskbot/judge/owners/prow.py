"""OWNERS files by the rules of Kubernetes' Prow: YAML, with groups from OWNERS_ALIASES at the root.

The owners of a path are the approvers of its folder's file and of every folder above, up to one that says
``no_parent_owners``, once somebody has been found. Each of ``required_reviewers`` must have approved too.
docs/owners-files.md says what is meant, and where riskbot is stricter than Prow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from riskbot.judge.owners import DECEPTIVE, Lint, Owner, Ownership
from riskbot.judge.owners.folders import MAX_OWNERS, MAX_PATH_LINTS, Folders, guarding, parent, placed
from riskbot.judge.owners.prow_files import OwnersFile, Part, folding, parse, parse_aliases
from riskbot.judge.owners.regex import Patterns

_ALIASES = "OWNERS_ALIASES"

# Prow reads no OWNERS files there unless it is told to (pkg/config: the preconfigured denylist).
_IGNORED = re.compile(r"(?:\.git|_output)(?:/|$)|vendor/.*/")

# Which parts of which folder's file apply; None: all of them.
_Matches = tuple[tuple[str, tuple[int, ...] | None], ...]


class Prow:
    """The OWNERS files of one tree. Reading never raises: what cannot be read is a lint, and closed."""

    broken: Lint | None = None

    def __init__(self, texts: Mapping[str, str | None]) -> None:
        aliases, lints = ({}, ()) if _ALIASES not in texts else parse_aliases(texts[_ALIASES], _ALIASES)
        found = {
            parent(path): parse(text, path, aliases)
            for path, text in sorted(texts.items())
            if path.rpartition("/")[2] == "OWNERS" and not _IGNORED.search(parent(path))
        }
        if aliases is None:
            # Their lint belongs to every path: it is why nobody is known.
            found = {folder: replace(file, lints=(*lints, *file.lints)) for folder, file in found.items()}
        self._files: dict[str, OwnersFile] = found
        # The others have one part, for all their files, or none.
        self._filtered = {
            folder: _Filters(file.parts)
            for folder, file in found.items()
            if any(part.pattern is not None for part in file.parts)
        }
        self._folders = Folders(found)
        self._answers: dict[tuple[str, _Matches], Ownership] = {}
        every = [lint for file in found.values() for lint in file.lints]
        self.lints: tuple[Lint, ...] = tuple(dict.fromkeys((*lints, *every)))

    @classmethod
    def read(cls, texts: Mapping[str, str | None]) -> Prow:
        """Take the texts at the base by their paths; None: it could not be read."""
        return cls(texts)

    @property
    def deceptive(self) -> tuple[Lint, ...]:
        """What may deceive whoever reads the files."""
        return tuple(lint for lint in self.lints if lint.code in DECEPTIVE)

    def of(self, path: str) -> Ownership:
        """Say who owns ``path``."""
        return placed(self._of(path, folded=False), path)

    def guarding(self, path: str, *, odd_mode: bool = False) -> tuple[Ownership, ...]:
        """Every ownership that a change of ``path`` must satisfy; :meth:`of` first."""
        return guarding(
            lambda other, folded: self._of(other, folded=folded),
            self._within,
            self._folders,
            path,
            odd_mode=odd_mode,
        )

    def _of(self, path: str, *, folded: bool) -> Ownership:
        """Who owns the path; the path itself is left out, so that answers are shared."""
        folder = parent(path)
        return self._answer(folder, self._matches(self._folders.above(folder), path, folded=folded))

    def _matches(self, folders: Iterable[str], path: str, *, folded: bool) -> _Matches:
        """Which parts of the folders' files apply; without a filter all do."""
        return tuple(
            (folder, self._filtered[folder].matching(_relative(folder, path), folded=folded))
            if folder in self._filtered
            else (folder, None)
            for folder in folders
        )

    def _within(self, folder: str) -> Iterator[Ownership]:
        """Whose a folder is, and whose its filters make what is in it."""
        inside = f"{folder}/"
        yield self._of(inside, folded=False)
        if folder not in self._filtered:
            return
        above = self._matches(self._folders.above(folder)[1:], inside, folded=False)
        for number in range(len(self._files[folder].parts)):
            yield self._answer(folder, ((folder, (number,)), *above))

    def _answer(self, folder: str, matches: _Matches) -> Ownership:
        key = (folder, matches)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._gathered(folder, matches)
        return answer

    def _gathered(self, folder: str, matches: _Matches) -> Ownership:
        """Put the levels together, nearest first."""
        answer = _Answer(len(folder.split("/")) if folder else 0)
        for owner, numbers in matches:
            file = self._files[owner]
            parts = file.parts if numbers is None else [file.parts[number] for number in numbers]
            answer.add(owner, file, parts)
            if answer.done:
                break
        return answer.ownership


@dataclass(frozen=True, slots=True)
class _Decided:
    """The nearest file that names an approver."""

    file: str
    line: int
    pattern: str | None
    everyone: bool


class _Answer:
    """Gathers the owners of one path, nearest first, each once."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._owners: dict[str, Owner] = {}
        self._required: dict[frozenset[str], tuple[Owner, ...]] = {}
        self._decided: _Decided | None = None
        self._closed = False
        self._lints: tuple[Lint, ...] = ()
        self._approvers_done = self._required_done = False

    @property
    def done(self) -> bool:
        """Nothing above counts."""
        return self._approvers_done and self._required_done

    def add(self, folder: str, file: OwnersFile, parts: Sequence[Part]) -> None:
        """Add a level: of its file the parts that apply."""
        distance = self._depth - (len(folder.split("/")) if folder else 0)
        if not self._approvers_done:
            self._closed |= file.closed
            self._lints += file.lints[:MAX_PATH_LINTS]
            for part in parts:
                self._approvers(file, part, distance)
            # What could not be read may have named somebody.
            self._approvers_done = (file.noparent and (bool(self._owners) or file.closed)) or file.barrier
        if not self._required_done:
            for part in parts:
                self._add_required(file, part, distance)
            self._required_done = file.noparent and bool(self._required)

    def _approvers(self, file: OwnersFile, part: Part, distance: int) -> None:
        for entry in part.approvers:
            for name in entry.names:
                if self._decided is None:
                    everyone = file.auto and distance > 0 and not self._closed
                    self._decided = _Decided(file.file, entry.line, part.pattern, everyone)
                if len(self._owners) < MAX_OWNERS:
                    self._owners.setdefault(name, Owner(name, distance, file.file, entry.line))
                elif name not in self._owners:
                    message = f"More than {MAX_OWNERS} people own this path; only the nearest are counted."
                    self._lints += (Lint("too_many_owners", message, file.file),)
                    self._closed = True
                    return

    def _add_required(self, file: OwnersFile, part: Part, distance: int) -> None:
        for entry in part.required:
            group = tuple(Owner(name, distance, file.file, entry.line) for name in entry.names)
            if len(self._required) < MAX_OWNERS:
                self._required.setdefault(frozenset(entry.names), group)

    @property
    def ownership(self) -> Ownership:
        """What was gathered, for any path."""
        decided = self._decided or _Decided("", 0, None, everyone=False)
        return Ownership(
            "",
            tuple(self._owners.values()),
            decided.file or None,
            decided.line or None,
            decided.pattern,
            everyone=decided.everyone,
            required=tuple(self._required.values()),
            lints=tuple(dict.fromkeys(self._lints)),
            closed=self._closed,
        )


class _Filters:
    """One file's filters, matched together; put so at their first use."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts

    def matching(self, relative: str, *, folded: bool) -> tuple[int, ...]:
        """The parts that apply to a path below the file's folder, by number.

        Under folding those whose filter was written for another spelling of the path, where there are any.
        """
        exact = self._exact.matching(relative)
        if not folded:
            return exact
        found = self._folding.matching(unicodedata.normalize("NFC", relative))
        others = tuple(n for n in found if n not in exact and self._parts[n].approvers)
        return others or exact

    @cached_property
    def _exact(self) -> Patterns:
        return Patterns([part.pattern or "" for part in self._parts])

    @cached_property
    def _folding(self) -> Patterns:
        return Patterns([folding(part.pattern or "") for part in self._parts])


def _relative(folder: str, path: str) -> str:
    """The path as its folder's filters see it."""
    return path[len(folder) + 1 :] if folder else path
