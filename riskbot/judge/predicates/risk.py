"""``risk``: how risky the change may be, by band, by percentile, or both."""

from __future__ import annotations

import math
from typing import Annotated

import msgspec

from riskbot.domain.assessment import Band
from riskbot.domain.verdict import Status
from riskbot.judge.bench import Bench
from riskbot.judge.predicate import Answer, bounded, not_assessed


class BandLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``band: {at_most: yellow}``."""

    at_most: Band


class PercentileLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``percentile: {below: 95}``: riskier than less than so many per cent of the reference changes."""

    below: Annotated[float, msgspec.Meta(gt=0, le=100)]


class Risk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limit the risk. ``band`` or ``percentile`` must be given; with both, both must hold."""

    band: BandLimit | None = None
    percentile: PercentileLimit | None = None

    def __post_init__(self) -> None:
        if self.band is None and self.percentile is None:
            raise ValueError("A risk clause needs a limit: band: {at_most: …} or percentile: {below: …}")

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING above a limit; ERROR where the score is not a number from 0 to 100."""
        assessment = bench.assessment
        if assessment is None:
            return not_assessed()
        if not 0 <= assessment.percentile <= 100:
            return Answer(
                Status.ERROR, f"The percentile {assessment.percentile} is not a number from 0 to 100."
            )
        limits = []
        holds = True
        if self.band is not None:
            limits.append(f"at most {self.band.at_most.value}")
            holds &= assessment.band <= self.band.at_most
        if self.percentile is not None:
            limits.append(f"below percentile {self.percentile.below:g}")
            holds &= assessment.percentile < self.percentile.below
        reason = (
            f"The change is {assessment.band.value} at percentile {self._shown(assessment.percentile)};"
            f" the policy allows {' and '.join(limits)}."
        )
        notes = bounded([assessment.band_note] if assessment.band_note else [])
        return Answer(Status.SATISFIED if holds else Status.PENDING, reason, notes)

    def _shown(self, percentile: float) -> str:
        """Round down to one decimal, but never across the limit: 94.96 is not the 95 it stays below."""
        short = math.floor(percentile * 10) / 10
        if self.percentile is not None and (short < self.percentile.below) != (
            percentile < self.percentile.below
        ):
            return repr(percentile)
        return f"{short:g}"
