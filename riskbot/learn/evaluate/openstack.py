"""The published OpenStack rows (Zeng et al., ISSTA 2021) as rows of this package."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.baselines import KAMEI
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.evaluate.targets import PUBLISHED_LA
from riskbot.learn.measure import Floats, Ranking

ONLY_HERE = "published."
"""Stands before a published metric's name where mined features of the same names are there, too."""


def published(path: Path) -> tuple[Rows, Rows]:
    """Read the train and the test rows, with the 14 published metrics, each by time.

    ``path``: the table, plain or gzipped. Raises EvaluationError unless ranking the test rows by lines added
    gives the published AUC.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    table.sort(key=lambda row: (int(row["author_date_unix"]), row["commit"]))
    train, test = (_rows([row for row in table if row["split"] == part]) for part in ("train", "test"))
    auc = Ranking(test.la, test.label).auc()
    if round(auc, 4) != PUBLISHED_LA:
        raise EvaluationError(
            f"{path}: lines added rank the test rows with AUC {auc:.4f}, not the published {PUBLISHED_LA}.",
            mend="Give the file that benchmarks/data/README.md describes.",
        )
    return train, test


def _rows(table: Sequence[Mapping[str, str]]) -> Rows:
    def column(name: str) -> Floats:
        return np.array([float(row[name]) if row[name] else np.nan for row in table])

    return Rows(
        matrix=np.column_stack([column(name) for name in KAMEI]),
        names=KAMEI,
        label=column("buggy"),
        when=column("author_date_unix"),
        repository=np.array([row["repository"] for row in table]),
        ids=np.array([row["commit"] for row in table]),
        la=column("la"),
        ld=column("ld"),
    )


def with_mined(rows: Rows, mined: Rows) -> Rows:
    """Give published rows the features (and texts) that were mined of the same commits.

    Labels, times and lines stay as published, so figures are comparable. A commit that was not mined (it
    lies on another branch) has unknown features and no text. The published metrics stay, under names with
    :data:`ONLY_HERE` before them, so that a baseline can tell them from the mined ones.
    """
    place = {str(commit): at for at, commit in enumerate(mined.ids)}
    at = np.array([place.get(str(commit), -1) for commit in rows.ids])
    features = np.where((at >= 0)[:, None], mined.matrix[at], np.nan)
    names = (*mined.names, *(ONLY_HERE + name for name in rows.names))
    texts = [mined.texts[i] if i >= 0 else [] for i in at] if len(mined.texts) else ()
    return replace(rows, matrix=np.column_stack([features, rows.matrix]), names=names, texts=texts)
