"""What the reporters of ``riskbot zones check`` take: one noun, and nothing to look up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from riskbot.domain.change import Omission
from riskbot.domain.finding import Finding, Rule
from riskbot.domain.zones import Flow, Mode, Zones


@dataclass(frozen=True, slots=True)
class Checked:
    """Files held against zones. Paths in flows, findings and omissions are as a reader types them.

    ``file`` names the zones; ``looked_at`` counts files; ``findings`` are the flows once more, one for one,
    as ``rules`` tell them. ``code`` holds the steps' lines by path and 1-based number, as far as known.
    """

    file: str
    zones: Zones
    flows: tuple[Flow, ...]
    findings: tuple[Finding, ...] = ()
    rules: tuple[Rule, ...] = ()
    omissions: tuple[Omission, ...] = ()
    looked_at: int = 0
    code: Mapping[tuple[str, int], bytes] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """How many flows belong to zones in mode enforce."""
        return sum(flow.mode is Mode.ENFORCE for flow in self.flows)

    @property
    def exit_code(self) -> int:
        """1 for a flow in mode enforce, 3 for what could not be looked at, 0 for neither: no gap passes."""
        return 1 if self.held else 3 if self.omissions else 0

    def counted(self) -> list[tuple[str, str, str, int]]:
        """Count flows by zone, sink and mode, in the zones' own order."""
        order = {zone.id: number for number, zone in enumerate(self.zones.zones)}
        counts = Counter((flow.zone, flow.sink, flow.mode.value) for flow in self.flows)
        rows = sorted(counts.items(), key=lambda row: (order.get(row[0][0], len(order)), row[0]))
        return [(*key, number) for key, number in rows]
