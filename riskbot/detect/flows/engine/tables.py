"""What zones declare, arranged for look-ups by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from riskbot.detect.flows.engine.values import SYMBOL, Label, Labels, Link, Value, labelled, merge
from riskbot.detect.flows.names import Names
from riskbot.domain.zones import Reclassifier, Sink, Sources, Zone, Zones

Where = tuple[int, int]  # the index of a zone, and that of a sink in it


class Tables:
    """The sources, sinks and reclassifiers of all zones. ``today`` decides which exceptions have run out."""

    def __init__(self, zones: Zones, today: dt.date) -> None:
        self.zones = zones.zones
        self.today = today.isoformat()
        self.sources: dict[str, Names[int]] = {name: Names() for name in Sources.__dataclass_fields__}
        self.sinks: Names[Where] = Names()
        self.returned: Names[Where] = Names()
        self.stored: Names[Where] = Names()
        self.raised: list[Where] = []
        self.changes: Names[tuple[int, tuple[int, ...]]] = Names()
        self.prefixes: tuple[str, ...] = ()
        for number, zone in enumerate(self.zones):
            self._add(number, zone)
        # A column is an attribute of its model and a key of its rows.
        # Whether an annotation can name a zone is known without a look: `Zone("...")` always can.
        self.typed = bool(self.zones)
        self.attributes: Names[int] = Names()
        for kind in ("attributes", "columns"):
            for number, zone in enumerate(self.zones):
                for pattern in getattr(zone.sources, kind):
                    self.attributes.add(pattern, number)
        self.words = self.attributes.words()
        self.categories: dict[str, list[int]] = {}
        for number, zone in enumerate(self.zones):
            self.categories.setdefault(zone.data_category, []).append(number)

    def _add(self, number: int, zone: Zone) -> None:
        for kind, names in self.sources.items():
            for pattern in getattr(zone.sources, kind):
                names.add(pattern, number)
        for place, sink in enumerate(zone.sinks):
            where = (number, place)
            for pattern in sink.calls:
                self.sinks.add(pattern, where)
            for pattern in sink.return_of_decorated:
                self.returned.add(pattern, where)
            for pattern in sink.columns:
                self.stored.add(pattern, where)
            if sink.raises:
                self.raised.append(where)
            if not self._over(sink.until):
                self.prefixes += sink.allow_literal_prefix
        for one in zone.reclassifiers:
            if not self._over(one.until):
                self.changes.add(one.call, (number, self._targets(one)))

    def _over(self, until: str | None) -> bool:
        return until is not None and until < self.today

    def _targets(self, one: Reclassifier) -> tuple[int, ...]:
        """The zones that data becomes part of: those with the new category. None: it is free."""
        return tuple(number for number, zone in enumerate(self.zones) if zone.data_category == one.to)

    def sink(self, where: Where) -> Sink:
        """The sink itself."""
        return self.zones[where[0]].sinks[where[1]]

    def allows(self, where: Where, literal: str | None) -> bool:
        """Whether a call that begins with this literal is allowed."""
        sink = self.sink(where)
        return (
            literal is not None
            and bool(sink.allow_literal_prefix)
            and literal.startswith(sink.allow_literal_prefix)
            and not self._over(sink.until)
        )

    def accepts(self, where: Where, zone: int) -> bool:
        """Whether a sink of a zone accepts that zone's data."""
        sink = self.sink(where)
        category = self.zones[zone].data_category
        return not self._over(sink.until) and any(
            category == one or category.startswith(one + ".") for one in sink.accepts
        )

    def source(self, found: Iterable[tuple[str, int]], path: str, line: int, what: str) -> Value:
        """Data of the zones whose patterns were ``found`` at a place; ``what`` says how it enters."""
        labels: Labels = {}
        for pattern, zone in found:
            labels[Label(zone, pattern, path, line)] = Link(
                None,
                path,
                line,
                f"{what}: data of the zone {self.zones[zone].id} ({self.zones[zone].data_category})",
            )
        return labelled(labels)

    def reclassify(
        self, labels: Labels, change: tuple[int, tuple[int, ...]], link: tuple[str, int, str]
    ) -> Labels:
        """What labels are after a reclassifier of a zone; symbols remember it for the caller's labels."""
        result: Labels = {}
        zone, targets = change
        for label, before in labels.items():
            if label.zone == SYMBOL:
                if label.changes and label.changes[-1] == change:
                    result[label] = before
                else:
                    result[label._replace(changes=(*label.changes, change)[-4:])] = Link(before, *link)
            elif label.zone == zone:
                for target in targets:
                    result[label._replace(zone=target)] = Link(before, *link)
            else:
                result[label] = before
        return result

    def applied(self, symbol: Label, labels: Labels) -> Labels:
        """The caller's labels in the place of a symbol, after what was done to it."""
        for change in symbol.changes:
            changed: Labels = {}
            for label, link in labels.items():
                if label.zone == SYMBOL:
                    changed[label._replace(changes=(*label.changes, change)[-4:])] = link
                elif label.zone == change[0]:
                    changed = merge(changed, {label._replace(zone=target): link for target in change[1]})
                else:
                    changed[label] = link
            labels = changed
        return labels
