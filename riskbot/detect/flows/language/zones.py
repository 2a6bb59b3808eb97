"""``zones.yaml``: text to zones, strictly; every mistake is told with its file, line, column and mend.

The syntax stands in :mod:`riskbot.detect.flows.language.declared`; here is what a type cannot say: names that
stand twice, sinks of all zones, expiry that has nothing to expire. Reading is bounded like that of a policy
(:mod:`riskbot.written.marked`): a size, a depth, no anchors and so no aliases that multiply.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from riskbot.detect.flows.language.declared import (
    SCALARS,
    ReclassifierBody,
    SinkBody,
    SourcesBody,
    ZoneBody,
    ZonesBody,
)
from riskbot.domain.zones import Reclassifier, Sink, Sources, Zone, Zones
from riskbot.written import marked
from riskbot.written.glob import Glob
from riskbot.written.marked import Mark, Node
from riskbot.written.typed import convert

PATH = ".riskbot/zones.yaml"
"""Where a repository keeps its zones."""


def load(text: bytes, file: str) -> Zones:
    """Read the zones in ``text``; ``file`` names it in errors.

    Raises ConfigError, which points at the place and says what to write, for whatever the language does
    not have.
    """
    root = marked.parse(text, file)
    _check_sinks(root)
    body = convert(root, ZonesBody, SCALARS)
    common = tuple(_sink(name, sink, _at(root, "sinks", name)) for name, sink in body.sinks.items())
    zones: list[Zone] = []
    for number, one in enumerate(body.zones):
        node = _at(root, "zones", number)
        if twin := next((zone for zone in zones if zone.id == one.id), None):
            raise _at(node, "id").mark.error(
                f"A zone {one.id!r} stands on line {twin.line} already.", "Give each zone an id of its own."
            )
        zones.append(_zone(one, node, common))
    return Zones(tuple(zones), tuple(glob.pattern for glob in body.exclude), hashlib.sha256(text).hexdigest())


def _check_sinks(root: Node) -> None:
    """Check each sink by itself first: msgspec does not say below which key of a mapping it stopped."""
    above = root.value if isinstance(root.value, dict) else {}
    zones = above["zones"].value if "zones" in above else ()
    for holder in (root, *(zones if isinstance(zones, tuple) else ())):
        sinks = holder.value.get("sinks") if isinstance(holder.value, dict) else None
        for sink in sinks.value.values() if sinks is not None and isinstance(sinks.value, dict) else ():
            convert(sink, SinkBody, SCALARS)


def excluded(zones: Zones, paths: Iterable[str]) -> frozenset[str]:
    """Say which paths the zones' ``exclude`` leaves out."""
    globs = [Glob(pattern) for pattern in zones.exclude]
    return (
        frozenset(path for path in paths if any(glob.matches(path) for glob in globs))
        if globs
        else frozenset()
    )


def _zone(body: ZoneBody, node: Node, common: tuple[Sink, ...]) -> Zone:
    own = tuple(_sink(name, sink, _at(node, "sinks", name)) for name, sink in body.sinks.items())
    for name, mark in _at(node, "sinks").keys.items() if own else ():
        if any(sink.name == name for sink in common):
            raise mark.error(
                f"The sink {name!r} stands at the top of the file too.", "Give one another name, or keep one."
            )
    return Zone(
        id=body.id,
        data_category=str(body.data_category),
        mode=body.mode,
        sources=_sources(body.sources),
        sinks=(*own, *common),
        reclassifiers=_reclassifiers(body.reclassifiers, node),
        allowed_purposes=_texts(body.allowed_purposes),
        stewards=_texts(body.stewards),
        owner=body.owner,
        same_as=_texts(body.same_as),
        description=" ".join(body.description.split()),
        line=node.mark.line,
    )


def _sources(body: SourcesBody) -> Sources:
    return Sources(**{name: _texts(getattr(body, name)) for name in body.__struct_fields__})


def _sink(name: str, body: SinkBody, node: Node) -> Sink:
    """Build a sink; one that nothing can reach, or whose expiry ends nothing, is a mistake."""
    if not (body.calls or body.return_of_decorated or body.raises or body.columns):
        raise node.mark.error(
            f"The sink {name!r} says nowhere where data leaves.",
            "Add calls, return_of_decorated, columns or raise: true.",
        )
    if body.until and not (body.accepts or body.allow_literal_prefix):
        raise _key(node, "until").error(
            f"The sink {name!r} accepts nothing, so nothing ends.", "Remove 'until', or say what it accepts."
        )
    if body.arguments and not body.calls:
        raise _key(node, "arguments").error(f"The sink {name!r} has no calls.", "Remove 'arguments'.")
    if body.allow_literal_prefix and not body.calls:
        mend = "Remove 'allow_literal_prefix': it speaks of a call's first argument."
        raise _key(node, "allow_literal_prefix").error(f"The sink {name!r} has no calls.", mend)
    return Sink(
        name=name,
        calls=_texts(body.calls),
        arguments=_texts(body.arguments),
        return_of_decorated=_texts(body.return_of_decorated),
        raises=body.raises,
        columns=_texts(body.columns),
        accepts=_texts(body.accepts),
        allow_literal_prefix=_texts(body.allow_literal_prefix),
        until=_text(body.until),
    )


def _reclassifiers(bodies: tuple[ReclassifierBody, ...], zone: Node) -> tuple[Reclassifier, ...]:
    found: dict[str, Reclassifier] = {}
    for number, body in enumerate(bodies):
        call = str(body.call)
        if call in found:
            mark = _at(zone, "reclassifiers", number, "call").mark
            raise mark.error(f"The reclassifier {call!r} stands twice.", "Keep one.")
        found[call] = Reclassifier(call, _text(body.to), body.owner, _text(body.until), body.reason)
    return tuple(found.values())


def _text(value: str | None) -> str | None:
    """Give a plain text of one of the language's own scalars."""
    return None if value is None else str(value)


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _at(node: Node, *steps: str | int) -> Node:
    """Follow keys and positions down; the steps are known to be there."""
    for step in steps:
        value: Any = node.value
        node = value[step]
    return node


def _key(node: Node, name: str) -> Mark:
    return node.keys.get(name, node.mark)
