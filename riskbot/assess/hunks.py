"""Each hunk's own part in the score, by exact occlusion: how far the logit falls without the hunk.

The metrics are worked out anew without the hunk. Running sums make that a constant amount of work for each
hunk, so the whole is linear in the number of hunks.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from riskbot.assess.features import churn
from riskbot.assess.features.less import vanishes
from riskbot.domain.assessment import HunkRisk
from riskbot.domain.change import Change, FileDiff, Metrics
from riskbot.domain.spread import entropy, folder, subsystem

if TYPE_CHECKING:
    from riskbot.assess.blend import LinearModel

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Left:
    """A change less one hunk: which one (indices in the change), and the metrics of what is left."""

    file: int
    hunk: int
    metrics: Metrics

    def risk(self, change: Change, score: float, text: float | None = None) -> HunkRisk:
        """Give the hunk its part in the score."""
        file = change.files[self.file]
        hunk = file.hunks[self.hunk]
        return HunkRisk(
            file.path, hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count, score, text
        )


def left_out(change: Change, metrics: Metrics) -> Iterator[Left]:
    """Leave out each hunk of a change whose metrics are given, one at a time."""
    return _Without(change, metrics).each()


def without(change: Change, at: int, number: int) -> Change:
    """Build the change anew without hunk ``number`` of file ``at``; a file with nothing left goes too."""
    file = change.files[at]
    gone = file.hunks[number]
    kept = (*file.hunks[:number], *file.hunks[number + 1 :])
    less = replace(file, hunks=kept, added=file.added - gone.added, removed=file.removed - gone.removed)
    rest = () if vanishes(file) else (less,)
    return replace(change, files=(*change.files[:at], *rest, *change.files[at + 1 :]))


def ordered(risks: Iterable[HunkRisk]) -> tuple[HunkRisk, ...]:
    """Order hunks: the riskiest first, ties by path and line."""
    return tuple(sorted(risks, key=lambda risk: (-risk.score, risk.path, risk.new_start, risk.old_start)))


def rank(change: Change, metrics: Metrics, model: LinearModel) -> tuple[HunkRisk, ...]:
    """Score every hunk of a change whose metrics are given; the riskiest first, ties by path and line.

    A negative score means that the change would look riskier without the hunk.
    """
    whole = model.logit(metrics)
    return ordered(left.risk(change, whole - model.logit(left.metrics)) for left in left_out(change, metrics))


@dataclass(frozen=True, slots=True)
class _Ages:
    """The last changes of the files with a past: when each was, and the mean that the age was made from."""

    last: dict[str, int]
    total: int
    now: float

    @classmethod
    def of(cls, change: Change, metrics: Metrics) -> _Ages | None:
        """Read them; None where the history does not tell."""
        if change.history is None or metrics.age is None:
            return None
        last = {f.path: f.last_changed_at for f in change.history.files if f.last_changed_at is not None}
        total = sum(last.values())
        # The metric is the mean distance to one moment: the moment follows from it.
        return cls(last, total, metrics.age * _DAY + total / len(last)) if last else None

    def without(self, path: str) -> float | None:
        """Give the mean age, in days, of the files but one; None where none with a past is left."""
        others = len(self.last) - (path in self.last)
        if others == 0:
            return None
        total = self.total - self.last.get(path, 0)
        return max(0.0, (self.now - total / others) / _DAY)


class _Without:
    """The metrics of a change less one hunk, for every hunk."""

    def __init__(self, change: Change, metrics: Metrics) -> None:
        self.files = change.files
        self.metrics = metrics
        self.ages = _Ages.of(change, metrics)
        self.folders = Counter(folder(file.path) for file in change.files)
        self.subsystems = Counter(subsystem(file.path) for file in change.files)
        counts = [churn(file) for file in change.files]
        self.total = sum(counts)
        self.weighted = math.fsum(_nlogn(count) for count in counts)
        self.entropy = entropy(counts)

    def each(self) -> Iterator[Left]:
        """Walk over the hunks with the metrics that the change would have without each."""
        for at, file in enumerate(self.files):
            gone = vanishes(file)
            rest = self._less_file(file) if gone else self.metrics
            for number, hunk in enumerate(file.hunks):
                yield Left(at, number, self._less_lines(rest, churn(file), hunk.added, hunk.removed))

    def _less_lines(self, rest: Metrics, before: int, added: int, removed: int) -> Metrics:
        after = before - added - removed
        total = self.total - added - removed
        weighted = self.weighted - _nlogn(before) + _nlogn(after)
        left = math.log2(total) - weighted / total if total > 0 else 0.0
        return replace(
            rest,
            la=_less(rest.la, added),
            ld=_less(rest.ld, removed),
            entropy=None if rest.entropy is None else max(0.0, rest.entropy + left - self.entropy),
        )

    def _less_file(self, file: FileDiff) -> Metrics:
        old = file.old.count(b"\n") if file.old is not None else 0
        where, part = folder(file.path), subsystem(file.path)
        return replace(
            self.metrics,
            nf=_less(self.metrics.nf, 1),
            nd=_less(self.metrics.nd, self.folders[where] == 1),
            ns=_less(self.metrics.ns, self.subsystems[part] == 1),
            lt=_less(self.metrics.lt, old),
            age=self.ages.without(file.path) if self.ages else self.metrics.age,
        )


def _nlogn(count: int) -> float:
    return count * math.log2(count) if count > 0 else 0.0


def _less(value: float | None, by: int) -> float | None:
    return None if value is None else max(0.0, value - by)
