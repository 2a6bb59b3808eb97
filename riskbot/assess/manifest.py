"""A model's folder: its manifest, and its files, each given out only when it has the hash that stands there.

::

    name, version, reference     who it is, and what its percentiles are measured against
    [schema] version, features   what the numbers are that it was fitted on
    [files]                      what scoring reads: name = sha256
    [documents]                  what people read: card, measures, plots

A file's hash is taken of the very bytes that are then parsed, so nothing can change in between.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from riskbot.domain.errors import EvaluationError

NAME = "manifest.toml"
MEND = "Install riskbot again, or rebuild the model: docs/learn.md says how."
_MOST_BYTES = 512 * 2**20  # a model is a fraction of that


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model's folder holds, by its own account; ``sha256`` is the manifest's own hash."""

    folder: Path
    name: str
    version: str
    reference: str
    schema: int
    features: tuple[str, ...]
    files: dict[str, str]
    documents: dict[str, str]
    sha256: str

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the manifest of a folder; raises EvaluationError where there is none, or one without sense."""
        data = _bytes(folder / NAME)
        with sound(folder):
            told = tomllib.loads(data.decode())
            files, documents = _hashes(told["files"]), _hashes(told.get("documents", {}))
            return cls(
                folder,
                _text(told["name"]),
                _text(told.get("version", "1")),
                _text(told["reference"]),
                _whole(told["schema"]["version"]),
                tuple(_text(name) for name in told["schema"]["features"]),
                files,
                documents,
                hashlib.sha256(data).hexdigest(),
            )

    @property
    def schema_text(self) -> str:
        """The schema as it stands in the text model's metadata."""
        return schema_text(self.schema, self.features)

    def read(self, name: str) -> bytes:
        """Give a file's bytes. Raises EvaluationError naming it where it is missing or not the named one."""
        named = self.files | self.documents
        if name not in named:
            raise EvaluationError(f"The manifest in {self.folder} names no {name}.", mend=MEND)
        data = _bytes(self.folder / name)
        if hashlib.sha256(data).hexdigest() != named[name]:
            raise EvaluationError(
                f"The model's file {self.folder / name} is not the one its manifest names.", mend=MEND
            )
        return data

    def wrong(self) -> Iterator[tuple[str, str]]:
        """List every file that is not as the manifest says, or that it does not name, with what is wrong."""
        for name in self.files | self.documents:
            try:
                self.read(name)
            except EvaluationError as problem:
                yield name, problem.message
        for path in sorted(self.folder.iterdir()):
            if path.name not in {NAME, *self.files, *self.documents}:
                yield path.name, f"The manifest does not name {path}."


def schema_text(version: int, features: Sequence[str]) -> str:
    """Write a feature schema in one line, for the metadata of a text model that goes with these features."""
    return json.dumps({"version": version, "features": list(features)}, separators=(",", ":"))


@contextmanager
def sound(folder: Path) -> Iterator[None]:
    """Turn what reading a malformed part of a model raises into an error that names the model's folder."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise EvaluationError(
            f"The model in {folder} cannot be read: {type(error).__name__}: {error}.", mend=MEND
        ) from error


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES or not path.is_file():
            raise EvaluationError(f"The model's file {path} is no plain file of a model.", mend=MEND)
        return path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            f"The model's file {path} cannot be read: {error.strerror}.", mend=MEND
        ) from error


def _hashes(told: Any) -> dict[str, str]:
    """Take a table of names and hashes; a name is one of the folder itself, so it leads nowhere else."""
    if not isinstance(told, dict):
        raise TypeError("a table of files is no table")
    for name in told:
        if "/" in name or "\\" in name or name in {"", ".", "..", NAME}:
            raise ValueError(f"{name!r} names no file of the folder")
    return {name: _text(digest) for name, digest in told.items()}


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError(f"{told!r:.80} is no text")
    return told


def _whole(told: Any) -> int:
    if not isinstance(told, int) or isinstance(told, bool):
        raise TypeError(f"{told!r:.80} is no whole number")
    return told
