"""Writes the folder of the metrics model: numbers, measures, plots, card and manifest."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from riskbot.assess.features import VERSION
from riskbot.learn import card, trial
from riskbot.learn.metrics import CHOSEN, FITTED, Rows, plain_numbers, shipped

NAME = "metrics"
DIGITS = 6
SERVED = ("model.json", "calibration.json")
DOCUMENTS = ("metrics.json", "card.md", "reliability.png", "capture.png", "reference.png")


def publish(out: Path, data: dict[str, str], published: tuple[Rows, Rows], served: tuple[Rows, Rows]) -> None:
    """Fit, measure and write everything under ``out``.

    ``data`` names the hashes of the data; ``published`` and ``served`` are the train and the test rows with
    the metrics as published and as riskbot measures them.
    """
    from riskbot.learn import plots

    out.mkdir(parents=True, exist_ok=True)
    train, test = published
    found, reference = shipped(train, served[0])
    fitted = train[: int(len(train) * FITTED)]
    model, calibration = plain_numbers(found, reference)
    measured = {
        "selection_on_train": trial.selection(train),
        "test": trial.report(found, fitted, test),
        "test_as_served": trial.as_served(found, served[1]),
    }
    rounded = _round(measured)
    _json(out / "model.json", model)
    _json(out / "calibration.json", calibration)
    _json(out / "metrics.json", rounded)
    plots.draw(out, found.logit(test), test, rounded["test"], calibration["reference"])
    spans = {
        "fitted": _span(fitted),
        "calibrated": _span(reference),
        "tested": _span(test),
        "tested_served": _span(served[1]),
    }
    (out / "card.md").write_text(card.write(model, rounded, spans), encoding="utf-8")
    (out / "manifest.toml").write_text(_manifest(out, data, reference), encoding="utf-8")


def _json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _round(value: Any) -> Any:
    """Round every float: the last digits differ between machines and mean nothing."""
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_round(item) for item in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def _span(rows: Rows) -> str:
    first, last = (datetime.fromtimestamp(when, UTC).date() for when in (rows.when.min(), rows.when.max()))
    return f"{len(rows):,} commits, {first} to {last}, {rows.label.mean():.1%} buggy"


def _manifest(out: Path, data: dict[str, str], reference: Rows) -> str:
    years = sorted({datetime.fromtimestamp(when, UTC).year for when in reference.when})
    origin = f"{len(reference):,} OpenStack commits of {years[0]} to {years[-1]} (its calibration rows)"
    lines = [
        "# Written by python -m riskbot.learn.metrics; hashes are checked when the model is loaded.",
        f'name = "{NAME}"',
        f'reference = "{origin}"',
        "",
        "[schema]",
        f"version = {VERSION}",
        f"features = {json.dumps(list(CHOSEN))}",
        "",
        "[training]",
        'rows = "split = train only: the first 80 % by author date fitted, later ones calibrated"',
        "",
        "[training.data]",
        *(f'"{name}" = "{digest}"' for name, digest in data.items()),
    ]
    for table, names in (("files", SERVED), ("documents", DOCUMENTS)):
        lines += ["", f"[{table}]"]
        lines += [f'"{name}" = "{hashlib.sha256((out / name).read_bytes()).hexdigest()}"' for name in names]
    return "\n".join(lines) + "\n"
