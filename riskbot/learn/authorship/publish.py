"""Fit, choose, measure, and write the folder that riskbot serves: model, figures, plots, card, manifest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from riskbot.detect.authorship.style.features import VERSION, era, names
from riskbot.domain.errors import UsageError
from riskbot.learn.authorship import card, crossed, figures, plots
from riskbot.learn.authorship.candidates import Line
from riskbot.learn.authorship.changed import formatter
from riskbot.learn.authorship.config import Config
from riskbot.learn.authorship.data import SERVED_LINES, Corpus, Mask, load
from riskbot.learn.authorship.figures import Measured
from riskbot.learn.authorship.gate import gate, passed
from riskbot.learn.authorship.groups import AGENT
from riskbot.learn.authorship.years import years
from riskbot.learn.crew import Place
from riskbot.learn.measure import Floats

NAME = "authorship"
MODEL, METRICS, CARD, MANIFEST = "model.json", "metrics.json", "card.md", "manifest.toml"
_DIGITS = 6
_MISSED = 0.05
"""So many of the agents' commits may lie below the lower threshold."""


def publish(config: Config, files: list[Path], place: Place) -> dict[str, Any]:
    """Make the folder; gives what is worth telling. Raises UsageError where there is too little to learn."""
    corpus = load(files, config.training)
    trainers = corpus.trainers(config.fit.fewest)
    if len(trainers) < 2:
        raise UsageError(
            f"Only {len(trainers)} repositories have {config.fit.fewest} commits of both kinds.",
            mend="Name more repositories under `training`, or lower fit.fewest.",
        )
    told, made = crossed.table(corpus, config.fit, trainers, place.report)
    name = crossed.chosen(told)
    scores, line = made[name]
    if not isinstance(line, Line):
        raise TypeError("BUG: only a line is served")
    model = _model(line, corpus, scores, trainers, config.evaluate.nominal)
    probability = 1 / (1 + np.exp(-(model["scale"] * scores + model["shift"])))
    parts = _parts(corpus, trainers, probability, model)
    metrics = _measured(config, parts) | {
        "chosen": name,
        "candidates": told,
        "features": model["features"],
        "threshold": {"nominal": config.evaluate.nominal, "low": model["low"], "high": model["high"]},
        "trainers": sorted(trainers),
        "counts": _counts(corpus, trainers),
        "years": years(corpus, config.fit),
    }
    tests = gate(metrics)
    metrics |= {"gate": [asdict(test) for test in tests], "enabled": passed(tests)}
    _json(place.out / MODEL, model)
    _json(place.out / METRICS, metrics)
    plots.draw(place.out, parts, metrics)
    (place.out / CARD).write_text(card.card(metrics), encoding="utf-8")
    (place.out / MANIFEST).write_text(_manifest(place.out, metrics, model), encoding="utf-8")
    return {"trained on repositories": len(trainers), "enabled": int(metrics["enabled"])}


def _model(
    line: Line, corpus: Corpus, scores: Floats, trainers: frozenset[str], nominal: float
) -> dict[str, Any]:
    """Calibrate and set thresholds on held-out commits of the training repositories; gives what is served."""
    from sklearn.linear_model import LogisticRegression

    rows = corpus.rows
    held = corpus.plain & np.isin(rows.repository, sorted(trainers)) & (rows.lines >= SERVED_LINES)
    agent, people = held & rows.groups(AGENT), held & rows.people
    both = agent | people
    platt = LogisticRegression(C=1e6, class_weight="balanced").fit(scores[both, None], agent[both])
    scale, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])

    def at(score: float) -> float:
        return float(1 / (1 + np.exp(-(scale * score + shift))))

    high = at(float(np.quantile(scores[people], 1 - nominal)))
    low = at(float(np.quantile(scores[agent], _MISSED)))
    return {
        "version": VERSION,
        "features": [names()[column] for column in line.columns],
        "center": [float(value) for value in line.scaler.center],
        "spread": [float(value) for value in line.scaler.spread],
        "weight": [float(value) for value in line.weight],
        "intercept": line.intercept,
        "scale": scale,
        "shift": shift,
        "low": min(low, high),
        "high": high,
        "lines": SERVED_LINES,
    }


def _parts(
    corpus: Corpus, trainers: frozenset[str], probability: Floats, model: dict[str, Any]
) -> dict[str, Measured]:
    """Part what is measured: training repositories (each held out), the others, and all that were changed."""
    rows = corpus.rows
    long, trains = rows.lines >= SERVED_LINES, np.isin(rows.repository, sorted(trainers))

    def part(which: Mask) -> Measured:
        return Measured(rows.part(which), probability[which], model["low"], model["high"])

    return {
        "training": part(corpus.plain & long & trains),
        "measuring": part(corpus.plain & long & ~trains),
        "changed": part(long),
    }


def _measured(config: Config, parts: dict[str, Measured]) -> dict[str, Any]:
    """Measure the chosen model."""
    found: dict[str, Any] = {"version": config.evaluate.version, "formatter": formatter()}
    for name in ("training", "measuring"):
        found[name] = {
            "contrasts": figures.contrasts(parts[name], config.evaluate),
            "alarms": figures.alarms(parts[name]),
            "found": figures.found(parts[name]),
        }
    return found | {"robustness": figures.robustness(parts["changed"])}


def _counts(corpus: Corpus, trainers: frozenset[str]) -> dict[str, Any]:
    """Count the commits of each group by repository."""
    rows, found = corpus.rows, {}
    for name in np.unique(rows.repository):
        own = corpus.plain & (rows.repository == name)
        kinds, count = np.unique(rows.group[own], return_counts=True)
        found[str(name)] = {
            "trains": str(name) in trainers,
            **{str(kind): int(many) for kind, many in zip(kinds, count, strict=True)},
        }
    return found


def _json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(_round(content), indent=1) + "\n", encoding="utf-8")


def _round(value: Any) -> Any:
    """Round every float: the last digits differ between machines and mean nothing."""
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_round(item) for item in value]
    return round(float(value), _DIGITS) if isinstance(value, float | np.floating) else value


def _manifest(folder: Path, metrics: dict[str, Any], model: dict[str, Any]) -> str:
    hashes = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST
    }
    agents = sum(one.get(AGENT, 0) for one in metrics["counts"].values() if one["trains"])
    lines = [
        "# Written by riskbot learn authorship; hashes are checked when the model is loaded.",
        f'name = "{NAME}"',
        f"version = {json.dumps(metrics['version'])}",
        f"enabled = {'true' if metrics['enabled'] else 'false'}",
        f"warning = {json.dumps(card.warning(metrics))}",
        f'reference = "commits by agents ({agents:,}) and by people before 2022-11-30, half and half"',
        "",
        "[schema]",
        f"version = {VERSION}",
        f"features = {json.dumps(model['features'])}",
        f"era = {json.dumps(sorted(era() & set(model['features'])))}",
        "",
        "[training]",
        f"repositories = {json.dumps(metrics['trainers'])}",
    ]
    for table, chosen in (("files", [MODEL]), ("documents", [one for one in hashes if one != MODEL])):
        lines += ["", f"[{table}]", *(f'"{name}" = "{hashes[name]}"' for name in chosen)]
    return "\n".join(lines) + "\n"
