"""The plots of the card, as small PNG files that come out the same each time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from matplotlib.figure import Figure

from riskbot.learn.authorship.changed import CHANGES
from riskbot.learn.authorship.figures import Measured
from riskbot.learn.authorship.groups import AGENT, EARLY, LATE, MODERN
from riskbot.learn.measure import Floats

PLOTS = ("roc.png", "years.png", "repositories.png", "robustness.png")


def draw(folder: Path, parts: Mapping[str, Measured], metrics: Mapping[str, Any]) -> None:
    """Draw all into ``folder``."""
    made = (
        _roc(parts["measuring"]),
        _years(metrics),
        _repositories(metrics),
        _robustness(parts["changed"]),
    )
    for name, figure in zip(PLOTS, made, strict=True):
        figure.savefig(folder / name, metadata={"Software": None})


def _axes(title: str, x: str, y: str, size: tuple[float, float] = (5.2, 3.8)) -> tuple[Figure, Any]:
    figure = Figure(figsize=size, dpi=100, layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(visible=True, alpha=0.3)
    return figure, axes


def _roc(one: Measured) -> Figure:
    figure, axes = _axes("ROC, measuring repositories", "others flagged", "agents flagged")
    agent = one.rows.groups(AGENT)
    contrasts = (
        (EARLY, "people, before 2021"),
        (LATE, "people, 2021 to 2022-11"),
        (MODERN, "unlabelled, since"),
    )
    for group, name in contrasts:
        others = one.rows.groups(group)
        if agent.any() and others.any():
            axes.plot(*_curve(one.probability[agent], one.probability[others]), label=f"against {name}")
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--")
    axes.legend(loc="lower right", fontsize="small")
    return figure


def _curve(agents: Floats, others: Floats) -> tuple[Floats, Floats]:
    cuts = np.unique(np.concatenate([agents, others]))[::-1]
    return (
        np.array([0.0, *((others >= cut).mean() for cut in cuts)]),
        np.array([0.0, *((agents >= cut).mean() for cut in cuts)]),
    )


def _years(metrics: Mapping[str, Any]) -> Figure:
    figure, axes = _axes("Commits without an agent's sign that are flagged", "year", "flagged (%)")
    for part, name in (
        ("training", "training repositories, held out"),
        ("measuring", "measuring repositories"),
    ):
        rates = metrics[part]["alarms"]["years"]
        known = [(int(year), told) for year, told in sorted(rates.items()) if told["rows"] >= 20]
        middle = np.array([told["rate"] for _, told in known])
        ends = np.array([told["interval"] for _, told in known]).reshape(-1, 2).T
        error = 100 * np.abs(ends - middle) if known else None
        axes.errorbar([year for year, _ in known], 100 * middle, yerr=error, fmt="o-", capsize=2, label=name)
    axes.axhline(100 * metrics["threshold"]["nominal"], color="grey", linestyle="--", label="nominal")
    axes.legend(fontsize="small")
    return figure


def _repositories(metrics: Mapping[str, Any]) -> Figure:
    rates = {
        name: told["rate"]
        for part in ("training", "measuring")
        for name, told in metrics[part]["alarms"]["late_repositories"].items()
    }
    listed = sorted(rates, key=lambda name: rates[name])
    figure, axes = _axes(
        "People's commits of 2021 to 2022-11 that are flagged",
        "flagged (%)",
        "",
        (6.4, 1.2 + 0.17 * len(listed)),
    )
    axes.barh(listed, [100 * rates[name] for name in listed])
    axes.axvline(100 * metrics["threshold"]["nominal"], color="grey", linestyle="--")
    axes.tick_params(axis="y", labelsize=6)
    return figure


def _robustness(one: Measured) -> Figure:
    figure, axes = _axes("Scores after a change of style", "probability", "share of commits at most so high")
    rows = one.rows
    twins = np.isin(rows.commit, rows.commit[rows.change != ""])
    for group, colour in ((AGENT, "tab:red"), (LATE, "tab:blue")):
        for kind, style in zip(("", *CHANGES), ("-", "--", ":", "-."), strict=True):
            values = np.sort(one.probability[twins & (rows.change == kind) & (rows.group == group)])
            name = f"{group}, {kind or 'as it was'}"
            axes.plot(values, np.linspace(0, 1, len(values)), color=colour, linestyle=style, label=name)
    axes.legend(fontsize="x-small")
    return figure
