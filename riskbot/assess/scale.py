"""The scale: from a probability to a percentile, a band and the gates that would hold the change.

A band says how risky a change is against others (red is the riskiest). A gate is a mode that an
organisation switches on (a calm weekend, a code freeze): it holds the riskiest so many per cent. The modes
and their shares are those of Meta's diff risk score (arXiv 2410.06351).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from riskbot.assess.model import Model
from riskbot.domain.assessment import Band, Gate, ModelId
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.errors import UsageError
from riskbot.domain.finding import Failure

UNANALYSED = frozenset(
    {
        OmissionKind.UNPARSABLE,
        OmissionKind.PARTLY_PARSED,
        OmissionKind.TIMEOUT,
        OmissionKind.NOT_SCANNED,
        OmissionKind.TOO_LARGE,
        OmissionKind.MISSING_OBJECT,
        OmissionKind.CONTENT_UNKNOWN,
    }
)
"""The omissions that mean code was not looked at."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Where each band begins, as a percentile; green begins at 0 and the bands leave no gap.

    Raises UsageError unless ``0 < weekend < yellow < red <= 100``.
    """

    weekend: float = 90.0
    yellow: float = 95.0
    red: float = 99.0

    def __post_init__(self) -> None:
        if not 0 < self.weekend < self.yellow < self.red <= 100:
            raise UsageError(
                f"The risk bands do not rise: weekend={self.weekend:g}, yellow={self.yellow:g}, "
                f"red={self.red:g}.",
                mend="Give percentiles with 0 < weekend < yellow < red <= 100.",
            )

    def band(self, percentile: float) -> Band:
        """Say which band a percentile lies in; a band's first percentile belongs to it."""
        for band, start in ((Band.RED, self.red), (Band.YELLOW, self.yellow), (Band.WEEKEND, self.weekend)):
            if percentile >= start:
                return band
        return Band.GREEN


@dataclass(frozen=True, slots=True)
class Mode:
    """A gating mode by name, which holds the riskiest ``top_percent`` of changes (0 to 100)."""

    name: str
    top_percent: float

    def __post_init__(self) -> None:
        if not 0 <= self.top_percent <= 100:
            raise UsageError(
                f"The gate {self.name!r} would hold the riskiest {self.top_percent:g} % of changes.",
                mend="Give a share between 0 and 100.",
            )

    def gate(self, percentile: float) -> Gate:
        """Say whether the mode would hold a change of this percentile."""
        return Gate(
            self.name, self.top_percent, self.top_percent > 0 and percentile >= 100 - self.top_percent
        )


MODES = (Mode("weekend", 5.0), Mode("yellow", 10.0), Mode("red", 50.0))


@dataclass(frozen=True, slots=True)
class Scale:
    """What a probability means: the reference it is compared with, the bands and the gating modes.

    ``reference`` holds probabilities, ascending; ``reference_name`` says whose. ``incomplete`` is the
    least band of a change that was not analysed in full.
    """

    reference: tuple[float, ...]
    reference_name: str
    bands: Bands = Bands()
    modes: tuple[Mode, ...] = MODES
    incomplete: Band = Band.YELLOW

    @classmethod
    def of(
        cls,
        model: Model,
        *,
        bands: Bands | None = None,
        modes: tuple[Mode, ...] = MODES,
        incomplete: Band = Band.YELLOW,
    ) -> Self:
        """Build the scale of a model's own reference."""
        return cls(model.reference, model.id.reference, bands or Bands(), modes, incomplete)

    def against(self, scores: Sequence[float], *, minimum: int = 200) -> Scale:
        """Measure against a repository's own recent changes: their probabilities, in any order.

        With fewer than ``minimum`` usable scores a percentile would be noise: the scale stays as it is.
        """
        usable = sorted(score for score in scores if math.isfinite(score))
        if len(usable) < max(1, minimum):
            return self
        name = f"this repository's own {len(usable)} recent changes"
        return replace(self, reference=tuple(usable), reference_name=name)

    def model_id(self, model: Model) -> ModelId:
        """Name the model together with what this scale measures against."""
        return replace(model.id, reference=self.reference_name)

    def percentile(self, probability: float) -> float:
        """Give the share of the reference that scores lower, 0 to 100; ties count half."""
        below = bisect_left(self.reference, probability)
        up_to = bisect_right(self.reference, probability)
        return 50.0 * (below + up_to) / len(self.reference)

    def gates(self, percentile: float) -> tuple[Gate, ...]:
        """Say which gating modes would hold a change of this percentile."""
        return tuple(mode.gate(percentile) for mode in self.modes)

    def place(
        self, percentile: float, omissions: Iterable[Omission], failures: Iterable[Failure]
    ) -> tuple[Band, str]:
        """Give the band, with a note where an incomplete analysis raised it or leaves it in doubt."""
        own = self.bands.band(percentile)
        gaps = _gaps(omissions, failures)
        if not gaps:
            return own, ""
        if own < self.incomplete:
            return self.incomplete, f"Raised from {own.value} to {self.incomplete.value}: {gaps}."
        return own, f"The score may be too low: {gaps}."


def _gaps(omissions: Iterable[Omission], failures: Iterable[Failure]) -> str:
    """Say in words what was not analysed; empty when nothing is missing."""
    counts: dict[str, int] = {}
    for omission in omissions:
        if omission.kind in UNANALYSED:
            words = f"{omission.step}: {omission.kind.value}"
            counts[words] = counts.get(words, 0) + 1
    parts = [f"{words} ({count})" if count > 1 else words for words, count in counts.items()]
    parts += dict.fromkeys(f"{failure.step} failed" for failure in failures)
    return "not everything could be analysed (" + ", ".join(parts) + ")" if parts else ""
