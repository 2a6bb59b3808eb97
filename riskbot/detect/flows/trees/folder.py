"""A tree of files and folders on the disk, named by hand: for ``riskbot zones check PATH...``.

Links are followed nowhere, neither out of what was named nor within it. Passed over without a word, because
nobody means them: hidden folders (``.git``, ``.venv``, ``.tox`` ...), ``node_modules``, ``__pycache__`` and
virtual environments by any name (PEP 405: they hold ``pyvenv.cfg``). A file or folder that is named itself is
always read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from riskbot.detect.flows.trees.tree import MAX_BYTES, PYTHON, STEP
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.errors import UsageError

MAX_FILES = 50_000
_SHEBANG = re.compile(rb"#![^\n]*\b(?:python|pypy)[\d.]*\b")
_SKIPPED = {"node_modules", "__pycache__"}


class FolderTree:
    """The files below the given paths; ``top`` (default: the current folder) is what paths are relative to.

    What lies outside of ``top`` has its full path, without the first slash. :meth:`shown` gives every path as
    somebody at ``top`` would type it. Raises UsageError for a path that is not there, or too many files.
    """

    def __init__(self, given: Iterable[str | Path], top: Path | None = None) -> None:
        self._top = Path.cwd() if top is None else top.absolute()
        self._files: dict[str, Path] = {}
        self._named: set[str] = set()
        self._omitted: dict[str, Omission] = {}
        self._contents: dict[str, bytes] = {}
        for path in given:
            self._take(self._top / path)

    def shown(self, path: str) -> str:
        """Write a path of the tree as it would be typed."""
        there = self._files.get(path)
        outside = there is not None and not there.is_relative_to(self._top)
        return f"/{path}" if outside else path

    def _key(self, there: Path) -> str:
        inside = there.is_relative_to(self._top)
        return there.relative_to(self._top).as_posix() if inside else there.as_posix().lstrip("/")

    def _take(self, path: Path) -> None:
        there = Path(os.path.normpath(path))
        try:
            mode = there.lstat().st_mode
        except OSError as problem:
            raise UsageError(f"{path} cannot be read: {problem.strerror}.", mend="Check the path.") from None
        if stat.S_ISDIR(mode):
            self._walk(there)
        else:
            self._add(there, mode, named=True)

    def _walk(self, folder: Path) -> None:
        """List everything below; without recursion, since a folder can be deeper than the stack."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                with os.scandir(here) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as problem:
                self._omit(here, OmissionKind.NOT_SCANNED, f"the folder cannot be read: {problem.strerror}")
                continue
            if here != folder and any(entry.name == "pyvenv.cfg" for entry in found):
                continue
            waiting += reversed(list(self._folders(found)))

    def _folders(self, found: list[os.DirEntry[str]]) -> Iterator[Path]:
        """Take the files of one folder, and give the folders to walk."""
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                    yield Path(entry.path)
                continue
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
            except OSError as problem:
                self._omit(Path(entry.path), OmissionKind.NOT_SCANNED, f"gone: {problem.strerror}")
                continue
            self._add(Path(entry.path), mode)

    def _add(self, there: Path, mode: int, *, named: bool = False) -> None:
        """Take one file; a link or a device is told where it would be read: by its name, or named itself."""
        key = self._key(there)
        if stat.S_ISREG(mode):
            self._files[key] = there
            if named:
                self._named.add(key)
            if len(self._files) > MAX_FILES:
                raise UsageError(
                    f"There are more than {MAX_FILES:,} files in what was named.", mend="Name fewer."
                )
        elif stat.S_ISLNK(mode):
            if named or there.name.endswith(PYTHON) or "." not in there.name:
                self._omit(there, OmissionKind.SYMLINK, "it is a symlink; none is followed")
        elif named or there.name.endswith(PYTHON):
            self._omit(there, OmissionKind.NOT_SCANNED, "it is not a regular file")

    def _omit(self, there: Path, kind: OmissionKind, reason: str) -> None:
        key = self._key(there)
        self._omitted[key] = Omission(kind, STEP, reason, key)

    def paths(self) -> Sequence[str]:
        """List all Python files, sorted; a script without an ending that is named itself counts, too."""
        scripts = (path for path in self._named if "." not in path.rpartition("/")[2] and self._script(path))
        return sorted({*self.files(PYTHON), *scripts})

    def _script(self, path: str) -> bool:
        content = self.read(path)
        return content is not None and _SHEBANG.match(content) is not None

    def files(self, endings: tuple[str, ...]) -> Sequence[str]:
        """List all files with one of these endings, sorted."""
        return sorted(path for path in self._files if path.endswith(endings))

    def read(self, path: str) -> bytes | None:
        """Read the file, once: what is looked at twice is the same both times."""
        if path not in self._contents and path in self._files and path not in self._omitted:
            content = self._read(path, self._files[path])
            if content is not None:
                self._contents[path] = content
        return self._contents.get(path)

    def _read(self, path: str, there: Path) -> bytes | None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(there, flags), "rb") as file:
                facts = os.fstat(file.fileno())
                if not stat.S_ISREG(facts.st_mode):
                    self._omit(there, OmissionKind.NOT_SCANNED, "it is not a regular file")
                    return None
                content = file.read(MAX_BYTES + 1)
        except OSError as problem:
            link = problem.errno == errno.ELOOP
            kind = OmissionKind.SYMLINK if link else OmissionKind.NOT_SCANNED
            self._omit(
                there, kind, "it became a symlink" if link else f"it cannot be read: {problem.strerror}"
            )
            return None
        if len(content) > MAX_BYTES:
            size = max(facts.st_size, len(content))
            self._omitted[path] = Omission(
                OmissionKind.TOO_LARGE, STEP, f"{size:,} bytes are over {MAX_BYTES:,}", path
            )
            return None
        return content

    def digest(self, path: str) -> str:
        """Name the content, which has to be read for it; an unreadable file has the name ``unreadable``."""
        content = self.read(path)
        return "unreadable" if content is None else "sha256:" + hashlib.sha256(content).hexdigest()

    def omissions(self) -> tuple[Omission, ...]:
        """Say what could not be read so far."""
        return tuple(self._omitted.values())
