"""A graph of flows as DOT (https://graphviz.org/doc/info/lang.html), for Graphviz and its like."""

from __future__ import annotations

from riskbot.report.escape import visible
from riskbot.report.zones.graph import Graph, Node

_LOOK = {
    "source": 'shape=ellipse, style=filled, fillcolor="#dbeafe", color="#1d4ed8"',
    "function": 'shape=box, style="rounded,filled", fillcolor="#f4f4f5", color="#71717a"',
    "sink": 'shape=box, style=filled, fillcolor="#fef3c7", color="#b45309"',
    "held": 'shape=box, style=filled, fillcolor="#fee2e2", color="#b91c1c"',
}


def render(graph: Graph) -> str:
    """Write the graph; sources share the first rank, sinks the last."""
    names = {node.key: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["digraph zones {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    lines += [f"  {names[node.key]} [label={_label(node)}, {_look(node)}];" for node in graph.nodes]
    for kind, rank in (("source", "source"), ("sink", "sink")):
        if same := "; ".join(names[node.key] for node in graph.nodes if node.kind == kind):
            lines.append(f"  {{ rank={rank}; {same} }}")
    for edge in graph.edges:
        color = "#b91c1c" if edge.enforced else "#b45309"
        label = f', label="{edge.flows}"' if edge.flows > 1 else ""
        lines.append(f'  {names[edge.start]} -> {names[edge.end]} [color="{color}"{label}];')
    return "\n".join([*lines, "}"]) + "\n"


def _look(node: Node) -> str:
    return _LOOK["held" if node.kind == "sink" and node.enforced else node.kind]


def _label(node: Node) -> str:
    r"""Quote a label: in DOT a quote and a backslash could end or change it; ``\n`` parts its lines."""
    parts = [visible(text).replace("\\", "\\\\").replace('"', '\\"') for text in (node.label, node.note)]
    return '"' + "\\n".join(part for part in parts if part) + '"'
