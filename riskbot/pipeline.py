"""The road: the only place that knows the order of the steps.

::

    change, history = gather...            (the surface's part: refs, a diff, a pull request)
    detection       = detect(change)       (while git reads the history, and the standards are built)
    assessment      = assess(change with its history, detection)
    facts           = what of it policies may ask (riskbot.facts)
    verdict         = judge(facts)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from riskbot.detect.adjust import NOTHING, Adjustments, adjust
from riskbot.detect.detector import Detector, detecting
from riskbot.domain.change import Change, History
from riskbot.domain.verdict import Reviewed

if TYPE_CHECKING:
    from riskbot.assess import Model, Scale, Speaker
    from riskbot.facts.document import Facts
    from riskbot.facts.local import Known
    from riskbot.judge.language.policy import Policy
    from riskbot.judge.owners import Rosters

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Standards:
    """What a change is measured by and judged by.

    ``known`` is what the repository says of people, ``rosters`` what its owners files do; ``now`` is the time
    of the judgement. ``fallback`` speaks where the model finds no text to read. ``adjustments`` are what the
    base says of single rules.
    """

    model: Model
    scale: Scale
    policy: Policy
    rosters: Rosters
    known: Known
    now: datetime
    fallback: Speaker | None = None
    adjustments: Adjustments = NOTHING


@dataclass(frozen=True, slots=True)
class Tools:
    """What the steps work with; built by :mod:`riskbot.toolbox` and by nothing else.

    ``standards`` builds the rest when it is called: while the detectors run, since that takes a while too.
    """

    detectors: Sequence[Detector]
    detector_seconds: float
    standards: Callable[[], Standards]


def _silent(_step: str) -> None:
    """Show no progress."""


def review(
    change: Change,
    tools: Tools,
    *,
    history: Callable[[], History] | None = None,
    progress: Progress = _silent,
    record: Callable[[Facts], None] | None = None,
) -> Reviewed:
    """Take a change down the whole road and return its verdict.

    ``history`` is called while the detectors run: git reads the past in the background meanwhile. Without
    it ``change.history`` is used as it is. ``progress`` is told each step's name, again and again while the
    step goes on. ``record`` is given the facts that the verdict is judged from.
    """
    step = "Looking for what could go wrong"
    progress(step)
    with detecting(change, tools.detectors, seconds=tools.detector_seconds) as join:
        standards = tools.standards()
        from riskbot.assess import assess
        from riskbot.facts import local
        from riskbot.judge import judge

        reading = standards.model.read(change)
        past = history() if history is not None else change.history
        detection = join(lambda: progress(step))
    detection = adjust(detection, standards.adjustments, standards.now.astimezone(UTC).date())
    progress("Scoring and judging")
    change = replace(change, history=past)
    assessment = assess(
        change,
        detection,
        standards.model,
        standards.scale,
        fallback=standards.fallback,
        reading=reading,
    )
    facts = local.of(assessment, standards.known)
    if record is not None:
        record(facts)
    verdict = judge(facts, standards.policy, standards.rosters, standards.now)
    return Reviewed(
        **{one.name: getattr(verdict, one.name) for one in fields(verdict)}, assessment=assessment
    )
