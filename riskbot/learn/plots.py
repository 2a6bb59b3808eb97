"""The plots of the model card, as small PNG files that come out the same each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from matplotlib.figure import Figure

from riskbot.learn.measure import Floats, Ranking
from riskbot.learn.metrics import Rows


def draw(folder: Path, score: Floats, test: Rows, measured: dict[str, Any], reference: list[float]) -> None:
    """Draw reliability, capture and reference into ``folder``."""
    _save(folder / "reliability.png", _reliability(measured["reliability"]))
    _save(folder / "capture.png", _capture(score, test))
    _save(folder / "reference.png", _reference(reference))


def _axes(title: str, x: str, y: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(5.2, 3.8), dpi=100, layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(visible=True, alpha=0.3)
    return figure, axes


def _save(path: Path, figure: Figure) -> None:
    figure.savefig(path, metadata={"Software": None})


def _reliability(table: list[dict[str, float]]) -> Figure:
    figure, axes = _axes("Reliability, test rows", "predicted probability", "observed rate")
    predicted = np.array([row["predicted"] for row in table])
    observed = np.array([row["observed"] for row in table])
    rows = np.array([row["rows"] for row in table])
    top = max(predicted.max(), observed.max()) * 1.1
    axes.plot([0, top], [0, top], color="grey", linestyle="--", label="perfect")
    error = 1.96 * np.sqrt(observed * (1 - observed) / rows)
    axes.errorbar(predicted, observed, yerr=error, fmt="o-", capsize=3, label="ten equal bins, 95 %")
    axes.legend()
    return figure


def _capture(score: Floats, test: Rows) -> Figure:
    figure, axes = _axes(
        "Capture, test rows", "riskiest share of changes (%)", "share of buggy changes in it (%)"
    )
    shares = np.linspace(0, 1, 201)
    for name, values in (("riskbot metrics", score), ("lines added alone", test.column("la"))):
        ranking = Ranking(values, test.label)
        axes.plot(100 * shares, [100 * ranking.capture(share) for share in shares], label=name)
    axes.plot([0, 100], [0, 100], color="grey", linestyle="--", label="random")
    base = 100 * test.label.mean()
    axes.plot([0, base, 100], [0, 100, 100], color="grey", linestyle=":", label="perfect")
    axes.legend(loc="lower right")
    return figure


def _reference(reference: list[float]) -> Figure:
    figure, axes = _axes("Percentile reference", "probability", "percentile")
    axes.plot(reference, np.linspace(0, 100, len(reference)))
    for percentile, name, color in (
        (90, "weekend", "tab:olive"),
        (95, "yellow", "orange"),
        (99, "red", "red"),
    ):
        axes.axhline(percentile, color=color, linewidth=1, label=f"{name} from {percentile}")
    axes.legend(loc="lower right")
    return figure
