"""The road: the only place that knows the order of the steps.

::

    change, history = gather...            (the surface's part: refs, a diff, a pull request)
    detection       = detect(change)       (while git is still reading the history)
    assessment      = assess(change with its history, detection)
    verdict         = judge(assessment)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from riskbot.assess import LinearModel, Scale, assess
from riskbot.detect.detector import Detector, detect
from riskbot.domain.change import Change, History
from riskbot.domain.verdict import Verdict
from riskbot.judge import judge
from riskbot.judge.policy import Policy

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the steps work with; built by :mod:`riskbot.toolbox` and by nothing else."""

    detectors: Sequence[Detector]
    detector_seconds: float
    model: LinearModel
    scale: Scale
    policy: Policy


def _silent(_step: str) -> None:
    """Show no progress."""


def review(
    change: Change,
    tools: Tools,
    *,
    history: Callable[[], History] | None = None,
    progress: Progress = _silent,
) -> Verdict:
    """Take a change down the whole road and return its verdict.

    ``history`` is called after the detectors have run: git reads the past in the background meanwhile,
    which halves the waiting. Without it ``change.history`` is used as it is. ``progress`` is told each
    step's name before it starts.
    """
    progress("Looking for what could go wrong")
    detection = detect(change, tools.detectors, seconds=tools.detector_seconds)
    if history is not None:
        progress("Reading the history")
        change = replace(change, history=history())
    progress("Scoring and judging")
    return judge(assess(change, detection, tools.model, tools.scale), tools.policy)
