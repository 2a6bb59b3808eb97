"""Where the words go: standard output, or a file that is whole or not there at all."""

import os
import stat
import sys
import tempfile
from pathlib import Path

from riskbot.domain.errors import EvaluationError


def write(text: str, path: str | None, what: str = "report", flag: str = "--output") -> None:
    """Write ``text`` as UTF-8 to ``path``, or to standard output when it is None or ``-``.

    A regular file is replaced in one step, so that a full disk or Ctrl-C leaves the old one untouched.
    Raises EvaluationError naming the file when it cannot be written; ``what`` and ``flag`` are its words for
    what is written and for the option that named the file.
    """
    data = text.encode("utf-8", "backslashreplace")
    if path in {None, "-"}:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = Path(str(path))
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(data)  # a pipe or a device has no half-written state to protect
        else:
            _replace(target.resolve(), data)
    except OSError as problem:
        raise EvaluationError(
            f"The {what} could not be written to {path}: {problem.strerror or problem}.",
            mend=f"Nothing was left half-written. Free the disk or name another file with {flag}.",
        ) from problem


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
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
