"""``riskbot learn authorship --config FILE``: learns and measures a guess at authorship from code style."""

from __future__ import annotations

import argparse
from pathlib import Path

from riskbot.surfaces.learn import extra, step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        required=True,
        help="the run's configuration, as docs/authorship-style.md describes it",
    )
    step.add_running(parser)


def run(arguments: argparse.Namespace) -> int:
    """Mine what has changed; fit, measure and write the model where anything that it depends on has."""
    extra.need(["authorship"])
    from riskbot.learn.authorship import config
    from riskbot.learn.authorship import run as authorship
    from riskbot.surfaces.learn.watch import watching

    found = config.load(Path(arguments.config))
    with watching(quiet=arguments.quiet) as watcher:
        try:
            authorship.run(found, watcher, again=arguments.again)
        except KeyboardInterrupt as stop:
            stop.add_note("Interrupted; what was finished is kept. The same command goes on from there.")
            raise
    return 0
