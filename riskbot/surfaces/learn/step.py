"""``riskbot learn label|train|quantize|evaluate|all --config FILE``: one step of a run, or all of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.surfaces.learn import extra

if TYPE_CHECKING:
    from riskbot.learn.config import Config

MODULES = {
    "mine": "riskbot.learn.run.mined",
    "label": "riskbot.learn.run.labelled",
    "train": "riskbot.learn.run.trained",
    "quantize": "riskbot.learn.run.quantized",
    "evaluate": "riskbot.learn.run.evaluated",
}
"""Each step's module, which offers ``run(config, watcher, again=...)``; in the order of a run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of every step."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        required=True,
        help="the run's configuration, as docs/learn.md describes it",
    )
    add_running(parser)


def add_running(parser: argparse.ArgumentParser) -> None:
    """Declare how to run a step."""
    parser.add_argument("--again", action="store_true", help="make anew what is unchanged, too")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(arguments: argparse.Namespace) -> int:
    """Run the step that was asked for."""
    steps = list(MODULES) if arguments.action == "all" else [arguments.action]
    extra.need(steps)
    from riskbot.learn import config

    return go(config.load(Path(arguments.config)), steps, arguments)


def go(config: Config, steps: Sequence[str], arguments: argparse.Namespace) -> int:
    """Run steps of a run, showing how they go on."""
    from riskbot.surfaces.learn.watch import watching

    with watching(quiet=arguments.quiet) as watcher:
        try:
            for step in steps:
                import_module(MODULES[step]).run(config, watcher, again=arguments.again)
        except KeyboardInterrupt as stop:
            stop.add_note("Interrupted; what was finished is kept. The same command goes on from there.")
            raise
    return 0
