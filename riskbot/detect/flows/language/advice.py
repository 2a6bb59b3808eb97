"""What is allowed in ``zones.yaml`` and still worth a second look, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from riskbot.domain.zones import Mode, Zone, Zones

_SOON = 30  # days before an exception ends that it is told


def warnings(zones: Zones, today: date) -> dict[str, list[str]]:
    """Give the warnings of each zone by its id."""
    return {zone.id: found for zone in zones.zones if (found := list(_of(zone, today)))}


def _of(zone: Zone, today: date) -> Iterator[str]:
    if not zone.sinks:
        yield "It has no sink, so no flow of its data is ever found."
    if not any(getattr(zone.sources, name) for name in zone.sources.__dataclass_fields__):
        yield f'It has no source but annotations: Annotated[..., Zone("{zone.data_category}")].'
    if zone.mode is Mode.ENFORCE and not (zone.owner or zone.stewards):
        yield "It is enforced, and nobody answers for it: name an owner or stewards."
    for one in zone.reclassifiers:
        if "." not in one.call:
            yield (
                f"The reclassifier {one.call!r} is a bare name: any function of that name, a local one too,"
                " takes the label off. Write it with its module."
            )
        if one.owner is None:
            yield f"The reclassifier {one.call!r} has no owner: nobody answers for its body."
        yield from _ending(f"The reclassifier {one.call!r}", one.until, today)
    for sink in zone.sinks:
        yield from _ending(f"What the sink {sink.name!r} accepts", sink.until, today)


def _ending(what: str, until: str | None, today: date) -> Iterator[str]:
    """Tell an exception that has ended, or ends soon."""
    if until is None:
        return
    left = (date.fromisoformat(until) - today).days
    if left < 0:
        yield f"{what} counted until {until}: it no longer does."
    elif left < _SOON:
        yield f"{what} counts until {until}, {left} days from now."
