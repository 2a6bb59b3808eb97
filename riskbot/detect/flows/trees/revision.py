"""The trees that flows are looked for in: a revision in git, a change on top of it, or a folder on the disk.

All of them list what they hold at once and read a file when it is asked for. What cannot be read (a link, too
large, missing, not a regular file) is None for the engine and an :class:`Omission` for everybody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from riskbot.detect.flows.trees.folder import FolderTree
from riskbot.detect.flows.trees.tree import MAX_BYTES, PYTHON, STEP, Tree
from riskbot.domain.change import FileDiff, FileStatus, Omission, OmissionKind
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import Objects, objects

__all__ = ["FolderTree", "GitTree", "OverlayTree", "Readable", "at_revision", "empty"]

_LINKS = {"120000": OmissionKind.SYMLINK, "160000": OmissionKind.SUBMODULE}
_WINDOW = ("-c", "core.packedGitWindowSize=32m", "-c", "core.packedGitLimit=256m")
"""git maps whole packs by default, more than a cell's memory may hold (git-config(1))."""


class Readable(Tree, Protocol):
    """A tree that also lists other files, and says what it cannot read."""

    def files(self, endings: tuple[str, ...]) -> Sequence[str]:
        """List all files whose name has one of these endings, sorted."""

    def omissions(self) -> tuple[Omission, ...]:
        """Say what could not be read so far."""


class GitTree:
    """The files of one revision.

    ``listing`` gives mode and object id by path. Contents are read by one ``git cat-file --batch``; their
    names are git's own ids, so that nothing is read to know that a file stayed the same. ``also`` are
    Python files that their name does not show.
    """

    def __init__(
        self, listing: Mapping[str, tuple[str, str]], reader: Objects, also: Iterable[str] = ()
    ) -> None:
        self._listing, self._reader = listing, reader
        self._also = frozenset(also)
        self._omitted: dict[str, Omission] = {}

    def paths(self) -> Sequence[str]:
        """List all Python files, sorted."""
        return sorted({*self.files(PYTHON), *(path for path in self._also if path in self._listing)})

    def files(self, endings: tuple[str, ...]) -> Sequence[str]:
        """List all files with one of these endings, sorted; links and submodules are none."""
        return sorted(
            path
            for path, (mode, _) in self._listing.items()
            if path.endswith(endings) and not self._linked(path, mode)
        )

    def _linked(self, path: str, mode: str) -> bool:
        if mode in _LINKS and path not in self._omitted:
            kind = _LINKS[mode]
            self._omitted[path] = Omission(kind, STEP, f"it is a {kind.value}; none is followed", path)
        return mode in _LINKS

    def read(self, path: str) -> bytes | None:
        """Read the blob; None where it is missing from this clone or too large."""
        mode, blob = self._listing.get(path, ("", ""))
        if not blob or self._linked(path, mode):
            return None
        (found,) = self._reader.read([blob.encode()])
        if found is None:
            reason = f"the content {blob[:12]} is not in this clone"
            self._omitted[path] = Omission(OmissionKind.MISSING_OBJECT, STEP, reason, path)
            return None
        if found.size > MAX_BYTES:
            self._omitted[path] = too_large(path, found.size)
            return None
        return found.content

    def digest(self, path: str) -> str:
        """Name the content by git's id."""
        return self._listing[path][1]

    def omissions(self) -> tuple[Omission, ...]:
        """Say what could not be read so far."""
        return tuple(self._omitted.values())


def too_large(path: str, size: int) -> Omission:
    """Say that a file is over the limit."""
    return Omission(OmissionKind.TOO_LARGE, STEP, f"{size:,} bytes are over {MAX_BYTES:,}", path)


@contextmanager
def at_revision(git: Git, revision: str, also: Iterable[str] = ()) -> Iterator[GitTree]:
    """Open the tree of ``revision`` (an id): one process lists it, another reads while this is open."""
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", revision)
    with objects(git, MAX_BYTES, _WINDOW) as reader:
        yield GitTree(_listing(listed), reader, also)


def _listing(listed: bytes) -> dict[str, tuple[str, str]]:
    """Read what ``git ls-tree -z`` says: mode, type, id, a tab, the path."""
    listing = {}
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = entry.partition("\t")
        if path:
            mode, _, blob = head.split(" ")
            listing[path] = (mode, blob)
    return listing


class _Empty:
    """A tree without files: what lies under a change whose repository is not known."""

    def paths(self) -> Sequence[str]:
        return ()

    def files(self, endings: tuple[str, ...]) -> Sequence[str]:  # noqa: ARG002 - as the protocol has it
        return ()

    def read(self, path: str) -> bytes | None:  # noqa: ARG002 - as the protocol has it
        return None

    def digest(self, path: str) -> str:
        raise KeyError(path)

    def omissions(self) -> tuple[Omission, ...]:
        return ()


def empty() -> Readable:
    """Make a tree without files."""
    return _Empty()


class OverlayTree:
    """A base with the files of a change put over it: one side of the change, ``new`` or old.

    The old side matters where there is no base to read from: then it holds what the change knows.
    """

    def __init__(
        self,
        base: Readable,
        files: Iterable[FileDiff],
        *,
        new: bool = True,
        is_python: Callable[[FileDiff], bool] = lambda _: False,
    ) -> None:
        self._base = base
        self._gone: set[str] = set()
        self._put: dict[str, tuple[bytes, str]] = {}
        self._omitted: dict[str, Omission] = {}
        self._also: set[str] = set()
        for file in files:
            self._lay(file, new=new)
            if is_python(file):
                self._also.add((file.new_path if new else file.old_path) or "")

    def _lay(self, file: FileDiff, *, new: bool) -> None:
        """Take the file's other side away and put this one there."""
        here, there = (file.new_path, file.old_path) if new else (file.old_path, file.new_path)
        if there is not None and not (file.status is FileStatus.COPIED and new):
            self._gone.add(there)
        if here is None or (file.status is FileStatus.COPIED and not new):
            return
        self._gone.add(here)
        content = file.new if new else file.old
        mode, blob = (file.new_mode, file.new_blob) if new else (file.old_mode, file.old_blob)
        if mode in _LINKS:
            kind = _LINKS[mode]
            self._omitted[here] = Omission(kind, STEP, f"it is a {kind.value}; none is followed", here)
        elif content is None:
            # Policies let pictures pass: source that git takes for binary is something else.
            kind = OmissionKind.UNPARSABLE if file.binary else OmissionKind.CONTENT_UNKNOWN
            reason = (
                "git takes it for binary, so it is no source" if file.binary else "its content is not known"
            )
            self._omitted[here] = Omission(kind, STEP, reason, here)
        elif len(content) > MAX_BYTES:
            self._omitted[here] = too_large(here, len(content))
        else:
            self._put[here] = (content, blob or _name(content))

    def paths(self) -> Sequence[str]:
        """List all Python files, sorted."""
        also = (path for path in self._put if path.endswith(PYTHON) or path in self._also)
        return sorted({*(path for path in self._base.paths() if path not in self._gone), *also})

    def files(self, endings: tuple[str, ...]) -> Sequence[str]:
        """List all files with one of these endings, sorted."""
        kept = (path for path in self._base.files(endings) if path not in self._gone)
        return sorted({*kept, *(path for path in self._put if path.endswith(endings))})

    def read(self, path: str) -> bytes | None:
        """Return the change's content where it has one, the base's where the change leaves the file alone."""
        if path in self._put:
            return self._put[path][0]
        return None if path in self._gone else self._base.read(path)

    def digest(self, path: str) -> str:
        """Name the content as git does, where the change knows git's id."""
        return self._put[path][1] if path in self._put else self._base.digest(path)

    def omissions(self) -> tuple[Omission, ...]:
        """Say which of the change's files, and which of the base's so far, could not be read."""
        return (*self._omitted.values(), *(o for o in self._base.omissions() if o.path not in self._gone))


def _name(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
