"""Zones in words: what is declared, where the code has it, and what somebody should look at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskbot.domain.zones import Reclassifier, Sink, Sources, Zone
from riskbot.report.counts import count
from riskbot.report.page import Page
from riskbot.report.reading import place

#: How many places of one pattern are named.
PLACES = 3

Pattern = tuple[str, str]
_SOURCES = {
    "calls": "what the call gives",
    "functions": "what the function returns",
    "attributes": "the attribute",
    "keys": "what lies under the key",
    "parameters": "the parameter",
    "columns": "the column",
    "decorators": "what functions return that bear",
    "types": "what is annotated with",
}
_SINKS = {
    "calls": "a call of",
    "return_of_decorated": "what functions return that bear",
    "columns": "the column",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a pattern has something; ``resembles``: at least its last part occurs somewhere."""

    places: Sequence[tuple[str, int]] = ()
    resembles: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """One file of zones, as ``riskbot zones explain`` tells it; ``warnings`` by zone id, "" for the file."""

    file: str
    zones: Sequence[Zone]
    seen: Mapping[Pattern, Seen]
    warnings: Mapping[str, Sequence[str]]
    exclude: Sequence[str] = ()
    looked_at: int = 0


def render(told: Explained, *, color: bool = False, width: int = 100, unicode: bool = True) -> str:
    """Write each zone."""
    page = Page(color=color, width=width, unicode=unicode)
    page.prose(
        f"{page.quote(told.file)}: {count(len(told.zones), 'zone')};"
        f" {count(told.looked_at, 'file')} of Python looked at.",
    )
    if told.exclude:
        page.prose(f"Not looked at: {page.quote(', '.join(told.exclude))}.", style="dim")
    _warnings(page, told.warnings.get("", ()))
    for zone in told.zones:
        _zone(page, told, zone)
    return page.written()


def _zone(page: Page, told: Explained, zone: Zone) -> None:
    page.title(
        page.quote(zone.id), f"{page.quote(zone.data_category)}, mode {zone.mode.value}, line {zone.line}"
    )
    for words in _about(zone):
        page.prose(page.quote(words), indent=2, first=["  "])
    page.gap()
    page.line(("  Data of the zone is", "dim"))
    for name in Sources.__dataclass_fields__:
        for pattern in getattr(zone.sources, name):
            _pattern(page, told, (name, pattern), f"{_SOURCES[name]} {pattern}")
    words = f'what is annotated with Annotated[..., Zone("{zone.data_category}")]'
    page.prose(page.quote(words), indent=6, first=["    ", (page.glyphs.dot, "dim"), " "])
    if zone.sinks:
        page.gap()
        page.line(("  It must not reach", "dim"))
    for sink in zone.sinks:
        _sink(page, told, sink)
    if zone.reclassifiers:
        page.gap()
        page.line(("  It is no longer such data after", "dim"))
    for one in zone.reclassifiers:
        _pattern(page, told, ("reclassifiers", one.call), _reclassifier(one))
    _warnings(page, told.warnings.get(zone.id, ()))


def _about(zone: Zone) -> list[str]:
    """Say who answers, what for, and what else the zone says of itself."""
    said = [zone.description] if zone.description else []
    if zone.owner or zone.stewards:
        who = [f"owner {zone.owner}"] if zone.owner else []
        who += [f"stewards {', '.join(zone.stewards)}"] if zone.stewards else []
        said.append(f"Answered for by: {'; '.join(who)}.")
    if zone.allowed_purposes:
        said.append(f"Allowed purposes: {', '.join(zone.allowed_purposes)}.")
    if zone.same_as:
        said.append(f"The same as {', '.join(zone.same_as)}.")
    return said


def _sink(page: Page, told: Explained, sink: Sink) -> None:
    limits = []
    if sink.arguments:
        limits.append(f"only the arguments {', '.join(sink.arguments)}")
    if sink.accepts:
        limits.append(f"accepts {', '.join(sink.accepts)}")
    if sink.allow_literal_prefix:
        limits.append(f"allowed where the first argument begins with {', '.join(sink.allow_literal_prefix)}")
    if sink.until:
        limits.append(f"until {sink.until}")
    said = f" ({'; '.join(limits)})" if limits else ""
    page.prose(page.quote(f"{sink.name}{said}"), indent=4, first=["    "], style="bold")
    for name, words in _SINKS.items():
        for pattern in getattr(sink, name):
            _pattern(page, told, (f"{sink.name}.{name}", pattern), f"{words} {pattern}", needed=False)
    if sink.raises:
        words = "what an exception is raised with"
        page.prose(words, indent=6, first=["    ", (page.glyphs.dot, "dim"), " "])


def _reclassifier(one: Reclassifier) -> str:
    said = [f"it is {one.to} then"] if one.to else []
    said += [f"owner {one.owner}"] if one.owner else []
    said += [f"until {one.until}"] if one.until else []
    said += [" ".join(one.reason.split())] if one.reason else []
    return one.call + (f" ({'; '.join(said)})" if said else "")


def _pattern(page: Page, told: Explained, pattern: Pattern, words: str, *, needed: bool = True) -> None:
    """Show a pattern with its first places; a needed one that nothing in the code resembles stands out."""
    seen = told.seen.get(pattern, Seen())
    stale = needed and bool(told.looked_at) and not seen.places and not seen.resembles
    glyph = (page.glyphs.failed, "bold yellow") if stale else (page.glyphs.dot, "dim")
    page.prose(page.quote(words), indent=6, first=["    ", glyph, " "])
    if seen.places:
        named = ", ".join(place(path, line) for path, line in seen.places[:PLACES])
        left = len(seen.places) - PLACES
        rest = f" and {count(left, 'more place')}" if left > 0 else ""
        page.prose(page.quote(named) + rest, indent=8, first=["        "], style="dim")
    elif told.looked_at:
        words = "no place by this whole name" if seen.resembles else "nothing in the code has this name"
        page.prose(words, indent=8, first=["        "], style="yellow" if stale else "dim")


def _warnings(page: Page, warnings: Sequence[str]) -> None:
    if warnings:
        page.gap()
    for words in warnings:
        page.prose(page.quote(words), indent=4, first=["  ", (page.glyphs.failed, "bold yellow"), " "])
