"""What the table of quantization says, as plain values for ``metrics.json`` and the card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from riskbot.learn.quantize import table
from riskbot.learn.quantize.roads import REFERENCE
from riskbot.learn.quantize.rule import SHAPE
from riskbot.learn.quantize.table import Row, Table


def read(file: Path) -> dict[str, Any]:
    """Read ``table.json`` of the quantize step; EvaluationError naming the file where that cannot be."""
    return figures(table.read(file))


def figures(found: Table) -> dict[str, Any]:
    """Give all roads, and of the shipped one what is asked of it (``shipped``, {} where none is).

    ``latency_ratio``: to fp32 eager at 256 tokens, one chunk, timed in turns, with its least and greatest
    round; ``size_ratio``: bytes over fp32's; ``auc_drop``: fp32's AUC less the road's.
    """
    reference = found.row(REFERENCE)
    return {
        "changes": found.changes,
        "chunks": found.chunks,
        "threads": found.threads,
        "machine": dict(found.machine),
        "shipped": _shipped(found.row(found.picked), reference) if found.picked else {},
        "roads": [_road(row, reference) for row in found.rows],
    }


def _shipped(row: Row, reference: Row) -> dict[str, Any]:
    road = _road(row, reference)
    latency = road["latency_ratio_rounds"]
    names = ("road", "latency_ratio", "size_ratio", "auc_drop")
    return {name: road[name] for name in names} | {"latency_ratio_rounds": latency}


def _road(row: Row, reference: Row) -> dict[str, Any]:
    if row.run is None or row.quality is None:
        return {"road": row.road, "title": row.title, "error": row.error or "not measured"}
    latency = row.run.latency[SHAPE]
    return {
        "road": row.road,
        "title": row.title,
        "bytes": row.size,
        "size_ratio": row.size / reference.size if reference.size else None,
        "start_s": row.run.imports + row.run.load,
        "p50_ms": latency.p50,
        "p95_ms": latency.p95,
        "latency_ratio": latency.ratio,
        "latency_ratio_rounds": [latency.low, latency.high],
        "memory_mib": row.run.memory,
        "auc_drop": row.quality.auc_drop,
        "ap_drop": row.quality.ap_drop,
        "largest_change": row.quality.largest,
        "ece": row.quality.ece,
        "crossed": dict(row.quality.sides),
    }
