"""Floor 3: Change + Detection -> Assessment.

::

    measure(change) -> Metrics -> LinearModel -> factors that add up to the logit
                                                 probability -> Scale -> percentile, band, gates
                                                 each hunk left out -> ranked hunks
"""

from __future__ import annotations

from riskbot.assess import hunks
from riskbot.assess.blend import LinearModel, sigmoid
from riskbot.assess.features import measure
from riskbot.assess.scale import MODES, Bands, Mode, Scale
from riskbot.domain.assessment import Assessment
from riskbot.domain.change import Change, Omission
from riskbot.domain.finding import Detection

__all__ = ["MODES", "Bands", "LinearModel", "Mode", "Scale", "assess", "measure"]


def assess(
    change: Change, detection: Detection, model: LinearModel, scale: Scale | None = None
) -> Assessment:
    """Say how risky a change is, and exactly why.

    Pure: the same change, detection, model and scale give the same assessment. Without a ``scale`` the
    model's own reference and the default bands serve.
    """
    scale = scale or Scale.of(model)
    metrics = measure(change)
    factors = model.factors(metrics)
    probability = sigmoid(model.logit(metrics))
    percentile = scale.percentile(probability)
    omissions = _omissions(change, detection)
    band, note = scale.place(percentile, omissions, detection.failures)
    return Assessment(
        change=change,
        findings=detection.findings,
        rules=detection.rules,
        omissions=omissions,
        failures=detection.failures,
        model=scale.model_id(model),
        probability=probability,
        percentile=percentile,
        band=band,
        intercept=model.intercept,
        factors=factors,
        hunks=hunks.rank(change, metrics, model),
        gates=scale.gates(percentile),
        band_note=note,
    )


def _omissions(change: Change, detection: Detection) -> tuple[Omission, ...]:
    """Gather what no step could look at, each once, in the order of the road."""
    past = change.history.omissions if change.history else ()
    return tuple(dict.fromkeys((*change.omissions, *past, *detection.omissions)))
