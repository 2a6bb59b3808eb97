"""``freeze``: while a window of the calendar holds, only calm changes land, or those let through."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge.bench import Bench
from riskbot.judge.language.calendar import Window, Zone, until
from riskbot.judge.language.declarations import SomePeople
from riskbot.judge.needs.need import MET, met
from riskbot.judge.predicate import Answer
from riskbot.judge.predicates.asking import Wish, listed, people, ruled
from riskbot.judge.predicates.risk import PercentileLimit, Risk


class Freeze(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask that nothing lands in the windows but what is calm, or what ``escalation`` approves.

    ``zone`` is the windows' time zone. Without ``percentile`` nothing is calm; without ``escalation`` nobody
    can let a change through. The time is the judgement's: nothing that the author chose counts.
    """

    zone: Zone
    windows: Annotated[tuple[Window, ...], msgspec.Meta(min_length=1, max_length=200)]
    percentile: PercentileLimit | None = None
    escalation: SomePeople | None = None

    def ask(self, bench: Bench, /) -> Answer:
        """SATISFIED outside the windows and for calm changes; ERROR where the calendar ends."""
        try:
            end = until(self.windows, self.zone, bench.now)
            now = self.zone.wall(bench.now)
        except OverflowError:
            return Answer(Status.ERROR, "The time is at an end of the calendar, so no window can be told.")
        if end is None:
            return Answer(Status.SATISFIED, f"There is no freeze at {now:%Y-%m-%d %H:%M} ({self.zone.name}).")
        freeze = f"A freeze holds until {self.zone.wall(end):%Y-%m-%d %H:%M} ({self.zone.name})"
        evidence: tuple[str, ...] = ()
        if self.percentile is not None:
            calm = Risk(percentile=self.percentile).ask(bench)
            if calm.status is Status.SATISFIED:
                return Answer(Status.SATISFIED, f"{freeze}; calm changes land.", (calm.reason,), MET)
            evidence = (calm.reason,)
        if self.escalation is None:
            return Answer(Status.PENDING, f"{freeze}, and nobody can let the change through.", evidence)
        wish = Wish("escalation", 1, self.escalation)
        need = wish.ask(bench)
        let = (
            f"{people(need.counted)} let"
            if met(need)
            else f"{listed(who.text for who in self.escalation)} may let"
        )
        return ruled(bench, need, f"{freeze}; {let} the change through.", evidence, wish.unread(bench))
