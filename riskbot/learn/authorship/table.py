"""The columns of a mined table: a commit a row, its features, and no code and no name of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from riskbot.detect.authorship.style.features import VERSION, names
from riskbot.domain.change import Actor, Commit
from riskbot.domain.errors import EvaluationError
from riskbot.learn.authorship.messages import PREFIX, message

FEATURE = "s."
_MESSAGE = tuple(message(Commit("", "", (), Actor("", ""), Actor("", ""), 0, 0, "")))
SCHEMA = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("repository", "commit", "patch", "group", "change", "tool", "tier")
        ),
        *((name, pa.int64()) for name in ("authored_at", "committed_at")),  # seconds since the epoch
        ("author", pa.string()),  # a pseudonym within the repository
        *((name, pa.int32()) for name in ("zone", "earlier", "lines", "files")),
        *((name, pa.float32()) for name in ("tests", "noted")),
        *((PREFIX + name, pa.float32()) for name in _MESSAGE),
        *((FEATURE + name, pa.float32()) for name in names()),
    ],
    metadata={"riskbot.style": str(VERSION)},
)
"""``group``: as in :mod:`.groups`; ``change``: which change of :mod:`.changed` was made, empty for none;
``noted``: the share of the added lines that notes give to an agent, null without a note."""


def write(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Write a table."""
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), path, compression="zstd")


def read(paths: Iterable[Path]) -> pa.Table:
    """Read tables as one. Raises EvaluationError for one that holds other features than are measured now."""
    tables = []
    for path in paths:
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as problem:
            raise EvaluationError(
                f"The mined table {path} cannot be read: {problem}.", mend="Mine the repository again."
            ) from problem
        if not table.schema.equals(SCHEMA, check_metadata=True):
            raise EvaluationError(
                f"The mined table {path} holds other features than riskbot measures.",
                mend="Mine the repository again.",
            )
        tables.append(table)
    return pa.concat_tables(tables)
