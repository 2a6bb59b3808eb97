"""Floor 3: Change + Detection -> Assessment.

::

    features.numbers(change, detection) -> trees ----+-> factors that add up to the logit
    chunks(change) -> text model -> a score a chunk -+   probability -> Scale -> percentile, band, gates
                                                         each hunk left out -> ranked hunks

Where a change has no line to read, the small model of metrics speaks (:class:`LinearModel`).
"""

from __future__ import annotations

from dataclasses import replace

from riskbot.assess.blend import LinearModel, sigmoid
from riskbot.assess.dimensions import dimensions
from riskbot.assess.features import measure
from riskbot.assess.model import Model, Reading
from riskbot.assess.risk import RiskModel
from riskbot.assess.scale import MODES, Bands, Mode, Scale
from riskbot.domain.assessment import Assessment, ModelId
from riskbot.domain.change import Change, Omission
from riskbot.domain.finding import Detection

__all__ = [
    "MODES",
    "Bands",
    "LinearModel",
    "Mode",
    "Model",
    "Reading",
    "RiskModel",
    "Scale",
    "Speaker",
    "assess",
    "measure",
]

Speaker = tuple[Model, Scale]
"""A model and the scale that its scores are read by."""

_NOTHING_TO_READ = "there is no changed line to read, so it speaks instead of {}"


def assess(
    change: Change,
    detection: Detection,
    model: Model,
    scale: Scale | None = None,
    *,
    fallback: Speaker | None = None,
    reading: Reading | None = None,
) -> Assessment:
    """Say how risky a change is, and exactly why.

    Pure: the same change, detection, model and scale give the same assessment. Without a ``scale`` the
    model's own reference and the default bands serve. ``fallback`` speaks where there is no text to read;
    ``reading`` is what ``model.read(change)`` gave, if that was asked already.
    """
    reading = model.read(change) if reading is None else reading
    model, scale, note = speaker(model, scale or Scale.of(model), fallback, reading)
    scored = model.score(change, detection, reading)
    probability = sigmoid(scored.logit)
    percentile = scale.percentile(probability)
    omissions = _omissions(change, detection)
    band, band_note = scale.place(percentile, omissions, detection.failures)
    return Assessment(
        change=change,
        findings=detection.findings,
        rules=detection.rules,
        omissions=omissions,
        failures=detection.failures,
        model=_noted(scale.model_id(model), note),
        probability=probability,
        percentile=percentile,
        band=band,
        intercept=scored.intercept,
        factors=scored.factors,
        hunks=scored.hunks,
        gates=scale.gates(percentile),
        dimensions=dimensions(change, detection),
        band_note=band_note,
        authorship=detection.authorship,
    )


def speaker(
    model: Model, scale: Scale, fallback: Speaker | None, reading: Reading | None
) -> tuple[Model, Scale, str]:
    """Choose who speaks, and say why where it is not the model: it read no text though it reads texts."""
    if fallback is None or reading is None or reading.chunks:
        return model, scale, ""
    return *fallback, _NOTHING_TO_READ.format(model.id.name)


def _noted(identity: ModelId, note: str) -> ModelId:
    return replace(identity, note="; ".join(filter(None, (identity.note, note))))


def _omissions(change: Change, detection: Detection) -> tuple[Omission, ...]:
    """Gather what no step could look at, each once, in the order of the road."""
    past = change.history.omissions if change.history else ()
    return tuple(dict.fromkeys((*change.omissions, *past, *detection.omissions)))
