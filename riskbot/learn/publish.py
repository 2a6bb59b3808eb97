"""Writes the folder of the metrics model: numbers, measures, plots, card and manifest."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from riskbot.assess.features import VERSION
from riskbot.learn import card, trial
from riskbot.learn.metrics import CHOSEN, Rows, plain_numbers, shipped

NAME = "metrics"
DIGITS = 6
SERVED = ("model.json", "calibration.json")
DOCUMENTS = ("metrics.json", "card.md", "reliability.png", "capture.png", "reference.png")


def publish(out: Path, data_name: str, data_sha256: str, train: Rows, test: Rows) -> None:
    """Fit on ``train``, measure on ``test``, write everything under ``out``."""
    from riskbot.learn import plots

    out.mkdir(parents=True, exist_ok=True)
    found, reference = shipped(train)
    model, calibration = plain_numbers(found, reference)
    measured = {
        "selection_on_train": trial.selection(train),
        "test": trial.report(found, train[: len(train) - len(reference)], test),
    }
    rounded = _round(measured)
    _json(out / "model.json", model)
    _json(out / "calibration.json", calibration)
    _json(out / "metrics.json", rounded)
    plots.draw(out, found.logit(test), test, rounded["test"], calibration["reference"])
    (out / "card.md").write_text(card.write(model, rounded, _spans(train, reference, test)), encoding="utf-8")
    (out / "manifest.toml").write_text(_manifest(out, data_name, data_sha256, reference), encoding="utf-8")


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


def _spans(train: Rows, reference: Rows, test: Rows) -> dict[str, str]:
    fitted = train[: len(train) - len(reference)]
    return {"fitted": _span(fitted), "calibrated": _span(reference), "tested": _span(test)}


def _manifest(out: Path, data_name: str, data_sha256: str, reference: Rows) -> str:
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
        f'data = "{data_name}"',
        f'sha256 = "{data_sha256}"',
        'rows = "split = train only: the first 80 % by author date fitted, the later 20 % calibrated"',
    ]
    for table, names in (("files", SERVED), ("documents", DOCUMENTS)):
        lines += ["", f"[{table}]"]
        lines += [f'"{name}" = "{hashlib.sha256((out / name).read_bytes()).hexdigest()}"' for name in names]
    return "\n".join(lines) + "\n"
