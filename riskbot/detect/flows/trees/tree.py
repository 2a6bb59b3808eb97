"""What the flow engine reads: the Python files of one version of a repository, by path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

STEP = "flows"
"""What stands in the omissions of everything around the flows."""

PYTHON = (".py", ".pyw")
"""What names Python source: stubs hold no flows. A script without an ending counts where it is meant."""

MAX_BYTES = 1_000_000
"""A larger file is not read: a hostile one of this size already takes a parser seconds."""


class Tree(Protocol):
    """One version of a repository's files. Paths are relative, parted by ``/``, as in a Change."""

    def paths(self) -> Sequence[str]:
        """List all Python files, sorted."""

    def read(self, path: str) -> bytes | None:
        """Return the file's content, or None where it cannot be read (the tree says why)."""

    def digest(self, path: str) -> str:
        """Name the file's content: equal names, equal contents. Nothing is read if that can be helped."""
