"""Rebuilds ``models/metrics``: the calibrated logistic regression on change metrics.

::

    python -m riskbot.learn.metrics --data benchmarks/data/openstack-issta21.csv.gz --out models/metrics

The weights are fitted on the published metrics. Calibration and the percentiles' reference come from later
train rows as riskbot itself measures them (``openstack-served.csv.gz``, beside the data), because that is
what it serves. Every choice is made on the ``train`` rows, by time; the ``test`` rows have no part in it.
Before any number is written, ranking the test rows by lines added must give the published .7491.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from riskbot.assess.features import FEATURES, TRANSFORMS, Transform
from riskbot.domain.change import Metrics
from riskbot.domain.errors import EvaluationError
from riskbot.learn.measure import Floats, Ranking

CHOSEN = ("la", "nf", "nd", "ns", "entropy", "fix", "age")
"""The features of the shipped model. Left out: see the card."""
PENALTY = 0.01
"""scikit-learn's C, the inverse strength of the L2 penalty."""
FITTED = 0.8
"""Share of the train rows, by time, that the weights are fitted on; the later rest calibrates."""
PUBLISHED_LA = 0.7491
SERVED = "openstack-served.csv.gz"
QUANTILES = 1000
NAMES = tuple(item.name for item in fields(Metrics))


@dataclass(frozen=True)
class Rows:
    """Rows of the data by time: metrics, label (1 buggy), author time in seconds, repository."""

    metrics: list[Metrics]
    label: Floats
    when: Floats
    repository: list[str]

    def __len__(self) -> int:
        return len(self.metrics)

    def __getitem__(self, part: slice) -> Rows:
        return Rows(self.metrics[part], self.label[part], self.when[part], self.repository[part])

    def column(self, name: str) -> Floats:
        """Give one published column."""
        return np.array([getattr(metrics, name) for metrics in self.metrics], dtype=float)


@dataclass(frozen=True)
class Fit:
    """What fitting gives: uncalibrated weights on transformed values, and Platt's map of the logit."""

    names: tuple[str, ...]
    transforms: tuple[Transform, ...]
    center: Floats
    weight: Floats
    intercept: float
    slope: float = 1.0
    shift: float = 0.0

    def logit(self, rows: Rows) -> Floats:
        """Give the calibrated logits of rows."""
        raw = self.intercept + design(rows, self.names, self.transforms, self.center) @ self.weight
        return np.asarray(self.slope * raw + self.shift)


def read(path: Path) -> tuple[Rows, Rows]:
    """Read the data, plain or gzipped: the train rows and the test rows, each by time."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    table.sort(key=lambda row: (int(row["author_date_unix"]), row["commit"]))
    train, test = ([row for row in table if row["split"] == part] for part in ("train", "test"))
    return _rows(train), _rows(test)


def _rows(table: list[dict[str, str]]) -> Rows:
    return Rows(
        [Metrics(**{name: float(row[name]) if row[name] else None for name in NAMES}) for row in table],
        np.array([int(row["buggy"]) for row in table], dtype=float),
        np.array([int(row["author_date_unix"]) for row in table], dtype=float),
        [row["repository"] for row in table],
    )


def design(
    rows: Rows, names: Sequence[str], transforms: Sequence[Transform], center: Floats | None = None
) -> Floats:
    """Give the transformed values, a row each; less ``center``, and 0 for the unknown, when it is given."""
    values = np.array(
        [
            [
                math.nan if (value := FEATURES[name].of(metrics)) is None else transform(value)
                for name, transform in zip(names, transforms, strict=True)
            ]
            for metrics in rows.metrics
        ]
    )
    return values if center is None else np.nan_to_num(values - center)


def fit(
    rows: Rows,
    names: tuple[str, ...] = CHOSEN,
    transforms: Sequence[Transform] | None = None,
    penalty: float = PENALTY,
) -> Fit:
    """Fit an uncalibrated model; columns are standardised for the penalty's sake, then scaled back."""
    kinds = tuple(transforms or (TRANSFORMS[name] for name in names))
    values = design(rows, names, kinds)
    center, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    spread[spread == 0] = 1.0
    found = _regression(np.nan_to_num((values - center) / spread), rows.label, penalty)
    return Fit(names, kinds, center, found.coef_[0] / spread, float(found.intercept_[0]))


def _regression(values: Floats, label: Floats, penalty: float) -> Any:
    return LogisticRegression(C=penalty, tol=1e-10, max_iter=5000).fit(values, label)


def calibrate(found: Fit, later: Rows) -> Fit:
    """Fit Platt's map of the logit on rows later than those that the weights were fitted on."""
    platt = _regression(found.logit(later)[:, None], later.label, 1e9)
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return Fit(found.names, found.transforms, found.center, found.weight, found.intercept, slope, shift)


def shipped(train: Rows, served: Rows) -> tuple[Fit, Rows]:
    """Fit and calibrate the shipped model; also give the calibration rows, which are its reference.

    ``served`` holds train rows as riskbot measures them; those later than the fitted ones calibrate.
    """
    past = train[: int(len(train) * FITTED)]
    later = served[int(np.searchsorted(served.when, past.when[-1], side="right")) :]
    return calibrate(fit(past), later), later


def plain_numbers(found: Fit, reference: Rows) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the contents of model.json, with the calibration folded in, and of calibration.json."""
    terms = [
        {
            "name": name,
            "transform": kind.kind,
            "unit": kind.unit,
            "center": float(center),
            "weight": float(found.slope * weight),
        }
        for name, kind, center, weight in zip(
            found.names, found.transforms, found.center, found.weight, strict=True
        )
    ]
    steps = (np.arange(QUANTILES) + 0.5) / QUANTILES
    probability = 1 / (1 + np.exp(-found.logit(reference)))
    quantiles = np.quantile(probability, steps, method="inverted_cdf")
    model = {"intercept": found.slope * found.intercept + found.shift, "terms": terms}
    calibration = {
        "method": "Platt, on later train rows; already folded into model.json",
        "slope": found.slope,
        "shift": found.shift,
        "rows": len(reference),
        "reference": [float(value) for value in quantiles],
    }
    return model, calibration


def refuse_other_data(test: Rows) -> None:
    """Stop unless ranking the test rows by lines added gives the published AUC."""
    auc = Ranking(test.column("la"), test.label).auc()
    if round(auc, 4) != PUBLISHED_LA:
        raise EvaluationError(
            f"Lines added alone rank the test rows with AUC {auc:.4f}, not the published {PUBLISHED_LA}: "
            "these are not the published rows, or the evaluation is wrong.",
            mend="Give the file that benchmarks/data/README.md describes.",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild the model, its metrics, its plots, its card and its manifest."""
    from riskbot.learn.publish import publish

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the published rows, .csv or .csv.gz")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    parser.add_argument("--served", type=Path, help="the same commits as riskbot measures them")
    options = parser.parse_args(arguments)
    served = options.served or options.data.with_name(SERVED)
    train, test = read(options.data)
    refuse_other_data(test)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (options.data, served)}
    publish(options.out, digests, (train, test), read(served))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
