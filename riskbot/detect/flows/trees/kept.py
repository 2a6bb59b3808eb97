"""A tree without the files that the zones' ``exclude`` leaves out: not read, not told, no flow found."""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.detect.flows.language.zones import excluded
from riskbot.detect.flows.trees.revision import Readable
from riskbot.domain.change import Omission
from riskbot.domain.zones import Zones


class KeptTree:
    """What of ``tree`` is looked at by ``zones``."""

    def __init__(self, tree: Readable, zones: Zones) -> None:
        self._tree, self._zones = tree, zones
        self._gone: frozenset[str] = frozenset()

    def paths(self) -> Sequence[str]:
        """List all Python files but the excluded ones, sorted."""
        return self._kept(self._tree.paths())

    def files(self, endings: tuple[str, ...]) -> Sequence[str]:
        """List all files with one of these endings but the excluded ones, sorted."""
        return self._kept(self._tree.files(endings))

    def _kept(self, paths: Sequence[str]) -> Sequence[str]:
        gone = excluded(self._zones, paths)
        self._gone |= gone
        return [path for path in paths if path not in gone] if gone else paths

    def read(self, path: str) -> bytes | None:
        """Read a file that is looked at."""
        return None if path in self._gone else self._tree.read(path)

    def digest(self, path: str) -> str:
        """Name the file's content."""
        return self._tree.digest(path)

    def omissions(self) -> tuple[Omission, ...]:
        """Say what could not be read so far, of what is looked at."""
        told = self._tree.omissions()
        gone = excluded(self._zones, [one.path for one in told if one.path is not None])
        return tuple(one for one in told if one.path not in gone)
