"""Where the words go: standard output, or a file that is whole or not there at all."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from riskbot.domain.errors import EvaluationError


def write(text: str, path: str | None, what: str = "report", flag: str = "--output") -> None:
    """Write ``text`` as UTF-8 to ``path``, or to standard output when it is None or ``-``.

    A regular file is replaced in one step, so that a full disk or Ctrl-C leaves the old one untouched.
    Raises EvaluationError naming the file when it cannot be written; ``what`` and ``flag`` are its words for
    what is written and for the option that named the file.
    """
    write_all((text,), path, what, flag)


def write_all(
    pieces: Iterable[str],
    path: str | None,
    what: str = "report",
    flag: str = "--output",
    *,
    flush: bool = False,
) -> None:
    """Write a text piece by piece as :func:`write` does a whole one, in memory that does not grow with it.

    With ``flush`` each piece is on standard output before the next one is asked for.
    """
    write_bytes(
        (piece.encode("utf-8", "backslashreplace") for piece in pieces), path, what, flag, flush=flush
    )


def write_bytes(
    data: Iterable[bytes],
    path: str | None,
    what: str = "report",
    flag: str = "--output",
    *,
    flush: bool = False,
) -> None:
    """Write pieces of bytes as :func:`write_all` does pieces of text."""
    if path in {None, "-"}:
        sys.stdout.flush()
        for piece in data:
            sys.stdout.buffer.write(piece)
            if flush:
                sys.stdout.buffer.flush()
        sys.stdout.buffer.flush()
        return
    target = Path(str(path))
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            with target.open("wb") as file:  # a pipe or a device has no half-written state to protect
                file.writelines(data)
        else:
            _replace(target.resolve(), data)
    except OSError as problem:
        raise EvaluationError(
            f"The {what} could not be written to {path}: {problem.strerror or problem}.",
            mend=f"Nothing was left half-written. Free the disk or name another file with {flag}.",
        ) from problem


def _replace(target: Path, data: Iterable[bytes]) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; a report gets the mode that any new file would get, or keeps its own.
        umask = os.umask(0)
        os.umask(umask)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~umask
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
