"""How far training is: by steps and by the clock, whichever is further; what follows from it.

The learning rate, the evaluations and the end all hang on this one number, so the schedule is complete when
the time is up, however fast the machine turns out to be and whoever else uses it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Clock:
    """The clock of one run, over all its starts. ``max_minutes`` None: only the steps count."""

    steps: int
    max_minutes: float | None = None
    spent: float = 0.0
    """Seconds, in earlier starts."""
    closing: float = 0.0
    """Seconds that the last evaluation will take, judged by the one before."""
    now: Callable[[], float] = time.monotonic
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.now()

    def seconds(self) -> float:
        """Seconds of training in all, evaluations included."""
        return self.spent + self.now() - self._started

    def fraction(self, step: int) -> float:
        """How far training is after ``step`` steps: 0 to 1."""
        by_steps = step / self.steps
        if self.max_minutes is None:
            return min(1.0, by_steps)
        return min(1.0, max(by_steps, self.seconds() / max(self.max_minutes * 60 - self.closing, 1e-9)))

    def planned(self, step: int) -> int:
        """How many steps there will be in all, at the pace so far."""
        far = self.fraction(step)
        return self.steps if far <= 0 else max(step, min(self.steps, round(step / far)))


def rate(far: float, warmup: float) -> float:
    """Give the share of the full learning rate: rising over ``warmup`` of the run, then falling to 0."""
    if far < warmup:
        return far / warmup
    return max(0.0, (1 - far) / (1 - warmup))
