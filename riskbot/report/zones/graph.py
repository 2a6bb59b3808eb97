"""Flows as a graph: where data enters, the functions that it passes, the sinks that it reaches.

:func:`lay_out` puts it in layers from left to right, after Sugiyama, Tagawa and Toda (1981,
doi:10.1109/TSMC.1981.4308636): a layer by the longest way there, edges over several layers through points of
their own, and the order in a layer by the mean of the neighbours', swept back and forth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from riskbot.domain.zones import Flow, Mode, Step

SWEEPS = 8

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """``kind`` is source, function or sink; ``label`` what it is called, ``note`` what stands below that."""

    key: Key
    kind: str
    label: str
    note: str
    enforced: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Data goes from one node to the next in so many flows; ``enforced`` if one of them is held."""

    start: Key
    end: Key
    flows: int
    enforced: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order in which flows name them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class Layers:
    """A graph in layers: node keys, and points ``("", ...)`` of edges that only pass, in order.

    ``ways`` gives the keys that each edge goes through, both ends included.
    """

    rows: list[list[Key]] = field(default_factory=list)
    ways: list[tuple[Edge, list[Key]]] = field(default_factory=list)


def build(flows: Iterable[Flow], inside: Callable[[Step], str]) -> Graph:
    """Draw the graph of some flows; ``inside`` names the function that a step stands in, "" for none."""
    nodes: dict[Key, Node] = {}
    counts: Counter[tuple[Key, Key]] = Counter()
    enforced: set[tuple[Key, Key]] = set()
    for flow in flows:
        held = flow.mode is Mode.ENFORCE
        source, sink = ("source", flow.zone, flow.source), ("sink", flow.zone, flow.sink)
        chain = [Node(source, "source", flow.source, flow.zone, held)]
        for step in flow.path:
            name = inside(step)
            label = name or step.file.rpartition("/")[2]
            here = Node(("function", step.file, name), "function", label, step.file)
            if chain[-1].key != here.key:
                chain.append(here)
        chain.append(Node(sink, "sink", flow.sink, flow.zone, held))
        for node in chain:
            nodes.setdefault(node.key, node)
        for one, other in pairwise(chain):
            counts[one.key, other.key] += 1
            if held:
                enforced.add((one.key, other.key))
    edges = (Edge(*pair, number, pair in enforced) for pair, number in counts.items())
    return Graph(tuple(nodes.values()), tuple(edges))


def lay_out(graph: Graph) -> Layers:
    """Put every node into a layer and every layer into order: sources first, sinks last."""
    forward = _forward(graph)
    depth = _depths(graph, forward)
    layers = Layers([[] for _ in range(max(depth.values(), default=-1) + 1)])
    for node in graph.nodes:
        layers.rows[depth[node.key]].append(node.key)
    for number, edge in enumerate(graph.edges):
        start, end = (edge.start, edge.end) if edge in forward else (edge.end, edge.start)
        points: list[Key] = [("", str(number), str(at)) for at in range(depth[start] + 1, depth[end])]
        for at, point in enumerate(points, depth[start] + 1):
            layers.rows[at].append(point)
        way = [start, *points, end]
        layers.ways.append((edge, way if edge in forward else way[::-1]))
    _order(layers)
    return layers


def _forward(graph: Graph) -> set[Edge]:
    """Choose the edges that go right: all but those that close a circle."""
    below: dict[Key, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        below[edge.start].append(edge)
    state: dict[Key, int] = {}
    chosen: set[Edge] = set()
    for node in graph.nodes:
        if node.key in state:
            continue
        state[node.key] = 1
        stack = [(node.key, iter(below[node.key]))]
        while stack:
            key, rest = stack[-1]
            for edge in rest:
                if state.get(edge.end) != 1:
                    chosen.add(edge)
                if edge.end not in state:
                    state[edge.end] = 1
                    stack.append((edge.end, iter(below[edge.end])))
                    break
            else:
                state[key] = 2
                stack.pop()
    return chosen


def _depths(graph: Graph, forward: set[Edge]) -> dict[Key, int]:
    """Give each node its layer: the longest way from a source; sinks share the last one."""
    waits = Counter(edge.end for edge in forward)
    below: dict[Key, list[Key]] = defaultdict(list)
    for edge in graph.edges:
        if edge in forward:
            below[edge.start].append(edge.end)
    depth = {node.key: 0 for node in graph.nodes}
    ready = [node.key for node in graph.nodes if not waits[node.key]]
    while ready:
        key = ready.pop()
        for other in below[key]:
            depth[other] = max(depth[other], depth[key] + 1)
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    last = max(depth.values(), default=0)
    return depth | {node.key: last for node in graph.nodes if node.kind == "sink"}


def _order(layers: Layers) -> None:
    """Order each layer by the mean place of what its members touch in the layer before, and back again."""
    left: dict[Key, list[Key]] = defaultdict(list)
    right: dict[Key, list[Key]] = defaultdict(list)
    where = {key: at for at, row in enumerate(layers.rows) for key in row}
    for _, way in layers.ways:
        for one, other in pairwise(way):
            near, far = sorted((one, other), key=lambda key: where[key])
            right[near].append(far)
            left[far].append(near)
    for sweep in range(SWEEPS):
        back = sweep % 2 == 1
        for row in layers.rows[::-1] if back else layers.rows:
            _sort(row, right if back else left, layers.rows)


def _sort(row: list[Key], touched: dict[Key, list[Key]], rows: Sequence[Sequence[Key]]) -> None:
    """Sort one layer; what touches nothing keeps its place. Places are shares of a layer's length."""
    wanted = {other for key in row for other in touched[key]}
    place = {key: (at + 0.5) / len(one) for one in rows for at, key in enumerate(one) if key in wanted}
    own = {key: (at + 0.5) / len(row) for at, key in enumerate(row)}

    def mean(key: Key) -> float:
        near = [place[other] for other in touched[key]]
        return sum(near) / len(near) if near else own[key]

    row.sort(key=mean)
