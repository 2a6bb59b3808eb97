"""The columns of a mined table, writing it bit by bit, and reading it back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from riskbot.assess.features import CATALOGUE_VERSION, NAMES
from riskbot.domain.errors import EvaluationError

FEATURE = "f."
"""A feature's column is its name after this; null is unknown, never 0."""
CHUNK = pa.struct(
    [
        ("path", pa.string()),
        *((name, pa.int32()) for name in ("old_start", "old_count", "new_start", "new_count")),
        ("first", pa.string()),
        ("second", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("repository", "commit", "parent")),
        ("authored_at", pa.int64()),  # seconds since the epoch
        ("committed_at", pa.int64()),
        *((name, pa.string()) for name in ("author", "message", "patch_id", "skip", "reverts")),
        ("la", pa.int32()),
        ("ld", pa.int32()),
        ("code", pa.bool_()),
        *((FEATURE + name, pa.float32()) for name in NAMES),
        ("chunks", pa.list_(CHUNK)),
    ],
    metadata={"riskbot.features": str(CATALOGUE_VERSION)},
)
_BATCH = 500


class Writer:
    """Writes rows in batches to a file beside ``path`` and renames it when all is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.with_name(path.name + ".part")
        self.rows: list[dict[str, Any]] = []
        self.file = pq.ParquetWriter(self.beside, SCHEMA, compression="zstd")

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self.rows.append(row)
        if len(self.rows) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self.rows:
            self.file.write_batch(pa.RecordBatch.from_pylist(self.rows, schema=SCHEMA))
            self.rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self.file.close()
        if kind is None:
            self.beside.replace(self.path)
        else:
            with contextlib.suppress(OSError):
                self.beside.unlink()


def read(paths: Iterable[Path], columns: Sequence[str] | None = None) -> pa.Table:
    """Read mined tables as one, in the order of ``paths``.

    Raises EvaluationError for a table of other features than this riskbot measures.
    """
    return pa.concat_tables(_tables(paths, columns))


def _tables(paths: Iterable[Path], columns: Sequence[str] | None) -> Iterator[pa.Table]:
    for path in paths:
        try:
            table = pq.read_table(path, columns=None if columns is None else list(columns))
        except (OSError, pa.ArrowException) as problem:
            raise EvaluationError(
                f"The mined table {path} cannot be read: {problem}.", mend="Mine the repository again."
            ) from problem
        told = (table.schema.metadata or {}).get(b"riskbot.features", b"none").decode()
        if told != str(CATALOGUE_VERSION):
            raise EvaluationError(
                f"The mined table {path} holds features of version {told}; this riskbot measures"
                f" {CATALOGUE_VERSION}.",
                mend="Mine the repository again.",
            )
        yield table
