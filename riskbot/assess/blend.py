"""The model: a logistic regression kept as plain numbers, whose factors add up to the score exactly.

Platt's calibration (Platt 1999) is linear in the logit, so it is folded into the intercept and the weights:
``logit = intercept + sum(contributions)`` and ``probability = 1 / (1 + exp(-logit))`` hold as they stand.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskbot.assess.features import FEATURES, TRANSFORMS, VERSION, Transform
from riskbot.domain.assessment import Factor, ModelId
from riskbot.domain.change import Metrics
from riskbot.domain.errors import EvaluationError

_MEND = "Install riskbot again, or rebuild the model: python -m riskbot.learn.metrics --help."
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
        manifest_bytes = _read(folder / "manifest.toml")
        try:
            return _build(folder, manifest_bytes)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise EvaluationError(
                f"The model in {folder} cannot be read: {type(error).__name__}: {error}.", mend=_MEND
            ) from error

    def logit(self, metrics: Metrics) -> float:
        """Score metrics, in logits.

        Raises EvaluationError where no number comes out: compared with limits, NaN would pass for calm.
        """
        try:
            logit = math.fsum((self.intercept, *(term.contribution(metrics) for term in self.terms)))
        except (ValueError, OverflowError):  # infinities of both signs, or a sum beyond all numbers
            logit = math.nan
        if math.isnan(logit):
            raise EvaluationError(f"The model {self.id.name} gives this change no score.", mend=_MEND)
        return logit

    def probability(self, metrics: Metrics) -> float:
        """Score metrics, as a calibrated probability; needs no Change, so a history can be scored in bulk."""
        return sigmoid(self.logit(metrics))

    def factors(self, metrics: Metrics) -> tuple[Factor, ...]:
        """Give the reasons for the score, the weightiest first; ties by name."""
        named = (term.factor(metrics) for term in self.terms)
        return tuple(sorted(named, key=lambda factor: (-abs(factor.contribution), factor.name)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            f"The model's file {path} cannot be read: {error.strerror}.", mend=_MEND
        ) from error


def _checked(folder: Path, files: dict[str, str], name: str) -> Any:
    """Read one JSON file of the model; its hash must be the manifest's."""
    blob = _read(folder / name)
    if hashlib.sha256(blob).hexdigest() != files[name]:
        raise EvaluationError(
            f"The model's file {folder / name} is not the one its manifest names.", mend=_MEND
        )
    return json.loads(blob)


def _build(folder: Path, manifest_bytes: bytes) -> LinearModel:
    manifest = tomllib.loads(manifest_bytes.decode())
    files = manifest["files"]
    model = _checked(folder, files, "model.json")
    calibration = _checked(folder, files, "calibration.json")
    terms = tuple(_term(entry) for entry in model["terms"])
    _same_schema(folder, manifest["schema"], terms)
    reference = tuple(float(value) for value in calibration["reference"])
    intercept = float(model["intercept"])
    numbers = [intercept, *reference, *(number for term in terms for number in (term.center, term.weight))]
    if not reference or not all(map(math.isfinite, numbers)) or list(reference) != sorted(reference):
        raise EvaluationError(f"The model in {folder} holds numbers that cannot be.", mend=_MEND)
    sha256 = hashlib.sha256(manifest_bytes).hexdigest()
    return LinearModel(
        ModelId(str(manifest["name"]), sha256, str(manifest["reference"])), intercept, terms, reference
    )


def _term(entry: dict[str, Any]) -> Term:
    transform = Transform(str(entry["transform"]), float(entry["unit"]))
    return Term(str(entry["name"]), transform, float(entry["center"]), float(entry["weight"]))


def _same_schema(folder: Path, schema: dict[str, Any], terms: Iterable[Term]) -> None:
    """Refuse a model whose features are not, in name, order and transform, those that this code measures."""
    fitted = [(term.name, term.transform) for term in terms]
    served = [(name, TRANSFORMS.get(name)) for name in schema["features"]]
    if schema["version"] != VERSION or fitted != served:
        raise EvaluationError(
            f"The model in {folder} was fitted on features of version {schema['version']} "
            f"({', '.join(schema['features'])}); this riskbot measures version {VERSION}.",
            mend=_MEND,
        )
