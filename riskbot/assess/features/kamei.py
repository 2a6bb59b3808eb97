"""Kamei: the fourteen change metrics of Kamei et al. as features (TSE 2013, doi:10.1109/TSE.2012.70).

What the
history could not tell (a bare diff, a shallow clone) is taken from the diff where the diff knows it, and
is None, never zero, where it does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from riskbot.domain.change import Change, FileDiff, Metrics
from riskbot.domain.spread import entropy, spread

VERSION = 1
"""Raised whenever a feature or a transform changes its meaning: a model fitted on another one is refused."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One named number: its column name, its title for people, and how to read it from the metrics."""

    name: str
    title: str
    read: Callable[[Metrics], float | None]

    def of(self, metrics: Metrics) -> float | None:
        """Read the number; None where it is unknown, not finite or negative (no metric can be)."""
        value = self.read(metrics)
        return None if value is None or not math.isfinite(value) or value < 0 else float(value)

    def value(self, change: Change) -> float | None:
        """Read the number from a change; to read many features, take :func:`measure` once instead."""
        return self.of(measure(change))


def _age(metrics: Metrics) -> float | None:
    """Read the age; it has no meaning where no line stood before (only new or empty files)."""
    return None if metrics.lt == 0 else metrics.age


def _column(name: str) -> Callable[[Metrics], float | None]:
    return lambda metrics: getattr(metrics, name)


TITLES = {
    "ns": "top-level folders touched",
    "nd": "folders touched",
    "nf": "files touched",
    "entropy": "spread of the changed lines over the files",
    "la": "lines added",
    "ld": "lines deleted",
    "lt": "lines in the touched files before",
    "fix": "says that it fixes a defect",
    "ndev": "distinct developers who changed these files before",
    "age": "days since the touched files last changed",
    "nuc": "earlier changes to these files",
    "exp": "the author's earlier changes",
    "rexp": "the author's recent changes",
    "sexp": "the author's earlier changes in these folders",
}

FEATURES: dict[str, Feature] = {
    name: Feature(name, title, _age if name == "age" else _column(name)) for name, title in TITLES.items()
}


@dataclass(frozen=True, slots=True)
class Transform:
    """How a number enters the model: ``log1p(value / unit)`` or the number itself. Monotone, finite."""

    kind: str
    unit: float = 1.0

    def __call__(self, value: float) -> float:
        """Give the transformed value."""
        scaled = value / self.unit
        return math.log1p(scaled) if self.kind == "log1p" else scaled


TRANSFORMS: dict[str, Transform] = {name: Transform("log1p") for name in FEATURES} | {
    "entropy": Transform("identity"),
    "fix": Transform("identity"),
    "age": Transform("log1p", 365.0),  # in years: chosen on the training rows by time split
}


def churn(file: FileDiff) -> int:
    """Count the lines that the change adds to and removes from a file."""
    return file.added + file.removed


def measure(change: Change) -> Metrics:
    """Give a change's metrics: the history's where it knows them, else what the diff itself tells."""
    files = change.files
    ns, nd, nf = spread([file.path for file in files])
    told = Metrics(
        ns=ns,
        nd=nd,
        nf=nf,
        entropy=entropy(churn(file) for file in files),
        la=sum(file.added for file in files),
        ld=sum(file.removed for file in files),
    )
    if change.history is None:
        return told
    known = change.history.metrics
    gaps = {
        item.name: getattr(told, item.name) for item in fields(known) if getattr(known, item.name) is None
    }
    return replace(known, **gaps)
