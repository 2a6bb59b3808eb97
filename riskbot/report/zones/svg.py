"""A graph of flows as SVG 1.1 (https://www.w3.org/TR/SVG11/), laid out here: it needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from riskbot.report.counts import count
from riskbot.report.escape import html, visible
from riskbot.report.zones.graph import Edge, Graph, Key, Layers, Node, lay_out

HEIGHT = 40
GAP = 16
PASSING = 14  # the height that an edge takes in a layer that it only passes
BETWEEN = 72
MARGIN = 24
HEAD = 64
LETTER = 7.0  # an average letter at 12 px; the note's are smaller
LONGEST = 34

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_COLORS = {
    "source": ("#dbeafe", "#1d4ed8"),
    "function": ("#f4f4f5", "#a1a1aa"),
    "sink": ("#fef3c7", "#b45309"),
    "held": ("#fee2e2", "#b91c1c"),
}
_LEGEND = (
    ("source", "data enters"),
    ("function", "function"),
    ("held", "sink, mode enforce"),
    ("sink", "sink, mode log"),
)


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a node, or a point of an edge, lies: left, top, width, height in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def render(graph: Graph, title: str) -> str:
    """Write the picture; the same graph gives the same bytes."""
    layers = lay_out(graph)
    nodes = {node.key: node for node in graph.nodes}
    boxes = _boxes(layers, nodes)
    legend = sum(_legend_width(words) for _, words in _LEGEND)
    right = max([box.x + box.width for box in boxes.values()], default=0)
    width = max(right, legend + MARGIN, len(title) * 9) + MARGIN
    height = max([box.y + box.height for box in boxes.values()], default=HEAD + HEIGHT) + MARGIN
    shapes = [*_legend()]
    if not graph.nodes:
        shapes.append(_text(MARGIN, HEAD + 20, "No flow was found.", size=13))
    shapes += [_edge(edge, [boxes[key] for key in way]) for edge, way in layers.ways]
    shapes += [_node(node, boxes[node.key]) for node in graph.nodes]
    body = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" role="img" font-family="{_FONT}">\n'
        f"<title>{html(title)}</title>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f"{_text(MARGIN, 26, title, size=15, bold=True)}\n{body}\n</svg>\n"
    )


def _boxes(layers: Layers, nodes: Mapping[Key, Node]) -> dict[Key, _Box]:
    """Place columns side by side, each in the middle of the tallest one's height."""
    heights = [_height(row, nodes) for row in layers.rows]
    tallest = max(heights, default=0.0)
    boxes: dict[Key, _Box] = {}
    x = float(MARGIN)
    for row, height in zip(layers.rows, heights, strict=True):
        wide = max([_width(nodes[key]) for key in row if key in nodes], default=0.0)
        y = HEAD + (tallest - height) / 2
        for key in row:
            tall = HEIGHT if key in nodes else PASSING
            own = _width(nodes[key]) if key in nodes else wide
            boxes[key] = _Box(x + (wide - own) / 2, y, own, tall)
            y += tall + GAP
        x += wide + BETWEEN
    return boxes


def _height(row: Sequence[Key], nodes: Mapping[Key, Node]) -> float:
    return sum((HEIGHT if key in nodes else PASSING) + GAP for key in row) - GAP


def _width(node: Node) -> float:
    label, note = len(_cut(node.label)), len(_cut(node.note)) * 0.85
    return max(64.0, max(label, note) * LETTER + 20)


def _cut(text: str) -> str:
    """Shorten at the front: the end of a path or a dotted name tells more."""
    shown = visible(text)
    return shown if len(shown) <= LONGEST else "\u2026" + shown[1 - LONGEST :]


def _node(node: Node, box: _Box) -> str:
    fill, line = _COLORS["held" if node.kind == "sink" and node.enforced else node.kind]
    round_ = {"source": HEIGHT / 2, "function": 8, "sink": 0}[node.kind]
    center = box.x + box.width / 2
    return (
        f"<g><title>{html(f'{node.kind}: {node.label} ({node.note})')}</title>"
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height}"'
        f' rx="{round_:g}" fill="{fill}" stroke="{line}"/>'
        f"{_text(center, box.y + 17, _cut(node.label), bold=True, middle=True)}"
        f"{_text(center, box.y + 32, _cut(node.note), size=10, middle=True, color='#52525b')}</g>"
    )


def _edge(edge: Edge, boxes: Sequence[_Box]) -> str:
    """Draw an edge as curves through its points, its head a triangle; the thicker, the more flows."""
    color = "#dc2626" if edge.enforced else "#d97706"
    thick = min(5.0, 1.2 + 0.5 * (edge.flows - 1))
    forward = boxes[0].x < boxes[-1].x
    first, last = boxes[0], boxes[-1]
    start = (first.x + first.width if forward else first.x, first.middle)
    end = (last.x - 7 if forward else last.x + last.width + 7, last.middle)
    points = [start]
    for box in boxes[1:-1]:
        near, far = (box.x, box.x + box.width) if forward else (box.x + box.width, box.x)
        points += [(near, box.middle), (far, box.middle)]
    points.append(end)
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        bend = (x2 - x1) / 2
        path += f"C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    tip = 7 if forward else -7
    head = f"M{end[0]:.1f} {end[1] - 4:.1f}L{end[0] + tip:.1f} {end[1]:.1f}L{end[0]:.1f} {end[1] + 4:.1f}Z"
    return (
        f"<g><title>{html(count(edge.flows, 'flow'))}</title>"
        f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{thick:g}" stroke-opacity="0.7"/>'
        f'<path d="{head}" fill="{color}"/></g>'
    )


def _legend_width(words: str) -> float:
    return 40 + len(words) * 6.2


def _legend() -> list[str]:
    shapes = []
    x = float(MARGIN)
    for kind, words in _LEGEND:
        fill, line = _COLORS[kind]
        round_ = {"source": 6, "function": 3}.get(kind, 0)
        shapes.append(
            f'<rect x="{x:.1f}" y="38" width="18" height="12" rx="{round_}" fill="{fill}" stroke="{line}"/>'
        )
        shapes.append(_text(x + 24, 48, words, size=11, color="#52525b"))
        x += _legend_width(words)
    return shapes


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    bold: bool = False,
    middle: bool = False,
    color: str = "#18181b",
) -> str:
    weight = ' font-weight="600"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}"'
    return f"<text {place}{anchor}{weight}>{html(words)}</text>"
