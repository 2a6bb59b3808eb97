"""Two versions of the zones, compared: which edits let more through than before, and which do not.

An edit weakens when some flow that the old zones tell or hold could pass the new ones, or when somebody else
answers for them. What cannot be told counts as weakening. A pattern that a wider one replaces is not lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from riskbot.detect.flows.language.taxonomy import covers
from riskbot.domain.zones import Mode, Reclassifier, Sink, Sources, Zone, Zones

T = TypeVar("T")
_PAIRS = 100_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit in words, with its place: the zone's id and the keys below it (no zone: the whole file).

    ``gone``: the place is in the old text only.
    """

    what: str
    weakens: bool
    zone: str | None = None
    keys: tuple[str, ...] = ()
    gone: bool = False


def between(old: Zones, new: Zones) -> Iterator[Edit]:
    """Yield every edit from ``old`` to ``new``."""
    yield from _lists(
        "a path pattern to 'exclude'", old.exclude, new.exclude, _same, ("exclude",), grows=True
    )
    before, after = {zone.id: zone for zone in old.zones}, {zone.id: zone for zone in new.zones}
    fresh = [zone for zone in new.zones if zone.id not in before]
    for name, zone in before.items():
        twin = after.get(name) or _renamed(zone, fresh, _anonymous)
        if twin is None:
            yield Edit(f"the zone {name!r} was removed", weakens=True, zone=name, gone=True)
            continue
        if twin.id != name:
            fresh.remove(twin)
            yield Edit(
                f"the zone {name!r} is now called {twin.id!r}", weakens=False, zone=twin.id, keys=("id",)
            )
        for edit in _zone(zone, twin):
            yield replace(edit, zone=name if edit.gone else twin.id)
    for zone in fresh:
        yield Edit(f"the zone {zone.id!r} was added", weakens=False, zone=zone.id)


def _zone(old: Zone, new: Zone) -> Iterator[Edit]:
    """Compare a zone with its later self."""
    if old.mode is not new.mode:
        words = f"the mode went from {old.mode.value} to {new.mode.value}"
        yield Edit(words, weakens=new.mode is Mode.LOG, keys=("mode",))
    if old.data_category != new.data_category:
        words = f"the data category went from {old.data_category} to {new.data_category}"
        yield Edit(words, weakens=True, keys=("data_category",))
    for field in fields(Sources):
        same = _same if field.name == "keys" else matches
        parts = getattr(old.sources, field.name), getattr(new.sources, field.name)
        yield from _lists(f"a source to {field.name!r}", *parts, same, ("sources", field.name))
    yield from _sinks(old.sinks, new.sinks)
    yield from _reclassifiers(old.reclassifiers, new.reclassifiers)
    yield from _purposes(old.allowed_purposes, new.allowed_purposes)
    yield from _answering("owner", (old.owner,) if old.owner else (), (new.owner,) if new.owner else ())
    yield from _answering("stewards", old.stewards, new.stewards)
    if (old.same_as, old.description) != (new.same_as, new.description):
        yield Edit("what it says of itself was changed", weakens=False)


def _sinks(old: Sequence[Sink], new: Sequence[Sink]) -> Iterator[Edit]:
    before, after = {sink.name: sink for sink in old}, {sink.name: sink for sink in new}
    fresh = [sink for sink in new if sink.name not in before]
    for name, sink in before.items():
        twin = after.get(name) or _renamed(sink, fresh, lambda one: replace(one, name=""))
        if twin is None:
            yield Edit(f"the sink {name!r} was removed", weakens=True, keys=("sinks", name), gone=True)
            continue
        if twin.name != name:
            fresh.remove(twin)
            words = f"the sink {name!r} is now called {twin.name!r}"
            yield Edit(words, weakens=False, keys=("sinks", twin.name))
        for edit in _sink(sink, twin):
            at = name if edit.gone else twin.name
            yield replace(edit, what=f"the sink {at!r}: {edit.what}", keys=("sinks", at, *edit.keys))
    for sink in fresh:
        yield Edit(f"the sink {sink.name!r} was added", weakens=False, keys=("sinks", sink.name))


def _sink(old: Sink, new: Sink) -> Iterator[Edit]:
    """Compare a sink with its later self."""
    for name in ("calls", "return_of_decorated", "columns"):
        yield from _lists(f"a place to {name!r}", getattr(old, name), getattr(new, name), matches, (name,))
    if old.raises != new.raises:
        words = f"'raise' went from {_said(old.raises)} to {_said(new.raises)}"
        yield Edit(words, weakens=old.raises, keys=("raise",), gone=False)
    if set(old.arguments) != set(new.arguments):
        fewer = bool(new.arguments) and not (old.arguments and set(old.arguments) <= set(new.arguments))
        words = f"the arguments looked at went from {_named(old.arguments)} to {_named(new.arguments)}"
        yield Edit(words, weakens=fewer, keys=("arguments",))
    yield from _lists("a category to 'accepts'", old.accepts, new.accepts, covers, ("accepts",), grows=True)
    prefixes = old.allow_literal_prefix, new.allow_literal_prefix
    yield from _lists(
        "a prefix to 'allow_literal_prefix'", *prefixes, _begins, ("allow_literal_prefix",), grows=True
    )
    if (old.accepts or old.allow_literal_prefix) and (new.accepts or new.allow_literal_prefix):
        yield from _until(old.until, new.until)


def _reclassifiers(old: Sequence[Reclassifier], new: Sequence[Reclassifier]) -> Iterator[Edit]:
    before, after = {one.call: one for one in old}, {one.call: one for one in new}
    for call, one in before.items():
        twin = after.get(call)
        if twin is None:
            yield Edit(f"the reclassifier {call!r} was removed", weakens=False, keys=("reclassifiers",))
            continue
        about = f"the reclassifier {call!r}"
        if one.to != twin.to:
            words = f"{about} now makes {twin.to or 'data of no category'} instead of {one.to or 'such data'}"
            yield Edit(words, weakens=True, keys=("reclassifiers",))
        for edit in (*_until(one.until, twin.until), *_answering("owner", _one(one.owner), _one(twin.owner))):
            yield replace(edit, what=f"{about}: {edit.what}", keys=("reclassifiers",))
    for call in (call for call in after if call not in before):
        narrowed = any(_within(after[call], one) for one in old)
        yield Edit(f"the reclassifier {call!r} was added", weakens=not narrowed, keys=("reclassifiers",))


def _within(new: Reclassifier, old: Reclassifier) -> bool:
    """Say whether the new one takes off no label that the old one would not have, and no longer than that."""
    ends = old.until is None or (new.until is not None and new.until <= old.until)
    return matches(old.call, new.call) and ends and (new.to, new.owner) == (old.to, old.owner)


def _purposes(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Compare the purposes; naming none says nothing about purposes, and so allows them all."""
    keys = ("allowed_purposes",)
    if old and not new:
        yield Edit(
            "the purposes that are allowed were taken away, so none is excluded", weakens=True, keys=keys
        )
    elif old:
        yield from _lists("a purpose to 'allowed_purposes'", old, new, covers, keys, grows=True)
    elif new:
        yield Edit(f"the allowed purposes were named: {_named(new)}", weakens=False, keys=keys)


def _until(old: str | None, new: str | None) -> Iterator[Edit]:
    if old == new:
        return
    later = new is None or (old is not None and new > old)
    words = f"the last day went from {old or 'none'} to {new or 'none, so it never ends'}"
    yield Edit(words, weakens=later, keys=("until",))


def _answering(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Compare who answers; naming somebody where nobody was named takes nothing from anybody."""
    if set(old) != set(new):
        words = f"{what!r} went from {_named(old, 'nobody')} to {_named(new, 'nobody')}"
        yield Edit(words, weakens=bool(old), keys=(what,))


def _lists(
    what: str,
    old: Sequence[str],
    new: Sequence[str],
    wider: Callable[[str, str], bool],
    keys: tuple[str, ...],
    *,
    grows: bool = False,
) -> Iterator[Edit]:
    """Compare two lists; ``grows`` says that a longer one lets more through.

    ``what`` is the words of adding ("a source to 'calls'"); ``wider(a, b)`` says that ``a`` stands for ``b``.
    """
    thing, _, where = what.partition(" to ")
    before, after = set(old), set(new)
    removed = [one for one in old if one not in after]
    added = [one for one in new if one not in before]
    # Rewritten lists of thousands are not compared pair by pair: then all of it counts as weakening.
    compared = max(len(removed) * len(new), len(added) * len(old)) <= _PAIRS
    for gone in removed:
        kept = not grows and compared and any(wider(one, gone) for one in new)
        words = f"{thing} was removed from {where}: {gone!r}"
        yield Edit(words, weakens=not grows and not kept, keys=keys, gone=True)
    for fresh in added:
        known = grows and compared and any(wider(one, fresh) for one in old)
        yield Edit(f"{thing} was added to {where}: {fresh!r}", weakens=grows and not known, keys=keys)


def _renamed(one: T, fresh: Iterable[T], bare: Callable[[T], T]) -> T | None:
    """Find what is new and says the same under another name."""
    return next((other for other in fresh if bare(other) == bare(one)), None)


def _anonymous(zone: Zone) -> Zone:
    return replace(zone, id="", line=0)


def _same(one: str, other: str) -> bool:
    return one == other


def matches(wide: str, narrow: str) -> bool:
    """Say whether every name that ``narrow`` means is one that ``wide`` means."""
    parts, others = wide.split("."), narrow.split(".")
    tail = others[-len(parts) :]
    return len(parts) <= len(others) and all(
        part.startswith("$") or part == other for part, other in zip(parts, tail, strict=True)
    )


def _begins(prefix: str, longer: str) -> bool:
    return longer.startswith(prefix)


def _one(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _said(value: bool) -> str:
    return "true" if value else "false"


def _named(names: Sequence[str], none: str = "all") -> str:
    return ", ".join(names) if names else none
