"""OWNERS files by the rules of Gerrit's code-owners plugin, backend ``find-owners`` (Chromium, AOSP).

The owners of a path are those of its folder's file and of every folder above, up to a ``set noparent``.
``file:`` takes the owners of another file, ``include`` its per-file lines and ``set noparent`` too.
docs/owners-files.md says what is meant, and where riskbot is stricter than Gerrit.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from riskbot.judge.owners import DECEPTIVE, Lint, Owner, Ownership
from riskbot.judge.owners.folders import MAX_OWNERS, MAX_PATH_LINTS, Folders, guarding, parent, placed
from riskbot.judge.owners.gerrit_globs import Globs, sample
from riskbot.judge.owners.gerrit_lines import Config, Named, Reference, Rule, parse

#: At most so many files are imported into one, directly or through others.
MAX_IMPORTS = 200

# Gerrit imports owners files only: OWNERS, FOO_OWNERS, OWNERS_FOO, OWNERS.foo.
_OWNERS_FILE = re.compile(r"(?:[A-Za-z0-9_-]+_)?OWNERS(?:_[A-Za-z0-9_-]+)?(?:\.[A-Za-z0-9_-]+)?")
_DEFAULTS = "//:refs/meta/config:OWNERS"
_ELSEWHERE = re.compile(r"//([^:]*):([^:]*):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Level:
    """One folder's file with all that it imports; ``exact`` and ``folding`` say which rules match."""

    folder: str
    file: str
    names: tuple[Named, ...]
    rules: tuple[tuple[Rule, tuple[Named, ...]], ...]
    exact: Globs
    folding: Globs
    noparent: bool
    closed: bool
    lints: tuple[Lint, ...]


class Gerrit:
    """The OWNERS files of one tree. Reading never raises: what cannot be read is a lint, and closed."""

    broken: Lint | None = None

    def __init__(self, texts: Mapping[str, str | None]) -> None:
        self._configs = {path: parse(text, path) for path, text in sorted(texts.items()) if _is_owners(path)}
        own = [path for path in self._configs if path.rpartition("/")[2] == "OWNERS" and path[:2] != "//"]
        self._folders = Folders(parent(path) for path in own)
        self._levels: dict[str, _Level] = {}
        self._chains: dict[str, tuple[_Level, ...]] = {}
        self._answers: dict[tuple[str, tuple[tuple[str, frozenset[int]], ...]], Ownership] = {}
        lints = [lint for config in self._used(own) for lint in (*config.lints, *self._unresolved(config))]
        self.lints: tuple[Lint, ...] = tuple(sorted(lints, key=lambda one: (one.file, one.line or 0)))

    @classmethod
    def read(cls, texts: Mapping[str, str | None]) -> Gerrit:
        """Take the texts at the base by their paths; None: it could not be read.

        Files of other projects, which only ``file:`` and ``include`` reach, go by ``//project:branch:path``
        (``//project::path`` for the branch of the importing file): no path in a repository starts with "/".
        ``//:refs/meta/config:OWNERS`` holds the default owners, above the root's.
        """
        return cls(texts)

    @property
    def deceptive(self) -> tuple[Lint, ...]:
        """What may deceive whoever reads the files."""
        return tuple(lint for lint in self.lints if lint.code in DECEPTIVE)

    def of(self, path: str) -> Ownership:
        """Say who owns ``path``."""
        return placed(self._of(path, folding=False), path)

    def guarding(self, path: str, *, odd_mode: bool = False) -> tuple[Ownership, ...]:
        """Every ownership that a change of ``path`` must satisfy; :meth:`of` first."""
        return guarding(
            lambda other, folding: self._of(other, folding=folding),
            self._within,
            self._folders,
            path,
            odd_mode=odd_mode,
        )

    def _of(self, path: str, *, folding: bool) -> Ownership:
        """Who owns the path; the path itself is left out, so that answers are shared."""
        folder = parent(path)
        matches: list[tuple[str, frozenset[int]]] = []
        for level in self._chain(folder):
            if level.rules:
                found = _matching(level, path, folding=folding)
                if found:
                    matches.append((level.folder, found))
                if any(level.rules[number][0].alone for number in found):
                    break
            if level.noparent:
                break
        key = (folder, tuple(matches))
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._ownership(folder, dict(matches))
        return answer

    def _within(self, folder: str) -> Iterator[Ownership]:
        """Whose a folder is, and whose its per-file lines make what is in it."""
        inside = f"{folder}/"
        yield self._of(inside, folding=False)
        for rule, _ in self._level(folder).rules:
            for glob in rule.globs:
                yield self._of(inside + sample(glob), folding=False)

    def _chain(self, folder: str) -> tuple[_Level, ...]:
        """The levels above a path in ``folder``, nearest first, the default owners last."""
        chain = self._chains.get(folder)
        if chain is None:
            above = self._folders.above(folder)
            defaults = (_DEFAULTS,) if _DEFAULTS in self._configs else ()
            chain = self._chains[folder] = tuple(self._level(one) for one in (*above, *defaults))
        return chain

    def _ownership(self, folder: str, matches: Mapping[str, frozenset[int]]) -> Ownership:
        """Put the levels together, nearest first; ``matches`` are the per-file lines that apply, by level."""
        answer = _Answer()
        depth = folder.count("/") + 1 if folder else 0
        for level in self._chain(folder):
            above = level.folder.count("/") + 1 if level.folder else 0
            distance = depth + 1 if level.folder == _DEFAULTS else depth - above
            rules = [level.rules[number] for number in sorted(matches.get(level.folder, ()))]
            alone = any(rule.alone for rule, _ in rules)
            answer.closed |= level.closed
            answer.lints += level.lints[:MAX_PATH_LINTS]
            for rule, names in rules:
                answer.add(names, distance, level, rule)
            if not alone:
                answer.add(level.names, distance, level, None)
            if alone or level.noparent:
                break
        return answer.ownership()

    def _level(self, folder: str) -> _Level:
        """The folder's file, with its imports resolved once."""
        level = self._levels.get(folder)
        if level is None:
            file = folder if folder == _DEFAULTS else posixpath.join(folder, "OWNERS")
            level = self._levels[folder] = self._resolved(folder, self._configs[file])
        return level

    def _resolved(self, folder: str, config: Config) -> _Level:
        reached = self._reach(config, whole=True)
        rules: list[tuple[Rule, tuple[Named, ...]]] = []
        names: list[Named] = []
        closed, lints, noparent = reached.closed, list(reached.lints), False
        for one, whole in reached.configs:
            names += one.names
            if not whole:
                continue
            noparent |= one.noparent
            for rule in one.rules:
                granted = rule.names
                if rule.reference is not None:
                    imported = self._reach(Config(one.file, references=(rule.reference,)), whole=False)
                    closed |= imported.closed
                    lints += imported.lints
                    granted = tuple(name for other, _ in imported.configs for name in other.names)
                rules.append((rule, granted))
        globs = [(number, glob) for number, (rule, _) in enumerate(rules) for glob in rule.globs]
        return _Level(
            folder,
            config.file,
            tuple({name.name.casefold(): name for name in reversed(names)}.values())[::-1],
            tuple(rules),
            Globs(globs),
            Globs(globs, folding=True),
            noparent,
            closed,
            tuple(dict.fromkeys(lints)),
        )

    def _reach(self, start: Config, *, whole: bool) -> _Reached:
        """Follow the imports, nearest first; each file once for its owners and once for all it says."""
        reached = _Reached([], start.closed, list(start.lints[:MAX_PATH_LINTS]))
        seen: set[tuple[str, bool]] = set()
        queue = deque([(start, whole)])
        while queue:
            config, all_of_it = queue.popleft()
            reached.configs.append((config, all_of_it))
            for reference in config.references:
                other = self._configs.get(_target(config.file, reference) or "")
                if other is None:
                    reached.closed = True
                    reached.lints.append(_unresolved(config.file, reference))
                    continue
                key = (other.file, all_of_it and reference.whole)
                if key in seen:
                    continue
                if len(seen) > MAX_IMPORTS:
                    reached.closed = True
                    message = f"More than {MAX_IMPORTS} files are imported; the rest is left out."
                    reached.lints.append(Lint("too_many_imports", message, start.file, reference.line))
                    return reached
                seen.add(key)
                reached.closed |= other.closed
                reached.lints += other.lints[:MAX_PATH_LINTS]
                queue.append((other, key[1]))
        return reached

    def _used(self, own: Iterable[str]) -> Iterator[Config]:
        """The files that have a say: those of folders, and what they import."""
        queue = deque([*own, *([_DEFAULTS] if _DEFAULTS in self._configs else ())])
        seen = set(queue)
        while queue:
            config = self._configs[queue.popleft()]
            yield config
            for reference in _references(config):
                target = _target(config.file, reference)
                if target in self._configs and target not in seen:
                    seen.add(target)
                    queue.append(target)

    def _unresolved(self, config: Config) -> Iterator[Lint]:
        for reference in _references(config):
            if _target(config.file, reference) not in self._configs:
                yield _unresolved(config.file, reference)


@dataclass(slots=True)
class _Reached:
    """The files that one reaches, itself first; True: with all they say, not only their owners."""

    configs: list[tuple[Config, bool]]
    closed: bool
    lints: list[Lint]


class _Answer:
    """Gathers the owners of one path, nearest first, each once."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._decided: tuple[str, int, str | None] | None = None
        self._everyone = False
        self.closed = False
        self.lints: tuple[Lint, ...] = ()

    def add(self, names: tuple[Named, ...], distance: int, level: _Level, rule: Rule | None) -> None:
        """Add the owners that a level's per-file line names, or (None) the level itself."""
        for named in names:
            if self._decided is None:
                line = rule.line if rule else named.line
                self._decided = (level.file, line, ",".join(rule.globs) if rule else None)
            if named.name == "*":
                self._everyone = True
            elif len(self._owners) < MAX_OWNERS:
                owner = Owner(named.name, distance, named.file, named.line)
                self._owners.setdefault(named.name.casefold(), owner)
            elif named.name.casefold() not in self._owners:
                message = f"More than {MAX_OWNERS} people own this path; only the nearest are counted."
                self.lints += (Lint("too_many_owners", message, level.file),)
                self.closed = True
                return

    def ownership(self) -> Ownership:
        """What was gathered."""
        file, line, pattern = self._decided or (None, None, None)
        return Ownership(
            "",
            tuple(self._owners.values()),
            file,
            line,
            pattern,
            everyone=self._everyone,
            lints=tuple(dict.fromkeys(self.lints)),
            closed=self.closed,
        )


def _matching(level: _Level, path: str, *, folding: bool) -> frozenset[int]:
    """The per-file lines that apply to a path at a level.

    Under folding they are those written for another spelling of the path, and the restrictions for its own:
    who may change that other file, which some file systems take for this one.
    """
    relative = path if level.folder in {"", _DEFAULTS} else path[len(level.folder) + 1 :]
    exact = level.exact.matching(relative)
    if not folding:
        return exact
    others = level.folding.matching(relative) - exact
    if not any(level.rules[number][1] for number in others):
        return exact | others
    return others | {number for number in exact if level.rules[number][0].alone}


def _references(config: Config) -> Iterator[Reference]:
    yield from config.references
    yield from (rule.reference for rule in config.rules if rule.reference is not None)


def _is_owners(path: str) -> bool:
    elsewhere = _ELSEWHERE.fullmatch(path)
    inside = elsewhere[3] if elsewhere else path
    return _OWNERS_FILE.fullmatch(inside.rpartition("/")[2]) is not None


def _target(file: str, reference: Reference) -> str | None:
    """Which file is meant, as a key of the texts; None: none can be."""
    project, branch, inside = "", "", file
    if match := _ELSEWHERE.fullmatch(file):
        project, branch, inside = match.groups()
    if reference.project is not None:
        project, branch = reference.project, reference.branch or ""
    path = posixpath.normpath(posixpath.join("/", parent(inside), reference.path)).lstrip("/")
    climbs = reference.path.split("/")
    depth = 0 if reference.path.startswith("/") else len([part for part in parent(inside).split("/") if part])
    for part in climbs:
        depth += -1 if part == ".." else part not in {"", "."}
        if depth < 0:
            return None
    return f"//{project}:{branch}:{path}" if project or branch else path


def _unresolved(file: str, reference: Reference) -> Lint:
    whole = ":".join(part for part in (reference.project, reference.branch, reference.path) if part)
    message = f"The owners file {whole[:120]!r} is not there to import, so its owners are not known."
    return Lint("unresolved_import", message, file, reference.line)
