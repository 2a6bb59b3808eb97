"""Scored: changes with their labels and every ranking's score, in memory and as one Parquet file.

The file is what a figure is rebuilt from: with it the measuring can be repeated, or doubted, without
fitting anything again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.measure import Floats

OURS = "riskbot"
"""The name of the shipped model's score."""
TEXT = "transformer alone"
TREES = "trees alone"
"""Its two halves, each calibrated by itself."""
COLUMNS = ("repository", "commit", "when", "label", "la", "ld")
KEPT = ("exp",)
"""Features kept in the file because a figure needs them: how long the author has been there."""


@dataclass(frozen=True)
class Scored:
    """One set of measured rows, with a probability of every row by every ranking.

    ``name``: the set's name in the report; ``about``: in a sentence, which rows and which label;
    ``scores``: by the ranking's name, [rows] each, in 0..1; ``ours`` names the one that the others are
    compared with.
    """

    name: str
    rows: Rows
    scores: dict[str, Floats]
    about: str = ""
    ours: str = OURS

    def __post_init__(self) -> None:
        """Refuse scores that are missing, not probabilities, or of other rows."""
        if self.ours not in self.scores:
            raise EvaluationError(f"Set {self.name} has no score named {self.ours}.")
        for name, score in self.scores.items():
            if len(score) != len(self.rows):
                raise EvaluationError(
                    f"Set {self.name}: {name} scores {len(score):,} rows, there are {len(self.rows):,}."
                )
            if not ((score >= 0) & (score <= 1)).all():  # also refuses nan
                raise EvaluationError(
                    f"Set {self.name}: {name} gives numbers that are no probabilities.",
                    mend="Give probabilities, not logits, and let an unknown score be the training rate.",
                )
        if not 0 < self.rows.label.sum() < len(self.rows):
            raise EvaluationError(f"Set {self.name}: all {len(self.rows):,} rows have the same label.")


def write(folder: Path, scored: Scored) -> Path:
    """Write ``<name>.parquet`` under ``folder``: one row a commit, a column ``s.<ranking>`` each."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = scored.rows
    columns: dict[str, Any] = {
        "repository": rows.repository,
        "commit": rows.ids,
        "when": rows.when.astype(np.int64),
        "label": rows.label.astype(np.int8),
        "la": rows.la.astype(np.int32),
        "ld": rows.ld.astype(np.int32),
    }
    columns |= {f"f.{name}": rows.columns((name,))[:, 0] for name in KEPT if name in rows.names}
    columns |= {f"s.{name}": score for name, score in scored.scores.items()}
    table = pa.table(columns).replace_schema_metadata({"about": scored.about, "ours": scored.ours})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scored.name}.parquet"
    parquet.write_table(table, path)
    return path


def read(path: Path) -> Scored:
    """Read what :func:`write` wrote; an unusable file raises :class:`EvaluationError` with its name."""
    import pyarrow as pa
    from pyarrow import parquet

    again = "Run the evaluate step again."
    try:
        table = parquet.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise EvaluationError(f"{path}: cannot be read: {error}", mend=again) from error
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise EvaluationError(f"{path}: lacks the columns {', '.join(missing)}.", mend=again)
    found = {name: table[name].to_numpy() for name in table.column_names}
    kept = [name for name in found if name.startswith("f.")]
    rows = Rows(
        _matrix([found[name] for name in kept], table.num_rows),
        tuple(name.removeprefix("f.") for name in kept),
        found["label"].astype(float),
        found["when"].astype(float),
        found["repository"].astype(str),
        found["commit"].astype(str),
        found["la"].astype(float),
        found["ld"].astype(float),
    )
    said = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    scores = {name.removeprefix("s."): found[name] for name in found if name.startswith("s.")}
    return Scored(path.stem, rows, scores, said.get("about", ""), said.get("ours", OURS))


def _matrix(columns: Sequence[Floats], count: int) -> Floats:
    return np.column_stack(columns) if columns else np.empty((count, 0))
