"""A git command that runs in the background while riskbot does something else."""

from __future__ import annotations

import subprocess
import tempfile
import time
import weakref
from collections.abc import Iterator
from typing import IO

from riskbot.domain.errors import EvaluationError
from riskbot.outside.git import Git

CHUNK = 1 << 18


class Background:
    """A git process on the repository's objects (as :meth:`Git.stream`), its output kept in a nameless file.

    The process never waits for a reader: what it says goes to an unlinked temporary file. It is ended when
    its time is over, and when nobody holds this object any more. No thread is involved.
    """

    def __init__(self, git: Git, *arguments: str | bytes, seconds: float) -> None:
        """Start git; raises EvaluationError where it cannot be started."""
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by finish or with the object
        self._deadline = time.monotonic() + seconds
        self.seconds = seconds
        try:
            self._process = subprocess.Popen(
                ["git", *arguments],
                cwd=git.scratch,
                env=git.hermetic,
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=subprocess.DEVNULL,
            )
        except OSError as problem:
            self._out.close()
            raise EvaluationError(f"git could not be started: {problem.strerror}.") from problem
        # The scratch folder must outlive the process: hold the Git too.
        self._git = git
        weakref.finalize(self, _drop, self._process, self._out)

    def finish(self) -> Iterator[bytes]:
        """Wait for git and yield its output in chunks; to be called once.

        Raises TimeoutError where its time is over, EvaluationError where git failed.
        """
        with self._out:
            try:
                status = self._process.wait(max(0.0, self._deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _end(self._process)
                raise TimeoutError from None
            if status:
                raise EvaluationError("git could not read the history.", mend="Run `git fsck`.")
            self._out.seek(0)
            yield from iter(lambda: self._out.read(CHUNK), b"")


def _drop(process: subprocess.Popen[bytes], out: IO[bytes]) -> None:
    """End the process and close its file: nobody will ask for them any more."""
    _end(process)
    out.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
