"""``riskbot zones explain``: what the zones declare, in words, and where the code has it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from riskbot.surfaces import output
from riskbot.surfaces.zones import looking


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("zone", nargs="?", metavar="ZONE", help="the id of one zone (default: all of them)")
    parser.add_argument(
        "--path",
        action="append",
        dest="paths",
        metavar="PATH",
        help="where to look for what they name; may be given several times (default: the current folder)",
    )
    looking.add_arguments(parser, paths=False)
    looking.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explain one zone or all; 0 whatever is odd about them."""
    from riskbot.detect.flows.edits import places
    from riskbot.detect.flows.language import advice
    from riskbot.domain.errors import UsageError
    from riskbot.domain.suggest import did_you_mean
    from riskbot.report.zones import explained

    ground = looking.open_ground(arguments)
    ids = [zone.id for zone in ground.zones.zones]
    if arguments.zone is not None and arguments.zone not in ids:
        raise UsageError(f"There is no zone {arguments.zone!r}.", mend=did_you_mean(arguments.zone, ids))
    found = places.find(ground.kept, ground.zones)
    seen = {
        pattern: explained.Seen([(ground.shown(path), line) for path, line in one.found], one.resembles)
        for pattern, one in found.items()
    }
    told = explained.Explained(
        file=ground.file,
        zones=[zone for zone in ground.zones.zones if arguments.zone in {None, zone.id}],
        seen=seen,
        warnings=advice.warnings(ground.zones, datetime.now(UTC).date()),
        exclude=ground.zones.exclude,
        looked_at=len(ground.kept.paths()),
    )
    color, width, unicode = looking.look(arguments)
    output.write(explained.render(told, color=color, width=width, unicode=unicode), arguments.output)
    return 0
