"""How the plots look: one set of colours and proportions, light, without clutter, the same bytes again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.figure import Figure

from riskbot.learn.evaluate import words
from riskbot.learn.evaluate.baselines import BOOSTING_NAME, KAMEI_NAME
from riskbot.learn.evaluate.scored import OURS, TEXT, TREES

BLUE, ORANGE, GREEN, PURPLE, AMBER, GREY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#7a7a7a"
SKY = "#56b4e9"
"""Told apart with any colour vision (Okabe and Ito 2008)."""
INK, FAINT = "#222222", "#d9d9d9"
COLORS = {
    OURS: BLUE,
    KAMEI_NAME: ORANGE,
    BOOSTING_NAME: GREEN,
    words.NAME: PURPLE,
    TEXT: AMBER,
    TREES: SKY,
    "lines added alone": GREY,
}
"""The same ranking has the same colour in every plot."""
_LOOK: Any = {  # newer versions of matplotlib type it by its hundreds of keys; sizes in points
    "font.size": 11,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#999999",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}
DPI = 150


def figure(title: str, x: str, y: str, *, height: float = 4.4, grid: str = "both") -> tuple[Figure, Any]:
    """Give a figure of README width with one pair of axes."""
    drawn, (axes,) = panels(title, (x,), height=height, grid=grid)
    axes.set_ylabel(y)
    return drawn, axes


def panels(
    title: str, labels: tuple[str, ...], *, height: float = 4.4, grid: str = "x"
) -> tuple[Figure, tuple[Any, ...]]:
    """Give a figure with axes side by side that share their rows; ``labels`` are those of the x axes."""
    with mpl.rc_context(_LOOK):
        drawn = Figure(figsize=(7.4, height), dpi=DPI, layout="constrained")
        axes = drawn.subplots(1, len(labels), sharey=len(labels) > 1, squeeze=False)[0]
        for one, label in zip(axes, labels, strict=True):
            one.set_xlabel(label)
            one.grid(visible=True, axis=grid)
            one.tick_params(length=0)
        axes[0].set_title(title)
    return drawn, tuple(axes)


def save(path: Path, drawn: Figure) -> None:
    """Write a PNG without the date and the program's version in it."""
    with mpl.rc_context(_LOOK):
        drawn.savefig(path, metadata={"Software": None})


def color(ranking: str) -> str:
    """Give the colour of a ranking; those without one of their own are grey."""
    return COLORS.get(ranking, GREY)
