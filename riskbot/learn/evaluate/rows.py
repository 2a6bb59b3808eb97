"""Rows: changes with their features and labels, as matrices, which everything in this package reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskbot.domain.errors import EvaluationError
from riskbot.learn.measure import Floats

Chunk = tuple[str, str]
"""A part of a hunk as the text model reads it: where (subject and path), and the marked lines."""


@dataclass(frozen=True)
class Picked(Sequence[Sequence[Chunk]]):
    """Some elements of a sequence of texts, read only when asked for: texts are too many to copy."""

    source: Sequence[Sequence[Chunk]]
    chosen: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, at: Any) -> Any:
        """Give the chunks of one change, or some changes."""
        chosen = self.chosen[at]
        return Picked(self.source, chosen) if isinstance(at, slice) else self.source[chosen]


@dataclass(frozen=True)
class Rows:
    """Changes, one a row; all parts have as many rows as ``label``.

    ``matrix``: [rows, features], NaN where unknown; ``names``: the features; ``label``: 1 positive, 0 not;
    ``when``: seconds since 1970, UTC; ``repository`` and ``ids`` (commit ids): strings; ``la``, ``ld``:
    lines added and deleted; ``texts``: the chunks of each change (a list, or anything that reads them when
    asked), () where they are not needed.
    """

    matrix: Floats
    names: tuple[str, ...]
    label: Floats
    when: Floats
    repository: NDArray[np.str_]
    ids: NDArray[np.str_]
    la: Floats
    ld: Floats
    texts: Sequence[Sequence[Chunk]] = field(default=())

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together."""
        sizes = {
            item.name: len(getattr(self, item.name))
            for item in fields(self)
            if item.name not in {"names", "texts"}
        }
        if len(self.texts):
            sizes["texts"] = len(self.texts)
        if len(set(sizes.values())) > 1:
            raise EvaluationError(f"The parts of the rows differ in length: {sizes}.")
        if self.matrix.shape != (len(self.label), len(self.names)):
            raise EvaluationError(
                f"The matrix of features is {self.matrix.shape}, not {(len(self.label), len(self.names))}."
            )
        if not np.isin(self.label, (0, 1)).all():
            raise EvaluationError("A label is neither 0 nor 1.")

    def __len__(self) -> int:
        return len(self.label)

    @property
    def effort(self) -> Floats:
        """Lines changed: what it costs to read the change."""
        return self.la + self.ld

    def part(self, which: Any) -> Rows:
        """Give the rows of a mask, of indices (in their order) or of a slice."""
        index = np.arange(len(self))[which]
        return Rows(
            self.matrix[index],
            self.names,
            self.label[index],
            self.when[index],
            self.repository[index],
            self.ids[index],
            self.la[index],
            self.ld[index],
            Picked(self.texts, index) if len(self.texts) else (),
        )

    def columns(self, names: Sequence[str]) -> Floats:
        """Give some features, [rows, names]; all must be there."""
        missing = [name for name in names if name not in self.names]
        if missing:
            raise EvaluationError(f"The rows lack the features {', '.join(missing)}.")
        return self.matrix[:, [self.names.index(name) for name in names]]

    def labelled(self, label: Floats) -> Rows:
        """Give the same rows with another label: a stricter source, or reverts."""
        return replace(self, label=label)

    def repositories(self) -> list[str]:
        """Name the repositories, sorted."""
        return [str(name) for name in np.unique(self.repository)]


Scorer = Callable[[Rows], Floats]
"""Gives each row a probability of being positive, [rows]."""


def split_by_time(rows: Rows, share: float) -> tuple[Rows, Rows]:
    """Give the first ``share`` of the rows by time, and the later rest."""
    order = np.argsort(rows.when, kind="stable")
    cut = int(len(rows) * share)
    return rows.part(order[:cut]), rows.part(order[cut:])
