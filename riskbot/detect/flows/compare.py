"""Flows before and after a change: which it opens, which only moved, which were there, which it closes.

A flow is the same one when zone, sink, source, file (renames followed) and function are the same: lines may
move. It has *moved* when the base had one of the same zone, sink and source elsewhere that the change closes,
and the line of the sink reads the same in both: one flow taken away does not pay for another one put in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from riskbot.domain.zones import Flow

Read = Callable[[str], bytes | None]
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One flow of the head, with what became of it: ``opened``, ``moved`` (from ``before``) or ``existing``.

    ``occurrence`` numbers flows that are alike but for their lines, from 0.
    """

    flow: Flow
    fate: str
    occurrence: int
    before: Flow | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All flows of the head, and those of the base that are gone."""

    told: tuple[Told, ...]
    closed: tuple[Told, ...]


def key(flow: Flow, renames: Mapping[str, str] | None = None) -> Key:
    """Name the flow by what stays when lines move; ``renames`` gives new paths by old ones."""
    path = flow.file if renames is None else renames.get(flow.file, flow.file)
    return (flow.zone, flow.sink, flow.source, path, flow.function)


def compare(
    before: Iterable[Flow],
    after: Iterable[Flow],
    *,
    renames: Mapping[str, str],
    added: Mapping[str, Collection[int]],
    old: Read,
    new: Read,
) -> Comparison:
    """Compare the flows of two trees.

    ``added`` gives each file's added lines: of flows that are alike, those on such lines are taken for the
    new ones. ``old`` and ``new`` read a file of either tree.
    """
    base: dict[Key, list[Flow]] = defaultdict(list)
    for flow in sorted(before, key=_place):
        base[key(flow, renames)].append(flow)
    existing: list[Told] = []
    rest: list[tuple[Flow, int]] = []
    for flow, occurrence in _numbered(after, added):
        same = base[key(flow)]
        if same:
            existing.append(Told(flow, "existing", occurrence, same.pop(0)))
        else:
            rest.append((flow, occurrence))
    gone = [flow for flows in base.values() for flow in flows]
    text = _Lines(old, new)
    moved = list(_moved(rest, gone, text))
    told = sorted([*existing, *moved], key=lambda one: _place(one.flow))
    left = {id(one.before) for one in moved}
    closed = [flow for flow in gone if id(flow) not in left]
    return Comparison(tuple(told), tuple(Told(flow, "closed", nth) for flow, nth in _numbered(closed, {})))


def _place(flow: Flow) -> tuple[str, int, str, str, str, str]:
    return (flow.file, flow.line, flow.zone, flow.sink, flow.source, flow.function)


def _numbered(flows: Iterable[Flow], added: Mapping[str, Collection[int]]) -> Iterator[tuple[Flow, int]]:
    """Number flows that are alike; untouched ones come first, as the base had those."""
    counts: dict[Key, int] = defaultdict(int)

    def touched(flow: Flow) -> bool:
        return any(step.line in added.get(step.file, ()) for step in flow.path) or flow.line in added.get(
            flow.file, ()
        )

    for flow in sorted(flows, key=lambda one: (touched(one), _place(one))):
        name = key(flow)
        yield flow, counts[name]
        counts[name] += 1


def _moved(rest: list[tuple[Flow, int]], gone: list[Flow], text: _Lines) -> Iterator[Told]:
    """Find for each flow that is not the base's one that the change took away; the others are opened."""
    waiting: dict[tuple[str, str, str, str], list[Flow]] = defaultdict(list)
    for flow in gone if rest else ():
        line = text.old(flow)
        if line is not None:
            waiting[flow.zone, flow.sink, flow.source, line].append(flow)
    for flow, occurrence in rest:
        line = text.new(flow) if waiting else None
        twins = waiting.get((flow.zone, flow.sink, flow.source, line)) if line is not None else None
        if twins:
            yield Told(flow, "moved", occurrence, twins.pop(0))
        else:
            yield Told(flow, "opened", occurrence)


class _Lines:
    """The text of the line that a sink stands on, in either tree."""

    def __init__(self, old: Read, new: Read) -> None:
        self._old, self._new = old, new

    def old(self, flow: Flow) -> str | None:
        return _line(self._old(flow.file), flow.line)

    def new(self, flow: Flow) -> str | None:
        return _line(self._new(flow.file), flow.line)


def _line(content: bytes | None, number: int) -> str | None:
    """Give the line's words, folded; None where there are none."""
    lines = () if content is None else content.splitlines()
    words = lines[number - 1].decode("utf-8", "replace").split() if 0 < number <= len(lines) else []
    return " ".join(words) or None
