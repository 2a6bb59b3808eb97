"""The table as a picture: size against latency, what the ranking loses as the colour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from riskbot.learn.quantize.rule import DROP, SHAPE, SIZE
from riskbot.learn.quantize.table import Row, Table


def draw(table: Table, file: Path) -> None:
    """Draw the roads that ran as a PNG that comes out the same each time."""
    rows = sorted((row for row in table.rows if row.run is not None), key=lambda row: row.ratio(SHAPE))
    figure = Figure(figsize=(9.0, 5.4), dpi=120, layout="constrained")
    axes = figure.subplots()
    picked = [row.road == table.picked for row in rows]
    drops = [max(0.0, row.drop) for row in rows]
    dots = axes.scatter(
        [row.size / 1e6 for row in rows],
        [row.ratio(SHAPE) for row in rows],
        c=drops,
        cmap="viridis_r",
        vmin=0.0,
        vmax=max([2 * DROP, *drops]),
        s=[150 if one else 60 for one in picked],
        edgecolors=["red" if one else "black" for one in picked],
        linewidths=[2.0 if one else 0.6 for one in picked],
        zorder=3,
    )
    _frame(axes, rows)
    _label(axes, rows, table.picked)
    figure.colorbar(dots, label="AUC drop (red ring: shipped)", location="bottom", shrink=0.6, aspect=40)
    figure.savefig(file, metadata={"Software": None})


def _frame(axes: Any, rows: list[Row]) -> None:
    tokens, _, batch = SHAPE.partition("x")
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.axvspan(0, SIZE / 1e6, color="tab:green", alpha=0.07, linewidth=0)
    axes.axhline(1, color="grey", linestyle="--", linewidth=1)
    axes.set(
        title=f"{tokens} tokens, batch {batch} (green: small enough to be shipped)",
        xlabel="file (MB)",
        ylabel="time, fp32 eager = 1",
        xlim=(0, 1.08 * max(row.size / 1e6 for row in rows)),
    )
    axes.grid(visible=True, alpha=0.3)


def _label(axes: Any, rows: list[Row], picked: str) -> None:
    """Name the dots in a column beside the axes, in their order, so that names never cover one another."""
    for at, row in enumerate(rows):
        axes.annotate(
            row.road,
            xy=(row.size / 1e6, row.ratio(SHAPE)),
            xytext=(1.04, (at + 0.5) / len(rows)),
            textcoords="axes fraction",
            va="center",
            fontsize=8,
            fontweight="bold" if row.road == picked else "normal",
            arrowprops={"arrowstyle": "-", "color": "grey", "linewidth": 0.5, "relpos": (0, 0.5)},
        )
