"""What the engine found of file contents and roots, kept between runs: one bounded file for a repository.

It lies in the user's cache folder and only saves time: what is not there, of another version, damaged or
written by somebody else is as good as absent (:mod:`riskbot.outside.cache` checks owner, mode and hash). The
values are bytes that their maker decodes strictly; nothing in them is ever run. Runs side by side each write
the whole file anew and rename it into place: the last one wins, and the others have lost only time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from riskbot.outside import cache as files

KIND = "flows"
MAX_BYTES = 48 * 2**20
"""One repository's file is kept below this; riskbot.outside.cache reads no file above 64 MiB back."""
MAX_FILES = 24
"""So many repositories' files are kept, the ones written last."""

_PACKAGE = Path(__file__).resolve().parent


class _Pack(msgspec.Struct, array_like=True):
    """The file: each entry's age (runs since it was last used) and value, by key."""

    entries: dict[str, tuple[int, bytes]]


@cache
def version() -> str:
    """Name the engine by the hash of this package's own source and of the Python that parses.

    So no entry outlives an edit of the engine, and nobody has to remember a number.
    """
    import sys

    digest = hashlib.sha256(repr(sys.version_info).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    nouns = _PACKAGE.parent.parent / "domain" / "zones.py"
    digest.update(nouns.read_bytes())
    return digest.hexdigest()


class Store:
    """Values by key, of one repository (``name``: anything that tells it from others).

    ``folder`` overrides where the file lies. An entry that no run asked for is dropped when the file would be
    too large, those unused longest first.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        key = hashlib.sha256(f"{version()}\0{name}".encode("utf-8", "surrogateescape")).hexdigest()
        self._path = (files.folder(KIND) if folder is None else folder) / f"{key[:40]}.pack"
        self._kept = self._read()
        self._used: set[str] = set()
        self._new: dict[str, bytes] = {}

    def _read(self) -> dict[str, tuple[int, bytes]]:
        data = files.read(self._path)
        if data is None:
            return {}
        try:
            return msgspec.msgpack.decode(data, type=_Pack).entries
        except msgspec.MsgspecError:
            return {}

    def get(self, key: str) -> bytes | None:
        """Return the value, None where there is none."""
        if key in self._new:
            return self._new[key]
        if key not in self._kept:
            return None
        self._used.add(key)
        return self._kept[key][1]

    def put(self, key: str, value: bytes) -> None:
        """Keep a value from now on; :meth:`save` writes it."""
        self._new[key] = value

    def save(self) -> None:
        """Write what is new, if anything is; entries that this run did not use grow older by one."""
        if not self._new:
            return
        ours = {key: (0, value) for key, value in self._new.items()}
        used = {key: (0, self._kept[key][1]) for key in self._used if key not in ours}
        others = self._read()  # another run may have written meanwhile
        aged = {
            key: (age + 1, value)
            for key, (age, value) in sorted(others.items(), key=lambda entry: entry[1][0])
            if key not in ours and key not in used
        }
        entries = dict(_bounded({**ours, **used, **aged}))
        files.write(self._path, msgspec.msgpack.encode(_Pack(entries)))
        self._drop_others()

    def _drop_others(self) -> None:
        """Remove the files of repositories that were checked longest ago."""
        with suppress(OSError):
            found = [(path.stat().st_mtime, path) for path in self._path.parent.glob("*.pack")]
            for _, path in sorted(found, reverse=True)[MAX_FILES:]:
                path.unlink(missing_ok=True)


def _bounded(entries: dict[str, tuple[int, bytes]]) -> Iterator[tuple[str, tuple[int, bytes]]]:
    """Give entries in their order until the file would be too large."""
    left = MAX_BYTES
    for key, entry in entries.items():
        left -= len(key) + len(entry[1]) + 16
        if left < 0:
            return
        yield key, entry
