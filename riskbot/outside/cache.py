"""What riskbot keeps between runs, under the user's cache folder: never needed, never trusted blindly.

A kept file is read back only when it is a plain file of this user's that nobody else may write, and its
content has the hash on its first line. Anything else is as good as absent.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

LIMIT = 64 * 2**20
"""The largest file that is read back, in bytes."""


def folder(kind: str) -> Path:
    """Name the folder for one kind of kept files (it may not exist yet)."""
    import platformdirs

    return platformdirs.user_cache_path("riskbot") / kind


def read(path: Path) -> bytes | None:
    """Read a kept file, or None where there is none to be trusted."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(file.fileno())
            ours = stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
            if not ours or facts.st_size > LIMIT:
                return None
            digest, _, data = file.read().partition(b"\n")
    except OSError:
        return None
    return data if digest == hashlib.sha256(data).hexdigest().encode() else None


def write(path: Path, data: bytes) -> None:
    """Keep ``data``, whole or not at all; a cache that cannot be written costs only time."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
            Path(part).replace(path)
        except OSError:
            Path(part).unlink(missing_ok=True)
