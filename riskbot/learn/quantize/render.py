"""The table as Markdown, for people."""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.learn.quantize.quality import GATES
from riskbot.learn.quantize.roads import REFERENCE
from riskbot.learn.quantize.rule import DROP, SHAPE, SIZE
from riskbot.learn.quantize.table import Latency, Quality, Row, Run, Table
from riskbot.learn.quantize.work import SHAPES

_TIMED = (
    "p50 / p95 in milliseconds; then the ratio to fp32 eager, timed in turns with it, by lower quartiles "
    "(lowest and highest of the rounds). By tokens x chunks:"
)


def markdown(table: Table) -> str:
    """Write the whole table."""
    ran = [row for row in table.rows if row.run is not None]
    parts = [
        "# Roads of quantization",
        _about(table),
        "## Cost",
        _rows(
            ("road", "MB", "of fp32", "import s", "load s", "first s", "MiB", "MiB, all shapes", "torch"),
            [_cost(row, row.run, table.row(REFERENCE).size) for row in ran if row.run],
        ),
        "## Latency",
        _TIMED,
        _rows(
            ("road", *(f"{tokens} x {batch}" for tokens, batch in SHAPES)),
            [(_name(row), *(_latency(row.run, shape) for shape in SHAPES)) for row in ran if row.run],
        ),
        "## Quality",
        _rows(
            (
                *("road", "AUC", "drop", "AP", "drop", "largest change of a probability", "ECE"),
                *(f"change side at {gate} %" for gate in GATES),
                *("score moved by padding", "by company"),
            ),
            [_quality(row, row.run, row.quality) for row in ran if row.run and row.quality],
        ),
        "## Which is shipped, and why",
        _verdict(table),
    ]
    failed = [(_name(row), row.error.replace("|", "\\|")) for row in table.rows if row.error]
    if failed:
        parts += ["## What cannot run", _rows(("road", "error"), failed)]
    return "\n\n".join(parts) + "\n"


def _about(table: Table) -> str:
    machine = ", ".join(f"{name} {value}" for name, value in table.machine.items())
    return (
        f"{table.changes:,} commits with {table.chunks:,} chunks, {table.base:.1%} with a defect; "
        f"{table.threads} threads; {machine}."
    )


def _cost(row: Row, run: Run, reference: int) -> tuple[str, ...]:
    return (
        _name(row),
        f"{row.size / 1e6:.1f}",
        f"{row.size / reference:.3f}" if reference else "",
        *(f"{seconds:.2f}" for seconds in (run.imports, run.load, run.first)),
        *(f"{mebibytes:.0f}" for mebibytes in (run.memory, run.memory_all)),
        "yes" if run.torch else "no",
    )


def _latency(run: Run, shape: tuple[int, int]) -> str:
    found: Latency | None = run.latency.get(f"{shape[0]}x{shape[1]}")
    if found is None:
        return ""
    return f"{found.p50:.1f} / {found.p95:.1f}; {found.ratio:.2f} ({found.low:.2f} to {found.high:.2f})"


def _quality(row: Row, run: Run, found: Quality) -> tuple[str, ...]:
    return (
        _name(row),
        f"{found.auc:.4f}",
        f"{found.auc_drop:+.4f}",
        f"{found.ap:.4f}",
        f"{found.ap_drop:+.4f}",
        f"{found.largest:.4f}",
        f"{found.ece:.4f}",
        *(f"{found.sides[str(gate)]:.1%}" for gate in GATES),
        f"{run.padding:.2g}",
        f"{run.company:.2g}",
    )


def _verdict(table: Table) -> str:
    tokens, _, batch = SHAPE.partition("x")
    rule = (
        f"The smallest latency at {tokens} tokens, {batch} chunk, among the roads without torch, of at most "
        f"{SIZE / 1e6:.0f} MB, with an AUC drop of at most {DROP}: "
    )
    picked = f"**{table.row(table.picked).title}** (`{table.picked}`)." if table.picked else "**none**."
    if not table.refused:
        return rule + picked
    why = [(_name(table.row(road)), reason) for road, reason in table.refused.items()]
    return rule + picked + "\n\n" + _rows(("road", "why not"), why)


def _name(row: Row) -> str:
    return f"{row.title} (`{row.road}`)"


def _rows(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
