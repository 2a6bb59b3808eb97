"""The manifest of a step of a learning run: what was made, of what, with which hashes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskbot import __version__

MANIFEST = "manifest.json"
SCHEMA = 1


def digest(path: Path) -> str:
    """Return a file's SHA-256, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_intact(path: Path, sha256: str) -> bool:
    """Say whether a file is there with the content that its hash names."""
    try:
        return digest(path) == sha256
    except OSError:
        return False


def read(folder: Path) -> dict[str, Any]:
    """Return the records of the units finished in a step's folder, by name; a damaged manifest has none."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        units = content["units"] if content["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    if not isinstance(units, dict):
        return {}
    return {name: record for name, record in units.items() if _sound(record)}


def _sound(record: object) -> bool:
    """Say whether a record names files of its own folder, with hashes."""
    outputs = record.get("outputs") if isinstance(record, dict) else None
    return isinstance(outputs, dict) and all(
        isinstance(sha256, str) and not name.startswith("/") and ".." not in name.split("/")
        for name, sha256 in outputs.items()
    )


def write(folder: Path, step: str, records: Mapping[str, Any]) -> None:
    """Replace a step's manifest in one move."""
    content = {"schema": SCHEMA, "step": step, "riskbot": __version__, "units": dict(sorted(records.items()))}
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{MANIFEST}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(folder / MANIFEST)
