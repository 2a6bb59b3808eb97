"""The model: a logistic regression kept as plain numbers, whose factors add up to the score exactly.

Platt's calibration (Platt 1999) is linear in the logit, so it is folded into the intercept and the weights:
``logit = intercept + sum(contributions)`` and ``probability = 1 / (1 + exp(-logit))`` hold as they stand.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskbot.assess import hunks
from riskbot.assess.features import FEATURES, TRANSFORMS, VERSION, Transform, measure
from riskbot.assess.manifest import MEND, Manifest, sound
from riskbot.assess.model import Reading, Scored, by_weight
from riskbot.domain.assessment import Factor, ModelId
from riskbot.domain.change import Change, Metrics
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import Detection

_UNKNOWN = "not known; the training average stands in for it"
_NO_PAST = "nothing existed before to have an age; the training average stands in for it"


def sigmoid(logit: float) -> float:
    """Turn a logit into a probability without overflow."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    grown = math.exp(logit)
    return grown / (1.0 + grown)


@dataclass(frozen=True, slots=True)
class Term:
    """One feature's part of the model: ``weight * (transform(value) - center)``, in logits."""

    name: str
    transform: Transform
    center: float
    weight: float

    def contribution(self, metrics: Metrics) -> float:
        """Give the term's part of the logit; 0 where the value is unknown, as the training average gives."""
        value = FEATURES[self.name].of(metrics)
        return 0.0 if value is None else self.weight * (self.transform(value) - self.center)

    def factor(self, metrics: Metrics) -> Factor:
        """Give the term's part as a named reason."""
        feature = FEATURES[self.name]
        value = feature.of(metrics)
        note = "" if value is not None else _NO_PAST if self.name == "age" and metrics.lt == 0 else _UNKNOWN
        return Factor(self.name, feature.title, value, self.contribution(metrics), note)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A calibrated logistic regression with the distribution that its percentiles are measured against.

    ``reference`` holds probabilities, ascending: equally weighted quantiles of what the model gives the
    changes that ``id.reference`` names.
    """

    id: ModelId
    intercept: float
    terms: tuple[Term, ...]
    reference: tuple[float, ...]

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a model from its folder, after checking the hashes and the schema in its manifest.

        Raises EvaluationError, naming the file, where one is missing, changed or of another schema.
        """
        manifest = Manifest.open(folder)
        with sound(folder):
            return _build(manifest)

    def read(self, change: Change) -> None:
        """Read no text: there is nothing to prepare."""

    def logit_of(self, change: Change, detection: Detection, reading: Reading | None = None) -> float:
        """Score a change, in logits, without the reasons."""
        del detection, reading
        return self.logit(measure(change))

    def score(self, change: Change, detection: Detection, reading: Reading | None = None) -> Scored:
        """Score a change, and say why."""
        del detection, reading
        metrics = measure(change)
        ranked = hunks.rank(change, metrics, self)
        return Scored(self.logit(metrics), self.intercept, self.factors(metrics), ranked)

    def logit(self, metrics: Metrics) -> float:
        """Score metrics, in logits.

        Raises EvaluationError where no number comes out: compared with limits, NaN would pass for calm.
        """
        try:
            logit = math.fsum((self.intercept, *(term.contribution(metrics) for term in self.terms)))
        except (ValueError, OverflowError):  # infinities of both signs, or a sum beyond all numbers
            logit = math.nan
        if math.isnan(logit):
            raise EvaluationError(f"The model {self.id.name} gives this change no score.", mend=MEND)
        return logit

    def probability(self, metrics: Metrics) -> float:
        """Score metrics, as a calibrated probability; needs no Change, so a history can be scored in bulk."""
        return sigmoid(self.logit(metrics))

    def factors(self, metrics: Metrics) -> tuple[Factor, ...]:
        """Give the reasons for the score, the weightiest first; ties by name."""
        return by_weight(term.factor(metrics) for term in self.terms)


def _build(manifest: Manifest) -> LinearModel:
    model, calibration = (json.loads(manifest.read(name)) for name in ("model.json", "calibration.json"))
    terms = tuple(_term(entry) for entry in model["terms"])
    _same_schema(manifest, terms)
    reference = reference_of(calibration, manifest.folder)
    intercept = float(model["intercept"])
    numbers = [intercept, *(number for term in terms for number in (term.center, term.weight))]
    if not all(map(math.isfinite, numbers)):
        raise EvaluationError(f"The model in {manifest.folder} holds numbers that cannot be.", mend=MEND)
    return LinearModel(
        ModelId(manifest.name, manifest.sha256, manifest.reference), intercept, terms, reference
    )


def reference_of(calibration: Any, folder: Path) -> tuple[float, ...]:
    """Read the reference of a ``calibration.json``: ascending probabilities."""
    reference = tuple(float(value) for value in calibration["reference"])
    if (
        not reference
        or not all(0 <= value <= 1 for value in reference)
        or list(reference) != sorted(reference)
    ):
        raise EvaluationError(f"The model in {folder} holds numbers that cannot be.", mend=MEND)
    return reference


def _term(entry: dict[str, Any]) -> Term:
    transform = Transform(str(entry["transform"]), float(entry["unit"]))
    return Term(str(entry["name"]), transform, float(entry["center"]), float(entry["weight"]))


def _same_schema(manifest: Manifest, terms: Iterable[Term]) -> None:
    """Refuse a model whose features are not, in name, order and transform, those that this code measures."""
    fitted = [(term.name, term.transform) for term in terms]
    served = [(name, TRANSFORMS.get(name)) for name in manifest.features]
    if manifest.schema != VERSION or fitted != served:
        raise EvaluationError(
            f"The model in {manifest.folder} was fitted on features of version {manifest.schema} "
            f"({', '.join(manifest.features)}); this riskbot measures version {VERSION}.",
            mend=MEND,
        )
