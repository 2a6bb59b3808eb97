"""The table: a row a road, with all that was measured of it, or with the reason why it could not run."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec

from riskbot.domain.errors import EvaluationError


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """How long one run takes, at one shape.

    ``p50``, ``p95``: milliseconds over ``runs`` runs; ``ratio``: this road's lower quartile by that of the
    reference, timed in turns with it; ``low``, ``high``: the least and the greatest of single rounds.
    """

    p50: float
    p95: float
    ratio: float
    low: float
    high: float
    runs: int


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """What the road does to the scores of the evaluation set.

    ``auc_drop``, ``ap_drop``: the reference's minus this road's; ``largest``: by how much the probability of
    a commit moves at most; ``ece``: expected calibration error, ten bins of equal mass; ``sides``: share of
    commits that change side at the gate of the riskiest 5, 10, 50 % (the reference's thresholds), by percent.
    """

    auc: float
    ap: float
    auc_drop: float
    ap_drop: float
    largest: float
    ece: float
    sides: dict[str, float]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a fresh process measured of a road.

    ``imports``, ``load``, ``first``: seconds to import what it needs, to load the file, and of the first
    score after that; ``memory``: peak resident MiB after scoring one chunk, ``memory_all`` after all shapes;
    ``torch``: that scoring had imported torch; ``padding``, ``company``: how far a chunk's score moves at
    most by padding it, and by scoring it together with others; ``latency`` by "TOKENSxBATCH".
    """

    imports: float
    load: float
    first: float
    memory: float
    memory_all: float
    torch: bool
    padding: float
    company: float
    latency: dict[str, Latency]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One road. ``size``: the bytes that serving needs, the tokenizer not counted; 0 where there is no file.

    ``error``: why it could not run, one line; where it is empty ``run`` and ``quality`` are there.
    """

    road: str
    title: str
    portable: bool
    size: int = 0
    error: str = ""
    run: Run | None = None
    quality: Quality | None = None

    def ratio(self, shape: str) -> float:
        """Its time at a shape, the reference's being 1; endless where it did not run."""
        return self.run.latency[shape].ratio if self.run else math.inf

    @property
    def drop(self) -> float:
        """By how much AUC is lower than the reference's; endless where it did not run."""
        return self.quality.auc_drop if self.quality else math.inf

    @property
    def largest(self) -> float:
        """By how much the probability of a commit moves at most; endless where it did not run."""
        return self.quality.largest if self.quality else math.inf


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """All roads on one model. ``picked``: the road that is shipped, "" where none may be.

    ``refused``: why each other road that ran is not the one. ``machine``: processor, threads and versions.
    ``changes``, ``chunks``: how many the quality was measured on; ``base``: share of them with a defect.
    """

    rows: list[Row]
    picked: str
    refused: dict[str, str]
    machine: dict[str, str]
    threads: int
    changes: int
    chunks: int
    base: float

    def row(self, road: str) -> Row:
        """Give a road's row; EvaluationError where there is none."""
        for row in self.rows:
            if row.road == road:
                return row
        raise EvaluationError(f"The table has no road {road}.")


def write(table: Table, file: Path) -> None:
    """Write the table as JSON."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n")


def read(file: Path) -> Table:
    """Read what :func:`write` wrote; EvaluationError naming the file."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Table)
    except (OSError, msgspec.DecodeError) as problem:
        raise EvaluationError(
            f"The table {file} cannot be read: {problem}.", mend="Run `riskbot learn quantize` again."
        ) from problem
