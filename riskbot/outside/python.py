"""The door to Python itself: a module run in a fresh interpreter, with a time limit.

What is measured in it (memory, import time) is its own, and what crashes or hangs in it ends alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from riskbot.domain.errors import EvaluationError

_TOLD = 20_000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit status (negative: killed by that signal; None: given up), its last words."""

    status: int | None
    stderr: str


def run(
    module: str, arguments: Sequence[str], *, seconds: float, environment: Mapping[str, str] | None = None
) -> Ended:
    """Run ``python -m module arguments`` to its end, or kill it and its children after ``seconds``.

    ``environment`` is added to the caller's. What it prints is dropped; of its complaints the last 20,000
    bytes are kept. Raises EvaluationError where no interpreter can be started.
    """
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                env={**os.environ, **(environment or {})},
                process_group=0,
            )
        except OSError as problem:
            raise EvaluationError(f"Python could not be started: {problem.strerror}.") from problem
        status: int | None = None
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with suppress(OSError):  # compilers that it started end with it
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - _TOLD))
        return Ended(status, complaints.read().decode("utf-8", "replace"))
