"""Many objects of a repository, read one after another by one git process, each up to a bound."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from riskbot.domain.errors import EvaluationError
from riskbot.outside.git import Git
from riskbot.outside.gitcommand import failed, start

AHEAD = 8 << 10
"""So many bytes of names are asked for ahead of what is read, twice: they fit into an empty pipe everywhere.

So neither side ever waits for the other to read.
"""

_SKIP = 1 << 16
_MEND = "Run `git fsck` to see what is damaged."


@dataclass(frozen=True, slots=True)
class Found:
    """One answer. ``size`` is the object's in bytes; ``content`` is whole where it has as many.

    Of a larger object ``content`` holds the beginning and the end, half of the bound each.
    """

    id: str
    type: str
    size: int
    content: bytes


class Objects:
    """Contents by object id from ``git cat-file --batch``."""

    def __init__(self, asked: IO[bytes], answers: IO[bytes], most: int) -> None:
        self._asked, self._answers, self._most = asked, answers, most

    def read(self, names: Sequence[bytes]) -> Iterator[Found | None]:
        """Give each object, in the order of ``names``; None for one that is not here, or that is no name.

        Names are ids, perhaps with ``^{commit}`` after them, without line ends. Every answer must be taken
        before more is asked. Raises EvaluationError where git ends or an object is damaged.
        """
        step = max(1, AHEAD // (max(map(len, names), default=0) + 1))
        self._ask(names[:step])
        for at in range(0, len(names), step):
            self._ask(names[at + step : at + 2 * step])
            for _ in names[at : at + step]:
                answer = _next(self._answers, self._most)
                if answer is None:
                    raise EvaluationError("git stopped while objects were read.", mend=_MEND)
                yield answer if isinstance(answer, Found) else None

    def _ask(self, names: Sequence[bytes]) -> None:
        try:
            self._asked.write(b"".join(name + b"\n" for name in names))
            self._asked.flush()
        except OSError as problem:
            raise EvaluationError(f"git stopped while objects were read: {problem.strerror}.") from problem


@contextmanager
def objects(git: Git, most: int, options: Sequence[str] = ()) -> Iterator[Objects]:
    """Open a reader that keeps at most ``most`` bytes of an object; it is closed on leaving.

    ``options`` stand before git's command, such as ``-c core.packedGitLimit=256m``.
    """
    command: list[str | bytes] = ["git", *options, "cat-file", "--batch"]
    with start(command, git.scratch, git.hermetic, subprocess.DEVNULL, subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("BUG: git was started without pipes")
        try:
            yield Objects(process.stdin, process.stdout, most)
        finally:
            process.kill()


def walk(git: Git, options: Sequence[str], tips: Sequence[str], most: int) -> Iterator[Found | str]:
    """Give the commits that git-rev-list(1) lists for ``tips`` (ids, ``^id``), in its order.

    One git process lists and hands over to another that reads, so that they work side by side. An id alone is
    a commit that is listed and not here. Raises EvaluationError where either fails.
    """
    lister: list[str | bytes] = ["git", "rev-list", *options, "--stdin"]
    reader: list[str | bytes] = ["git", "cat-file", "--batch", "--buffer"]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as given:
        given.write("".join(f"{tip}\n" for tip in tips).encode())
        given.seek(0)
        with start(lister, git.scratch, git.hermetic, said, given.fileno()) as listing:
            if listing.stdout is None:
                raise AssertionError("BUG: git was started without a pipe")
            with start(
                reader, git.scratch, git.hermetic, subprocess.DEVNULL, listing.stdout.fileno()
            ) as reading:
                if reading.stdout is None:
                    raise AssertionError("BUG: git was started without a pipe")
                # From here on the reader alone holds the lister's output: when it ends, so does the lister.
                listing.stdout.close()
                try:
                    while (answer := _next(reading.stdout, most)) is not None:
                        yield answer
                except BaseException:
                    reading.kill()
                    listing.kill()
                    raise
                status = listing.wait()
            if status or reading.returncode:
                said.seek(0)
                raise failed(tuple(lister[1:]), said.read(4096))


def _next(answers: IO[bytes], most: int) -> Found | str | None:
    """Read one answer: an object, the name of one that is not here, or None at the end."""
    header = answers.readline()
    words = header.split()
    if not words:
        return None
    if words[-1] in {b"missing", b"ambiguous"}:
        return words[0].decode("ascii", "replace")
    if len(words) != 3:
        raise EvaluationError("git could not read an object.", mend=_MEND)
    size = int(words[2])
    content = _content(answers, size, most)
    if answers.read(1) != b"\n":
        raise EvaluationError("git stopped while it gave an object.", mend=_MEND)
    return Found(words[0].decode(), words[1].decode(), size, content)


def _content(answers: IO[bytes], size: int, most: int) -> bytes:
    if size <= most:
        return answers.read(size)
    half = most // 2
    begin = answers.read(half)
    left = size - 2 * half
    while left > 0 and (skipped := answers.read(min(left, _SKIP))):
        left -= len(skipped)
    return begin + answers.read(half)
