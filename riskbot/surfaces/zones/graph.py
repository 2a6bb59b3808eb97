"""``riskbot zones graph``: the flows as a picture, from where data enters to the sinks."""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import TYPE_CHECKING

from riskbot.surfaces import output, terminal
from riskbot.surfaces.zones import looking

if TYPE_CHECKING:
    from riskbot.domain.zones import Flow

DRAWN = 400
"""So many flows are drawn: nobody can read more in one picture."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    looking.add_arguments(parser)
    parser.add_argument(
        "--format", choices=("dot", "svg"), default="dot", help="how to draw it (default: dot)"
    )
    looking.add_output(parser, color=False)


def run(arguments: argparse.Namespace) -> int:
    """Draw all flows; 0 whatever they are, but 3 where something could not be analysed."""
    from riskbot.report.zones import dot, graph, svg

    ground = looking.open_ground(arguments)
    with terminal.progress() as progress:
        checked = looking.check(ground, progress)
    flows = checked.flows[:DRAWN]
    inside = _functions(ground, flows)
    drawn = graph.build(flows, lambda step: inside.get((step.file, step.line), ""))
    part = f", the first {DRAWN:,} of {len(checked.flows):,}" if len(checked.flows) > DRAWN else ""
    title = f"Flows by {checked.file}{part}"
    text = dot.render(drawn) if arguments.format == "dot" else svg.render(drawn, title)
    output.write(text, arguments.output)
    looking.tell(checked.omissions)
    return 3 if checked.omissions else 0


def _functions(ground: looking.Ground, flows: tuple[Flow, ...]) -> dict[tuple[str, int], str]:
    """Name the function around every step, by the path as it is shown."""
    from riskbot.detect.flows.within import enclosing

    lines: dict[str, set[int]] = defaultdict(set)
    for flow in flows:
        for step in flow.path:
            lines[step.file].add(step.line)
    keys = {ground.shown(path): path for path in ground.kept.paths()}
    return {
        (shown, line): name
        for shown, wanted in lines.items()
        if shown in keys
        for line, name in enclosing(ground.kept.read(keys[shown]) or b"", wanted).items()
    }
