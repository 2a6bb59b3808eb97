"""Finding the repositories of a learning run: a list in the configuration, a folder of clones, or a file.

A file of paths has one repository a line, ``PATH`` or ``NAME<TAB>PATH``; blank lines and lines that begin
with ``#`` do not count. A clone's name is its folder's, with ``+`` for the slash of ``owner/name``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import UsageError
from riskbot.learn.config import Mine, Repository
from riskbot.learn.reading import NAME

if TYPE_CHECKING:
    from riskbot.learn.reading import Reader

MAX_FILE = 1 << 20
AT = ("repositories",)


def find(reader: Reader, listed: object, base: Path) -> tuple[Repository, ...]:
    """Return the repositories that the key ``repositories`` means; paths are relative to ``base``.

    Raises ConfigError pointing at the key where there are none, or two of one name.
    """
    try:
        if isinstance(listed, str):
            found = _from_place(base / listed)
        elif isinstance(listed, list):
            entries = [reader.table(Repository, AT, entry) for entry in listed]
            found = [dataclasses.replace(one, path=str(base / one.path)) for one in entries]
            for one in found:
                _must_be_one(Path(one.path))
        else:
            raise UsageError(  # noqa: TRY301 - one place makes all of them point into the file
                "repositories must be a list of tables, or the path of a folder of clones or of a list.",
                mend='Write [[repositories]] with name and path, or repositories = "clones".',
            )
        return distinct(found)
    except UsageError as problem:
        if hasattr(problem, "file"):
            raise
        raise reader.error(AT, problem.message, problem.mend) from problem


def of_paths(paths: Iterable[Path]) -> tuple[Repository, ...]:
    """Return the repositories at ``paths``, each a repository, a folder of clones or a file of paths."""
    found: list[Repository] = []
    for path in paths:
        found += [_named(path)] if is_repository(path) else _from_place(path)
    return distinct(found)


def distinct(found: Iterable[Repository]) -> tuple[Repository, ...]:
    """Refuse an empty list, and two repositories of one name: their files would be one."""
    listed = tuple(found)
    if not listed:
        raise UsageError("There is no repository to learn from.", mend="Name clones, or a folder of them.")
    seen: dict[str, Repository] = {}
    for one in listed:
        other = seen.setdefault(one.stem.lower(), one)
        if other is not one:
            raise UsageError(
                f"Two repositories are called {one.name}: {other.path} and {one.path}.",
                mend="Give them names of their own: [[repositories]] with name and path, or NAME<TAB>PATH.",
            )
    return listed


def limits(repository: Repository, mine: Mine) -> Repository:
    """Fill in the limits that a repository does not have itself from those of all."""
    names = ("newest", "since", "until")
    own = {name: getattr(repository, name) for name in names}
    return dataclasses.replace(
        repository, **{name: getattr(mine, name) if own[name] is None else own[name] for name in names}
    )


def is_repository(path: Path) -> bool:
    """Say whether ``path`` is the top of a work tree or a git directory."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def _must_be_one(path: Path) -> None:
    if not is_repository(path):
        raise UsageError(f"{path} is no git repository.", mend="Name a clone, or its git directory.")


def _from_place(path: Path) -> list[Repository]:
    if path.is_dir():
        clones = [entry for entry in sorted(path.iterdir()) if is_repository(entry)]
        if not clones:
            raise UsageError(f"The folder {path} holds no clones.", mend="Name a folder of clones.")
        return [_named(clone) for clone in clones]
    return list(_from_file(path))


def _from_file(path: Path) -> Iterator[Repository]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        text = data.decode()
    except OSError as problem:
        raise UsageError(
            f"{path} cannot be read: {problem.strerror}.", mend="Name a clone, a folder of clones or a list."
        ) from problem
    except UnicodeDecodeError as problem:
        raise UsageError(f"{path} is not UTF-8.", mend="Save it as UTF-8.") from problem
    if len(data) > MAX_FILE:
        raise UsageError(f"{path} has more than {MAX_FILE} bytes.", mend="Name a list of repositories.")
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, tab, place = line.rpartition("\t")
        clone = path.parent / place.strip()
        _must_be_one(clone)
        yield Repository(_called(name.strip(), clone), str(clone)) if tab else _named(clone)


def _named(clone: Path) -> Repository:
    """Call a clone by its folder: ``owner+name`` is ``owner/name``."""
    folder = clone.resolve()
    folder = folder.parent if folder.name == ".git" else folder
    return Repository(_called(folder.name.removesuffix(".git").replace("+", "/", 1), clone), str(clone))


def _called(name: str, clone: Path) -> str:
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name[:100]!r}, for {clone}, is no name for a repository.",
            mend="Give it one like owner/name: [[repositories]] with name and path, or NAME<TAB>PATH.",
        )
    return name
