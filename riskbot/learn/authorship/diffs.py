"""The added Python lines of many commits, read as one stream of ``git diff-tree``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from riskbot.assess import kinds
from riskbot.assess.kinds import Kind
from riskbot.detect.authorship.style.lexer import is_written
from riskbot.outside.git import Git

_COMMAND = ("-c", "core.quotePath=false", "diff-tree", "--stdin", "-r", "-p", "-U0", "--root", "--no-renames")
_ID = re.compile(rb"^[0-9a-f]{40,64}$")
_HUNK = re.compile(rb"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
MOST_LINES = 600
"""A change that adds more Python is seldom written: it is moved, generated or vendored."""


@dataclass(slots=True)
class Diff:
    """What a commit adds in Python: line numbers and texts by path; ``patch`` names what it changes."""

    commit: str
    added: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    patch: str = ""

    @property
    def lines(self) -> int:
        """How many lines it adds."""
        return sum(map(len, self.added.values()))

    @property
    def texts(self) -> dict[str, list[str]]:
        """The added lines by path."""
        return {path: [text for _, text in lines] for path, lines in self.added.items()}

    @property
    def tests(self) -> float:
        """The share of the added lines that is in tests."""
        inside = sum(len(lines) for path, lines in self.added.items() if kinds.kind(path) is Kind.TEST)
        return inside / self.lines if self.lines else 0.0


def diffs(git: Git, commits: Sequence[str]) -> Iterator[Diff]:
    """Give the diffs of commits that change Python, in the order given; generated files are left out."""
    wanted = "".join(f"{one}\n" for one in commits).encode()
    with git.stream(*_COMMAND, "--", "*.py", "*.pyi", stdin=wanted) as stream:
        yield from _read(stream)


def _read(stream: IO[bytes]) -> Iterator[Diff]:
    now: Diff | None = None
    hashed, path, left, number = hashlib.sha256(), "", 0, 0
    for raw in stream:
        line = raw.rstrip(b"\n")
        if left and not line.startswith(b"\\"):  # "\ No newline at end of file" is no line of a side
            left -= 1
            hashed.update(line.replace(b" ", b"").replace(b"\t", b""))
            if line[:1] == b"+" and now is not None and path:
                text = line[1:].rstrip(b"\r").decode("utf-8", "replace")
                now.added.setdefault(path, []).append((number, text))
                number += 1
        elif found := _HUNK.match(line):
            number = int(found[2])
            left = sum(1 if count is None else int(count) for count in (found[1], found[3]))
        elif line.startswith(b"+++ "):
            path = _path(line)
            hashed.update(path.encode("utf-8", "replace"))
        elif _ID.match(line):
            if now is not None:
                now.patch = hashed.hexdigest()[:32]
                yield now
            now, hashed, path = Diff(line.decode()), hashlib.sha256(), ""
    if now is not None:
        now.patch = hashed.hexdigest()[:32]
        yield now


def _path(line: bytes) -> str:
    """Give the new path of a file that counts, empty for one that does not."""
    path = line[4:].strip(b'"').decode("utf-8", "replace").removesuffix("\t").removeprefix("b/")
    return path if is_written(path) else ""
