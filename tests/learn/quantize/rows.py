"""Made-up rows of the table."""

from __future__ import annotations

from riskbot.learn.quantize.table import Latency, Quality, Row, Run, Table
from riskbot.learn.quantize.work import SHAPES


def run(ratio: float, *, torch: bool = False) -> Run:
    """Make what a process measured."""
    latency = Latency(p50=40 * ratio, p95=44 * ratio, ratio=ratio, low=ratio * 0.9, high=ratio * 1.1, runs=50)
    return Run(
        imports=0.1,
        load=0.2,
        first=0.05,
        memory=120.0,
        memory_all=300.0,
        torch=torch,
        padding=0.01,
        company=0.02,
        latency={f"{tokens}x{batch}": latency for tokens, batch in SHAPES},
    )


def row(
    road: str,
    ratio: float = 0.4,
    *,
    drop: float = 0.001,
    size: int = 23_000_000,
    torch: bool = False,
    portable: bool = False,
    largest: float = 0.02,
) -> Row:
    """Make a road that ran."""
    quality = Quality(
        auc=0.79 - drop,
        ap=0.35,
        auc_drop=drop,
        ap_drop=0.002,
        largest=largest,
        ece=0.021,
        sides={"5": 0.01, "10": 0.02, "50": 0.03},
    )
    return Row(
        road=road,
        title=road.upper(),
        portable=portable,
        size=size,
        run=run(ratio, torch=torch),
        quality=quality,
    )


def broken(road: str, error: str) -> Row:
    """Make a road that could not run."""
    return Row(road=road, title=road.upper(), portable=False, error=error)


def table(rows: list[Row], picked: str = "", refused: dict[str, str] | None = None) -> Table:
    """Make a table."""
    return Table(
        rows=rows,
        picked=picked,
        refused=refused or {},
        machine={"processor": "Some CPU", "torch": "2.13"},
        threads=2,
        changes=1000,
        chunks=4321,
        base=0.125,
    )
