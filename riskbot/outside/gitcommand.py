"""The git command as a process: its environment, its errors, its end."""

from __future__ import annotations

import io
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import IO

from riskbot.domain.errors import EvaluationError, RiskbotError

OLDEST = (2, 32)
"""The oldest git that will do: GIT_CONFIG_GLOBAL came with 2.32, ``--path-format`` with 2.31."""

SECONDS = 300.0
"""After so long a single git command is given up."""


class Pipe(io.FileIO):
    """The reading end of a pipe that remembers whether its end was seen."""

    ended = False

    def readinto(self, buffer: object) -> int | None:
        """Read into ``buffer``; 0 is the end."""
        count = super().readinto(buffer)  # type: ignore[arg-type]
        self.ended = self.ended or count == 0
        return count

    def readall(self) -> bytes:
        """Read to the end."""
        rest = super().readall()
        self.ended = True
        return rest


@cache
def version() -> tuple[int, ...]:
    """Return git's version; EvaluationError where git is missing or older than :data:`OLDEST`."""
    said = run(("version",), Path("/"), plain_environment(), None, (0,)).decode(errors="replace")
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    found = tuple(int(part or 0) for part in match.groups()) if match else ()
    if found < OLDEST:
        raise EvaluationError(
            f"riskbot needs git {OLDEST[0]}.{OLDEST[1]} or newer; `git version` says: {said.strip()[:80]}",
            mend="Install a newer git.",
        )
    return found


def plain_environment() -> dict[str, str]:
    """Return the environment without any GIT_*, with everything that changes git's output pinned."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for name in ("LANGUAGE", "LC_MESSAGES", "PAGER", "LESS"):
        environment.pop(name, None)
    return environment | {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",  # reading must not refresh the index on the side
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",  # known since git 2.45; the next line does it for the older ones
        "GIT_ALLOW_PROTOCOL": "none",
    }


def execute(
    arguments: tuple[str | bytes, ...], folder: Path, environment: dict[str, str], stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git to its end, whatever its exit status; EvaluationError where it is missing or takes too long."""
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environment,
            input=b"" if stdin is None else stdin,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except OSError as problem:
        raise _not_started(folder, problem) from problem
    except subprocess.TimeoutExpired as problem:
        raise EvaluationError(
            f"git was given up after {SECONDS:.0f} seconds (git {_named(arguments)}).",
            mend="Try again on a quieter machine or a faster disk.",
        ) from problem


def run(
    arguments: tuple[str | bytes, ...],
    folder: Path,
    environment: dict[str, str],
    stdin: bytes | None = None,
    ok: tuple[int, ...] = (0,),
) -> bytes:
    """Run git to its end and return its output; EvaluationError where the exit status is not in ``ok``."""
    done = execute(arguments, folder, environment, stdin)
    if done.returncode not in ok:
        raise failed(arguments, done.stderr)
    return done.stdout


def start(
    command: list[str | bytes],
    folder: Path,
    environment: dict[str, str],
    stderr: IO[bytes] | int,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start git with a pipe to read from."""
    try:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr
        )
    except OSError as problem:
        raise _not_started(folder, problem) from problem


def _not_started(folder: Path, problem: OSError) -> RiskbotError:
    """Say why git could not be started: the command or the folder is not there."""
    if not folder.is_dir():
        return EvaluationError(f"The folder {folder} vanished while riskbot was reading.")
    if isinstance(problem, FileNotFoundError):
        return EvaluationError("The command git was not found.", mend="Install git and put it on PATH.")
    return EvaluationError(f"git could not be started: {problem.strerror}.")


def failed(arguments: tuple[str | bytes, ...], stderr: bytes) -> EvaluationError:
    """Make the error for a git command that failed, with what git said."""
    return EvaluationError(
        f"git failed (git {_named(arguments)}): {first_line(stderr)}",
        mend="Run `git fsck` if the repository may be damaged.",
    )


def _named(arguments: tuple[str | bytes, ...]) -> str:
    """Name a git command for a message, without its operands."""
    words = [os.fsdecode(part) for part in arguments]
    return next((word for word in words if word.isidentifier() or "-" in word[1:]), words[0])


def first_line(stderr: bytes) -> str:
    """Return the line of git's complaint that says most, safe to show."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    chosen = next(
        (line for line in lines if line.startswith(("fatal:", "error:"))), (lines or ["no reason"])[0]
    )
    text = chosen.partition(": ")[2] or chosen
    return "".join(char if char.isprintable() else "?" for char in text)[:300]
