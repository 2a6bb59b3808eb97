"""The plots of the risk model's card: each drawn from the measured figures, none from other numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from riskbot.learn.evaluate import style, targets
from riskbot.learn.evaluate.baselines import BOOSTING_NAME, KAMEI_NAME
from riskbot.learn.evaluate.scored import OURS, Scored
from riskbot.learn.evaluate.style import BLUE, FAINT, GREY, INK, ORANGE
from riskbot.learn.measure import Floats, Ranking

GATES = ((0.05, "5%"), (0.10, "10%"), (0.50, "50%"))
BANDS = ((90, 95, "weekend", "#f6e7b4"), (95, 99, "yellow", "#f5c98a"), (99, 100, "red", "#e69a8d"))
"""The default bands, by percentile."""
SHOWN = (OURS, BOOSTING_NAME, KAMEI_NAME, "lines added alone")
"""The rankings whose curves are drawn: more cannot be told apart."""


def draw(
    folder: Path,
    metrics: Mapping[str, Any],
    *,
    curves: Scored | None = None,
    reference: Sequence[float] = (),
) -> list[str]:
    """Draw what the figures allow into ``folder`` and name the files written.

    ``metrics``: what ``document.evaluate`` gives; ``curves``: the scored rows that the capture curves are
    drawn of (they are not in the figures); ``reference``: rising probabilities that cut the reference
    distribution into equal parts (``calibration.json``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    sets = metrics["sets"]
    found: dict[str, Figure] = {}
    calibrated = sets.get(targets.CALIBRATION) or sets.get(targets.LATER)
    if calibrated:
        found["reliability.png"] = reliability(calibrated)
    if curves is not None:
        found["capture.png"] = capture(curves)
    if "per_repository" in sets.get(targets.CROSS, {}):
        found["repositories.png"] = repositories(sets[targets.CROSS])
    if any(KAMEI_NAME in sets[name]["against"] for name in targets.SETS if name in sets):
        found["ratios.png"] = ratios(sets)
    if metrics.get("ablation"):
        found["ablation.png"] = ablation(metrics["ablation"])
    if len(reference):
        found["reference.png"] = percentiles(np.asarray(reference, dtype=float))
    for name, figure in found.items():
        style.save(folder / name, figure)
    return list(found)


def reliability(figures: Mapping[str, Any]) -> Figure:
    """Draw the observed rate over the predicted probability, ten bins of equal size with 95 % intervals."""
    table, ours = figures["reliability"], figures["rankings"][figures["model"]]
    drawn, axes = style.figure(
        "Does the probability mean what it says?", "predicted probability (%)", "observed rate (%)"
    )
    x, y = (100 * np.array([row[key] for row in table]) for key in ("predicted", "observed"))
    low, high = 100 * np.array([row["observed_95"] for row in table]).T
    top = 1.08 * max(x.max(), high.max())
    axes.plot([0, top], [0, top], color=GREY, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.text(0.66 * top, 0.62 * top, "perfect", color=GREY, va="top", fontsize=9)
    axes.errorbar(x, y, yerr=(y - low, high - y), color=BLUE, fmt="o", markersize=6, linewidth=1.6, capsize=0)
    axes.set(xlim=(0, top), ylim=(0, top))
    axes.text(
        0.03,
        0.96,
        f"calibration error {ours['ece']:.3f}\nBrier score {ours['brier']:.3f}\n"
        f"{figures['rows']:,} changes, {100 * figures['base_rate']:.1f} % harmful",
        transform=axes.transAxes,
        va="top",
        linespacing=1.5,
    )
    return drawn


def capture(scored: Scored) -> Figure:
    """Draw the share of harmful changes among the riskiest x %, with chance and the ceiling."""
    drawn, axes = style.figure(
        "How many harmful changes a gate holds",
        "riskiest share of changes held (%)",
        "share of harmful changes in it (%)",
    )
    base = 100 * float(scored.rows.label.mean())
    axes.fill_between([0, base, 100], [0, 100, 100], [100, 100, 100], color="#f0f0f0", linewidth=0)
    axes.text(base * 0.45, 97, "out of reach", ha="left", va="top", color=GREY, fontsize=9)
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.text(60, 57, "chance", color=GREY, va="top", fontsize=9)
    for share, _ in GATES:
        axes.axvline(100 * share, color=FAINT, linewidth=1, zorder=0)
    shares = np.linspace(0, 1, 201)
    for name in (name for name in SHOWN if name in scored.scores):
        curve = Ranking(scored.scores[name], scored.rows.label).curve()
        values = 100 * np.array([float(curve.capture(share)) for share in shares])
        at = " / ".join(f"{100 * float(curve.capture(share)):.0f}" for share, _ in GATES)
        front = name == scored.ours
        axes.plot(
            100 * shares,
            values,
            color=style.color(name),
            linewidth=2.6 if front else 1.6,
            zorder=3 if front else 2,
            label=f"{name}: {at}",
        )
    axes.set(xlim=(0, 100), ylim=(0, 100), xticks=[5, 10, 30, 50, 70, 100])
    title = "% held by gates of 5 / 10 / 50 %"
    axes.legend(loc="lower right", title=title, alignment="left", fontsize=9.5, frameon=False)
    return drawn


def repositories(figures: Mapping[str, Any]) -> Figure:
    """Draw each repository's AUC with its interval, the model beside two baselines."""
    table = {name: row for name, row in figures["per_repository"].items() if figures["model"] in row}
    ours = figures["model"]
    names = sorted(table, key=lambda name: float(table[name][ours]["auc"]))
    drawn, axes = style.figure(
        "Repositories that the model never saw", "AUC", "", height=1.4 + 0.42 * len(names), grid="x"
    )
    at = np.arange(len(names))
    low, high = np.array([table[name][ours]["auc_95"] or [np.nan, np.nan] for name in names], dtype=float).T
    axes.hlines(at, low, high, color=BLUE, linewidth=5, alpha=0.28)
    for ranking, marker, size in (("lines added alone", "|", 90), (KAMEI_NAME, "D", 26), (ours, "o", 52)):
        values = [table[name].get(ranking, {}).get("auc", np.nan) for name in names]
        if np.isfinite(values).any():
            axes.scatter(
                values, at, color=style.color(ranking), marker=marker, s=size, zorder=3, label=ranking
            )
    labels = [f"{name}  ({table[name]['rows']:,}; {100 * table[name]['base_rate']:.0f} %)" for name in names]
    axes.set_yticks(at, labels)
    axes.set_ylim(-0.7, len(names) - 0.3)
    handles, texts = axes.get_legend_handles_labels()
    drawn.legend(handles[::-1], texts[::-1], loc="outside lower center", ncols=3, fontsize=9.5, frameon=False)
    return drawn


def ratios(sets: Mapping[str, Any]) -> Figure:
    """Draw the model's capture over that of the logistic regression, each set and gate, with intervals."""
    rows: list[tuple[float, str, str, float, Sequence[float]]] = []
    # Sets beside those asked for would crowd the plot; calibration is the later slice once more.
    for name in (name for name in targets.SETS if name in sets and name != targets.CALIBRATION):
        against = sets[name]["against"].get(KAMEI_NAME)
        for _, share in GATES if against else ():
            key = f"capture_{share}"
            if against["ratio_95"][key]:
                group = len({row[1] for row in rows} | {name})  # a gap before each set
                rows.append(
                    (-len(rows) - 0.7 * group, name, share, against["ratio"][key], against["ratio_95"][key])
                )
    drawn, axes = style.figure(
        "Harmful changes held, against logistic regression",
        "times as many as logistic regression on Kamei 14, same data",
        "",
        height=1.4 + 0.34 * len(rows),
        grid="x",
    )
    at = np.array([row[0] for row in rows])
    axes.axvline(1, color=INK, linewidth=1.2)
    axes.hlines(at, *np.array([row[4] for row in rows]).T, color=BLUE, linewidth=5, alpha=0.28)
    axes.scatter([row[3] for row in rows], at, color=BLUE, s=46, zorder=3)
    axes.set_yticks(at, [f"{name}, {share.replace('%', ' %')}" for _, name, share, *_ in rows])
    axes.set_ylim(at.min() - 0.8, at.max() + 0.8)
    return drawn


def ablation(figures: Mapping[str, Any]) -> Figure:
    """Draw what each family of features adds to all others, and what it is worth alone."""
    families = figures["families"]
    names = sorted(families, key=lambda name: float(families[name]["lost_auc"]))
    drawn, (lost, alone) = style.panels(
        "What each family of features is worth",
        ("AUC lost without it (thousandths)", "AUC of it alone"),
        height=1.5 + 0.42 * len(names),
    )
    at = np.arange(len(names))
    values = 1000 * np.array([families[name]["lost_auc"] for name in names])
    ends = 1000 * np.array([families[name]["lost_auc_95"] or [np.nan] * 2 for name in names], dtype=float)
    lost.barh(at, values, color=BLUE, height=0.55)
    lost.hlines(at, ends[:, 0], ends[:, 1], color=INK, linewidth=1.4)
    lost.axvline(0, color=INK, linewidth=1)
    lost.set_yticks(at, [f"{name} ({families[name]['features']})" for name in names])
    alone.hlines(at, 0.5, [families[name]["alone_auc"] for name in names], color=FAINT, linewidth=3)
    alone.scatter([families[name]["alone_auc"] for name in names], at, color=ORANGE, s=46, zorder=3)
    everything = figures["all"]["auc"]
    alone.axvline(everything, color=GREY, linewidth=1.2, linestyle=(0, (4, 3)))
    alone.annotate(
        f"all: {everything:.3f}",
        (everything, 1.01),
        xycoords=("data", "axes fraction"),
        ha="center",
        color=GREY,
    )
    alone.set_xlim(left=0.5)
    return drawn


def percentiles(reference: Floats) -> Figure:
    """Draw the percentile that a probability has in the reference, with the default bands."""
    drawn, axes = style.figure(
        "What a percentile stands for", "percentile in the reference", "probability (%)"
    )
    top = 105 * float(reference.max())
    for start, end, name, shade in BANDS:
        axes.axvspan(start, end, color=shade, linewidth=0)
        rises = 100 * float(np.quantile(reference, start / 100))
        axes.plot([87.5, start], [rises, rises], color=INK, linewidth=0.8)
        axes.text(87, rises, f"{name} from {rises:.0f} %", ha="right", va="center", fontsize=9.5)
    axes.plot(np.linspace(0, 100, len(reference)), 100 * reference, color=BLUE, linewidth=2.4)
    axes.set(xlim=(0, 100), ylim=(0, top))
    return drawn
