"""Builds the tools of the road: the only place that constructs; heavy imports happen here, late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskbot.outside import bundled

if TYPE_CHECKING:
    from riskbot.domain.change import Charter
    from riskbot.gather.local import Limits
    from riskbot.pipeline import Tools
    from riskbot.settings import Settings


def limits(settings: Settings) -> Limits:
    """Say how much of a change is read."""
    from riskbot.gather.local import Limits

    return Limits(max_file_bytes=settings.max_file_bytes, max_total_bytes=settings.max_total_bytes)


def build(settings: Settings, charter: Charter) -> Tools:
    """Construct detectors, model, scale and policy as the settings and the base's charter say.

    Raises ConfigError for a policy that is wrong, EvaluationError for a damaged model or installation.
    """
    from riskbot.assess import LinearModel
    from riskbot.pipeline import Tools

    model = LinearModel.load(bundled.folder("models") / "metrics")
    return Tools(
        detectors=detectors(settings),
        detector_seconds=settings.detector_seconds,
        model=model,
        scale=_scale(settings, model),
        policy=policy(settings, charter),
    )
